"""A letter as preflight looks at it: rows in, frozen values out.

The letter may be as it is in an editor's form, saved or not. How much is asked of the database does not depend on how
many stories or links it has.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.urls import reverse
from django.utils.html import strip_tags
from wagtail.models import Page

from stet.letters.blocks import APPEAL
from stet.letters.links import knows_address, link_state
from stet.letters.models import LetterPage, ListPage
from stet.letters.models.fields import is_meant
from stet.letters.preflight import Chosen, Draft, Link, LinkState, Neighbour, Passage, Story, StoryState
from stet.letters.proofs import UNSET, Weighed
from stet.letters.rich_text import RichLink, RichText, read_rich_text
from stet.letters.rows import given_subject, raw_blocks, sketches, stories_in
from stet.newsroom.models import ArticlePage, Photo

EASTERNMOST = timedelta(hours=14)
"""UTC+14, where a wall's clock shows any hour first."""


def a_draft(page: LetterPage, parent: ListPage, *, mail: Weighed = UNSET) -> Draft:
    """A letter as its editor has it, saved or not."""
    blocks = raw_blocks(page.body)
    articles = _articles(blocks)
    appeals = _appeals(blocks)
    texts = [(anchor, read_rich_text(html)) for anchor, html in _rich_texts(page, blocks, appeals)]
    zone = ZoneInfo(parent.zone_name)
    day = page.due_date if page.due_date and is_meant(page.due_date) else None
    wall = datetime.combine(day, page.due_time or parent.hour) if day else None
    due = wall.replace(tzinfo=zone).astimezone(UTC) if wall else None
    return Draft(
        subject=page.title or "",
        given_subject=given_subject(parent, day) if day else "",
        preheader=page.preheader or "",
        passages=tuple(_passages(blocks, texts, appeals)),
        links=tuple(_links(blocks, texts)),
        stories=tuple(_stories(blocks, articles, has_photos=parent.has_photos)),
        appeals=tuple(_chosen(blocks, appeals, page)),
        has_body=bool(blocks or read_rich_text(page.intro).words.strip()),
        is_sent=page.is_sent,
        is_published=page.live,
        due=due,
        zone=parent.zone_name,
        first_due=wall.replace(tzinfo=UTC) - EASTERNMOST if wall and page.is_local else due,
        goes_live=page.go_live_at,
        expires=page.expire_at,
        list_url="" if parent.live else reverse("wagtailadmin_pages:edit", args=[parent.pk]),
        neighbours=tuple(
            Neighbour(subject=sketch.subject, due=sketch.due.replace(tzinfo=zone).astimezone(UTC))
            for sketch in sketches([parent])
            if sketch.due and sketch.is_sent and sketch.id != page.pk
        ),
        mail_bytes=mail.html_bytes,
        mail_error=mail.error,
        colours=mail.colours,
    )


def block_anchor(block: dict[str, Any]) -> str:
    """Where a block stands in the letter's form."""
    return f"#block-{block['id']}-section"


def _articles(blocks: list[dict[str, Any]]) -> dict[int, ArticlePage]:
    pages = ArticlePage.objects.filter(pk__in=set(stories_in(blocks))).select_related("lead_photo")
    return {page.pk: page for page in pages}


def _stories(blocks: list[dict[str, Any]], articles: dict[int, ArticlePage], *, has_photos: bool) -> Iterator[Story]:
    own = [block["value"]["photo"] for block in blocks if block["type"] == "story" and block["value"].get("photo")]
    photos = Photo.objects.in_bulk(own) if own else {}
    seen: set[int] = set()
    for block in blocks:
        if block["type"] != "story":
            continue
        value = block["value"]
        article = articles.get(value.get("article"))
        photo = photos.get(value.get("photo")) or (article.lead_photo if article else None)
        alt = "" if photo is None else photo.description
        if article and photo == article.lead_photo:
            alt = article.lead_alt or alt
        shown = photo if has_photos and value.get("with_photo", True) else None
        yield Story(
            anchor=block_anchor(block),
            headline=value.get("headline") or (article.title if article else ""),
            state=_state(article),
            goes_live=article.go_live_at if article else None,
            photo_lacks_words=bool(shown and not alt.strip()),
            photo_is_kept_out=bool(shown and shown.not_in_letters),
            photo_until=shown.usable_until if shown else None,
            photo_url=reverse("wagtailimages:edit", args=[photo.pk]) if photo else "",
            is_repeated=bool(article and article.pk in seen),
        )
        if article:
            seen.add(article.pk)


