"""An hour on the wall becomes a moment, in every zone and on odd days."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stet.mailroom.hours import LATEST, due_moments, is_too_late, moment_of, read_wall, zone_of

MOMENTS = {
    "a Friday in winter in Riga": ("2026-11-27T08:00", "Europe/Riga", "2026-11-27T06:00"),
    "a Friday in summer in Riga": ("2026-07-03T08:00", "Europe/Riga", "2026-07-03T05:00"),
    "an hour that Riga's clocks jump over is due after the jump": (
        "2026-03-29T03:30",
        "Europe/Riga",
        "2026-03-29T01:00",
    ),
    "the last minute before Riga's jump": ("2026-03-29T02:59", "Europe/Riga", "2026-03-29T00:59"),
    "the first minute after Riga's jump": ("2026-03-29T04:00", "Europe/Riga", "2026-03-29T01:00"),
    "an hour that Riga's clocks show twice is due at the first": (
        "2026-10-25T03:30",
        "Europe/Riga",
        "2026-10-25T00:30",
    ),
    "the morning after Riga's clocks went back": ("2026-10-25T08:00", "Europe/Riga", "2026-10-25T06:00"),
    "an hour that New York's clocks jump over": ("2026-03-08T02:30", "America/New_York", "2026-03-08T07:00"),
    "an hour that New York's clocks show twice": ("2026-11-01T01:30", "America/New_York", "2026-11-01T05:30"),
    "Tehran in what used to be its summer time": ("2026-07-03T08:00", "Asia/Tehran", "2026-07-03T04:30"),
    "Tehran on the day its clocks used to jump": ("2026-03-22T00:30", "Asia/Tehran", "2026-03-21T21:00"),
    "Tehran when it still jumped": ("2022-03-22T00:30", "Asia/Tehran", "2022-03-21T20:30"),
    "half an hour that Lord Howe's clocks jump over": ("2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:30"),
    "half an hour that Lord Howe's clocks show twice": ("2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45"),
    "New Year's morning on Kiritimati is last year in UTC": (
        "2027-01-01T08:00",
        "Pacific/Kiritimati",
        "2026-12-31T18:00",
    ),
    "New Year's Eve in Honolulu is next year in UTC": ("2026-12-31T23:30", "Pacific/Honolulu", "2027-01-01T09:30"),
    "a leap day": ("2028-02-29T08:00", "Europe/Riga", "2028-02-29T06:00"),
    "a day that Samoa left out is due as the next one begins": ("2011-12-30T08:00", "Pacific/Apia", "2011-12-30T10:00"),
}


@pytest.mark.parametrize("case", MOMENTS)
def test_an_hour_on_the_wall_is_one_moment(case: str) -> None:
    wall, zone, moment = MOMENTS[case]
    assert moment_of(read_wall(wall), ZoneInfo(zone)) == read_wall(moment).replace(tzinfo=UTC)


ZONES = ["Europe/Riga", "America/New_York", "Asia/Tehran", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca"]


@given(
    wall=st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31)).map(lambda d: d.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
)
def test_no_moment_is_before_its_hour_and_none_a_second_later_than_needed(wall: datetime, zone: ZoneInfo) -> None:
    moment = moment_of(wall, zone)
    shown = moment.astimezone(zone).replace(tzinfo=None)
    before = (moment - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    assert shown >= wall
    assert before < wall or (shown == wall and moment.astimezone(zone).fold == 0)


def test_each_zone_has_its_own_moment_and_an_unknown_one_the_lists() -> None:
    moments = due_moments(
        read_wall("2026-11-27T08:00"), own_zone="Europe/Riga", is_local=True, zones=["Asia/Tehran", "Mars/Base", ""]
    )
    assert moments == {
        "": datetime(2026, 11, 27, 6, tzinfo=UTC),
        "Asia/Tehran": datetime(2026, 11, 27, 4, 30, tzinfo=UTC),
    }


def test_a_letter_that_is_not_local_has_one_moment() -> None:
    moments = due_moments(read_wall("2026-11-27T08:00"), own_zone="Europe/Riga", is_local=False, zones=["Asia/Tehran"])
    assert moments == {"": datetime(2026, 11, 27, 6, tzinfo=UTC)}


@pytest.mark.parametrize("name", ["", "Mars/Base", "../../etc/passwd", "/etc/localtime", "Europe", "a\x00b"])
def test_a_name_that_is_no_zone_is_none(name: str) -> None:
    assert zone_of(name) is None


LATE = {
    "in time": (timedelta(0), None, False),
    "late by twelve hours": (LATEST, None, False),
    "late by more": (LATEST + timedelta(seconds=1), None, True),
    "on its way before a short outage": (timedelta(days=2), timedelta(hours=3), False),
    "on its way before a long outage": (timedelta(days=2), timedelta(hours=13), True),
    "due in the middle of an outage": (timedelta(hours=5), timedelta(days=2), False),
}


@pytest.mark.parametrize("case", LATE)
def test_a_copy_is_too_late_when_the_outage_cost_it_more_than_twelve_hours(case: str) -> None:
    ago, outage, expected = LATE[case]
    now = datetime(2026, 11, 27, 6, tzinfo=UTC)
    assert is_too_late(now - ago, now=now, seen=now - outage if outage else None) is expected
