"""Elements that stand by themselves become blocks: headings, lists, quotations, boxes, tables, figures.

Each reader gets the walk that came upon its element, and hands back to it what it does not read itself.
The walk ends the open paragraph before a reader and behind it.

Nothing here touches disk, network, clock or Django.
"""

from collections.abc import Callable
from html import escape
from typing import Protocol

from lxml import etree

from stet.intake import records
from stet.intake.web_addresses import web_address
from stet.intake.web_lines import line_of, list_of
from stet.intake.web_markup import MEDIA, all_classes_in, classes_of, remove, words_of
from stet.intake.web_media import MediaReader
from stet.intake.web_tables import table_losses, table_of
from stet.intake.web_writer import BlockWriter


class Walk(Protocol):
    """What a reader asks of the walk through the text."""

    writer: BlockWriter
    media: MediaReader

    def link(self, address: str) -> str:
        """The address that a link gets."""

    def children(self, element: etree._Element, *, depth: int) -> None:
        """Read what stands in an element."""

    def medium(self, element: etree._Element, *, title: str = "") -> None:
        """Read a picture, frame, video, sound or shortcode."""

    def apart(self, element: etree._Element, *, depth: int) -> list[records.Block]:
        """What stands in an element as blocks of its own, not written yet."""


def _heading(walk: Walk, element: etree._Element, _depth: int) -> None:
    _media_inside(walk, element)
    text = words_of(element)
    level = int(element.tag[1])
    if not text:
        return
    if level not in (2, 3):
        walk.writer.lose("heading of another size", f"<{element.tag}> {text[:60]}")
    walk.writer.add(records.Subhead(text=text, level=3 if level >= 3 else 2))


def _media_inside(walk: Walk, element: etree._Element, *, title: str = "") -> None:
    for inner in list(element.iter(*MEDIA)):
        walk.medium(inner, title=title)


def _rule(walk: Walk, _element: etree._Element, _depth: int) -> None:
    walk.writer.lose("separator removed")


# --- Text ---


def _list(walk: Walk, element: etree._Element, depth: int) -> None:
    classes = classes_of(element)
    if "blocks-gallery-grid" in classes:
        walk.media.gallery(element)
    elif not classes & {"wp-block-social-links", "wp-block-page-list"}:
        walk.writer.text(list_of(element, walk.link, depth=depth))
        _media_inside(walk, element)


def _definitions(walk: Walk, element: etree._Element, depth: int) -> None:
    walk.writer.lose("definition list written as paragraphs")
    for child in element.iter("dt", "dd"):
        html = line_of(child, walk.link, depth=depth).strip()
        walk.writer.text(f"<p><b>{html}</b></p>" if child.tag == "dt" else f"<p>{html}</p>")


def _preformatted(walk: Walk, element: etree._Element, _depth: int) -> None:
    for line_break in list(element.iter("br")):
        line_break.tail = "\n" + (line_break.tail or "")
    text = str(element.xpath("string()")).strip("\n")
    lines = [escape(line, quote=False).replace("  ", "\xa0 ") for line in text.expandtabs(4).split("\n")]
    if "wp-block-verse" not in classes_of(element):
        lines = [f"<code>{line}</code>" if line.strip() else "" for line in lines]
    walk.writer.text(f"<p>{'<br>'.join(lines)}</p>")


# --- Quotations and boxes ---


def _quotation(walk: Walk, element: etree._Element, depth: int) -> None:
    classes = classes_of(element)
    if classes & {"twitter-tweet", "twitter-video", "instagram-media", "tiktok-embed"}:
        walk.media.posted(element)
        return
    cites = list(element.iter("cite"))
    attribution = ", ".join(words for cite in cites if (words := words_of(cite)))
    for cite in cites:
        remove(cite)
    if "wp-block-pullquote" in classes or _is_in_pull_quote(element):
        if text := words_of(element):
            walk.writer.add(records.PullQuote(text=text, attribution=attribution))
        return
    _quoted(walk.writer, walk.apart(element, depth=depth), attribution, web_address(element.get("cite") or ""))


def _is_in_pull_quote(element: etree._Element) -> bool:
    return any("wp-block-pullquote" in classes_of(figure) for figure in element.iterancestors("figure"))


def _quoted(writer: BlockWriter, blocks: list[records.Block], attribution: str, source_url: str) -> None:
    """A quotation holds text alone; what else stood in it follows below it."""
    html = ""
    others: list[records.Block] = []
    for block in blocks:
        if isinstance(block, records.Text):
            html += block.html
        elif isinstance(block, records.Subhead):
            html += f"<p><b>{escape(block.text, quote=False)}</b></p>"
        else:
            others.append(block)
    if html:
        writer.add(records.Quotation(html=html, attribution=attribution, source_url=source_url))
    for block in others:
        if isinstance(block, records.Quotation):
            writer.lose("a quotation inside a quotation set below it")
        writer.add(block)


def _details(walk: Walk, element: etree._Element, depth: int) -> None:
    summary = element.find("summary")
    title = words_of(summary) if summary is not None else ""
    if summary is not None:
        remove(summary)
    blocks = walk.apart(element, depth=depth)
    html = "".join(block.html for block in blocks if isinstance(block, records.Text))
    if html and title:
        walk.writer.add(records.FactBox(title=title, html=html))
    else:
        walk.writer.text(html)
    for block in blocks:
        if not isinstance(block, records.Text):
            walk.writer.add(block)


# --- Tables and figures ---


def _table(walk: Walk, element: etree._Element, _depth: int, *, caption: str | None = None) -> None:
    table = table_of(element, caption=caption)
    if table is None:
        return
    for reason in table_losses(element):
        walk.writer.lose(reason)
    _media_inside(walk, element)
    walk.writer.add(table)


def _figure(walk: Walk, element: etree._Element, depth: int) -> None:
    classes = classes_of(element)
    caption = next(element.iterchildren("figcaption"), None)
    title = words_of(caption) if caption is not None else None
    if "wp-block-gallery" in classes or len(list(element.iter("img"))) > 1:
        walk.media.gallery(element)
    elif (table := next(element.iter("table"), None)) is not None:
        _table(walk, table, depth, caption=title)
    elif "wp-block-embed" in classes or "wp-block-embed__wrapper" in all_classes_in(element):
        walk.media.embedded(element, caption)
    elif (image := next(element.iter("img"), None)) is not None:
        walk.media.picture(image, caption=walk.media.caption_of(caption))
    elif next(element.iter(*MEDIA), None) is not None:
        _media_inside(walk, element, title=title or "")
    else:
        walk.children(element, depth=depth)


BLOCKS: dict[str, Callable[[Walk, etree._Element, int], None]] = {
    "ul": _list,
    "ol": _list,
    "dl": _definitions,
    "blockquote": _quotation,
    "pre": _preformatted,
    "hr": _rule,
    "details": _details,
    "table": _table,
    "figure": _figure,
    **{f"h{level}": _heading for level in range(1, 7)},
}
"""Elements that stand by themselves, and how they are read: (walk, element, how deep it stands)."""
