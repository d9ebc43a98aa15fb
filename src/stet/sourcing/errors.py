"""What can go wrong with claims and their sources, said so that a person can mend it."""

from stet.kit.errors import BrokenError, RefusedError


class ChainRefusedError(RefusedError):
    """A chain of attribution that can't be: empty, circular, or with an unknown source."""


class StatusRefusedError(RefusedError):
    """A status that a claim can't take."""


class EvidenceRefusedError(RefusedError):
    """Evidence that is not taken in: too large, of no known kind, or at an address nobody may look up."""


class HistoryBrokenError(BrokenError):
    """A claim's history does not follow from its digests: somebody altered it."""
