"""Rows out of the newsroom's database, as frozen values, by the batch.

The number of queries does not depend on the number of articles. An article that is not live, is under embargo, stands
below a private page, or lost its section or its front, is not published: the functions here leave it out.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Locale, PageViewRestriction

from stet.appeals.currencies import INTERVALS
from stet.appeals.models import SupportPage
from stet.letters.models import LetterPage, ListPage
from stet.newsroom import addresses
from stet.newsroom.models import (
    ArticleByline,
    ArticleCorrection,
    ArticlePage,
    ArticleTag,
    ArticleUpdate,
    FrontPage,
    FrontPlacement,
    FrontTopic,
    Person,
    Photo,
    ReadMorePick,
    SectionPage,
    StaticPage,
    TopicPage,
    Withdrawal,
)
from stet.newsroom.paper import Paper
from stet.press.appeal_rows import read_appeals, read_past_campaigns, read_silence
from stet.press.giving import campaigns, in_short
from stet.press.live_rows import LiveRow, read_live
from stet.press.richtext import claim_ids, has_claims, plain
from stet.press.support_rows import SupportRow, currency_rows, method_rows, warning_rows
from stet.press.told import Told
from stet.press.world import (
    FrontRow,
    LetterHead,
    ListRow,
    PersonRow,
    QuestionHead,
    QuestionRow,
    SectionRow,
    StaticRow,
    TagRow,
    TopicRow,
    World,
)
from stet.sourcing import terms
from stet.sourcing.models import Attribution, Claim, Evidence, Question, QuestionText, Record, Source

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of what was never published by a person, such as a page made by a script."""

RawBlocks = tuple[dict[str, Any], ...]


class ArticleRow(msgspec.Struct, frozen=True, kw_only=True):
    """An article as stored, with everything that hangs on it."""

    id: int
    slug: str
    language: str
    section: int
    tree: str
    published: datetime
    modified: datetime
    live_revision: int | None
    translation_key: str
    headline: str
    short_headline: str
    standfirst: str
    description: str
    kind: str
    dateline: str
    photo_id: int | None
    lead_alt: str
    lead_caption: str
    body: str
    """The blocks as stored JSON."""
    is_sensitive: bool
    updated: datetime | None
    source: str
    source_url: str
    licence: str
    original: int | None
    original_revision: int | None
    bylines: tuple[tuple[int, str], ...] = ()
    """(person, role) in order."""
    tags: tuple[int, ...] = ()
    topics: tuple[int, ...] = ()
    corrections: tuple[tuple[date, str], ...] = ()
    """(date, rich text), newest first."""
    updates: tuple[tuple[date, str], ...] = ()
    """(date, rich text), newest first."""
    picks: tuple[int, ...] = ()
    live: LiveRow | None = None
    """Its live coverage, where there is any."""

    def blocks(self) -> RawBlocks:
        """The stored blocks."""
        return decode_blocks(self.body)

    def claims(self) -> tuple[int, ...]:
        """The claims that are marked in it, in order, each once. Nothing is decoded where there is none."""
        found = list(claim_ids(self.lead_caption))
        if has_claims(self.body):
            found += [claim for text in _texts(self.blocks()) for claim in claim_ids(text)]
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoRow:
    """A photo as stored."""

    id: int
    file: str
    file_hash: str
    width: int
    height: int
    alt: str
    credit: str
    caption: str
    usable_until: date | None = None
    """The last day on which it may be printed."""
    not_in_letters: bool = False
    focus: str = ""
    """Where the middle of what must stay in sight lies, as the theme has it: "30% 20%"; empty where nobody said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """A document as stored."""

    id: int
    title: str
    file: str
    file_name: str
    file_hash: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """The copy for readers of a piece of public evidence.

    It is the working copy, which somebody looked over; only a plain text is printed as it was captured.
    """

    id: int
    kind: str
    """Which folder below the newsroom's `evidence/` it lies in: "working" or "original"."""
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectRow:
    """A redirect as stored."""

    id: int
    old_path: str
    page_id: int | None
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalRow:
    """A withdrawal notice as stored."""

    id: int
    path: str
    language: str
    withdrawn: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """A letter's text as stored; its head stands in the world."""

    id: int
    intro: str
    body: RawBlocks
    sign_off: str
    description: str


