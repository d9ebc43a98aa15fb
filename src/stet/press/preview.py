"""The desk's preview: a draft set as the press would set it, in a world in which it is published.

A letter is shown as a page, as mail by day or in the dark, or as plain text; the desk also sends it to one of its own.
Links that every reader has for himself lead to the paper there.
"""

import base64
import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from email.message import EmailMessage
from functools import lru_cache

from django.conf import settings
from wagtail.models import Page

from stet.appeals.models import SupportPage
from stet.letters.models import LetterPage, ListPage
from stet.newsroom import addresses
from stet.newsroom.models import (
    ArticleCorrection,
    ArticlePage,
    ArticleUpdate,
    FrontPage,
    SectionPage,
    StaticPage,
    TopicPage,
)
from stet.newsroom.models.printed import DARK_MODE
from stet.press import registry
from stet.press.articles import preview_copies
from stet.press.budget import set_within, weight
from stet.press.job import Reading, Unsigned
from stet.press.letters import JPEG, MAIL_MODES, Composed, cid_of, compose
from stet.press.live_rows import read_live
from stet.press.memory import Memory
from stet.press.richtext import plain
from stet.press.rows import EPOCH, ArticleRow, LetterRow
from stet.press.run import Workplace
from stet.press.support_rows import SupportRow, currency_rows, method_rows, warning_rows
from stet.press.world import FrontRow, LetterHead, ListRow, SectionRow, StaticRow, TopicRow, World
from stet.theme import copy
from stet.theme.mail import in_the_dark


def preview_page(page: Page, mode: str = "") -> bytes:
    """A page as it would be printed; of a long article, its first part. `mode` says how it is looked at."""
    with _desk(page) as reading:
        if isinstance(page, LetterPage):
            return _letter_preview(page, mode, reading)
        html = _page_preview(page, reading)
        return page_in_the_dark(html) if mode == DARK_MODE else html


LIGHT_AND_DARK, DARK = b'<meta name="color-scheme" content="light dark">', b'<meta name="color-scheme" content="dark">'
_STYLE, _POLICY = re.compile(rb"<style>(.*?)</style>", re.DOTALL), re.compile(rb"(style-src 'sha256-)[^']+")


def page_in_the_dark(html: bytes) -> bytes:
    """A page as a device in dark mode shows it. Its style is another one then, and the page's own policy names that."""
    dark = in_the_dark(html).replace(LIGHT_AND_DARK, DARK, 1)
    style = _STYLE.search(dark)
    digest = base64.b64encode(hashlib.sha256(style[1] if style else b"").digest())
    return _POLICY.sub(rb"\g<1>" + digest, dark, count=1)


def _page_preview(page: Page, reading: Reading) -> bytes:
    if isinstance(page, ArticlePage):
        return reading.theme.set_page(preview_copies(draft_row(page, reading.world), reading)[0])
    product = registry.run(_job(page, reading.world), reading).products[0]
    return product.html if isinstance(product, Unsigned) else b""


def weights(page: ArticlePage) -> list[int]:
    """What each page of an article would weigh in brotli, signed, in bytes."""
    with _desk(page) as reading:
        budget_bytes = reading.world.paper.budget_bytes
        copies = preview_copies(draft_row(page, reading.world), reading)
        return [weight(set_within(budget_bytes, one, reading.theme)[0]) for one in copies]


def preview_mail(page: LetterPage) -> EmailMessage:
    """A letter as the mail that readers would get, photos inside; without sender and recipient."""
    with _desk(page) as reading:
        composed = _composed(page, reading)
        mail = reading.theme.set_mail(composed.mail)
        base_url = composed.mail.site.base_url
        message = EmailMessage()
        message["Subject"] = composed.mail.subject
        message.set_content(_without_marks(mail.text, base_url).decode())
        message.add_alternative(_without_marks(mail.html, base_url).decode(), subtype="html")
        html = message.get_body(("html",))
        for cid, body in _photos(composed, reading):
            html.add_related(body, *JPEG.split("/"), cid=f"<{cid}>", disposition="inline")  # type: ignore[union-attr]
        return message


