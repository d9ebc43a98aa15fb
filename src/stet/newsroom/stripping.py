"""An uploaded photo becomes clean pixels; credit and caption are read out of IPTC first.

Pixels are copied into a new image: saving an opened one again keeps JPEG and GIF comments, and Willow copies EXIF into
its JPEG renditions on purpose. The colours are converted to sRGB and the profile is dropped.
"""

import io
import warnings
from dataclasses import dataclass
from hashlib import sha256
from typing import IO

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageFile, ImageOps, IptcImagePlugin

from stet.newsroom.errors import PhotoRefusedError
from stet.newsroom.photos.looks import look_of
from stet.newsroom.photos.originals import Originals

LARGEST_PIXELS = 60_000_000
"""Refuse more: a 60-megapixel picture takes 240 MB of memory."""
LONGEST_SIDE = 3000
"""Pixels kept; the largest sheet a reader gets is smaller."""
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF")
"""What Pillow is asked to try. SVG is no photo and is refused."""

_IPTC_CREDIT, _IPTC_BYLINE, _IPTC_CAPTION = (2, 110), (2, 80), (2, 120)
_IPTC_CODED_CHARACTER_SET = (1, 90)


@dataclass(frozen=True, slots=True, kw_only=True)
class StrippedPhoto:
    """Clean bytes, and what the file said of itself."""

    name: str
    body: bytes
    credit: str
    caption: str
    look: int | None = None
    """What it looks like; None where there is too little to see."""
    original: bytes = b""
    """The file as it was uploaded. Never written as it is."""
    uploaded_name: str = ""
    media_type: str = ""

    def keep_original(self, originals: Originals) -> str:
        """Seal the uploaded file, where originals are kept; what it is found by, else empty."""
        if not self.original:
            return ""
        return originals.keep(self.original, name=self.uploaded_name, media_type=self.media_type, stripped=self.body)

    def as_file(self) -> ContentFile[bytes]:
        """The photo as Django takes it."""
        return ContentFile(self.body, name=self.name)


def strip_photo(file: IO[bytes], *, name: str) -> StrippedPhoto:
    """Copy a photo's pixels into a new file (JPEG, or PNG where it is see-through), named by its bytes.

    The name that it came with goes as its metadata does: "dam-by-ann-lee.jpg" tells whose byline was withheld.

    Raises PhotoRefusedError for what is no photo, is damaged, or is too large.
    """
    file.seek(0)
    original = file.read()
    image = _opened(io.BytesIO(original))
    credit, caption = _iptc(image)
    try:
        upright = ImageOps.exif_transpose(image)
        pixels = _in_srgb(upright)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PhotoRefusedError(_("This photo is damaged. Export it again and upload the new file.")) from error
    if max(pixels.size) > LONGEST_SIDE:
        pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    clean = Image.new(pixels.mode, pixels.size)
    clean.paste(pixels)
    body = io.BytesIO()
    uploaded_name = name.replace("\\", "/").rsplit("/", 1)[-1]
    if clean.mode == "RGBA":
        clean.save(body, "PNG")
        suffix = "png"
    else:
        clean.save(body, "JPEG", quality=92, subsampling=0)
        suffix = "jpg"
    return StrippedPhoto(
        name=f"{sha256(body.getvalue()).hexdigest()[:16]}.{suffix}",
        body=body.getvalue(),
        credit=credit,
        caption=caption,
        look=look_of(clean),
        original=original,
        uploaded_name=uploaded_name,
        media_type=Image.MIME.get(image.format or "", "application/octet-stream"),
    )


def _opened(file: IO[bytes]) -> ImageFile.ImageFile:
    # WeasyPrint, which sets PDFs, has every photo of its process that breaks off taken for whole.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(file, formats=FORMATS)
    except Exception as error:
        raise PhotoRefusedError(
            _("This file is not a photo that can be printed. Use JPEG, PNG, WebP, AVIF, GIF or TIFF.")
        ) from error
    if image.width * image.height > LARGEST_PIXELS:
        raise PhotoRefusedError(_("This photo has more than 60 megapixels. Make it smaller and upload it again."))
    return image


def _in_srgb(image: Image.Image) -> Image.Image:
    mode = "RGBA" if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode) or image
        except ImageCms.PyCMSError:
            pass  # A profile that can't be read says nothing; the pixels are taken as they are.
    return image.convert(mode)


def _iptc(image: ImageFile.ImageFile) -> tuple[str, str]:
    """(credit, caption) as IPTC has them; empty where it has none or can't be read."""
    try:
        records = IptcImagePlugin.getiptcinfo(image) or {}
    except Exception:  # A malformed record raises whatever it likes; a photo without IPTC is a photo all the same.
        return "", ""
    encoding = "utf-8" if records.get(_IPTC_CODED_CHARACTER_SET) == b"\x1b%G" else None
    byline, agency = _words(records.get(_IPTC_BYLINE), encoding), _words(records.get(_IPTC_CREDIT), encoding)
    credit = " / ".join(dict.fromkeys(part for part in (byline, agency) if part))
    return credit[:255], _words(records.get(_IPTC_CAPTION), encoding)[:2000]


def _words(value: bytes | list[bytes] | None, encoding: str | None) -> str:
    values = value if isinstance(value, list) else [value] if value else []
    decoded = (_decoded(one, encoding) for one in values)
    return ", ".join(" ".join(one.split()) for one in decoded if one.strip())


def _decoded(value: bytes, encoding: str | None) -> str:
    """IPTC without a declared character set is UTF-8 in practice, else Latin-1."""
    try:
        text = value.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    return "".join(character for character in text if character.isprintable() or character.isspace())
