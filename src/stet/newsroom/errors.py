"""What can go wrong in the newsroom, said so that a person can mend it."""

from django.utils.translation import gettext as _

from stet.kit.errors import RefusedError


class PhotoRefusedError(RefusedError):
    """A file that cannot be taken as a photo."""


class HeldError(RefusedError):
    """A page that is not approved or published now. What its form had saved stands as a draft."""

    page: int
    place = "wagtailadmin_pages:edit"
    """The name of the address to which who may edit the page is led."""

    def said_there(self, *, is_among_others: bool) -> str:
        """The sentence above what that address shows. `is_among_others`: many were to be published at once."""
        del is_among_others
        return str(self)


class NoFrontError(RefusedError):
    """A page that can't be shown as it would be printed: the front of its language is not published."""


class ChecksOpenError(HeldError):
    """A story that is not approved: something on the checklist is open. Its text holds all of it."""

    def __init__(self, *, page: int, headline: str, sentences: tuple[str, ...]) -> None:
        self.page = page
        values = {"headline": headline, "why": " ".join(sentences)}
        super().__init__(_("“%(headline)s” was not approved: %(why)s") % values)


class EmbargoedError(HeldError):
    """A story that is not published, or not scheduled for that hour, because it is under embargo."""

    def __init__(self, *, page: int, headline: str, until: str, is_scheduled: bool) -> None:
        self.page = page
        sentence = (
            _("“%(headline)s” is embargoed until %(hour)s. Schedule it for that hour or a later one.")
            if is_scheduled
            else _("“%(headline)s” is embargoed until %(hour)s. It was not published; the draft is saved.")
        )
        super().__init__(sentence % {"headline": headline, "hour": until})


class BundleRefusedError(RefusedError):
    """A bundle of which nothing goes live, because one of its members can't."""

    def __init__(self, problems: dict[int, str]) -> None:
        self.problems = problems
        """What is wrong with each member that can't be published, by the member's number; 0 for the bundle itself."""
        super().__init__(" ".join(problems.values()))


class PhotoHeldError(HeldError):
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