_COLUMNS = (
    "id", "slug", "locale_id", "path", "first_published_at", "last_published_at", "live_revision_id",
    "translation_key", "title", "short_headline", "standfirst", "search_description", "kind", "dateline",
    "lead_photo_id", "lead_alt", "lead_caption", "body_json", "is_sensitive", "updated_at", "source",
    "source_url", "licence", "original_id", "original_revision",
)  # fmt: skip


def decode_blocks(stored: str | bytes | None) -> RawBlocks:
    """Stored JSON of a stream as a tuple of raw blocks."""
    return tuple(msgspec.json.decode(stored)) if stored else ()


def _texts(stored: Any) -> Iterator[str]:
    """Every text in stored blocks, in order."""
    if isinstance(stored, str):
        yield stored
    elif isinstance(stored, dict):
        for inner in stored.values():
            yield from _texts(inner)
    elif isinstance(stored, list | tuple):
        for inner in stored:
            yield from _texts(inner)


def live_article_ids() -> list[int]:
    """Articles that are live, ascending; some of them may still turn out not to be published."""
    return list(ArticlePage.objects.filter(live=True).order_by("pk").values_list("pk", flat=True))


def read_articles(ids: Sequence[int], world: World) -> list[ArticleRow]:
    """The published articles among `ids`, in any order. Nine queries for up to 900 of them, ten where one is live."""
    rows: list[ArticleRow] = []
    for start in range(0, len(ids), 900):
        rows.extend(_read_batch(ids[start : start + 900], world))
    return rows


def _read_batch(ids: Sequence[int], world: World) -> Iterator[ArticleRow]:
    query = ArticlePage.objects.filter(
        pk__in=ids, live=True, first_published_at__isnull=False, embargoed_until__isnull=True
    )
    stored = query.annotate(body_json=Cast("body", TextField())).values_list(*_COLUMNS)
    bylines = _by_page(ArticleByline.objects.filter(page_id__in=ids), "page_id", "person_id", "role")
    of_ids = ArticleCorrection.objects.filter(page_id__in=ids).order_by("-date", "sort_order", "pk")
    corrections = _by_page(of_ids, "page_id", "date", "text", is_ordered=True)
    of_ids = ArticleUpdate.objects.filter(page_id__in=ids).order_by("-date", "sort_order", "pk")
    updates = _by_page(of_ids, "page_id", "date", "text", is_ordered=True)
    picks = _by_page(ReadMorePick.objects.filter(page_id__in=ids), "page_id", "article_id")
    tagged = ArticleTag.objects.filter(content_object_id__in=ids).order_by("tag_id")
    tags = _by_page(tagged, "content_object_id", "tag_id", is_ordered=True)
    filed = ArticlePage.topics.through.objects.filter(articlepage_id__in=ids).order_by("topicpage_id")
    topics = _by_page(filed, "articlepage_id", "topicpage_id", is_ordered=True)
    live = read_live(ids)
    for values in stored:
        row = _article(values, world)
        if row is not None:
            yield msgspec.structs.replace(
                row,
                bylines=tuple(p for p in bylines[row.id] if p[0] in world.people),
                tags=tuple(t for (t,) in tags[row.id] if t in world.tags),
                topics=tuple(t for (t,) in topics[row.id] if t in world.topics),
                corrections=tuple(corrections[row.id]),
                updates=tuple(updates[row.id]),
                picks=tuple(p for (p,) in picks[row.id]),
                live=live.get(row.id),
            )


