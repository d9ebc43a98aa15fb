"""An article's blocks as plain HTML for feed readers: no styles, no embedded images, absolute addresses."""

from collections.abc import Iterable
from html import escape

from stet.theme import copy
from stet.theme.addresses import absolute, absolute_html
from stet.theme.claims import known_headings, status_word

FEED_PHOTO_WIDTH = 640
"""Pixels; what a phone's feed reader shows."""


def feed_html(
    blocks: Iterable[copy.Block], *, base_url: str, lead: copy.Photo | None = None, language: str = "en"
) -> str:
    """The whole text of an article, its lead photo first. Words of ours are in `language`."""
    parts = [_photo(lead, base_url)] if lead else []
    parts.extend(_block(block, base_url, language) for block in blocks)
    return absolute_html(base_url, "".join(parts))


def correction_html(correction: copy.Correction, site: copy.Site) -> str:
    """A correction, or what became of a claim and the stories it stands in."""
    if not correction.claim:
        return absolute_html(site.base_url, correction.text_html)
    fate = escape(status_word(correction.status, language=site.language.code))
    stories = "".join(
        f'<li><a href="{escape(absolute(site.base_url, link.path))}">{escape(link.label)}</a></li>'
        for link in correction.articles
    )
    return f"<p><s>{escape(correction.claim)}</s> ({fate})</p>{correction.text_html}<ul>{stories}</ul>"


def _block(block: copy.Block, base_url: str, language: str) -> str:
    match block:
        case copy.Text() | copy.Note():
            return block.html
        case copy.Subhead():
            return f"<h{block.level}>{escape(block.text)}</h{block.level}>"
        case copy.PhotoBlock():
            return _photo(block.photo, base_url)
        case copy.Gallery():
            return "".join(_photo(photo, base_url) for photo in block.photos)
        case copy.PullQuote():
            return f"<blockquote><p>{escape(block.text)}</p>{_from(block.attribution)}</blockquote>"
        case copy.Quotation():
            return f"<blockquote>{block.text_html}{_from(block.attribution)}</blockquote>"
        case copy.Table():
            return _table(block)
        case copy.FactBox():
            return f"<h3>{escape(block.title)}</h3>{block.html}"
        case copy.Known():
            return _known(block, language)
        case copy.Timeline():
            return _timeline(block)
        case copy.Embed():
            words = escape(" · ".join(part for part in (block.site, block.title) if part))
            return f'<p><a href="{escape(block.target_url)}">{words}</a></p>{_paragraph(block.text)}'
        case copy.Document():
            return f'<p><a href="{escape(absolute(base_url, block.path))}">{escape(block.title)}</a></p>'
        case copy.Audio():
            link = f'<p><a href="{escape(absolute(base_url, block.path))}">{escape(block.title)}</a></p>'
            return link + block.transcript_html


def _photo(photo: copy.Photo, base_url: str) -> str:
    file = photo.file("image/jpeg", FEED_PHOTO_WIDTH)
    if file is None:
        return ""
    caption = " ".join(part for part in (photo.caption_html, escape(photo.credit)) if part)
    return (
        f'<figure><img src="{escape(absolute(base_url, file.path))}" width="{file.width}" height="{file.height}" '
        f'alt="{escape(photo.alt)}"><figcaption>{caption}</figcaption></figure>'
    )


def _table(table: copy.Table) -> str:
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    head = f"<tr>{''.join(f'<th>{escape(cell)}</th>' for cell in table.head)}</tr>" if table.head else ""
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    return f"<table>{caption}{head}{rows}</table>{_paragraph(table.source)}"


def _timeline(timeline: copy.Timeline) -> str:
    items = "".join(f"<li><b>{escape(e.when)}</b> {escape(e.title)}. {e.html}</li>" for e in timeline.entries)
    title = f"<h3>{escape(timeline.title)}</h3>" if timeline.title else ""
    return f"{title}<ul>{items}</ul>"


def _known(block: copy.Known, language: str) -> str:
    parts = [f"<h3>{escape(block.title)}</h3>" if block.title else ""]
    for heading, items in zip(known_headings(language=language), (block.known, block.unknown), strict=True):
        if items:
            inner = "".join(f"<li>{item}</li>" for item in items)
            parts.append(f"<p><b>{escape(heading)}</b></p><ul>{inner}</ul>")
    return "".join(parts)


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _from(attribution: str) -> str:
    return f"<p>— {escape(attribution)}</p>" if attribution else ""
