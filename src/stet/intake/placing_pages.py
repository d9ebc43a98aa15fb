"""Sections, topics, articles and static pages of an archive become the newsroom's pages.

The rules:
 * A page gets an address of its own below its parent: a number is put behind one that is taken or reserved.
 * An article without a section, or whose section was deleted in the desk, stands in “News”.
 * A page that refers to one which is not there yet is placed without it, and finished when all are there.
 * A section that the desk has under the same address is joined, as is a page that a lost memory forgot.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from stet.intake import records
from stet.intake.placing_fields import fill_article, fill_section, fill_static_page, fill_topic
from stet.intake.placing_revisions import publish, set_dates
from stet.intake.placing_run import Run
from stet.intake.records import Loss, Record
from stet.intake.slugs import free_slug
from stet.newsroom.addresses import is_reserved
from stet.newsroom.models import ArticlePage, FrontPage, SectionPage, StaticPage, TopicPage
from stet.newsroom.paper import current_paper


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a kind of record becomes a page."""

    name: str
    model: type[Any]
    fill: Callable[..., None]


_KINDS: dict[type[Record], _Kind] = {
    records.Section: _Kind("section", SectionPage, fill_section),
    records.Topic: _Kind("topic", TopicPage, fill_topic),
    records.Article: _Kind("article", ArticlePage, fill_article),
    records.Page: _Kind("page", StaticPage, fill_static_page),
}


def place_section(run: Run, record: records.Section) -> None:
    """Place a section, or join the one that the desk has at its address."""
    known = SectionPage.objects.child_of(run.fronts[record.language]).filter(slug=record.slug).first()
    if known is not None and run.memory.is_new(record):
        said = run.kind("section")
        run.report.read(said)
        run.join(said, record, record.title, known, keys=run.pages)
    else:
        place_page(run, record)


def place_page(run: Run, record: Any) -> None:
    """Place one page; where it refers to one that is not there yet, it is finished later."""
    kind = _KINDS[type(record)]
    said, name = run.kind(kind.name), _name(record)
    is_due, row = run.judge(said, record, name, kind.model, keys=run.pages)
    if not is_due:
        return
    key, locale = run.translation_key(kind.name, record.key), run.locales[record.language]
    if row is None and (known := kind.model.objects.filter(translation_key=key, locale=locale).first()):
        run.join(said, record, name, known, keys=run.pages)
        return
    names = run.names(record.language)
    page = row or kind.model(locale=locale, translation_key=key)
    kind.fill(page, record, names)
    losses = _save(run, page, record, is_new=row is None)
    run.pages[record.source_id] = page.pk
    if names.waiting:
        run.memory.begin(record, page)
        run.waiting.append((record, losses))
        return
    publish(page, record, now=run.now)
    run.take(said, record, name, page, (*names.losses, *losses))


def unfinished(run: Run) -> list[tuple[Record, tuple[Loss, ...]]]:
    """Pages to be finished: translations after what they were made from."""
    return sorted(run.waiting, key=lambda item: bool(getattr(item[0], "original", None)))


def finish_page(run: Run, record: Any, losses: tuple[Loss, ...]) -> None:
    """Fill a page again, now that everything it refers to is there."""
    kind = _KINDS[type(record)]
    page = kind.model.objects.get(pk=run.pages[record.source_id])
    names = run.names(record.language, is_last_chance=True)
    kind.fill(page, record, names)
    page.save()
    publish(page, record, now=run.now)
    run.take(run.kind(kind.name), record, page.title, page, (*names.losses, *losses))


def _name(record: Any) -> str:
    return str(record.headline if isinstance(record, records.Article) else record.title)


# --- Where it stands ---


def _save(run: Run, page: Any, record: Any, *, is_new: bool) -> tuple[Loss, ...]:
    """Save a page with its dates, below its parent, at an address of its own."""
    page.draft_title = page.title
    set_dates(page, record)
    if not is_new:
        page.save()
        return ()
    parent = Page.objects.get(pk=_parent(run, record))
    page.slug = _free_slug(page, record.slug, parent)
    parent.specific.add_child(instance=page)
    if page.slug == record.slug:
        return ()
    reason = "address changed: the old one was taken or reserved"
    return (Loss(reason=reason, detail=f"{record.slug} → {page.slug}"),)


def _parent(run: Run, record: Any) -> int:
    if not isinstance(record, records.Article):
        return int(run.fronts[record.language].pk)
    if record.section and record.section in run.pages:
        return run.pages[record.section]
    return _news_section(run, record.language)


def _news_section(run: Run, language: str) -> int:
    front = run.fronts[language]
    section = SectionPage.objects.child_of(front).filter(slug="news").first()
    if section is None:
        section = SectionPage(title="News", slug="news", locale=run.locales[language], show_in_menus=True)
        FrontPage.objects.get(pk=front.pk).add_child(instance=section)
        publish(section)
    return int(section.pk)


def _free_slug(page: Any, wanted: str, parent: Page) -> str:
    """An address that nothing beside the page has; articles of a language share one row of addresses."""
    languages = current_paper().languages
    is_under_front = not isinstance(page, ArticlePage)
    may_be_reserved = is_under_front and not isinstance(page, TopicPage)
    siblings = Page.objects.child_of(parent) if is_under_front else ArticlePage.objects.filter(locale=page.locale)

    def is_free(slug: str) -> bool:
        return not (may_be_reserved and is_reserved(slug, languages)) and not siblings.filter(slug=slug).exists()

    return free_slug(wanted, is_free=is_free)
