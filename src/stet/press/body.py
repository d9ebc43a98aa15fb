"""An article's stored blocks as copy, and long texts in parts."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import msgspec

from stet.press.job import Reading
from stet.press.materials import document_path
from stet.press.richtext import Resolve, blocks_of, clean_html, clean_line, plain, text_of
from stet.press.rows import RawBlocks
from stet.theme import copy

_TAKEN = re.compile(r"[cs]\d+(-\d+)?|e\d+")
"""Anchors of marked words, of the items of "Who says this", and of live entries."""
_NO_ANCHOR = re.compile(r"[^\w-]+")
_MARKED = '<a class="claim"'

CLAIM_WEIGHT = 260
"""What an item of "Who says this" adds to a page, in characters of running text; it weighs about as much in brotli."""


def body_copy(blocks: RawBlocks, reading: Reading, resolve: Resolve | None = None) -> tuple[copy.Block, ...]:
    """Stored blocks as copy. A block whose photo or document is gone is left out; one not known too.

    `resolve` turns links and marks into addresses; without it marks leave only their words.
    """
    setter = _Setter(reading, resolve)
    found = (setter.block(raw) for raw in blocks)
    return tuple(block for block in found if block is not None)


class _Setter:
    """Turns raw blocks into copy; keeps anchors apart."""

    def __init__(self, reading: Reading, resolve: Resolve | None = None) -> None:
        self.reading = reading
        self.resolve: Resolve = resolve or reading.resolver()
        self.anchors: set[str] = set()

    def block(self, raw: dict[str, Any]) -> copy.Block | None:
        make: Callable[[Any], copy.Block | None] | None = getattr(self, f"_{raw.get('type')}", None)
        return make(raw.get("value")) if make else None

    def _text(self, value: str) -> copy.Block | None:
        html = clean_html(value, self.resolve)
        return copy.Text(html=html) if html else None

    def _subhead(self, value: dict[str, Any]) -> copy.Block | None:
        text = plain(value.get("text"))
        level = 3 if str(value.get("level")) == "3" else 2
        return copy.Subhead(text=text, level=level, anchor=self._anchor(text)) if text else None

    def _anchor(self, text: str) -> str:
        stem = _NO_ANCHOR.sub("-", text.lower()).strip("-")[:60] or "part"
        stem = f"part-{stem}" if _TAKEN.fullmatch(stem) else stem
        anchor, number = stem, 1
        while anchor in self.anchors:
            number += 1
            anchor = f"{stem}-{number}"
        self.anchors.add(anchor)
        return anchor

    def _photo_of(self, value: dict[str, Any]) -> copy.Photo | None:
        row = self.reading.photo_row(value.get("photo"))
        if row is None:
            return None
        caption = clean_line(value.get("caption"), self.resolve) or clean_line(_as_line(row.caption), self.resolve)
        return self.reading.materials.photo_store.copy(row, alt=plain(value.get("alt")), caption_html=caption)

    def _photo(self, value: dict[str, Any]) -> copy.Block | None:
        photo = self._photo_of(value)
        size = "wide" if value.get("size") == "wide" else "column"
        return copy.PhotoBlock(photo=photo, size=size) if photo else None  # type: ignore[arg-type]

    def _gallery(self, value: dict[str, Any]) -> copy.Block | None:
        photos = tuple(photo for item in _items(value.get("photos")) if (photo := self._photo_of(item)))
        return copy.Gallery(title=plain(value.get("title")), photos=photos) if photos else None

    def _pull_quote(self, value: dict[str, Any]) -> copy.Block | None:
        return copy.PullQuote(text=plain(value.get("text")), attribution=plain(value.get("attribution")))

    def _quotation(self, value: dict[str, Any]) -> copy.Block | None:
        return copy.Quotation(
            text_html=clean_html(value.get("text"), self.resolve),
            attribution=plain(value.get("attribution")),
            source_url=_web(value.get("source_url")),
        )

    def _table(self, value: dict[str, Any]) -> copy.Block | None:
        table = value.get("table") or {}
        rows = [tuple(plain(_cell(cell)) for cell in row) for row in table.get("data") or ()]
        has_head = bool(table.get("first_row_is_table_header")) or table.get("table_header_choice") in ("row", "both")
        if not rows:
            return None
        return copy.Table(
            caption=plain(value.get("caption") or table.get("table_caption")),
            head=rows[0] if has_head else (),
            rows=tuple(rows[1:] if has_head else rows),
            first_column_is_head=bool(table.get("first_col_is_header")),
            source=plain(value.get("source")),
        )

    def _fact_box(self, value: dict[str, Any]) -> copy.Block | None:
        return copy.FactBox(title=plain(value.get("title")), html=clean_html(value.get("text"), self.resolve))

    def _timeline(self, value: dict[str, Any]) -> copy.Block | None:
        entries = timeline_entries(_items(value.get("entries")), self.reading, self.resolve)
        return copy.Timeline(title=plain(value.get("title")), entries=entries) if entries else None

    def _embed(self, value: dict[str, Any]) -> copy.Block | None:
        target = _web(value.get("url"))
        if not target:
            return None
        return copy.Embed(
            target_url=target,
            site=plain(value.get("site")) or (urlsplit(target).hostname or ""),
            title=plain(value.get("title")),
            author=plain(value.get("author")),
            text=plain(value.get("text")),
            photo=self.reading.photo(value.get("photo")),
        )

    def _document(self, value: dict[str, Any]) -> copy.Block | None:
        found = self._file(value.get("document"))
        if found is None:
            return None
        path, media_type, size, title = found
        return copy.Document(
            title=plain(value.get("title")) or title, path=path, media_type=media_type, size_bytes=size
        )

    def _audio(self, value: dict[str, Any]) -> copy.Block | None:
        found = self._file(value.get("document"))
        if found is None:
            return None
        path, media_type, size, title = found
        return copy.Audio(
            title=plain(value.get("title")) or title,
            path=path,
            media_type=media_type,
            size_bytes=size,
            duration_seconds=value.get("duration_seconds"),
            transcript_html=clean_html(value.get("transcript"), self.resolve),
        )

    def _file(self, document: int | None) -> tuple[str, str, int, str] | None:
        if document is None or self.reading.document_path(document) is None:
            return None
        row = self.reading.materials.document(document)
        if row is None:
            return None
        return document_path(row), media_type_of(row.file_name), row.size_bytes, row.title

    def _known(self, value: dict[str, Any]) -> copy.Block | None:
        known, unknown = (
            tuple(html for item in _values(value.get(name)) if (html := clean_html(item, self.resolve)))
            for name in ("known", "unknown")
        )
        return copy.Known(title=plain(value.get("title")), known=known, unknown=unknown) if known or unknown else None

    def _note(self, value: str) -> copy.Block | None:
        html = clean_html(value, self.resolve)
        return copy.Note(html=html) if html else None


def timeline_entries(
    items: Iterable[dict[str, Any]], reading: Reading, resolve: Resolve | None = None
) -> tuple[copy.TimelineEntry, ...]:
    """Stored moments as copy, in the editor's order."""
    resolve = resolve or reading.resolver()
    return tuple(_moment(item, reading, resolve) for item in items)


