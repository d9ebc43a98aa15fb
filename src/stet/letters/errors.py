"""What can go wrong with a letter, said so that a person can mend it."""

from django.utils.translation import gettext as _

from stet.kit.errors import RefusedError, UnreachableError
from stet.newsroom.errors import HeldError


class LetterHeldError(HeldError):
    """A letter that is not published: preflight found something broken. Its text holds every finding."""

    place = "letters_check"

    def __init__(self, *, letter: int, subject: str, sentences: tuple[str, ...]) -> None:
        self.page = letter
        self.subject = subject
        values = {"subject": subject, "why": " ".join(sentences)}
        super().__init__(_("“%(subject)s” was not published: %(why)s") % values)

    def said_there(self, *, is_among_others: bool) -> str:
        """One sentence; the page below it has the findings, each with where it is mended."""
        sentence = (
            _("“%(subject)s” was not published, and nothing else either. See below what is to be mended first.")
            if is_among_others
            else _("“%(subject)s” was not published. See below what is to be mended first.")
        )
        return sentence % {"subject": self.subject}


class ProofRefusedError(RefusedError):
    """A test mail that is not sent: no mail server is set, or too many were asked for."""


class MailServerError(UnreachableError):
    """The mail server did not take a test mail."""
