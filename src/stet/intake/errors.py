"""What can go wrong with an archive.

A message names the file and the line where it can, then the next step. It never quotes an author's address.
"""

from stet.kit.errors import BrokenError, RefusedError


class ArchiveError(RefusedError):
    """The archive as a whole cannot be read: missing, unsafe, or not of the kind that was named."""


class ArchiveFileError(ArchiveError):
    """One file of an archive is wrong; the message begins with its name and line."""

    def __init__(self, file: str, line: int | None, sentence: str) -> None:
        self.file = file
        self.line = line
        where = file if line is None else f"{file}, line {line}"
        super().__init__(f"{where}: {sentence}")


class DiskError(RefusedError):
    """The disk is full or may not be written to."""


class ReportError(BrokenError):
    """A loss report does not add up: something was read and not accounted for."""
