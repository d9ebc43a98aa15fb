"""Posts become articles and pages static pages, with what was changed on the way.

The rules:
 * What was private, behind a password, damaged or without a date becomes a draft: an editor decides about it.
 * The first category of a post is its section. Its other categories become tags.
 * A lead photo that stands again at the beginning of the text is shown once.

Nothing here touches disk, network, clock or Django.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from stet.intake import records
from stet.intake.records import Loss
from stet.intake.slugs import clean_slug
from stet.intake.web_markup import plain_text
from stet.intake.web_sources import Sources
from stet.intake.web_text import blocks_of
from stet.intake.wordpress_addresses import OldAddresses
from stet.intake.wordpress_fields import (
    categories_of,
    login_of,
    moment,
    person_id,
    rfc_moment,
    tags_of,
    title_of,
)
from stet.intake.wordpress_media import Attachments
from stet.intake.wxr import Element

_UNTITLED_WORDS = 8
_STATUSES = frozenset({"publish", "future", "draft", "private", "pending"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an article or page of an export refers to."""

    attachments: Attachments
    addresses: OldAddresses
    authors: dict[str, str]
    """Login → name of the authors that are taken."""
    language: str
    now: datetime

    def sources(self, number: str) -> Sources:
        """What the text of an item can ask for."""
        return Sources(
            photo=self.attachments.photo,
            file=self.attachments.file,
            link=self.addresses.link,
            gallery=self.attachments.gallery,
            caption=self.attachments.caption,
            attached=self.attachments.uploaded_with(number),
        )


def article_of(number: str, item: Element, around: Surroundings) -> records.Article:
    """The article that a post becomes."""
    reading = _Reading(item=item, around=around)
    standing = reading.standing()
    headline = reading.headline()
    body = reading.body(number)
    photo = reading.lead_photo()
    reading.note_extras()
    categories = categories_of(item)
    login = login_of(item)
    return records.Article(
        source_id=f"article:{number}",
        key=number,
        language=around.language,
        slug=clean_slug(item.get("wp:post_name"), instead=headline),
        headline=headline,
        standfirst=plain_text(item.get("excerpt:encoded")),
        section=f"section:{categories[0][0]}" if categories else None,
        bylines=(person_id(login),) if login in around.authors else (),
        published=standing.published,
        modified=moment(item.get("wp:post_modified_gmt")),
        photo=photo,
        tags=_tag_names(item),
        status=standing.status,
        go_live=standing.go_live,
        body=_without_lead(body, photo),
        losses=reading.all_losses,
    )


