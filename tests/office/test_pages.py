"""What the office's pages say, what they never say, and what a browser may do with them."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from stet.mailroom.models import Dispatch, LaneState, Mailroom, Recipient, ReturnCount
from stet.mailroom.states import State
from stet.office.settling import addressing
from stet.project.settings import Newsroom
from stet.readers.models import Notice, Reader, Suppression
from tests.mailroom.dispatches import a_reader, many_readers
from tests.office.builders import a_dispatch

pytestmark = pytest.mark.django_db(databases=["default", "readers"])

EVERY_STATE = {
    State.ACCEPTED: 4, State.WAITING: 2, State.CLAIMED: 1, State.DEFERRED: 2, State.REFUSED: 1, State.UNCERTAIN: 2,
    State.SKIPPED: 1, State.HELD: 1,
}  # fmt: skip


def text_of(answer: object) -> str:
    """What a page says, without markup, in single spaces."""
    body = re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main")[1])  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", body)


def test_the_first_page_says_what_waits_for_a_decision(viewer: Client) -> None:
    a_dispatch(copies={State.WAITING: 1})
    a_dispatch(copies={State.HELD: 1}, subject="The drought", state=Dispatch.State.HELD)
    said = text_of(viewer.get("/"))
    assert "1 letter on its way" in said
    assert "1 letter waits for a decision" in said
    assert "The drought" in said.partition("Waiting for a decision")[2]


def test_the_first_page_says_when_readers_wait_for_mails(viewer: Client) -> None:
    asked = timezone.now() - timedelta(hours=1)
    for state in ("waiting", "failed"):
        Notice.objects.create(
            reader=a_reader(f"{state}@example.org"), kind="confirm", state=state, asked=asked, next_try=asked
        )
    said = text_of(viewer.get("/"))
    assert "1 mail that a reader asked for could not be sent" in said
    assert "1 mail that a reader asked for waits for more than a quarter of an hour" in said


def test_the_first_page_says_when_nothing_is_sent(viewer: Client) -> None:
    now = timezone.now()
    assert "No mailroom is at work" in text_of(viewer.get("/"))
    Mailroom.objects.create(place="here", started=now, seen=now, reason="The mail server does not answer.")
    said = text_of(viewer.get("/"))
    assert "The mailroom sends nothing just now: The mail server does not answer." in said
    Mailroom.objects.update(reason="")
    assert 'class="alert"' not in viewer.get("/").content.decode()
    Mailroom.objects.update(seen=now - timedelta(minutes=5))
    assert "No mailroom is at work" in text_of(viewer.get("/"))


def test_a_dispatch_shows_its_account_and_that_it_balances(viewer: Client) -> None:
    dispatch = a_dispatch(copies=EVERY_STATE, reason="452 4.2.2")
    said = text_of(viewer.get(f"/letters/{dispatch.pk}/"))
    for words in (
        "Planned 14", "Left out: not confirmed 3", "Candidates 17", "Accepted by the mail server 4", "Waiting 2",
        "Being handed over 1", "Put off, tried again 2", "Held: the hour was missed 1", "Refused 1", "Uncertain 2",
        "Both sides balance.", "8 of 14 copies are settled.",
    ):  # fmt: skip
        assert words in said, words
    assert "452 4.2.2 The reader&#x27;s mailbox is full. put off 2" in said
    assert "452 4.2.2 The reader&#x27;s mailbox is full. refused 1" in said


def test_an_account_that_does_not_balance_is_said_loudly(viewer: Client) -> None:
    dispatch = a_dispatch(copies={State.ACCEPTED: 2}, planned=3)
    assert "The account does not balance." in text_of(viewer.get(f"/letters/{dispatch.pk}/"))


def test_a_lane_that_waits_says_why_and_until_when(viewer: Client) -> None:
    dispatch = a_dispatch(copies={State.WAITING: 2})
    LaneState.objects.create(lane="gmail", waits_until=timezone.now() + timedelta(hours=1), code="421 4.7.28")
    said = text_of(viewer.get(f"/letters/{dispatch.pk}/"))
    assert re.search(r"Gmail 2 0 2 0 waits until .+, after the answer 421 4\.7\.28", said)


def test_a_lane_that_waits_or_warms_up_is_let_go(keeper: Client) -> None:
    dispatch = a_dispatch(copies={State.WAITING: 2})
    later = timezone.now() + timedelta(hours=1)
    lane = LaneState.objects.create(lane="gmail", waits_until=later, code="421 4.7.28", setbacks=2)
    page = f"/letters/{dispatch.pk}/"
    assert "Try again now" in text_of(keeper.get(page))
    for what in ("try-now", "end-warm-up"):
        said = text_of(keeper.post(f"/lanes/gmail/{what}/", {"dispatch": dispatch.pk}, follow=True))
        assert "Gmail" in said.partition("The dam")[0]
    lane.refresh_from_db()
    assert (lane.waits_until, lane.setbacks, lane.is_warm) == (None, 0, True)
    assert "warm-up" not in text_of(keeper.get(page))
    assert keeper.post("/lanes/gmail/fly/").status_code == 404


def test_a_mailroom_that_is_gone_is_given_up_once_it_was_silent(keeper: Client) -> None:
    now = timezone.now()
    gone = Mailroom.objects.create(place="there", started=now, seen=now)
    assert "did not end in order" not in text_of(keeper.get("/"))
    refused = text_of(keeper.post(f"/mailrooms/{gone.pk}/give-up/", follow=True))
    assert "was at work a moment ago" in refused
    Mailroom.objects.update(seen=now - timedelta(minutes=30))
    assert "did not end in order" in text_of(keeper.get("/"))
    assert "0 copies are uncertain now." in text_of(keeper.post(f"/mailrooms/{gone.pk}/give-up/", follow=True))
    assert "did not end in order" not in text_of(keeper.get("/"))


def test_a_dispatch_on_its_way_is_loaded_anew_until_somebody_stops_that(viewer: Client) -> None:
    dispatch = a_dispatch(copies={State.WAITING: 1})
    path = f"/letters/{dispatch.pk}/"
    assert viewer.get(path).headers["Refresh"] == "3"
    assert "Refresh" not in viewer.get(f"{path}?still").headers
    Dispatch.objects.update(state=Dispatch.State.FINISHED)
    assert "Refresh" not in viewer.get(path).headers


def test_a_dispatch_is_paused_resumed_and_cancelled_after_asking_once_more(keeper: Client) -> None:
    dispatch = a_dispatch(copies={State.WAITING: 3, State.ACCEPTED: 1})
    path = f"/letters/{dispatch.pk}/"
    keeper.post(f"{path}pause/")
    assert "Paused" in text_of(keeper.get(path))
    keeper.post(f"{path}resume/")
    assert "It goes on." in text_of(keeper.get(path))
    assert "1 of 4 copies were accepted" in text_of(keeper.get(f"{path}cancel/"))
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.SENDING
    said = text_of(keeper.post(f"{path}cancel/", follow=True))
    assert "Cancelled: 3 copies are not sent." in said
    assert "Not sent: the dispatch was cancelled 3" in said


def test_what_cannot_be_done_is_refused_in_a_sentence(keeper: Client) -> None:
    dispatch = a_dispatch(copies={State.ACCEPTED: 1}, state=Dispatch.State.FINISHED)
    said = text_of(keeper.post(f"/letters/{dispatch.pk}/pause/", follow=True))
    assert "can be paused" in said
    assert keeper.post(f"/letters/{dispatch.pk}/fly/").status_code == 404


def test_refused_copies_are_tried_again(keeper: Client) -> None:
    dispatch = a_dispatch(copies={State.REFUSED: 2}, reason="550 5.7.1")
    keeper.post(f"/letters/{dispatch.pk}/retry/")
    assert Recipient.objects.filter(state=State.WAITING).count() == 2


@pytest.mark.parametrize(("how", "state"), [("arrived", State.ACCEPTED), ("again", State.WAITING)])
def test_uncertain_copies_have_numbers_and_wait_for_a_decision(keeper: Client, how: str, state: str) -> None:
    dispatch = a_dispatch(copies={State.UNCERTAIN: 2})
    numbers = list(Recipient.objects.values_list("pk", flat=True))
    assert f"{numbers[0]}, {numbers[1]}" in text_of(keeper.get(f"/letters/{dispatch.pk}/"))
    said = text_of(keeper.post(f"/letters/{dispatch.pk}/uncertain/", {"how": how}, follow=True))
    assert "2 copies were settled." in said
    assert Recipient.objects.filter(state=state).count() == 2


def a_log(*message_ids: str) -> SimpleUploadedFile:
    lines = [f"2026-11-27T06:00:01Z sink: 18EB64A{n}: took message-id={one}" for n, one in enumerate(message_ids)]
    return SimpleUploadedFile("mail.log", "\n".join(lines).encode())


def test_uncertain_copies_are_settled_by_the_relays_log(keeper: Client) -> None:
    dispatch = a_dispatch(copies={State.UNCERTAIN: 2})
    arrived = Recipient.objects.order_by("pk")[0]
    log = a_log(addressing().message_id(dispatch.letter, arrived.pk))
    said = text_of(keeper.post(f"/letters/{dispatch.pk}/relay-log/", {"log": log}, follow=True))
    assert "By the log, 1 arrived and 0 are sent again; 1 are still uncertain." in said
    arrived.refresh_from_db()
    assert arrived.state == State.ACCEPTED


def test_a_log_that_is_too_large_to_be_read_in_memory_is_refused(keeper: Client, settings: object) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10  # type: ignore[attr-defined]
    dispatch = a_dispatch(copies={State.UNCERTAIN: 1})
    said = text_of(keeper.post(f"/letters/{dispatch.pk}/relay-log/", {"log": a_log("<a@example.org>")}, follow=True))
    assert "of at most 50 MB" in said


def test_a_log_is_not_read_where_the_key_is_missing(keeper: Client, newsroom: Newsroom) -> None:
    newsroom.link_key.unlink()
    dispatch = a_dispatch(copies={State.UNCERTAIN: 1})
    said = text_of(keeper.post(f"/letters/{dispatch.pk}/relay-log/", {"log": a_log("<a@example.org>")}, follow=True))
    assert "This host holds no key for that." in said


def test_readers_are_counted_in_groups_of_ten_at_least(viewer: Client) -> None:
    many_readers(12)
    a_reader("only@gmail.com", language="fa")
    said = text_of(viewer.get("/readers/"))
    assert "13 readers get letters" in said
    assert "en.the-week 13" in said
    assert "few" in said.partition("By provider")[2]


def test_few_readers_are_told_nothing_of_and_none_are_said_to_be_none(viewer: Client) -> None:
    none = text_of(viewer.get("/readers/"))
    assert "0 readers get letters" in none
    assert "Nobody gets letters yet." in none
    a_reader("only@gmail.com", language="fa")
    few = text_of(viewer.get("/readers/"))
    assert "few readers get letters" in few
    assert "Fewer than 10 readers get letters so far." in few
    for word in ("By list", "Gmail", "by week", "Nobody"):
        assert word not in few


def test_a_week_in_which_nobody_came_has_its_place_in_the_plot(viewer: Client) -> None:
    many_readers(24)
    old = list(Reader.objects.values_list("pk", flat=True)[:12])
    Reader.objects.update(since=date(2026, 11, 23))
    one = viewer.get("/readers/").content.decode()
    assert one.count("<rect") == 12
    assert "<bdi>7 Sept 2026</bdi><bdi>23 Nov 2026</bdi>" in one
    Reader.objects.filter(pk__in=old).update(since=date(2026, 7, 6))
    many = viewer.get("/readers/").content.decode()
    assert many.count("<rect") == 21
    assert "<title>13 Jul 2026: 0</title>" in many


def test_moments_have_one_form_and_name_whose_clock_it_is(viewer: Client) -> None:
    a_dispatch(copies={State.WAITING: 1}, is_local=False, time_zone="Europe/Oslo")
    said = {code: text_of(viewer.get("/letters/", HTTP_ACCEPT_LANGUAGE=code)) for code in ("en", "ru", "fa")}
    assert "27 November 2026, 08:00 (Oslo)" in said["en"]
    assert "27 ноября 2026, 08:00 (Осло)" in said["ru"]
    assert "۲۷ نوامبر ۲۰۲۶" in said["fa"]
    assert "۰۸:۰۰ (اسلو)" in said["fa"]


def test_whether_an_address_is_suppressed_is_answered_by_yes_or_no(viewer: Client) -> None:
    reader = a_reader("ada@example.org")
    Suppression.objects.create(lookup=reader.lookup, reason="complaint", since=date(2026, 11, 1))
    asked = text_of(viewer.post("/readers/suppressed/", {"address": "Ada@example.org"}, follow=True))
    assert "Yes: nothing is sent to that address." in asked
    assert "No: that address is not suppressed." in text_of(
        viewer.post("/readers/suppressed/", {"address": "bo@example.org"}, follow=True)
    )


def test_an_address_is_erased_only_by_somebody_who_is_sure(keeper: Client) -> None:
    a_reader("ada@example.org")
    keeper.post("/readers/erase/", {"address": "ada@example.org"})
    assert Reader.objects.count() == 1
    said = text_of(keeper.post("/readers/erase/", {"address": "ada@example.org", "is_sure": "yes"}, follow=True))
    assert "Erased." in said
    assert Reader.objects.count() == 0
    assert Suppression.objects.count() == 1


def test_an_address_that_is_none_is_refused_without_being_repeated(keeper: Client) -> None:
    said = text_of(keeper.post("/readers/suppressed/", {"address": "ada at home"}, follow=True))
    assert "ada at home" not in said


def test_without_the_look_up_key_nothing_is_asked_and_it_is_said(keeper: Client, newsroom: Newsroom) -> None:
    newsroom.lookup_key.unlink()
    for path in ("/readers/suppressed/", "/readers/erase/"):
        said = text_of(keeper.post(path, {"address": "ada@example.org", "is_sure": "yes"}, follow=True))
        assert "readers-lookup cannot be read" in said


def test_no_page_shows_an_address(keeper: Client) -> None:
    dispatch = a_dispatch(copies=EVERY_STATE)
    for path in ("/", "/letters/", f"/letters/{dispatch.pk}/", "/readers/", "/returns/", "/mail-check/"):
        assert "@gmail.com" not in keeper.get(path).content.decode(), path


def test_returns_are_shown_by_week_and_kind(viewer: Client) -> None:
    today = timezone.now().date()
    ReturnCount.objects.create(day=today, kind="hard", count=3)
    ReturnCount.objects.create(day=today - timedelta(days=60), kind="complaint", count=1)
    page = viewer.get("/returns/").content.decode()
    assert "No such mailbox" in page
    assert "Complaint" in page
    assert page.count("<rect") == 26


# --- What a browser may do ---


def test_every_page_runs_nothing_and_is_kept_by_nobody(viewer: Client) -> None:
    for path in ("/", "/readers/", "/sign-in/", "/nowhere/"):
        answer = viewer.get(path, follow=True)
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none';"), path
        assert "script" not in policy
        assert "unsafe" not in policy
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        body = answer.content.decode()
        assert "<script" not in body
        assert " style=" not in body


def test_the_style_sheet_is_found_by_its_digest_alone(viewer: Client) -> None:
    path = re.search(r'href="(/style-[0-9a-f]+\.css)"', viewer.get("/").content.decode())
    assert path
    assert viewer.get(path[1]).headers["Content-Type"].startswith("text/css")
    assert viewer.get("/style-0000000000000000.css").status_code == 404


def test_the_page_speaks_the_browsers_language_and_direction(viewer: Client) -> None:
    page = viewer.get("/", headers={"accept-language": "fa"}).content.decode()
    assert '<html lang="fa" dir="rtl">' in page


def test_a_page_of_many_dispatches_asks_the_database_as_often_as_one_of_few(
    viewer: Client, django_assert_max_num_queries: object
) -> None:
    for _ in range(8):
        a_dispatch(copies={State.ACCEPTED: 1, State.UNCERTAIN: 1})
    with django_assert_max_num_queries(5, using="readers"):  # type: ignore[operator]
        viewer.get("/letters/")
