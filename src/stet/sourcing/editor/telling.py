"""What the editor is told of claims: sentence, chain, status, roots, and what is missing."""

from collections.abc import Iterable, Mapping

import msgspec
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from stet.sourcing import words
from stet.sourcing.computing import agreeing, independent_roots
from stet.sourcing.reading import read_claims
from stet.sourcing.terms import Status
from stet.sourcing.values import Claim, Link

MOST_RELATED = 500
"""Claims looked at to count roots; a question with more is counted on its own page."""


class ToldLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link of a chain, in words."""

    name: str
    role: str
    verb: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A claim, in words."""

    id: int
    sentence: str
    status: str
    is_gone: bool
    chain: tuple[ToldLink, ...]
    roots: int
    gaps: tuple[str, ...]
    url: str
    """Its page at the desk; empty where there is none."""


def tell(ids: Iterable[int], *, language: str) -> dict[int, Told]:
    """Claims in words, those that exist."""
    wanted = set(ids)
    known = _with_related(wanted)
    return {pk: _told(known[pk], known, language) for pk in wanted if pk in known}


def _with_related(ids: set[int]) -> dict[int, Claim]:
    """The claims, and those that they are related to, through others too."""
    known: dict[int, Claim] = {}
    waiting = ids
    while waiting and len(known) < MOST_RELATED:
        found = read_claims(waiting)
        known |= found
        others = {other for claim in found.values() for _, other in (*claim.relations, *claim.related_from)}
        waiting = set(sorted(others - set(known))[: MOST_RELATED - len(known)])
    return known


def _told(claim: Claim, known: Mapping[int, Claim], language: str) -> Told:
    roots = independent_roots(agreeing(claim, known))
    return Told(
        id=claim.id, sentence=claim.text(language).sentence, status=str(dict(words.STATUSES)[claim.status]),
        is_gone=not claim.stands, chain=tuple(_link(link, language) for link in claim.chain), roots=roots,
        gaps=tuple(_gaps(claim)), url=_url(claim.id),
    )  # fmt: skip


def _link(link: Link, language: str) -> ToldLink:
    text = link.source.text(language)
    return ToldLink(name=text.name, role=link.roles.get(language) or text.role, verb=str(dict(words.VERBS)[link.verb]))


def _gaps(claim: Claim) -> Iterable[str]:
    if not claim.chain:
        yield _("Nobody is named who says so: the claim has no chain.")
    has_evidence = any(link.evidence for link in claim.chain) or any(event.evidence for event in claim.events)
    if claim.status is Status.CONFIRMED and not has_evidence:
        yield _("It is called confirmed and has no evidence.")
    if not claim.stands:
        yield _("It does not stand any more. Mend the words, or put them on another claim.")


def _url(claim: int) -> str:
    try:
        return reverse("wagtailsnippets_sourcing_claim:edit", args=[claim])
    except NoReverseMatch:
        return ""
