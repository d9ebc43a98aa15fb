"""The index that readers search without a server, in each language: segments by time, cut into small files.

A *segment* holds the stories of a span of time, of which no two overlap: the newest story's day ("2026-11-26"); the
days of its month before that one ("2026-11"); the months of its year before that one, and each year before
("2026", "2025"). So a new story touches its day's segment alone; the month's is set anew once a day, the year's once a
month, and years that have passed never.
What "the newest story" is depends on the stories, never on the clock.

The sheets: `/search/en/segments.json`, which segments there are, newest first, with the number of their stories;
`/search/en/2026/3f.bin`, what `stet.press.search_chunks` says; `/search/en/2026/t/2.json`, the titles of 16 stories;
and the page that searches, `/search/` below the language's prefix.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from stet.edition.sheet import Sheet
from stet.newsroom import addresses
from stet.press.facts import Facts
from stet.press.job import JobResult, Reading
from stet.press.keys import NEWEST, OLDEST, Read, members, place, words
from stet.press.listings import archive_fields, everywhere, printed
from stet.press.memory import Memory
from stet.press.search_chunks import chunks
from stet.press.search_words import LONGEST_LISTED, name_numbers, unpacked
from stet.press.world import World
from stet.theme import copy

TITLES_EACH = 16
"""Stories in one file of titles."""
LEVELS = ("day", "month", "year")
"""How long a segment is; its name has 10, 7 or 4 characters."""

_json = msgspec.json.Encoder()


def newest_key(level: str, language: str) -> str:
    """The key for which day, month or year the newest story of a language is of."""
    return f"newest-{level}:{language}"


def newest_day(memory: Memory, world: World, language: str) -> date | None:
    """The day of a language's newest story; None where it has none."""
    newest = memory.newest(f"front:{language}", 1)
    return _day(newest[0][0], world.paper.zone) if newest else None


