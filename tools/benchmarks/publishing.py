"""An editor at work: creates and edits stories as the desk's views do, and sends the desk's own form.

Times are seconds of the system's monotonic clock, which all processes of a machine share. Django is set up before
this is imported.
"""

import random
import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from taggit.models import Tag
from tools.benchmarks.archive import CAPTION, body_json
from tools.benchmarks.stories import PHOTOS, Writer

from stet.newsroom.models import ArticleByline, ArticlePage, OutboxEntry, Person, Photo, SectionPage


class Editor:
    """Somebody who publishes."""

    def __init__(self) -> None:
        self._chance = random.Random(11)
        self._writer = Writer(11)
        self._user = get_user_model().objects.first()
        self._sections = list(SectionPage.objects.exclude(slug="news").order_by("path"))
        self._people = list(Person.objects.all())
        self._tags = list(Tag.objects.all()[:100])
        self._photos = list(Photo.objects.all()[:PHOTOS])
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
        self._client = Client()
        self._client.force_login(self._user)

    def newest(self, count: int) -> dict[str, Any]:
        """The newest stories: (id, path, section's path)."""
        pages = ArticlePage.objects.filter(live=True).order_by("-first_published_at")[:count]
        return {
            "articles": [(page.pk, page.printed_path(), page.get_parent().specific.printed_path()) for page in pages]
        }

    def create(self, word: str, section: int) -> dict[str, Any]:
        """Write a new story and publish it; `word` stands in its headline."""
        parent = SectionPage.objects.get(pk=self._sections[section].pk)
        story = self._writer.story(0, published=datetime.now(UTC), before=0)
        began = time.monotonic()
        article = ArticlePage(
            title=f"{story.headline} {word}",
            slug=f"story-{word.lower()}",
            locale=parent.locale,
            owner=self._user,
            live=False,
            standfirst=story.standfirst,
            lead_photo=self._chance.choice(self._photos),
            lead_caption=CAPTION,
            body=body_json([f"<p>{text}</p>" for text in story.paragraphs], story.subheads),
        )
        article.bylines.add(ArticleByline(person=self._chance.choice(self._people)))
        article.tags.add(*self._chance.sample(self._tags, 3))
        parent.add_child(instance=article)
        return self._published(article, began)

    def edit(self, article: int, word: str) -> dict[str, Any]:
        """Give a story another headline, which holds `word`, and publish it."""
        page = ArticlePage.objects.get(pk=article)
        began = time.monotonic()
        page.title = f"{' '.join(page.title.split()[:7])} {word}"
        return self._published(page, began)

    def _published(self, page: ArticlePage, began: float) -> dict[str, Any]:
        page.save_revision(user=self._user, log_action=True).publish(user=self._user)
        ended = time.monotonic()
        newest = OutboxEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
        page = ArticlePage.objects.get(pk=page.pk)
        return {"began": began, "ended": ended, "outbox": newest, "path": page.printed_path(), "id": page.pk}

    def post(self, article: int, word: str) -> dict[str, Any]:
        """Send the edit form of a story, as the browser does when "publish" is pressed."""
        page = ArticlePage.objects.get(pk=article)
        fields = form_of(page)
        fields["title"] = f"{' '.join(page.title.split()[:7])} {word}"
        address = reverse("wagtailadmin_pages:edit", args=[article])
        began = time.monotonic()
        response = self._client.post(address, {**fields, "action-publish": "action-publish"})
        ended = time.monotonic()
        page.refresh_from_db()
        if response.status_code != 302 or word not in page.title:
            raise AssertionError(f"The desk answered {response.status_code} and did not publish.")
        newest = OutboxEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
        return {"began": began, "ended": ended, "outbox": newest, "path": page.printed_path(), "id": page.pk}


def form_of(page: ArticlePage) -> dict[str, Any]:
    """The fields of a story's edit form, as the browser would send them back unchanged."""
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

    from stet.newsroom.blocks import LINE_FEATURES, TEXT_FEATURES

    fields: dict[str, Any] = {
        "title": page.title, "slug": page.slug, "short_headline": page.short_headline, "standfirst": page.standfirst,
        "kind": page.kind, "dateline": page.dateline, "lead_photo": page.lead_photo_id or "", "lead_alt": page.lead_alt,
        "lead_caption": ContentstateConverter(LINE_FEATURES).from_database_format(page.lead_caption),
        "tags": ", ".join(f'"{tag.name}"' for tag in page.tags.all()), "updated_at": "", "source": page.source,
        "source_url": page.source_url, "licence": page.licence, "seo_title": page.seo_title,
        "search_description": page.search_description, "go_live_at": "", "expire_at": "", "comment_notifications": "",
    }  # fmt: skip
    if page.is_pick:
        fields["is_pick"] = "on"
    bylines = list(page.bylines.all())
    for name, count in (("bylines", len(bylines)), ("picks", 0), ("corrections", 0), ("comments", 0)):
        fields |= {f"{name}-TOTAL_FORMS": count, f"{name}-INITIAL_FORMS": count}
        fields |= {f"{name}-MIN_NUM_FORMS": 0, f"{name}-MAX_NUM_FORMS": 1000}
    for number, byline in enumerate(bylines):
        prefix = f"bylines-{number}-"
        fields |= {f"{prefix}id": byline.pk, f"{prefix}person": byline.person_id, f"{prefix}role": byline.role}
        fields |= {f"{prefix}ORDER": number + 1, f"{prefix}DELETE": ""}
    text = ContentstateConverter(TEXT_FEATURES)
    blocks = list(page.body.raw_data)
    fields["body-count"] = len(blocks)
    for number, block in enumerate(blocks):
        prefix = f"body-{number}-"
        fields |= {
            f"{prefix}type": block["type"],
            f"{prefix}id": block["id"],
            f"{prefix}order": number,
            f"{prefix}deleted": "",
        }
        if block["type"] == "text":
            fields[f"{prefix}value"] = text.from_database_format(block["value"])
        else:
            fields |= {f"{prefix}value-{name}": value for name, value in block["value"].items()}
    return fields
