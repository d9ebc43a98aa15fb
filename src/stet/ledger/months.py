"""How exactly time is kept with money: by the month, known by its first day."""

from datetime import UTC, date, datetime


def month_of(moment: datetime | date) -> date:
    """The first day of the month of a day, or of a moment in UTC.

    >>> month_of(date(2026, 11, 25)).isoformat()
    '2026-11-01'
    """
    day = moment.astimezone(UTC).date() if isinstance(moment, datetime) else moment
    return day.replace(day=1)
