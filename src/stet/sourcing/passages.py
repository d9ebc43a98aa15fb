"""Stored rich text as passages: plain words, a paragraph or list item each, with the marks on them. Pure."""

from html.parser import HTMLParser

import msgspec

from stet.sourcing.story import Marked

_LINES = frozenset({"p", "li", "h2", "h3", "h4", "h5", "blockquote", "div"})
_LONGEST_ID = 18
"""Digits; no database counts further."""


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """One passage."""

    words: str
    marks: tuple[Marked, ...] = ()


def passages_in(html: str) -> tuple[Words, ...]:
    """The passages of stored rich text, in order, without the empty ones.

    >>> passages_in('<p>Some <a linktype="claim" id="7" mark="k3f9x2" exact="600">600</a> died.</p>')[0].words
    'Some 600 died.'
    """
    reader = _Reader()
    reader.feed(html or "")
    reader.close()
    reader.end_passage()
    return tuple(reader.passages)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.passages: list[Words] = []
        self._parts: list[str] = []
        self._length = 0
        self._marks: list[Marked] = []
        self._open: tuple[dict[str, str], int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A passage or a mark begins."""
        if tag in _LINES:
            self.end_passage()
        elif tag == "br":
            self.handle_data("\n")
        elif tag == "a":
            self._end_mark()
            values = {name: value or "" for name, value in attrs}
            if values.get("linktype") == "claim":
                self._open = values, self._length

    def handle_data(self, data: str) -> None:
        """Words."""
        self._parts.append(data)
        self._length += len(data)

    def handle_endtag(self, tag: str) -> None:
        """A passage or a mark ends."""
        if tag in _LINES:
            self.end_passage()
        elif tag == "a":
            self._end_mark()

    def _end_mark(self) -> None:
        if self._open is None:
            return
        (values, start), self._open = self._open, None
        mark = Marked(
            start=start, end=self._length, mark=values.get("mark", ""), claim=_number(values.get("id", "")),
            exact=values.get("exact", ""),
        )  # fmt: skip
        if self._marks and _follows(mark, self._marks[-1]):
            mark = msgspec.structs.replace(mark, start=self._marks.pop().start)
        self._marks.append(mark)

    def end_passage(self) -> None:
        """Keep what was read since the last one; a mark ends with its passage."""
        self._end_mark()
        words = "".join(self._parts)
        if words.strip() or self._marks:
            self.passages.append(Words(words=words, marks=tuple(self._marks)))
        self._parts, self._length, self._marks = [], 0, []


def _follows(then: Marked, first: Marked) -> bool:
    """Whether two pieces are one mark, which was set in two elements."""
    return then.start == first.end and (then.mark, then.claim, then.exact) == (first.mark, first.claim, first.exact)


def _number(word: str) -> int:
    """A claim's number; 0, which no claim has, for what is none."""
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= _LONGEST_ID else 0
