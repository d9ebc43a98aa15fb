"""HTML from the wild becomes blocks: classic WordPress text, block markup, or a mixture of both.

The rules:
 * Everything is cleaned by nh3 before it is looked at, and each text once more before it is handed out.
 * Block markup is read by the HTML inside it; its comments only tell what has no HTML of its own.
 * In text that stands in no element, an empty line ends a paragraph and a line break is one, as WordPress has it.
 * A photo that came with the archive becomes a photo; any other picture, frame, video or sound becomes a still card.
 * Whatever is changed or dropped is noted, with the same words each time.

Nothing here touches disk, network, clock or Django.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import groupby

from lxml import etree

from stet.intake import records
from stet.intake.block_markup import BlockComment, block_comment
from stet.intake.records import Loss
from stet.intake.shortcodes import PLACEHOLDER, Shortcode, first_url, take_shortcodes
from stet.intake.web_addresses import file_name, site_name, watch_address, web_address
from stet.intake.web_markup import (
    CONTAINERS,
    FORM_FIELDS,
    INLINE,
    MEDIA,
    UNWRAPPED,
    all_classes_in,
    classes_of,
    clean_html,
    clean_line,
    clean_text,
    holds,
    image_address,
    nesting,
    parsed,
    plain_text,
    remove,
    says_something,
    spaced,
    target_of,
    words_of,
)

_DEEPEST = 60
"""Elements nested deeper are read as plain text."""

_DEEPEST_HTML = 200
"""A whole text nested deeper is read as plain text: libxml2 drops what stands below 256."""
_DEEPEST_CODES = 20
"""Shortcodes inside shortcodes that are read; further in, the text is kept as it is."""


@dataclass(slots=True, kw_only=True)
class Sources:
    """What the archive can tell about addresses and numbers in a text."""

    photo: Callable[[str, str], str | None]
    """(address, number of the attachment or "") → source id of a photo that was found."""
    file: Callable[[str], str | None]
    """Address → source id of a sound or document that was found."""
    link: Callable[[str], str]
    """Address of a link → the one to keep: our own pages become records."""
    attached: tuple[str, ...] = ()
    """Source ids of the photos that belong to this article, for a gallery that names none."""
    gallery: Callable[[str], tuple[str, ...]] = lambda _numbers: ()
    """Numbers, with commas → source ids of the photos that were found."""
    caption: Callable[[str], str] = lambda _source_id: ""
    """Source id of a photo → its caption in the archive."""


def blocks_of(html: str, sources: Sources) -> tuple[tuple[records.Block, ...], tuple[Loss, ...]]:
    """The blocks of a text, and what was changed or dropped on the way."""
    reading = _Reading(sources=sources)
    reading.read(html)
    return tuple(reading.blocks), tuple(reading.losses)


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One text on its way into blocks."""

    sources: Sources
    blocks: list[records.Block] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    codes: list[Shortcode] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    """HTML of the paragraph that is being read."""
    nested: int = 0

    def lose(self, reason: str, detail: str = "") -> None:
        """Note a loss."""
        self.losses.append(Loss(reason=reason, detail=detail))

    def read(self, html: str) -> None:
        """Read HTML to its end."""
        self._note_unsafe(html)
        with_places, codes = take_shortcodes(html)
        first = len(self.codes)
        self.codes += codes
        if first:
            with_places = re.sub(
                rf'<{PLACEHOLDER} n="(\d+)"', lambda m: f'<{PLACEHOLDER} n="{int(m[1]) + first}"', with_places
            )
        clean = clean_html(with_places)
        if nesting(clean) > _DEEPEST_HTML:
            self.lose("elements nested too deeply, read as plain text")
            clean = f"<p>{escape(plain_text(clean), quote=False)}</p>"
        self._children(parsed(clean), depth=0)
        self._end_paragraph()

    def _note_unsafe(self, html: str) -> None:
        for tag in sorted(
            {name.lower() for name in re.findall(r"<(script|style|svg|math|template)\b", html, re.IGNORECASE)}
        ):
            self.lose("element removed", f"<{tag}>")
        if re.search(r"has-(?:text-align|[\w-]+-(?:color|font-size)|drop-cap)|style=|align=", html):
            self.lose("colours, sizes and alignment left to the theme")

    # --- Walking ---

    def _children(self, element: etree._Element, *, depth: int) -> None:
        """Read what stands in an element at block level."""
        self._loose_text(element.text)
        skipped: list[str] = []
        for child in element:
            if isinstance(child, etree._Comment):
                self._comment(child.text or "", skipped)
            elif not skipped and isinstance(child.tag, str):
                self._element(child, depth=depth + 1)
            if not skipped:
                self._loose_text(child.tail)

    def _element(self, element: etree._Element, *, depth: int) -> None:
        tag = element.tag
        if depth > _DEEPEST:
            self.lose("elements nested too deeply, read as plain text")
            self.line.append(escape(words_of(element), quote=False))
        elif tag in INLINE or tag in UNWRAPPED or tag in ("q", "br"):
            self._inline(element, depth=depth)
        elif tag in MEDIA:
            self._medium(element)
        elif tag in FORM_FIELDS:
            self._removed(tag)
        else:
            self._end_paragraph()
            (_BLOCKS.get(tag) or _Reading._container)(self, element, depth)
            self._end_paragraph()

    def _container(self, element: etree._Element, depth: int) -> None:
        if "wp-block-columns" in classes_of(element):
            self.lose("columns set below each other")
        if "wp-block-file" in classes_of(element):
            self._download(element)
            return
        self._children(element, depth=depth)

    def _download(self, element: etree._Element) -> None:
        link = next((inner for inner in element.iter("a") if target_of(inner)), None)
        if link is None:
            return
        media = self.sources.file(target_of(link))
        if media:
            self.blocks.append(records.File(media=media, title=words_of(link), use="document"))
        else:
            self.lose("file not found: a link to the old address stands in its place", target_of(link))
            self._inline(link, depth=0)

    def _paragraph(self, element: etree._Element, depth: int) -> None:
        """A paragraph: its line breaks are spaces."""
        self._running(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, depth=depth + 1)
            self._running(child.tail)

    def _removed(self, tag: str) -> None:
        self.lose("form removed: readers' forms are not part of a text", f"<{tag}>")

    def _comment(self, text: str, skipped: list[str]) -> None:
        """A comment of block markup; `skipped` names the block whose content is left out."""
        block = block_comment(text)
        if block is None:
            self._plain_comment(text.strip(), skipped)
        elif block.is_end:
            if skipped and skipped[-1] == block.name:
                skipped.pop()
        elif skipped:
            if skipped[-1] == block.name and not block.is_void:
                skipped.append(block.name)
        else:
            self._block_begins(block, skipped)

    def _block_begins(self, block: BlockComment, skipped: list[str]) -> None:
        if block.is_void and block.url:
            self._card(block.url)
        elif block.is_made_by_site:
            self._end_paragraph()
            self.lose("block removed: made by the old site for each visitor", block.name)
            if not block.is_void:
                skipped.append(block.name)
        elif block.name == "block":
            self.lose("unknown block removed", "a block kept elsewhere in WordPress (reusable block)")
        elif block.is_foreign:
            self.lose("unknown block removed" if block.is_void else "unknown block: its text was kept", block.name)

    def _plain_comment(self, text: str, skipped: list[str]) -> None:
        if skipped:
            return
        if text == "nextpage":
            self._end_paragraph()
            self.lose("page break removed: long articles are split by the press")
        elif text.split(" ")[0] == "more":
            self._end_paragraph()

    # --- Text ---

    def _loose_text(self, text: str | None) -> None:
        """Text at block level: an empty line ends a paragraph, a line break stays one."""
        if not text:
            return
        for number, part in enumerate(re.split(r"\n[ \t]*\n\s*", text)):
            if number:
                self._end_paragraph()
            if part.strip() or self._has_line():
                self.line.append(
                    "<br>".join(escape(re.sub(r"[ \t]+", " ", line), quote=False) for line in part.split("\n"))
                )

    def _running(self, text: str | None) -> None:
        if text:
            self.line.append(escape(re.sub(r"\s+", " ", text), quote=False))

    def _inline(self, element: etree._Element, *, depth: int) -> None:
        """An element of running text; where a medium or a block stands inside it, the element is opened around it."""
        tag = element.tag
        if tag == "br":
            self.line.append("<br>")
            return
        if holds(element, MEDIA | set(_BLOCKS) - {"br"}):
            if tag == "a" and (target := target_of(element)):
                self._linked_media(element, target, depth=depth)
            else:
                self._children(element, depth=depth)
            return
        opening, closing = self._marks(element)
        self.line.append(opening)
        self._running(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, depth=depth + 1)
            self._running(child.tail)
        self.line.append(closing)

    def _marks(self, element: etree._Element) -> tuple[str, str]:
        tag = INLINE.get(element.tag, "")
        if element.tag == "q":
            return "“", "”"
        if tag == "a":
            href = target_of(element)
            return (f'<a href="{escape(self.sources.link(href))}">', "</a>") if href else ("", "")
        return (f"<{tag}>", f"</{tag}>") if tag else ("", "")

    def _linked_media(self, element: etree._Element, target: str, *, depth: int) -> None:
        """A picture that is a link: the link stays where it leads to something else than the picture."""
        self._children(element, depth=depth)
        if not re.search(r"\.(?:jpe?g|png|gif|webp|avif)(?:\?.*)?$", target, re.IGNORECASE):
            self.lose("link of a picture removed", target)

    def _has_line(self) -> bool:
        return any(piece.strip() for piece in self.line)

    def _end_paragraph(self) -> None:
        self._bare_address()
        html = "".join(self.line)
        self.line = []
        html = re.sub(r"^(?:\s|<br>)+|(?:\s|<br>)+$", "", html)
        if says_something(html):
            self._text(f"<p>{html}</p>")

    def _bare_address(self) -> None:
        """An address that stands alone is what WordPress makes an embed of."""
        text = "".join(self.line).strip()
        text = re.sub(r"^(?:<br>|\s)+|(?:<br>|\s)+$", "", text)
        if re.fullmatch(r"https?://[^\s<>]+", text):
            self.line = []
            self._card(unescape(text))

    def _text(self, html: str) -> None:
        clean = clean_text(html)
        if not says_something(clean):
            return
        if self.blocks and isinstance(self.blocks[-1], records.Text):
            self.blocks[-1] = records.Text(html=self.blocks[-1].html + clean)
        else:
            self.blocks.append(records.Text(html=clean))

    # --- Blocks ---

    def _heading(self, element: etree._Element, _depth: int) -> None:
        self._media_inside(element)
        text = words_of(element)
        level = int(element.tag[1])
        if not text:
            return
        if level not in (2, 3):
            self.lose("heading of another size", f"<{element.tag}> {text[:60]}")
        self.blocks.append(records.Subhead(text=text, level=3 if level >= 3 else 2))

    def _media_inside(self, element: etree._Element) -> None:
        for inner in list(element.iter(*MEDIA)):
            self._medium(inner)

    def _list(self, element: etree._Element, depth: int) -> None:
        if "blocks-gallery-grid" in classes_of(element):
            self._gallery(element, depth)
            return
        if "wp-block-social-links" in classes_of(element) or "wp-block-page-list" in classes_of(element):
            return
        html = self._list_html(element, depth=depth)
        if says_something(html):
            self._text(html)
        self._media_inside(element)

    def _list_html(self, element: etree._Element, *, depth: int) -> str:
        if depth > _DEEPEST:
            return ""
        items = []
        for item in element:
            if item.tag != "li":
                continue
            inner = "".join(self._item_parts(item, depth=depth + 1)).strip()
            if says_something(inner):
                items.append(f"<li>{inner}</li>")
        tag = "ol" if element.tag == "ol" else "ul"
        return f"<{tag}>{''.join(items)}</{tag}>" if items else ""

    def _item_parts(self, item: etree._Element, *, depth: int) -> Iterator[str]:
        yield escape(spaced(item.text), quote=False)
        for child in item:
            if child.tag in ("ul", "ol"):
                yield self._list_html(child, depth=depth + 1)
            elif isinstance(child.tag, str) and child.tag not in MEDIA:
                yield self._inline_html(child, depth=depth + 1)
            yield escape(spaced(child.tail), quote=False)

    def _inline_html(self, element: etree._Element, *, depth: int) -> str:
        """An element as running text, whatever it holds."""
        if depth > _DEEPEST:
            return escape(words_of(element), quote=False)
        if element.tag == "br":
            return "<br>"
        opening, closing = self._marks(element) if element.tag in INLINE or element.tag == "q" else ("", "")
        inner = [escape(spaced(element.text), quote=False)]
        for child in element:
            if isinstance(child.tag, str) and child.tag not in MEDIA:
                inner.append(self._inline_html(child, depth=depth + 1))
            inner.append(escape(spaced(child.tail), quote=False))
        if element.tag in ("p", "div", "blockquote", "pre", "dl", "table", "h2", "h3", "h4"):
            closing += " "
        return opening + "".join(inner) + closing

    def _definitions(self, element: etree._Element, depth: int) -> None:
        self.lose("definition list written as paragraphs")
        for child in element.iter("dt", "dd"):
            html = self._inline_html(child, depth=depth).strip()
            if says_something(html):
                self._text(f"<p><b>{html}</b></p>" if child.tag == "dt" else f"<p>{html}</p>")

    def _quotation(self, element: etree._Element, depth: int) -> None:
        classes = classes_of(element)
        if classes & {"twitter-tweet", "twitter-video", "instagram-media", "tiktok-embed"}:
            self._posted(element)
            return
        attribution = ", ".join(words_of(cite) for cite in element.iter("cite") if words_of(cite))
        for cite in list(element.iter("cite")):
            remove(cite)
        if "wp-block-pullquote" in classes or any(
            "wp-block-pullquote" in classes_of(parent) for parent in element.iterancestors("figure")
        ):
            if text := words_of(element):
                self.blocks.append(records.PullQuote(text=text, attribution=attribution))
            return
        inner = _Reading(sources=self.sources, codes=self.codes)
        inner._children(element, depth=depth)
        inner._end_paragraph()
        self.losses += inner.losses
        self._quoted(inner.blocks, attribution, web_address(element.get("cite") or ""))

    def _quoted(self, blocks: list[records.Block], attribution: str, source_url: str) -> None:
        """A quotation holds text alone; what else stood in it follows below it."""
        html = "".join(
            block.html if isinstance(block, records.Text) else f"<p><b>{escape(block.text, quote=False)}</b></p>"
            for block in blocks
            if isinstance(block, records.Text | records.Subhead)
        )
        if html:
            self.blocks.append(records.Quotation(html=html, attribution=attribution, source_url=source_url))
        for block in blocks:
            if isinstance(block, records.Quotation):
                self.lose("a quotation inside a quotation set below it")
            if not isinstance(block, records.Text | records.Subhead):
                self.blocks.append(block)

    def _posted(self, element: etree._Element) -> None:
        """A post of another site, pasted with its words."""
        links = [target for link in element.iter("a") if (target := target_of(link))]
        url = web_address(element.get("data-instgrm-permalink") or (links[-1] if links else ""))
        if url:
            self._card(url, text=words_of(element))

    def _preformatted(self, element: etree._Element, _depth: int) -> None:
        for line_break in list(element.iter("br")):
            line_break.tail = "\n" + (line_break.tail or "")
        text = str(element.xpath("string()")).strip("\n")
        lines = [escape(line, quote=False).replace("  ", "\xa0 ") for line in text.expandtabs(4).split("\n")]
        if "wp-block-verse" in classes_of(element):
            self._text(f"<p>{'<br>'.join(lines)}</p>")
        elif text.strip():
            self._text("<p>" + "<br>".join(f"<code>{line}</code>" if line.strip() else "" for line in lines) + "</p>")

    def _rule(self, _element: etree._Element, _depth: int) -> None:
        self.lose("separator removed")

    def _details(self, element: etree._Element, depth: int) -> None:
        summary = element.find("summary")
        title = words_of(summary) if summary is not None else ""
        if summary is not None:
            remove(summary)
        inner = _Reading(sources=self.sources, codes=self.codes)
        inner._children(element, depth=depth)
        inner._end_paragraph()
        self.losses += inner.losses
        html = "".join(block.html for block in inner.blocks if isinstance(block, records.Text))
        if html and title:
            self.blocks.append(records.FactBox(title=title, html=html))
        elif html:
            self._text(html)
        self.blocks += [block for block in inner.blocks if not isinstance(block, records.Text)]

    def _table(self, element: etree._Element, _depth: int) -> None:
        rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        texts = [tuple(words_of(cell) for cell in row) for row in cells]
        kept = [place for place, row in enumerate(texts) if any(row)]
        caption = element.find("caption")
        if not kept:
            return
        self._note_table(element)
        head_row = kept[0] if all(cell.tag == "th" for cell in cells[kept[0]]) and len(kept) > 1 else None
        width = max(len(texts[place]) for place in kept)
        square = {place: texts[place] + ("",) * (width - len(texts[place])) for place in kept}
        body = [place for place in kept if place != head_row]
        self.blocks.append(
            records.Table(
                caption=words_of(caption) if caption is not None else "",
                head=square[head_row] if head_row is not None else (),
                rows=tuple(square[place] for place in body),
                first_column_is_head=all(cells[place][0].tag == "th" for place in body if cells[place]) and width > 1,
            )
        )

    def _note_table(self, element: etree._Element) -> None:
        if next(element.iter("a", "img", "ul", "ol", "b", "strong", "em", "i"), None) is not None:
            self.lose("links and marks inside a table became plain text")
        if any((cell.get("colspan") or cell.get("rowspan") or "1") != "1" for cell in element.iter("td", "th")):
            self.lose("cells of a table that spanned others stand alone")
        self._media_inside(element)

    # --- Media ---

    def _figure(self, element: etree._Element, depth: int) -> None:
        classes = classes_of(element)
        caption = next((inner for inner in element.iterchildren("figcaption")), None)
        if "wp-block-gallery" in classes or len(list(element.iter("img"))) > 1:
            self._gallery(element, depth)
        elif next(element.iter("table"), None) is not None:
            self._captioned_table(element, caption, depth)
        elif "wp-block-embed" in classes or "wp-block-embed__wrapper" in all_classes_in(element):
            self._figure_card(element, caption)
        elif (image := next(element.iter("img"), None)) is not None:
            self._image(image, caption=self._caption_html(caption))
        elif next(element.iter(*MEDIA), None) is not None:
            title = words_of(caption) if caption is not None else ""
            for medium in list(element.iter(*MEDIA)):
                self._medium(medium, title=title)
        else:
            self._children(element, depth=depth)

    def _captioned_table(self, element: etree._Element, caption: etree._Element | None, depth: int) -> None:
        for table in element.iter("table"):
            self._table(table, depth)
            if caption is not None and self.blocks and isinstance(self.blocks[-1], records.Table):
                table_block = self.blocks.pop()
                assert isinstance(table_block, records.Table)
                self.blocks.append(
                    records.Table(
                        rows=table_block.rows,
                        head=table_block.head,
                        first_column_is_head=table_block.first_column_is_head,
                        caption=words_of(caption),
                    )
                )
            return

    def _figure_card(self, element: etree._Element, caption: etree._Element | None) -> None:
        title = words_of(caption) if caption is not None else ""
        if caption is not None:
            remove(caption)
        frame = next((inner for inner in element.iter("iframe", "a") if inner.get("src") or inner.get("href")), None)
        found = re.search(r"https?://\S+", str(element.xpath("string()")))
        url = found[0] if found else (frame.get("src") or frame.get("href") or "") if frame is not None else ""
        if url:
            self._card(url, title=title)

    def _caption_html(self, caption: etree._Element | None) -> str:
        return clean_line(self._inline_html(caption, depth=0)) if caption is not None else ""

    def _gallery(self, element: etree._Element, _depth: int) -> None:
        photos = []
        for image in element.iter("img"):
            media = self._found_photo(image)
            figure = next(image.iterancestors("figure"), None)
            caption = figure.find("figcaption") if figure is not None and figure is not element else None
            if media:
                photos.append(records.GalleryPhoto(media=media, caption=self._caption_html(caption)))
            else:
                self._lost_photo(image)
        own = element.find("figcaption")
        self._add_gallery(photos, title=words_of(own) if own is not None else "")

    def _add_gallery(self, photos: list[records.GalleryPhoto], *, title: str = "") -> None:
        if len(photos) > 1:
            for _number, part in groupby(enumerate(photos), key=lambda item: item[0] // 40):
                self.blocks.append(records.Gallery(title=title, photos=tuple(photo for _place, photo in part)))
        elif photos:
            self.blocks.append(
                records.Photo(media=photos[0].media, caption=photos[0].caption or escape(title, quote=False))
            )

    def _found_photo(self, image: etree._Element) -> str | None:
        number = re.search(r"\bwp-image-(\d+)\b", image.get("class") or "")
        identity = number[1] if number else image.get("data-id") or ""
        return self.sources.photo(image_address(image), identity)

    def _lost_photo(self, image: etree._Element) -> None:
        self.lose("picture not found among the files", image_address(image)[:200] or image.get("alt") or "")

    def _image(self, image: etree._Element, *, caption: str = "") -> None:
        self._end_paragraph()
        media = self._found_photo(image)
        if media:
            self.blocks.append(records.Photo(media=media, caption=caption))
            return
        self._lost_photo(image)
        if url := web_address(image_address(image)):
            words = plain_text(caption) or image.get("alt") or file_name(url)
            self._card(url, title=words, is_lost=True)

    def _medium(self, element: etree._Element, *, title: str = "") -> None:
        """A picture, frame, video, sound or shortcode, wherever it stands."""
        if element.tag == PLACEHOLDER:
            self._end_paragraph()
            self._code(self.codes[int(element.get("n") or 0)])
        elif element.tag == "img":
            if "wp-smiley" in classes_of(element):
                self.line.append(escape(element.get("alt") or "", quote=False))
            else:
                self._image(element)
        else:
            self._end_paragraph()
            source = next(element.iter("source"), None)
            address = (
                element.get("src") or element.get("data") or (source.get("src") if source is not None else "") or ""
            )
            self._sound_or_card(web_address(address), title=title or element.get("title") or "", tag=element.tag)

    def _sound_or_card(self, url: str, *, title: str, tag: str) -> None:
        if not url:
            self.lose("element removed: it shows nothing", f"<{tag}>")
            return
        media = self.sources.file(url)
        name = file_name(url)
        if media and tag in ("audio", "video"):
            self.blocks.append(
                records.File(media=media, title=title or name, use="audio" if tag == "audio" else "document")
            )
        else:
            self._card(url, title=title or (name if "." in name else ""))

    def _card(self, url: str, *, title: str = "", text: str = "", is_lost: bool = False) -> None:
        """A still card for something on another site."""
        address = watch_address(url)
        site = site_name(address)
        if not is_lost:
            self.lose("became a still card, which loads nothing from elsewhere", site)
        self._end_paragraph_without_card()
        self.blocks.append(records.Embed(url=address, site=site, title=title or site, text=text))

    def _end_paragraph_without_card(self) -> None:
        html, self.line = "".join(self.line), []
        if says_something(html):
            self._text(f"<p>{html}</p>")

    def _code(self, code: Shortcode) -> None:
        """What a shortcode stands for."""
        if code.name in ("caption", "wp_caption"):
            self._code_caption(code)
        elif code.name == "gallery":
            self._code_gallery(code)
        elif code.name in ("audio", "video"):
            names = ("src", "mp3", "ogg", "wav", "m4a", "mp4", "webm", "ogv")
            self._sound_or_card(first_url(code, *names), title="", tag=code.name)
        elif code.name in ("embed", "youtube", "vimeo", "soundcloud"):
            if url := first_url(code, "src", "url"):
                self._card(url)
            else:
                self.lose("shortcode removed", f"[{code.name}]")
        else:
            self.lose("shortcode removed" + (": its text was kept" if code.content.strip() else ""), f"[{code.name}]")
            self.nested += 1
            if self.nested > _DEEPEST_CODES:
                self._text(f"<p>{escape(plain_text(code.content), quote=False)}</p>")
            elif code.content.strip():
                self.read(code.content)
            self.nested -= 1

    def _code_caption(self, code: Shortcode) -> None:
        """The picture with the words behind it as its caption."""
        fragment = parsed(clean_html(code.content))
        image = next(fragment.iter("img"), None)
        if image is None:
            self._children(fragment, depth=0)
            return
        for medium in list(fragment.iter("img")):
            remove(medium)
        caption = self._inline_html(fragment, depth=0).strip() or escape(
            code.attributes.get("caption", ""), quote=False
        )
        if not (image.get("class") and "wp-image-" in (image.get("class") or "")):
            number = re.search(r"\d+", code.attributes.get("id", ""))
            image.set("data-id", number[0] if number else "")
        self._image(image, caption=clean_line(caption))

    def _code_gallery(self, code: Shortcode) -> None:
        numbers = code.attributes.get("ids") or code.attributes.get("include") or ""
        media = self.sources.gallery(numbers) if numbers else self.sources.attached
        wanted = len(re.findall(r"\d+", numbers)) if numbers else len(media)
        if wanted > len(media) or not media:
            missing = wanted - len(media)
            self.lose(
                "pictures of a gallery not found among the files", f"{missing} of [gallery]" if missing else "[gallery]"
            )
        captions = self.sources.caption
        self._add_gallery(
            [records.GalleryPhoto(media=one, caption=escape(captions(one), quote=False)) for one in media]
        )


_BLOCKS: dict[str, Callable[[_Reading, etree._Element, int], None]] = {
    "p": _Reading._paragraph,
    "ul": _Reading._list,
    "ol": _Reading._list,
    "dl": _Reading._definitions,
    "blockquote": _Reading._quotation,
    "pre": _Reading._preformatted,
    "hr": _Reading._rule,
    "details": _Reading._details,
    "table": _Reading._table,
    "figure": _Reading._figure,
    **{f"h{level}": _Reading._heading for level in range(1, 7)},
    **dict.fromkeys(CONTAINERS, _Reading._container),
}
"""Elements that stand by themselves, and how they are read."""
