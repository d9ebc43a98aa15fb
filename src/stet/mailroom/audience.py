"""Who gets a letter: the readers of its list, counted and written down in one step.

The promises:
 * Candidates are all who have a place on the list. Each is planned or left out for a reason; the numbers add up.
 * It is done in one transaction, by the database itself: a hundred thousand readers take seconds.
 * Who was counted once is not counted again: a letter has one dispatch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connections

from stet.mailroom.states import Event, State

READERS = "readers"
"""The alias of the readers' database."""

REASON = """CASE
    WHEN p.id IS NOT NULL THEN 'suppressed'
    WHEN s.state <> 'active' THEN s.state
    WHEN d.paused_until > %s THEN 'paused'
    ELSE '' END"""
"""Why a reader gets no letter now; "" where there is no reason. Takes today's date.

`s` is the subscription, `d` the reader, `p` the suppression of the reader's address, where there is one.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """How many there are, and how many get the letter."""

    candidates: int
    planned: int
    held: int
    excluded: dict[str, int]
    first_due: datetime | None
    last_due: datetime | None


def zones_in_use(list_key: str) -> list[str]:
    """The time zones that the list's active readers chose; "" where one chose none."""
    with connections[READERS].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT d.time_zone FROM readers_subscription s JOIN readers_reader d ON d.id = s.reader_id "
            "WHERE s.list_key = %s AND s.state = 'active'",
            [list_key],
        )
        return [zone for (zone,) in cursor.fetchall()]


def freeze(
    dispatch_id: int, list_key: str, *, moments: Mapping[str, datetime], now: datetime, oldest: datetime
) -> Audience:
    """Write down a recipient for each reader who gets the letter; the rest is counted. Inside a transaction.

    `moments` is when it is due in each zone, and under "" everywhere else. What was due before `oldest` is held.
    """
    with connections[READERS].cursor() as cursor:
        excluded = _count(cursor, list_key, now)
        planned = _insert(cursor, dispatch_id, list_key, moments=moments, now=now, oldest=oldest)
        held = _note_held(cursor, dispatch_id, now)
        cursor.execute(
            "SELECT MIN(due), MAX(due) FROM mailroom_recipient WHERE dispatch_id = %s AND state = %s",
            [dispatch_id, State.WAITING],
        )
        first, last = cursor.fetchone()
    return Audience(
        candidates=planned + sum(excluded.values()),
        planned=planned,
        held=held,
        excluded=excluded,
        first_due=None if first is None else as_moment(first),
        last_due=None if last is None else as_moment(last),
    )


def _count(cursor: Any, list_key: str, now: datetime) -> dict[str, int]:
    cursor.execute(
        f"SELECT {REASON} AS reason, COUNT(*) FROM {_CANDIDATES} GROUP BY 1",  # noqa: S608 - constants
        [as_date(now), list_key],
    )
    return {reason: count for reason, count in cursor.fetchall() if reason}


_CANDIDATES = """readers_subscription s
    JOIN readers_reader d ON d.id = s.reader_id
    LEFT JOIN readers_suppression p ON p.lookup = d.lookup
    WHERE s.list_key = %s"""


def _insert(
    cursor: Any,
    dispatch_id: int,
    list_key: str,
    *,
    moments: Mapping[str, datetime],
    now: datetime,
    oldest: datetime,
) -> int:
    rows = ", ".join(["(%s, %s, %s, %s)"] * len(moments))
    zones = [value for zone, due in moments.items() for value in (zone, as_stored(due), *_state_of(due < oldest))]
    moment = "CAST(z.due AS timestamp with time zone)" if is_postgresql() else "z.due"
    number = "CAST(z.event AS smallint)" if is_postgresql() else "z.event"
    cursor.execute(
        f"""INSERT INTO mailroom_recipient
            (dispatch_id, reader_id, subscription_id, lane, due, next_try, state, event, attempt, reason)
        WITH zones(name, due, state, event) AS (VALUES {rows})
        SELECT %s, c.reader_id, c.id, c.lane, {moment}, {moment}, z.state, {number}, 0, ''
        FROM (SELECT s.reader_id, s.id, d.lane, d.time_zone, {REASON} AS reason FROM {_CANDIDATES}) c
        JOIN zones z
            ON z.name = CASE WHEN c.time_zone IN (SELECT name FROM zones) THEN c.time_zone ELSE '' END
        WHERE c.reason = ''""",  # noqa: S608 - constants; every value is a parameter
        [*zones, dispatch_id, as_date(now), list_key],
    )
    return int(cursor.rowcount)


def _state_of(is_held: bool) -> tuple[str, int]:  # noqa: FBT001 - one of two, beside its only caller
    return (State.HELD, int(Event.HELD)) if is_held else (State.WAITING, int(Event.PLANNED))


def _note_held(cursor: Any, dispatch_id: int, now: datetime) -> int:
    cursor.execute(
        "INSERT INTO mailroom_journalentry (recipient_id, attempt, event, moment, code, queue_id) "
        "SELECT id, 0, %s, %s, 'late', '' FROM mailroom_recipient WHERE dispatch_id = %s AND state = %s",
        [int(Event.HELD), as_stored(now), dispatch_id, State.HELD],
    )
    return int(cursor.rowcount)


# --- What the two databases write differently ---


def is_postgresql() -> bool:
    """Whether the readers' database is a PostgreSQL."""
    return connections[READERS].vendor == "postgresql"


def as_stored(moment: datetime) -> Any:
    """A moment as a parameter of raw SQL."""
    return connections[READERS].ops.adapt_datetimefield_value(moment)


def as_date(moment: datetime) -> Any:
    """The date of a moment, in UTC, as a parameter of raw SQL."""
    return connections[READERS].ops.adapt_datefield_value(moment.date())


def as_moment(value: Any) -> datetime:
    """A moment as raw SQL gave it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.fromisoformat(value).replace(tzinfo=UTC)
