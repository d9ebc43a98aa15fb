"""The JSON twin of an article: what a program finds in it."""

import json
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from stet.kit import canonical
from stet.theme import twin
from stet.theme.copy import (
    Audio,
    Byline,
    Correction,
    Document,
    Embed,
    FactBox,
    Gallery,
    Known,
    Link,
    Note,
    PhotoBlock,
    PullQuote,
    Quotation,
    Subhead,
    Table,
    Text,
    Timeline,
    TimelineEntry,
    Translation,
    UpdateNote,
)
from stet.theme.twin import FIELDS, article_twin
from tests.theme.builders import a_claim_note, a_live
from tests.theme.machine_builders import BASE, NOON, RUSSIAN, a_photo, an_article

PRINTED_PHOTO = {
    "alt": "A crack in a concrete wall",
    "credit": "Nina Solberg",
    "caption_html": f'The dam at Tolv. <a href="{BASE}/topics/vel-dam/">More</a>',
    "width": 1280,
    "height": 853,
    "colour": "#888888",
    "files": [
        {"url": f"{BASE}/media/dam-{width}.{end}", "media_type": type_, "width": width, "height": height, "bytes": 9}
        for end, type_ in (("avif", "image/avif"), ("jpg", "image/jpeg"))
        for width, height in ((640, 427), (1280, 853))
    ],
}
ARTICLE_LINK = Link(label="Trial", path="/trial/")

BLOCKS = {
    "text": (
        Text(html='<p>See <a href="/a/">this</a> and <a href="https://example.com/b">that</a>.</p>'),
        {"html": f'<p>See <a href="{BASE}/a/">this</a> and <a href="https://example.com/b">that</a>.</p>'},
    ),
    "subhead": (
        Subhead(text="The letters", level=2, anchor="the-letters"),
        {"text": "The letters", "level": 2, "anchor": "the-letters"},
    ),
    "photo": (PhotoBlock(photo=a_photo(), size="wide"), {"photo": PRINTED_PHOTO, "size": "wide"}),
    "gallery": (Gallery(title="The flood", photos=(a_photo(),)), {"title": "The flood", "photos": [PRINTED_PHOTO]}),
    "pull_quote": (PullQuote(text="Nobody asked."), {"text": "Nobody asked."}),
    "quotation": (
        Quotation(text_html="<p>No.</p>", attribution="Pavel Dorn", source_url="https://example.com/x"),
        {"text_html": "<p>No.</p>", "attribution": "Pavel Dorn", "source_url": "https://example.com/x"},
    ),
    "table": (
        Table(caption="Prices", head=("", "2025"), rows=(("Bread", ""),)),
        {"caption": "Prices", "head": ["", "2025"], "rows": [["Bread", ""]], "first_column_is_head": False},
    ),
    "fact_box": (FactBox(title="Facts", html="<p>1</p>"), {"title": "Facts", "html": "<p>1</p>"}),
    "timeline": (
        Timeline(
            title="The dam",
            entries=(
                TimelineEntry(when="In spring", date=None, title="Letters", html=""),
                TimelineEntry(
                    when="2 Feb", date=date(2025, 2, 2), title="Crack", html="<p>!</p>", article=ARTICLE_LINK
                ),
            ),
        ),
        {
            "title": "The dam",
            "entries": [
                {"when": "In spring", "title": "Letters"},
                {
                    "when": "2 Feb",
                    "date": "2025-02-02",
                    "title": "Crack",
                    "html": "<p>!</p>",
                    "article": {"label": "Trial", "url": f"{BASE}/trial/"},
                },
            ],
        },
    ),
    "embed": (
        Embed(target_url="https://example.com/v", site="Video", title="The wall", photo=a_photo()),
        {"target_url": "https://example.com/v", "site": "Video", "title": "The wall", "photo": PRINTED_PHOTO},
    ),
    "document": (
        Document(title="Letter", path="/documents/letter.pdf", media_type="application/pdf", size_bytes=0),
        {"title": "Letter", "url": f"{BASE}/documents/letter.pdf", "media_type": "application/pdf", "size_bytes": 0},
    ),
    "audio": (
        Audio(title="Call", path="/a.mp3", media_type="audio/mpeg", size_bytes=5, transcript_html="<p>Hello</p>"),
        {
            "title": "Call",
            "url": f"{BASE}/a.mp3",
            "media_type": "audio/mpeg",
            "size_bytes": 5,
            "transcript_html": "<p>Hello</p>",
        },
    ),
    "note": (Note(html="<p>Names were changed.</p>"), {"html": "<p>Names were changed.</p>"}),
    "known": (
        Known(title="", known=("<p>It broke.</p>",), unknown=("<p>Why.</p>",)),
        {"known": ["<p>It broke.</p>"], "unknown": ["<p>Why.</p>"]},
    ),
}


