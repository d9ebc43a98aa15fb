"""What can go wrong around the rooms: settings, newsroom folders, ports, processes.

Every message says what, where and the next step, and never holds the value that was wrong: it may be a secret.
"""

from stet.kit.errors import BrokenError, RefusedError, UnreachableError


class SettingError(RefusedError):
    """A setting in stet.toml is unknown or is not what was expected."""


class NewsroomMissingError(RefusedError):
    """The folder holds no newsroom, or one that cannot be read."""


class OccupiedError(RefusedError):
    """A port, folder or lock is in use by somebody else."""


class NoRoomError(RefusedError):
    """The disk is full or the folder cannot be written to."""


class ProcessError(BrokenError):
    """A process of the newsroom ended and does not come back."""


class DatabaseAwayError(UnreachableError):
    """A database does not answer, or may not be written to."""


class PersonError(RefusedError):
    """An account at the desk cannot be made or found."""


class ChangedByHandError(RefusedError):
    """A file that was to be written anew has been changed by a person."""


class PlaceUnknownError(RefusedError):
    """A web server is to be set up, and it is not said for which host."""
