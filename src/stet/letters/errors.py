"""What can go wrong with a letter, said so that a person can mend it."""

from stet.kit.errors import RefusedError, UnreachableError


class LetterRefusedError(RefusedError):
    """A letter that can't be set as a mail."""


class TestSendRefusedError(RefusedError):
    """A test mail that is not sent: too many of them, or no address to send it to."""


class MailServerError(UnreachableError):
    """The mail server did not take a test mail."""
