"""When the next letter is due."""

from datetime import date, datetime, time

import pytest

from stet.letters.due_days import next_due_date

WEDNESDAY = datetime(2026, 11, 25, 12)
FRIDAY = date(2026, 11, 27)

CASES: dict[str, tuple[str, datetime, set[date], date]] = {
    "weekly, on a Wednesday": ("weekly", WEDNESDAY, set(), FRIDAY),
    "weekly, on the day before its hour": ("weekly", datetime(2026, 11, 27, 7, 59), set(), FRIDAY),
    "weekly, on the day at its hour": ("weekly", datetime(2026, 11, 27, 8), set(), date(2026, 12, 4)),
    "weekly, and this week's is written": ("weekly", WEDNESDAY, {FRIDAY}, date(2026, 12, 4)),
    "weekly, over the end of the year": ("weekly", datetime(2026, 12, 26, 9), set(), date(2027, 1, 1)),
    "daily, after its hour": ("daily", WEDNESDAY, set(), date(2026, 11, 26)),
    "daily, before its hour": ("daily", datetime(2026, 11, 25, 7), set(), date(2026, 11, 25)),
    "daily, and two are written": ("daily", WEDNESDAY, {date(2026, 11, 26), FRIDAY}, date(2026, 11, 28)),
    "whenever, after its hour": ("irregular", WEDNESDAY, set(), date(2026, 11, 26)),
}


@pytest.mark.parametrize("case", CASES)
def test_the_next_letter_is_due(case: str) -> None:
    cadence, now, taken, expected = CASES[case]
    assert next_due_date(cadence, weekday=4, hour=time(8), now=now, taken=taken) == expected
