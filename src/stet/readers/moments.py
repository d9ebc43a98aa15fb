"""How exactly a moment is kept: what is stored of when a reader did something is not finer than this."""

from datetime import UTC, date, datetime, timedelta


def minute_of(moment: datetime) -> datetime:
    """`moment` cut to the minute, in UTC.

    >>> minute_of(datetime(2026, 11, 25, 20, 17, 59, 5, tzinfo=UTC)).isoformat()
    '2026-11-25T20:17:00+00:00'
    """
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def monday_of(moment: datetime) -> date:
    """The Monday of the week of `moment`.

    >>> monday_of(datetime(2026, 11, 25, 20, 17, tzinfo=UTC)).isoformat()
    '2026-11-23'
    """
    day = moment.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())
