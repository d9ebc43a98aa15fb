"""What can go wrong in the office."""

from stet.kit.errors import RefusedError


class PersonError(RefusedError):
    """An account at the office cannot be made or found."""
