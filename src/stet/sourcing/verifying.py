"""Looking everything over: histories against their digests, chains against their histories, copies against theirs.

Nothing is changed. What is found is a sentence each, with the number of the claim or the piece; no name, no title.
"""

from collections.abc import Callable, Iterator

import msgspec
from django.utils.translation import gettext as _

from stet.kit import canonical, digests
from stet.sourcing.copies import ORIGINAL, SEALED, WORKING, EvidenceFolder
from stet.sourcing.errors import EvidenceBrokenError, EvidenceUnreachableError, HistoryBrokenError
from stet.sourcing.history import verify
from stet.sourcing.models import Claim, Evidence, Record
from stet.sourcing.terms import Visibility

TAG = "stet claim histories 1"
AT_ONCE = 500

Progress = Callable[[int, int], None]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at and what was found."""

    claims: int
    pieces: int
    copies: int
    problems: tuple[str, ...]
    strays: int
    """Files that no piece of evidence names: an upload was cut off, or a row was taken out."""
    heads: str
    """One digest over the ends of all histories. Noted elsewhere, it shows whether records were taken off an end."""

    @property
    def ok(self) -> bool:
        """Whether nothing was altered and nothing is gone."""
        return not self.problems


def look_over(folder: EvidenceFolder, *, progress: Progress = lambda _done, _all: None) -> Report:
    """Look at every claim and every copy."""
    claims, pieces = Claim.objects.count(), Evidence.objects.count()
    problems: list[str] = []
    for done, claim in enumerate(Claim.objects.order_by("pk").iterator(AT_ONCE), 1):
        try:
            verify([claim])
        except HistoryBrokenError as error:
            problems.append(str(error))
        progress(done, claims + pieces)
    named: set[tuple[str, str]] = set()
    for done, piece in enumerate(Evidence.objects.order_by("pk").iterator(AT_ONCE), claims + 1):
        for kind, digest in _copies(piece):
            named.add((kind, str(piece.uid) if kind == SEALED else digest))
            problems += _problem(folder, piece, kind, digest)
        progress(done, claims + pieces)
    strays = sum((kind, name) not in named for kind, name, _file in folder.files())
    return Report(
        claims=claims, pieces=pieces, copies=len(named), problems=tuple(problems), strays=strays, heads=_heads()
    )


def _copies(piece: Evidence) -> Iterator[tuple[str, str]]:
    if piece.size_bytes is None:
        return
    if piece.visibility == Visibility.SEALED:
        yield SEALED, piece.sha256
        return
    yield ORIGINAL, piece.sha256
    if piece.working_sha256:
        yield WORKING, piece.working_sha256


def _problem(folder: EvidenceFolder, piece: Evidence, kind: str, digest: str) -> list[str]:
    try:
        opened = folder.open_sealed(piece.uid, digest) if kind == SEALED else folder.open(kind, digest)
    except (EvidenceBrokenError, EvidenceUnreachableError) as error:
        return [_("Evidence %(piece)d, %(kind)s copy: %(why)s") % {"piece": piece.pk, "kind": kind, "why": error}]
    opened.close()
    return []


def _heads() -> str:
    """The digest of the last digest of each history, by the claims' uids."""
    last: dict[str, str] = {}
    records = Record.objects.order_by("claim_id", "number").values_list("claim__uid", "digest")
    for uid, digest in records.iterator(AT_ONCE):
        last[str(uid)] = digest
    return digests.hex_digest(TAG, canonical.write(last))
