"""Marks that say whose copy a text is, in the text itself: which of its spaces do not break.

A space between two words is chosen by a digest of the two; the digest also says which of the mark's bits stands there:
a no-break space is a one, an ordinary space a zero. So any few paragraphs hold most of the mark, whatever stands around
them, and it goes along where text is copied with its spaces. Whoever types the text anew, or replaces all spaces, loses
it: the visible lines are the other half.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

BITS = 32
EVERY = 3
"""Of so many spaces, one carries a bit."""
NO_BREAK = "\u00a0"
LEAST_SPACES = 24
"""Spaces with a bit below which nothing is said: half of them agree with any mark by chance."""
LEAST_AGREEMENT = 0.9

_TAG = re.compile(r"(<[^>]*>)")
_SPACE = re.compile(rf"([ {NO_BREAK}])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How well a text agrees with one mark."""

    mark: int
    agreement: float
    """From 0 to 1; of somebody else's copy about a half."""


def marked(html: str, mark: int) -> str:
    """The same HTML with the mark in the spaces of its text; tags stay as they are."""
    return "".join(piece if piece.startswith("<") else _woven(piece, mark) for piece in _TAG.split(html))


def _woven(text: str, mark: int) -> str:
    pieces = _SPACE.split(text)
    for place, bit in _places(pieces):
        pieces[place] = NO_BREAK if mark >> bit & 1 else " "
    return "".join(pieces)


def _places(pieces: list[str]) -> Iterator[tuple[int, int]]:
    """(where a chosen space stands, the bit it carries)."""
    for place in range(1, len(pieces) - 1, 2):
        before, after = pieces[place - 1], pieces[place + 1]
        if before and after:
            digest = hashlib.sha256(f"{before} {after}".encode()).digest()
            if digest[0] % EVERY == 0:
                yield place, digest[1] % BITS


def is_legible(text: str) -> bool:
    """Whether a text has enough spaces to tell, and not all of one kind."""
    read = list(_read(text))
    return len(read) >= LEAST_SPACES and len({is_one for _bit, is_one in read}) > 1


def whose(text: str, marks: Iterable[int]) -> list[Found]:
    """The marks that the text agrees with, the best first; none where it says too little."""
    if not is_legible(text):
        return []
    read = list(_read(text))
    found = [Found(mark=mark, agreement=_agreement(read, mark)) for mark in marks]
    return sorted((one for one in found if one.agreement >= LEAST_AGREEMENT), key=lambda one: -one.agreement)


def _read(text: str) -> Iterator[tuple[int, bool]]:
    for line in text.splitlines():
        pieces = _SPACE.split(line)
        for place, bit in _places(pieces):
            yield bit, pieces[place] == NO_BREAK


def _agreement(read: list[tuple[int, bool]], mark: int) -> float:
    return sum(bool(mark >> bit & 1) == is_one for bit, is_one in read) / len(read)
