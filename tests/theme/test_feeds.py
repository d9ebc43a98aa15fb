"""RSS, Atom and JSON Feed: what a feed reader finds in them."""

import json
from datetime import UTC, datetime

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from stet.theme.feeds import atom, json_feed, rss
from tests.theme.machine_builders import BASE, MORNING, NOON, PERSIAN, a_feed, a_site, an_item

XML_FEEDS = {"RSS": rss, "Atom": atom}
HOSTILE = {
    "markup": "Law & order: <script>alert('1')</script> \"quoted\"",
    "control characters": "Bell\x07, null\x00, escape\x1b and a noncharacter\uffff",
    "half a surrogate pair": "Broken \ud83d emoji",
    "the end of a CDATA section": "a ]]> b ]] > c",
    "the end of a CDATA section hidden by a control character": "a ]]\x01> b",
    "right-to-left text": "دادگاه «سد ول» را نامطلوب خواند",
    "an entity": "&lt;b&gt; &amp; &nbsp; &#0;",
}


def read(document: bytes) -> feedparser.FeedParserDict:
    found = feedparser.parse(document, sanitize_html=False)
    assert not found.bozo, found.bozo_exception
    return found


@pytest.mark.parametrize("write", XML_FEEDS.values(), ids=XML_FEEDS)
def test_a_reader_finds_every_item_with_its_words_authors_moments_and_tags(write):
    found = read(write(a_feed()))
    first, second = found.entries
    assert found.feed.title == "The Far Shore: Society"
    assert found.feed.link == f"{BASE}/society/"
    assert (first.id, second.id) == ("tag:example.org,2026:article/1", "tag:example.org,2026:article/2")
    assert first.link == f"{BASE}/society/story-1/"
    assert first.title == "Dam cracks after warnings"
    assert first.summary == "Engineers wrote three letters."
    assert first.content[0].value == "<p>The first crack showed in <b>February</b>.</p>"
    assert first.content[0].type == "text/html"
    assert datetime(*first.published_parsed[:6], tzinfo=UTC) == MORNING
    assert datetime(*first.updated_parsed[:6], tzinfo=UTC) == NOON
    assert [tag.term for tag in first.tags] == ["floods", "courts"]
    assert [(e.href, e.type, e.length) for e in first.enclosures] == [
        (f"{BASE}/media/dam-1280.jpg", "image/jpeg", "81234")
    ]


def test_every_author_is_named_in_all_three_feeds():
    atom_tree, rss_tree = etree.fromstring(atom(a_feed())), etree.fromstring(rss(a_feed()))
    of_atom = atom_tree.findall("{*}entry")[0].findall("{*}author/{*}name")
    of_rss = rss_tree.findall("channel/item")[0].findall("{http://purl.org/dc/elements/1.1/}creator")
    of_json = json.loads(json_feed(a_feed()))["items"][0]["authors"]
    assert [name.text for name in of_atom] == ["Tomas Venn", "Ilse Marr"]
    assert [name.text for name in of_rss] == ["Tomas Venn", "Ilse Marr"]
    assert [author["name"] for author in of_json] == ["Tomas Venn", "Ilse Marr"]


SELF_LINKS = {
    "RSS": (rss, "application/rss+xml", "/society/feed.rss"),
    "Atom": (atom, "application/atom+xml", "/society/feed.atom"),
}


@pytest.mark.parametrize(("write", "media_type", "path"), SELF_LINKS.values(), ids=SELF_LINKS)
def test_a_feed_names_its_own_address_once(write, media_type, path):
    found = read(write(a_feed()))
    own = [link for link in found.feed.links if link.rel == "self"]
    assert [(link.href, link.type) for link in own] == [(BASE + path, media_type)]


@pytest.mark.parametrize("write", XML_FEEDS.values(), ids=XML_FEEDS)
def test_a_feed_is_as_new_as_its_newest_item(write):
    moment = read(write(a_feed())).feed.updated_parsed
    assert datetime(*moment[:6], tzinfo=UTC) == NOON


def test_the_moments_of_rss_are_written_as_rfc_822_demands():
    channel = etree.fromstring(rss(a_feed())).find("channel")
    assert channel.findtext("lastBuildDate") == "Thu, 19 Nov 2026 12:00:00 GMT"
    assert channel.findtext("item/pubDate") == "Thu, 19 Nov 2026 06:30:00 GMT"


def test_the_guid_of_rss_says_that_it_is_no_address():
    guid = etree.fromstring(rss(a_feed())).find("channel/item/guid")
    assert dict(guid.attrib) == {"isPermaLink": "false"}
    assert guid.text == "tag:example.org,2026:article/1"


@pytest.mark.parametrize("write", XML_FEEDS.values(), ids=XML_FEEDS)
@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_break_no_feed(write, words):
    item = an_item(headline=words, standfirst=words, html=words, authors=(words,), tags=(words,))
    feed = a_feed(title=words, description=words, items=(item,), site=a_site(publisher=words, licence=words))
    assert len(read(write(feed)).entries) == 1


