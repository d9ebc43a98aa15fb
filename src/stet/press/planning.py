"""From what changed to the jobs that have to run.

The planner takes keys out of the outbox, asks the database what is true now, compares it with what the memory holds,
brings the memory's articles and listings up to date, and answers with the names of stale jobs. A key only says where
to look: a draft that was saved leaves a key and makes nothing stale.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import msgspec

from stet.appeals.script import SCRIPT_HASHES
from stet.edition.verify.reader_page import READER_PAGE_DIGEST
from stet.newsroom.models import ArticlePage
from stet.press import facts as facts_room
from stet.press.appeals import asking_scopes
from stet.press.facts import Facts, facts_of
from stet.press.keys import NEWEST, OLDEST, Touch, members, words
from stet.press.listings import PAGE
from stet.press.materials import Materials
from stet.press.rows import (
    gone_claims,
    live_article_ids,
    read_articles,
    read_redirects,
    read_withdrawals,
    source_ids,
)
from stet.press.search import newest_day, newest_key, segment_jobs, years_of
from stet.press.search_words import terms_of
from stet.press.world import World

PAGINATED = ("section", "tag", "topic", "person")
"""Listings that have numbered archive pages."""
WITH_FEEDS = ("section", "topic", "person")
"""Listings that have feeds, beside the fronts."""
_MANY = 64
"""Touches of one key beyond which they are taken as one range."""


@dataclass(slots=True)
class Stale:
    """What a plan found: stale jobs, and keys that were touched."""

    jobs: set[str] = field(default_factory=set)
    touches: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    gone: set[str] = field(default_factory=set)
    """Jobs that take stories out of readers' eyes and put notices there. Without one it waits for what links to it."""

    def touch(self, key: str, since: int = OLDEST, until: int = NEWEST) -> None:
        """Note a touched key."""
        self.touches[key].append((since, until))

    def touch_page(self, number: int | str) -> None:
        """Note a touched page that is no article. What links to it looked for an article while there was no page."""
        self.touch(f"page:{number}")
        self.touch(f"article:{number}")

    def ranges(self) -> Iterable[Touch]:
        """All touches, many of one key as one."""
        for key, ranges in self.touches.items():
            if len(ranges) > _MANY:
                yield Touch(key, min(r[0] for r in ranges), max(r[1] for r in ranges))
            else:
                yield from (Touch(key, *r) for r in set(ranges))


