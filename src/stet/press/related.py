"""Stories to read more of: picked by hand first, then the ones most like this.

An article looks back only: among the newest articles of each of its topics and tags that were published before it. So
its choice is settled when it is printed, a new story makes no old page stale, and the whole archive is never compared
with itself. What is newer is found on the topic's page.
"""

from collections.abc import Iterable

from stet.press.facts import Facts
from stet.press.job import Reading

SHOWN = 4
LOOKED_AT = 24
"""Articles of each topic and tag that are compared."""
MOST_TAGS = 6

_SAME_TOPIC, _SAME_TAG, _SAME_WORD, _SAME_SECTION = 6, 3, 1, 1


def read_more(facts: Facts, picks: Iterable[int], reading: Reading) -> list[Facts]:
    """At most four stories, best first."""
    chosen: dict[int, Facts] = {}
    for pick in picks:
        picked = reading.facts(pick)
        if picked is not None and picked.id != facts.id:
            chosen[pick] = picked
    for other in _most_like(facts, reading):
        if len(chosen) >= SHOWN:
            break
        chosen.setdefault(other.id, other)
    return list(chosen.values())[:SHOWN]


def _most_like(facts: Facts, reading: Reading) -> list[Facts]:
    listings = [f"topic:{t}" for t in facts.topics] + [f"tag:{facts.language}:{t}" for t in facts.tags[:MOST_TAGS]]
    found: dict[int, Facts] = {}
    for listing in listings:
        found.update({f.id: f for f in reading.window(listing, before=facts.place, limit=LOOKED_AT)})
    if len(found) < SHOWN:
        window = reading.window(f"section:{facts.section}", before=facts.place, limit=SHOWN * 2)
        found.update({f.id: f for f in window})
    found = {i: f for i, f in found.items() if f.translation_key != facts.translation_key}
    return sorted(found.values(), key=lambda other: (-_likeness(facts, other), -other.place, other.id))


def _likeness(one: Facts, other: Facts) -> int:
    return (
        _SAME_TOPIC * len({*one.topics} & {*other.topics})
        + _SAME_TAG * len({*one.tags} & {*other.tags})
        + _SAME_WORD * len(one.words() & other.words())
        + _SAME_SECTION * (one.section == other.section)
    )
