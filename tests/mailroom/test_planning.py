"""A letter becomes one dispatch, at its hour, for whoever wants it then."""

import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from stet.mailroom.accounts import account_of
from stet.mailroom.errors import LetterBrokenError
from stet.mailroom.letters import Edition
from stet.mailroom.models import Dispatch, JournalEntry, Recipient
from stet.mailroom.planning import begin_due, hold_missed, moments_of, plan, settle, take_up_due
from stet.readers.models import Reader
from tests.mailroom.dispatches import (
    FRIDAY,
    HTML,
    LETTER,
    PAGE,
    Printed,
    a_dispatch,
    a_letter,
    a_reader,
    many_readers,
    suppress_reader,
)

pytestmark = pytest.mark.django_db(databases=["readers"])


def edition_of(printed: Printed) -> Edition:
    return Edition(printed.paper.folder)


# --- The letter ---


def test_a_letter_comes_with_all_its_bytes(tmp_path: Path) -> None:
    printed = Printed(tmp_path)
    printed.print()
    letter = edition_of(printed).letter(f"{PAGE}letter.json")
    assert letter is not None
    assert letter.html == HTML
    assert [photo.cid for photo in letter.photos] == ["photo-1"]


@pytest.mark.parametrize("sheet", ["index.html", "letter.json"])
def test_a_letter_without_its_page_in_the_edition_is_not_taken(tmp_path: Path, sheet: str) -> None:
    printed = Printed(tmp_path)
    printed.print(without=[f"{PAGE}{sheet}"])
    assert edition_of(printed).letter(f"{PAGE}letter.json") is None
    assert take_up_due(edition_of(printed), now=FRIDAY) == []


def test_a_file_that_is_not_what_the_manifest_says_is_refused(tmp_path: Path) -> None:
    printed = Printed(tmp_path)
    printed.print()
    printed.paper.folder.file(f"{PAGE}mail.html").write_bytes(HTML + b"<img src='https://example.org/pixel'>")
    with pytest.raises(LetterBrokenError, match="not what the edition's manifest says"):
        edition_of(printed).letter(f"{PAGE}letter.json")


def test_a_file_that_is_not_what_letter_json_says_is_refused(tmp_path: Path) -> None:
    printed = Printed(tmp_path)
    printed.print(html={"path": f"{PAGE}mail.html", "digest": "0" * 64})
    with pytest.raises(LetterBrokenError, match=r"letter\.json"):
        edition_of(printed).letter(f"{PAGE}letter.json")


def test_before_the_first_edition_there_is_nothing_to_take(tmp_path: Path) -> None:
    assert take_up_due(edition_of(Printed(tmp_path)), now=FRIDAY) == []


# --- Its hour ---


def test_a_letter_is_taken_up_shortly_before_its_first_hour_and_once(tmp_path: Path) -> None:
    a_reader(time_zone="Asia/Tehran")
    a_reader("bo@example.org")
    printed = Printed(tmp_path)
    printed.print()
    edition = edition_of(printed)
    tehran = datetime(2026, 11, 27, 4, 30, tzinfo=UTC)
    assert take_up_due(edition, now=tehran - timedelta(minutes=6)) == []
    (dispatch,) = take_up_due(edition, now=tehran - timedelta(minutes=5))
    assert (dispatch.state, dispatch.first_due, dispatch.last_due) == ("planned", tehran, FRIDAY)
    assert take_up_due(edition, now=FRIDAY) == []
    begin_due(now=tehran - timedelta(seconds=1))
    assert Dispatch.objects.get().state == "planned"
    begin_due(now=tehran)
    assert Dispatch.objects.get().state == "sending"


def test_a_clock_that_is_set_back_sends_nothing_twice(tmp_path: Path) -> None:
    a_reader()
    printed = Printed(tmp_path)
    printed.print()
    assert len(take_up_due(edition_of(printed), now=FRIDAY)) == 1
    for moment in (FRIDAY - timedelta(days=1), FRIDAY, FRIDAY + timedelta(hours=1)):
        assert take_up_due(edition_of(printed), now=moment) == []
    assert Recipient.objects.count() == 1


def test_an_old_letter_that_was_never_sent_is_left_alone(tmp_path: Path) -> None:
    a_reader()
    printed = Printed(tmp_path)
    printed.print()
    assert take_up_due(edition_of(printed), now=FRIDAY + timedelta(days=8)) == []


def test_a_correction_of_the_printed_letter_changes_nothing_that_is_sent(tmp_path: Path) -> None:
    a_reader()
    printed = Printed(tmp_path)
    printed.print()
    (dispatch,) = take_up_due(edition_of(printed), now=FRIDAY)
    printed.print(subject="The dam, corrected")
    assert take_up_due(edition_of(printed), now=FRIDAY) == []
    kept = {one.name: bytes(one.body) for one in dispatch.enclosures.all()}
    assert b"corrected" not in kept["letter.json"]
    assert kept["mail.html"] == HTML


