"""A feed's copy as RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1, the same items in all three.

The rules:
 * An item's id is its tag: URI and never changes; its address may.
 * Every moment comes from the copy. The feed's own is its newest item's, never the clock's.
 * A character that XML 1.0 does not allow is dropped; everything else arrives as it was written.
 * A feed without items is still valid.
 * An item without its text says its standfirst and leads to the page; it is never half a text.

The XML is written, not built as a tree: a feed of full texts is printed with every story.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape as escape_html

import msgspec

from stet.kit.clock import write_moment
from stet.theme.addresses import absolute
from stet.theme.copy import Feed, FeedItem
from stet.theme.xml_writing import cdata, element, escape, optional, xml_document

JSON_FEED_VERSION = "https://jsonfeed.org/version/1.1"
GENERATOR = "Stet"

BEFORE_THE_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where Atom demands a moment (RFC 4287, 4.1.1) and an empty feed has none."""


def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0, full texts in content:encoded."""
    site = feed.site
    return xml_document(
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel>"
        + element("title", feed.title)
        + element("link", absolute(site.base_url, feed.home_url))
        + element("description", feed.description or site.description or feed.title)
        + element("language", site.language.code)
        + optional("copyright", site.licence)
        + (element("lastBuildDate", rfc822(feed.updated)) if feed.updated else "")
        + element("generator", GENERATOR)
        + f'<atom:link rel="self" type="application/rss+xml" href="{escape(_self_url(feed, 0))}"/>',
        (_rss_item(item) for item in feed.items),
        "</channel></rss>",
    )


def _rss_item(item: FeedItem) -> str:
    return (
        "<item>"
        + element("title", item.headline)
        + element("link", absolute("", item.url))
        + f'<guid isPermaLink="false">{escape(item.id)}</guid>'
        + element("pubDate", rfc822(item.published))
        + (element("atom:updated", write_moment(item.modified)) if item.modified > item.published else "")
        + "".join(element("dc:creator", author) for author in item.authors)
        + "".join(element("category", tag) for tag in item.tags)
        # RSS 2.0 readers take a description for HTML, so plain text is escaped as HTML first.
        + optional("description", escape_html(item.standfirst, quote=False))
        + (f"<content:encoded>{cdata(item.html)}</content:encoded>" if item.html else "")
        + (f"<enclosure {_enclosure(item, 'url')}/>" if item.photo_url else "")
        + "</item>"
    )


def _enclosure(item: FeedItem, address: str) -> str:
    url = escape(absolute("", item.photo_url or ""))
    return f'{address}="{url}" length="{item.photo_bytes}" type="{escape(item.photo_media_type)}"'


def atom(feed: Feed) -> bytes:
    """The feed as Atom. Its id is its own canonical address."""
    site = feed.site
    address = escape(_self_url(feed, 1))
    return xml_document(
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{escape(site.language.code)}">'
        f"<id>{address}</id>"
        + element("title", feed.title)
        + optional("subtitle", feed.description)
        + element("updated", write_moment(feed.updated or BEFORE_THE_FIRST))
        + _atom_author(site.publisher or site.name)
        + optional("rights", site.licence)
        + element("generator", GENERATOR)
        + f'<link rel="self" type="application/atom+xml" href="{address}"/>'
        + f'<link rel="alternate" type="text/html" href="{escape(absolute(site.base_url, feed.home_url))}"/>',
        (_atom_entry(item) for item in feed.items),
        "</feed>",
    )


def _atom_entry(item: FeedItem) -> str:
    return (
        "<entry>"
        + element("id", item.id)
        + element("title", item.headline)
        + f'<link rel="alternate" type="text/html" href="{escape(absolute("", item.url))}"/>'
        + (f'<link rel="enclosure" {_enclosure(item, "href")}/>' if item.photo_url else "")
        + element("published", write_moment(item.published))
        + element("updated", write_moment(item.modified))
        + "".join(_atom_author(author) for author in item.authors)
        + "".join(f'<category term="{escape(tag)}"/>' for tag in item.tags)
        + optional("summary", item.standfirst)
        + (f'<content type="html">{cdata(item.html)}</content>' if item.html else "")
        + "</entry>"
    )


def _atom_author(name: str) -> str:
    return f"<author>{element('name', name)}</author>"


def json_feed(feed: Feed) -> bytes:
    """The feed as JSON Feed 1.1."""
    site = feed.site
    head = {
        "version": JSON_FEED_VERSION,
        "title": feed.title,
        "home_page_url": absolute(site.base_url, feed.home_url),
        "feed_url": _self_url(feed, 2),
        "description": feed.description,
        "language": site.language.code,
        "authors": [{"name": site.publisher or site.name}],
    }
    return msgspec.json.encode(_present(head) | {"items": [_json_item(item) for item in feed.items]})


def _json_item(item: FeedItem) -> dict[str, object]:
    fields = _present(
        {
            "id": item.id,
            "url": absolute("", item.url),
            "title": item.headline,
            "summary": item.standfirst,
            "image": absolute("", item.photo_url or ""),
            "date_published": write_moment(item.published),
            "date_modified": write_moment(item.modified),
            "authors": [{"name": author} for author in item.authors],
            "tags": list(item.tags),
        }
    )
    # An item without any content is no item of JSON Feed.
    content = {"content_html": item.html} if item.html else {"content_text": item.standfirst or item.headline}
    return fields | content


def _present(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value}


def _self_url(feed: Feed, position: int) -> str:
    return absolute(feed.site.base_url, feed.paths[position])


def rfc822(moment: datetime) -> str:
    """A moment as RSS writes it, in GMT."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