class Planner:
    """Brings the memory up to date with the database, and says which jobs that makes stale."""

    def __init__(self, materials: Materials) -> None:
        self.materials = materials
        self.memory = materials.memory

    def plan(self, keys: set[str], world: World) -> set[str]:
        """The jobs that are stale after `keys` changed. `world` is the world as it is now."""
        return self.look(keys, world).jobs

    def look(self, keys: set[str], world: World) -> Stale:
        """The same, with what leaves readers' eyes among it."""
        self.materials.world = world
        stale = Stale()
        pages = _numbers(keys, "page")
        photos, documents = _numbers(keys, "photo"), _numbers(keys, "document")
        self.materials.forget_files(photos=photos, documents=documents)
        forced = self._compare_world(world, stale)
        forced |= self._files(photos, documents, stale)
        self._letters(pages, stale)
        self._claims(keys, stale)
        self._refresh(pages | forced, forced, stale)
        notices = {f"withdrawal:{n}" for n in _numbers(keys, "withdrawal")}
        stale.jobs.update(notices)
        stale.jobs.update(f"redirect:{n}" for n in _numbers(keys, "redirect"))
        for touch in stale.ranges():
            stale.jobs.update(self.memory.readers(touch))
        stale.gone = stale.gone | notices if stale.gone and notices else set()
        return stale

    # --- The small tables ---

    def _compare_world(self, world: World, stale: Stale) -> set[int]:
        """Compare each row of the world with what was printed; answer the articles that have to be set anew."""
        before, now = self.memory.world(), world_digests(world)
        changed = {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}
        if not changed:
            return set()
        self.memory.set_world(now)
        stale.jobs.update({"sitemap-pages", "sitemap-claims", "robots", "lists", "support-json", "worker"})
        forced: set[int] = set()
        for name in changed:
            forced |= self._world_row(name, is_new_or_gone=name not in before or name not in now, stale=stale)
        return forced

    def _world_row(self, name: str, *, is_new_or_gone: bool, stale: Stale) -> set[int]:
        kind, _, rest = name.partition(":")
        if kind in ("site", "paper"):
            stale.jobs.update(self.memory.job_names())
            stale.jobs.update(language_jobs(rest) if kind == "site" else ())
            everything = is_new_or_gone or kind == "paper"
            stale.jobs.update(self._letter_jobs() if everything else ())
            return set(live_article_ids()) | set(self.memory.article_ids()) if everything else set()
        if kind == "verify":
            stale.jobs.add(name)
            return set()
        if kind == "private":
            stale.jobs.update(self._letter_jobs())
            return set(live_article_ids()) | set(self.memory.article_ids())
        if kind == "front":
            stale.jobs.update(language_jobs(rest))
            return set()
        if kind == "question-head":
            stale.jobs.update({f"question:{rest}", *(f"questions:{code}" for code in self.materials.world.sites)})
            stale.touch(name)
            stale.touch("shown-claims")
            return set()
        if kind == "static":
            stale.jobs.update({name, *self._reach_jobs()})
            stale.touch_page(rest)
            return set()
        if kind == "pack":
            stale.jobs.update({name, f"reach:{rest}"})
            return set()
        if kind == "worker":  # Its own job is in every plan of a changed world; what pages say of it is their site's.
            stale.jobs.update(f"offline:{code}" for code in self.materials.world.sites)
            return set()
        if kind in ("mirrors", "mirror-addresses"):
            stale.jobs.update({"mirrors-json", *self._reach_jobs()} if kind == "mirrors" else self._letter_jobs())
            return set()
        if kind in ("support-page", "told", "campaigns"):
            self._support_row(kind, rest, stale=stale)
            return set()
        if kind == "asking":
            stale.jobs.update(self._asking_jobs(rest))
            return set()
        if kind in ("silent", "appeal"):
            stale.touch(name)
            return set()
        if kind in ("list", "letters", "letter-paths"):
            self._letters_row(kind, rest, is_new_or_gone=is_new_or_gone, stale=stale)
            return set()
        listings = [f"tag:{code}:{rest}" for code in self.materials.world.paper.languages] if kind == "tag" else [name]
        articles = {i for listing in listings for i in self.memory.all_in(listing)}
        for listing in listings:
            stale.jobs.update(self.listing_jobs(listing))
        stale.touch_page(rest)
        if kind == "topic":  # The archive's entrance names them all, as the search does.
            for code in self.materials.world.sites:
                stale.jobs.update({f"years:{code}", f"search-page:{code}"})
        if is_new_or_gone and kind == "section":
            section = self.materials.world.sections.get(int(rest))
            if section is not None:
                below = ArticlePage.objects.filter(path__startswith=section.tree, live=True)
                articles |= set(below.values_list("pk", flat=True))
        elif is_new_or_gone and kind == "topic":
            filed = ArticlePage.topics.through.objects.filter(topicpage_id=int(rest))
            articles |= set(filed.values_list("articlepage_id", flat=True))
        elif is_new_or_gone and kind == "person":
            articles |= set(ArticlePage.objects.filter(bylines__person_id=int(rest)).values_list("pk", flat=True))
        return articles

    def _reach_jobs(self) -> set[str]:
        return {f"reach:{code}" for code in self.materials.world.sites}

    def _support_row(self, kind: str, rest: str, *, stale: Stale) -> None:
        """A support page changed, or what the private wing says: each of the few pages shows something of it."""
        if kind != "campaigns":
            stale.jobs.update(f"support:{code}" for code in self.materials.world.sites)
        if kind == "support-page":
            stale.touch_page(rest)

    def _asking_jobs(self, scope: str) -> set[str]:
        """The pages that appeals of a scope stand on: of a language, of one of its sections, of articles with a tag."""
        fronts = {scope} if scope.startswith("front:") else set()
        return fronts | {f"article:{article}" for article in self.memory.all_in(scope)}

    def _letters_row(self, kind: str, rest: str, *, is_new_or_gone: bool, stale: Stale) -> None:
        """A list changed, or the heads of its letters, or where lists and letters stand."""
        if kind == "letter-paths":
            stale.touch(kind)
            return
        stale.jobs.update({f"list:{rest}", *(f"letters:{code}" for code in self.materials.world.sites)})
        if kind == "list":
            stale.touch(f"list:{rest}")
            stale.touch_page(rest)
            for head in self.materials.world.letters_by_list.get(int(rest), ()):
                stale.touch_page(head.id)
                if is_new_or_gone:
                    stale.jobs.add(f"letter:{head.id}")

    def _letters(self, pages: set[int], stale: Stale) -> None:
        """Letters that may have changed: those that are published, and those that were."""
        named = {f"letter:{page}" for page in pages}
        known = self.memory.known_jobs(named)
        for name in named:
            number = name.partition(":")[2]
            if name in known or int(number) in self.materials.world.letters:
                stale.jobs.add(name)
                stale.touch_page(number)

    def _letter_jobs(self) -> set[str]:
        return {*self.memory.job_names("letter:"), *(f"letter:{n}" for n in self.materials.world.letters)}

    def listing_jobs(self, listing: str) -> set[str]:
        """All jobs that print a listing, with its numbered archive pages as they were and as they have to be."""
        kind = listing.partition(":")[0]
        jobs = {listing}
        if kind in WITH_FEEDS:
            jobs.add(f"feeds:{listing}")
        jobs.update(self.memory.job_names(f"archive:{listing}:"))
        jobs.update(f"archive:{listing}:{n}" for n in range(archive_pages(self.memory.count(listing))))
        return jobs

    # --- Files ---

    def _files(self, photos: set[int], documents: set[int], stale: Stale) -> set[int]:
        """Photos and documents that changed: their readers, and the articles among them."""
        articles: set[int] = set()
        for key in [*(f"photo:{n}" for n in photos), *(f"document:{n}" for n in documents)]:
            readers = self.memory.readers(Touch(key))
            if readers:
                stale.jobs.update([key, *readers])
            articles.update(int(name.partition(":")[2]) for name in readers if name.startswith("article:"))
        return articles

    # --- Claims ---

    def _claims(self, keys: set[str], stale: Stale) -> None:
        """Claims, sources, questions and evidence that changed; who reads them is stale, and their own pages."""
        claims, sources, questions = (_numbers(keys, word) for word in ("claim", "source", "question"))
        for word, numbers in (("claim", claims), ("source", sources), ("question", questions)):
            for number in numbers:
                stale.touch(f"{word}:{number}")
        stale.jobs.update(f"source:{number}" for number in sources)
        stale.jobs.update(f"question:{number}" for number in questions)
        if claims or sources or questions:
            stale.touch("shown-claims")
        if gone_claims(claims) if claims else ():
            stale.jobs.update(f"corrections:{code}" for code in self.materials.world.sites)
        for piece in _numbers(keys, "evidence"):
            stale.touch(f"evidence:{piece}")
            readers = self.memory.readers(Touch(f"evidence-file:{piece}"))
            if readers:
                stale.jobs.update([f"evidence-file:{piece}", *readers])

    # --- Articles ---

    def _refresh(self, ids: set[int], forced: set[int], stale: Stale) -> None:
        """Bring articles up to date in the memory; touch what that changes."""
        known = sorted(i for i in ids if i not in self.materials.world.page_paths)
        self.materials.forget_articles(known)
        rows = {row.id: row for row in read_articles(known, self.materials.world)}
        for article in known:
            stored = self.memory.facts(article)
            old = facts_room.decode(stored) if stored is not None else None
            row = rows.get(article)
            new = facts_of(row, self.materials.world) if row else None
            if new is not None and self._is_taken(new):
                new = None
            if (old is None and new is None) or (old == new and article not in forced):
                continue
            self._replace(article, old, new, stale, terms=terms_of(rows[article]) if new else b"")

    def _is_taken(self, new: Facts) -> bool:
        """Whether an older article stands at the same address: slugs are unique, but a script may have missed that."""
        other = self.memory.article_at(new.path)
        return other is not None and other < new.id

    def _replace(self, article: int, old: Facts | None, new: Facts | None, stale: Stale, *, terms: bytes) -> None:
        newest = self._newest_days(old, new)
        before = self._placements(article, old, self.memory.listings_of(article) if old else ())
        listings = new.listings(self.materials.world) if new else ()
        after = self._placements(article, new, listings)
        moved = before ^ after
        stood = {listing for listing, _place, _id in moved if self.memory.stands(listing)}
        self.memory.drop_placements(before - after)
        self.memory.add_placements(after - before)
        if new:
            self.memory.put_articles([(article, new.path, facts_room.encode(new), " ".join(listings), terms)])
        else:
            self.memory.drop_article(article)
        self._touch_article(article, old, new, stale)
        self._touch_newest(newest, stale)
        for listing, place, _id in before | after:
            stale.touch(words(listing), place, place)
        for listing, place, _id in moved:
            stale.touch(members(listing), place, place)
            self._touch_listing(
                listing, is_new_or_gone=listing not in stood or not self.memory.stands(listing), stale=stale
            )

    def _newest_days(self, *facts: Facts | None) -> dict[str, date | None]:
        """For each language that an article had or has, the day of its newest story."""
        world = self.materials.world
        return {one.language: newest_day(self.memory, world, one.language) for one in facts if one}

    def _touch_newest(self, before: dict[str, date | None], stale: Stale) -> None:
        """Where another day, month or year is the newest now, segments of the search end elsewhere."""
        for language, day in before.items():
            now = newest_day(self.memory, self.materials.world, language)
            if now == day:
                continue
            stale.jobs.update(segment_jobs(language, now, ()))
            stale.touch(newest_key("day", language))
            if day is None or now is None or (day.year, day.month) != (now.year, now.month):
                stale.touch(newest_key("month", language))
            if day is None or now is None or day.year != now.year:
                stale.touch(newest_key("year", language))

    def _placements(self, article: int, facts: Facts | None, listings: Iterable[str]) -> set[tuple[str, int, int]]:
        return {(listing, facts.place, article) for listing in listings} if facts else set()

    def _touch_article(self, article: int, old: Facts | None, new: Facts | None, stale: Stale) -> None:
        stale.jobs.add(f"article:{article}")
        if new is None:
            stale.gone.add(f"article:{article}")
        stale.touch(f"article:{article}")
        paths = {facts.path for facts in (old, new) if facts}
        if len(paths) > 1 or old is None or new is None:
            for path in paths:
                stale.touch(f"path:{path}")
        for key in {facts.translation_key for facts in (old, new) if facts}:
            others = self.memory.all_in(f"translations:{key}")
            stale.jobs.update(f"article:{other}" for other in others)
            # A story that gets its first translation says so in the sitemap of its own month.
            months = {one for other in others for one in self.memory.listings_of(other) if one.startswith("month:")}
            stale.jobs.update(f"sitemap:{month.rpartition(':')[2]}" for month in months)

    def _touch_listing(self, listing: str, *, is_new_or_gone: bool, stale: Stale) -> None:
        """A listing gained, lost or moved an article."""
        kind, _, rest = listing.partition(":")
        if kind in PAGINATED:
            needed, there = archive_pages(self.memory.count(listing)), self.memory.count_jobs(f"archive:{listing}:")
            stale.jobs.update(f"archive:{listing}:{n}" for n in range(there, needed))
            if needed == 0 and there:
                stale.jobs.update(self.memory.job_names(f"archive:{listing}:"))
        if not is_new_or_gone:
            return
        if kind == "month":
            language, _, month = rest.partition(":")
            stale.jobs.update({listing, f"sitemap:{month}", f"search:{language}:{month[:4]}"})
            stale.touch("months")
            stale.touch(f"months:{language}")
        elif kind == "tag":
            stale.jobs.add(listing)
        elif kind == "claim":
            stale.touch("shown-claims")
        elif kind == "translations":
            stale.touch(words(listing))


