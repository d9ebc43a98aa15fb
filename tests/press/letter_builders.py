"""Lists and letters for the small paper."""

from datetime import date
from typing import Any

from stet.letters.models import LetterPage, ListPage
from stet.newsroom.models import ArticlePage, FrontPage, StaticPage
from tests.press.builders import NOON, stored, text

FRIDAY = date(2026, 3, 6)


def a_list(front: FrontPage, slug: str = "the-week", **fields: Any) -> ListPage:
    """A list that readers can join; live."""
    fields.setdefault("title", slug.replace("-", " ").title())
    fields.setdefault("promise", "A selection of news, every Friday.")
    page = ListPage(slug=slug, locale=front.locale, **fields)
    FrontPage.objects.get(pk=front.pk).add_child(instance=page)
    return page


def a_letter(of: ListPage, slug: str = "first", *, stories: tuple[ArticlePage, ...] = (), **fields: Any) -> LetterPage:
    """A letter; live unless told otherwise."""
    fields.setdefault("title", slug.title())
    fields.setdefault("due_date", FRIDAY)
    fields.setdefault("body", stored(*(a_story(story.pk) for story in stories)))
    letter = LetterPage(slug=slug, locale=of.locale, **fields)
    letter.first_published_at = letter.last_published_at = NOON
    ListPage.objects.get(pk=of.pk).add_child(instance=letter)
    return letter


def a_story(article: int, **fields: Any) -> tuple[str, Any]:
    """A picked story as the database stores it."""
    return "story", {"article": article, "headline": "", "teaser": "", "photo": None, "with_photo": True, **fields}


def a_policy(front: FrontPage, version: str = "2", **fields: Any) -> StaticPage:
    """The privacy policy of a language."""
    fields = {"body": stored(text("<p>We keep little.</p>")), "version": version, "version_date": NOON.date(), **fields}
    page = StaticPage(title="Privacy policy", slug="privacy", role="privacy", locale=front.locale, **fields)
    FrontPage.objects.get(pk=front.pk).add_child(instance=page)
    return page
