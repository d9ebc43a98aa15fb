"""A story as the checks look at it, frozen: its words by place, its marks, and the claims they carry. Pure.

A place says where something is mended: the desk's form of a page, and the field or block in it.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from stet.sourcing.values import Claim, Value


class PlaceKind(StrEnum):
    """What sort of words stand there."""

    HEADLINE = "headline"
    SHORT_HEADLINE = "short_headline"
    STANDFIRST = "standfirst"
    TEXT = "text"
    LETTER = "letter"
    TRANSLATION = "translation"


class Place(Value, frozen=True, kw_only=True):
    """Where words stand, and where they are mended."""

    kind: PlaceKind
    page: int
    """The page in whose form they are mended; 0 for a page that was never saved."""
    url: str = ""
    """The desk's address of that form."""
    anchor: str = ""
    """The field or block in it, such as "#id_title" or "#block-…-section"."""
    name: str = ""
    """The page's headline or subject."""

    @property
    def href(self) -> str:
        """The address of the field or block."""
        return f"{self.url}{self.anchor}"


class Marked(Value, frozen=True, kw_only=True):
    """A mark and where it stands in its passage."""

    start: int
    end: int
    mark: str
    claim: int
    """The claim it was put on, which may not exist any more."""
    exact: str
    """The words it was put on."""
    is_changed: bool = False
    """Whether a keeper of marks found other words, such as half of them."""


class Passage(Value, frozen=True, kw_only=True):
    """A paragraph or a line of a list, in plain text."""

    place: Place
    words: str
    language: str
    marks: tuple[Marked, ...] = ()
    beside: tuple[int, ...] = ()
    """Claims that are marked anywhere in the same story."""


class Line(Value, frozen=True, kw_only=True):
    """Words in which a story is told once more: a headline, a teaser, a translation's sentence."""

    place: Place
    words: str
    language: str
    states: tuple[int, ...] = ()
    """Claims that are marked on them; of others it is judged by the words."""


class Lost(Value, frozen=True, kw_only=True):
    """A mark whose words are not in the text any more."""

    mark: str
    claim: int
    exact: str


class Story(Value, frozen=True, kw_only=True):
    """A story, as it is drafted or as it is printed."""

    page: int
    language: str
    name: str
    url: str = ""
    """The desk's address of its form."""
    is_in_print: bool = False
    passages: tuple[Passage, ...] = ()
    lines: tuple[Line, ...] = ()
    lost: tuple[Lost, ...] = ()
    elsewhere: tuple[Passage, ...] = ()
    """Printed passages of other stories that carry a claim of this one."""
    claims: Mapping[int, Claim] = msgspec.field(default_factory=dict)
    """Those that are marked, and those they are related to."""

    @property
    def marked(self) -> dict[int, tuple[Passage, Marked]]:
        """Each claim that is marked, with the first place it is marked at."""
        found: dict[int, tuple[Passage, Marked]] = {}
        for passage in self.passages:
            for mark in passage.marks:
                found.setdefault(mark.claim, (passage, mark))
        return found

    @property
    def text(self) -> Place:
        """The place of the text as a whole."""
        return Place(kind=PlaceKind.TEXT, page=self.page, url=self.url, anchor=BODY, name=self.name)


BODY = "#panel-child-content-body-section"
"""Where the blocks stand in an article's form: Wagtail's own name for the panel."""


class Severity(StrEnum):
    """What a finding is."""

    BROKEN = "broken"
    """What readers get, or would get, is not so."""
    LOOK = "look"
    """An editor may well have meant it."""


class Kind(StrEnum):
    """What was found."""

    UNMARKED = "unmarked"
    CHANGED = "changed"
    GONE = "gone"
    UNCONFIRMED = "unconfirmed"
    CIRCULAR = "circular"
    DANGLING = "dangling"
    UNHEDGED = "unhedged"
    OUTDATED = "outdated"
    ELSEWHERE = "elsewhere"


class Finding(Value, frozen=True, kw_only=True):
    """One gap: what, how bad, where, and in one sentence."""

    kind: Kind
    severity: Severity
    place: Place
    sentence: str
    claim: int | None = None
    mark: str | None = None

    @property
    def is_broken(self) -> bool:
        """Whether it is more than something to look at."""
        return self.severity is Severity.BROKEN
