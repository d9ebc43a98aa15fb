"""Stored rich text read for its marks, and written with others. Pure.

A mark is stored as `<a linktype="claim" id="12" mark="k3f9x2" exact="…" prefix="…" suffix="…">words</a>`. What is not
of that shape is no mark: its words are text like any other.
"""

import re
from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser

import msgspec

from stet.sourcing.anchoring import CONTEXT_CHARACTERS, Passage, Piece, Quote

LINK_TYPE = "claim"
NAME = re.compile(r"[a-z0-9]{6,22}")
"""A mark's name."""
_WHITE = " \t\n\f\r"
_LINES = frozenset({"p", "li", "h2", "h3", "h4", "blockquote", "div"})
_NUMBER = re.compile(r"[0-9]{1,18}")
"""A claim's number; no database counts further."""


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """The opening tag of a mark in stored rich text: where it stands, and what it says."""

    start: int
    end: int
    mark: str
    claim: int
    quote: Quote


def passages_in(html: str) -> tuple[Passage, ...]:
    """The passages of stored rich text, in order, without the empty ones.

    >>> passages_in('<p>Some <a linktype="claim" id="7" mark="k3f9x2" exact="600">600</a> died.</p>')[0].text
    'Some 600 died.'
    """
    reader = _read(html)
    return tuple(
        passage if number == 0 else msgspec.structs.replace(passage, is_next=True)
        for number, passage in enumerate(reader.passages)
    )


def elements_in(html: str) -> tuple[Element, ...]:
    """The opening tags of marks in stored rich text, in order."""
    return tuple(_read(html).elements)


def written_anew(html: str, quotes: Mapping[int, tuple[str, Quote]]) -> str:
    """The same text with other names and quotes on some of its marks, which are numbered in order."""
    parts, done = [], 0
    for number, element in enumerate(elements_in(html)):
        name, quote = quotes.get(number, (element.mark, element.quote))
        if (name, quote) != (element.mark, element.quote):
            parts += [html[done : element.start], opening_tag(element.claim, name, quote)]
            done = element.end
    return "".join([*parts, html[done:]])


def opening_tag(claim: int, mark: str, quote: Quote) -> str:
    """The tag that opens a mark."""
    said = " ".join(f'{name}="{escape(value)}"' for name, value in attributes_of(claim, mark, quote).items())
    return f"<a {said}>"


def attributes_of(claim: int, mark: str, quote: Quote) -> dict[str, str]:
    """What a mark's tag says."""
    return {
        "linktype": LINK_TYPE, "id": str(claim), "mark": mark, "exact": quote.exact, "prefix": quote.prefix,
        "suffix": quote.suffix,
    }  # fmt: skip


def read_attributes(values: Mapping[str, object]) -> tuple[int, str, Quote] | None:
    """Claim, name and quote of a mark's attributes; None where they are no mark's."""
    number, name = str(values.get("id") or ""), str(values.get("mark") or "")
    if not _NUMBER.fullmatch(number) or not NAME.fullmatch(name):
        return None
    said = {one: str(values.get(one) or "") for one in ("exact", "prefix", "suffix")}
    quote = Quote(
        exact=said["exact"], prefix=said["prefix"][-CONTEXT_CHARACTERS:], suffix=said["suffix"][:CONTEXT_CHARACTERS]
    )
    return int(number), name, quote


def _read(html: str) -> "_Reader":
    reader = _Reader(html or "")
    reader.feed(html or "")
    reader.close()
    reader.end_passage()
    return reader


class _Reader(HTMLParser):
    """Collects passages; white space is folded as HTML folds it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.passages: list[Passage] = []
        self.elements: list[Element] = []
        self._lines = [0, *(match.end() for match in re.finditer("\n", html))]
        self._text = ""
        self._pieces: list[Piece] = []
        self._open: tuple[Element, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A passage or a mark begins."""
        if tag in _LINES:
            self.end_passage()
        elif tag == "br":
            self.handle_data("\n")
        elif tag == "a":
            self._end_mark()
            self._begin_mark(dict(attrs))

    def _begin_mark(self, values: dict[str, str | None]) -> None:
        read = read_attributes(values) if values.get("linktype") == LINK_TYPE else None
        if read is None:
            return
        line, column = self.getpos()
        start = self._lines[line - 1] + column
        claim, mark, quote = read
        end = start + len(self.get_starttag_text() or "")
        element = Element(start=start, end=end, mark=mark, claim=claim, quote=quote)
        self.elements.append(element)
        self._open = element, len(self._text)

    def handle_data(self, data: str) -> None:
        """Words."""
        for character in data:
            if character not in _WHITE:
                self._text += character
            elif self._text and not self._text.endswith(" "):
                self._text += " "

    def handle_endtag(self, tag: str) -> None:
        """A mark or a passage ends."""
        if tag == "a":
            self._end_mark()
        elif tag in _LINES:
            self.end_passage()

    def _end_mark(self) -> None:
        if self._open is None:
            return
        element, start = self._open
        self._open = None
        if start < len(self._text):
            piece = Piece(
                mark=element.mark, claim=element.claim, quote=element.quote, start=start, end=len(self._text),
                element=len(self.elements) - 1,
            )  # fmt: skip
            self._pieces.append(piece)

    def end_passage(self) -> None:
        """Put the passage aside; a mark that is still open ends with it."""
        self._end_mark()
        text = self._text.rstrip(" ")
        pieces = (msgspec.structs.replace(piece, end=min(piece.end, len(text))) for piece in self._pieces)
        if text:
            self.passages.append(Passage(text=text, pieces=tuple(one for one in pieces if one.start < one.end)))
        self._text, self._pieces = "", []