def page_of(number: str, item: Element, around: Surroundings) -> records.Page:
    """The static page that a page becomes."""
    reading = _Reading(item=item, around=around)
    standing = reading.standing()
    title = reading.headline()
    body = reading.body(number)
    reading.note_page()
    photo = reading.lead_photo()
    lead: tuple[records.Block, ...] = (records.Photo(media=photo),) if photo else ()
    return records.Page(
        source_id=f"page:{number}",
        key=number,
        language=around.language,
        slug=clean_slug(item.get("wp:post_name"), instead=title),
        title=title,
        published=standing.published,
        status=standing.status,
        go_live=standing.go_live,
        is_in_menus=False,
        body=lead + _without_lead(body, photo),
        losses=reading.all_losses,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """Whether readers see it, and since when, or from when on."""

    status: Literal["live", "draft", "scheduled"]
    published: datetime | None = None
    go_live: datetime | None = None


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One item on its way into a record."""

    item: Element
    around: Surroundings
    losses: list[Loss] = field(default_factory=list)
    body_losses: tuple[Loss, ...] = ()

    @property
    def all_losses(self) -> tuple[Loss, ...]:
        """What was lost of the item, then of its text."""
        return (*self.losses, *self.body_losses)

    def lose(self, reason: str, detail: str) -> None:
        """Note a loss."""
        self.losses.append(Loss(reason=reason, detail=detail))

    # --- Status and dates ---

    def standing(self) -> _Standing:
        """Live, scheduled or a draft."""
        published, status = self._published(), self.item.get("wp:status")
        reason = next(self._doubts(published), None)
        if reason:
            self.lose(reason, title_of(self.item))
            return _Standing(status="draft", published=published)
        if status == "draft" or published is None:
            return _Standing(status="draft", published=published)
        if published > self.around.now:
            return _Standing(status="scheduled", go_live=published)
        if status == "future":
            reason = "its scheduled hour passed without WordPress publishing it: it is a draft now"
            self.lose(reason, title_of(self.item))
            return _Standing(status="draft")
        return _Standing(status="live", published=published)

    def _doubts(self, published: datetime | None) -> Iterator[str]:
        """Why an editor should decide about it, weightiest first."""
        item, status = self.item, self.item.get("wp:status")
        if item.damage:
            yield f"{item.damage}: it is a draft now, to be looked at"
        if not status:
            yield "the field wp:status is missing: it is a draft now"
        if item.get("wp:post_password"):
            yield "was behind a password: it is a draft now"
        if status == "private":
            yield "was private: it is a draft now"
        if status == "pending":
            yield "was waiting for review: it is a draft now"
        if status and status not in _STATUSES:
            yield f"had the status “{status}”: it is a draft now"
        if status in ("publish", "future") and published is None:
            yield "has no date: it is a draft now"

    def _published(self) -> datetime | None:
        if known := moment(self.item.get("wp:post_date_gmt")) or rfc_moment(self.item.get("pubDate")):
            return known
        raw = self.item.get("wp:post_date")
        local = moment(raw)
        if local and self.item.get("wp:status") != "draft":
            self.lose("its date has no time zone: it was read as UTC", raw)
        return local

    # --- Headline, text, lead photo ---

    def headline(self) -> str:
        """The title, or the first words where there is none."""
        raw = self.item.get("title")
        title = plain_text(raw)
        if re.search(r"<[a-zA-Z/]", raw):
            self.lose("marks inside a headline dropped", raw)
        if title:
            return title
        where = self.item.get("link") or f"line {self.item.line}"
        self.lose("has no title: its first words stand in its place", where)
        words = plain_text(re.sub(r"\[[^\]]*\]", " ", self.item.get("content:encoded"))).split()
        more = "…" if len(words) > _UNTITLED_WORDS else ""
        return " ".join(words[:_UNTITLED_WORDS]) + more if words else "Untitled"

    def body(self, number: str) -> tuple[records.Block, ...]:
        """The text as blocks."""
        blocks, self.body_losses = blocks_of(self.item.get("content:encoded"), self.around.sources(number))
        return blocks

    def lead_photo(self) -> str | None:
        """The source id of the featured image, where it was found."""
        number = dict(self.item.meta).get("_thumbnail_id", "").strip()
        if not number or number == "0":
            return None
        media = self.around.attachments.photo("", number)
        if media is None:
            known = self.around.attachments.records.get(number)
            self.lose("lead photo not found among the files", known.file_name if known else number)
        return media

    # --- What has no place here ---

    def note_extras(self) -> None:
        """Note what an article does not keep of a post."""
        title, categories = title_of(self.item), categories_of(self.item)
        if not categories:
            self.lose("has no category: it stands in the section “News”", title)
        if len(categories) > 1:
            names = ", ".join(name for _slug, name in categories)
            self.lose("more than one category: the first is its section, the others became tags", names)
        if self.item.get("wp:is_sticky") == "1":
            self.lose("was kept on top: place it on the front in the desk", title)
        for domain, slug, _name in self.item.categories:
            if domain == "post_format":
                self.lose("post format dropped", slug.removeprefix("post-format-"))
            elif domain not in ("category", "post_tag"):
                self.lose("term of another kind dropped", f"{domain}: {slug}")
        if login_of(self.item) not in self.around.authors:
            self.lose("its author is not among the authors of the export: it has no byline", title)

    def note_page(self) -> None:
        """Note what a static page does not keep of a page."""
        title = title_of(self.item)
        if self.item.get("wp:post_parent") not in ("", "0"):
            self.lose("stood below another page: pages stand beside each other", title)
        if self.item.get("wp:post_password") == "" and self.item.get("excerpt:encoded"):
            self.lose("excerpt of a page dropped", title)


def _tag_names(item: Element) -> tuple[str, ...]:
    """Its tags and further categories; of names that differ in their capitals, the first."""
    names = [name for _slug, name in (*tags_of(item), *categories_of(item)[1:])]
    return tuple({name.casefold(): name for name in reversed(names)}.values())[::-1]


def _without_lead(body: tuple[records.Block, ...], photo: str | None) -> tuple[records.Block, ...]:
    if photo and body and isinstance(body[0], records.Photo) and body[0].media == photo:
        return body[1:]
    return body
