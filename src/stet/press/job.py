"""A job sets one or a few sheets and says what it read for them.

Jobs have names: "article:12", "section:3", "archive:section:3:417", "front:en". The name's first word is the job's
kind; `RANKS` says in which order kinds are printed, so that a sheet is there before whatever links to it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from stet.edition.sheet import Sheet
from stet.newsroom.errors import NoFrontError
from stet.press.facts import Facts, is_named
from stet.press.keys import NEWEST, OLDEST, Read, members, place, words
from stet.press.materials import Materials, document_path, evidence_path
from stet.press.richtext import Resolve
from stet.press.rows import PhotoRow
from stet.press.world import QuestionRow
from stet.sourcing import values
from stet.theme import copy

KINDS = (
    "photo", "document", "evidence-file", "claims-context", "verify", "article", "static", "mirrors-json", "pack",
    "reach", "support", "letter", "list", "letters", "answer", "withdrawal", "archive", "tag", "person", "question",
    "source", "questions", "topic", "section", "month", "years", "corrections", "front", "not-found", "feeds",
    "sitemap", "sitemap-claims", "sitemap-pages", "sitemap-news", "robots", "redirect", "search", "segments",
    "search-page", "lists", "support-json", "app", "offline", "worker",
)  # fmt: skip
RANKS = {kind: rank for rank, kind in enumerate(KINDS)}


def kind_of(name: str) -> str:
    """The kind of a job."""
    return name.partition(":")[0]


def rank_of(name: str) -> int:
    """When a job is printed among others of its batch."""
    return RANKS[kind_of(name)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFile:
    """A sheet whose bytes lie in a file already: a photo, a document."""

    path: str
    media_type: str
    file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsigned:
    """An HTML sheet before it is signed. Revision and time come from its content."""

    path: str
    html: bytes
    revision: str
    time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsignedJson:
    """A JSON sheet before the site is named in it and it is signed. Revision and time come from its content."""

    path: str
    fields: dict[str, Any]
    revision: str
    time: datetime


Product = Sheet | SheetFile | Unsigned | UnsignedJson


@dataclass(frozen=True, slots=True, kw_only=True)
class JobResult:
    """What a job made. No products: there is nothing to print, and what it printed before goes."""

    products: tuple[Product, ...] = ()
    reads: frozenset[Read] = frozenset()
    due: int | None = None
    """When the products change by the clock alone, in microseconds since 1970."""


class Reading:
    """One job at work: asks the materials and keeps note of every key it read."""

    def __init__(self, materials: Materials, now: datetime) -> None:
        self.materials = materials
        self.world = materials.world
        self.memory = materials.memory
        self.theme = materials.theme
        self.now = now
        self.reads: set[Read] = set()
        self.due: int | None = None
        """When what was asked for changes by the clock alone: at the end of the first of the photos' last days."""

    def read(self, key: str) -> None:
        """Note a key."""
        self.reads.add(Read(key))

    def facts(self, article: int) -> Facts | None:
        """An article's facts, noted: the job runs again when they change."""
        self.read(f"article:{article}")
        return self.materials.facts(article)

    def newest(self, listing: str, limit: int) -> list[Facts]:
        """The newest articles of a listing, newest first; noted from the oldest of them on."""
        rows = self.memory.newest(listing, limit)
        since = rows[-1][0] if len(rows) == limit else OLDEST
        self.reads.add(Read(members(listing), since))
        self.reads.add(Read(words(listing), since))
        return self._known(article for _place, article in rows)

    def ranked(self, listing: str, start: int, length: int) -> tuple[list[Facts], bool]:
        """Articles by rank from the oldest, and whether later ones follow; noted up to the last of them."""
        rows = self.memory.slice(listing, start, length + 1)
        has_later = len(rows) > length
        rows = rows[:length]
        until = rows[-1][0] if rows and has_later else NEWEST
        self.reads.add(Read(members(listing), OLDEST, until))
        if rows:
            self.reads.add(Read(words(listing), rows[0][0], rows[-1][0]))
        return self._known(article for _place, article in rows), has_later

    def whole(self, listing: str) -> list[Facts]:
        """All articles of a listing, oldest first."""
        self.read(members(listing))
        self.read(words(listing))
        return self._known(self.memory.all_in(listing))

    def window(self, listing: str, *, before: int, limit: int) -> list[tuple[int, int]]:
        """(place, article) of the newest articles at places before `before`, newest first."""
        rows = self.memory.newest(listing, limit, before=before)
        since = rows[-1][0] if len(rows) == limit else OLDEST
        self.reads.add(Read(words(listing), since, before - 1))
        return rows

    def _known(self, ids: object) -> list[Facts]:
        return [facts for article in ids if (facts := self.materials.facts(article)) is not None]  # type: ignore[attr-defined]

    # --- Copy that many pages share ---

    def site(self, language: str) -> copy.Site:
        """What stands around a page. Raises NoFrontError; the press asks for no page of a language without a front."""
        if language not in self.world.sites:
            raise NoFrontError("The front of this language is not published.")
        return self.world.sites[language]

    def photo(self, photo: int | None, **options: object) -> copy.Photo | None:
        """A photo as copy, noted, so that its files are printed."""
        row = self.photo_row(photo)
        return self.materials.photo_store.copy(row, **options) if row else None  # type: ignore[arg-type]

    def photo_row(self, photo: int | None) -> PhotoRow | None:
        """A photo's row, noted; None once its last day has passed."""
        if photo is None:
            return None
        self.read(f"photo:{photo}")
        return self.usable(self.materials.photo(photo))

    def usable(self, row: PhotoRow | None) -> PhotoRow | None:
        """A photo's row while it may be printed; with its last day noted, so that the job runs again after it."""
        if row is None or row.usable_until is None:
            return row
        ends = datetime.combine(row.usable_until + timedelta(days=1), time(), tzinfo=self.world.paper.zone)
        if self.now >= ends:
            return None
        self.is_due(place(ends))
        return row

    def is_due(self, moment: int | None) -> None:
        """Note a moment at which the job has to run again; the first of all counts."""
        if moment is not None:
            self.due = moment if self.due is None else min(self.due, moment)

    def bylines(self, facts_bylines: Sequence[tuple[int, str]]) -> tuple[copy.Byline, ...]:
        """Bylines as copy."""
        people = self.world.people
        return tuple(
            copy.Byline(name=people[p].name, path=people[p].path, kind=people[p].kind, role=role)  # type: ignore[arg-type]
            for p, role in facts_bylines
            if p in people
        )

    def section_link(self, section: int) -> copy.Link | None:
        """A section as a link."""
        row = self.world.sections.get(section)
        return copy.Link(label=row.title, path=row.path) if row else None

    def teaser(
        self, facts: Facts, *, with_photo: bool = True, thumb: bool = False, inline: bool = False
    ) -> copy.Teaser:
        """An article as it shows in lists."""
        photo = None
        if with_photo and facts.photo is not None:
            row = self.usable(self.materials.photo(facts.photo))
            if row is not None:
                photo = self.materials.photo_store.copy(row, alt=facts.alt, thumb=thumb, inline=inline)
        return copy.Teaser(
            article_id=facts.id,
            path=facts.path,
            headline=facts.headline,
            short_headline=facts.short_headline,
            standfirst=facts.standfirst,
            kind=facts.kind,
            section=self.section_link(facts.section),
            bylines=self.bylines(facts.bylines),
            dateline=facts.dateline,
            published=facts.published,
            updated=facts.updated,
            language=facts.language,
            photo=photo,
        )

    def resolver(self) -> Resolve:
        """Turns stored links into paths, noting what they lead to."""

        def resolve(kind: str, number: int) -> str | None:
            if kind == "document":
                return self.document_path(number)
            if kind != "page":
                return None
            path = self.world.page_paths.get(number)
            if path is not None:
                self.read(f"page:{number}")
                return path
            facts = self.facts(number)
            return facts.path if facts else None

        return resolve

    def document_path(self, document: int) -> str | None:
        """A document's path, noted, so that it is printed."""
        self.read(f"document:{document}")
        row = self.materials.document(document)
        return document_path(row) if row else None

    # --- Claims ---

    def claim(self, claim: int) -> values.Claim | None:
        """A claim, noted with its sources and evidence; None where there is no such claim."""
        self.read(f"claim:{claim}")
        found = self.materials.claim(claim)
        if found is not None:
            for source in (*(link.source for link in found.chain), *(event.by for event in found.events if event.by)):
                self.read(f"source:{source.id}")
            for piece in (*(link.evidence for link in found.chain), *(event.evidence for event in found.events)):
                if piece is not None:
                    self.read(f"evidence:{piece.id}")
        return found

    def source(self, source: int) -> values.Source | None:
        """A source, noted; None where there is no such source."""
        self.read(f"source:{source}")
        return self.materials.sources([source]).get(source)

    def is_shown(self, claim: values.Claim) -> bool:
        """Whether readers may see a claim beside others: it stands in a published story, or an editor said so."""
        self.read(members(f"claim:{claim.id}"))
        return claim.is_printed or self.memory.stands(f"claim:{claim.id}")

    def shown(self, ids: Iterable[int]) -> list[values.Claim]:
        """Those of the claims that readers may see, in the given order."""
        self.materials.load_claims(ids := list(ids), with_others=False)
        known = (self.claim(number) for number in ids)
        return [claim for claim in known if claim is not None and self.is_shown(claim)]

    def question(self, question: int | None) -> QuestionRow | None:
        """A question that may have a page, noted."""
        if question is None:
            return None
        self.read(f"question-head:{question}")
        return self.world.questions.get(question)

    def evidence_path(self, piece: int) -> str | None:
        """Where the copy for readers of a piece of evidence stands, noted, so that it is printed."""
        self.read(f"evidence-file:{piece}")
        row = self.materials.evidence_file(piece)
        return evidence_path(row) if row else None

    def byline_is_named(self, person: int) -> bool:
        """Whether a person has a page."""
        return is_named(person, self.world)

    def latest(self, facts: Sequence[Facts]) -> datetime:
        """The time a list carries in its signature: that of its newest change."""
        return max((f.modified for f in facts), default=datetime.fromtimestamp(0, tz=self.now.tzinfo))
