"""A letter as preflight looks at it: rows in, frozen values out.

The letter may be as it is in an editor's form, saved or not. How much is asked of the database does not depend on how
many stories or links it has.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from wagtail.models import Page

from stet.letters.links import knows_address, link_state
from stet.letters.models import LetterPage, ListPage
from stet.letters.models.fields import is_meant
from stet.letters.preflight import Draft, Link, LinkState, Neighbour, Passage, Story, StoryState
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
    texts = [(anchor, read_rich_text(html)) for anchor, html in _rich_texts(page, blocks)]
    zone = ZoneInfo(parent.zone_name)
    day = page.due_date if page.due_date and is_meant(page.due_date) else None
    wall = datetime.combine(day, page.due_time or parent.hour) if day else None
    due = wall.replace(tzinfo=zone).astimezone(UTC) if wall else None
    return Draft(
        subject=page.title or "",
        given_subject=given_subject(parent, day) if day else "",
        preheader=page.preheader or "",
        passages=tuple(_passages(blocks, texts)),
        links=tuple(_links(blocks, texts)),
        stories=tuple(_stories(blocks, articles, has_photos=parent.has_photos)),
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
        is_shown = has_photos and value.get("with_photo", True) and photo is not None
        yield Story(
            anchor=block_anchor(block),
            headline=value.get("headline") or (article.title if article else ""),
            state=_state(article),
            goes_live=article.go_live_at if article else None,
            photo_lacks_words=bool(is_shown and not alt.strip()),
            photo_url=reverse("wagtailimages:edit", args=[photo.pk]) if photo else "",
            is_repeated=bool(article and article.pk in seen),
        )
        if article:
            seen.add(article.pk)


def _state(article: ArticlePage | None) -> StoryState:
    if article is None:
        return StoryState.DELETED
    if article.live:
        return StoryState.PUBLISHED
    is_coming = article.go_live_at and article.scheduled_revision is not None
    return StoryState.SCHEDULED if is_coming else StoryState.UNPUBLISHED


def _rich_texts(page: LetterPage, blocks: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Every piece of rich text, with where it is mended."""
    yield "#panel-child-content-intro-section", page.intro
    for block in blocks:
        if block["type"] == "text":
            yield block_anchor(block), str(block["value"])
        elif block["type"] == "appeal":
            yield block_anchor(block), str(block["value"].get("text", ""))
    yield "#panel-child-content-sign_off-section", page.sign_off


def _passages(blocks: list[dict[str, Any]], texts: list[tuple[str, RichText]]) -> Iterator[Passage]:
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
            yield Passage(anchor=block_anchor(block), words=value.get("link_label") or "")


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
