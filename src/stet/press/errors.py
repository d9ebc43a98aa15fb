"""What can go wrong at the press."""

from stet.kit.errors import BrokenError, RefusedError, UnreachableError


class PressBusyError(RefusedError):
    """Another press is printing this edition."""


class CopyBrokenError(BrokenError):
    """A row that can't be turned into copy."""


class MemoryUnreachableError(UnreachableError):
    """The file with the press's memory can't be written or read."""
