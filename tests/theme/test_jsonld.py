"""JSON-LD: what each page says about itself in schema.org's words."""

import json
from datetime import date
from typing import Any

import pytest

from stet.theme.copy import (
    KINDS,
    Byline,
    Correction,
    Front,
    Link,
    Listing,
    NotFound,
    Page,
    Person,
    Redirect,
    StaticPage,
    Translation,
)
from stet.theme.jsonld import HEADLINE_CHARACTERS, TYPE_BY_KIND, json_ld, shortened
from tests.theme.machine_builders import BASE, PERSIAN, RUSSIAN, a_photo, a_site, an_article

PAPER = f"{BASE}/#paper"
WITHHELD = Byline(name="Byline withheld", kind="withheld")
VENN = Byline(name="Tomas Venn", path="/people/tomas-venn/")
SOLBERG = Byline(name="Nina Solberg", path="/people/nina-solberg/", role="photos")


def graph(page: Page) -> list[dict[str, Any]]:
    document = json.loads(json_ld(page))
    assert document["@context"] == "https://schema.org"
    return document["@graph"]


def of_article(**changes: Any) -> dict[str, Any]:
    return graph(an_article(**changes))[0]


def a_front(**changes: Any) -> Front:
    fields = {"site": a_site(), "path": "/", "title": "The Far Shore", "lead": None, "seconds": (), "latest": ()}
    return Front(**fields | {"by_section": (), "topics": ()} | changes)


def test_an_article_says_who_what_where_and_when():
    node = of_article()
    assert node == {
        "@type": "NewsArticle",
        "mainEntityOfPage": f"{BASE}/society/dam-cracks/",
        "headline": "Dam cracks after warnings",
        "alternativeHeadline": "Dam cracks",
        "description": "Engineers wrote three letters.",
        "image": f"{BASE}/media/dam-1280.jpg",
        "author": {"@type": "Person", "name": "Tomas Venn", "url": f"{BASE}/people/tomas-venn/"},
        "dateline": "Tolv",
        "datePublished": "2026-11-19T06:30:00Z",
        "dateModified": "2026-11-19T12:00:00Z",
        "articleSection": "Society",
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "wordCount": 912,
        "isPartOf": {"@type": "WebSite", "@id": f"{BASE}/#site", "name": "The Far Shore"},
        "publisher": {
            "@type": "NewsMediaOrganization",
            "@id": PAPER,
            "name": "The Far Shore",
            "url": f"{BASE}/",
            "publishingPrinciples": f"{BASE}/about/principles/",
            "correctionsPolicy": f"{BASE}/about/corrections/",
        },
    }


def test_every_kind_has_a_type_of_news_article():
    assert set(TYPE_BY_KIND) == set(KINDS)
    assert {of_article(kind=kind)["@type"] for kind in KINDS} == {
        "NewsArticle",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "OpinionNewsArticle",
        "BackgroundNewsArticle",
    }


def test_a_withheld_byline_is_the_paper_and_names_nobody():
    node = of_article(bylines=(WITHHELD,))
    assert node["author"] == {"@type": "Organization", "@id": PAPER, "name": "The Far Shore"}
    assert "withheld" not in json.dumps(node)


def test_who_took_the_photos_is_a_contributor_beside_who_wrote():
    node = of_article(bylines=(VENN, SOLBERG))
    assert node["author"]["name"] == "Tomas Venn"
    assert node["contributor"]["name"] == "Nina Solberg"


def test_where_nobody_wrote_the_others_are_the_authors():
    node = of_article(bylines=(SOLBERG,))
    assert node["author"]["name"] == "Nina Solberg"
    assert "contributor" not in node


def test_corrections_stand_in_order_as_plain_text():
    first = Correction(date=date(2026, 11, 20), text_html='<p>It was <a href="/a/">Tolv</a> &amp; Harsk.</p>')
    second = Correction(date=date(2026, 11, 21), text_html="Once<br>more.")
    assert of_article(corrections=(first, second))["correction"] == [
        {"@type": "CorrectionComment", "datePublished": "2026-11-20", "text": "It was Tolv & Harsk."},
        {"@type": "CorrectionComment", "datePublished": "2026-11-21", "text": "Once more."},
    ]


def test_an_original_names_its_translations():
    others = (
        Translation(language=a_site().language, path="/society/dam-cracks/", headline="Dam cracks"),
        Translation(language=RUSSIAN, path="/ru/obshchestvo/damba/", headline="Дамба"),
    )
    node = of_article(translations=others)
    assert node["workTranslation"] == {
        "@type": "NewsArticle",
        "inLanguage": "ru",
        "url": f"{BASE}/ru/obshchestvo/damba/",
    }
    assert "translationOfWork" not in node


def test_a_translation_names_its_original_and_no_sisters():
    others = (Translation(language=PERSIAN, path="/fa/a/", headline="سد"),)
    node = of_article(original=Link(label="Dam", path="/a/"), translations=others, site=a_site(language=RUSSIAN))
    assert node["translationOfWork"] == {"@type": "NewsArticle", "url": f"{BASE}/a/"}
    assert "workTranslation" not in node


def test_a_later_part_of_a_long_read_is_part_of_the_article():
    parts = (Link(label="1", path="/a/"), Link(label="2", path="/a/2/"))
    node = of_article(part=2, parts=parts, path="/a/2/")
    assert node["mainEntityOfPage"] == f"{BASE}/a/2/"
    assert node["isPartOf"] == {"@type": "NewsArticle", "url": f"{BASE}/a/"}


