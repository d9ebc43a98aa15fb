"""What the comments in a text do to its reading: block markup, and WordPress's own page breaks.

The rules:
 * A block that the old site made anew for each visitor is left out with everything in it.
 * A block that shows something of another site is a card.
 * Of a block that comes from a plugin the HTML in it is kept.

Nothing here touches disk, network, clock or Django.
"""

from dataclasses import dataclass, field

from stet.intake.block_markup import BlockComment, block_comment
from stet.intake.web_writer import BlockWriter


@dataclass(slots=True, kw_only=True)
class CommentReader:
    """Reads the comments of one element's content, in order."""

    writer: BlockWriter
    _left_out: list[str] = field(default_factory=list)
    """Names of the blocks that are being left out, each inside the one before."""

    @property
    def is_leaving_out(self) -> bool:
        """Whether what follows stands in a block that is left out."""
        return bool(self._left_out)

    def read(self, text: str) -> None:
        """Do what a comment asks for."""
        block = block_comment(text)
        if block is None:
            self._plain(text.strip())
        elif self._left_out:
            self._within(block)
        elif not block.is_end:
            self._begins(block)

    def _within(self, block: BlockComment) -> None:
        """Find the end of the block that is left out, minding blocks of its name inside it."""
        if block.name != self._left_out[-1]:
            return
        if block.is_end:
            self._left_out.pop()
        elif not block.is_void:
            self._left_out.append(block.name)

    def _begins(self, block: BlockComment) -> None:
        if block.is_void and block.url:
            self.writer.card(block.url)
        elif block.is_made_by_site:
            self.writer.end_paragraph()
            self.writer.lose("block removed: made by the old site for each visitor", block.name)
            if not block.is_void:
                self._left_out.append(block.name)
        elif block.name == "block":
            self.writer.lose("unknown block removed", "a block kept elsewhere in WordPress (reusable block)")
        elif block.is_foreign:
            reason = "unknown block removed" if block.is_void else "unknown block: its text was kept"
            self.writer.lose(reason, block.name)

    def _plain(self, text: str) -> None:
        if self._left_out:
            return
        if text == "nextpage":
            self.writer.end_paragraph()
            self.writer.lose("page break removed: long articles are split by the press")
        elif text.split(" ")[0] == "more":
            self.writer.end_paragraph()
