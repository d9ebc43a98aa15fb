"""Where stories are told once more in other words, such as in letters. Rooms that do so say it here; others ask.

A letter may give a story a headline and a teaser of its own. Whoever looks at what a story says has to see them too,
and may not know of letters.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Retelling:
    """One line in which a story is told."""

    page: int
    """The page that tells it."""
    name: str
    """That page's headline or subject."""
    article: int
    words: str
    anchor: str
    """The field or block in that page's form where it is mended."""


class Teller(Protocol):
    """A room whose pages tell stories."""

    def of_articles(self, articles: Collection[int]) -> Iterable[Retelling]:
        """Every line in which one of these articles is told, in a fixed number of queries."""

    def in_page(self, page: Any) -> Iterable[Retelling] | None:
        """Every line of a page as its editor has it; None where it is not a page of this room."""


_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Have a room asked from here on; twice is once."""
    if not any(type(known) is type(teller) for known in _tellers):
        _tellers.append(teller)


def retellings(articles: Collection[int]) -> tuple[Retelling, ...]:
    """Every line in which one of these articles is told."""
    return tuple(line for teller in _tellers for line in teller.of_articles(articles)) if articles else ()


def retold_in(page: Any) -> tuple[Retelling, ...]:
    """The lines of a page that tells stories."""
    for teller in _tellers:
        found = teller.in_page(page)
        if found is not None:
            return tuple(found)
    return ()
