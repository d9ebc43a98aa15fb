"""The desk's preview: a draft set as the press would set it, in a world in which it is published."""

import dataclasses
import json
from datetime import UTC, datetime
from functools import lru_cache

from django.conf import settings
from wagtail.models import Page

from stet.newsroom import addresses
from stet.newsroom.models import ArticlePage, FrontPage, SectionPage, StaticPage, TopicPage
from stet.press import registry
from stet.press.articles import preview_copies
from stet.press.job import Reading, Unsigned
from stet.press.memory import Memory
from stet.press.rows import EPOCH, ArticleRow
from stet.press.run import Workplace
from stet.press.world import FrontRow, SectionRow, StaticRow, TopicRow, World


def preview_page(page: Page) -> bytes:
    """A page as it would be printed; of a long article, its first part."""
    place = _workplace()
    memory = Memory(place.memory_path, readonly=True) if place.memory_path.exists() else Memory(":memory:")
    try:
        world = _with_draft(page, place.world())
        reading = Reading(place.materials(memory, world), datetime.now(UTC))
        if isinstance(page, ArticlePage):
            return place.theme.set_page(preview_copies(_article(page, world), reading)[0])
        product = registry.run(_job(page), reading).products[0]
        return product.html if isinstance(product, Unsigned) else b""
    finally:
        memory.close()


@lru_cache(maxsize=1)
def _workplace() -> Workplace:
    return Workplace(settings.STET)


def _job(page: Page) -> str:
    match page:
        case FrontPage():
            return f"front:{page.locale.language_code}"
        case SectionPage():
            return f"section:{page.pk or 0}"
        case TopicPage():
            return f"topic:{page.pk or 0}"
        case _:
            return f"static:{page.pk or 0}"


def _with_draft(page: Page, world: World) -> World:
    """The world with this page in it as it is in the editor's form."""
    language, number = page.locale.language_code, page.pk or 0
    prefix = world.paper.prefix(language)
    match page:
        case FrontPage():
            row = FrontRow(
                id=number, tree=page.path or "", language=language, title=page.title, tagline=page.tagline,
                description=page.description, publisher=page.publisher, notice=page.notice,
                placements=tuple(p.article_id for p in page.placements.all()),
                topics=tuple(t.topic_id for t in page.front_topics.all()),
            )  # fmt: skip
            return _fresh(world, fronts={**world.fronts, language: row})
        case SectionPage():
            section = SectionRow(
                id=number, tree=page.path or "", language=language, title=page.title, intro=page.intro,
                description=page.search_description, in_menu=page.show_in_menus,
                path=addresses.child_path(prefix, page.slug), translation_key=str(page.translation_key),
            )  # fmt: skip
            return _fresh(world, sections={**world.sections, number: section})
        case TopicPage():
            topic = TopicRow(
                id=number, language=language, title=page.title, path=addresses.topic_path(prefix, page.slug),
                summary=page.summary, description=page.search_description, photo_id=page.photo_id,
                key_facts=_raw(page.key_facts), timeline=_raw(page.timeline), translation_key=str(page.translation_key),
            )  # fmt: skip
            return _fresh(world, topics={**world.topics, number: topic})
        case StaticPage():
            static = StaticRow(
                id=number, language=language, title=page.title, path=addresses.child_path(prefix, page.slug),
                role=page.role, description=page.search_description, body=_raw(page.body), version=page.version,
                version_date=page.version_date, in_menu=page.show_in_menus, modified=page.last_published_at or EPOCH,
                translation_key=str(page.translation_key),
            )  # fmt: skip
            return _fresh(world, statics={**world.statics, number: static})
        case _:
            return world


def _fresh(world: World, **changed: object) -> World:
    """A world of its own: what it derives is derived anew."""
    fields = {f.name: getattr(world, f.name) for f in dataclasses.fields(world)}
    return World(**{**fields, **changed})


def _raw(stream: object) -> tuple[dict[str, object], ...]:
    """A stream as it would be stored."""
    return tuple(json.loads(json.dumps(stream.get_prep_value(), default=str)))  # type: ignore[attr-defined]


def _article(page: ArticlePage, world: World) -> ArticleRow:
    """A draft as a row. What was never published is dated now."""
    section = page.get_parent() if page.path else None
    now = datetime.now(UTC)
    return ArticleRow(
        id=page.pk or 0,
        slug=page.slug or "draft",
        language=page.locale.language_code,
        section=section.pk if section else 0,
        tree=page.path or "",
        published=page.first_published_at or now,
        modified=page.last_published_at or now,
        live_revision=page.live_revision_id,
        translation_key=str(page.translation_key),
        headline=page.title,
        short_headline=page.short_headline,
        standfirst=page.standfirst,
        description=page.search_description,
        kind=page.kind,
        dateline=page.dateline,
        photo_id=page.lead_photo_id,
        lead_alt=page.lead_alt,
        lead_caption=page.lead_caption,
        body=json.dumps(page.body.get_prep_value(), default=str),
        updated=page.updated_at,
        source=page.source,
        source_url=page.source_url,
        licence=page.licence,
        original=page.original_id,
        original_revision=page.original_revision,
        bylines=tuple((b.person_id, b.role) for b in page.bylines.all() if b.person_id in world.people),
        tags=tuple(sorted(t.pk for t in page.tags.all() if t.pk in world.tags)),
        topics=tuple(sorted(t.pk for t in page.topics.all() if t.pk in world.topics)),
        corrections=tuple((c.date, c.text) for c in sorted(page.corrections.all(), key=lambda c: c.date, reverse=True)),
        picks=tuple(p.article_id for p in page.picks.all()),
    )
