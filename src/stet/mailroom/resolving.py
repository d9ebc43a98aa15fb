"""What became of uncertain copies, by the relay's own log.

A copy is uncertain when it was handed over and the answer was not heard. The relay knows: it took the message and wrote
its Message-ID into its log, or it did not. Somebody who has that log can settle the matter without asking a reader.

The rules:
 * A copy whose Message-ID stands in the log was accepted, under the queue id that stands there.
 * One that does not stand there is owed again, once it has been uncertain for so long that the relay has ended whatever
   it was doing with the connection. Before that nothing is decided.
 * The log has to be whole since the letter went out. Where it lacks copies that the relay is known to have taken, it is
   another log, a part of one, or in a form that is not read: nothing is owed again then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from stet.mailroom.addressing import Addressing
from stet.mailroom.audience import READERS
from stet.mailroom.folding import fold, move_where
from stet.mailroom.journal import Key, Told
from stet.mailroom.models import Dispatch, JournalEntry, Recipient
from stet.mailroom.planning import settle
from stet.mailroom.states import Event, State

QUIET_AFTER = timedelta(minutes=15)
"""RFC 5321 section 4.5.3.2.6: a server waits at most ten minutes for the end of a message."""


SAMPLE = 200
"""How many of the first and of the last copies that the relay took are looked for in its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What the log said of a dispatch's uncertain copies."""

    arrived: int
    again: int
    """Owed again, because the relay never had them."""
    left: int
    """Still uncertain: too young to decide, or the log is not whole."""
    is_whole: bool = True
    """Whether the log holds what the relay is known to have taken of this letter."""


def resolve(
    dispatch: Dispatch,
    taken: Mapping[str, str],
    addressing: Addressing,
    *,
    now: datetime,
    quiet_after: timedelta = QUIET_AFTER,
) -> Resolution:
    """Settle uncertain copies. `taken` are queue ids by Message-ID, as `relay_log.read_relay_log` reads them."""
    with transaction.atomic(using=READERS):
        found = Dispatch.objects.select_for_update().get(pk=dispatch.pk)
        uncertain = list(
            Recipient.objects.filter(dispatch=found, state=State.UNCERTAIN)
            .values_list("pk", "attempt", "claim__taken_at")
            .order_by("pk")
        )
        is_whole = _is_whole(found, taken, addressing)
        arrived, again = [], []
        for pk, attempt, claimed in uncertain:
            queue_id = taken.get(addressing.message_id(found.letter, pk))
            if queue_id is not None:
                arrived.append(Told(Key("r", pk, attempt), Event.ACCEPTED, int(now.timestamp()), "log", queue_id))
            elif is_whole and claimed is not None and _since(pk, claimed) <= now - quiet_after:
                again.append(pk)
        fold(arrived, now=now)
        for start in range(0, len(again), 500):
            _owe(again[start : start + 500], now)
        if again and found.state in (Dispatch.State.FINISHED, Dispatch.State.HELD):
            found.state, found.finished_at, found.reason = Dispatch.State.SENDING, None, ""
            found.save(update_fields=["state", "finished_at", "reason"])
        settle(found, now=now)
    left = len(uncertain) - len(arrived) - len(again)
    return Resolution(arrived=len(arrived), again=len(again), left=left, is_whole=is_whole)


def _is_whole(dispatch: Dispatch, taken: Mapping[str, str], addressing: Addressing) -> bool:
    """Whether the log holds the first and the last copies of which the relay said that it took them."""
    accepted = JournalEntry.objects.filter(recipient__dispatch=dispatch, event=Event.ACCEPTED).exclude(queue_id="")
    known = accepted.values_list("recipient_id", flat=True)
    sample = {*known.order_by("pk")[:SAMPLE], *known.order_by("-pk")[:SAMPLE]}
    return bool(taken) and all(addressing.message_id(dispatch.letter, number) in taken for number in sample)


def _since(recipient_id: int, claimed: datetime) -> datetime:
    """Since when a copy is uncertain, at the latest."""
    entry = Recipient.objects.get(pk=recipient_id).entries.filter(event=Event.UNCERTAIN).order_by("-pk").first()
    return entry.moment if entry else claimed


def _owe(ids: list[int], now: datetime) -> None:
    marks = ",".join(["%s"] * len(ids))
    move_where(f"id IN ({marks}) AND state = %s", [*ids, State.UNCERTAIN], Event.RELEASED, code="log", now=now)
