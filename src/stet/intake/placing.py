"""Records become the newsroom's rows: pages, people, photos, redirects.

The rules:
 * A record is placed in one transaction. A run that is cut off leaves what it placed, and the next run goes on.
 * What was placed before and has not changed in the archive is left alone.
 * What changed in the archive is brought up to date only where nobody edited it in the desk since.
 * What was deleted in the desk stays deleted.
 * Every page gets one revision, published where the record is live; nothing is sent, printed or logged.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from errno import EACCES, EISDIR, ENOENT, EPERM
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.files import File as DjangoFile
from django.db import transaction
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Locale, Page, ReferenceIndex, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from stet.intake import records, streams
from stet.intake.memory import Memory, Verdict
from stet.intake.records import Archive, Loss, Record
from stet.intake.report import LossReport, Outcome
from stet.intake.slugs import free_slug
from stet.intake.streams import Names
from stet.newsroom.addresses import is_reserved
from stet.newsroom.errors import PhotoRefusedError
from stet.newsroom.models import (
    ArticleByline,
    ArticleCorrection,
    ArticlePage,
    FrontPage,
    FrontPlacement,
    FrontTopic,
    Person,
    Photo,
    ReadMorePick,
    SectionPage,
    StaticPage,
    TopicPage,
)
from stet.newsroom.paper import current_paper

Progress = Callable[[str, int, int], None]
"""Told after each step: what is being placed, how many are done, how many there are."""

MAX_PLACED_ON_FRONT = 5
MAX_PICKS = 4


def place(archive: Archive, report: LossReport, *, now: datetime, progress: Progress | None = None) -> None:
    """Place everything in the archive and settle each record in the report."""
    with disable_reference_index_auto_update():  # It would be told at each of a page's saves; `_publish` tells it once.
        _Placing(archive, report, now=now, progress=progress).run()


class _Placing:
    """One run over one archive."""

    def __init__(self, archive: Archive, report: LossReport, *, now: datetime, progress: Progress | None) -> None:
        self.archive = archive
        self.report = report
        self.now = now
        self.progress: Progress = progress or (lambda _what, _done, _total: None)
        self.main_language = current_paper().languages[0]
        self.memory = Memory(archive.source)
        self.locales: dict[str, Locale] = {}
        self.fronts: dict[str, FrontPage] = {}
        self.pages: dict[str, int] = {}
        self.files: dict[str, int] = {}
        self.people: dict[str, int] = {}
        self.tags_before: set[str] = set()
        self.already: set[str] = set()
        """Source ids of what was there before this run."""
        self.kinds = dict(archive.kinds)
        self.file_names = {media.source_id: media.file_name for media in archive.media}
        self.words = {media.source_id: media.words for media in archive.media}
        self.expected: frozenset[str] = frozenset(
            record.source_id
            for group in (archive.sections, archive.topics, archive.articles, archive.pages)
            for record in group
        )
        self.waiting: list[tuple[str, Record, list[Loss]]] = []

    def run(self) -> None:
        """Everything, in the order in which things refer to each other."""
        if self.archive.tags:
            self.tags_before = {name.casefold() for name in Tag.objects.values_list("name", flat=True)}
        self._open_fronts()
        self._each("photos and files", self.archive.media, self._media)
        self._each("people", self.archive.people, self._person)
        self._each("sections", self.archive.sections, self._section)
        self._each("topics", self.archive.topics, self._topic)
        articles = sorted(self.archive.articles, key=lambda article: (article.original is not None, article.source_id))
        self._each("articles", articles, self._article)
        self._each("pages", self.archive.pages, self._page)
        self._each("tags", self.archive.tags, self._tag)
        self._each("links between pages", self._take_waiting(), lambda waiting: self._finish(*waiting))
        self._each("fronts", self.archive.fronts, self._front)
        self._each("old addresses", self.archive.redirects, self._redirect)

    def _each(self, what: str, things: Iterable[Any], step: Callable[[Any], None]) -> None:
        things = tuple(things)
        for done, thing in enumerate(things, start=1):
            with transaction.atomic():
                step(thing)
            self.progress(what, done, len(things))

    def _kind(self, ours: str) -> str:
        """What the report calls a kind of record."""
        return self.kinds.get(ours, ours)

    def _names(self, language: str, *, is_last_chance: bool = False) -> Names:
        return Names(
            pages=self.pages,
            files=self.files,
            expected=frozenset() if is_last_chance else self.expected,
            file_names=self.file_names,
            words=self.words,
            language=language,
            main_language=self.main_language,
        )

    def _settle(self, kind: str, record: Record, name: str, outcome: Outcome, losses: Iterable[Loss] = ()) -> None:
        all_losses = (*record.losses, *losses)
        if outcome is Outcome.ALREADY:
            self.already.add(record.source_id)
        if outcome is Outcome.TAKEN and all_losses:
            outcome = Outcome.CHANGED
        self.report.settle(kind, record.source_id, name, outcome, () if outcome is Outcome.ALREADY else all_losses)

    def _judge(self, kind: str, record: Record, name: str, model: type[Any]) -> tuple[Verdict, Any]:
        """What to do with a record, and its row where it has one; what needs nothing is settled at once."""
        verdict, row = self.memory.judge(record, model)
        if verdict is Verdict.SAME:
            self._settle(kind, record, name, Outcome.ALREADY)
        elif verdict is Verdict.DELETED:
            reason = "taken before and deleted in the desk since: stays deleted"
            self.report.settle(kind, record.source_id, name, Outcome.LEFT_OUT, (Loss(reason=reason),))
        elif verdict is Verdict.EDITED:
            reason = "changed in the archive and edited in the desk since: the desk's stays"
            self.report.settle(kind, record.source_id, name, Outcome.LEFT_OUT, (Loss(reason=reason),))
        return verdict, row

    # --- Fronts ---

    def _open_fronts(self) -> None:
        """Have a front in each language of the archive."""
        used = {
            record.language
            for group in (self.archive.articles, self.archive.pages, self.archive.sections)
            for record in group
        }
        languages = [front.language for front in self.archive.fronts]
        languages += sorted(used - set(languages))
        with transaction.atomic():
            for language in languages:
                self.locales[language] = Locale.objects.get_or_create(language_code=language)[0]
                self.fronts[language] = self._front_page(language)
            self._open_site()

    def _front_page(self, language: str) -> FrontPage:
        locale = self.locales[language]
        found: FrontPage | None = FrontPage.objects.filter(locale=locale).order_by("path").first()
        if found is not None:
            return found
        sibling = FrontPage.objects.order_by("path").first()
        name = self.archive.name or (sibling.title if sibling else "Stet")
        front = FrontPage(title=name, slug=f"front-{language}", locale=locale)
        if sibling is not None:
            front.translation_key = sibling.translation_key
        Page.get_first_root_node().add_child(instance=front)
        _publish(front)
        return front

    def _open_site(self) -> None:
        """Point Wagtail's site at the paper's own front, and take away the welcome page that it came with."""
        own = self.fronts.get(self.main_language) or next(iter(self.fronts.values()), None)
        site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
        if own is None or (site and isinstance(site.root_page.specific, FrontPage)):
            return
        if site is None:
            Site.objects.create(hostname="localhost", root_page=own, is_default_site=True)
            return
        welcome = site.root_page.specific
        site.root_page = own
        site.save()
        if type(welcome) is Page and not welcome.is_root() and welcome.is_leaf():
            welcome.delete()

    def _front(self, record: records.Front) -> None:
        self.report.read("front")
        verdict, row = self._judge("front", record, record.name, FrontPage)
        if verdict not in (Verdict.NEW, Verdict.UPDATE):
            return
        front = self.fronts[record.language] if row is None else row
        front = FrontPage.objects.get(pk=front.pk)
        losses: list[Loss] = []
        if verdict is Verdict.NEW and front.placements.exists():
            losses.append(Loss(reason="the desk has placed stories already: they stay"))
        else:
            self._fill_front(front, record, losses)
            front.save()
            _publish(front)
        self.memory.keep(record, front)
        self._settle("front", record, record.name, Outcome.TAKEN, losses)

    def _fill_front(self, front: FrontPage, record: records.Front, losses: list[Loss]) -> None:
        names = self._names(record.language, is_last_chance=True)
        front.title = record.name or front.title
        front.draft_title = front.title
        front.tagline = names.fit(record.tagline, 200, "a tagline")
        front.description = names.fit(record.description, 500, "a description")
        front.publisher = names.fit(record.publisher, 200, "a publisher")
        front.notice = streams.rich_text(record.notice, names)
        stories = [names.page(article) for article in (record.lead, *record.seconds) if article]
        front.placements = [
            FrontPlacement(article_id=key, sort_order=place)
            for place, key in enumerate(stories[:MAX_PLACED_ON_FRONT])
            if key
        ]
        topics = [names.page(topic) for topic in record.topics]
        front.front_topics = [FrontTopic(topic_id=key, sort_order=place) for place, key in enumerate(topics) if key]
        losses += names.losses

    # --- Files and people ---

    def _media(self, record: records.Media) -> None:
        kind = record.kind or self._kind("photo" if record.is_photo else "file")
        self.report.read(kind)
        model = Photo if record.is_photo else get_document_model()
        verdict, row = self._judge(kind, record, record.file_name, model)
        if row is not None:
            self.files[record.source_id] = row.pk
        if verdict not in (Verdict.NEW, Verdict.UPDATE):
            return
        if record.path is None:
            self._settle(kind, record, record.file_name, Outcome.LEFT_OUT)
            return
        names = self._names(self.main_language)
        row = row or model()
        try:
            self._fill_media(row, record, names, is_new=verdict is Verdict.NEW)
        except (PhotoRefusedError, OSError) as error:
            loss = Loss(reason=_why_not_read(error), detail=record.file_name)
            self.report.settle(kind, record.source_id, record.file_name, Outcome.LEFT_OUT, (loss,))
            return
        ReferenceIndex.create_or_update_for_object(row)
        self.files[record.source_id] = row.pk
        self.memory.keep(record, row)
        self._settle(kind, record, record.file_name, Outcome.TAKEN, names.losses)

    def _fill_media(self, row: Any, record: records.Media, names: Names, *, is_new: bool) -> None:
        row.title = names.fit(record.title or record.file_name, 255, "a title")
        if record.is_photo:
            own = streams.own_words(record.words, self.main_language)
            row.description = names.fit(own.alt if own else "", 255, "an alternative text")
            row.caption = names.fit(own.caption if own else "", 2000, "a caption")
            row.credit = names.fit(record.credit, 255, "a credit")
            row.licence = names.fit(record.licence, 255, "a licence")
        if not is_new:
            row.save()
            return
        assert record.path is not None
        with Path(record.path).open("rb") as opened:
            row.file = DjangoFile(opened, name=record.file_name)
            if record.is_photo:
                row.save()
                self._complete_photo(row, names)
            else:
                row.file_size = row.file.size
                row.save()

    def _complete_photo(self, photo: Photo, names: Names) -> None:
        """A photo needs a credit and an alternative text; where there is none, say so in its place."""
        if photo.credit and photo.description:
            return
        if not photo.credit:
            photo.credit = "Credit not recorded"
            names.lose("a photo without a credit: “Credit not recorded” stands in its place", photo.title)
        if not photo.description:
            photo.description = photo.title[:255]
            names.lose("a photo without an alternative text: its title stands in its place", photo.title)
        photo.save(update_fields=["credit", "description"])

    def _person(self, record: records.Person) -> None:
        kind = self._kind("person")
        self.report.read(kind)
        verdict, row = self._judge(kind, record, record.name, Person)
        if row is not None:
            self.people[record.source_id] = row.pk
        if verdict not in (Verdict.NEW, Verdict.UPDATE):
            return
        locale = self.locales[record.language]
        if verdict is Verdict.NEW and (known := Person.objects.filter(locale=locale, slug=record.slug).first()):
            self.people[record.source_id] = known.pk
            self.memory.keep(record, known)
            self._settle(kind, record, record.name, Outcome.ALREADY)
            return
        names = self._names(record.language)
        person = row or Person(locale=locale, translation_key=self._translation_key("person", record.key))
        person.slug = record.slug
        person.kind = record.kind
        person.name = names.fit(record.name, 200, "a name")
        person.role = names.fit(record.role, 200, "a role")
        person.contact = names.fit(record.contact, 200, "a contact")
        person.bio = streams.rich_text(record.bio, names)
        person.photo_id = names.file(record.photo) if record.photo else None
        person.full_clean()
        person.save()
        ReferenceIndex.create_or_update_for_object(person)
        self.people[record.source_id] = person.pk
        self.memory.keep(record, person)
        self._settle(kind, record, record.name, Outcome.TAKEN, names.losses)

    # --- Pages ---

    def _section(self, record: records.Section) -> None:
        known = SectionPage.objects.child_of(self.fronts[record.language]).filter(slug=record.slug).first()
        if known is not None and self.memory.is_new(record):
            kind = self._kind("section")
            self.report.read(kind)
            self.pages[record.source_id] = known.pk
            self.memory.keep(record, known)
            self._settle(kind, record, record.title, Outcome.ALREADY)
            return
        self._place_page("section", record, record.title, SectionPage, self._fill_section)

    def _fill_section(self, page: SectionPage, record: records.Section, names: Names) -> None:
        page.title = names.fit(record.title, 255, "a title")
        page.intro = streams.rich_text(record.intro, names)
        page.show_in_menus = True

    def _topic(self, record: records.Topic) -> None:
        self._place_page("topic", record, record.title, TopicPage, self._fill_topic)

    def _fill_topic(self, page: TopicPage, record: records.Topic, names: Names) -> None:
        page.title = names.fit(record.title, 255, "a title")
        page.summary = streams.rich_text(record.summary, names)
        page.photo_id = names.file(record.photo) if record.photo else None
        page.key_facts = _stream_value(
            page, "key_facts", streams.key_facts(record.key_facts, names, seed=record.source_id)
        )
        timeline = streams.topic_timeline(record.timeline, names, seed=record.source_id)
        page.timeline = _stream_value(page, "timeline", timeline)

    def _page(self, record: records.Page) -> None:
        self._place_page("page", record, record.title, StaticPage, self._fill_page)

    def _fill_page(self, page: StaticPage, record: records.Page, names: Names) -> None:
        page.title = names.fit(record.title, 255, "a title")
        page.role = record.role or StaticPage.Role.OTHER
        page.version = names.fit(record.version, 30, "a version")
        page.version_date = record.version_date
        page.show_in_menus = record.is_in_menus
        page.body = _stream_value(page, "body", streams.stream(record.body, names, seed=record.source_id))

    def _article(self, record: records.Article) -> None:
        self._place_page("article", record, record.headline, ArticlePage, self._fill_article)

    def _fill_article(self, page: ArticlePage, record: records.Article, names: Names) -> None:
        page.title = names.fit(record.headline, 255, "a headline")
        page.short_headline = names.fit(record.short_headline, 100, "a short headline")
        page.standfirst = names.fit(record.standfirst, 600, "a standfirst")
        page.kind = record.kind
        page.dateline = names.fit(record.dateline, 100, "a dateline")
        page.updated_at = record.updated
        page.source = names.fit(record.source, 200, "a source")
        page.source_url = record.source_url
        page.licence = names.fit(record.licence, 200, "a licence")
        page.body = _stream_value(page, "body", streams.stream(record.body, names, seed=record.source_id))
        self._fill_lead_photo(page, record, names)
        self._fill_relations(page, record, names)
        if record.original and (original := names.page(record.original)):
            page.original_id = original
            page.original_revision = Page.objects.values_list("live_revision_id", flat=True).get(pk=original)

    def _fill_lead_photo(self, page: ArticlePage, record: records.Article, names: Names) -> None:
        page.lead_photo_id = names.file(record.photo) if record.photo else None
        if page.lead_photo_id and record.photo:
            words = streams.photo_words(record.photo, record.photo_caption, names)
            page.lead_alt, page.lead_caption = names.fit(words["alt"], 255, "an alternative text"), words["caption"]

    def _fill_relations(self, page: ArticlePage, record: records.Article, names: Names) -> None:
        people = dict.fromkeys(self.people[person] for person in record.bylines if person in self.people)
        page.bylines = [ArticleByline(person_id=person, sort_order=place) for place, person in enumerate(people)]
        page.corrections = [
            ArticleCorrection(date=correction.date, text=streams.rich_text(correction.text, names), sort_order=place)
            for place, correction in enumerate(record.corrections)
        ]
        picks = [key for pick in record.picks[:MAX_PICKS] if (key := names.page(pick))]
        page.picks = [ReadMorePick(article_id=key, sort_order=place) for place, key in enumerate(picks)]
        page.tags.set([names.fit(tag, 100, "a tag") for tag in record.tags])
        topics = [key for topic in record.topics if (key := names.page(topic))]
        page.topics = list(TopicPage.objects.filter(pk__in=topics))

    def _tag(self, record: records.Tag) -> None:
        kind = record.kind or self._kind("tag")
        self.report.read(kind)
        self._settle(
            kind, record, record.name, Outcome.ALREADY if record.name.casefold() in self.tags_before else Outcome.TAKEN
        )

    def _place_page(self, kind: str, record: Any, name: str, model: type[Any], fill: Callable[..., None]) -> None:
        """Place one page; where it refers to one that is not there yet, it is finished later."""
        said = self._kind(kind)
        self.report.read(said)
        verdict, row = self._judge(said, record, name, model)
        if row is not None:
            self.pages[record.source_id] = row.pk
        if verdict not in (Verdict.NEW, Verdict.UPDATE):
            return
        key = self._translation_key(kind, record.key)
        locale = self.locales[record.language]
        if verdict is Verdict.NEW and (known := model.objects.filter(translation_key=key, locale=locale).first()):
            self.pages[record.source_id] = known.pk
            self.memory.keep(record, known)
            self._settle(said, record, name, Outcome.ALREADY)
            return
        names = self._names(record.language)
        page = row or model(locale=locale, translation_key=key)
        fill(page, record, names)
        losses = self._save_page(page, record, is_new=row is None)
        self.pages[record.source_id] = page.pk
        if names.waiting:
            self.memory.begin(record, page)
            self.waiting.append((kind, record, losses))
            return
        _publish(page, record, now=self.now)
        self.memory.keep(record, page)
        self._settle(said, record, name, Outcome.TAKEN, (*names.losses, *losses))

    def _take_waiting(self) -> list[tuple[str, Record, list[Loss]]]:
        """Pages to be finished: translations after what they were made from."""
        waiting, self.waiting = self.waiting, []
        return sorted(waiting, key=lambda item: bool(getattr(item[1], "original", None)))

    def _finish(self, kind: str, record: Any, losses: list[Loss]) -> None:
        """Fill a page again, now that everything it refers to is there."""
        ways: dict[str, tuple[type[Any], Callable[..., None]]] = {
            "topic": (TopicPage, self._fill_topic),
            "article": (ArticlePage, self._fill_article),
            "page": (StaticPage, self._fill_page),
            "section": (SectionPage, self._fill_section),
        }
        model, fill = ways[kind]
        page = model.objects.get(pk=self.pages[record.source_id])
        names = self._names(record.language, is_last_chance=True)
        fill(page, record, names)
        page.save()
        _publish(page, record, now=self.now)
        self.memory.keep(record, page)
        self._settle(self._kind(kind), record, page.title, Outcome.TAKEN, (*names.losses, *losses))

    def _save_page(self, page: Any, record: Any, *, is_new: bool) -> list[Loss]:
        """Save a page with its dates, below its parent, at an address of its own."""
        losses: list[Loss] = []
        page.draft_title = page.title
        _date(page, record)
        if not is_new:
            page.save()
            return losses
        parent = self._parent(record)
        page.slug = self._free_slug(page, record, parent)
        if page.slug != record.slug:
            losses.append(
                Loss(reason="address changed: the old one was taken or reserved", detail=f"{record.slug} → {page.slug}")
            )
        Page.objects.get(pk=parent).specific.add_child(instance=page)
        return losses

    def _parent(self, record: Any) -> int:
        if not isinstance(record, records.Article):
            return int(self.fronts[record.language].pk)
        if record.section and record.section in self.pages:
            return self.pages[record.section]
        return self._news_section(record.language)

    def _news_section(self, language: str) -> int:
        """Where articles go that have no section, or whose section was deleted in the desk."""
        front = self.fronts[language]
        section = SectionPage.objects.child_of(front).filter(slug="news").first()
        if section is None:
            section = SectionPage(title="News", slug="news", locale=self.locales[language], show_in_menus=True)
            FrontPage.objects.get(pk=front.pk).add_child(instance=section)
            _publish(section)
        return int(section.pk)

    def _free_slug(self, page: Any, record: Any, parent: int) -> str:
        languages = current_paper().languages
        is_under_front = not isinstance(page, ArticlePage)
        if is_under_front:
            siblings = Page.objects.child_of(Page.objects.get(pk=parent))
        else:
            siblings = ArticlePage.objects.filter(locale=page.locale)

        def is_free(slug: str) -> bool:
            reserved = is_under_front and not isinstance(page, TopicPage) and is_reserved(slug, languages)
            return not reserved and not siblings.filter(slug=slug).exists()

        return free_slug(record.slug, is_free=is_free)

    def _translation_key(self, kind: str, key: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"stet:{self.archive.source}:{kind}:{key}")

    # --- Old addresses ---

    def _redirect(self, record: records.Redirect) -> None:
        self.report.read("old address")
        path = Redirect.normalise_path(record.old_path)
        target = self.pages.get(record.target)
        if len(path) > 255 or target is None:
            reason = "longer than 255 characters" if target else "what it led to was not taken"
            self._settle("old address", record, path, Outcome.LEFT_OUT, (Loss(reason=reason, detail=path[:80]),))
            return
        page = Page.objects.get(pk=target).specific
        if path == Redirect.normalise_path(page.printed_path() or ""):
            is_old = record.target in self.already
            self._settle("old address", record, path, Outcome.ALREADY if is_old else Outcome.TAKEN)
            return
        _redirect, is_new = Redirect.objects.get_or_create(
            old_path=path, site=None, defaults={"redirect_page": Page.objects.get(pk=target)}
        )
        self._settle("old address", record, path, Outcome.TAKEN if is_new else Outcome.ALREADY)


def _why_not_read(error: Exception) -> str:
    """Why a file of the archive was not taken. What is wrong with our own disk is raised again."""
    if isinstance(error, PhotoRefusedError):
        return str(error)
    if isinstance(error, OSError) and error.errno not in (None, ENOENT, EACCES, EPERM, EISDIR):
        raise error
    return "the file cannot be read" if getattr(error, "errno", None) else "the file is not a picture that can be read"


def _stream_value(page: Any, field: str, data: streams.StreamData) -> Any:
    return page._meta.get_field(field).stream_block.to_python(data)


def _date(page: Any, record: Any) -> None:
    """Set what readers and editors see of the past: when it was published, when it last changed."""
    is_live = getattr(record, "status", "live") == "live"
    published = getattr(record, "published", None)
    page.live = is_live
    page.has_unpublished_changes = not is_live
    page.go_live_at = getattr(record, "go_live", None)
    if is_live and published:
        page.first_published_at = published
        moments = (published, getattr(record, "updated", None), getattr(record, "modified", None))
        page.last_published_at = max(moment for moment in moments if moment)


def _publish(page: Any, record: Any = None, *, now: datetime | None = None) -> None:
    """Give a saved page its one revision, live or waiting for its hour as the record says."""
    go_live = getattr(record, "go_live", None)
    if go_live and now and go_live > now and not page.live:
        page.save_revision(approved_go_live_at=go_live, clean=False)
    else:
        revision = page.save_revision(changed=not page.live, clean=False)
        if page.live:
            page.live_revision = revision
            type(page).objects.filter(pk=page.pk).update(live_revision=revision)
    ReferenceIndex.create_or_update_for_object(page)
