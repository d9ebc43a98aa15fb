"""What can happen to one reader's copy of a letter, and what follows from it.

The rules:
 * What happened is told by events. An event belongs to an attempt: the number of the claim under which it happened.
 * ACCEPTED stands for ever, whatever else is told of any attempt: the letter was taken, and nothing unsays that.
 * Otherwise the latest attempt counts, and of its events the strongest, in the order of `Event`.
 * So the order in which events come to be known does not matter, and telling one twice changes nothing.
 * Only what waits or was put off can be claimed; a claim is the next attempt.

Nothing here touches a database, a file or a clock.
"""

from enum import IntEnum
from typing import NamedTuple


class State:
    """Where a copy stands, as rows have it."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    SKIPPED = "skipped"
    HELD = "held"


class Event(IntEnum):
    """What happened in an attempt, the weakest first."""

    PLANNED = 0
    """Nothing yet: the copy is owed."""
    CLAIMED = 1
    """A mailroom took it on."""
    RETURNED = 2
    """It was never handed over; somebody else can have it."""
    UNCERTAIN = 3
    """It was handed over, and no answer was heard."""
    HELD = 4
    """Its hour was missed by too much; an editor decides."""
    SKIPPED = 5
    """It is not sent, for a reason."""
    DEFERRED = 6
    """The server asked to try again later."""
    REFUSED = 7
    """The server will not take it."""
    RELEASED = 8
    """An editor or the relay's log said: send it (again)."""
    ACCEPTED = 9
    """The server took it."""


STATE_AFTER = {
    Event.PLANNED: State.WAITING,
    Event.CLAIMED: State.CLAIMED,
    Event.RETURNED: State.WAITING,
    Event.UNCERTAIN: State.UNCERTAIN,
    Event.HELD: State.HELD,
    Event.SKIPPED: State.SKIPPED,
    Event.DEFERRED: State.DEFERRED,
    Event.REFUSED: State.REFUSED,
    Event.RELEASED: State.WAITING,
    Event.ACCEPTED: State.ACCEPTED,
}

OWED = (State.WAITING, State.DEFERRED)
"""What can be claimed."""
SETTLED = (State.ACCEPTED, State.REFUSED, State.SKIPPED, State.UNCERTAIN)
"""What the mailroom does nothing more about by itself."""


class Standing(NamedTuple):
    """What counts of all that was told of a copy."""

    attempt: int
    event: Event

    @property
    def state(self) -> str:
        """Where the copy stands."""
        return STATE_AFTER[self.event]


def after(standing: Standing, told: Standing) -> Standing:
    """What counts once an event was told.

    >>> after(Standing(1, Event.UNCERTAIN), Standing(1, Event.ACCEPTED)).state
    'accepted'
    >>> after(Standing(2, Event.CLAIMED), Standing(1, Event.DEFERRED)).state
    'claimed'
    """
    if told.event is not Event.ACCEPTED:
        return standing if standing.event is Event.ACCEPTED else max(standing, told)
    return min(standing, told) if standing.event is Event.ACCEPTED else told
