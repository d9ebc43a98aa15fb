"""Which stories a letter begins with. Pure: stories' values in, their order out.

The rules:
 * A story that a letter of the list carried already is not taken again.
 * The editors' picks come first, newest first; then the newest of the rest.
 * Of one section `a_turn` stories are taken, then it waits until every other section that has some had its turn.
   A pick counts as a turn of its section.
 * It is a beginning: an editor changes it. So it is short, at most `most` stories.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

MOST = 10
"""Stories in a letter to begin with; a mail of more is long to read and near the size that is clipped."""
A_TURN = 2
"""Stories of one section before the others have their turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A published story that a letter might carry."""

    id: int
    section: str
    published: datetime
    is_pick: bool = False


def gathered(
    candidates: Iterable[Candidate], *, carried: Collection[int] = (), most: int = MOST, a_turn: int = A_TURN
) -> tuple[Candidate, ...]:
    """The stories to begin with, in their order."""
    newest = sorted((c for c in candidates if c.id not in carried), key=lambda c: (c.published, c.id), reverse=True)
    taken = [candidate for candidate in newest if candidate.is_pick][:most]
    turns = Counter(candidate.section for candidate in taken)
    left = [candidate for candidate in newest if not candidate.is_pick]
    allowed = a_turn
    while left and len(taken) < most:
        waiting = []
        for candidate in left:
            if turns[candidate.section] < allowed and len(taken) < most:
                taken.append(candidate)
                turns[candidate.section] += 1
            else:
                waiting.append(candidate)
        left, allowed = waiting, allowed + a_turn
    return tuple(taken)