def _by_page(query: Any, *columns: str, is_ordered: bool = False) -> dict[int, list[tuple[Any, ...]]]:
    ordered = query if is_ordered else query.order_by("sort_order", "pk")
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for page, *values in ordered.values_list(*columns):
        found[page].append(tuple(values))
    return found


def _article(values: tuple[Any, ...], world: World) -> ArticleRow | None:
    (
        pk, slug, locale, tree, published, modified, live_revision, translation_key, headline, short_headline,
        standfirst, description, kind, dateline, photo_id, lead_alt, lead_caption, body, is_sensitive, updated, source,
        source_url, licence, original, original_revision,
    ) = values  # fmt: skip
    section = world.sections_by_tree.get(tree[:-4])
    language = world.locales.get(locale)
    if section is None or language not in world.fronts or world.is_private(tree):
        return None
    return ArticleRow(
        id=pk, slug=slug, language=language, section=section.id, tree=tree, published=published,
        modified=max(published, modified or published), live_revision=live_revision,
        translation_key=str(translation_key), headline=headline, short_headline=short_headline, standfirst=standfirst,
        description=description, kind=kind, dateline=dateline, photo_id=photo_id, lead_alt=lead_alt,
        lead_caption=lead_caption, body=body or "", is_sensitive=is_sensitive, updated=updated, source=source,
        source_url=source_url, licence=licence, original=original, original_revision=original_revision,
    )  # fmt: skip


def read_photos(ids: Iterable[int]) -> dict[int, PhotoRow]:
    """Photos by id."""
    columns = (
        "id", "file", "file_hash", "width", "height", "description", "credit", "caption", "usable_until",
        "not_in_letters", "focal_point_x", "focal_point_y",
    )  # fmt: skip
    found = Photo.objects.filter(pk__in=set(ids)).values_list(*columns)
    return {
        pk: PhotoRow(
            id=pk, file=file, file_hash=file_hash, width=width, height=height, alt=alt, credit=credit, caption=caption,
            usable_until=until, not_in_letters=not_in_letters, focus=_focus(x, y, width, height),
        )
        for pk, file, file_hash, width, height, alt, credit, caption, until, not_in_letters, x, y in found
    }  # fmt: skip


def _focus(x: int | None, y: int | None, width: int, height: int) -> str:
    if x is None or y is None:
        return ""
    return f"{min(100, 100 * x // max(1, width))}% {min(100, 100 * y // max(1, height))}%"


def without_photo(digests: Iterable[str]) -> set[str]:
    """Those of the digests of photos' files that no photo has any more."""
    asked = {digest for digest in digests if digest}
    known = Photo.objects.filter(file_hash__in=asked).values_list("file_hash", flat=True) if asked else ()
    return asked - set(known)


def jobs_of_files(paths: Iterable[str]) -> list[str]:
    """The jobs that print these files of photos and evidence, named by their digest: one file may be many uploads."""
    jobs = []
    for path in sorted(paths):
        _, folder, name = path.split("/", 2)
        if folder == "media":
            photos = Photo.objects.filter(file_hash__startswith=name[:20]).order_by("pk")
            jobs += [f"photo:{number}" for number in photos.values_list("pk", flat=True)]
        elif folder == "evidence":
            is_same = Q(sha256__startswith=name[:32]) | Q(working_sha256__startswith=name[:32])
            pieces = Evidence.objects.filter(is_same).order_by("pk")
            jobs += [f"evidence-file:{number}" for number in pieces.values_list("pk", flat=True)]
    return jobs


def photo_digests() -> set[str]:
    """The digests of all photos' files."""
    return set(Photo.objects.values_list("file_hash", flat=True))


def all_photo_ids() -> list[int]:
    """Every photo of the newsroom, ascending."""
    return list(Photo.objects.order_by("pk").values_list("pk", flat=True))


