"""Stories to read more of: picked by hand first, then the ones most like this.

An article looks back only: among the newest articles of each of its topics and tags that were published before it. So
its choice is settled when it is printed, a new story makes no old page stale, and the whole archive is never compared
with itself. What is newer is found on the topic's page.
"""

from collections import Counter
from collections.abc import Iterable

from stet.press.facts import Facts
from stet.press.job import Reading

SHOWN = 4
LOOKED_AT = 24
"""Articles of each topic and tag that are looked at."""
COMPARED = 12
"""Of these, the best by topics and tags whose words are compared too."""
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
    shared: Counter[tuple[int, int]] = Counter()
    for topic in facts.topics:
        shared.update(dict.fromkeys(_earlier(f"topic:{topic}", facts, reading), _SAME_TOPIC))
    for tag in facts.tags[:MOST_TAGS]:
        shared.update(dict.fromkeys(_earlier(f"tag:{facts.language}:{tag}", facts, reading), _SAME_TAG))
    if len(shared) < SHOWN:
        shared.update(dict.fromkeys(_earlier(f"section:{facts.section}", facts, reading), 0))
    best = sorted(shared, key=lambda at: (-shared[at], -at[0], at[1]))[:COMPARED]
    others = [reading.materials.facts(article) for _place, article in best]
    alike = [
        (shared[other.place, other.id] + _likeness(facts, other), other)
        for other in others
        if other is not None and other.translation_key != facts.translation_key
    ]
    alike.sort(key=lambda found: (-found[0], -found[1].place, found[1].id))
    return [other for _points, other in alike]


def _likeness(one: Facts, other: Facts) -> int:
    """How alike two articles are in words and section."""
    return _SAME_WORD * len(one.words() & other.words()) + _SAME_SECTION * (one.section == other.section)


def _earlier(listing: str, facts: Facts, reading: Reading) -> list[tuple[int, int]]:
    """(place, article) of the newest articles of a listing that were published before this one."""
    return reading.window(listing, before=facts.place, limit=LOOKED_AT)
