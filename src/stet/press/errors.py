"""What can go wrong at the press."""

from stet.kit.errors import BrokenError, RefusedError


class PressBusyError(RefusedError):
    """Another press is printing this edition."""


class CopyBrokenError(BrokenError):
    """A row that can't be turned into copy."""