def read_documents(ids: Iterable[int]) -> dict[int, DocumentRow]:
    """Documents by id."""
    rows = get_document_model().objects.filter(pk__in=set(ids))
    return {
        row.pk: DocumentRow(
            id=row.pk,
            title=row.title,
            file=row.file.name,
            file_name=row.filename,
            file_hash=row.get_file_hash(),
            size_bytes=row.get_file_size() or 0,
        )
        for row in rows
    }


def read_letters(ids: Iterable[int]) -> dict[int, LetterRow]:
    """The text of letters that are live, by id; one query."""
    columns = ("id", "intro", "body_json", "sign_off", "search_description")
    query = LetterPage.objects.filter(pk__in=set(ids), live=True).annotate(body_json=Cast("body", TextField()))
    return {
        pk: LetterRow(id=pk, intro=intro, body=decode_blocks(body), sign_off=sign_off, description=description)
        for pk, intro, body, sign_off, description in query.values_list(*columns)
    }


def read_redirects(ids: Iterable[int] | None = None) -> list[RedirectRow]:
    """Redirects of all sites, or those of the given ids."""
    query = Redirect.objects.all() if ids is None else Redirect.objects.filter(pk__in=set(ids))
    columns = ("id", "old_path", "redirect_page_id", "redirect_link")
    return [RedirectRow(id=a, old_path=b, page_id=c, link=d) for a, b, c, d in query.values_list(*columns)]


def read_withdrawals(ids: Iterable[int] | None, world: World) -> list[WithdrawalRow]:
    """Withdrawal notices, all or those of the given ids."""
    query = Withdrawal.objects.all() if ids is None else Withdrawal.objects.filter(pk__in=set(ids))
    return [
        WithdrawalRow(id=pk, path=path, language=world.locales[locale], withdrawn=day, reason=reason)
        for pk, path, locale, day, reason in query.values_list("id", "path", "locale_id", "withdrawn", "reason")
        if world.locales.get(locale) in world.fronts
    ]


def read_world(paper: Paper, *, fingerprint: str, roots: tuple[bytes, ...] = (), told: Told | None = None) -> World:
    """All small tables, in about a dozen queries. `roots` are the site's files; `told` is the private wing's word."""
    locales = {pk: code for pk, code in Locale.objects.values_list("pk", "language_code") if code in paper.languages}
    private = tuple(PageViewRestriction.objects.values_list("page__path", flat=True))
    world = World(paper=paper, fingerprint=fingerprint, locales=locales, private_trees=private)
    fronts = {front.language: front for front in _fronts(world)}
    trees = {front.tree for front in fronts.values()}
    lists = {row.id: row for row in _lists(world, trees)}
    made = World(
        paper=paper,
        fingerprint=fingerprint,
        locales=locales,
        roots=roots,
        private_trees=private,
        fronts=fronts,
        sections={row.id: row for row in _sections(world, trees)},
        topics={row.id: row for row in _topics(world, trees)},
        statics={row.id: row for row in _statics(world, trees)},
        people={row.id: row for row in _people(world)},
        lists=lists,
        letters={head.id: head for head in _letters(world, {row.tree: row for row in lists.values()})},
        supports={row.language: row for row in _supports(world, trees)},
        told=told or Told(),
        appeals={row.id: row for row in read_appeals(locales)},
        silence=read_silence(locales),
        past_campaigns=read_past_campaigns(),
        questions={row.id: row for row in _questions(world, fronts)},
        tags={
            pk: TagRow(id=pk, name=name, slug=slug) for pk, name, slug in Tag.objects.values_list("pk", "name", "slug")
        },
    )
    return replace(made, campaigns=campaigns(made), giving=in_short(made))