def test_hours_missed_by_more_than_twelve_are_held_and_the_others_sent_late() -> None:
    for number, zone in enumerate(["Pacific/Kiritimati", "Asia/Tehran", "", "Pacific/Honolulu"]):
        a_reader(f"reader{number}@example.org", time_zone=zone)
    letter = a_letter()
    now = datetime(2026, 11, 27, 7, tzinfo=UTC)  # Kiritimati's eight o'clock was thirteen hours ago
    zones = ["Pacific/Kiritimati", "Asia/Tehran", "Pacific/Honolulu"]
    dispatch = plan(letter, moments=moments_of(letter, zones), now=now)
    states = Counter(Recipient.objects.values_list("state", flat=True))
    assert states == {"held": 1, "waiting": 3}
    assert JournalEntry.objects.get().code == "late"
    assert account_of(dispatch).balances


def test_a_letter_that_everybody_missed_is_held_and_says_so() -> None:
    a_reader()
    dispatch = a_dispatch(now=FRIDAY + timedelta(hours=13))
    assert dispatch.state == "held"
    assert "missed by more than twelve hours" in dispatch.reason


def test_what_an_outage_cost_more_than_twelve_hours_is_held() -> None:
    a_reader()
    a_reader("bo@example.org", time_zone="Pacific/Honolulu")
    letter = a_letter()
    dispatch = plan(letter, moments=moments_of(letter, ["Pacific/Honolulu"]), now=FRIDAY - timedelta(hours=1))
    seen = FRIDAY - timedelta(minutes=10)
    assert hold_missed(now=FRIDAY + timedelta(hours=11), seen=seen) == 0
    assert hold_missed(now=FRIDAY + timedelta(hours=13), seen=seen) == 1
    assert hold_missed(now=FRIDAY + timedelta(hours=13), seen=seen) == 0
    assert Counter(Recipient.objects.values_list("state", flat=True)) == {"held": 1, "waiting": 1}
    assert account_of(dispatch).balances


def test_what_was_under_way_before_a_short_stop_goes_on_whatever_its_hour_was() -> None:
    a_reader()
    a_dispatch()
    now = FRIDAY + timedelta(days=2)
    assert hold_missed(now=now, seen=now - timedelta(hours=3)) == 0


# --- The audience ---


def test_candidates_are_planned_or_left_out_for_a_reason() -> None:
    a_reader("a@example.org")
    a_reader("b@example.org", state="pending")
    a_reader("c@example.org", state="left")
    a_reader("d@example.org", state="suspended")
    a_reader("e@example.org", paused_until=date(2026, 12, 24))
    a_reader("f@example.org", paused_until=date(2026, 11, 27))
    suppress_reader(a_reader("g@example.org"))
    dispatch = a_dispatch()
    assert dispatch.excluded == {"pending": 1, "left": 1, "suspended": 1, "paused": 1, "suppressed": 1}
    assert (dispatch.candidates, dispatch.planned) == (7, 2)
    assert account_of(dispatch).balances


def test_a_list_without_readers_is_finished_at_once() -> None:
    assert a_dispatch().state == "finished"


def test_planning_twice_gives_the_same_dispatch() -> None:
    a_reader()
    first = a_dispatch()
    a_reader("bo@example.org")
    assert a_dispatch() == first
    assert Recipient.objects.count() == 1


def test_lanes_and_moments_stand_with_each_recipient() -> None:
    a_reader("a@gmail.com", time_zone="Asia/Tehran")
    a_reader("b@example.org", time_zone="Mars/Base")
    letter = a_letter()
    plan(letter, moments=moments_of(letter, ["Asia/Tehran", "Mars/Base"]), now=FRIDAY)
    rows = Recipient.objects.order_by("lane").values_list("lane", "due")
    assert list(rows) == [("gmail", datetime(2026, 11, 27, 4, 30, tzinfo=UTC)), ("other", FRIDAY)]


def test_erasing_a_reader_keeps_the_account() -> None:
    reader = a_reader()
    dispatch = a_dispatch()
    Reader.objects.get(pk=reader.pk).delete()
    assert account_of(dispatch).balances
    assert Recipient.objects.get().reader_id is None


def test_a_dispatch_whose_account_does_not_balance_is_paused_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    a_reader()
    a_reader("bo@example.org")
    dispatch = a_dispatch()
    Recipient.objects.filter(pk=Recipient.objects.earliest("pk").pk).delete()
    Recipient.objects.update(state="accepted", event=9)
    settle(dispatch, now=FRIDAY)
    assert dispatch.state == "paused"
    assert "does not balance" in dispatch.reason
    assert LETTER.hex not in caplog.text


def test_twenty_thousand_readers_in_many_zones_are_counted_in_a_second() -> None:
    from zoneinfo import available_timezones

    zones = ("", *sorted(zone for zone in available_timezones() if "/" in zone)[:300])
    with transaction.atomic(using="readers"):
        many_readers(20_000, zones=zones, domains=("example.org", "gmail.com", "mail.ru"))
    letter = a_letter()
    started = time.process_time()
    dispatch = plan(letter, moments=moments_of(letter, list(zones)), now=FRIDAY)
    seconds = time.process_time() - started
    assert dispatch.planned == 20_000
    assert seconds < 3