def test_a_republished_article_names_where_it_comes_from():
    assert of_article(source_url="https://example.com/first")["isBasedOn"] == "https://example.com/first"


def test_what_there_is_none_of_is_left_out():
    node = of_article(photo=None, dateline="", section=None, standfirst="", short_headline="Dam cracks after warnings")
    assert {"image", "dateline", "articleSection", "description", "alternativeHeadline"}.isdisjoint(node)
    assert "" not in node.values()


HEADLINES = {
    "a headline that fits stays": ("w" * 110, "w" * 110),
    "a long one is cut before a word": ("word " * 30, "word " * 21 + "word…"),
    "a long one without spaces is cut at the limit": ("و" * 200, "و" * 109 + "…"),
    "no comma stands before the cut": ("a" * 100 + ", " + "b" * 50, "a" * 100 + "…"),
}


@pytest.mark.parametrize(("headline", "expected"), HEADLINES.values(), ids=HEADLINES)
def test_a_headline_is_no_longer_than_search_engines_take(headline, expected):
    assert shortened(headline) == expected.strip()
    assert len(shortened(headline)) <= HEADLINE_CHARACTERS


def test_breadcrumbs_lead_from_the_front_to_the_parent():
    assert graph(an_article())[1] == {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "The Far Shore", "item": f"{BASE}/"},
            {"@type": "ListItem", "position": 2, "name": "Society", "item": f"{BASE}/society/"},
        ],
    }


def test_the_front_says_what_the_paper_is_and_how_it_works():
    paper, website = graph(a_front(site=a_site(logo=a_photo("logo"), contact_email="desk@example.org")))
    assert paper == {
        "@type": "NewsMediaOrganization",
        "@id": PAPER,
        "name": "The Far Shore",
        "legalName": "The Far Shore Foundation",
        "url": f"{BASE}/",
        "description": "An independent newsroom.",
        "logo": f"{BASE}/media/logo-1280.jpg",
        "email": "desk@example.org",
        "publishingPrinciples": f"{BASE}/about/principles/",
        "correctionsPolicy": f"{BASE}/about/corrections/",
    }
    assert website["@type"] == "WebSite"
    assert website["publisher"] == {"@id": PAPER}


def test_the_paper_is_one_node_in_every_language():
    english, russian = graph(a_front()), graph(a_front(site=a_site(language=RUSSIAN), path="/ru/"))
    assert english[0]["@id"] == russian[0]["@id"] == PAPER
    assert (english[1]["@id"], russian[1]["@id"]) == (f"{BASE}/#site", f"{BASE}/ru/#site")


def test_a_persons_page_is_a_profile_of_somebody_who_works_for_the_paper():
    page = Person(
        site=a_site(), path="/people/tomas-venn/", title="Tomas Venn", name="Tomas Venn", kind="name",
        role="Investigations editor", bio_html="<p>Bio</p>", photo=None, contact="", teasers=(), older=None,
    )  # fmt: skip
    profile, paper = graph(page)
    assert profile["@type"] == "ProfilePage"
    assert profile["mainEntity"] == {
        "@type": "Person",
        "name": "Tomas Venn",
        "url": f"{BASE}/people/tomas-venn/",
        "jobTitle": "Investigations editor",
        "worksFor": {"@id": PAPER},
    }
    assert paper["@id"] == PAPER


def test_a_section_is_a_collection_and_an_about_page_a_web_page():
    section = Listing(
        site=a_site(), path="/society/", title="Society", kind="section", heading="Society", intro_html="",
        lead=None, teasers=(), older=None,
    )  # fmt: skip
    about = StaticPage(site=a_site(), path="/about/", title="About", heading="About", body=())
    assert [node["@type"] for node in graph(section)] == ["CollectionPage"]
    assert [node["@type"] for node in graph(about)] == ["WebPage"]


SILENT = {
    "a missing page": NotFound(site=a_site(), path="/404.html", title="Not found"),
    "an old address": Redirect(site=a_site(), path="/old/", title="Moved", target="/new/"),
    "a page that is not to be found": an_article(is_indexable=False),
}


@pytest.mark.parametrize("page", SILENT.values(), ids=SILENT)
def test_some_pages_say_nothing(page):
    assert json_ld(page) == ""


def test_no_word_can_leave_the_script_element():
    words = "</script><!-- <script>alert(1)</script> & \u2028 \u2029 \x00 \"'"
    page = an_article(headline=words, standfirst=words, bylines=(Byline(name=words),))
    text = json_ld(page)
    assert not set(text) & set("<>&\u2028\u2029\x00")
    assert json.loads(text)["@graph"][0]["description"] == words


def test_every_address_is_absolute_and_in_the_alphabet_of_uris():
    text = json_ld(an_article(path="/fa/جامعه/سد/", site=a_site(language=PERSIAN)))
    node = json.loads(text)["@graph"][0]
    assert node["mainEntityOfPage"] == f"{BASE}/fa/%D8%AC%D8%A7%D9%85%D8%B9%D9%87/%D8%B3%D8%AF/"
    assert '"/' not in text


def test_it_is_written_without_blanks():
    text = json_ld(an_article())
    assert text == json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
