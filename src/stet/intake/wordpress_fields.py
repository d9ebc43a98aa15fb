"""What the fields of an exported item say: its number, title, dates, address, terms.

Every question has an answer for every item: what is missing or damaged is empty, or None.
"""

import hashlib
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import unquote

from stet.intake.slugs import clean_slug
from stet.intake.web_addresses import split
from stet.intake.web_markup import plain_text
from stet.intake.wxr import Element


def identity_of(item: Element) -> str:
    """The item's number; where it is missing, a digest of its address or title."""
    number = item.get("wp:post_id")
    if number:
        return number
    return hashlib.sha256((item.get("guid") or item.get("link") or item.get("title")).encode()).hexdigest()[:16]


def title_of(item: Element) -> str:
    """What to call an item in the report: its title, or whatever else there is."""
    return plain_text(item.get("title")) or item.get("wp:post_name") or item.get("link") or f"line {item.line}"


def file_address(item: Element) -> str:
    """Where an attachment's file lay on the old site."""
    return item.get("wp:attachment_url") or item.get("guid")


def old_path(link: str) -> str:
    """The path of an old address, decoded; empty where it has a query, or no path."""
    parts = split(link)
    if parts.query or not parts.path:
        return ""
    return re.sub(r"/+", "/", unquote(parts.path))


# --- Dates ---


def moment(raw: str) -> datetime | None:
    """A date as WordPress writes it, in UTC; None for its zero date."""
    try:
        return datetime.strptime(raw, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def rfc_moment(raw: str) -> datetime | None:
    """A date as feeds write it (RFC 5322, section 3.3), in UTC; None where it has no time zone."""
    try:
        read = parsedate_to_datetime(raw)
    except (ValueError, TypeError):
        return None
    return read.astimezone(UTC) if read.tzinfo and read.year > 1 else None


# --- Categories and tags ---


def categories_of(item: Element) -> list[tuple[str, str]]:
    """(slug, name) of an item's categories, each once."""
    return _terms(item, "category")


def tags_of(item: Element) -> list[tuple[str, str]]:
    """(slug, name) of an item's tags, each once."""
    return _terms(item, "post_tag")


def _terms(item: Element, domain: str) -> list[tuple[str, str]]:
    found = {
        unquote(slug) or clean_slug(name, instead=""): unescape(name)
        for kind, slug, name in item.categories
        if kind == domain
    }
    return [(slug, name or slug) for slug, name in found.items()]


# --- Authors ---


def login_of(item: Element) -> str:
    """Who wrote it, as the export's authors are called; some exports leave a stray sign before it."""
    return item.get("dc:creator").lstrip("<> ")


def person_id(login: str) -> str:
    """The source id of an author, from which the login cannot be read."""
    return "person:" + hashlib.sha256(f"stet.intake.author\n{login}".encode()).hexdigest()[:24]
