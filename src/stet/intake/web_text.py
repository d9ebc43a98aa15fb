"""HTML from the wild becomes blocks: classic WordPress text, block markup, or a mixture of both.

The rules:
 * Everything is cleaned by nh3 before it is looked at, and each text once more before it is handed out.
 * Block markup is read by the HTML inside it; its comments only tell what has no HTML of its own.
 * In text that stands in no element, an empty line ends a paragraph and a line break is one, as WordPress has it.
 * A photo that came with the archive becomes a photo; any other picture, frame, video or sound becomes a still card.
 * Whatever is changed or dropped is noted, with the same words each time.

Here the text is walked through, element by element. `web_blocks` reads what stands by itself, `web_lines` what runs in
a line, `web_media` what is shown; `web_writer` keeps what it all becomes.

Nothing here touches disk, network, clock or Django.
"""

import re
from dataclasses import dataclass, field
from html import escape

from lxml import etree

from stet.intake import records
from stet.intake.records import Loss
from stet.intake.shortcodes import PLACEHOLDER, Shortcode, take_shortcodes
from stet.intake.web_blocks import BLOCKS
from stet.intake.web_comments import CommentReader
from stet.intake.web_lines import DEEPEST, line_of, marks_of
from stet.intake.web_markup import (
    CONTAINERS,
    FORM_FIELDS,
    INLINE,
    MEDIA,
    UNWRAPPED,
    classes_of,
    clean_html,
    clean_line,
    holds,
    nesting,
    parsed,
    plain_text,
    remove,
    target_of,
    words_of,
)
from stet.intake.web_media import MediaReader
from stet.intake.web_sources import Sources
from stet.intake.web_writer import BlockWriter

_DEEPEST_HTML = 200
"""A whole text nested deeper is read as plain text: libxml2 drops what stands below 256."""
_DEEPEST_CODES = 20
"""Shortcodes inside shortcodes that are read; further in, the text is kept as it is."""

_RUNNING = INLINE.keys() | UNWRAPPED | {"q", "br"}
_STANDING = BLOCKS.keys() | CONTAINERS | {"p"}
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:\?.*)?$", re.IGNORECASE)


def blocks_of(html: str, sources: Sources) -> tuple[tuple[records.Block, ...], tuple[Loss, ...]]:
    """The blocks of a text, and what was changed or dropped on the way."""
    walk = _Walk(sources=sources)
    walk.read(html)
    return tuple(walk.writer.blocks), tuple(walk.writer.losses)


