"""What can go wrong with claims and their sources, said so that a person can mend it."""

from collections.abc import Mapping

from stet.kit.errors import BrokenError, RefusedError


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


class HistoryBrokenError(BrokenError):
    """A claim's history does not follow from its digests: somebody altered it."""
