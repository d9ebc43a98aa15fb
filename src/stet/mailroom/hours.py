"""From an hour on the wall to a moment: when a letter is due for whom.

The rules:
 * "Friday at 08:00" is a date and a time on the wall; each time zone turns it into a moment of its own.
 * A time that the clocks jump over (spring) is due at the first moment after the jump.
 * A time that the clocks show twice (autumn) is due when they show it first.
 * A zone that nobody knows counts as the list's.
 * A copy that comes late by the mailroom's fault is still sent within LATEST; after that it is held for an editor.

Nothing here touches a database or a clock.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LATEST = timedelta(hours=12)
"""By how much a letter may be late and still be sent by itself."""
EARLIEST_ZONE = timedelta(hours=14)
"""No place on earth is further ahead of UTC (Kiribati's Line Islands)."""


def read_wall(text: str) -> datetime:
    """The date and time written as "2026-11-27T08:00", without a zone. Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - a time on the wall has no zone


def moment_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which clocks in `zone` come to `wall`.

    >>> moment_of(read_wall("2026-11-27T08:00"), ZoneInfo("Europe/Riga")).isoformat()
    '2026-11-27T06:00:00+00:00'
    """
    there = wall.replace(tzinfo=zone, fold=0)
    moment = there.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
        return moment
    return _end_of_jump(moment, wall, zone)


def _end_of_jump(moment: datetime, wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment at which clocks in `zone` show `wall` or later; they never show `wall` itself.

    `moment` is `wall` by the offset before the jump, so it lies after it, by less than the jump is wide.
    """
    before, after = moment - timedelta(hours=26), moment
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).replace(tzinfo=None) >= wall:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo | None:
    """The zone of this name; None where there is none."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def due_moments(wall: datetime, *, own_zone: str, is_local: bool, zones: Iterable[str]) -> dict[str, datetime]:
    """When the letter is due in each of these zones, and under "" in the list's own.

    Where it is not local, that is one moment for all. Raises ValueError where the list's own zone is unknown.
    """
    own = zone_of(own_zone)
    if own is None:
        raise ValueError(f"{own_zone!r} is no time zone.")
    usual = moment_of(wall, own)
    if not is_local:
        return {"": usual}
    known = {name: zone for name in zones if (zone := zone_of(name))}
    return {"": usual, **{name: moment_of(wall, zone) for name, zone in known.items()}}


def is_too_late(due: datetime, *, now: datetime, seen: datetime | None = None) -> bool:
    """Whether a copy that was due then is too late to be sent by itself.

    `seen` is the last moment at which a mailroom was at work before this one: what was under way already when it
    stopped is late by the outage alone.
    """
    since = due if seen is None else max(due, seen)
    return now - since > LATEST
