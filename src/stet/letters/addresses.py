"""What may stand in a letter as an address, and in a list's or letter's own. Pure.

The rules:
 * A reader's mail program follows http and https only, and an address of the paper itself begins with one slash.
 * A word that the press uses below `/letters/` is nobody's slug.
 * A letter's slug is its day, until an editor writes another one.
"""

import re
from datetime import date
from urllib.parse import urlsplit

RESERVED_LIST_SLUGS = frozenset({"answer", "archive"})
"""What stands beside the lists: the page around the frontdesk's answers."""
RESERVED_LETTER_SLUGS = frozenset({"archive"})
"""What stands beside a list's letters."""


def is_days_slug(slug: str, day: date) -> bool:
    """Whether a letter of this day was given the slug, and nobody wrote it.

    >>> is_days_slug("2026-11-27-2", date(2026, 11, 27)), is_days_slug("a-flood", date(2026, 11, 27))
    (True, False)
    """
    return re.fullmatch(rf"{day.isoformat()}(-[0-9]+)?", slug) is not None


def is_mailable_url(url: str) -> bool:
    """Whether a link in a letter may lead there: a web address with a host, or a path of the paper's own."""
    if not url.isprintable() or " " in url:
        return False
    if url.startswith("/"):
        return not url.startswith("//") and "\\" not in url
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and _is_host(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _is_host(host: str | None) -> bool:
    """Whether this could be a host's name: labels between dots, none of them empty."""
    return host is not None and all(host.removesuffix(".").split("."))
