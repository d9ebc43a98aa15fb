"""What a page says about itself to search engines and archives, in schema.org's words.

The rules:
 * One JSON-LD graph a page; a page that is not to be found (an old address, a withdrawn article) has none.
 * The paper is one node, `#paper`, the same in every language; other nodes point to it.
 * What the page's own markup says already and nobody asks for here is left out: it travels in the page's 9,000 bytes.
 * Addresses are absolute. The text is safe as the content of a <script> element.
"""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import msgspec

from stet.kit.clock import write_moment
from stet.theme.addresses import absolute
from stet.theme.copy import (
    Archive,
    ArchivePage,
    Article,
    Byline,
    Corrections,
    Front,
    Link,
    Listing,
    Live,
    LiveEntry,
    LivePart,
    Month,
    Page,
    Person,
    Photo,
    Question,
    Questions,
    Site,
    SourcePage,
    StaticPage,
    Topic,
)

Node = dict[str, Any]

HEADLINE_CHARACTERS = 110
"""The longest headline that search engines take whole (Google's Article guidelines until 2023; still cut there)."""

TYPE_BY_KIND = {
    "news": "NewsArticle",
    "feature": "ReportageNewsArticle",
    "analysis": "AnalysisNewsArticle",
    "opinion": "OpinionNewsArticle",
    "interview": "NewsArticle",
    "explainer": "BackgroundNewsArticle",
    "live": "NewsArticle",
}
"""schema.org's type of each kind. A LiveBlogPosting holds its updates one by one: coverage, never a text."""

_TAG = re.compile(r"<[^>]*>")
_BLANKS = re.compile(r"\s+")
_UNSAFE_IN_SCRIPT = tuple((character, f"\\u{ord(character):04x}") for character in "<>&\u2028\u2029")


def json_ld(page: Page) -> str:
    """The page's JSON-LD, ready to stand inside <script type="application/ld+json">; "" where there is none."""
    describe = _DESCRIBE_BY_TYPE.get(type(page))
    if describe is None or not page.is_indexable:
        return ""
    nodes = [*describe(page), *_breadcrumbs(page)]
    text = msgspec.json.encode({"@context": "https://schema.org", "@graph": nodes}).decode()
    for character, escaped in _UNSAFE_IN_SCRIPT:  # Five replacements are many times faster than one translation.
        text = text.replace(character, escaped)
    return text


# --- Articles ---


def _article(page: Article) -> list[Node]:
    writers = [_author(page.site, byline) for byline in page.bylines if not byline.role]
    helpers = [_author(page.site, byline) for byline in page.bylines if byline.role]
    return [
        _present(
            {
                "@type": "LiveBlogPosting" if page.live else TYPE_BY_KIND.get(page.kind, "NewsArticle"),
                "mainEntityOfPage": _address(page),
                "headline": shortened(page.headline),
                "alternativeHeadline": page.short_headline if page.short_headline != page.headline else "",
                "description": page.standfirst,
                "image": _image(page.site, page.photo),
                "author": _one_or_more(writers or helpers),
                "contributor": _one_or_more(helpers if writers else []),
                "dateline": page.dateline,
                "datePublished": write_moment(page.published),
                "dateModified": write_moment(page.modified),
                "articleSection": page.section.label if page.section else "",
                "inLanguage": page.site.language.code,
                "isAccessibleForFree": True,
                "wordCount": page.word_count,
                "isPartOf": _whole(page),
                "isBasedOn": page.source_url,
                "correction": _one_or_more([_correction(c.date.isoformat(), c.text_html) for c in page.corrections]),
                **_translations(page),
                **(_coverage(page.site, page.live) if page.live else {}),
                "publisher": _paper(page.site),
            }
        )
    ]


def _live_part(page: LivePart) -> list[Node]:
    whole = {"@type": "LiveBlogPosting", "url": absolute(page.site.base_url, page.article.path)}
    return [
        _web_page(page, "LiveBlogPosting")
        | {"headline": shortened(page.article.label), "isPartOf": whole, **_coverage(page.site, page.live)}
    ]


def _coverage(site: Site, live: Live) -> Node:
    """Its times, and the entries of the page one by one."""
    return _present(
        {
            "coverageStartTime": write_moment(live.started),
            "coverageEndTime": write_moment(live.ended) if live.ended else "",
            "liveBlogUpdate": [_update(site, entry) for entry in live.entries],
        }
    )


def _update(site: Site, entry: LiveEntry) -> Node:
    correction = entry.corrected and _correction(entry.corrected.isoformat(), entry.correction)
    return _present(
        {
            "@type": "BlogPosting",
            "url": absolute(site.base_url, entry.path),
            "headline": shortened(entry.headline),
            "datePublished": write_moment(entry.posted),
            "articleBody": plain(entry.text_html),
            "correction": correction,
        }
    )


def _author(site: Site, byline: Byline) -> Node:
    if byline.kind == "withheld":
        return {"@type": "Organization", "@id": _paper_id(site), "name": site.name}
    return _present(
        {
            "@type": "Person",
            "name": byline.name,
            "url": absolute(site.base_url, byline.path) if byline.path else "",
        }
    )


def _correction(day: str, text_html: str) -> Node:
    return {"@type": "CorrectionComment", "datePublished": day, "text": plain(text_html)}


