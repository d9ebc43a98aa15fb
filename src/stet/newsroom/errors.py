"""What can go wrong in the newsroom, said so that a person can mend it."""

from stet.kit.errors import RefusedError


class PhotoRefusedError(RefusedError):
    """A file that cannot be taken as a photo."""
