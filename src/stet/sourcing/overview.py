"""What the desk shows of claims beyond their rows: who says so, roots, status, ranges, and where they stand in print.

Everything is read by the batch: a page of a list takes as many queries for 20 claims as for one.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec
from django.db.models import Count, Q
from django.urls import reverse

from stet.sourcing import reading
from stet.sourcing.computing import Range, agreeing, independent_roots, ranges
from stet.sourcing.models import ClaimLink, Mention
from stet.sourcing.terms import Relation
from stet.sourcing.values import Claim
from stet.sourcing.words import STATUSES

AGREES = (Relation.REPEATS, Relation.CORROBORATES)
MOST_AGREEING = 500
"""Claims that are read to count independent roots; who agrees with more than that is counted up to here."""
STATUS_WORDS = dict(STATUSES)


class ClaimLine(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as a list shows it."""

    id: int
    sentence: str
    says: tuple[str, ...]
    """Names of the chain, who speaks first."""
    status: Any
    status_word: Any
    stands: bool
    roots: int
    stories: int
    """In how many printed stories it stands."""
    value: str
    unit: str
    as_of: Any
    url: str


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A story that a claim stands in."""

    title: str
    words: str
    url: str


def lines(ids: Iterable[int], *, language: str) -> dict[int, ClaimLine]:
    """Claims as a list shows them, by id."""
    wanted = list(ids)
    known = reading.read_claims({*wanted, *agreeing_ids(wanted)})
    printed = stories_in_print(wanted)
    return {pk: _line(known[pk], known, printed[pk], language) for pk in wanted if pk in known}


def _line(claim: Claim, known: dict[int, Claim], stories: int, language: str) -> ClaimLine:
    text = claim.text(language)
    return ClaimLine(
        id=claim.id, sentence=text.sentence, says=tuple(link.source.text(language).name for link in claim.chain),
        status=claim.status, status_word=STATUS_WORDS[claim.status], stands=claim.stands,
        roots=independent_roots(agreeing(claim, known)), stories=stories, value=value_in_words(claim, language),
        unit=text.unit, as_of=claim.as_of, url=claim_url(claim.id),
    )  # fmt: skip


def value_in_words(claim: Claim, language: str) -> str:
    """The value as a table shows it; empty where there is none. Words of yes and no are the template's."""
    if claim.value_date:
        return claim.value_date.isoformat()
    numbers = [value for value in (claim.low, claim.best, claim.high) if value is not None]
    if numbers:
        return "–".join(f"{value.normalize():f}" for value in dict.fromkeys(numbers))
    return claim.text(language).value_text


def agreeing_ids(ids: Iterable[int]) -> set[int]:
    """Claims that agree with these, through others too: a query for each step, until there are enough."""
    found = set(ids)
    waiting = set(found)
    most = len(found) + MOST_AGREEING
    while waiting and len(found) < most:
        pairs = ClaimLink.objects.filter(Q(claim_id__in=waiting) | Q(other_id__in=waiting), relation__in=AGREES)
        ends = {end for pair in pairs.values_list("claim_id", "other_id")[:most] for end in pair}
        waiting = ends - found
        found |= waiting
    return found


def stories_in_print(ids: Iterable[int]) -> dict[int, int]:
    """In how many printed stories each claim stands."""
    rows = Mention.objects.filter(claim_id__in=set(ids), is_in_print=True).values_list("claim_id")
    return defaultdict(int, rows.annotate(stories=Count("page", distinct=True)))


def standing_of(claim_id: int) -> list[Standing]:
    """Printed stories that a claim stands in, with the words that are marked."""
    rows = Mention.objects.filter(claim_id=claim_id, is_in_print=True).select_related("page").order_by("-page_id", "pk")
    return [
        Standing(title=row.page.title, words=row.exact, url=reverse("wagtailadmin_pages:edit", args=[row.page_id]))
        for row in rows[:200]
    ]


def spans(question_id: int, *, language: str) -> tuple[tuple[Range, ...], int, int]:
    """(what the numbers of a question span, from how many roots, how many claims): four queries, however many."""
    rivals = reading.read_rivals(question_id)
    return ranges(rivals, language), independent_roots(rivals), len(rivals)


def claim_url(pk: int) -> str:
    """Where a claim is edited."""
    return reverse("wagtailsnippets_sourcing_claim:edit", args=[pk])
