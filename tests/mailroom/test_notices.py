"""A notice is sent once, in the reader's language, with one link."""

import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from stet.mailroom.addressing import Sender
from stet.mailroom.journal import Key, Place, Told
from stet.mailroom.models import NoticeTry
from stet.mailroom.notices import claim_notices, fold_notices, words_of
from stet.mailroom.running import recover
from stet.mailroom.sink import Sink
from stet.mailroom.sink_script import At, Scripted
from stet.mailroom.states import Event
from stet.readers.models import Notice, Reader
from tests.mailroom.dispatches import FRIDAY, THE_WEEK, a_mailroom, a_reader, a_sender, suppress_reader
from tests.mailroom.test_sending import at_work, sink_that, work
from tests.readers.builders import an_address, lists_now, reader_keys

pytestmark = pytest.mark.django_db(databases=["readers"], transaction=True)


def a_notice(reader: Reader | None = None, *, kind: str = "confirm", **changes: Any) -> Notice:
    reader = reader or a_reader(state="pending")
    return Notice.objects.create(
        reader=reader, kind=kind, list_key=changes.pop("list_key", THE_WEEK), asked=FRIDAY, next_try=FRIDAY, **changes
    )


def send(folder: Path, sink: Sink, *, now: datetime = FRIDAY, sender: Sender | None = None) -> None:
    """Let a mailroom send what notices there are."""
    with at_work(folder, sink, lists=lists_now, sender=sender) as engine:
        work(engine, now=now, until=lambda: not NoticeTry.objects.filter(event=Event.CLAIMED).exists() and (
            not Notice.objects.filter(state="waiting", next_try__lte=now).exists()
        ))  # fmt: skip


def body(sink: Sink, kind: str = "plain") -> str:
    (received,) = sink.received
    message = message_from_bytes(received.message, policy=default)
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


LINKS = {"confirm": "confirm", "manage": "manage", "change": "change", "known": "manage"}


@pytest.mark.parametrize("kind", LINKS)
def test_each_notice_holds_its_link_in_both_parts_and_no_other(tmp_path: Path, kind: str) -> None:
    reader = a_reader()
    change = {"sealed": reader_keys().sealer.seal(an_address("new@example.org"))} if kind == "change" else {}
    notice = a_notice(reader, kind=kind, **change)
    with Sink() as sink:
        send(tmp_path, sink)
        uid = reader.uid if LINKS[kind] == "manage" else notice.uid
        link = f"https://post.example.org/{LINKS[kind]}/{reader_keys().links.token(LINKS[kind], uid)}"  # type: ignore[arg-type]
        assert set(re.findall(r"https?://[^\s\"<]+", body(sink) + body(sink, "html"))) == {link}
        expected = "new@example.org" if kind == "change" else "ada@example.org"
        assert list(sink.received[0].envelope_to) == [expected]
    notice.refresh_from_db()
    assert notice.state == "sent"


def test_where_the_paper_has_an_onion_address_the_link_stands_there_too(tmp_path: Path) -> None:
    notice = a_notice()
    onion = f"http://{'b' * 56}.onion:81"
    with Sink() as sink:
        send(tmp_path, sink, sender=a_sender(onion_frontdesk_url=onion))
        token = reader_keys().links.token("confirm", notice.uid)
        for part in (body(sink), body(sink, "html")):
            links = set(re.findall(r"https?://[^\s\"<]+", part))
            assert links == {f"https://post.example.org/confirm/{token}", f"{onion}/confirm/{token}"}
            assert "The same page in the Tor Browser" in part


def test_a_notice_is_no_bulk_and_comes_from_the_paper(tmp_path: Path) -> None:
    a_notice()
    with Sink() as sink:
        send(tmp_path, sink)
        message = message_from_bytes(sink.received[0].message, policy=default)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] is None
    assert message["Precedence"] is None
    assert message["From"] == "The Far Shore <letters@example.org>"
    assert message["Subject"] == "Please confirm: The Week"