@contextmanager
def _desk(page: Page) -> Iterator[Reading]:
    """A reading of the world with this page in it as it is in the editor's form. Raises NoFrontError."""
    with at_the_desk(lambda world: _with_draft(page, world)) as reading:
        reading.site(page.locale.language_code)
        yield reading


@contextmanager
def at_the_desk(change: Callable[[World], World]) -> Iterator[Reading]:
    """A reading of the world as it is, changed by what an editor has before them."""
    place = _workplace()
    memory = Memory(place.memory_path, readonly=True) if place.memory_path.exists() else Memory(":memory:")
    try:
        yield Reading(place.materials(memory, change(place.world())), datetime.now(UTC))
    finally:
        memory.close()


# --- Letters ---


def _composed(page: LetterPage, reading: Reading) -> Composed:
    row = LetterRow(
        id=page.pk or 0, intro=page.intro, body=_raw(page.body), sign_off=page.sign_off,
        description=page.search_description,
    )  # fmt: skip
    return compose(reading.world.letters[page.pk or 0], row, reading)


def _letter_preview(page: LetterPage, mode: str, reading: Reading) -> bytes:
    composed = _composed(page, reading)
    if mode not in MAIL_MODES:
        return reading.theme.set_page(composed.page)
    mail = reading.theme.set_mail(composed.mail)
    if mode == "text":
        return _without_marks(mail.text, composed.mail.site.base_url)
    html = _without_marks(mail.html, composed.mail.site.base_url)
    for cid, body in _photos(composed, reading):
        html = html.replace(f"cid:{cid}".encode(), f"data:{JPEG};base64,".encode() + base64.b64encode(body))
    return in_the_dark(html) if mode == "mail-dark" else html


def _photos(composed: Composed, reading: Reading) -> Iterator[tuple[str, bytes]]:
    """(Content-ID, file) of each photo that travels in the mail."""
    for number, row in enumerate(composed.photos, 1):
        yield cid_of(number), reading.materials.photo_store.letter_file(row).read_bytes()


def _without_marks(part: bytes, base_url: str) -> bytes:
    """A part of a mail with the paper's address where a reader's own links would stand."""
    for mark in (copy.UNSUBSCRIBE_URL, copy.MANAGE_URL):
        part = part.replace(mark.encode(), base_url.encode() + b"/")
    return part


@lru_cache(maxsize=1)
def _workplace() -> Workplace:
    return Workplace(settings.STET)