def _moment(item: dict[str, Any], reading: Reading, resolve: Resolve) -> copy.TimelineEntry:
    article = reading.facts(item["article"]) if item.get("article") else None
    return copy.TimelineEntry(
        when=plain(item.get("when")),
        date=date.fromisoformat(item["date"]) if item.get("date") else None,
        title=plain(item.get("title")),
        html=clean_line(item.get("text"), resolve),
        article=copy.Link(label=article.headline, path=article.path) if article else None,
    )


def _items(stored: Any) -> list[dict[str, Any]]:
    """A stored list of blocks with fields."""
    return _values(stored)


def _values(stored: Any) -> list[Any]:
    """A stored list's values; Wagtail stores each with its id, older data as bare values."""
    values = stored or ()
    return [item["value"] if isinstance(item, dict) and item.get("type") == "item" else item for item in values]


def _cell(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _as_line(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _web(address: Any) -> str:
    text = plain(address)
    return text if text.startswith(("https://", "http://")) else ""


MEDIA_TYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv",
    "txt": "text/plain",
    "json": "application/json",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "epub": "application/epub+zip",
}
"""What documents may be (IANA media types); everything else is handed out as bytes."""


def media_type_of(file_name: str) -> str:
    """A document's media type by its name."""
    return MEDIA_TYPES.get(file_name.rpartition(".")[2].lower(), "application/octet-stream")


# --- Words and parts ---


def words_of(blocks: Iterable[copy.Block]) -> int:
    """Words in the running text."""
    return sum(len(text_of(html).split()) for block in blocks for html in _html_of(block))


def _html_of(block: copy.Block) -> tuple[str, ...]:
    match block:
        case copy.Text() | copy.Note() | copy.FactBox():
            return (block.html,)
        case copy.Quotation():
            return (block.text_html,)
        case copy.Subhead() | copy.PullQuote():
            return (block.text,)
        case copy.Known():
            return (*block.known, *block.unknown)
        case copy.Timeline():
            return tuple(f"{entry.title} {entry.html}" for entry in block.entries)
        case copy.Audio():
            return (block.transcript_html,)
        case copy.Table():
            return tuple(" ".join(row) for row in block.rows)
        case _:
            return ()


def split(blocks: Sequence[copy.Block], *, characters: int, more_parts: int = 0) -> list[tuple[copy.Block, ...]]:
    """A long text in parts of about equal length, none much longer than `characters`; cut between paragraphs."""
    count = max(1, -(-sum(map(_weight, blocks)) // characters)) + more_parts
    if count <= 1:
        return [tuple(blocks)]
    pieces = [piece for block in blocks for piece in _pieces(block)]
    weights = [_weight(piece) for piece in pieces]
    target = sum(weights) / count
    parts: list[list[copy.Block]] = [[]]
    filled = 0
    for piece, weight in zip(pieces, weights, strict=True):
        if parts[-1] and filled + weight / 2 > target * len(parts) and len(parts) < count:
            carried = [parts[-1].pop()] if isinstance(parts[-1][-1], copy.Subhead) and len(parts[-1]) > 1 else []
            parts.append(carried)
        parts[-1].append(piece)
        filled += weight
    return [_joined(part) for part in parts]


def _pieces(block: copy.Block) -> list[copy.Block]:
    return [copy.Text(html=html) for html in blocks_of(block.html)] if isinstance(block, copy.Text) else [block]


def _joined(pieces: Sequence[copy.Block]) -> tuple[copy.Block, ...]:
    """Neighbouring paragraphs as one block again."""
    joined: list[copy.Block] = []
    for piece in pieces:
        if joined and isinstance(piece, copy.Text) and isinstance(joined[-1], copy.Text):
            joined[-1] = msgspec.structs.replace(joined[-1], html=joined[-1].html + piece.html)
        else:
            joined.append(piece)
    return tuple(joined)


def _weight(block: copy.Block) -> int:
    """How long a block is, in characters of running text; what carries pictures or rows weighs more than its words."""
    characters = sum(len(text_of(html)) + CLAIM_WEIGHT * html.count(_MARKED) for html in _html_of(block))
    match block:
        case copy.PhotoBlock():
            return 500
        case copy.Gallery():
            return 300 * len(block.photos)
        case copy.Embed() | copy.Document() | copy.Audio():
            return characters + 300
        case _:
            return characters
