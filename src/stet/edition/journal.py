"""What a commit is about to do, on disk before it does it, so that an interrupted commit can be finished.

The file's first line is the digest of the new pointer, then one line for each file to move ("+", where it is staged,
the sheet's path) and each sheet to remove ("-", its path), parted by tabs, in order; its last line is "end".
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from stet.edition.errors import EditionBrokenError


class Move(msgspec.Struct, frozen=True, gc=False):
    """A staged file (named relative to the staging folder) and the path of the sheet that it becomes."""

    staged: str
    path: str


class Journal(msgspec.Struct, frozen=True):
    """Everything that one commit moves and removes."""

    pointer_digest: str
    moves: tuple[Move, ...]
    removes: tuple[str, ...]

    def to_bytes(self) -> bytearray:
        """The journal's file."""
        file = bytearray()
        for line in self._lines():
            file += line.encode() + b"\n"
        return file

    @classmethod
    def load(cls, path: Path) -> "Journal | None":
        """The journal that stands at `path`; None when there is none; raises EditionBrokenError when it is cut off."""
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            raise EditionBrokenError("The edition's journal is damaged; print everything again.") from error
        if lines[-2:] != ["end", ""]:
            raise EditionBrokenError("The edition's journal is cut off; print everything again.")
        return cls(lines[0], tuple(_moves(lines)), tuple(_removes(lines)))

    def _lines(self) -> Iterator[str]:
        yield self.pointer_digest
        for move in self.moves:
            yield f"+\t{move.staged}\t{move.path}"
        for path in self.removes:
            yield f"-\t{path}"
        yield "end"


def _moves(lines: Sequence[str]) -> Iterable[Move]:
    return (Move(*line.split("\t")[1:]) for line in lines if line.startswith("+"))


def _removes(lines: Sequence[str]) -> Iterable[str]:
    return (line.split("\t")[1] for line in lines if line.startswith("-"))
