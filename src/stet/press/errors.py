"""What can go wrong at the press."""

from stet.kit.errors import BrokenError, RefusedError, UnreachableError


class PressBusyError(RefusedError):
    """Another press is printing this edition."""


class CopyBrokenError(BrokenError):
    """A row that can't be turned into copy."""


class MemoryUnreachableError(UnreachableError):
    """The file with the press's memory can't be written or read."""


class NothingToPackError(RefusedError):
    """The edition holds nothing of what an offline edition was asked of."""


class TooLargeError(RefusedError):
    """An offline edition does not fit the size it was given, even without photos."""


class PaperUnavailableError(RefusedError):
    """A PDF can't be set on this machine."""
