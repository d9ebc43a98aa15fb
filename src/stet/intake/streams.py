"""Blocks of an archive become the values that Wagtail stores: stream data and rich text.

The rules:
 * The same record gives the same values, block ids included.
 * A link to a record that is not placed is taken out; the words around it stay.

Nothing here touches disk, network, clock or database.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from stet.intake import records
from stet.intake.names import Names
from stet.intake.web_addresses import site_name
from stet.newsroom.blocks import LONGEST_LINE

_RECORD_ANCHOR = re.compile(rf'<a href="{records.RECORD_LINK}([^"]*)">(.*?)</a>', re.DOTALL)

StreamData = list[dict[str, Any]]


def rich_text(html: str, names: Names) -> str:
    """Clean HTML as Wagtail stores it, with links to pages by their key."""

    def anchor(match: re.Match[str]) -> str:
        key = names.page(unescape(match[1]))
        return match[2] if key is None else f'<a linktype="page" id="{key}">{match[2]}</a>'

    return _RECORD_ANCHOR.sub(anchor, html)


def stream(blocks: tuple[records.Block, ...], names: Names, *, seed: str) -> StreamData:
    """A body as stream data; `seed` makes the blocks' ids."""
    data: StreamData = []
    for block in blocks:
        for kind, value in _values(block, names):
            data.append({"type": kind, "value": value, "id": _id(seed, str(len(data)))})
    return data


def key_facts(facts: tuple[str, ...], names: Names, *, seed: str) -> StreamData:
    """A topic's key facts."""
    return [
        {"type": "fact", "value": rich_text(fact, names), "id": _id(seed, f"fact {place}")}
        for place, fact in enumerate(facts)
    ]


def topic_timeline(entries: tuple[records.TimelineEntry, ...], names: Names, *, seed: str) -> StreamData:
    """A topic's timeline."""
    return [
        {"type": "moment", "value": _moment(entry, names), "id": _id(seed, f"moment {place}")}
        for place, entry in enumerate(entries)
    ]


def _id(seed: str, place: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"stet:block:{seed}:{place}"))


def _items(values: list[Any]) -> StreamData:
    seed = repr(values)
    return [{"type": "item", "value": value, "id": _id(seed, str(place))} for place, value in enumerate(values)]


def _values(block: records.Block, names: Names) -> Iterator[tuple[str, Any]]:
    """The stored values of one block; none where nothing of it is left."""
    match block:
        case records.Text(html=html):
            yield "text", rich_text(html, names)
        case records.Note(html=html):
            yield "note", rich_text(html, names)
        case records.Known(title=title, known=known, unknown=unknown):
            lists = {"known": known, "unknown": unknown}
            texts = {name: _items([rich_text(html, names) for html in items]) for name, items in lists.items()}
            yield "known", {"title": names.fit(title, LONGEST_LINE, "a title"), **texts}
        case records.Subhead(text=text, level=level):
            yield "subhead", {"text": names.fit(text, LONGEST_LINE, "a subhead"), "level": str(level)}
        case records.Photo():
            yield from _photo(block, names)
        case records.Gallery():
            yield from _gallery(block, names)
        case records.File():
            yield from _file(block, names)
        case records.Table():
            yield "table", _table(block, names)
        case records.Timeline(title=title, entries=entries):
            yield "timeline", {"title": title, "entries": _items([_moment(entry, names) for entry in entries])}
        case records.Embed():
            yield "embed", _embed(block, names)
        case records.PullQuote(text=text, attribution=attribution):
            yield (
                "pull_quote",
                {
                    "text": names.fit(text, 1000, "a pull quote"),
                    "attribution": names.fit(attribution, LONGEST_LINE, "an attribution"),
                },
            )
        case records.Quotation(html=html, attribution=attribution, source_url=url):
            attribution = names.fit(attribution, LONGEST_LINE, "an attribution")
            yield "quotation", {"text": rich_text(html, names), "attribution": attribution, "source_url": url}
        case records.FactBox(title=title, html=html):
            title = names.fit(title, LONGEST_LINE, "a title")
            yield "fact_box", {"title": title, "text": rich_text(html, names)}


def _photo(block: records.Photo, names: Names) -> Iterator[tuple[str, Any]]:
    key = names.file(block.media)
    if key is not None:
        yield "photo", {"photo": key, "size": block.size} | photo_words(block.media, block.caption, names)


def photo_words(media: str, caption: str, names: Names) -> dict[str, str]:
    """Alt text and caption of a photo in its place: only what differs from the photo's own."""
    spoken = names.in_language(media)
    caption_html = caption or (escape(spoken.caption, quote=False) if spoken else "")
    return {"alt": spoken.alt if spoken else "", "caption": rich_text(caption_html, names)}


def _gallery(block: records.Gallery, names: Names) -> Iterator[tuple[str, Any]]:
    photos = [
        {"photo": key} | photo_words(photo.media, photo.caption, names)
        for photo in block.photos
        if (key := names.file(photo.media)) is not None
    ]
    if photos:
        yield "gallery", {"title": names.fit(block.title, LONGEST_LINE, "a title"), "photos": _items(photos)}


def _file(block: records.File, names: Names) -> Iterator[tuple[str, Any]]:
    key = names.file(block.media)
    if key is None:
        return
    title = names.fit(block.title, LONGEST_LINE, "a title")
    if block.use == "document":
        yield "document", {"document": key, "title": title}
    else:
        yield "audio", {"document": key, "title": title, "duration_seconds": None, "transcript": ""}


def _table(block: records.Table, names: Names) -> dict[str, Any]:
    has_head = bool(block.head)
    choice = {(True, True): "both", (True, False): "row", (False, True): "column", (False, False): "neither"}
    return {
        "table": {
            "data": [list(row) for row in ((block.head, *block.rows) if has_head else block.rows)],
            "cell": [],
            "mergeCells": [],
            "first_row_is_table_header": has_head,
            "first_col_is_header": block.first_column_is_head,
            "table_header_choice": choice[has_head, block.first_column_is_head],
            "table_caption": "",
        },
        "caption": names.fit(block.caption, LONGEST_LINE, "a caption"),
        "source": names.fit(block.source, LONGEST_LINE, "a source"),
    }


def _moment(entry: records.TimelineEntry, names: Names) -> dict[str, Any]:
    return {
        "when": names.fit(entry.when, 100, "a moment's time"),
        "date": entry.date.isoformat() if entry.date else None,
        "title": names.fit(entry.title, LONGEST_LINE, "a title"),
        "text": rich_text(entry.html, names),
        "article": names.page(entry.article) if entry.article else None,
    }


def _embed(block: records.Embed, names: Names) -> dict[str, Any]:
    host = site_name(block.url)
    return {
        "url": block.url,
        "site": names.fit(block.site or host, 100, "a site's name"),
        "title": names.fit(block.title or host, LONGEST_LINE, "a title"),
        "author": names.fit(block.author, LONGEST_LINE, "an author's name"),
        "text": names.fit(block.text, 2000, "a card's text"),
        "photo": None,
    }