def _job(page: Page, world: World) -> str:
    language = page.locale.language_code
    match page:
        case StaticPage() if world.statics[page.pk or 0].path == world.reach_path(language):
            return f"reach:{language}"
        case FrontPage():
            return f"front:{language}"
        case SectionPage():
            return f"section:{page.pk or 0}"
        case TopicPage():
            return f"topic:{page.pk or 0}"
        case ListPage():
            return f"list:{page.pk or 0}"
        case SupportPage():
            return f"support:{language}"
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
                is_sensitive=page.is_sensitive,
            )  # fmt: skip
            return _fresh(world, sections={**world.sections, number: section})
        case TopicPage():
            topic = TopicRow(
                id=number, language=language, title=page.title, path=addresses.topic_path(prefix, page.slug),
                summary=page.summary, description=page.search_description, photo_id=page.photo_id,
                key_facts=_raw(page.key_facts), timeline=_raw(page.timeline), translation_key=str(page.translation_key),
                is_sensitive=page.is_sensitive,
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
        case SupportPage():
            return _fresh(world, supports={**world.supports, language: _support(page, world)})
        case ListPage():
            return _fresh(world, lists={**world.lists, number: _list(page, world)})
        case LetterPage():
            of = page.get_parent().specific
            head = LetterHead(
                id=number, list=of.pk, path=addresses.letter_path(prefix, of.slug, page.slug or "draft"),
                letter_id=str(page.letter_id), subject=plain(page.title), preheader=plain(page.preheader),
                due_date=page.due_date or datetime.now(world.paper.zone).date(), due_time=page.due_time,
                is_local=page.is_local, is_sent=page.is_sent, modified=page.last_published_at or EPOCH,
            )  # fmt: skip
            lists = {**world.lists, of.pk: world.lists.get(of.pk) or _list(of, world)}
            return _fresh(world, lists=lists, letters={**world.letters, number: head})
        case _:
            return world


def _list(page: ListPage, world: World) -> ListRow:
    """A list as it is in the editor's form, or as it was saved last."""
    return ListRow(
        id=page.pk or 0, tree=page.path or "", language=page.locale.language_code, title=plain(page.title),
        path=addresses.list_path(world.paper.prefix(page.locale.language_code), page.slug), key=page.key,
        promise=plain(page.promise), about=page.about, description=page.search_description, cadence=page.cadence,
        weekday=page.weekday, hour=page.hour, time_zone=page.time_zone or world.paper.time_zone,
        from_name=plain(page.from_name), has_photos=page.has_photos, is_open=page.is_open,
        modified=page.last_published_at or EPOCH, translation_key=str(page.translation_key),
    )  # fmt: skip


def _support(page: SupportPage, world: World) -> SupportRow:
    """A support page as it is in the editor's form."""
    language = page.locale.language_code
    return SupportRow(
        id=page.pk or 0, language=language, title=plain(page.title),
        path=addresses.support_path(world.paper.prefix(language)), description=page.search_description,
        letter=page.letter, pays_for=page.pays_for, other_ways=page.other_ways, intervals=page.intervals,
        preselected=page.preselected, currencies=currency_rows(_raw(page.currencies)),
        methods=method_rows(_raw(page.methods), page.intervals), warnings=warning_rows(_raw(page.warnings)),
        label=page.statement_label, is_open=page.is_open, has_ticker=page.has_ticker, goal=page.goal,
        modified=page.last_published_at or EPOCH,
    )  # fmt: skip


def _fresh(world: World, **changed: object) -> World:
    """A world of its own: what it derives is derived anew."""
    fields = {f.name: getattr(world, f.name) for f in dataclasses.fields(world)}
    return World(**{**fields, **changed})


def _raw(stream: object) -> tuple[dict[str, object], ...]:
    """A stream as it would be stored."""
    return tuple(json.loads(json.dumps(stream.get_prep_value(), default=str)))  # type: ignore[attr-defined]


def draft_row(page: ArticlePage, world: World) -> ArticleRow:
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
        is_sensitive=page.is_sensitive,
        updated=page.updated_at,
        source=page.source,
        source_url=page.source_url,
        licence=page.licence,
        original=page.original_id,
        original_revision=page.original_revision,
        bylines=tuple((b.person_id, b.role) for b in page.bylines.all() if b.person_id in world.people),
        tags=tuple(sorted(t.pk for t in page.tags.all() if t.pk in world.tags)),
        topics=tuple(sorted(t.pk for t in page.topics.all() if t.pk in world.topics)),
        corrections=_newest_first(page.corrections.all()),
        updates=_newest_first(page.updates.all()),
        picks=tuple(p.article_id for p in page.picks.all()),
        live=read_live([page.pk]).get(page.pk) if page.pk else None,
    )


def _newest_first(notes: Iterable[ArticleCorrection | ArticleUpdate]) -> tuple[tuple[date, str], ...]:
    """Corrections or update notes as the press reads them; one that was just begun may have no day yet."""
    dated = [(note.date, note.text) for note in notes if note.date]
    return tuple(sorted(dated, key=lambda note: note[0], reverse=True))
