"""What can go wrong in the newsroom, said so that a person can mend it."""

from django.utils.translation import gettext as _

from stet.kit.errors import RefusedError


class PhotoRefusedError(RefusedError):
    """A file that cannot be taken as a photo."""


class ChecksOpenError(RefusedError):
    """A story that is not approved: something on the checklist is open. Its text holds all of it."""

    def __init__(self, *, page: int, headline: str, sentences: tuple[str, ...]) -> None:
        self.page = page
        values = {"headline": headline, "why": " ".join(sentences)}
        super().__init__(_("“%(headline)s” was not approved: %(why)s") % values)
