"""What can go wrong with claims and their sources, said so that a person can mend it."""

from django.utils.translation import gettext as _

from stet.kit.errors import BrokenError, RefusedError


class ChainRefusedError(RefusedError):
    """A chain of attribution that can't be: empty, circular, or with an unknown source."""


class StatusRefusedError(RefusedError):
    """A status that a claim can't take."""


class EvidenceRefusedError(RefusedError):
    """Evidence that is not taken in: too large, of no known kind, or at an address nobody may look up."""


class HistoryBrokenError(BrokenError):
    """A claim's history does not follow from its digests: somebody altered it."""


class SourcingHeldError(RefusedError):
    """A story that is not approved: gaps in its sourcing are open. Its text holds every one of them."""

    def __init__(self, *, page: int, headline: str, sentences: tuple[str, ...]) -> None:
        self.page = page
        self.headline = headline
        values = {"headline": headline, "why": " ".join(sentences)}
        super().__init__(_("“%(headline)s” was not approved: %(why)s") % values)


class ReasonMissingError(RefusedError):
    """A story that is approved in spite of gaps without a reason, or where that is not allowed."""

    def __init__(self, *, page: int) -> None:
        self.page = page
        super().__init__(_("Nothing was approved. Say why this story may pass with gaps, if this step allows it."))
