"""The attachments of an export, and the files of its uploads: which photo or file a text means.

The rules:
 * A file is found by the number of its attachment, by its name, or straight in the folder of media.
 * A picture that a text shows and no attachment names is taken all the same.
 * Credit and licence are looked for in the caption and the description, where editors used to write them.

It lists the folder of media and opens no file.
"""

import re
from pathlib import Path

from stet.intake import records
from stet.intake.media_folder import MediaFolder, is_photo_name, original_name
from stet.intake.records import Loss
from stet.intake.web_addresses import file_name
from stet.intake.web_markup import plain_text
from stet.intake.wordpress_fields import file_address
from stet.intake.wxr import Element

_CREDIT = re.compile(
    r"(?:\bphotos?|\bimage|\bpicture|\bfoto|фото|عکس)\s*(?:by\b|credit\b)?\s*[:—–-]?\s+([^.;()\n]{2,100})",
    re.IGNORECASE,
)
_LICENCE = re.compile(r"public domain|creative commons|\bCC[ -](?:BY|0)|licen[cs]|лицензи|©", re.IGNORECASE)
_LONGEST_LICENCE = 255


class Attachments:
    """The records of all attachments, by number, and of what the texts turn out to show beside them."""

    def __init__(self, items: dict[str, Element], folder: MediaFolder, *, language: str) -> None:
        self._items = items
        self._folder = folder
        self._language = language
        self._by_name: dict[str, str] = {}
        """Name of a file that was found, without its size → its attachment's number."""
        self.records: dict[str, records.Media] = {}
        for number, item in items.items():
            record = self.records[number] = self._record(number, item)
            if record.path is not None:
                self._by_name.setdefault(original_name(record.file_name).lower(), number)

    # --- What a text means ---

    def photo(self, address: str, number: str) -> str | None:
        """The source id of a photo: by its number, by the name of an attachment, or straight from the folder."""
        by_number = self.records.get(number)
        if by_number and by_number.path and by_number.is_photo:
            return by_number.source_id
        named = self._named(original_name(file_name(address)))
        if named and named.is_photo:
            return named.source_id
        path = self._folder.find(address) if is_photo_name(file_name(address)) else None
        return self._unlisted(path) if path else None

    def file(self, address: str) -> str | None:
        """The source id of a sound or document."""
        named = self._named(file_name(address))
        return named.source_id if named and not named.is_photo else None

    def gallery(self, numbers: str) -> tuple[str, ...]:
        """The source ids of the photos of these numbers that were found."""
        found = (self.photo("", number) for number in re.findall(r"\d+", numbers))
        return tuple(media for media in found if media)

    def uploaded_with(self, number: str) -> tuple[str, ...]:
        """The photos that WordPress shows in a gallery without numbers: those uploaded with the post."""
        found = [
            (_menu_order(item), own)
            for own, item in self._items.items()
            if item.get("wp:post_parent") == number and self.records[own].path and self.records[own].is_photo
        ]
        return tuple(f"media:{own}" for _order, own in sorted(found, key=lambda one: (one[0], one[1].zfill(12))))

    def caption(self, source_id: str) -> str:
        """A photo's caption."""
        record = self.records.get(source_id.removeprefix("media:"))
        return record.words[0].caption if record and record.words else ""

    def _named(self, name: str) -> records.Media | None:
        number = self._by_name.get(name.lower())
        return self.records[number] if number else None

    # --- Records ---

    def _record(self, number: str, item: Element) -> records.Media:
        address = file_address(item)
        name, path = file_name(address), self._folder.find(address)
        title = plain_text(item.get("title")) or name
        caption, description = plain_text(item.get("excerpt:encoded")), plain_text(item.get("content:encoded"))
        alt = plain_text(dict(item.meta).get("_wp_attachment_image_alt", ""))
        licence = description if _LICENCE.search(description) and len(description) <= _LONGEST_LICENCE else ""
        caption = caption or ("" if licence else description)
        credit = _CREDIT.search(f"{caption}\n{description}")
        is_photo = is_photo_name(name)
        if path is None:
            losses = [self._not_found(name)]
        else:
            losses = _losses(name, caption, "" if licence else description, needs_alt=is_photo and not alt)
        return records.Media(
            source_id=f"media:{number}",
            file_name=name,
            path=path,
            title=title,
            credit=credit[1].strip() if credit else "",
            licence=licence,
            words=(records.Words(language=self._language, alt=alt or caption or title, caption=caption),),
            is_photo=is_photo,
            losses=tuple(losses),
        )

    def _not_found(self, name: str) -> Loss:
        is_given = self._folder.is_given
        reason = "not found in the folder of media" if is_given else "no folder of media was named (--media)"
        return Loss(reason=reason, detail=name)

    def _unlisted(self, path: str) -> str:
        """A file of the folder that no attachment names, but a text shows."""
        source_id = f"media:file:{self._folder.name(path)}"
        self.records.setdefault(
            source_id,
            records.Media(
                source_id=source_id,
                file_name=Path(path).name,
                path=path,
                title=Path(path).stem,
                kind="picture in a text",
            ),
        )
        return source_id


def _losses(name: str, caption: str, description: str, *, needs_alt: bool) -> list[Loss]:
    losses = []
    if description not in ("", caption):
        losses.append(Loss(reason="description of a file dropped: only its caption is kept", detail=description))
    if needs_alt:
        reason = "a photo without an alternative text: its caption or title stands in its place"
        losses.append(Loss(reason=reason, detail=name))
    return losses


def _menu_order(item: Element) -> int:
    order = item.get("wp:menu_order")
    return int(order) if order.isdecimal() else 0