@dataclass(slots=True, kw_only=True)
class _Walk:
    """The walk through one text."""

    sources: Sources
    codes: list[Shortcode] = field(default_factory=list)
    """Every shortcode of the text, by the number that its placeholder has."""
    codes_around: int = 0
    """How many shortcodes are open around what is being read."""
    writer: BlockWriter = field(default_factory=BlockWriter)
    media: MediaReader = field(init=False)

    def __post_init__(self) -> None:
        self.media = MediaReader(sources=self.sources, writer=self.writer)

    def link(self, address: str) -> str:
        """The address that a link gets."""
        return self.sources.link(address)

    def read(self, html: str) -> None:
        """Read HTML to its end."""
        self._note_unsafe(html)
        with_places, codes = take_shortcodes(html, first=len(self.codes))
        self.codes += codes
        clean = clean_html(with_places)
        if nesting(clean) > _DEEPEST_HTML:
            self.writer.lose("elements nested too deeply, read as plain text")
            clean = f"<p>{escape(plain_text(clean), quote=False)}</p>"
        self.children(parsed(clean), depth=0)
        self.writer.end_paragraph()

    def _note_unsafe(self, html: str) -> None:
        unsafe = re.findall(r"<(script|style|svg|math|template)\b", html, re.IGNORECASE)
        for tag in sorted({name.lower() for name in unsafe}):
            self.writer.lose("element removed", f"<{tag}>")
        if re.search(r"has-(?:text-align|[\w-]+-(?:color|font-size)|drop-cap)|style=|align=", html):
            self.writer.lose("colours, sizes and alignment left to the theme")

    # --- Elements ---

    def children(self, element: etree._Element, *, depth: int) -> None:
        """Read what stands in an element at block level."""
        comments = CommentReader(writer=self.writer)
        self.writer.loose_words(element.text)
        for child in element:
            if isinstance(child, etree._Comment):
                comments.read(child.text or "")
            elif not comments.is_leaving_out and isinstance(child.tag, str):
                self._element(child, depth=depth + 1)
            if not comments.is_leaving_out:
                self.writer.loose_words(child.tail)

    def apart(self, element: etree._Element, *, depth: int) -> list[records.Block]:
        """What stands in an element as blocks of its own, not written yet."""
        inner = _Walk(sources=self.sources, codes=self.codes, codes_around=self.codes_around)
        inner.children(element, depth=depth)
        inner.writer.end_paragraph()
        self.writer.losses += inner.writer.losses
        return inner.writer.blocks

    def _element(self, element: etree._Element, *, depth: int) -> None:
        tag = element.tag
        if depth > DEEPEST:
            self.writer.lose("elements nested too deeply, read as plain text")
            self.writer.plain(words_of(element))
        elif tag in _RUNNING:
            self._inline(element, depth=depth)
        elif tag in MEDIA:
            self.medium(element)
        elif tag in FORM_FIELDS:
            self.writer.lose("form removed: readers' forms are not part of a text", f"<{tag}>")
        else:
            self.writer.end_paragraph()
            if reader := BLOCKS.get(tag):
                reader(self, element, depth)
            elif tag == "p":
                self._line(element, depth=depth)
            else:
                self._container(element, depth=depth)
            self.writer.end_paragraph()

    def _container(self, element: etree._Element, *, depth: int) -> None:
        classes = classes_of(element)
        if "wp-block-columns" in classes:
            self.writer.lose("columns set below each other")
        if "wp-block-file" in classes:
            self._download(element)
        else:
            self.children(element, depth=depth)

    def _download(self, element: etree._Element) -> None:
        link = next((inner for inner in element.iter("a") if target_of(inner)), None)
        if link is not None and not self.media.download(link):
            self.writer.lose("file not found: a link to the old address stands in its place", target_of(link))
            self._inline(link, depth=0)

    # --- Lines ---

    def _line(self, element: etree._Element, *, depth: int) -> None:
        """What stands in an element as running text."""
        self.writer.words(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, depth=depth + 1)
            self.writer.words(child.tail)

    def _inline(self, element: etree._Element, *, depth: int) -> None:
        """An element of running text; where a medium or a block stands inside it, the element is opened around it."""
        if element.tag == "br":
            self.writer.mark("<br>")
        elif holds(element, MEDIA | _STANDING):
            self.children(element, depth=depth)
            self._note_link(element)
        else:
            opening, closing = marks_of(element, self.link)
            self.writer.mark(opening)
            self._line(element, depth=depth)
            self.writer.mark(closing)

    def _note_link(self, element: etree._Element) -> None:
        """A picture that is a link loses it; where it leads to something else than the picture, that is said."""
        target = target_of(element)
        if element.tag == "a" and target and not _PICTURE_FILE.search(target):
            self.writer.lose("link of a picture removed", target)

    # --- Media and shortcodes ---

    def medium(self, element: etree._Element, *, title: str = "") -> None:
        """A picture, frame, video, sound or shortcode, wherever it stands."""
        if element.tag == PLACEHOLDER:
            self.writer.end_paragraph()
            self._code(self.codes[int(element.get("n") or 0)])
        elif element.tag != "img":
            self.media.frame(element, title=title)
        elif "wp-smiley" in classes_of(element):
            self.writer.plain(element.get("alt") or "")
        else:
            self.media.picture(element)

    def _code(self, code: Shortcode) -> None:
        """What a shortcode stands for."""
        match code.name:
            case "caption" | "wp_caption":
                self._captioned(code)
            case "gallery":
                self.media.gallery_code(code)
            case "audio" | "video":
                self.media.sound_code(code)
            case "embed" | "youtube" | "vimeo" | "soundcloud":
                self.media.embed_code(code)
            case _:
                self._unknown(code)

    def _unknown(self, code: Shortcode) -> None:
        """A shortcode of a plugin: what it did is lost, the text between its tags is kept."""
        has_text = bool(code.content.strip())
        self.writer.lose("shortcode removed" + (": its text was kept" if has_text else ""), f"[{code.name}]")
        if self.codes_around >= _DEEPEST_CODES:
            self.writer.text(f"<p>{escape(plain_text(code.content), quote=False)}</p>")
        elif has_text:
            self.codes_around += 1
            self.read(code.content)
            self.codes_around -= 1

    def _captioned(self, code: Shortcode) -> None:
        """[caption]: the picture with the words behind it as its caption."""
        fragment = parsed(clean_html(code.content))
        image = next(fragment.iter("img"), None)
        if image is None:
            self.children(fragment, depth=0)
            return
        for other in list(fragment.iter("img")):
            remove(other)
        caption = line_of(fragment, self.link, depth=0).strip() or escape(
            code.attributes.get("caption", ""), quote=False
        )
        if "wp-image-" not in (image.get("class") or ""):
            number = re.search(r"\d+", code.attributes.get("id", ""))
            image.set("data-id", number[0] if number else "")
        self.media.picture(image, caption=clean_line(caption))