LANGUAGES = {
    "ru": ("ru.nedelya", "Подтвердите, пожалуйста: Неделя", "ltr"),
    "fa": ("fa.hafte", "لطفاً تأیید کنید: هفته", "rtl"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_is_in_the_readers_language_and_direction(tmp_path: Path, language: str) -> None:
    list_key, subject, direction = LANGUAGES[language]
    a_notice(a_reader(language=language), list_key=list_key)
    with Sink() as sink:
        send(tmp_path, sink)
        message = message_from_bytes(sink.received[0].message, policy=default)
        assert message["Subject"] == subject
        assert f'<html lang="{language}" dir="{direction}">' in body(sink, "html")


def test_a_lists_name_cannot_break_out_of_the_page() -> None:
    from stet.mailroom.notices import as_html

    words = words_of("confirm", language="en", paper="<script>", its_list='"><b>')
    page = as_html(words, url="https://post.example.org/confirm/x", language="en").decode()
    assert "<script>" not in page
    assert "<b>" not in page


def test_nothing_is_sent_to_a_suppressed_address(tmp_path: Path) -> None:
    notice = a_notice()
    suppress_reader(notice.reader)
    with Sink() as sink:
        send(tmp_path, sink)
        assert sink.count == 0
    notice.refresh_from_db()
    assert notice.state == "failed"


def test_a_new_address_that_is_suppressed_gets_nothing_either(tmp_path: Path) -> None:
    other = a_reader("new@example.org")
    suppress_reader(other)
    notice = a_notice(
        a_reader(), kind="change", lookup=bytes(other.lookup), sealed=reader_keys().sealer.seal(an_address())
    )
    with Sink() as sink:
        send(tmp_path, sink)
        assert sink.count == 0
    notice.refresh_from_db()
    assert notice.state == "failed"


def test_a_notice_that_is_put_off_is_tried_five_times_in_all(tmp_path: Path) -> None:
    notice = a_notice()
    now = FRIDAY
    with sink_that(Scripted(at=At.RCPT, says=b"450 4.2.0 Later\r\n", times=None)) as sink:
        for tries in range(1, 6):
            send(tmp_path, sink, now=now)
            notice.refresh_from_db()
            assert notice.tries == tries
            now = now + timedelta(hours=5)
    assert notice.state == "failed"


def test_a_notice_that_was_handed_over_without_an_answer_is_uncertain_and_not_sent_again(tmp_path: Path) -> None:
    notice = a_notice()
    with sink_that(Scripted(at=At.BODY, closes=True, is_kept=True)) as sink:
        send(tmp_path, sink)
        notice.refresh_from_db()
        assert notice.state == "uncertain"
        send(tmp_path, sink, now=FRIDAY + timedelta(days=1))
        assert sink.count == 1


def test_a_notice_is_claimed_once(tmp_path: Path) -> None:
    a_notice()
    row, journal, _place = a_mailroom(tmp_path)
    assert len(claim_notices(row.pk, now=FRIDAY)) == 1
    assert claim_notices(row.pk, now=FRIDAY) == []
    journal.close()


def test_after_a_crash_a_claimed_notice_goes_back_and_one_handed_over_is_uncertain(tmp_path: Path) -> None:
    first, second = a_notice(), a_notice(a_reader("bo@example.org"))
    row, journal, _place = a_mailroom(tmp_path, now=FRIDAY)
    claimed = claim_notices(row.pk, now=FRIDAY)
    journal.pen().hand_over(Key("n", first.pk, claimed[0].attempt))
    journal.close()
    recover(Place(tmp_path), now=FRIDAY)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.tries, second.next_try) == ("uncertain", "waiting", 0, FRIDAY)


def test_what_is_told_twice_of_a_notice_counts_once(tmp_path: Path) -> None:
    notice = a_notice()
    row, journal, _place = a_mailroom(tmp_path)
    (owed,) = claim_notices(row.pk, now=FRIDAY)
    told = Told(Key("n", owed.id, owed.attempt), Event.DEFERRED, int(FRIDAY.timestamp()), "450 4.2.0")
    for _time in range(3):
        fold_notices([told], now=FRIDAY)
    notice.refresh_from_db()
    assert (notice.tries, notice.next_try) == (1, FRIDAY + timedelta(minutes=5))
    journal.close()


def test_a_notices_address_is_brought_into_the_form_that_opens_quickly(tmp_path: Path) -> None:
    notice = a_notice()
    with Sink() as sink:
        send(tmp_path, sink)
    reader = Reader.objects.get(pk=notice.reader_id)
    assert bytes(reader.sealed)[:1] == b"\x02"
    assert a_sender().opener.open(bytes(reader.sealed), uid=reader.uid).text == "ada@example.org"
