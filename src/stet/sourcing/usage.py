"""Where sources, evidence and questions are used: what is used is not deleted, and not made unnamed.

A history names sources and evidence by their uid, and is kept; so past chains and statuses count as much as the last.
"""

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stet.sourcing.models import Attribution, Claim, Evidence, Question, Record, Source


def claims_with_source(source: Source) -> int:
    """How many claims name it, in their chain or anywhere in their history."""
    return _claims_telling(str(source.uid), set(_claims_in_chain(source=source)))


def claims_with_evidence(piece: Evidence) -> int:
    """How many claims rest on it, in their chain or anywhere in their history."""
    return _claims_telling(str(piece.uid), set(_claims_in_chain(evidence=piece)))


def _claims_in_chain(**which: Model) -> list[int]:
    return list(Attribution.objects.filter(**which).values_list("claim_id", flat=True))


def _claims_telling(uid: str, others: set[int]) -> int:
    telling = Record.objects.filter(body__contains=uid).values_list("claim_id", flat=True)
    return len(others | set(telling))


def why_kept(row: Claim | Question | Source | Evidence) -> str | None:
    """Why a row can't be deleted, in a sentence; None where it can."""
    if isinstance(row, Claim):
        return _(
            "A claim is not deleted: change its status to “withdrawn”. Its history stays, and so does what was said."
        )
    if isinstance(row, Question):
        claims = Claim.objects.filter(question=row).count()
        sentence = ngettext(
            "It was not deleted: %(number)d claim answers it. Take the claim out of it first.",
            "It was not deleted: %(number)d claims answer it. Take them out of it first.",
            claims,
        )
        return sentence % {"number": claims} if claims else None
    claims = claims_with_source(row) if isinstance(row, Source) else claims_with_evidence(row)
    sentence = ngettext(
        "It was not deleted: the history of %(number)d claim names it, and histories are kept.",
        "It was not deleted: the histories of %(number)d claims name it, and histories are kept.",
        claims,
    )
    return sentence % {"number": claims} if claims else None
