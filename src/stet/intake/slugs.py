"""The last part of an address, from whatever an archive has there."""

import re
import unicodedata
from collections.abc import Callable
from urllib.parse import unquote

MAX_SLUG = 200
_MAX_TRIES = 10_000


def clean_slug(raw: str, *, instead: str) -> str:
    """A slug of letters, digits and hyphens, in any script; `instead` (a title, say) where nothing is left of it.

    >>> clean_slug("%d0%bc%d0%b8%d1%80", instead="")
    'мир'
    >>> clean_slug("", instead="What is news?")
    'what-is-news'
    """
    for candidate in (unquote(raw), instead):
        text = unicodedata.normalize("NFC", candidate).lower()
        slug = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", text)).strip("-_")[:MAX_SLUG].strip("-_")
        if slug:
            return slug
    return "untitled"


def free_slug(slug: str, *, is_free: Callable[[str], bool]) -> str:
    """The slug itself where it is free, else with the first number behind it that makes it so."""
    candidates = (slug if number == 1 else f"{slug}-{number}" for number in range(1, _MAX_TRIES))
    return next(candidate for candidate in candidates if is_free(candidate))
