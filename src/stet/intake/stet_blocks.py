"""The body of an article or page in a Stet archive becomes blocks: Markdown, and fenced blocks with their fields.

Nothing here touches disk, network, clock or Django.
"""

from collections.abc import Callable, Iterator
from typing import Any, cast

from stet.intake import markdown, records
from stet.intake.errors import ArchiveFileError
from stet.intake.stet_files import Fields, Piece
from stet.intake.stet_names import Where


def body_of(pieces: tuple[Piece, ...], where: Where) -> Iterator[records.Block]:
    """The blocks of a body, in order.

    Raises ArchiveFileError where a piece is no block that an archive may hold.
    """
    for piece in pieces:
        if piece.fields is None:
            yield from _text_blocks(piece.text, where)
        elif reader := _READERS.get(piece.kind):
            block = reader(piece.fields, where)
            piece.fields.close()
            yield block
        else:
            names = ", ".join(_READERS)
            raise ArchiveFileError(where.file, piece.line, f"there is no block “{piece.kind}”. The blocks are {names}.")


def _text_blocks(text: str, where: Where) -> Iterator[records.Block]:
    """Subheads stand alone; everything between two of them is one text."""
    html: list[str] = []
    for part in markdown.parts(text):
        head = markdown.subhead(part)
        if head is None:
            html.append(where.html(part))
            continue
        if html:
            yield records.Text(html="".join(html))
            html = []
        yield records.Subhead(text=head[1], level=3 if head[0] == 3 else 2)
    if html:
        yield records.Text(html="".join(html))


def _photo(fields: Fields, where: Where) -> records.Photo:
    return records.Photo(
        media=cast(str, where.media(fields, "photo", required=True)),
        caption=where.line_html(fields.string("caption")),
        size=cast(Any, fields.one_of("size", ("column", "wide"), default="column")),
    )


def _gallery(fields: Fields, where: Where) -> records.Gallery:
    names = fields.strings("photos")
    if not names:
        raise fields.refuse("photos", 'a gallery names its photos: photos = ["one.webp", "two.webp"].')
    photos = tuple(records.GalleryPhoto(media=where.expect(f"media:{name}", fields.line("photos"))) for name in names)
    return records.Gallery(title=fields.string("title"), photos=photos)


def _pull_quote(fields: Fields, _where: Where) -> records.PullQuote:
    text = markdown.plain_text(fields.string("text", required=True))
    return records.PullQuote(text=text, attribution=fields.string("attribution"))


def _quotation(fields: Fields, where: Where) -> records.Quotation:
    return records.Quotation(
        html=where.html(fields.string("text", required=True)),
        attribution=fields.string("attribution"),
        source_url=fields.string("source_url"),
    )


def _table(fields: Fields, _where: Where) -> records.Table:
    head = fields.strings("head")
    rows = fields.get("rows")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        raise fields.refuse("rows", 'a table has rows: rows = [["one", "two"], ["three", "four"]].')
    width = max(len(head), *(len(row) for row in rows))
    if any(len(row) != width for row in rows) or (head and len(head) != width):
        raise fields.refuse("rows", f"every row of the table must have {width} cells.")
    return records.Table(
        caption=fields.string("caption"),
        head=head,
        rows=tuple(tuple(str(cell) for cell in row) for row in rows),
        first_column_is_head=fields.flag("first_column_is_head"),
        source=fields.string("source"),
    )


def _fact_box(fields: Fields, where: Where) -> records.FactBox:
    return records.FactBox(
        title=fields.string("title", required=True), html=where.html(fields.string("text", required=True))
    )


def _timeline(fields: Fields, where: Where) -> records.Timeline:
    entries = tuple(timeline_entry(entry, where) for entry in fields.tables("entries"))
    if not entries:
        raise fields.refuse("entries", "a timeline has moments: [[entries]] with when, title and text.")
    return records.Timeline(title=fields.string("title"), entries=entries)


def timeline_entry(fields: Fields, where: Where) -> records.TimelineEntry:
    """One moment of a timeline, a story's or a topic's."""
    slug = fields.string("article")
    entry = records.TimelineEntry(
        when=fields.string("when", required=True),
        date=fields.day("date"),
        title=markdown.plain_text(fields.string("title", required=True)),
        html=where.line_html(fields.string("text")),
        article=where.refer(fields, "article", "article", slug) if slug else None,
    )
    fields.close()
    return entry


def _embed(fields: Fields, _where: Where) -> records.Embed:
    url = fields.string("url", required=True)
    if not url.startswith(("https://", "http://")):
        raise fields.refuse("url", "the address of a card begins with https://.")
    return records.Embed(
        url=url,
        site=fields.string("site"),
        title=fields.string("title"),
        author=fields.string("author"),
        text=fields.string("text"),
    )


def _note(fields: Fields, where: Where) -> records.Note:
    return records.Note(html=where.html(fields.string("text", required=True)))


def _known(fields: Fields, where: Where) -> records.Known:
    known, unknown = (
        tuple(where.html(text) for text in fields.strings(name) if text.strip()) for name in ("known", "unknown")
    )
    if not known and not unknown:
        raise fields.refuse("known", 'this block says what is known and what is not: known = ["…"], unknown = ["…"].')
    return records.Known(title=fields.string("title"), known=known, unknown=unknown)


def _audio(fields: Fields, where: Where) -> records.File:
    return records.File(
        media=cast(str, where.media(fields, "file", required=True)),
        title=fields.string("title", required=True),
        use="audio",
    )


def _document(fields: Fields, where: Where) -> records.File:
    return records.File(
        media=cast(str, where.media(fields, "file", required=True)), title=fields.string("title"), use="document"
    )


_READERS: dict[str, Callable[[Fields, Where], records.Block]] = {
    "photo": _photo,
    "gallery": _gallery,
    "pull_quote": _pull_quote,
    "quotation": _quotation,
    "table": _table,
    "fact_box": _fact_box,
    "timeline": _timeline,
    "embed": _embed,
    "note": _note,
    "known": _known,
    "audio": _audio,
    "document": _document,
}
"""The blocks an archive may hold, by name."""
