"""The text of a form that is still being written, as the editor's script sends it. Pure.

The script sends each piece of rich text as a list of paragraphs, each a list of stretches: words, and what the mark on
them says, or null. Places go back counted as JavaScript counts them, in units of UTF-16.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from stet.sourcing.anchoring import Passage, Piece, Span
from stet.sourcing.rich_text import read_attributes

MOST_CHARACTERS = 400_000
"""Of a story that is looked at: a long book. More is refused, so that nobody makes the desk wait."""

Stretches = list[tuple[str, dict[str, Any] | None]]


class Posted(msgspec.Struct, frozen=True, kw_only=True):
    """What the script sends of a story."""

    language: str
    texts: list[list[Stretches]]
    page: int | None = None
    dismissed: list[str] = msgspec.field(default_factory=list)
    """Offers that were put aside in this draft."""
    taken_off: list[str] = msgspec.field(default_factory=list)
    """Marks that were taken off on purpose since the form was opened."""

    @property
    def length(self) -> int:
        """Characters of it."""
        return sum(len(words) for text in self.texts for line in text for words, _mark in line)


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Words of the form: which piece of rich text, which paragraph, from where to where."""

    text: int
    line: int
    start: int
    end: int


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """The same as passages, and where each stands in the form."""

    passages: tuple[Passage, ...]
    places: tuple[tuple[int, int], ...]

    def place(self, span: Span) -> Place:
        """Where a stretch of a passage stands, counted as the script counts."""
        text, line = self.places[span.passage]
        words = self.passages[span.passage].text
        return Place(text=text, line=line, start=units(words[: span.start]), end=units(words[: span.end]))


def units(text: str) -> int:
    """How long JavaScript takes a text to be.

    >>> units("a😀")
    3
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def draft_of(posted: Posted) -> Draft:
    """The passages of what was sent, without the empty ones."""
    passages, places = [], []
    for text, lines in enumerate(posted.texts):
        is_first = True
        for line, stretches in enumerate(lines):
            passage = _passage(stretches, is_next=not is_first)
            if passage.text.strip():
                passages.append(passage)
                places.append((text, line))
                is_first = False
    return Draft(passages=tuple(passages), places=tuple(places))


def _passage(stretches: Sequence[tuple[str, dict[str, Any] | None]], *, is_next: bool) -> Passage:
    words, pieces = "", []
    for said, mark in stretches:
        read = read_attributes(mark) if mark else None
        if read is not None:
            claim, name, quote = read
            start, end = len(words), len(words) + len(said)
            pieces.append(Piece(mark=name, claim=claim, quote=quote, start=start, end=end))
        words += said
    return Passage(text=words, pieces=tuple(pieces), is_next=is_next)
