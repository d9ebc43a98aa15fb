"""What can go wrong with claims and their sources, said so that a person can mend it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from stet.kit.errors import BrokenError, RefusedError, UnreachableError
from stet.newsroom.errors import HeldError


class ClaimRefusedError(RefusedError):
    """A claim that is not made: something about it is missing or contradicts itself. `fields` says what, by field."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(dict.fromkeys(fields.values())))
        self.fields = dict(fields)


class SourceRefusedError(RefusedError):
    """A source that is not made or changed so."""


class AssistantMissingError(RefusedError):
    """There is no assistant, or none that reads this language."""


class ChainRefusedError(RefusedError):
    """A chain of attribution that can't be: empty, circular, or with an unknown source."""


class StatusRefusedError(RefusedError):
    """A status that a claim can't take."""


class EvidenceRefusedError(RefusedError):
    """Evidence that is not taken in: too large, of no known kind, or at an address nobody may look up."""


class EvidenceKeyRefusedError(RefusedError):
    """A key for evidence that is missing, of another kind, or does not fit its passphrase."""


class EvidenceBrokenError(BrokenError):
    """A copy of evidence that is not what was taken in: altered, lost, or sealed for another key."""


class EvidenceUnreachableError(UnreachableError):
    """The disk did not keep a copy of evidence."""


class HistoryBrokenError(BrokenError):
    """A claim's history does not follow from its digests: somebody altered it."""


class SourcingHeldError(HeldError):
    """A story that is not approved: gaps in its sourcing are open. Its text holds every one of them."""

    place = "sourcing_story_gaps"

    def __init__(self, *, page: int, headline: str, sentences: tuple[str, ...]) -> None:
        self.page = page
        self.headline = headline
        values = {"headline": headline, "why": " ".join(sentences)}
        super().__init__(_("“%(headline)s” was not approved: %(why)s") % values)

    def said_there(self, *, is_among_others: bool) -> str:
        """One sentence; the page below it has the gaps."""
        del is_among_others
        sentence = _("“%(headline)s” was not approved. See below what is open in its sourcing.")
        return sentence % {"headline": self.headline}


class ReasonMissingError(HeldError):
    """A story that is approved in spite of gaps without a reason, or where that is not allowed."""

    place = "sourcing_story_gaps"

    def __init__(self, *, page: int) -> None:
        self.page = page
        super().__init__(_("Nothing was approved. Say why this story may pass with gaps, if this step allows it."))