def _fronts(world: World) -> Iterator[FrontRow]:
    placements = _by_page(FrontPlacement.objects.all(), "page_id", "article_id")
    topics = _by_page(FrontTopic.objects.all(), "page_id", "topic_id")
    columns = ("id", "path", "locale_id", "title", "tagline", "description", "publisher", "notice")
    for pk, tree, locale, title, tagline, description, publisher, notice in (
        FrontPage.objects.filter(live=True).order_by("-path").values_list(*columns)
    ):
        if locale in world.locales and not world.is_private(tree):
            yield FrontRow(
                id=pk, tree=tree, language=world.locales[locale], title=title, tagline=tagline, description=description,
                publisher=publisher, notice=notice, placements=tuple(a for (a,) in placements[pk]),
                topics=tuple(t for (t,) in topics[pk]),
            )  # fmt: skip


def _is_printed(world: World, trees: set[str], tree: str, locale: int) -> bool:
    return tree[:-4] in trees and locale in world.locales and not world.is_private(tree)


def _sections(world: World, trees: set[str]) -> Iterator[SectionRow]:
    columns = (
        "id",
        "path",
        "locale_id",
        "title",
        "slug",
        "intro",
        "search_description",
        "show_in_menus",
        "translation_key",
        "is_sensitive",
    )
    for pk, tree, locale, title, slug, intro, description, in_menu, key, is_sensitive in (
        SectionPage.objects.filter(live=True).order_by("path").values_list(*columns)
    ):
        if _is_printed(world, trees, tree, locale):
            language = world.locales[locale]
            yield SectionRow(
                id=pk, tree=tree, language=language, title=title, intro=intro, description=description, in_menu=in_menu,
                path=addresses.child_path(world.paper.prefix(language), slug), translation_key=str(key),
                is_sensitive=is_sensitive,
            )  # fmt: skip


def _topics(world: World, trees: set[str]) -> Iterator[TopicRow]:
    columns = (
        "id", "path", "locale_id", "title", "slug", "summary", "search_description", "photo_id", "facts_json",
        "timeline_json", "translation_key", "is_sensitive",
    )  # fmt: skip
    query = TopicPage.objects.filter(live=True).annotate(
        facts_json=Cast("key_facts", TextField()), timeline_json=Cast("timeline", TextField())
    )
    for (
        pk,
        tree,
        locale,
        title,
        slug,
        summary,
        description,
        photo,
        facts,
        timeline,
        key,
        is_sensitive,
    ) in query.order_by("path").values_list(*columns):
        if _is_printed(world, trees, tree, locale):
            language = world.locales[locale]
            yield TopicRow(
                id=pk, language=language, title=title, path=addresses.topic_path(world.paper.prefix(language), slug),
                summary=summary, description=description, photo_id=photo, key_facts=decode_blocks(facts),
                timeline=decode_blocks(timeline), translation_key=str(key), is_sensitive=is_sensitive,
            )  # fmt: skip


def _statics(world: World, trees: set[str]) -> Iterator[StaticRow]:
    columns = (
        "id", "path", "locale_id", "title", "slug", "role", "search_description", "body_json", "version",
        "version_date", "show_in_menus", "last_published_at", "translation_key",
    )  # fmt: skip
    query = StaticPage.objects.filter(live=True).annotate(body_json=Cast("body", TextField()))
    for (
        pk,
        tree,
        locale,
        title,
        slug,
        role,
        description,
        body,
        version,
        version_date,
        in_menu,
        modified,
        key,
    ) in query.order_by("path").values_list(*columns):
        if _is_printed(world, trees, tree, locale):
            language = world.locales[locale]
            yield StaticRow(
                id=pk, language=language, title=title, path=addresses.child_path(world.paper.prefix(language), slug),
                role=role, description=description, body=decode_blocks(body), version=version,
                version_date=version_date, in_menu=in_menu, modified=modified or EPOCH, translation_key=str(key),
            )  # fmt: skip


