"""Which file of a photo goes where, and which pictures may stand inside a page.

The rules:
 * A phone gets the picture that stands in the page and asks for nothing more; a wide screen may ask for files.
 * AVIF first, then WebP, then JPEG for whoever reads neither.
 * A list of stories carries inlined thumbnails up to `THUMBS_BYTES`, counted from the top; the other photos show on
   wide screens only.
 * Where a page weighs too much, its picture gives way before its words do: `lighter` takes the next smaller one.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from stet.theme.copy import Article, Photo, PhotoFile, Teaser

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


def lighter(page: Article) -> Article | None:
    """The same article with a smaller picture in the page: the thumbnail, then none; None where none is left to take.

    For the press, where a page is over its budget. The photo itself stays: a phone then asks for its file.
    """
    photo = page.photo
    if photo is None or not photo.inline_data_uri:
        return None
    smaller = "" if photo.inline_data_uri == photo.thumb_data_uri else photo.thumb_data_uri
    return replace(page, photo=replace(photo, inline_data_uri=smaller))


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
