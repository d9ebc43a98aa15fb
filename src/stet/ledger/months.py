"""How exactly time is kept with money: by the month, known by its first day."""

from datetime import UTC, date, datetime, time


def month_of(moment: datetime | date) -> date:
    """The first day of the month of a day, or of a moment in UTC.

    >>> month_of(date(2026, 11, 25)).isoformat()
    '2026-11-01'
    """
    day = moment.astimezone(UTC).date() if isinstance(moment, datetime) else moment
    return day.replace(day=1)


def midnight_of(day: date) -> datetime:
    """The first moment of a day, in UTC: what stands where a moment is wanted and a day is enough."""
    return datetime.combine(day, time.min, UTC)


def first_of(since: date) -> date:
    """The first month that is whole since a day.

    >>> first_of(date(2026, 11, 1)).isoformat(), first_of(date(2026, 11, 2)).isoformat()
    ('2026-11-01', '2026-12-01')
    """
    if since.day == 1:
        return since
    return date(since.year + since.month // 12, since.month % 12 + 1, 1)
