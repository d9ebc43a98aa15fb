"""Stored rich text, read: its words and its links. Pure."""

from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass(frozen=True, slots=True, kw_only=True)
class RichLink:
    """A link as Wagtail stores it: to an address, or to a page by its number."""

    words: str
    url: str
    page: int | None
    """The page's number; 0, which no page has, where it is none; None for a link to an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RichText:
    """What stands in a piece of rich text."""

    words: str
    links: tuple[RichLink, ...]


def read_rich_text(html: str) -> RichText:
    """Words and links of stored rich text.

    >>> read_rich_text('<p>A <a linktype="page" id="7">dam</a>.</p>').links
    (RichLink(words='dam', url='', page=7),)
    """
    reader = _Reader()
    reader.feed(html or "")
    reader.close()
    return RichText(words="".join(reader.words), links=tuple(reader.links))


class _Reader(HTMLParser):
    """Collects words and links."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[RichLink] = []
        self._open: tuple[str, int | None, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A link begins, or a line."""
        if tag == "a":
            values = dict(attrs)
            page = _number(values.get("id") or "") if values.get("linktype") == "page" else None
            self._open = (values.get("href") or "", page, len(self.words))
        elif tag in ("p", "li", "br", "h2", "h3"):
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        """Words."""
        self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        """A link ends."""
        if tag == "a" and self._open:
            url, page, start = self._open
            self.links.append(RichLink(words="".join(self.words[start:]).strip(), url=url, page=page))
            self._open = None


def _number(word: str) -> int:
    """A page's number; 0, which no page has, for what is none or is more than any database counts to."""
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 19 else 0
