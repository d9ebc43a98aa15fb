"""The small tables, read whole: languages, fronts, sections, topics, people, tags, pages, lists; and letters' heads.

A newsroom has dozens of these and a hundred thousand articles, so a print reads all of these at once and articles by
the batch. Of letters, a few hundred a year, everything that other sheets show is here; their text is read by the batch.
What leaves is frozen; a row never does.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from stet.appeals import rules
from stet.appeals.models.silence import QUIET_WEEKS
from stet.kit import languages
from stet.newsroom import addresses
from stet.newsroom.paper import Paper
from stet.press.support_rows import SupportRow
from stet.press.told import Told
from stet.theme import copy
from stet.theme.consent import Consent, consent
from stet.theme.words import word


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontRow:
    """A front as stored."""

    id: int
    tree: str
    language: str
    title: str
    tagline: str
    description: str
    publisher: str
    notice: str
    placements: tuple[int, ...]
    topics: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRow:
    """A section as stored."""

    id: int
    tree: str
    language: str
    title: str
    path: str
    intro: str
    description: str
    in_menu: bool
    translation_key: str
    is_sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRow:
    """A topic as stored; `key_facts` and `timeline` as raw blocks."""

    id: int
    language: str
    title: str
    path: str
    summary: str
    description: str
    photo_id: int | None
    key_facts: tuple[dict[str, Any], ...]
    timeline: tuple[dict[str, Any], ...]
    translation_key: str
    is_sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticRow:
    """A static page as stored; `body` as raw blocks."""

    id: int
    language: str
    title: str
    path: str
    role: str
    description: str
    body: tuple[dict[str, Any], ...]
    version: str
    version_date: date | None
    in_menu: bool
    modified: datetime
    translation_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person as stored."""

    id: int
    language: str
    name: str
    path: str | None
    kind: str
    role: str
    bio: str
    contact: str
    photo_id: int | None
    translation_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRow:
    """A tag as stored."""

    id: int
    name: str
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """A list that readers join, as stored."""

    id: int
    tree: str
    language: str
    title: str
    path: str
    key: str
    promise: str
    about: str
    description: str
    cadence: str
    weekday: int
    hour: time
    time_zone: str
    """IANA name; the paper's own where the list has none."""
    from_name: str
    """Empty where it is the paper's name."""
    has_photos: bool
    is_open: bool
    modified: datetime
    translation_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterHead:
    """A letter without its text."""

    id: int
    list: int
    path: str
    letter_id: str
    subject: str
    preheader: str
    due_date: date
    due_time: time | None
    """None: at the list's own time."""
    is_local: bool
    is_sent: bool
    modified: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantRow:
    """One way in which an appeal says it, as stored."""

    letter: str
    """Stays with it whatever becomes of the others."""
    title: str
    text: str
    """Rich text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionHead:
    """A question in one language: what it asks and where its page stands."""

    text: str
    path: str
    intro: str
    """Rich text as stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """A question that may have a page; which claims answer it is read with the page."""

    id: int
    uid: str
    heads: dict[str, QuestionHead]
    """By language; at least one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRow:
    """An appeal as stored."""

    id: int
    rule: rules.Appeal
    variants: tuple[VariantRow, ...]
    """In the editors' order."""
    has_amounts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceRow:
    """Where nothing asks, whatever appeals there are."""

    is_silent: bool = False
    languages: tuple[str, ...] = ()
    tags: tuple[int, ...] = ()
    quiet_weeks: int = QUIET_WEEKS

    def is_silent_in(self, language: str) -> bool:
        """Whether nothing asks in a language."""
        return self.is_silent or language in self.languages