def _day(at: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(at / 1_000_000, zone).date()


def segment_jobs(language: str, newest: date | None, years: Iterable[str]) -> set[str]:
    """The jobs of all segments there may be. `years`: those in which anything was published."""
    names = set(years)
    if newest is not None:
        names |= {f"{newest:%Y-%m-%d}", f"{newest:%Y-%m}", f"{newest:%Y}"}
    return {f"search:{language}:{name}" for name in names}


def span(name: str, newest: date, zone: ZoneInfo) -> tuple[int, int] | None:
    """From which place up to which, not with it, a segment goes; None where there is no such segment now."""
    year = int(name[:4])
    if len(name) == 4:
        end = date(newest.year, newest.month, 1) if year == newest.year else date(year + 1, 1, 1)
        return (_at(date(year, 1, 1), zone), _at(end, zone)) if year <= newest.year else None
    if len(name) == 7:
        return (_at(newest.replace(day=1), zone), _at(newest, zone)) if name == f"{newest:%Y-%m}" else None
    return (_at(newest, zone), _at(newest + timedelta(days=1), zone)) if name == f"{newest:%Y-%m-%d}" else None


def _at(day: date, zone: ZoneInfo) -> int:
    return place(datetime.combine(day, time(), tzinfo=zone))


def segment(reading: Reading, name: str) -> JobResult:
    """A segment, "LANGUAGE:SPAN": its files of stems and its files of titles."""
    language, _, period = name.partition(":")
    if language not in reading.world.sites:
        return JobResult()
    newest = newest_day(reading.memory, reading.world, language)
    between = span(period, newest, reading.world.paper.zone) if newest else None
    if newest is None or between is None:
        return JobResult()
    _note_newest(reading, language, period, newest)
    listing, (since, until) = f"front:{language}", between
    reading.reads |= {Read(members(listing), since, until - 1), Read(words(listing), since, until - 1)}
    ids = [article for _place, article in reading.memory.between(listing, since, until)]
    facts = [found for article in ids if (found := reading.materials.facts(article)) is not None]
    terms = reading.memory.terms(found.id for found in facts)
    base = f"/search/{language}/{period}"
    stems = [_stems(one, terms[one.id], reading.world) for one in facts]
    sheets = [
        Sheet(path=f"{base}/{file}.bin", media_type="application/octet-stream", body=body)
        for file, body in (chunks(stems) if stems else ())
    ]
    sheets += [
        _json_sheet(f"{base}/t/{number:x}.json", [_title(one, reading) for one in part])
        for number, part in enumerate(_parts(facts))
    ]
    return JobResult(products=tuple(sheets), reads=frozenset(reading.reads))


def _note_newest(reading: Reading, language: str, period: str, newest: date) -> None:
    """Note whose newest story bounds the segment: a year that has passed only asks for the year."""
    level = LEVELS[2 - (len(period) - 4) // 3]
    if level == "month":
        level = "day"
    elif level == "year" and period == f"{newest:%Y}":
        level = "month"
    reading.read(newest_key(level, language))


def _stems(facts: Facts, terms: bytes, world: World) -> tuple[Iterable[int], Iterable[int]]:
    """What a story is found by: its text, and the names that stand on it, which may change without it."""
    title, body = unpacked(terms)
    names = [world.people[p].name for p, _role in facts.bylines if p in world.people and world.people[p].path]
    names += [world.tags[t].name for t in facts.tags if t in world.tags]
    more = {stem for name in names for stem in name_numbers(name, facts.language)}
    more.difference_update(title)
    more.difference_update(body)
    body.extend(more)
    return title, body


def _parts(facts: Sequence[Facts]) -> Iterable[Sequence[Facts]]:
    return (facts[start : start + TITLES_EACH] for start in range(0, len(facts), TITLES_EACH))


def _title(facts: Facts, reading: Reading) -> tuple[str, str, str, str, str]:
    """(path, headline, day, section, the beginning of the standfirst)."""
    section = reading.world.sections.get(facts.section)
    day = facts.published.astimezone(reading.world.paper.zone).date()
    return facts.path, facts.headline, day.isoformat(), section.title if section else "", shortened(facts.standfirst)


def shortened(text: str) -> str:
    """The beginning of a text, cut between words.

    >>> shortened("word " * 40)[-10:]
    'word word…'
    """
    if len(text) <= LONGEST_LISTED:
        return text
    return text[:LONGEST_LISTED].rpartition(" ")[0].rstrip(" ,;:–—") + "…"


def segments(reading: Reading, language: str) -> JobResult:
    """Which segments there are: [[name, stories], …], newest first."""
    if language not in reading.world.sites:
        return JobResult()
    listing = f"front:{language}"
    reading.reads.add(Read(members(listing), OLDEST, NEWEST))
    newest = newest_day(reading.memory, reading.world, language)
    found: list[tuple[str, int]] = []
    if newest is not None:
        names = {job.rpartition(":")[2] for job in segment_jobs(language, newest, years_of(reading.memory, language))}
        for name in sorted(names, key=lambda one: (one[:4], len(one)), reverse=True):
            between = span(name, newest, reading.world.paper.zone)
            count = reading.memory.count_between(listing, *between) if between else 0
            if count:
                found.append((name, count))
    sheet = _json_sheet(f"/search/{language}/segments.json", {"v": 1, "segments": found})
    return JobResult(products=(sheet,), reads=frozenset(reading.reads))


def years_of(memory: Memory, language: str) -> set[str]:
    """The years in which anything stands."""
    return {listing.rpartition(":")[2][:4] for listing in memory.listings(f"month:{language}:")}


def page(reading: Reading, language: str) -> JobResult:
    """The page that searches; without scripts it leads to months, topics and sections."""
    if language not in reading.world.sites:
        return JobResult()
    site = reading.site(language)
    made = copy.Search(
        site=site,
        path=site.search_path,
        title="",
        alternates=everywhere(reading, lambda other: other.search_path),
        index_path=addresses.search_index_path(language),
        **archive_fields(reading, language),
    )
    return JobResult(products=(printed(reading, made),), reads=frozenset(reading.reads))


def _json_sheet(path: str, value: object) -> Sheet:
    return Sheet(path=path, media_type="application/json", body=_json.encode(value))
