"""Circular chains of attribution: somebody is cited, in the end, for what they have from others. Pure.

The rules:
 * Within a chain, each source leads to the one it cites.
 * Where a claim repeats another one, who speaks in it leads to who speaks in that other claim. A source that repeats
   itself is no circle.
 * A claim is circular where a step of its own chain, or its own repeating, comes back to where it began.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from stet.sourcing.terms import Relation
from stet.sourcing.values import Claim

_Steps = dict[int, set[int]]


def is_in_circle(claim: Claim, known: Mapping[int, Claim]) -> bool:
    """Whether the claim's chain comes back to itself, through claims that it repeats or that repeat it."""
    uids = [link.source.id for link in claim.chain]
    if len(uids) != len(set(uids)):
        return True
    steps: _Steps = defaultdict(set)
    for one in repeating(claim, known):
        for here, there in _steps(one, known):
            steps[here].add(there)
    return any(_leads(steps, there, here) for here, there in _steps(claim, known))


def repeating(claim: Claim, known: Mapping[int, Claim]) -> tuple[Claim, ...]:
    """The claim and all that it repeats or that repeat it, through others too."""
    found, waiting = {claim.id: claim}, [claim]
    while waiting:
        here = waiting.pop()
        for relation, other in (*here.relations, *here.related_from):
            if relation is Relation.REPEATS and other in known and other not in found:
                found[other] = known[other]
                waiting.append(known[other])
    return tuple(found.values())


def _steps(claim: Claim, known: Mapping[int, Claim]) -> Iterator[tuple[int, int]]:
    """From source to source, by id."""
    ids = [link.source.id for link in claim.chain]
    yield from pairwise(ids)
    for other in _repeated(claim, known):
        if ids and other.chain and ids[0] != other.chain[0].source.id:
            yield ids[0], other.chain[0].source.id


def _repeated(claim: Claim, known: Mapping[int, Claim]) -> Iterable[Claim]:
    return (known[other] for relation, other in claim.relations if relation is Relation.REPEATS and other in known)


def _leads(steps: _Steps, start: int, goal: int) -> bool:
    """Whether one comes from one source to another."""
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True
        fresh = steps.get(here, set()) - seen
        seen |= fresh
        waiting.extend(fresh)
    return False