def _whole(page: Article) -> Node:
    """What the article is part of: the site, or for a later part of a long read the article itself."""
    if page.part > 1 and page.parts:
        return {"@type": "NewsArticle", "url": absolute(page.site.base_url, page.parts[0].path)}
    return {"@type": "WebSite", "@id": _site_id(page.site), "name": page.site.name}


def _translations(page: Article) -> Node:
    """The original of a translation, or the translations of an original; one translation is none of another."""
    base = page.site.base_url
    if page.original:
        return {"translationOfWork": {"@type": "NewsArticle", "url": absolute(base, page.original.path)}}
    others = [
        {"@type": "NewsArticle", "inLanguage": other.language.code, "url": absolute(base, other.path)}
        for other in page.translations
        if other.language.code != page.site.language.code
    ]
    return {"workTranslation": _one_or_more(others)}


# --- The paper ---


def _front(page: Front) -> list[Node]:
    site = page.site
    paper = _paper(site) | _present(
        {
            "legalName": site.publisher if site.publisher != site.name else "",
            "description": site.description,
            "logo": _image(site, site.logo),
            "email": site.contact_email,
        }
    )
    website = {
        "@type": "WebSite",
        "@id": _site_id(site),
        "url": _front_url(site),
        "name": site.name,
        "alternateName": site.tagline,
        "inLanguage": site.language.code,
        "publisher": {"@id": _paper_id(site)},
    }
    return [paper, _present(website)]


def _paper(site: Site) -> Node:
    principles, policy = site.principles_path, site.corrections_policy_path
    return _present(
        {
            "@type": "NewsMediaOrganization",
            "@id": _paper_id(site),
            "name": site.name,
            "url": _front_url(site),
            "publishingPrinciples": absolute(site.base_url, principles) if principles else "",
            "correctionsPolicy": absolute(site.base_url, policy) if policy else "",
        }
    )


def _paper_id(site: Site) -> str:
    return absolute(site.base_url, "/#paper")


def _site_id(site: Site) -> str:
    return _front_url(site) + "#site"


def _front_url(site: Site) -> str:
    return absolute(site.base_url, site.language.front_path)


# --- Other pages ---


def _collection(page: Page) -> list[Node]:
    return [_web_page(page, "CollectionPage")]


def _static_page(page: Page) -> list[Node]:
    return [_web_page(page, "WebPage")]


def _profile(page: Person) -> list[Node]:
    person = {
        "@type": "Person",
        "name": page.name,
        "url": _address(page),
        "jobTitle": page.role,
        "image": _image(page.site, page.photo),
        "worksFor": {"@id": _paper_id(page.site)},
    }
    return [_web_page(page, "ProfilePage") | {"mainEntity": _present(person)}, _paper(page.site)]


def _web_page(page: Page, kind: str) -> Node:
    return _present(
        {
            "@type": kind,
            "url": _address(page),
            "name": page.title,
            "description": page.description,
            "inLanguage": page.site.language.code,
            "isPartOf": {"@type": "WebSite", "@id": _site_id(page.site), "name": page.site.name},
        }
    )


def _breadcrumbs(page: Page) -> list[Node]:
    if not page.breadcrumbs:
        return []
    items = [_breadcrumb(page.site, number, link) for number, link in enumerate(page.breadcrumbs, start=1)]
    return [{"@type": "BreadcrumbList", "itemListElement": items}]


def _breadcrumb(site: Site, number: int, link: Link) -> Node:
    return {
        "@type": "ListItem",
        "position": number,
        "name": link.label,
        "item": absolute(site.base_url, link.path),
    }


_DESCRIBE_BY_TYPE: dict[type[Page], Callable[[Any], list[Node]]] = {
    Article: _article,
    Front: _front,
    Listing: _collection,
    ArchivePage: _collection,
    Topic: _collection,
    Month: _collection,
    Archive: _collection,
    Corrections: _collection,
    Person: _profile,
    StaticPage: _static_page,
    LivePart: _live_part,
    Question: _collection,
    Questions: _collection,
    SourcePage: _collection,
}
"""Pages not named here (a missing page, a withdrawn one, an old address) say nothing."""


# --- Words and values ---


def shortened(headline: str, characters: int = HEADLINE_CHARACTERS) -> str:
    """The headline, cut before a word and closed with "…" where it is longer.

    >>> shortened("Dam cracks after warnings", 14)
    'Dam cracks…'
    """
    if len(headline) <= characters:
        return headline
    cut = headline[:characters]
    return (cut.rpartition(" ")[0] or cut[:-1]).rstrip(" ,;:–—") + "…"


def plain(html: str) -> str:
    """The words of clean HTML on one line.

    >>> plain("<p>The <b>R&amp;D</b> budget</p>")
    'The R&D budget'
    """
    return _BLANKS.sub(" ", unescape(_TAG.sub("", html.replace("</p>", " ").replace("<br>", " ")))).strip()


def _address(page: Page) -> str:
    return absolute(page.site.base_url, page.path)


def _image(site: Site, photo: Photo | None) -> str:
    file = photo.largest_jpeg if photo else None
    return absolute(site.base_url, file.path) if file else ""


def _one_or_more(nodes: list[Node]) -> Node | list[Node]:
    """The node alone where it is alone: it means the same and is shorter."""
    return nodes[0] if len(nodes) == 1 else nodes


def _present(fields: Node) -> Node:
    return {name: value for name, value in fields.items() if value}
