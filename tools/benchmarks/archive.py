"""Fills a founded newsroom with an archive of stories, by bulk inserts, as an import of that size would leave it.

Django is set up before this is imported.
"""

import io
import json
import os
import random
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageFilter
from taggit.models import Tag
from tools.benchmarks.stories import LINKED, PEOPLE, PHOTOS, SECTIONS, SUBHEADS, Story, Writer, stories, tag_names
from wagtail.models import Locale, Page

from stet.newsroom import outbox
from stet.newsroom.models import (
    ArticleByline,
    ArticlePage,
    ArticleTag,
    FrontPage,
    Person,
    Photo,
    SectionPage,
    StaticPage,
)
from stet.press.photos import PhotoStore
from stet.press.rows import read_photos

AT_ONCE = 250
CAPTION = "The harbour in the morning, seen from the old customs house."


class Archive:
    """The pages, people, tags and photos that stories stand on."""

    def __init__(self, seed: int = 1) -> None:
        self._chance = random.Random(seed)
        self.locale = Locale.objects.get(language_code="en")
        self.front = FrontPage.objects.get(locale=self.locale)
        self.sections = [self._section(name) for name in SECTIONS]
        writer = Writer(seed)
        self.people = [self._person(number) for number in range(PEOPLE)]
        self.tags = [Tag.objects.create(name=name, slug=name.replace(" ", "-")) for name in tag_names(writer)]
        self.photos = [a_photo(number) for number in range(PHOTOS)]
        about = StaticPage(title="About us", slug="about", locale=self.locale, body=body_json(["<p>We print.</p>"], []))
        self.front.add_child(instance=about)
        self._type = ContentType.objects.get_for_model(ArticlePage)
        self._first_id = 1 + (Page.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)

    def fill(self, count: int, *, newest: datetime) -> Iterator[int]:
        """Write `count` stories; answer after each batch how many stand."""
        written = stories(count, newest=newest)
        done = 0
        while batch := list(islice(written, AT_ONCE)):
            with transaction.atomic():
                self._insert(batch)
            done += len(batch)
            yield done
        for section in self.sections:
            Page.objects.filter(pk=section.pk).update(
                numchild=Page.objects.filter(path__startswith=section.path).count() - 1
            )
        outbox.trim()

    def _insert(self, batch: Sequence[Story]) -> None:
        pages = [self._page(story) for story in batch]
        Page.objects.bulk_create(
            [Page(**{f.attname: getattr(page, f.attname) for f in Page._meta.concrete_fields}) for page in pages]
        )
        fields = ArticlePage._meta.local_concrete_fields
        ArticlePage._base_manager._insert(pages, fields=fields, using="default")
        ArticleByline.objects.bulk_create(
            ArticleByline(page_id=page.pk, person=self.people[story.person], sort_order=0)
            for page, story in zip(pages, batch, strict=True)
        )
        ArticleTag.objects.bulk_create(
            ArticleTag(content_object_id=page.pk, tag=self.tags[tag])
            for page, story in zip(pages, batch, strict=True)
            for tag in story.tags
        )

    def _page(self, story: Story) -> ArticlePage:
        section = self.sections[story.section]
        key = self._first_id + story.number
        return ArticlePage(
            id=key,
            page_ptr_id=key,
            path=Page._get_path(section.path, section.depth + 1, story.number // len(SECTIONS) + 1),
            depth=section.depth + 1,
            translation_key=UUID(int=self._chance.getrandbits(128)),
            locale=self.locale,
            content_type=self._type,
            title=story.headline,
            draft_title=story.headline,
            slug=story.slug,
            url_path=f"{section.url_path}{story.slug}/",
            live=True,
            first_published_at=story.published,
            last_published_at=story.published,
            latest_revision_created_at=story.published,
            standfirst=story.standfirst,
            lead_photo=self.photos[story.photo],
            lead_caption=CAPTION,
            body=self.body(story),
        )

    def body(self, story: Story) -> str:
        """A story's blocks as the database stores them."""
        paragraphs = []
        targets = dict(zip(LINKED, story.links, strict=False))
        for number, text in enumerate(story.paragraphs):
            if number in targets:
                text = linked(text, self._first_id + targets[number])
            paragraphs.append(f"<p>{text}</p>")
        return body_json(paragraphs, story.subheads)

    def _section(self, name: str) -> SectionPage:
        section = SectionPage(title=name, slug=name.lower(), locale=self.locale, show_in_menus=True)
        self.front.add_child(instance=section)
        return section

    def _person(self, number: int) -> Person:
        name = f"{chr(65 + number % 26)}nna {chr(65 + number // 2)}erova"
        return Person.objects.create(name=name, slug=f"byline-{number}", locale=self.locale, role="Correspondent")


def body_json(paragraphs: Sequence[str], subheads: Sequence[str]) -> str:
    """Paragraphs with subheads between them as a stream's stored JSON. Runs of paragraphs share a block."""
    blocks: list[dict[str, object]] = []
    chance = random.Random(len("".join(paragraphs)))
    places = [0, *SUBHEADS][: len(subheads) + 1] if subheads else [0]
    for begin, until, subhead in zip(places, [*places[1:], len(paragraphs)], ["", *subheads], strict=True):
        if subhead:
            blocks.append(_block("subhead", {"text": subhead, "level": "2"}, chance))
        blocks.append(_block("text", "".join(paragraphs[begin:until]), chance))
    return json.dumps(blocks)


def _block(kind: str, value: object, chance: random.Random) -> dict[str, object]:
    return {"type": kind, "value": value, "id": str(UUID(int=chance.getrandbits(128)))}


def linked(text: str, page: int) -> str:
    """The third to sixth word of a text as a link to a page."""
    words = text.split(" ")
    return " ".join([*words[:2], f'<a linktype="page" id="{page}">{" ".join(words[2:6])}</a>', *words[6:]])


def a_photo(number: int) -> Photo:
    """A drawn photo: soft shapes with some grain, so that it compresses as a photograph does."""
    picture = Image.merge("RGB", [_channel(number * 3 + channel) for channel in range(3)])
    body = io.BytesIO()
    picture.save(body, "JPEG", quality=85)
    photo = Photo(
        title=f"Photo {number}", credit="A. Photographer", description="A harbour under a low sky.", caption=CAPTION
    )
    photo.file = ContentFile(body.getvalue(), name=f"photo-{number}.jpg")
    photo.save()
    return photo


def _channel(seed: int) -> Image.Image:
    chance, size = random.Random(seed), (960, 640)
    layers = [
        Image.frombytes("L", (across, up), chance.randbytes(across * up)).resize(size, Image.Resampling.BICUBIC)
        for across, up in ((6, 4), (24, 16), (120, 80))
    ]
    soft = Image.blend(Image.blend(layers[0], layers[1], 0.25), layers[2], 0.06)
    return soft.filter(ImageFilter.GaussianBlur(1))


def render_photos(folder: Path, media: Path) -> None:
    """Render what the desk would have rendered when the photos were uploaded."""
    rows = read_photos(Photo.objects.values_list("pk", flat=True)).values()
    PhotoStore(folder / "renditions", media).render_all(rows, processes=os.cpu_count() or 1)
