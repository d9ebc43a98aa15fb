"""Bringing events into the database: entries, and the states that follow from them, in one transaction.

The promises:
 * An event that was told is an entry, once; telling it again changes nothing.
 * A recipient stands where `states.after` says, whatever the order in which events come.
 * Both are written together or not at all, with what follows from a refusal (`stet.mailroom.returning`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connections, transaction
from msgspec.structs import replace

from stet.mailroom.audience import READERS, as_stored, is_postgresql
from stet.mailroom.journal import Key, Told
from stet.mailroom.models import Dispatch
from stet.mailroom.pace import GIVE_UP_AFTER, copy_pause
from stet.mailroom.states import STATE_AFTER, Event, Standing, State, after

CHUNK = 500
"""How many rows one statement takes: SQLite has a limit for parameters."""
LONGEST_REASON = 20


def fold(told: Sequence[Told], *, now: datetime) -> None:
    """Bring these events in. A recipient that is gone (its dispatch was deleted) takes its events with it."""
    copies = [one for one in told if one.key.kind == "r"]
    notices = [one for one in told if one.key.kind == "n"]
    with transaction.atomic(using=READERS):
        for start in range(0, len(copies), CHUNK):
            _fold_copies(copies[start : start + CHUNK], now)
        if notices:
            from stet.mailroom.notices import fold_notices

            fold_notices(notices, now=now)
        refused = [one for one in told if one.event is Event.REFUSED]
        if refused:
            from stet.mailroom.returning import apply_refusals

            apply_refusals(refused, now=now)


def _fold_copies(told: Sequence[Told], now: datetime) -> None:
    with connections[READERS].cursor() as cursor:
        rows = _standings(cursor, {one.key.id for one in told})
        told = [*told, *_given_up(cursor, told, now)]
        _append(cursor, [one for one in told if one.key.id in rows])
        groups: dict[tuple[Standing, str], list[int]] = defaultdict(list)
        for id_, change in _changed(told, rows).items():
            groups[change].append(id_)
        for (standing, reason), ids in groups.items():
            _update(cursor, ids, standing, reason=reason, next_try=_next_try(standing, now))


def _standings(cursor: Any, ids: Iterable[int]) -> dict[int, Standing]:
    ids = sorted(ids)
    lock = " ORDER BY id FOR UPDATE" if is_postgresql() else ""
    cursor.execute(
        f"SELECT id, attempt, event FROM mailroom_recipient WHERE id IN ({_marks(ids)}){lock}",  # noqa: S608
        ids,
    )
    return {id_: Standing(attempt, EVENTS[event]) for id_, attempt, event in cursor.fetchall()}


EVENTS = tuple(Event)


def _given_up(cursor: Any, told: Sequence[Told], now: datetime) -> list[Told]:
    """Refusals for copies that were put off once too often."""
    deferred = {one.key.id: one for one in told if one.event is Event.DEFERRED}
    if not deferred:
        return []
    cursor.execute(
        f"SELECT id FROM mailroom_recipient WHERE id IN ({_marks(list(deferred))}) AND due < %s",  # noqa: S608
        [*deferred, as_stored(now - GIVE_UP_AFTER)],
    )
    return [replace(deferred[id_], event=Event.REFUSED) for (id_,) in cursor.fetchall()]


def _append(cursor: Any, told: Sequence[Told]) -> None:
    moments = {moment: as_stored(datetime.fromtimestamp(moment, UTC)) for moment in {one.moment for one in told}}
    cursor.executemany(
        "INSERT INTO mailroom_journalentry (recipient_id, attempt, event, moment, code, queue_id) "
        "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [
            (one.key.id, one.key.attempt, int(one.event), moments[one.moment], one.code[:20], one.queue_id[:100])
            for one in told
        ],
    )


def _changed(told: Sequence[Told], rows: dict[int, Standing]) -> dict[int, tuple[Standing, str]]:
    """Where each recipient stands now that stands otherwise than before, and the reason."""
    changed: dict[int, tuple[Standing, str]] = {}
    for one in told:
        if one.key.id not in rows:
            continue
        standing = changed[one.key.id][0] if one.key.id in changed else rows[one.key.id]
        new = after(standing, Standing(one.key.attempt, one.event))
        if new != standing:
            keeps_code = one.event in (Event.DEFERRED, Event.REFUSED, Event.SKIPPED)
            changed[one.key.id] = (new, one.code[:LONGEST_REASON] if keeps_code else "")
    return changed


def _next_try(standing: Standing, now: datetime) -> datetime | None:
    """When the copy may be claimed again; None where that stays as it is."""
    return now + copy_pause(standing.attempt) if standing.event is Event.DEFERRED else None


def _update(cursor: Any, ids: Sequence[int], standing: Standing, *, reason: str, next_try: datetime | None) -> None:
    also, moment = (", next_try = %s", [as_stored(next_try)]) if next_try else ("", [])
    cursor.execute(
        f"UPDATE mailroom_recipient SET state = %s, event = %s, attempt = %s, reason = %s{also} "  # noqa: S608
        f"WHERE id IN ({_marks(ids)})",
        [standing.state, int(standing.event), standing.attempt, reason, *moment, *ids],
    )


def _marks(ids: Sequence[int]) -> str:
    return ",".join(["%s"] * len(ids))


# --- One event for many ---


def move(dispatch: Dispatch, states: Sequence[str], event: Event, *, code: str, now: datetime) -> int:
    """Append an editor's decision to all recipients in these states; how many. Inside a transaction."""
    return move_where(
        f"dispatch_id = %s AND state IN ({_marks([0] * len(states))})",
        [dispatch.pk, *states],
        event,
        code=code,
        now=now,
    )


