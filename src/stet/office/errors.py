"""What can go wrong in the office."""

from stet.kit.errors import RefusedError, UnreachableError


class PersonError(RefusedError):
    """An account at the office cannot be made or found."""


class DnsUnreachableError(UnreachableError):
    """A name server did not answer, or could not."""


class MailSettingError(RefusedError):
    """Letters cannot be checked before something is set."""
