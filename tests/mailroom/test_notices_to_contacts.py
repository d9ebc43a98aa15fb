"""What a giver is mailed: it tells nobody anything, is sent once, and its address goes with it."""

import logging
import re
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from stet.ledger import contacts, posting, reminding
from stet.ledger.models import Contact, Plan, Reminder
from stet.ledger.reminding import Filled
from stet.mailroom.journal import Key, Place
from stet.mailroom.models import NoticeTry
from stet.mailroom.notices import CONTACTS, claim_notices, words_of
from stet.mailroom.returning import Returns
from stet.mailroom.running import recover
from stet.mailroom.sink import Sink
from stet.mailroom.sink_script import At, Scripted
from stet.readers.models import Notice, Reader, Suppression
from tests.ledger.mail_builders import ADA, NOW, a_contact, a_fact, a_gift, a_plan, suppress
from tests.mailroom.dispatches import a_mailroom
from tests.mailroom.test_bounces import a_complaint, a_dsn, address, returns
from tests.mailroom.test_notices import body, send
from tests.mailroom.test_sending import sink_that
from tests.readers.builders import an_address, reader_keys
from tests.readers.test_erasing import empty, folder, hits, needles_of  # noqa: F401 - two of them are fixtures

rows = pytest.mark.django_db(databases=["readers"], transaction=True)

FORM = Filled(language="en", interval="monthly", minor=4321, currency="EUR")
NAMES = {"en": "The Far Shore", "ru": "Дальний берег", "fa": "ساحل دور"}
OF_MONEY = {
    "en": r"\b(giv|gave|gift|donat|support|pay|paid|amount|money|contribut|card|bank|charg|subscri|receipt|thank)",
    "ru": r"(?i)(дар|дон|жертв|поддерж|плат|сумм|деньг|взнос|карт|банк|подпис|чек|квитанц|спасибо)",
    "fa": r"(هدیه|کمک|حمایت|پرداخت|مبلغ|پول|اهدا|کارت|بانک|رسید|سپاس)",
}


def owed(kind: str, language: str = "en", text: str = ADA) -> Notice:
    """A mail of a kind, owed as the ledger owes it."""
    if kind in ("remind_confirm", "remind"):
        form = Filled(language=language, interval="monthly", minor=4321, currency="EUR")
        reminding.ask(an_address(text), NOW.date() + timedelta(days=1), form, keys=reader_keys(), now=NOW)
        if kind == "remind":
            Notice.objects.all().delete()
            reminding.confirm(Reminder.objects.latest("pk").uid, now=NOW)
            reminding.due(now=NOW + timedelta(days=1))
        return Notice.objects.get(kind=kind)
    plan = a_plan(a_contact(text, language=language), language=language, minor=4321)
    if kind == "portal":
        posting.owe_portal(plan, now=NOW)
    else:
        posting.after_facts([a_fact(plan, "settled" if kind == "receipt" else "failed")], now=NOW)
    return Notice.objects.get(kind=kind)


def link_of(notice: Notice) -> str:
    links = reader_keys().links
    match notice.kind:
        case "receipt":
            return f"https://post.example.org/receipt/{links.token('receipt', notice.uid)}"
        case "portal" | "payment_failed":
            return f"https://post.example.org/my-gift/{links.token('portal', notice.uid)}"
        case "remind_confirm":
            return f"https://post.example.org/remind/{links.token('remind', Reminder.objects.get().uid)}"
        case _:
            return f"https://post.example.org/remind/{links.with_words(FORM.written())}/give"


def later() -> Any:
    return NOW + timedelta(days=1)


# --- What it says ---


@rows
@pytest.mark.parametrize("kind", CONTACTS)
def test_it_holds_its_link_in_both_parts_and_no_other(tmp_path: Path, kind: str) -> None:
    link = link_of(owed(kind))
    with Sink() as sink:
        send(tmp_path, sink, now=later())
        assert set(re.findall(r"https?://[^\s\"<]+", body(sink) + body(sink, "html"))) == {link}
        assert list(sink.received[0].envelope_to) == [ADA]
        assert body(sink).count(link) == 1


