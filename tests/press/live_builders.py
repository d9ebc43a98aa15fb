"""Live coverage in the small paper, posted as the desk posts it."""

from datetime import datetime
from typing import Any

from stet.newsroom.live import posting
from stet.newsroom.models import ArticlePage, LiveCoverage, LiveEntry
from tests.press.builders import NOON


def a_coverage(article: ArticlePage, *, at: datetime = NOON) -> LiveCoverage:
    """Coverage that is on."""
    return posting.begin(article, user=None, now=at)


def an_entry(coverage: LiveCoverage, headline: str, *, at: datetime = NOON, **fields: Any) -> LiveEntry:
    """A posted entry."""
    fields.setdefault("text", f"<p>More about: {headline}.</p>")
    entry = LiveEntry(coverage=coverage, headline=headline, **fields)
    posting.post(entry, user=None, now=at)
    return entry
