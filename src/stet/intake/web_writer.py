"""What a text has become so far: its blocks, the paragraph that is still open, and what was lost on the way.

The rules:
 * Words and marks go into the open paragraph, until something that stands by itself ends it.
 * Paragraphs and lists that follow each other are one block of text.
 * An address that is a paragraph of its own is a card: WordPress makes an embed of it.
 * Text is cleaned once more before it is kept.
"""

import re
from dataclasses import dataclass, field
from html import escape, unescape

from stet.intake import records
from stet.intake.records import Loss
from stet.intake.web_addresses import site_name, watch_address
from stet.intake.web_markup import clean_text, says_something, spaced_html

_EDGES = re.compile(r"^(?:\s|<br>)+|(?:\s|<br>)+$")
_ADDRESS = re.compile(r"https?://[^\s<>]+")


@dataclass(slots=True, kw_only=True)
class BlockWriter:
    """Collects blocks and losses, in the order of the text."""

    blocks: list[records.Block] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)
    """HTML of the open paragraph."""

    def lose(self, reason: str, detail: str = "") -> None:
        """Note a loss."""
        self.losses.append(Loss(reason=reason, detail=detail))

    def add(self, block: records.Block) -> None:
        """Put a block behind the others; the paragraph before it has to be ended."""
        self.blocks.append(block)

    # --- The open paragraph ---

    def mark(self, html: str) -> None:
        """Write HTML that is known to be clean."""
        self._open.append(html)

    def words(self, text: str | None) -> None:
        """Write running text: a line break in it is a space."""
        if text:
            self._open.append(spaced_html(text))

    def plain(self, text: str) -> None:
        """Write text as it is."""
        self._open.append(escape(text, quote=False))

    def loose_words(self, text: str | None) -> None:
        """Write text that stands in no element: an empty line ends the paragraph, a line break stays one."""
        if not text:
            return
        for number, part in enumerate(re.split(r"\n[ \t]*\n\s*", text)):
            if number:
                self.end_paragraph()
            if part.strip() or any(piece.strip() for piece in self._open):
                lines = (escape(re.sub(r"[ \t]+", " ", line), quote=False) for line in part.split("\n"))
                self._open.append("<br>".join(lines))

    def end_paragraph(self) -> None:
        """Keep the open paragraph, or the card that it is."""
        html = _EDGES.sub("", "".join(self._open))
        self._open = [html]
        if _ADDRESS.fullmatch(html):
            self._open = []
            self.card(unescape(html))
        self._keep_open()

    def _keep_open(self) -> None:
        html, self._open = "".join(self._open), []
        if says_something(html):
            self.text(f"<p>{html}</p>")

    # --- Blocks ---

    def text(self, html: str) -> None:
        """Keep paragraphs and lists, joined to those before them."""
        clean = clean_text(html)
        if not says_something(clean):
            return
        before = self.blocks[-1] if self.blocks else None
        if isinstance(before, records.Text):
            self.blocks[-1] = records.Text(html=before.html + clean)
        else:
            self.add(records.Text(html=clean))

    def card(self, url: str, *, title: str = "", text: str = "") -> None:
        """Keep a still card for something on another site, and say so."""
        self.lose("became a still card, which loads nothing from elsewhere", site_name(watch_address(url)))
        self.quiet_card(url, title=title, text=text)

    def quiet_card(self, url: str, *, title: str = "", text: str = "") -> None:
        """Keep a still card for something whose loss was told already."""
        address = watch_address(url)
        site = site_name(address)
        self._keep_open()
        self.add(records.Embed(url=address, site=site, title=title or site, text=text))