@rows
@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("kind", CONTACTS)
def test_whoever_looks_at_the_mailbox_learns_nothing_of_money(tmp_path: Path, kind: str, language: str) -> None:
    owed(kind, language)
    with Sink() as sink:
        send(tmp_path, sink, now=later())
        message = message_from_bytes(sink.received[0].message, policy=default)
        text, page = body(sink), body(sink, "html")
    assert message["From"].addresses[0].display_name == NAMES[language]
    assert not re.search(OF_MONEY[language], f"{message['Subject']} {message['From']}")
    said = re.sub(r"https?://\S+", "", text)
    assert not re.search(r"\d|EUR|€", said)
    assert not re.search(r"(?i)donat|contribut|amount|support|пожертв|поддерж|сумм|کمک|حمایت|مبلغ|پرداخت", said)
    assert f'<html lang="{language}"' in page


@pytest.mark.parametrize("kind", CONTACTS)
def test_it_is_said_in_each_language(kind: str) -> None:
    said = {language: words_of(kind, language=language, paper="P", its_list="P") for language in NAMES}
    for part in ("subject", "before", "button", "after"):
        assert len({getattr(words, part) for words in said.values()}) == 3, part


# --- What is left of it ---


@rows
@pytest.mark.parametrize("kind", [kind for kind in CONTACTS if kind != "remind"])
def test_once_it_is_sent_it_holds_no_address_and_no_hour(tmp_path: Path, kind: str) -> None:
    notice = owed(kind)
    with Sink() as sink:
        send(tmp_path, sink, now=NOW)
        send(tmp_path, sink, now=later())
        assert sink.count == 1
    notice.refresh_from_db()
    assert (notice.state, notice.sealed, notice.lane) == ("sent", None, "")
    assert (notice.lookup is None) == (kind != "remind_confirm")
    tried = NoticeTry.objects.get()
    assert {notice.asked, notice.next_try, tried.taken_at} == {NOW.replace(hour=0, minute=0, second=0)}


@rows
def test_the_address_for_a_single_gifts_receipt_goes_with_it_and_a_plans_stays(tmp_path: Path) -> None:
    once, plan = a_contact("once@example.org"), a_contact("plan@example.org")
    began = a_gift(plan, interval="monthly")
    posting.after_facts([a_fact(a_gift(once)), a_fact(began)], now=NOW)
    with Sink() as sink:
        send(tmp_path, sink, now=NOW)
        assert sink.count == 2
    assert list(Contact.objects.all()) == [plan]


@rows
def test_of_a_reminder_that_was_sent_nothing_is_left(tmp_path: Path) -> None:
    owed("remind")
    with Sink() as sink:
        send(tmp_path, sink, now=later())
        assert sink.count == 1
    for model in (Notice, NoticeTry, Reminder, Contact, Reader):
        assert not model.objects.exists(), model


@rows
def test_a_reminder_without_an_answer_is_not_sent_again_and_is_gone_too(tmp_path: Path) -> None:
    owed("remind")
    with sink_that(Scripted(at=At.BODY, closes=True, is_kept=True)) as sink:
        send(tmp_path, sink, now=later())
        assert reminding.due(now=NOW + timedelta(days=2)) == 0
        send(tmp_path, sink, now=NOW + timedelta(days=2))
        assert sink.count == 1
    assert not Notice.objects.exists()
    assert not Contact.objects.exists()


@rows
def test_one_that_is_put_off_keeps_its_address_until_the_last_try(tmp_path: Path) -> None:
    notice = owed("receipt")
    now = NOW
    with sink_that(Scripted(at=At.RCPT, says=b"450 4.2.0 Later\r\n", times=None)) as sink:
        for tries in range(1, 6):
            notice.refresh_from_db()
            assert notice.sealed is not None
            send(tmp_path, sink, now=now)
            notice.refresh_from_db()
            assert notice.tries == tries
            now = now + timedelta(hours=5)
    assert (notice.state, notice.sealed) == ("failed", None)


