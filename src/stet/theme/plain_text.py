"""Clean HTML and words as plain text of a mail: short lines, links on lines of their own, nothing escaped.

A mail's text part is set from the same blocks as its HTML. Only the little HTML that editors write inside a block is
read here: paragraphs, lists, links, line breaks.
"""

import textwrap
from html.parser import HTMLParser

from markupsafe import Markup

from stet.theme.addresses import absolute

WIDTH = 72
"""Characters in a line of text (RFC 3676, section 4.2, asks for 78 at most)."""


def wrapped(text: str, *, indent: str = "") -> str:
    """The text in lines of at most 72 characters; a word that is longer keeps a line to itself.

    Markup, which is what a message with values is, is read back into the words it stands for.
    """
    text = text.unescape() if isinstance(text, Markup) else text
    lines = (
        textwrap.fill(
            line,
            WIDTH,
            initial_indent=indent,
            subsequent_indent=" " * len(indent),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.split("\n")
    )
    return "\n".join(lines)


def heading(text: str, mark: str) -> str:
    """The text with a line of marks under it, as long as its longest line.

    >>> print(heading("The dam", "="))
    The dam
    =======
    """
    lines = wrapped(text)
    return f"{lines}\n{mark * max(map(len, lines.splitlines()), default=0)}"


def as_text(html: str, base_url: str) -> str:
    """Clean HTML of paragraphs and lists as text; the addresses of its links follow each paragraph.

    >>> print(as_text('<p>Read <a href="/dam/">this</a>.</p><ul><li>One</li></ul>', "https://example.org"))
    Read this.
    https://example.org/dam/
    <BLANKLINE>
    - One
    """
    reader = _Reader(base_url)
    reader.feed(html)
    reader.close()
    reader.end()
    return "\n\n".join(reader.parts)


class _Reader(HTMLParser):
    """Gathers paragraphs and list items as they end."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self.base_url = base_url
        self.parts: list[str] = []
        self._text = ""
        self._links: list[str] = []
        self._lists: list[int | None] = []
        """The next number of each open list; None in one without numbers."""
        self._follows_item = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a paragraph, an item, a line; note a link's address."""
        given = dict(attrs)
        if tag in ("p", "li", "ul", "ol"):
            self.end()
        if tag == "ul":
            self._lists.append(None)
        elif tag == "ol":
            start = given.get("start") or ""
            self._lists.append(int(start) if start.isdecimal() else 1)
        elif tag == "br":
            self._text += "\n"
        elif tag == "a" and (address := given.get("href")):
            self._links.append(absolute(self.base_url, address).removeprefix("mailto:"))

    def handle_endtag(self, tag: str) -> None:
        """End what is open."""
        if tag in ("p", "li"):
            self.end(is_item=tag == "li")
        elif tag in ("ul", "ol") and self._lists:
            self.end()
            self._lists.pop()
            self._follows_item = False

    def handle_data(self, data: str) -> None:
        """Take words."""
        self._text += " ".join(data.split("\n"))

    def end(self, *, is_item: bool = False) -> None:
        """Set what was gathered as one part; the items of a list stand close together."""
        text = "\n".join(" ".join(line.split()) for line in self._text.split("\n")).strip()
        links = [link for link in dict.fromkeys(self._links) if link not in text]
        self._text, self._links = "", []
        if not text:
            return
        part = "\n".join([wrapped(text, indent=self._mark() if is_item and self._lists else ""), *links])
        if is_item and self._follows_item:
            self.parts[-1] += f"\n{part}"
        else:
            self.parts.append(part)
        self._follows_item = is_item

    def _mark(self) -> str:
        number = self._lists[-1]
        if number is None:
            return "- "
        self._lists[-1] = number + 1
        return f"{number}. "
