"""Plain builders for the office's tests: dispatches with copies that stand in given states."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from stet.mailroom.models import Dispatch, Recipient
from stet.mailroom.states import Event, State
from tests.mailroom.dispatches import a_reader

NOW = datetime(2026, 11, 27, 6, tzinfo=UTC)
EVENTS = {
    State.WAITING: Event.PLANNED,
    State.CLAIMED: Event.CLAIMED,
    State.ACCEPTED: Event.ACCEPTED,
    State.DEFERRED: Event.DEFERRED,
    State.REFUSED: Event.REFUSED,
    State.UNCERTAIN: Event.UNCERTAIN,
    State.SKIPPED: Event.SKIPPED,
    State.HELD: Event.HELD,
}


def a_dispatch(*, copies: dict[str, int] | None = None, reason: str = "", **changes: Any) -> Dispatch:
    """A dispatch with so many copies in each state; three more candidates had not confirmed."""
    copies = copies or {}
    planned = sum(copies.values())
    values = {
        "letter": uuid4(), "list_key": "en.the-week", "subject": "The dam", "page": "/letters/the-week/2026-11-27/",
        "due": "2026-11-27T08:00", "is_local": True, "time_zone": "Europe/Riga", "state": Dispatch.State.SENDING,
        "candidates": planned + 3, "planned": planned, "excluded": {"pending": 3}, "planned_at": NOW,
        "first_due": NOW, "last_due": NOW + timedelta(hours=5),
    }  # fmt: skip
    dispatch = Dispatch.objects.create(**{**values, **changes})
    for state, count in copies.items():
        for number in range(count):
            reader = a_reader(f"{state}.{number}.{dispatch.pk}@gmail.com")
            Recipient.objects.create(
                dispatch=dispatch, reader=reader, subscription=reader.subscriptions.get(), lane="gmail", due=NOW,
                next_try=NOW, state=state, event=EVENTS[state], attempt=0 if state == State.WAITING else 1,
                reason=reason if state in (State.SKIPPED, State.DEFERRED, State.REFUSED) else "",
            )  # fmt: skip
    return dispatch