def allowed_in_xml(words: str) -> str:
    return "".join(
        c for c in words if (c >= " " or c in "\t\n\r") and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"
    )


def assert_arrives_as_written(words: str) -> None:
    feed = a_feed(items=(an_item(html=words, headline=words),))
    item = etree.fromstring(rss(feed)).find("channel/item")
    entry = etree.fromstring(atom(feed)).find("{*}entry")
    # A parser reads every line end as "\n" (XML 1.0, 2.11).
    expected = allowed_in_xml(words).replace("\r\n", "\n").replace("\r", "\n")
    assert (item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded") or "") == expected
    assert (entry.findtext("{*}content") or "") == expected
    assert item.findtext("title") == entry.findtext("{*}title") == expected


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_arrives_as_written_but_for_forbidden_characters(words):
    assert_arrives_as_written(words)


@given(st.text(st.characters() | st.sampled_from("]>\x00&<\r\n\ud83d")))
@settings(max_examples=150, deadline=None)
def test_any_text_arrives_as_written_but_for_forbidden_characters(words):
    assert_arrives_as_written(words)


def test_a_standfirst_is_plain_text_also_for_readers_of_rss_that_expect_html():
    item = an_item(standfirst="Profits < costs & nobody <b>asks</b>")
    description = etree.fromstring(rss(a_feed(items=(item,)))).findtext("channel/item/description")
    assert description == "Profits &lt; costs &amp; nobody &lt;b&gt;asks&lt;/b&gt;"


def test_an_address_in_another_script_becomes_a_uri():
    item = an_item(url=f"{BASE}/fa/جامعه/", photo_url=f"{BASE}/media/سد.jpg")
    feed = a_feed(items=(item,), paths=("/fa/جامعه/feed.rss", "/a", "/b"))
    for document in (rss(feed), atom(feed), json_feed(feed)):
        assert "جامعه" not in document.decode()
        assert "/fa/%D8%AC%D8%A7%D9%85%D8%B9%D9%87/" in document.decode()


@pytest.mark.parametrize("write", XML_FEEDS.values(), ids=XML_FEEDS)
def test_an_empty_feed_is_valid_and_says_no_time_of_its_own(write):
    document = write(a_feed(items=(), updated=None))
    assert read(document).entries == []
    assert b"lastBuildDate" not in document
    assert document == write(a_feed(items=(), updated=None))


def test_an_item_without_a_photo_has_no_enclosure():
    feed = a_feed(items=(an_item(photo_url=None, photo_media_type="", photo_bytes=0),))
    assert b"enclosure" not in rss(feed)
    assert b"enclosure" not in atom(feed)
    assert "image" not in json.loads(json_feed(feed))["items"][0]


def test_a_feed_says_its_language():
    feed = a_feed(site=a_site(language=PERSIAN))
    assert read(rss(feed)).feed.language == "fa"
    assert etree.fromstring(atom(feed)).get("{http://www.w3.org/XML/1998/namespace}lang") == "fa"
    assert json.loads(json_feed(feed))["language"] == "fa"


def test_json_feed_holds_what_version_1_1_asks_for():
    feed = json.loads(json_feed(a_feed()))
    item = feed.pop("items")[0]
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Far Shore: Society",
        "home_page_url": f"{BASE}/society/",
        "feed_url": f"{BASE}/society/feed.json",
        "description": "How people live.",
        "language": "en",
        "authors": [{"name": "The Far Shore Foundation"}],
    }
    assert item == {
        "id": "tag:example.org,2026:article/1",
        "url": f"{BASE}/society/story-1/",
        "title": "Dam cracks after warnings",
        "summary": "Engineers wrote three letters.",
        "content_html": "<p>The first crack showed in <b>February</b>.</p>",
        "image": f"{BASE}/media/dam-1280.jpg",
        "date_published": "2026-11-19T06:30:00Z",
        "date_modified": "2026-11-19T12:00:00Z",
        "authors": [{"name": "Tomas Venn"}, {"name": "Ilse Marr"}],
        "tags": ["floods", "courts"],
    }


def test_an_item_without_its_text_says_its_standfirst_and_leads_to_the_page():
    feed = a_feed(items=(an_item(html=""),))
    for document in (rss(feed), atom(feed)):
        (entry,) = read(document).entries
        assert "content" not in entry
        assert entry.summary == "Engineers wrote three letters."
        assert entry.link == f"{BASE}/society/story-1/"
    (item,) = json.loads(json_feed(feed))["items"]
    assert "content_html" not in item
    assert item["content_text"] == "Engineers wrote three letters."


def test_an_item_of_json_feed_has_content_also_when_it_has_neither_text_nor_standfirst():
    feed = a_feed(items=(an_item(html="", standfirst=""),))
    assert json.loads(json_feed(feed))["items"][0]["content_text"] == "Dam cracks after warnings"
