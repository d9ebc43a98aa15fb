"""What can go wrong with a letter, said so that a person can mend it."""

from stet.kit.errors import RefusedError, UnreachableError


class ProofRefusedError(RefusedError):
    """A test mail that is not sent: no mail server is set, or too many were asked for."""


class MailServerError(UnreachableError):
    """The mail server did not take a test mail."""