def full_article():
    return an_article(
        updated=NOON,
        parts=(Link(label="1", path="/society/dam-cracks/"), Link(label="2", path="/society/dam-cracks/2/")),
        bylines=(
            Byline(name="Tomas Venn", path="/people/tomas-venn/"),
            Byline(name="Nina Solberg", kind="pen_name", role="photos"),
        ),
        corrections=(Correction(date=date(2026, 11, 20), text_html='<a href="/a/">Tolv</a>'),),
        updates=(UpdateNote(date=date(2026, 11, 21), text_html='<a href="/b/">Sereny</a>'),),
        translations=(Translation(language=RUSSIAN, path="/ru/damba/", headline="Дамба"),),
        original=Link(label="Der Damm", path="/de/damm/"),
        is_behind_original=True,
        source="The Hill Post",
        source_url="https://example.com/first",
        licence="CC BY 4.0",
    )


def read(document: bytes) -> dict:
    return json.loads(document)


@pytest.mark.parametrize(("block", "fields"), BLOCKS.values(), ids=BLOCKS)
def test_a_block_stands_as_values_with_absolute_addresses(block, fields):
    kind = next(name for name, case in BLOCKS.items() if case[0] is block)
    assert read(article_twin(an_article(), [block]))["body"] == [{"kind": kind} | fields]


def test_every_kind_of_block_of_the_contract_is_proven_above():
    assert {type(block) for block, _ in BLOCKS.values()} == set(twin.Block.__args__)


