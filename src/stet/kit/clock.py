"""Where the time comes from, and how a moment is written.

Time is an argument everywhere: whoever needs `now` is given a Clock, or the moment itself.
A moment is an aware UTC datetime; written, it is RFC 3339 to the second with a Z, such as 2026-01-31T23:59:00Z.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The machine's present moment."""
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """A clock that stands until it is moved."""

    moment: datetime

    def now(self) -> datetime:
        """The moment at which the clock stands."""
        return self.moment

    def advance(self, by: timedelta) -> None:
        """Move the clock forward."""
        self.moment += by


def write_moment(moment: datetime) -> str:
    """`moment` in RFC 3339, in UTC, cut to the second; raises ValueError for a naive datetime.

    >>> write_moment(datetime(2026, 1, 31, 23, 59, tzinfo=UTC))
    '2026-01-31T23:59:00Z'
    """
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"


def read_moment(text: str) -> datetime:
    """The moment that `text` names; raises ValueError unless it is written exactly as `write_moment` writes.

    >>> read_moment("2026-01-31T23:59:00Z")
    datetime.datetime(2026, 1, 31, 23, 59, tzinfo=datetime.timezone.utc)
    """
    if not MOMENT.fullmatch(text):
        raise ValueError("A moment is written like 2026-01-31T23:59:00Z.")
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
