"""Photos in the sizes that readers get, rendered once by content digest.

The rules:
 * A photo is rendered when it is uploaded, or in a pool before the first sheet that needs it;
   never while a page is set.
 * AVIF, WebP and JPEG, 640 and 1280 px wide; a photo is never made larger than it is, and the original not published.
 * A 320 px AVIF of at most 3,000 B and a 160 px one of at most 1,500 B stand inside pages as data: URIs; the 640 px
   AVIF has at most 9,000 B. What fits through a throttled connection was measured: see docs/measurements.md.
 * Quality is searched with quick sketches and the final file encoded slowly: docs/measurements.md has the figures.
 * A letter's photo is a JPEG of at most 30,000 B, 600 px wide: what every mail program shows, small enough to travel in
   the mail. It is made from the largest JPEG when the first letter asks for it, and kept beside the others.
 * What was rendered of a file that no photo has any more, such as a face before it was blurred, is deleted.
 * Files hold pixels only: no EXIF, GPS, XMP, profile or comment.
"""

import base64
import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Container, Iterable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from functools import lru_cache
from pathlib import Path

import msgspec
from PIL import Image

from stet.press.errors import CopyBrokenError
from stet.press.rows import PhotoRow
from stet.press.waking import ASK_SECONDS
from stet.theme import copy

INLINE_WIDTH, INLINE_BYTES = 320, 3000
THUMB_WIDTH, THUMB_BYTES = 160, 1500
FILE_WIDTHS = (640, 1280)
AVIF_640_BYTES = 9000
AVIF_1280_QUALITY, WEBP_QUALITY, JPEG_QUALITY = 50, 70, 72
LOWEST_QUALITY, HIGHEST_QUALITY = 8, 72
NARROWEST_WIDTH = 40
SKETCH_SPEED, FINAL_SPEED, LARGE_SPEED = 9, 5, 6
"""The encoder's effort, from 0 (slow) to 10: for a search, for the files with a limit, for the 1280 px one."""
SKETCH_SHARE = 1.2
"""A sketch of this many times the limit is taken to fit: most files have 0.74 to 0.89 of their sketch's bytes."""

LETTER_FILE, LETTER_WIDTH, LETTER_BYTES = "letter.jpg", 600, 30_000
LETTER_QUALITIES = (82, 76, 70, 64, 58, 50, 42, 34)
"""Tried in this order; where the lowest is too large still, the photo gets narrower."""

_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}


class RenderedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a photo."""

    name: str
    media_type: str
    width: int
    height: int
    bytes: int
    sha256: str


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """A photo in all sizes."""

    files: tuple[RenderedFile, ...]
    thumb_data_uri: str
    inline_data_uri: str
    colour: str


class PhotoStore:
    """The rendered photos of a newsroom, in a folder of their own that can be thrown away."""

    def __init__(self, folder: Path, originals: Path) -> None:
        """`folder` keeps what is rendered; `originals` is where the newsroom keeps its photos."""
        self.folder = folder
        self.originals = originals
        self._rendered = lru_cache(maxsize=4096)(self._read)

    def rendered(self, row: PhotoRow) -> Rendered:
        """The photo's sizes; rendered now if nobody did before."""
        try:
            return self._rendered(row.file_hash)
        except FileNotFoundError:
            self._render(row)
            return self._rendered(row.file_hash)

    def is_rendered(self, row: PhotoRow) -> bool:
        """Whether the photo's sizes are there."""
        return (self._place(row.file_hash) / "photo.json").exists()

    def file(self, row: PhotoRow, name: str) -> Path:
        """Where a rendered file lies."""
        return self._place(row.file_hash) / name

    def letter_file(self, row: PhotoRow) -> Path:
        """Where the photo lies as a letter carries it; made now if nobody did before."""
        largest = self.rendered(row).files[-1]
        path = self.file(row, LETTER_FILE)
        if not path.exists():
            body = letter_jpeg(self.file(row, largest.name))
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".letter-", delete=False) as file:
                file.write(body)
            os.replace(file.name, path)
        return path

    def render_all(
        self,
        rows: Iterable[PhotoRow],
        *,
        processes: int,
        advance: Callable[[], object] = lambda: None,
        is_called: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Render what is missing, `processes` at a time; False where `is_called` said that something can't wait.

        Threads do: the codecs work outside Python's lock. Photos that are under way are finished either way.
        """
        with ThreadPoolExecutor(max_workers=processes) as pool:
            left = {pool.submit(self._render, row) for row in rows if not self.is_rendered(row)}
            while left:
                done, left = wait(left, timeout=ASK_SECONDS, return_when=FIRST_COMPLETED)
                for one in done:
                    one.result()
                    advance()
                if left and is_called():
                    pool.shutdown(cancel_futures=True)
                    return False
        return True

    def forget(self, file_hash: str) -> None:
        """Delete what was rendered of a file."""
        shutil.rmtree(self._place(file_hash), ignore_errors=True)
        self._rendered.cache_clear()

    def keep_only(self, digests: Container[str]) -> None:
        """Delete what was rendered of all other files."""
        for place in self.folder.glob("??/*"):
            if place.is_dir() and not place.name.startswith(".") and place.name not in digests:
                self.forget(place.name)

    def copy(
        self, row: PhotoRow, *, alt: str = "", caption_html: str = "", thumb: bool = False, inline: bool = False
    ) -> copy.Photo:
        """The photo as copy; the data: URIs only where a page has room for them."""
        rendered = self.rendered(row)
        largest = rendered.files[-1]
        return copy.Photo(
            alt=alt or row.alt,
            credit=row.credit,
            caption_html=caption_html,
            width=largest.width,
            height=largest.height,
            files=tuple(
                copy.PhotoFile(
                    path=f"/media/{row.file_hash[:20]}-{f.name}", media_type=f.media_type, width=f.width,
                    height=f.height, bytes=f.bytes,
                )
                for f in rendered.files
            ),
            thumb_data_uri=rendered.thumb_data_uri if thumb else "",
            inline_data_uri=rendered.inline_data_uri if inline else "",
            colour=rendered.colour,
            focus=row.focus,
        )  # fmt: skip

    def _place(self, file_hash: str) -> Path:
        return self.folder / file_hash[:2] / file_hash

    def _read(self, file_hash: str) -> Rendered:
        return msgspec.json.decode((self._place(file_hash) / "photo.json").read_bytes(), type=Rendered)

    def _render(self, row: PhotoRow) -> None:
        place = self._place(row.file_hash)
        place.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(dir=place.parent, prefix=".rendering-"))
        try:
            rendered = render(self.originals / row.file, work)
            (work / "photo.json").write_bytes(msgspec.json.encode(rendered))
            try:
                os.rename(work, place)
            except OSError:
                if not self.is_rendered(row):  # A half-made folder of a crash; another process's whole one is welcome.
                    shutil.rmtree(place, ignore_errors=True)
                    os.rename(work, place)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def letter_jpeg(larger: Path) -> bytes:
    """A photo as a letter carries it. Raises CopyBrokenError where the larger file is gone or damaged."""
    image = _opened(larger)
    width = LETTER_WIDTH
    while True:
        scaled = _scaled(image, width)
        for quality in LETTER_QUALITIES:
            body = _encoded(scaled, "JPEG", quality=quality, optimize=True, progressive=True)
            if len(body) <= LETTER_BYTES or scaled.width <= NARROWEST_WIDTH:
                return body
        width = scaled.width * 3 // 4


def _opened(original: Path) -> Image.Image:
    """A photo's pixels. Raises CopyBrokenError where the file is gone or damaged."""
    try:
        with Image.open(original) as opened:
            opened.load()
            return _pixels(opened)
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise CopyBrokenError(
            "A photo's file is missing or damaged; `stet doctor` names it. Upload it again in the desk."
        ) from error


def render(original: Path, folder: Path) -> Rendered:
    """Render a photo's files into `folder`. Raises CopyBrokenError where the original is gone or damaged."""
    image = _opened(original)
    inline = _fitted(image, INLINE_WIDTH, INLINE_BYTES)
    thumb = _fitted(image, THUMB_WIDTH, THUMB_BYTES)
    files = list(_files(image, folder))
    return Rendered(
        files=tuple(files),
        thumb_data_uri=_data_uri(thumb),
        inline_data_uri=_data_uri(inline),
        colour="#" + image.resize((1, 1), Image.Resampling.BOX).tobytes().hex(),
    )


def _pixels(opened: Image.Image) -> Image.Image:
    """Plain sRGB pixels on white, in a new image that knows nothing of the file."""
    has_alpha = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
    source = opened.convert("RGBA" if has_alpha else "RGB")
    clean = Image.new("RGB", source.size, "white")
    clean.paste(source, mask=source.getchannel("A") if has_alpha else None)
    return clean


def _scaled(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encoded(image: Image.Image, format_name: str, **options: object) -> bytes:
    body = io.BytesIO()
    image.save(body, format_name, **options)
    return body.getvalue()


def _avif(image: Image.Image, quality: int, speed: int) -> bytes:
    return _encoded(image, "AVIF", quality=quality, speed=speed, subsampling="4:2:0", max_threads=1)


def _fitted(image: Image.Image, width: int, limit_bytes: int) -> bytes:
    """The best AVIF of that width within the limit; narrower where even the lowest quality is too large."""
    scaled = _scaled(image, width)
    sketch_bytes, highest = limit_bytes * SKETCH_SHARE, HIGHEST_QUALITY
    while (quality := _best_quality(scaled, sketch_bytes, highest)) is not None:
        body = _avif(scaled, quality, FINAL_SPEED)
        if len(body) <= limit_bytes:
            return body
        sketch_bytes, highest = sketch_bytes * limit_bytes / len(body), quality - 1
    if scaled.width < NARROWEST_WIDTH:
        return _avif(scaled, LOWEST_QUALITY, FINAL_SPEED)
    return _fitted(image, scaled.width * 3 // 4, limit_bytes)


def _best_quality(image: Image.Image, limit_bytes: float, highest: int) -> int | None:
    """The best quality up to `highest` whose sketch is within the limit; None where there is none."""
    best = None
    low, high = LOWEST_QUALITY, highest
    while low <= high:
        middle = (low + high) // 2
        if len(_avif(image, middle, SKETCH_SPEED)) <= limit_bytes:
            best, low = middle, middle + 1
        else:
            high = middle - 1
    return best


def _files(image: Image.Image, folder: Path) -> Iterable[RenderedFile]:
    scaled = {
        width: _scaled(image, width) for width in FILE_WIDTHS if image.width > width // 2 or width == FILE_WIDTHS[0]
    }
    for suffix in _TYPES:
        for width, picture in scaled.items():
            if suffix == "avif":
                body = (
                    _fitted(image, 640, AVIF_640_BYTES)
                    if width == 640
                    else _avif(picture, AVIF_1280_QUALITY, LARGE_SPEED)
                )
                with Image.open(io.BytesIO(body)) as made:
                    size = made.size
            else:
                body = (
                    _encoded(picture, "WEBP", quality=WEBP_QUALITY, method=4)
                    if suffix == "webp"
                    else _encoded(picture, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
                )
                size = picture.size
            name = f"{width}.{suffix}"
            (folder / name).write_bytes(body)
            yield RenderedFile(
                name=name, media_type=_TYPES[suffix], width=size[0], height=size[1], bytes=len(body),
                sha256=hashlib.sha256(body).hexdigest(),
            )  # fmt: skip


def _data_uri(body: bytes) -> str:
    return "data:image/avif;base64," + base64.b64encode(body).decode("ascii")
