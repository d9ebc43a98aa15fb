"""Sitemaps and robots.txt: what a search engine finds in them."""

from datetime import timedelta

from lxml import etree

from stet.theme.copy import NewsSitemapEntry, SitemapEntry
from stet.theme.sitemaps import MOST_NEWS_ENTRIES, news_sitemap, robots, sitemap, sitemap_index
from tests.theme.machine_builders import BASE, MORNING

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}


def found(document: bytes, path: str) -> list[str]:
    return [str(value) for value in etree.fromstring(document).xpath(path, namespaces=NAMES)]


def a_news_entry(number: int = 1, **changes: object) -> NewsSitemapEntry:
    fields = {
        "url": f"{BASE}/a-{number}/",
        "publication": "The Far Shore",
        "language": "en",
        "published": MORNING,
        "headline": "Dam cracks",
    }
    return NewsSitemapEntry(**fields | changes)


def test_the_index_names_the_sitemaps_in_their_order():
    document = sitemap_index([f"{BASE}/sitemaps/2026-10.xml", f"{BASE}/sitemaps/2026-11.xml"])
    assert found(document, "/s:sitemapindex/s:sitemap/s:loc/text()") == [
        f"{BASE}/sitemaps/2026-10.xml",
        f"{BASE}/sitemaps/2026-11.xml",
    ]


def test_a_sitemap_says_where_when_and_in_which_languages():
    entry = SitemapEntry(url=f"{BASE}/a/", modified=MORNING, alternates=(("en", f"{BASE}/a/"), ("ru", f"{BASE}/ru/a/")))
    document = sitemap([entry, SitemapEntry(url=f"{BASE}/b/")])
    assert found(document, "/s:urlset/s:url/s:loc/text()") == [f"{BASE}/a/", f"{BASE}/b/"]
    assert found(document, "/s:urlset/s:url/s:lastmod/text()") == ["2026-11-19T06:30:00Z"]
    assert found(document, "/s:urlset/s:url[1]/x:link[@rel='alternate']/@hreflang") == ["en", "ru"]
    assert found(document, "/s:urlset/s:url[1]/x:link/@href") == [f"{BASE}/a/", f"{BASE}/ru/a/"]


def test_an_address_with_other_scripts_and_markup_is_escaped_as_the_protocol_asks():
    document = sitemap([SitemapEntry(url=f"{BASE}/общество/?a=1&b=<2>")])
    assert found(document, "//s:loc/text()") == [
        f"{BASE}/%D0%BE%D0%B1%D1%89%D0%B5%D1%81%D1%82%D0%B2%D0%BE/?a=1&b=%3C2%3E"
    ]


def test_an_encoded_address_is_not_encoded_twice():
    assert found(sitemap([SitemapEntry(url=f"{BASE}/%D0%BE/")]), "//s:loc/text()") == [f"{BASE}/%D0%BE/"]


def test_the_news_sitemap_holds_what_news_search_asks_for():
    document = news_sitemap([a_news_entry(headline="Law & order: <b>\x00")])
    assert found(document, "//n:news/n:publication/n:name/text()") == ["The Far Shore"]
    assert found(document, "//n:news/n:publication/n:language/text()") == ["en"]
    assert found(document, "//n:news/n:publication_date/text()") == ["2026-11-19T06:30:00Z"]
    assert found(document, "//n:news/n:title/text()") == ["Law & order: <b>"]


def test_the_news_sitemap_keeps_the_newest_where_there_are_too_many():
    many = [a_news_entry(n, published=MORNING + timedelta(seconds=n)) for n in range(MOST_NEWS_ENTRIES + 5)]
    urls = found(news_sitemap(many), "//s:loc/text()")
    assert len(urls) == MOST_NEWS_ENTRIES
    assert urls[0] == f"{BASE}/a-{MOST_NEWS_ENTRIES + 4}/"


def test_empty_sitemaps_are_well_formed():
    for document in (sitemap_index([]), sitemap([]), news_sitemap([])):
        assert len(etree.fromstring(document)) == 0


def test_robots_may_read_everything_and_find_the_sitemaps():
    assert robots(BASE, ["/sitemap.xml", "/news.xml"]) == (
        b"User-agent: *\nDisallow:\n\nSitemap: https://example.org/sitemap.xml\nSitemap: https://example.org/news.xml\n"
    )


def test_a_line_break_in_an_address_adds_no_line_to_robots():
    assert b"\nDisallow: /" not in robots(BASE, ["/sitemap.xml\nDisallow: /"])
