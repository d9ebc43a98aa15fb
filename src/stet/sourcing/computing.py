"""What follows from claims and is never typed in. Pure.

The rules:
 * Independent roots are the distinct last links of chains: three outlets that cite one agency count as one.
 * A claim without a chain has no root; it adds none.
 * A claim that was corrected, withdrawn or superseded counts for nothing.
 * A range spans numbers of one unit; claims in another unit are a range of their own. Units are the same where one
   language calls them the same: "people" of one claim and "people, человек" of another.
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
    counted = [claim for claim in claims if claim.stands and claim.value_kind is ValueKind.NUMBER and _numbers(claim)]
    called = _units(counted, language)
    spans: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for claim in counted:
        values = _numbers(claim)
        spans.setdefault(called[_units_of(claim)], []).append((min(values), max(values)))
    return tuple(
        Range(unit=unit, low=min(low for low, _ in found), high=max(high for _, high in found), claims=len(found))
        for unit, found in sorted(spans.items())
    )


def _numbers(claim: Claim) -> list[Decimal]:
    return [value for value in (claim.low, claim.best, claim.high) if value is not None]


_Units = frozenset[tuple[str, str]]
"""What one claim calls its unit: (language, word)."""


def _units_of(claim: Claim) -> _Units:
    return frozenset((code, text.unit) for code, text in claim.texts.items() if text.unit)


def _units(claims: Iterable[Claim], language: str) -> dict[_Units, str]:
    """What each unit is called in `language`, or else in the first language that has a word for it."""
    groups: list[set[tuple[str, str]]] = []
    for units in {_units_of(claim) for claim in claims}:
        touching = [group for group in groups if group & units]
        groups = [group for group in groups if group not in touching]
        groups.append(set(units).union(*touching))
    named = {pair: min(group, key=lambda one: (one[0] != language, one)) for group in groups for pair in group}
    return {units: named[next(iter(units))][1] if units else "" for units in {_units_of(claim) for claim in claims}}


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
