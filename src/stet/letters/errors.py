"""What can go wrong with a letter, said so that a person can mend it."""

from django.utils.translation import gettext as _

from stet.kit.errors import RefusedError, UnreachableError


class LetterHeldError(RefusedError):
    """A letter that is not published: preflight found something broken. Its text holds every finding."""

    def __init__(self, *, letter: int, subject: str, sentences: tuple[str, ...]) -> None:
        self.letter = letter
        self.subject = subject
        values = {"subject": subject, "why": " ".join(sentences)}
        super().__init__(_("“%(subject)s” was not published: %(why)s") % values)


class ProofRefusedError(RefusedError):
    """A test mail that is not sent: no mail server is set, or too many were asked for."""


class MailServerError(UnreachableError):
    """The mail server did not take a test mail."""