def move_where(
    where: str, values: Sequence[Any], event: Event, *, code: str, now: datetime, is_decision: bool = True
) -> int:
    """Append one event to all recipients that a condition of SQL names; how many. Inside a transaction.

    A decision begins an attempt of its own, so it counts whatever was told of those before.
    """
    step = 1 if is_decision else 0
    keeps = event in (Event.SKIPPED, Event.REFUSED)
    new: list[Any] = [STATE_AFTER[event], int(event), step, code[:LONGEST_REASON] if keeps else ""]
    change = "state = %s, event = %s, attempt = attempt + %s, reason = %s"
    if event is Event.RELEASED:
        change, new = f"{change}, next_try = %s", [*new, as_stored(now)]
    entry = [int(event), as_stored(now), code[:20]]
    into = "INSERT INTO mailroom_journalentry (recipient_id, attempt, event, moment, code, queue_id)"
    update = f"UPDATE mailroom_recipient SET {change} WHERE {where}"  # noqa: S608 - conditions are ours
    with connections[READERS].cursor() as cursor:
        if is_postgresql():
            select = "SELECT id, attempt, %s, CAST(%s AS timestamp with time zone), %s, '' FROM moved"
            cursor.execute(
                f"WITH moved AS ({update} RETURNING id, attempt) {into} {select} ON CONFLICT DO NOTHING",
                [*new, *values, *entry],
            )
        else:
            select = f"SELECT id, attempt + %s, %s, %s, %s, '' FROM mailroom_recipient WHERE {where}"  # noqa: S608
            cursor.execute(f"{into} {select} ON CONFLICT DO NOTHING", [step, *entry, *values])
            cursor.execute(update, [*new, *values])
        return int(cursor.rowcount)


# --- After the end of a mailroom ---


def fold_replay(mailroom_id: int, told: Sequence[Told], unanswered: Sequence[Key], *, now: datetime) -> tuple[int, int]:
    """Bring in what the journal of a mailroom that is gone says; how many copies are uncertain, how many go back.

    Its claims end here: what the journal does not name was never handed over. Running it twice changes nothing more.
    """
    moment = int(now.timestamp())
    uncertain = [Told(key, Event.UNCERTAIN, moment) for key in unanswered]
    with transaction.atomic(using=READERS):
        fold([*told, *uncertain], now=now)
        back = move_where(
            "state = %s AND claim_id IN (SELECT id FROM mailroom_claim WHERE mailroom_id = %s)",
            [State.CLAIMED, mailroom_id],
            Event.RETURNED,
            code="",
            now=now,
            is_decision=False,
        )
        from stet.mailroom.notices import return_tries

        return_tries(mailroom_id, now=now)
    return len(uncertain), back
