"""Where everything stands in the edition. Pure: rows' values in, paths out.

The rules:
 * A path, once printed, is kept: an article's has its first day and its slug in it and no section, so that a move
   or a renamed section breaks no link.
 * `/2026/11/20/slug/`: the day is the day in the paper's time zone.
 * Fixed words (topics, people, tags, archive…) are reserved: no section or page may be called so.
"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

RESERVED_SLUGS = frozenset(
    {
        "topics",
        "people",
        "tags",
        "archive",
        "corrections",
        "letters",
        "support",
        "questions",
        "sources",
        "search",
        "evidence",
        "media",
        "documents",
        "sitemaps",
        "offline",
        "404",
        ".well-known",
    }
)
"""First parts of paths that the press uses itself."""

REACH_SLUG = "reach-us"
"""Where the press lists the paper's addresses; what editors write on a page of their own at this slug stands there."""

_YEAR = re.compile(r"\d{4}")


def is_reserved(slug: str, languages: tuple[str, ...]) -> bool:
    """Whether a section or page may not have this slug."""
    return slug in RESERVED_SLUGS or slug in languages or bool(_YEAR.fullmatch(slug))


def article_path(prefix: str, slug: str, *, published: datetime, zone: ZoneInfo) -> str:
    """`/2026/11/20/slug/` below the language's prefix."""
    return f"{prefix}/{published.astimezone(zone):%Y/%m/%d}/{slug}/"


def front_path(prefix: str) -> str:
    """The front of a language."""
    return f"{prefix}/"


def child_path(prefix: str, slug: str) -> str:
    """A section or a static page."""
    return f"{prefix}/{slug}/"


def topic_path(prefix: str, slug: str) -> str:
    """A running story's page."""
    return f"{prefix}/topics/{slug}/"


def person_path(prefix: str, slug: str) -> str:
    """A byline's page."""
    return f"{prefix}/people/{slug}/"


def tag_path(prefix: str, slug: str) -> str:
    """A tag's page."""
    return f"{prefix}/tags/{slug}/"


def month_path(prefix: str, year: int, month: int) -> str:
    """Everything of one month."""
    return f"{prefix}/{year:04d}/{month:02d}/"


def letters_path(prefix: str) -> str:
    """All lists of a language."""
    return f"{prefix}/letters/"


def support_path(prefix: str) -> str:
    """Where readers of a language give."""
    return f"{prefix}/support/"


def offline_path(prefix: str) -> str:
    """What is kept on a reader's device."""
    return f"{prefix}/offline/"


def app_path(prefix: str) -> str:
    """The web app manifest of a language."""
    return f"{prefix}/app.webmanifest"


def question_path(prefix: str, slug: str) -> str:
    """What rival claims answer, side by side."""
    return f"{prefix}/questions/{slug}/"


def questions_path(prefix: str) -> str:
    """All questions of a language."""
    return f"{prefix}/questions/"


def search_path(prefix: str) -> str:
    """The page that searches a language."""
    return f"{prefix}/search/"


def search_index_path(language: str) -> str:
    """Where the index of a language stands."""
    return f"/search/{language}/"


def source_path(prefix: str, slug: str) -> str:
    """What a source has said here."""
    return f"{prefix}/sources/{slug}/"


def reach_path(prefix: str) -> str:
    """Where to find the paper: its mirrors, and how to check a page."""
    return child_path(prefix, REACH_SLUG)


def check_path(prefix: str) -> str:
    """The small page with which a reader checks a saved one. No slug holds a dot, so none can stand in its place."""
    return f"{prefix}/check.html"


def list_path(prefix: str, slug: str) -> str:
    """A list: what it is, its archive, its sign-up form."""
    return f"{prefix}/letters/{slug}/"


def letter_path(prefix: str, list_slug: str, slug: str) -> str:
    """A letter's web page; its mail stands beside it."""
    return f"{prefix}/letters/{list_slug}/{slug}/"
