"""Taking copies on: rows that no other mailroom takes at the same time, and a last look before each is sent.

The promises:
 * A claim is written down before anything of it is sent; two mailrooms never hold the same copy.
 * A reader who left, paused, was suspended, suppressed or erased in the meantime gets nothing: the copy is skipped,
   for that reason. Whoever sends looks again shortly before it hands over.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connections, transaction

from stet.mailroom.audience import READERS, REASON, as_date, as_moment, as_stored, is_postgresql
from stet.mailroom.models import Claim, Recipient
from stet.mailroom.states import OWED, Event, State


class Copy(msgspec.Struct, frozen=True, gc=False):
    """A claimed copy with what is needed to address it."""

    id: int
    attempt: int
    dispatch_id: int
    lane: str
    due: datetime
    reader_id: int
    reader_uid: bytes
    sealed: bytes
    subscription_uid: bytes


class Claimed(msgspec.Struct, frozen=True, gc=False):
    """What a claim brought: copies to send, and those that are not sent, with the reason."""

    copies: tuple[Copy, ...] = ()
    skipped: tuple[tuple[int, int, str], ...] = ()
    """Recipient, attempt, reason."""


_LOOK = f"""SELECT r.id, r.attempt, r.due, d.id, d.uid, d.sealed, s.uid,
        CASE WHEN d.id IS NULL OR s.id IS NULL THEN 'erased' ELSE ({REASON}) END
    FROM mailroom_recipient r
    LEFT JOIN readers_reader d ON d.id = r.reader_id
    LEFT JOIN readers_subscription s ON s.id = r.subscription_id
    LEFT JOIN readers_suppression p ON p.lookup = d.lookup"""  # noqa: S608 - constants


Night = Callable[[datetime], datetime | None]
"""For the moment at which a copy was due: when its reader's night ends, where it is night there now."""


def no_night(_due: datetime) -> None:
    """Let copies go at any hour."""


def claim(
    mailroom_id: int, dispatch_id: int, lane: str, *, most: int, now: datetime, night: Night = no_night
) -> Claimed:
    """Take on at most so many copies of a dispatch in a lane that may go now, the longest due first."""
    with transaction.atomic(using=READERS), connections[READERS].cursor() as cursor:
        rows: list[Any] = []
        for state in (State.WAITING, State.DEFERRED):
            if len(rows) < most:
                rows += _owed(cursor, dispatch_id, lane, state, most=most - len(rows), now=now)
        moments = {due: as_moment(due) for due in {row[2] for row in rows}}
        rows = _without_night(cursor, rows, {due: night(moment) for due, moment in moments.items()})
        if not rows:
            return Claimed()
        made = Claim.objects.create(
            mailroom_id=mailroom_id, dispatch_id=dispatch_id, lane=lane, taken_at=now, size=len(rows)
        )
        _take(cursor, [row[0] for row in rows], made.pk)
    return Claimed(
        copies=tuple(
            Copy(
                id_,
                attempt + 1,
                dispatch_id,
                lane,
                moments[due],
                reader,
                _uid(uid),
                bytes(sealed),
                _uid(own),
            )
            for id_, attempt, due, reader, uid, sealed, own, reason in rows
            if not reason
        ),
        skipped=tuple((row[0], row[1] + 1, row[7]) for row in rows if row[7]),
    )


def _owed(cursor: Any, dispatch_id: int, lane: str, state: str, *, most: int, now: datetime) -> list[Any]:
    lock = " FOR UPDATE OF r SKIP LOCKED" if is_postgresql() else ""
    cursor.execute(
        f"{_LOOK} WHERE r.dispatch_id = %s AND r.state = %s AND r.lane = %s AND r.next_try <= %s "
        f"ORDER BY r.next_try LIMIT %s{lock}",
        [as_date(now), dispatch_id, state, lane, as_stored(now), most],
    )
    return list(cursor.fetchall())


def _without_night(cursor: Any, rows: list[Any], nights: Mapping[Any, datetime | None]) -> list[Any]:
    """The rows whose readers are awake; the others wait for their morning. `nights`: its end, by what is due when."""
    ends = {row[0]: end for row in rows if (end := nights[row[2]]) is not None}
    if not ends:
        return rows
    cursor.executemany(
        "UPDATE mailroom_recipient SET next_try = %s WHERE id = %s",
        [(as_stored(end), id_) for id_, end in ends.items()],
    )
    return [row for row in rows if row[0] not in ends]


def _take(cursor: Any, ids: Sequence[int], claim_id: int) -> None:
    marks = ",".join(["%s"] * len(ids))
    cursor.execute(
        "UPDATE mailroom_recipient SET state = %s, event = %s, attempt = attempt + 1, claim_id = %s "  # noqa: S608
        f"WHERE id IN ({marks})",
        [State.CLAIMED, int(Event.CLAIMED), claim_id, *ids],
    )


MOVED = "moved"
"""The reader has another address since the copy was claimed: somebody has to claim it anew."""


def gone(copies: Mapping[int, bytes], *, now: datetime) -> dict[int, str]:
    """Which of these copies must not be sent as they were claimed, and why. Each comes with its reader's uid then."""
    if not copies:
        return {}
    marks = ",".join(["%s"] * len(copies))
    with connections[READERS].cursor() as cursor:
        cursor.execute(f"{_LOOK} WHERE r.id IN ({marks})", [as_date(now), *copies])
        rows = cursor.fetchall()
    reasons = {row[0]: row[7] for row in rows if row[7]}
    moved = {row[0]: MOVED for row in rows if not row[7] and _uid(row[4]) != copies[row[0]]}
    return {**reasons, **moved}


def lanes_of_dispatch(dispatch_id: int) -> list[str]:
    """The lanes in which its recipients are."""
    return list(Recipient.objects.filter(dispatch=dispatch_id).order_by().values_list("lane", flat=True).distinct())


def is_owed(dispatch_id: int) -> bool:
    """Whether copies of a dispatch are still to be sent or on their way."""
    return Recipient.objects.filter(dispatch=dispatch_id, state__in=(*OWED, State.CLAIMED)).exists()


def rewrap(rows: Sequence[tuple[int, bytes, bytes]]) -> None:
    """Store addresses in the form that opens quickly: reader, the address as it was read, the same anew.

    A reader who changed the address in the meantime keeps the new one.
    """
    with transaction.atomic(using=READERS), connections[READERS].cursor() as cursor:
        cursor.executemany(
            "UPDATE readers_reader SET sealed = %s WHERE id = %s AND sealed = %s",
            [(anew, id_, was) for id_, was, anew in rows],
        )


def _uid(value: Any) -> bytes:
    """The 16 bytes of a uid, which SQLite has as hexadecimal digits."""
    return value.bytes if isinstance(value, UUID) else bytes.fromhex(value)
