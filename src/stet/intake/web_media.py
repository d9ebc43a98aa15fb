"""Pictures, galleries, sounds and frames of a text: what came with the archive is shown, anything else is a still card.

Nothing here touches disk, network, clock or Django.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from lxml import etree

from stet.intake import records
from stet.intake.shortcodes import Shortcode, first_url
from stet.intake.web_addresses import file_name, web_address
from stet.intake.web_lines import line_of
from stet.intake.web_markup import clean_line, image_address, plain_text, remove, target_of, words_of
from stet.intake.web_sources import Sources
from stet.intake.web_writer import BlockWriter

_MOST_IN_GALLERY = 40
"""More photos than this are shown in several galleries."""


@dataclass(slots=True, kw_only=True)
class MediaReader:
    """Finds what a text shows, and writes it."""

    sources: Sources
    writer: BlockWriter

    # --- Pictures ---

    def picture(self, image: etree._Element, *, caption: str = "") -> None:
        """An <img>: a photo, or a card where it is not among the files."""
        self.writer.end_paragraph()
        media = self._found(image)
        if media:
            self.writer.add(records.Photo(media=media, caption=caption))
            return
        self._lose_picture(image)
        if url := web_address(image_address(image)):
            self.writer.quiet_card(url, title=plain_text(caption) or image.get("alt") or file_name(url))

    def caption_of(self, element: etree._Element | None) -> str:
        """A <figcaption>, or whatever else is a caption, as running text."""
        return clean_line(line_of(element, self.sources.link, depth=0)) if element is not None else ""

    def _found(self, image: etree._Element) -> str | None:
        number = re.search(r"\bwp-image-(\d+)\b", image.get("class") or "")
        identity = number[1] if number else image.get("data-id") or ""
        return self.sources.photo(image_address(image), identity)

    def _lose_picture(self, image: etree._Element) -> None:
        self.writer.lose("picture not found among the files", image_address(image)[:200] or image.get("alt") or "")

    # --- Galleries ---

    def gallery(self, element: etree._Element) -> None:
        """Every picture in an element, each with its own caption."""
        photos = []
        for image in element.iter("img"):
            figure = next(image.iterancestors("figure"), None)
            caption = figure.find("figcaption") if figure is not None and figure is not element else None
            if media := self._found(image):
                photos.append(records.GalleryPhoto(media=media, caption=self.caption_of(caption)))
            else:
                self._lose_picture(image)
        own = element.find("figcaption")
        self._add_gallery(photos, title=words_of(own) if own is not None else "")

    def gallery_code(self, code: Shortcode) -> None:
        """[gallery]: the photos whose numbers it names, or those that belong to the article."""
        numbers = code.attributes.get("ids") or code.attributes.get("include") or ""
        media = self.sources.gallery(numbers) if numbers else self.sources.attached
        missing = len(re.findall(r"\d+", numbers)) - len(media) if numbers else 0
        if missing > 0 or not media:
            detail = f"{missing} of [gallery]" if missing else "[gallery]"
            self.writer.lose("pictures of a gallery not found among the files", detail)
        self._add_gallery(
            [records.GalleryPhoto(media=one, caption=escape(self.sources.caption(one), quote=False)) for one in media]
        )

    def _add_gallery(self, photos: Sequence[records.GalleryPhoto], *, title: str = "") -> None:
        if len(photos) == 1:
            caption = photos[0].caption or escape(title, quote=False)
            self.writer.add(records.Photo(media=photos[0].media, caption=caption))
            return
        for start in range(0, len(photos), _MOST_IN_GALLERY):
            part = tuple(photos[start : start + _MOST_IN_GALLERY])
            self.writer.add(records.Gallery(title=title, photos=part))

    # --- Sounds, frames, cards ---

    def frame(self, element: etree._Element, *, title: str = "") -> None:
        """A frame, video, sound or object."""
        self.writer.end_paragraph()
        source = next(element.iter("source"), None)
        within = source.get("src") if source is not None else ""
        address = web_address(element.get("src") or element.get("data") or within or "")
        self.sound_or_card(address, title=title or element.get("title") or "", tag=element.tag)

    def sound_or_card(self, url: str, *, title: str = "", tag: str) -> None:
        """What lies at an address: a file that was found, or a card."""
        if not url:
            self.writer.lose("element removed: it shows nothing", f"<{tag}>")
            return
        media = self.sources.file(url)
        name = file_name(url)
        if media and tag in ("audio", "video"):
            self.writer.add(
                records.File(media=media, title=title or name, use="audio" if tag == "audio" else "document")
            )
        else:
            self.writer.card(url, title=title or (name if "." in name else ""))

    def embed_code(self, code: Shortcode) -> None:
        """[embed] and its kin: a card, where an address stands in it."""
        if url := first_url(code, "src", "url"):
            self.writer.card(url)
        else:
            self.writer.lose("shortcode removed", f"[{code.name}]")

    def sound_code(self, code: Shortcode) -> None:
        """[audio] or [video]."""
        names = ("src", "mp3", "ogg", "wav", "m4a", "mp4", "webm", "ogv")
        self.sound_or_card(first_url(code, *names), tag=code.name)

    def embedded(self, element: etree._Element, caption: etree._Element | None) -> None:
        """A figure around something on another site; its caption is taken out of it."""
        title = words_of(caption) if caption is not None else ""
        if caption is not None:
            remove(caption)
        frame = next((inner for inner in element.iter("iframe", "a") if inner.get("src") or inner.get("href")), None)
        found = re.search(r"https?://\S+", str(element.xpath("string()")))
        url = found[0] if found else (frame.get("src") or frame.get("href") or "") if frame is not None else ""
        if url:
            self.writer.card(url, title=title)

    def posted(self, element: etree._Element) -> None:
        """A post of another site, pasted with its words."""
        links = [target for link in element.iter("a") if (target := target_of(link))]
        url = web_address(element.get("data-instgrm-permalink") or (links[-1] if links else ""))
        if url:
            self.writer.card(url, text=words_of(element))

    def download(self, link: etree._Element) -> bool:
        """A link to a document that came with the archive; False where it did not come."""
        media = self.sources.file(target_of(link))
        if media:
            self.writer.add(records.File(media=media, title=words_of(link), use="document"))
        return bool(media)
