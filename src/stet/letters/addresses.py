"""What may stand in a letter as an address, and in a list's or letter's own. Pure.

The rules:
 * A reader's mail program follows http and https only, and an address of the paper itself begins with one slash.
 * A word that the press uses below `/letters/` is nobody's slug.
"""

from urllib.parse import urlsplit

RESERVED_LIST_SLUGS = frozenset({"answer", "archive"})
"""What stands beside the lists: the page around the frontdesk's answers."""
RESERVED_LETTER_SLUGS = frozenset({"archive"})
"""What stands beside a list's letters."""


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
