"""What an editor can do to a dispatch. A mailroom at work notices within a second or two.

The rules:
 * Whatever is handed over already cannot be taken back.
 * A decision is an event like any other: it stands in the journal of each copy that it concerns.
 * What was accepted stays accepted.
"""

from datetime import UTC, datetime, timedelta
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from stet.mailroom.audience import READERS
from stet.mailroom.errors import DispatchRefusedError
from stet.mailroom.folding import move, move_where
from stet.mailroom.models import Dispatch, LaneState, Mailroom
from stet.mailroom.planning import settle
from stet.mailroom.states import Event, State

SILENT_FOR = timedelta(minutes=10)
"""A mailroom that was not seen for this long may be gone."""

LIVE = (Dispatch.State.PLANNED, Dispatch.State.SENDING)
OVER = (Dispatch.State.FINISHED, Dispatch.State.CANCELLED)


def pause(dispatch: Dispatch, *, reason: str = "") -> None:
    """Stop sending until `resume`."""
    with transaction.atomic(using=READERS):
        found = _locked(dispatch)
        _refuse_unless(found, LIVE, _("Only a dispatch that is planned or being sent can be paused."))
        _set(found, Dispatch.State.PAUSED, reason)


def resume(dispatch: Dispatch, *, now: datetime | None = None) -> None:
    """Go on where `pause` stopped."""
    with transaction.atomic(using=READERS):
        found = _locked(dispatch)
        _refuse_unless(found, (Dispatch.State.PAUSED,), _("Only a paused dispatch can be resumed."))
        _set(found, Dispatch.State.SENDING)
        settle(found, now=_now(now))


def cancel(dispatch: Dispatch, *, now: datetime | None = None) -> int:
    """Send no more of it; how many copies are skipped at once. Those that a mailroom has at hand follow."""
    with transaction.atomic(using=READERS):
        found = _locked(dispatch)
        _refuse_unless(found, (*LIVE, Dispatch.State.PAUSED, Dispatch.State.HELD), _("This dispatch is over already."))
        owed = [State.WAITING, State.DEFERRED, State.HELD]
        count = move(found, owed, Event.SKIPPED, code="cancelled", now=_now(now))
        _set(found, Dispatch.State.CANCELLED)
    return count


def retry_refused(dispatch: Dispatch, *, now: datetime | None = None) -> int:
    """Owe the refused copies again; how many."""
    return _release(dispatch, State.REFUSED, now=_now(now))


def send_held(dispatch: Dispatch, *, now: datetime | None = None) -> int:
    """Send, late as it is, what missed its hour; how many copies."""
    return _release(dispatch, State.HELD, now=_now(now))


def leave_out_held(dispatch: Dispatch, *, now: datetime | None = None) -> int:
    """Do not send what missed its hour; how many copies are skipped."""
    moment = _now(now)
    with transaction.atomic(using=READERS):
        found = _locked(dispatch)
        count = move(found, [State.HELD], Event.SKIPPED, code="late", now=moment)
        if found.state == Dispatch.State.HELD:
            _set(found, Dispatch.State.SENDING)
        settle(found, now=moment)
    return count


def release_uncertain(dispatch: Dispatch, how: Literal["arrived", "again"], *, now: datetime | None = None) -> int:
    """Decide about uncertain copies: count them as arrived, or owe them again; how many.

    "again" can give some of those readers the letter twice, which is why the mailroom never does it by itself.
    """
    moment = _now(now)
    if how == "again":
        return _release(dispatch, State.UNCERTAIN, now=moment)
    with transaction.atomic(using=READERS):
        found = _locked(dispatch)
        count = move(found, [State.UNCERTAIN], Event.ACCEPTED, code="by hand", now=moment)
        settle(found, now=moment)
    return count


def give_up_mailroom(mailroom: Mailroom, *, now: datetime | None = None) -> int:
    """Say that a mailroom and its journal are lost for good; how many copies it had at hand are uncertain now."""
    moment = _now(now)
    if mailroom.ended is not None or moment - mailroom.seen < SILENT_FOR:
        raise DispatchRefusedError(_("This mailroom was at work a moment ago, or has ended in order."))
    return give_up_journal(mailroom, now=moment)


def give_up_journal(mailroom: Mailroom, *, now: datetime) -> int:
    """Count as uncertain whatever a mailroom had at hand: nobody can say any more what it handed over."""
    with transaction.atomic(using=READERS):
        count = move_where(
            "state = %s AND claim_id IN (SELECT id FROM mailroom_claim WHERE mailroom_id = %s)",
            [State.CLAIMED, mailroom.pk],
            Event.UNCERTAIN,
            code="journal lost",
            now=now,
            is_decision=False,
        )
        Mailroom.objects.filter(pk=mailroom.pk).update(ended=now)
    return count


def end_warm_up(lane: str) -> None:
    """Say that the providers of this lane know the sender already."""
    LaneState.objects.update_or_create(lane=lane, defaults={"is_warm": True})


def end_pause_of_lane(lane: str) -> None:
    """Try a lane again now that waits because of its provider's answers."""
    LaneState.objects.filter(lane=lane).update(waits_until=None, setbacks=0)


def _release(dispatch: Dispatch, state: str, *, now: datetime) -> int:
    with transaction.atomic(using=READERS):
        found = _locked(dispatch)
        if found.state == Dispatch.State.CANCELLED:
            raise DispatchRefusedError(_("This dispatch was cancelled. Send the letter as a new one."))
        count = move(found, [state], Event.RELEASED, code="by hand", now=now)
        if count and found.state in (Dispatch.State.FINISHED, Dispatch.State.HELD):
            found.finished_at = None
            _set(found, Dispatch.State.SENDING)
    return count


def _locked(dispatch: Dispatch) -> Dispatch:
    return Dispatch.objects.select_for_update().get(pk=dispatch.pk)


def _refuse_unless(dispatch: Dispatch, states: tuple[Dispatch.State, ...], why: str) -> None:
    if dispatch.state not in states:
        raise DispatchRefusedError(why)


def _set(dispatch: Dispatch, state: Dispatch.State, reason: str = "") -> None:
    dispatch.state, dispatch.reason = state, reason
    dispatch.save(update_fields=["state", "reason", "finished_at"])


def _now(now: datetime | None) -> datetime:
    return now or datetime.now(UTC)