@rows
def test_after_a_crash_what_was_not_handed_over_is_sent_and_what_was_is_not(tmp_path: Path) -> None:
    owed("remind")
    other = owed("receipt", text="bo@example.org")
    row, journal, _place = a_mailroom(tmp_path, now=later())
    claimed = {one.kind: one for one in claim_notices(row.pk, now=later())}
    journal.pen().hand_over(Key("n", claimed["remind"].id, claimed["remind"].attempt))
    journal.close()
    recover(Place(tmp_path), now=later())
    assert [one.kind for one in Notice.objects.all()] == ["receipt"]
    other.refresh_from_db()
    assert (other.state, other.tries, other.sealed is None) == ("waiting", 0, False)
    assert not Reminder.objects.exists()
    with Sink() as sink:
        send(tmp_path, sink, now=later())
        assert [list(one.envelope_to) for one in sink.received] == [["bo@example.org"]]


@rows
@pytest.mark.parametrize("kind", CONTACTS)
def test_a_suppressed_address_gets_nothing_and_a_reminder_for_it_is_gone(tmp_path: Path, kind: str) -> None:
    owed(kind)
    suppress()
    with Sink() as sink:
        send(tmp_path, sink, now=later())
        assert sink.count == 0
    assert {one.sealed for one in Notice.objects.all()} <= {None}
    contacts.purge(now=later())
    assert not Contact.objects.exists()


@rows
def test_a_reminder_that_was_deleted_meanwhile_is_not_sent(tmp_path: Path) -> None:
    owed("remind")
    Contact.objects.all().delete()
    with Sink() as sink:
        send(tmp_path, sink, now=later())
        assert sink.count == 0
    assert not Notice.objects.exists()


# --- What comes back ---


@rows
@pytest.mark.parametrize("kind", [kind for kind in CONTACTS if kind != "remind"])
def test_a_mail_that_bounces_hard_deletes_the_contact_and_suppresses_the_address(tmp_path: Path, kind: str) -> None:
    notice = owed(kind)
    with Sink() as sink:
        send(tmp_path, sink, now=later())
    returns().take(a_dsn("5.1.1", to=address("n", notice.pk)), now=NOW)
    assert not Contact.objects.exists()
    assert not Reminder.objects.exists()
    suppression = Suppression.objects.get()
    assert (bytes(suppression.lookup), suppression.reason) == (reader_keys().lookup.of(an_address()), "hard_bounce")
    assert all(plan.contact is None for plan in Plan.objects.all())


@rows
def test_a_soft_bounce_changes_nothing_and_a_complaint_is_as_a_hard_one(tmp_path: Path) -> None:
    notice = owed("receipt")
    back: Returns = returns()
    back.take(a_dsn("4.2.2", to=address("n", notice.pk)), now=NOW)
    assert Contact.objects.count() == 1
    back.take(a_complaint(quoted=address("n", notice.pk)), now=NOW)
    assert not Contact.objects.exists()
    assert Suppression.objects.get().reason == "complaint"


# --- Canary ---


def test_after_sending_no_file_and_no_log_holds_the_address_or_the_token(
    folder: Path,  # noqa: F811
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    texts = [f"canary.{number:03}.nightingale@bird-{number % 7}.example.org" for number in range(20)]
    caplog.set_level(logging.DEBUG)
    for text in texts:
        reminding.ask(an_address(text), date(2026, 12, 25), FORM, keys=reader_keys(), now=NOW)
    uids = [one.uid for one in Reminder.objects.all()]
    sealed = [bytes(one.sealed) for one in Contact.objects.all()]
    room = tmp_path / "room"
    with Sink() as sink:
        send(room, sink, now=NOW)
        for uid in uids:
            assert reminding.confirm(uid, now=NOW)
        assert reminding.due(now=NOW + timedelta(days=30)) == 20
        send(room, sink, now=NOW + timedelta(days=30))
        assert sink.count == 40
    assert hits(folder, *sealed) != []
    assert contacts.purge(now=NOW + timedelta(days=30)).traces.are_gone
    for model in (Notice, NoticeTry, Reminder, Contact, Suppression):
        assert not model.objects.exists(), model
    tokens = [reader_keys().links.token("remind", uid).encode() for uid in uids]
    plain = [needle for text in texts for needle in needles_of(text)]
    needles = [*sealed, *tokens, *plain, *(uid.hex.encode() for uid in uids), *(str(uid).encode() for uid in uids)]
    assert hits(folder, *needles) == []
    files = [file for file in room.rglob("*") if file.is_file()]
    assert not [file for file in files for needle in needles if needle in file.read_bytes()]
    assert not [record for record in caplog.records for needle in needles if needle in record.getMessage().encode()]
