"""When the next letter of a list is due. Pure: the clock on the list's wall in, a day out."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

WEEK_DAYS = 7


def next_due_date(cadence: str, *, weekday: int, hour: time, now: datetime, taken: Collection[date] = ()) -> date:
    """The next day on which a letter may be sent and none is due yet.

    `now` is what the clock on the list's wall shows, naive. A list that comes every week has its weekday; the others
    take any day. Today counts while its hour has not come.
    """
    day = now.date() if now.time() < hour else now.date() + timedelta(days=1)
    step = 1
    if cadence == "weekly":
        day += timedelta(days=(weekday - day.weekday()) % WEEK_DAYS)
        step = WEEK_DAYS
    while day in taken:
        day += timedelta(days=step)
    return day