def archive_pages(count: int) -> int:
    """How many numbered archive pages a listing of `count` articles has; none where one list shows them all."""
    return -(-count // PAGE) if count > PAGE else 0


def language_jobs(language: str) -> set[str]:
    """The jobs that each language has once."""
    return {
        f"{kind}:{language}"
        for kind in (
            "front",
            "years",
            "corrections",
            "not-found",
            "letters",
            "answer",
            "support",
            "questions",
            "reach",
            "pack",
            "app",
            "offline",
            "search-page",
            "segments",
        )
    } | {f"feeds:front:{language}"}


def all_jobs(materials: Materials) -> list[str]:
    """Every job there can be, by the world and the memory's listings; photos and documents apart."""
    world, memory = materials.world, materials.memory
    jobs = {
        "sitemap-pages", "sitemap-claims", "sitemap-news", "robots", "lists", "support-json", "claims-context",
        "mirrors-json", "verify", "worker",
    }  # fmt: skip
    for language in world.sites:
        jobs |= language_jobs(language)
        jobs |= segment_jobs(language, newest_day(memory, world, language), years_of(memory, language))
    jobs.update(f"static:{n}" for n in world.statics)
    jobs.update(f"list:{n}" for n in world.lists)
    jobs.update(f"letter:{n}" for n in world.letters)
    jobs.update(f"withdrawal:{row.id}" for row in read_withdrawals(None, world))
    jobs.update(f"redirect:{row.id}" for row in read_redirects())
    jobs.update(f"question:{n}" for n in world.questions)
    jobs.update(f"source:{n}" for n in source_ids())
    planner = Planner(materials)
    for name in (
        *(f"section:{n}" for n in world.sections),
        *(f"topic:{n}" for n in world.topics),
        *(f"person:{n}" for n in world.people),
    ):
        jobs |= planner.listing_jobs(name)
    for listing in memory.listings("tag:"):
        jobs |= planner.listing_jobs(listing)
    for listing in memory.listings("month:"):
        jobs |= {listing, f"sitemap:{listing.rpartition(':')[2]}"}
    return [*(f"article:{n}" for n in memory.article_ids()), *sorted(jobs)]


def world_digests(world: World) -> dict[str, str]:
    """A digest of each row of the small tables, by the row's name."""
    rows: dict[str, object] = {
        "paper": [
            world.paper.time_zone, world.paper.base_url, world.paper.split_characters, world.paper.languages,
            world.paper.frontdesk_url, world.paper.contact_email, world.paper.publisher,
            world.paper.onion_frontdesk_url,
        ],
        "private": world.private_trees,
        "verify": (world.roots, READER_PAGE_DIGEST, sorted(world.sites)),
        "worker": [world.paper.worker, world.roots[-1:]],
        "told": [world.told.tally, world.told.designations, world.told.ways],
        **{f"pack:{pack.language}": pack for pack in world.told.packs},
        "mirrors": world.told.mirrors,
        "mirror-addresses": [(one.address, one.kind, one.added, one.retired) for one in world.told.mirrors],
        "campaigns": [world.campaigns, world.past_campaigns],
        "letter-paths": sorted(row.path for rows in (world.lists, world.letters) for row in rows.values()),
    }  # fmt: skip
    for code, site in world.sites.items():
        rows[f"site:{code}"] = site
        rows[f"front:{code}"] = world.fronts[code]
        rows[f"silent:{code}"] = world.silence.is_silent_in(code)
    quiet = (SCRIPT_HASHES, world.silence.quiet_weeks)
    rows.update({f"support-page:{row.id}": (row, *quiet) for row in world.supports.values()})
    for kind, table in (
        ("section", world.sections), ("topic", world.topics), ("static", world.statics), ("person", world.people),
        ("tag", world.tags), ("list", world.lists), ("letters", world.letters_by_list), ("appeal", world.appeals),
        ("question-head", world.questions),
    ):  # fmt: skip
        rows.update({f"{kind}:{number}": row for number, row in table.items()})
    rows.update({f"asking:{scope}": row for scope, row in asking_scopes(world).items()})
    return {name: _digest(row) for name, row in rows.items()}


def _digest(row: object) -> str:
    return hashlib.blake2b(msgspec.msgpack.encode(row), digest_size=12).hexdigest()


def _numbers(keys: set[str], word: str) -> set[int]:
    return {int(key[len(word) + 1 :]) for key in keys if key.startswith(f"{word}:")}
