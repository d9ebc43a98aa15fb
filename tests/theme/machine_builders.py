"""Plain builders of the copy that feeds, sitemaps, JSON-LD and twins are made of."""

from datetime import UTC, datetime
from typing import Any

from stet.theme.copy import (
    Article,
    Byline,
    Feed,
    FeedItem,
    Language,
    Link,
    Photo,
    PhotoFile,
    Site,
    Text,
)

MORNING = datetime(2026, 11, 19, 6, 30, tzinfo=UTC)
NOON = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
BASE = "https://example.org"

ENGLISH = Language(code="en", name="English", direction="ltr", front_path="/")
RUSSIAN = Language(code="ru", name="Русский", direction="ltr", front_path="/ru/")
PERSIAN = Language(code="fa", name="فارسی", direction="rtl", front_path="/fa/")


def a_site(**changes: Any) -> Site:
    fields: dict[str, Any] = {
        "name": "The Far Shore",
        "tagline": "News of Velmora, from across the water",
        "description": "An independent newsroom.",
        "base_url": BASE,
        "language": ENGLISH,
        "languages": (ENGLISH, RUSSIAN, PERSIAN),
        "time_zone": "Europe/Oslo",
        "sections": (),
        "footer": (),
        "archive_path": "/archive/",
        "search_path": "/search/",
        "corrections_path": "/corrections/",
        "feeds": (),
        "publisher": "The Far Shore Foundation",
        "principles_path": "/about/principles/",
        "corrections_policy_path": "/about/corrections/",
    }
    return Site(**fields | changes)


def an_item(number: int = 1, **changes: Any) -> FeedItem:
    fields: dict[str, Any] = {
        "id": f"tag:example.org,2026:article/{number}",
        "url": f"{BASE}/society/story-{number}/",
        "headline": "Dam cracks after warnings",
        "standfirst": "Engineers wrote three letters.",
        "html": "<p>The first crack showed in <b>February</b>.</p>",
        "authors": ("Tomas Venn", "Ilse Marr"),
        "published": MORNING,
        "modified": NOON,
        "tags": ("floods", "courts"),
        "photo_url": f"{BASE}/media/dam-1280.jpg",
        "photo_media_type": "image/jpeg",
        "photo_bytes": 81234,
    }
    return FeedItem(**fields | changes)


def a_feed(**changes: Any) -> Feed:
    fields: dict[str, Any] = {
        "site": a_site(),
        "title": "The Far Shore: Society",
        "description": "How people live.",
        "home_url": f"{BASE}/society/",
        "paths": ("/society/feed.rss", "/society/feed.atom", "/society/feed.json"),
        "updated": NOON,
        "items": (an_item(1), an_item(2)),
    }
    return Feed(**fields | changes)


def a_photo(name: str = "dam", **changes: Any) -> Photo:
    files = tuple(
        PhotoFile(
            path=f"/media/{name}-{width}.{kind}", media_type=f"image/{type_}", width=width, height=height, bytes=9
        )
        for kind, type_ in (("avif", "avif"), ("jpg", "jpeg"))
        for width, height in ((640, 427), (1280, 853))
    )
    fields: dict[str, Any] = {
        "alt": "A crack in a concrete wall",
        "credit": "Nina Solberg",
        "caption_html": 'The dam at Tolv. <a href="/topics/vel-dam/">More</a>',
        "width": 1280,
        "height": 853,
        "files": files,
        "thumb_data_uri": "data:image/avif;base64,AAAA",
        "inline_data_uri": "data:image/avif;base64,BBBB",
    }
    return Photo(**fields | changes)


def an_article(**changes: Any) -> Article:
    fields: dict[str, Any] = {
        "site": a_site(),
        "path": "/society/dam-cracks/",
        "title": "Dam cracks after warnings",
        "breadcrumbs": (Link(label="The Far Shore", path="/"), Link(label="Society", path="/society/")),
        "article_id": 12,
        "headline": "Dam cracks after warnings",
        "short_headline": "Dam cracks",
        "standfirst": "Engineers wrote three letters.",
        "kind": "news",
        "section": Link(label="Society", path="/society/"),
        "bylines": (Byline(name="Tomas Venn", path="/people/tomas-venn/"),),
        "dateline": "Tolv",
        "photo": a_photo(),
        "published": MORNING,
        "updated": None,
        "modified": NOON,
        "revision": "12.3",
        "body": (Text(html='<p>See <a href="/about/">us</a>.</p>'),),
        "word_count": 912,
        "reading_minutes": 4,
        "tags": (Link(label="floods", path="/tags/floods/"),),
        "topics": (Link(label="The Vel dam", path="/topics/vel-dam/"),),
        "corrections": (),
        "translations": (),
        "read_more": (),
        "twin_path": "/society/dam-cracks/article.json",
    }
    return Article(**fields | changes)
