"""Which file of a photo goes where, and which pictures may stand inside a page.

The rules:
 * A phone gets the picture that stands in the page and asks for nothing more; a wide screen may ask for files.
 * AVIF first, then WebP, then JPEG for whoever reads neither.
 * A list of stories carries inlined thumbnails up to `THUMBS_BYTES`, counted from the top; the other photos show on
   wide screens only.
 * Where a page weighs too much, its picture gives way before its words do: `lighter` takes the next smaller one.
"""

from collections.abc import Iterable
from typing import TypeVar

from msgspec.structs import replace

from stet.theme.copy import Article, Front, Page, Photo, PhotoFile, Teaser, Topic

AnyPage = TypeVar("AnyPage", bound=Page)

THUMBS_BYTES = 2_600
"""What inlined thumbnails may weigh on one page of teasers; with it 40 teasers stay within the page budget."""


def srcset(photo: Photo, media_type: str, *, least_width: int = 320) -> str:
    """The files of one type for a `srcset`, each with its width; empty where there are none."""
    files = [f for f in photo.files if f.media_type == media_type]
    fitting = [f for f in files if f.width >= least_width] or files[-1:]
    return ", ".join(f"{f.path} {f.width}w" for f in fitting)


def fallback(photo: Photo) -> PhotoFile | None:
    """The file for browsers that know neither AVIF nor WebP: a JPEG 640 px wide, else whatever there is."""
    return photo.file("image/jpeg", 640) or (photo.files[-1] if photo.files else None)


def largest(photo: Photo) -> PhotoFile | None:
    """The file behind a photo's link: the widest JPEG, else the widest of any type."""
    return photo.largest_jpeg or max(photo.files, key=lambda f: f.width, default=None)


def lighter(page: AnyPage) -> AnyPage | None:
    """The same page with a smaller picture in it: the thumbnail, then none; None where none is left to take.

    For the press, where a page is over its budget. The photo itself stays: a phone then asks for its file.
    """
    if isinstance(page, Front):
        photo = _smaller(page.lead.photo) if page.lead else None
        return replace(page, lead=replace(page.lead, photo=photo)) if page.lead and photo else None
    if isinstance(page, Article | Topic):
        photo = _smaller(page.photo)
        return replace(page, photo=photo) if photo else None
    return None


def _smaller(photo: Photo | None) -> Photo | None:
    if photo is None or not photo.inline_data_uri:
        return None
    if photo.inline_data_uri != photo.thumb_data_uri:
        return replace(photo, inline_data_uri=photo.thumb_data_uri)
    # Some templates fall back on the thumbnail of a photo without an inline image, so the last step takes both.
    return replace(photo, inline_data_uri="", thumb_data_uri="")


def thumbs(teasers: Iterable[Teaser | None], *, at_most_bytes: int = THUMBS_BYTES) -> frozenset[int]:
    """The ids of the articles whose thumbnail stands in the page: from the top, as many as fit."""
    taken: set[int] = set()
    left = at_most_bytes
    for teaser in teasers:
        if teaser is None or teaser.photo is None or not teaser.photo.thumb_data_uri or teaser.article_id in taken:
            continue
        left -= len(teaser.photo.thumb_data_uri) * 3 // 4
        if left < 0:
            break
        taken.add(teaser.article_id)
    return frozenset(taken)
