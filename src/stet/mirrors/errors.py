"""What can go wrong with a mirror, each in one of the three families of `stet.kit.errors`.

No message holds a host, a user's name or a credential: it may stand in a log.
"""

from stet.kit.errors import BrokenError, RefusedError, UnreachableError


class MirrorRefusedError(RefusedError):
    """A mirror cannot be used as it is set up: it does not let us in, or lacks what its kind needs."""


class OtherSiteError(RefusedError):
    """Another site's edition stands at the mirror."""


class PointerMovedError(RefusedError):
    """Somebody else moved the mirror's pointer while we were at work; start again from what stands there now."""


class ShrinkingError(RefusedError):
    """Most of what stands at the mirror would be removed; that is hardly ever meant."""


class MirrorMissingError(RefusedError):
    """There is no mirror of that name."""


class MirrorBrokenError(BrokenError):
    """What stands at the mirror is no edition of this site that could be continued."""


class RegisterBrokenError(BrokenError):
    """The list of mirrors cannot be read."""


class MirrorUnreachableError(UnreachableError):
    """The mirror did not answer, or not in time, or has no room."""


class MirrorBusyError(UnreachableError):
    """Another process carries to this mirror at the moment."""


class EditionMovedError(UnreachableError):
    """The edition was printed anew while its files were taken; start again with the new one."""
