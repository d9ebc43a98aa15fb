"""What search engines are given: sitemaps by month, an index of them, the news sitemap, robots.txt.

The rules:
 * An address is absolute and a URI (sitemaps.org protocol 0.9); a path of the edition becomes one in `robots` alone.
 * A page names every language it has, itself included, or none.
 * One sitemap holds at most 50,000 addresses and one news sitemap 1,000: a month stays below, and `news_sitemap` cuts.
 * What changes is said by the copy's moments, never by the clock.
"""

from collections.abc import Iterable
from itertools import islice

from stet.kit.clock import write_moment
from stet.theme.addresses import absolute
from stet.theme.copy import NewsSitemapEntry, SitemapEntry
from stet.theme.xml_writing import element, escape, xml_document

SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST_NEWS_ENTRIES = 1000
"""Google's limit on one news sitemap (developers.google.com, "Create a News sitemap", read 2026-11)."""


def sitemap_index(urls: Iterable[str]) -> bytes:
    """The index that names every sitemap, in the order given."""
    return xml_document(
        f'<sitemapindex xmlns="{SITEMAP_NAMESPACE}">',
        (f"<sitemap>{_location(url)}</sitemap>" for url in urls),
        "</sitemapindex>",
    )


def sitemap(entries: Iterable[SitemapEntry]) -> bytes:
    """One sitemap, with the other languages of each page."""
    return xml_document(
        f'<urlset xmlns="{SITEMAP_NAMESPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
        (_entry(entry) for entry in entries),
        "</urlset>",
    )


def _entry(entry: SitemapEntry) -> str:
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{escape(code)}" href="{escape(absolute("", url))}"/>'
        for code, url in entry.alternates
    )
    modified = element("lastmod", write_moment(entry.modified)) if entry.modified else ""
    return f"<url>{_location(entry.url)}{modified}{alternates}</url>"


def news_sitemap(entries: Iterable[NewsSitemapEntry]) -> bytes:
    """The newest articles, newest first; the caller leaves out what is older than 48 hours."""
    newest = sorted(entries, key=lambda entry: entry.published, reverse=True)
    return xml_document(
        f'<urlset xmlns="{SITEMAP_NAMESPACE}" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">',
        (_news_entry(entry) for entry in islice(newest, MOST_NEWS_ENTRIES)),
        "</urlset>",
    )


def _news_entry(entry: NewsSitemapEntry) -> str:
    return (
        f"<url>{_location(entry.url)}<news:news><news:publication>"
        + element("news:name", entry.publication)
        + element("news:language", entry.language)
        + "</news:publication>"
        + element("news:publication_date", write_moment(entry.published))
        + element("news:title", entry.headline)
        + "</news:news></url>"
    )


def _location(url: str) -> str:
    return element("loc", absolute("", url))


def robots(base_url: str, sitemaps: Iterable[str]) -> bytes:
    """robots.txt (RFC 9309): everything may be read, and here are the sitemaps, given as paths."""
    lines = ["User-agent: *", "Disallow:"]
    named = [f"Sitemap: {absolute(base_url, path)}" for path in sitemaps]
    return ("\n".join(lines + ([""] if named else []) + named) + "\n").encode()