def _state(article: ArticlePage | None) -> StoryState:
    if article is None:
        return StoryState.DELETED
    if article.live and article.embargoed_until is None:
        return StoryState.PUBLISHED
    is_coming = article.go_live_at and article.scheduled_revision is not None
    return StoryState.SCHEDULED if is_coming else StoryState.UNPUBLISHED


def _appeals(blocks: list[dict[str, Any]]) -> dict[int, Any]:
    """The appeals that a body has chosen, as they are published or drafted, with their words; by number."""
    chosen = {block["value"]["appeal"] for block in blocks if _has_chosen(block)}
    if not chosen:
        return {}
    rows = apps.get_model(APPEAL).objects.filter(pk__in=chosen)
    return {row.pk: row for row in rows.select_related("locale").prefetch_related("variants")}


def _has_chosen(block: dict[str, Any]) -> bool:
    return block["type"] == "appeal" and bool(block["value"].get("appeal"))


def _chosen(blocks: list[dict[str, Any]], appeals: dict[int, Any], page: LetterPage) -> Iterator[Chosen]:
    for block in blocks:
        if block["type"] != "appeal" or (not _has_chosen(block) and _says_something(block)):
            continue
        row = appeals.get(block["value"].get("appeal"))
        if row is None:  # The form takes no block that says nothing: an appeal was chosen, and Wagtail forgot it.
            yield Chosen(anchor=block_anchor(block))
            continue
        yield Chosen(
            anchor=block_anchor(block),
            name=row.name,
            is_published=row.live,
            is_in_language=row.locale_id == page.locale_id,
            first_day=row.first_day,
            last_day=row.last_day,
        )


def _says_something(block: dict[str, Any]) -> bool:
    return bool(strip_tags(block["value"].get("text") or "").strip())


def _first_variant(block: dict[str, Any], appeals: dict[int, Any]) -> Any:
    """What the letter prints of a chosen appeal; None where it says something itself, or there is nothing."""
    row = None if _says_something(block) else appeals.get(block["value"].get("appeal"))
    return next(iter(row.variants.all()), None) if row else None


def _rich_texts(page: LetterPage, blocks: list[dict[str, Any]], appeals: dict[int, Any]) -> Iterator[tuple[str, str]]:
    """Every piece of rich text, with where it is mended."""
    yield "#panel-child-content-intro-section", page.intro
    for block in blocks:
        if block["type"] == "text":
            yield block_anchor(block), str(block["value"])
        elif block["type"] == "appeal":
            variant = _first_variant(block, appeals)
            yield block_anchor(block), variant.text if variant else str(block["value"].get("text") or "")
    yield "#panel-child-content-sign_off-section", page.sign_off


def _passages(
    blocks: list[dict[str, Any]], texts: list[tuple[str, RichText]], appeals: dict[int, Any]
) -> Iterator[Passage]:
    for anchor, text in texts:
        yield Passage(anchor=anchor, words=text.words)
    for block in blocks:
        value = block["value"]
        if block["type"] == "divider":
            yield Passage(anchor=block_anchor(block), words=str(value))
        elif block["type"] == "story":
            yield Passage(
                anchor=block_anchor(block), words=f"{value.get('headline', '')}\n{value.get('teaser', '')}".strip()
            )
        elif block["type"] == "appeal":
            variant = _first_variant(block, appeals)
            words = f"{variant.title if variant else ''}\n{value.get('link_label') or ''}".strip()
            yield Passage(anchor=block_anchor(block), words=words)


def _links(blocks: list[dict[str, Any]], texts: list[tuple[str, RichText]]) -> Iterator[Link]:
    found = [(anchor, link) for anchor, text in texts for link in text.links]
    for block in blocks:
        if block["type"] == "appeal" and block["value"].get("link_url"):
            url, label = block["value"]["link_url"], block["value"].get("link_label")
            found.append((block_anchor(block), RichLink(words=label or url, url=url, page=None)))
    numbers = {link.page for _anchor, link in found if link.page is not None}
    live = set(Page.objects.filter(pk__in=numbers).live().values_list("pk", flat=True)) if numbers else set()
    for anchor, link in found:
        if link.page is not None:
            state = LinkState.KNOWN if link.page in live else LinkState.UNPUBLISHED
        else:
            state = link_state(link.url, knows=knows_address)
        yield Link(anchor=anchor, words=link.words or link.url, state=state)
