"""Which edition readers have, and whether a story is in it as it was published last."""

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from stet.kit.clock import write_moment
from stet.kit.errors import StetError
from stet.mirrors.checking import read_here
from stet.newsroom.models import ArticlePage

TWIN = "article.json"


def edition_number() -> int | None:
    """The number of the edition that stands here; None before the first."""
    folder: Path = settings.STET.site
    try:
        return read_here(folder).pointer.seq
    except (StetError, OSError):
        return None


def is_printed(article: ArticlePage) -> bool:
    """Whether the edition has the article as it was published last: its twin says of when it is."""
    path, published = article.printed_path(), article.last_published_at
    if path is None or published is None:
        return False
    file: Path = settings.STET.site / path.lstrip("/") / TWIN
    try:
        changed = file.stat().st_mtime_ns
        return _modified(file, changed) >= write_moment(published)
    except (OSError, ValueError):
        return False


@lru_cache(maxsize=64)
def _modified(file: Path, _changed: int) -> str:
    """When the article in a twin was published, as it is written there; "" where it does not say."""
    twin = json.loads(file.read_bytes())
    return str(twin.get("modified") or twin.get("published") or "") if isinstance(twin, dict) else ""
