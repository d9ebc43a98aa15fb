"""What can go wrong in the newsroom, said so that a person can mend it."""

from django.utils.translation import gettext as _

from stet.kit.errors import RefusedError


class PhotoRefusedError(RefusedError):
    """A file that cannot be taken as a photo."""


class PhotoHeldError(RefusedError):
    """An article that is not published: a photo of it may not be shown any more. Its text says which."""

    def __init__(self, *, page: int, headline: str, photos: tuple[str, ...]) -> None:
        self.page = page
        values = {"headline": headline, "why": " ".join(photos)}
        super().__init__(
            _(
                "“%(headline)s” was not published. %(why)s Take it out, or agree on a longer time and note that at the "
                "photo."
            )
            % values
        )