def _people(world: World) -> Iterator[PersonRow]:
    columns = ("id", "locale_id", "name", "slug", "kind", "role", "bio", "contact", "photo_id", "translation_key")
    for pk, locale, name, slug, kind, role, bio, contact, photo, key in Person.objects.order_by("pk").values_list(
        *columns
    ):
        if locale in world.locales:
            language = world.locales[locale]
            is_withheld = kind == Person.Kind.WITHHELD
            yield PersonRow(
                id=pk, language=language, name=name, kind=kind, role=role, bio=bio, contact=contact, photo_id=photo,
                path=None if is_withheld else addresses.person_path(world.paper.prefix(language), slug),
                translation_key=str(key),
            )  # fmt: skip


def _lists(world: World, trees: set[str]) -> Iterator[ListRow]:
    columns = (
        "id", "path", "locale_id", "title", "slug", "key", "promise", "about", "search_description", "cadence",
        "weekday", "hour", "time_zone", "from_name", "has_photos", "is_open", "last_published_at", "translation_key",
    )  # fmt: skip
    for (
        pk, tree, locale, title, slug, key, promise, about, description, cadence, weekday, hour, time_zone, from_name,
        has_photos, is_open, modified, translation_key,
    ) in ListPage.objects.filter(live=True).order_by("path").values_list(*columns):  # fmt: skip
        if _is_printed(world, trees, tree, locale):
            language = world.locales[locale]
            yield ListRow(
                id=pk, tree=tree, language=language, title=plain(title),
                path=addresses.list_path(world.paper.prefix(language), slug), key=key, promise=plain(promise),
                about=about, description=description, cadence=cadence, weekday=weekday, hour=hour,
                time_zone=time_zone or world.paper.time_zone, from_name=plain(from_name), has_photos=has_photos,
                is_open=is_open, modified=modified or EPOCH, translation_key=str(translation_key),
            )  # fmt: skip


def _letters(world: World, lists_by_tree: dict[str, ListRow]) -> Iterator[LetterHead]:
    columns = (
        "id", "path", "slug", "title", "letter_id", "preheader", "due_date", "due_time", "is_local", "is_sent",
        "last_published_at",
    )  # fmt: skip
    for pk, tree, slug, title, letter_id, preheader, due_date, due_time, is_local, is_sent, modified in (
        LetterPage.objects.filter(live=True).order_by("pk").values_list(*columns)
    ):
        row = lists_by_tree.get(tree[:-4])
        if row is not None and not world.is_private(tree):
            yield LetterHead(
                id=pk, list=row.id, path=f"{row.path}{slug}/", letter_id=str(letter_id), subject=plain(title),
                preheader=plain(preheader), due_date=due_date, due_time=due_time, is_local=is_local, is_sent=is_sent,
                modified=modified or EPOCH,
            )  # fmt: skip


def _supports(world: World, trees: set[str]) -> Iterator[SupportRow]:
    columns = (
        "id", "path", "locale_id", "title", "search_description", "letter", "pays_for", "other_ways", "has_once",
        "has_monthly", "has_annual", "preselected", "currencies_json", "methods_json", "warnings_json",
        "statement_label", "is_open", "has_ticker", "goal", "last_published_at",
    )  # fmt: skip
    query = SupportPage.objects.filter(live=True).annotate(
        currencies_json=Cast("currencies", TextField()),
        methods_json=Cast("methods", TextField()),
        warnings_json=Cast("warnings", TextField()),
    )
    for values in query.order_by("-path").values_list(*columns, named=True):
        if _is_printed(world, trees, values.path, values.locale_id):
            language = world.locales[values.locale_id]
            intervals = tuple(i for i in INTERVALS if getattr(values, f"has_{i}"))
            yield SupportRow(
                id=values.id, language=language, title=plain(values.title),
                path=addresses.support_path(world.paper.prefix(language)), description=values.search_description,
                letter=values.letter, pays_for=values.pays_for, other_ways=values.other_ways, intervals=intervals,
                preselected=values.preselected, currencies=currency_rows(decode_blocks(values.currencies_json)),
                methods=method_rows(decode_blocks(values.methods_json), intervals),
                warnings=warning_rows(decode_blocks(values.warnings_json)), label=values.statement_label,
                is_open=values.is_open, has_ticker=values.has_ticker, goal=values.goal,
                modified=values.last_published_at or EPOCH,
            )  # fmt: skip


