"""What can go wrong with an edition, each in one of the three families of `stet.kit.errors`."""

from stet.kit.errors import BrokenError, RefusedError, UnreachableError


class SheetRefusedError(RefusedError):
    """A sheet cannot stand in an edition: its path, media type, size or place is not allowed."""


class KeyRefusedError(RefusedError):
    """A key file, or a set of keys, cannot be used as asked."""


class FolderRefusedError(RefusedError):
    """The edition's folder cannot be used as it is: not allowed to write there, or not set up."""


class FolderBusyError(RefusedError):
    """Another process is writing this edition."""


class EditionBrokenError(BrokenError):
    """An edition, its manifest, pointer or identity is not what it must be."""


class PageBrokenError(BrokenError):
    """A page's own signature is missing or does not vouch for the page."""


class FolderUnreachableError(UnreachableError):
    """The disk did not take or give what it was asked for; what stood before still stands."""


class AddressRefusedError(RefusedError):
    """What was given as an address, a proxy or a copy is none that can be read."""


class AddressUnreachableError(UnreachableError):
    """A host did not answer, or not with what was asked for."""
