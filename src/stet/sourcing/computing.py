"""What follows from claims and is never typed in. Pure.

The rules:
 * Independent roots are the distinct last links of chains: three outlets that cite one agency count as one.
 * A claim without a chain has no root; it adds none.
 * A claim that was corrected, withdrawn or superseded counts for nothing.
 * A range spans numbers of one unit; claims in another unit are a range of their own.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

import msgspec

from stet.sourcing.terms import Relation, Status, ValueKind
from stet.sourcing.values import Claim, StatusEvent

AGREES = frozenset({Relation.REPEATS, Relation.CORROBORATES})


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """What rival claims span, in one unit."""

    unit: str
    low: Decimal
    high: Decimal
    claims: int
    """How many claims gave a number."""


def independent_roots(claims: Iterable[Claim]) -> int:
    """From how many sources, that do not cite each other, the claims come."""
    return len({claim.root.uid for claim in claims if claim.stands and claim.root is not None})


def agreeing(claim: Claim, known: Mapping[int, Claim]) -> tuple[Claim, ...]:
    """The claim and all that repeat or corroborate it, from either side and through others, by id."""
    found, waiting = {claim.id: claim}, [claim]
    while waiting:
        here = waiting.pop()
        others = [other for relation, other in (*here.relations, *here.related_from) if relation in AGREES]
        for other in others:
            if other in known and other not in found:
                found[other] = known[other]
                waiting.append(known[other])
    return tuple(found[number] for number in sorted(found))


def ranges(claims: Iterable[Claim], language: str) -> tuple[Range, ...]:
    """What the numbers of rival claims span, a range for each unit, by unit."""
    spans: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for claim in claims:
        values = [value for value in (claim.low, claim.best, claim.high) if value is not None]
        if claim.stands and claim.value_kind is ValueKind.NUMBER and values:
            spans.setdefault(claim.text(language).unit, []).append((min(values), max(values)))
    return tuple(
        Range(unit=unit, low=min(low for low, _ in found), high=max(high for _, high in found), claims=len(found))
        for unit, found in sorted(spans.items())
    )


def changed_since(claim: Claim, day: date) -> tuple[StatusEvent, ...]:
    """What became of a claim after `day`, oldest first."""
    return tuple(event for event in claim.events[1:] if event.day > day)


def is_contested(claim: Claim) -> bool:
    """Whether somebody denies or disputes it."""
    return claim.status in (Status.DENIED, Status.DISPUTED)


def is_circular(chain: Iterable[str]) -> bool:
    """Whether a chain of sources' uids comes back to one of them."""
    uids = list(chain)
    return len(uids) != len(set(uids))