# --- Claims: which there are. What they say is read by `stet.sourcing.reading`. ---


def _questions(world: World, languages: Container[str]) -> Iterator[QuestionRow]:
    """Questions that may have a page, with where it stands in each language; two queries."""
    printed = dict(Question.objects.filter(is_printed=True).order_by("pk").values_list("pk", "uid"))
    texts: dict[int, dict[str, QuestionHead]] = defaultdict(dict)
    columns = ("question_id", "locale_id", "text", "slug", "intro")
    if not printed:
        return
    asked = QuestionText.objects.filter(question_id__in=printed).exclude(slug="")
    for question, locale, text, slug, intro in asked.values_list(*columns):
        if (language := world.locales.get(locale)) is not None and language in languages:
            path = addresses.question_path(world.paper.prefix(language), slug)
            texts[question][language] = QuestionHead(text=plain(text), path=path, intro=intro)
    for pk, uid in printed.items():
        if texts[pk]:
            yield QuestionRow(id=pk, uid=str(uid), heads=dict(sorted(texts[pk].items())))


def question_claims(question: int) -> list[int]:
    """The claims that answer a question."""
    return list(Claim.objects.filter(question_id=question).order_by("pk").values_list("pk", flat=True))


def questions_of(claims: Container[int]) -> set[int]:
    """The questions that any of these claims answers; one query."""
    asked = Claim.objects.filter(question__isnull=False).values_list("question_id", "pk")
    return {question for question, claim in asked if claim in claims}


def source_claims(source: int) -> list[int]:
    """The claims in whose chains a source stands."""
    query = Attribution.objects.filter(source_id=source).order_by("claim_id")
    return list(query.values_list("claim_id", flat=True).distinct())


def source_ids() -> list[int]:
    """Sources that may have a page."""
    named = Source.objects.exclude(kind=terms.SourceKind.UNNAMED).filter(names__slug__gt="")
    return list(named.order_by("pk").values_list("pk", flat=True).distinct())


def open_claims() -> set[int]:
    """The claims that are shown wherever they stand or don't."""
    return set(Claim.objects.filter(is_printed=True).values_list("pk", flat=True))


def sources_of_claims(claims: Iterable[int]) -> set[int]:
    """The sources in the chains of claims."""
    wanted = set(claims)
    return {source for claim, source in Attribution.objects.values_list("claim_id", "source_id") if claim in wanted}


def gone_claims(ids: Iterable[int] | None = None) -> list[int]:
    """The claims, all or among the given ones, that were corrected or withdrawn at some time."""
    told = Q()
    for status in (terms.Status.CORRECTED, terms.Status.WITHDRAWN):
        told |= Q(body__contains=f'"status":"{status}"')
    records = Record.objects.filter(told, kind=Record.Kind.STATUS)
    if ids is not None:
        records = records.filter(claim_id__in=set(ids))
    return list(records.order_by("claim_id").values_list("claim_id", flat=True).distinct())


def read_evidence_files(ids: Iterable[int]) -> dict[int, EvidenceRow]:
    """The copies for readers of public evidence, by id, where there is one; one query."""
    columns = ("pk", "sha256", "working_sha256", "media_type", "size_bytes")
    public = Evidence.objects.filter(pk__in=set(ids), visibility=terms.Visibility.PUBLIC)
    rows = {}
    for pk, sha256, working, media_type, size_bytes in public.values_list(*columns):
        kind, digest = ("working", working) if working else ("original", sha256)
        if digest and size_bytes is not None and (working or media_type == "text/plain"):
            rows[pk] = EvidenceRow(id=pk, kind=kind, sha256=digest, media_type=media_type)
    return rows