@dataclass(frozen=True, kw_only=True)
class World:
    """All small tables at one moment."""

    paper: Paper
    fingerprint: str
    locales: dict[int, str]
    """Language by locale id; languages that the paper has."""
    roots: tuple[bytes, ...] = ()
    """The files of the site's roots, for the page with which readers check copies."""
    fronts: dict[str, FrontRow] = field(default_factory=dict)
    """By language; live ones."""
    sections: dict[int, SectionRow] = field(default_factory=dict)
    topics: dict[int, TopicRow] = field(default_factory=dict)
    statics: dict[int, StaticRow] = field(default_factory=dict)
    people: dict[int, PersonRow] = field(default_factory=dict)
    tags: dict[int, TagRow] = field(default_factory=dict)
    lists: dict[int, ListRow] = field(default_factory=dict)
    """In the editors' order."""
    letters: dict[int, LetterHead] = field(default_factory=dict)
    supports: dict[str, SupportRow] = field(default_factory=dict)
    """By language; live ones."""
    campaigns: tuple[str, ...] = ()
    """Codes of appeals and their variants that are published now, silent or not."""
    past_campaigns: tuple[tuple[str, int], ...] = ()
    """(code, last day) of those that were, the day counted from 1970."""
    told: Told = field(default_factory=Told)
    """What the private wing says."""
    appeals: dict[int, AppealRow] = field(default_factory=dict)
    """Published ones, whatever their days."""
    silence: SilenceRow = SilenceRow()
    questions: dict[int, QuestionRow] = field(default_factory=dict)
    giving: dict[str, copy.Giving] = field(default_factory=dict)
    """What can be given in each language, in short; a language in which nobody can give has none."""
    private_trees: tuple[str, ...] = ()
    """Tree paths that editors made private: nothing below them is printed."""

    @cached_property
    def sections_by_tree(self) -> dict[str, SectionRow]:
        """Sections by their tree path, which begins every path below them."""
        return {section.tree: section for section in self.sections.values()}

    @cached_property
    def letters_by_list(self) -> dict[int, tuple[LetterHead, ...]]:
        """The letters of each list, newest first."""
        found: defaultdict[int, list[LetterHead]] = defaultdict(list)
        for head in self.letters.values():
            found[head.list].append(head)
        return {
            number: tuple(sorted(heads, key=lambda head: (self.due(head), head.id), reverse=True))
            for number, heads in found.items()
        }

    def due(self, head: LetterHead) -> str:
        """When a letter is sent, by the clock on the wall: "2026-11-27T08:00"."""
        return f"{head.due_date.isoformat()}T{head.due_time or self.lists[head.list].hour:%H:%M}"

    @cached_property
    def sites(self) -> dict[str, copy.Site]:
        """What stands around every page, by language."""
        return {language: self._site(front) for language, front in self.fronts.items()}

    @cached_property
    def page_paths(self) -> dict[int, str]:
        """Paths of all pages that are no articles, by page id."""
        rows: Iterable[SectionRow | TopicRow | StaticRow | ListRow | LetterHead | SupportRow] = [
            *self.sections.values(),
            *self.topics.values(),
            *self.statics.values(),
            *self.lists.values(),
            *self.letters.values(),
            *self.supports.values(),
        ]
        paths = {row.id: row.path for row in rows}
        paths.update({front.id: self.front_path(language) for language, front in self.fronts.items()})
        return paths

    def front_path(self, language: str) -> str:
        """Where a language begins."""
        return addresses.front_path(self.paper.prefix(language))

    def reach_path(self, language: str) -> str:
        """Where a language says where to find the paper."""
        return addresses.reach_path(self.paper.prefix(language))

    def reach_words(self, language: str) -> StaticRow | None:
        """What editors wrote on their own page at that place."""
        path = self.reach_path(language)
        return next((row for row in self.statics.values() if row.path == path), None)

    def tag_path(self, tag: TagRow, language: str) -> str:
        """Where a tag's page stands."""
        return addresses.tag_path(self.paper.prefix(language), tag.slug)

    def is_private(self, tree: str) -> bool:
        """Whether a page stands below one that editors made private."""
        return any(tree.startswith(private) for private in self.private_trees)

    def language(self, code: str, *, current: str = "") -> copy.Language:
        """A language as copy."""
        return copy.Language(
            code=code,
            name=languages.native_name(code),
            direction="rtl" if languages.direction(code) == "rtl" else "ltr",
            front_path=self.front_path(code),
            is_current=code == current,
        )

    def static_with_role(self, language: str, role: str) -> StaticRow | None:
        """A language's page of that role: its privacy policy, its principles and so on."""
        return next((row for row in self.statics.values() if row.language == language and row.role == role), None)

    def lists_in(self, language: str) -> tuple[ListRow, ...]:
        """A language's lists, in the editors' order."""
        return tuple(row for row in self.lists.values() if row.language == language)

    def lists_path(self, language: str) -> str | None:
        """Where a language's lists stand together; None where it has none."""
        return addresses.letters_path(self.paper.prefix(language)) if self.lists_in(language) else None

    def consent(self, language: str) -> Consent:
        """What a reader of that language accepts by signing up."""
        policy = self.static_with_role(language, "privacy")
        return consent(
            language, policy_path=policy.path if policy else None, policy_version=policy.version if policy else ""
        )

    def sign_up(self, row: ListRow) -> copy.SignUp | None:
        """A list's form; None where nobody can join it, or the paper has no frontdesk."""
        if not row.is_open or not self.paper.frontdesk_url:
            return None
        accepted = self.consent(row.language)
        return copy.SignUp(
            action_url=f"{self.paper.frontdesk_url}/{row.language}/join",
            onion_url=self.paper.onion_form(f"/{row.language}/join"),
            list_key=row.key,
            name=row.title,
            path=row.path,
            promise=row.promise,
            consent_html=accepted.html,
            wording=accepted.version,
        )

    def asks(self, language: str) -> bool:
        """Whether readers of a language are asked for money, and can give some."""
        row = self.supports.get(language)
        can_be_given = row is not None and row.can_be_given and bool(self.paper.frontdesk_url)
        return can_be_given and self.told.stopped(language) is None

    @property
    def has_worker(self) -> bool:
        """Whether readers' browsers are asked to run the worker."""
        return bool(self.roots) and self.paper.worker != "off"

    @property
    def statement_label(self) -> str:
        """What stands on bank statements: the name that the paper's first language with a support page has."""
        rows = (self.supports.get(language) for language in self.paper.languages)
        return next((row.label for row in rows if row is not None), "")

    def feed_links(self, title: str, base: str) -> tuple[copy.FeedLink, ...]:
        """The three feeds of whatever stands at `base`."""
        return (
            copy.FeedLink(title=f"{title} (RSS)", path=f"{base}rss.xml", media_type="application/rss+xml"),
            copy.FeedLink(title=f"{title} (Atom)", path=f"{base}atom.xml", media_type="application/atom+xml"),
            copy.FeedLink(title=f"{title} (JSON)", path=f"{base}feed.json", media_type="application/feed+json"),
        )

    def _site(self, front: FrontRow) -> copy.Site:
        code = front.language
        prefix = self.paper.prefix(code)
        principles = self.static_with_role(code, "principles")
        reach = self.reach_path(code)
        corrections_policy = self.static_with_role(code, "corrections_policy")
        privacy = self.static_with_role(code, "privacy")
        forms = (form for row in self.lists_in(code) if (form := self.sign_up(row)))
        return copy.Site(
            name=front.title,
            tagline=front.tagline,
            description=front.description,
            base_url=self.paper.base_url,
            onion_url=self.paper.onion_url,
            language=self.language(code, current=code),
            languages=tuple(
                self.language(other, current=code) for other in self.paper.languages if other in self.fronts
            ),
            time_zone=self.paper.time_zone,
            sections=tuple(
                copy.Link(label=s.title, path=s.path)
                for s in sorted(self.sections.values(), key=lambda s: s.tree)
                if s.language == code and s.in_menu
            ),
            footer=self._footer(code),
            archive_path=f"{prefix}/archive/",
            corrections_path=f"{prefix}/corrections/",
            search_path=addresses.search_path(prefix),
            feeds=self.feed_links(front.title, self.front_path(code)),
            publisher=front.publisher or self.paper.publisher or front.title,
            checking_path=reach,
            principles_path=principles.path if principles else None,
            corrections_policy_path=corrections_policy.path if corrections_policy else None,
            contact_email=self.paper.contact_email,
            licence=self.paper.licence,
            fingerprint=self.fingerprint,
            privacy=copy.Link(label=privacy.title, path=privacy.path) if privacy else None,
            lists_path=self.lists_path(code),
            sign_up=next(forms, None),
            support_path=self.supports[code].path if self.asks(code) else None,
            app_path=addresses.app_path(prefix),
            offline_path=addresses.offline_path(prefix) if self.has_worker else None,
        )

    def _footer(self, code: str) -> tuple[copy.Link, ...]:
        """The pages that editors put there, and the way to the paper's addresses where none of these is that page."""
        pages = (page for page in self.statics.values() if page.language == code and page.in_menu)
        links = tuple(copy.Link(label=page.title, path=page.path) for page in pages)
        reach = self.reach_path(code)
        if any(link.path == reach for link in links):
            return links
        return (*links, copy.Link(label=word("Where to find us", language=code), path=reach))