def test_a_full_article_says_everything_the_format_names():
    live = a_live(path="/society/dam-cracks/")
    article = replace(full_article(), claims_path="/society/dam-cracks/claims.jsonld", live=live)
    found = read(article_twin(article, article.body, [a_claim_note()], live.entries[:1]))
    body, photo = found.pop("body"), found.pop("photo")
    assert set(found) | {"body", "photo"} == set(FIELDS)
    assert body == [{"kind": "text", "html": f'<p>See <a href="{BASE}/about/">us</a>.</p>'}]
    assert photo == PRINTED_PHOTO
    assert found == {
        "format": "stet-article",
        "version": 1,
        "id": 12,
        "revision": "12.3",
        "url": f"{BASE}/society/dam-cracks/",
        "parts": [f"{BASE}/society/dam-cracks/", f"{BASE}/society/dam-cracks/2/"],
        "paper": {"name": "The Far Shore", "url": f"{BASE}/", "publisher": "The Far Shore Foundation"},
        "language": "en",
        "direction": "ltr",
        "kind": "news",
        "headline": "Dam cracks after warnings",
        "short_headline": "Dam cracks",
        "standfirst": "Engineers wrote three letters.",
        "section": {"label": "Society", "url": f"{BASE}/society/"},
        "bylines": [
            {"name": "Tomas Venn", "kind": "name", "url": f"{BASE}/people/tomas-venn/"},
            {"name": "Nina Solberg", "kind": "pen_name", "role": "photos"},
        ],
        "dateline": "Tolv",
        "published": "2026-11-19T06:30:00Z",
        "updated": "2026-11-19T12:00:00Z",
        "modified": "2026-11-19T12:00:00Z",
        "word_count": 912,
        "reading_minutes": 4,
        "tags": [{"label": "floods", "url": f"{BASE}/tags/floods/"}],
        "topics": [{"label": "The Vel dam", "url": f"{BASE}/topics/vel-dam/"}],
        "corrections": [{"date": "2026-11-20", "text_html": f'<a href="{BASE}/a/">Tolv</a>'}],
        "updates": [{"date": "2026-11-21", "text_html": f'<a href="{BASE}/b/">Sereny</a>'}],
        "translations": [{"language": "ru", "headline": "Дамба", "url": f"{BASE}/ru/damba/"}],
        "original": {"label": "Der Damm", "url": f"{BASE}/de/damm/"},
        "is_behind_original": True,
        "source": "The Hill Post",
        "source_url": "https://example.com/first",
        "licence": "CC BY 4.0",
        "live": {
            "started": "2026-11-19T12:00:00Z",
            "entries": [
                {
                    "number": 4,
                    "url": f"{BASE}/society/dam-cracks/live/1/#e4",
                    "posted": "2026-11-19T12:28:00Z",
                    "headline": live.entries[0].headline,
                    "text_html": live.entries[0].text_html,
                }
            ],
        },
        "claims": [
            {
                "number": 1,
                "id": "0b9c1c52-0000-4000-8000-000000000001",
                "claim": "He had the keys to the gate. Nobody gave him the keys to the water.",
                "status": "denied",
                "status_day": "2026-11-21",
                "stands": True,
            }
        ],
        "claims_url": f"{BASE}/society/dam-cracks/claims.jsonld",
        "info_sources": [
            {"name": "Lida Orsova", "role": "Harsk correspondent", "uri": f"{BASE}/sources/p0/"},
            {"literal": "Tomas Venn"},
        ],
    }


def test_what_there_is_none_of_is_absent():
    bare = an_article(photo=None, section=None, dateline="", tags=(), topics=())
    found = read(article_twin(bare, []))
    assert {"photo", "section", "dateline", "tags", "topics", "parts", "updated", "original", "body"}.isdisjoint(found)
    assert None not in found.values()


def test_the_bytes_are_canonical():
    document = article_twin(full_article(), [block for block, _ in BLOCKS.values()])
    assert canonical.write(read(document)) == document


def test_no_embedded_image_travels_in_a_twin():
    blocks = [PhotoBlock(photo=a_photo()), Gallery(title="", photos=(a_photo(),))]
    assert b"data:" not in article_twin(an_article(), blocks)


def test_the_twin_of_any_part_is_the_twin_of_the_whole():
    whole = [block for block, _ in BLOCKS.values()]
    parts = (Link(label="1", path="/a/"), Link(label="2", path="/a/2/"))
    first = an_article(path="/a/", parts=parts, part=1, body=tuple(whole[:3]))
    second = an_article(path="/a/2/", parts=parts, part=2, body=tuple(whole[3:]))
    assert article_twin(first, whole) == article_twin(second, whole)


def test_hostile_words_stay_words():
    words = '"}],"format":"x" \x00\u2028 </script> \\ <b>'
    found = read(article_twin(an_article(headline=words), [PullQuote(text=words)]))
    assert found["headline"] == found["body"][0]["text"] == words


def test_the_reference_page_names_every_field_and_every_kind_of_block():
    page = (Path(__file__).parents[2] / "docs/reference/article-twin.md").read_text()
    rows = [f"| `{name}` | {meaning} |" for name, meaning in FIELDS.items()]
    kinds = [f"| `{block.__struct_config__.tag}` | " for block in twin.Block.__args__]
    assert [row for row in rows + kinds if row not in page] == []
