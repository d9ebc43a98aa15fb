"""What became of uncertain copies, by the relay's own log.

A copy is uncertain when it was handed over and the answer was not heard. The relay knows: it took the message and wrote
its Message-ID into its log, or it did not. Somebody who has that log can settle the matter without asking a reader.

The rules:
 * A copy whose Message-ID stands in the log was accepted, under the queue id that stands there.
 * One that does not stand there is owed again, once it has been uncertain for so long that the relay has ended whatever
   it was doing with the connection. Before that nothing is decided.
 * The log has to be whole from the moment at which the copy was handed over. Whoever calls answers for that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from stet.mailroom.addressing import Addressing
from stet.mailroom.audience import READERS
from stet.mailroom.folding import fold, move_where
from stet.mailroom.journal import Key, Told
from stet.mailroom.models import Dispatch, Recipient
from stet.mailroom.planning import settle
from stet.mailroom.states import Event, State

QUIET_AFTER = timedelta(minutes=15)
"""RFC 5321 section 4.5.3.2.6: a server waits at most ten minutes for the end of a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What the log said of a dispatch's uncertain copies."""

    arrived: int
    again: int
    """Owed again, because the relay never had them."""
    left: int
    """Still uncertain: too young to decide."""


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
        arrived, again = [], []
        for pk, attempt, claimed in uncertain:
            queue_id = taken.get(addressing.message_id(found.letter, pk))
            if queue_id is not None:
                arrived.append(Told(Key("r", pk, attempt), Event.ACCEPTED, int(now.timestamp()), "log", queue_id))
            elif claimed is not None and _since(pk, claimed) <= now - quiet_after:
                again.append(pk)
        fold(arrived, now=now)
        for start in range(0, len(again), 500):
            _owe(again[start : start + 500], now)
        if again and found.state in (Dispatch.State.FINISHED, Dispatch.State.HELD):
            found.state, found.finished_at, found.reason = Dispatch.State.SENDING, None, ""
            found.save(update_fields=["state", "finished_at", "reason"])
        settle(found, now=now)
    return Resolution(arrived=len(arrived), again=len(again), left=len(uncertain) - len(arrived) - len(again))


def _since(recipient_id: int, claimed: datetime) -> datetime:
    """Since when a copy is uncertain, at the latest."""
    entry = Recipient.objects.get(pk=recipient_id).entries.filter(event=Event.UNCERTAIN).order_by("-pk").first()
    return entry.moment if entry else claimed


def _owe(ids: list[int], now: datetime) -> None:
    marks = ",".join(["%s"] * len(ids))
    move_where(f"id IN ({marks}) AND state = %s", [*ids, State.UNCERTAIN], Event.RELEASED, code="log", now=now)
