"""Photos with everything in them that must not get out, and files that are no photos. Built by hand, byte by byte."""

import io
import struct
import zlib
from collections.abc import Iterable

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import ImageFileDirectory_v2

SECRET = "PLANTED-7f3a91"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:li>{SECRET}</rdf:li></x:xmpmeta>'.encode()
LEFTOVERS = (SECRET.encode(), b"xmpmeta", b"Photoshop 3.0", b"ICC_PROFILE", b"acspAPPL", b"8BIM", b"GPS")
"""What is left of metadata, as bytes in a file."""

MAKE, ARTIST, DESCRIPTION, GPS_IFD, USER_COMMENT = 0x010F, 0x013B, 0x010E, 0x8825, 0x9286
TIFF_XMP, TIFF_IPTC, TIFF_ICC = 700, 33723, 34675


def picture(size: tuple[int, int] = (120, 80)) -> Image.Image:
    """A photo with light and dark in it, upright in EXIF's words."""
    return Image.linear_gradient("L").resize(size).convert("RGB")


def exif() -> Image.Exif:
    """Who took it, with what, and where."""
    found = Image.Exif()
    found[MAKE], found[ARTIST], found[DESCRIPTION] = SECRET, SECRET, SECRET
    found.get_ifd(GPS_IFD).update({1: "N", 2: (59.0, 54.0, 50.0), 3: "E", 4: (10.0, 44.0, 20.0)})
    return found


def profile() -> bytes:
    """A colour profile whose description says something."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made[:128] + made[128:].replace(b"sRGB", SECRET.encode()[:4])


def iptc(*records: tuple[int, int, bytes]) -> bytes:
    """An IPTC block: (record, data set, value)."""
    return b"".join(
        b"\x1c" + bytes((record, number)) + struct.pack(">H", len(value)) + value for record, number, value in records
    )


def with_iptc(jpeg: bytes, block: bytes) -> bytes:
    """A JPEG with an IPTC block in Photoshop's segment."""
    resource = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(block)) + block + b"\x00" * (len(block) % 2)
    segment = b"Photoshop 3.0\x00" + resource
    return jpeg[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """An image as a file's bytes."""
    body = io.BytesIO()
    image.save(body, kind, **options)
    return body.getvalue()


def jpeg() -> bytes:
    """A JPEG with EXIF, GPS, XMP, a profile, a comment, IPTC, and bytes after its end."""
    body = saved(picture(), "JPEG", exif=exif(), icc_profile=profile(), comment=SECRET.encode(), xmp=XMP)
    return with_iptc(body, iptc((2, 55, SECRET.encode()))) + SECRET.encode()


def png() -> bytes:
    """A PNG with EXIF, a profile, three kinds of text, and bytes after its end."""
    notes = PngInfo()
    notes.add_text("Author", SECRET)
    notes.add_text("Comment", SECRET, zip=True)
    notes.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return saved(picture(), "PNG", exif=exif(), icc_profile=profile(), pnginfo=notes) + SECRET.encode()


def see_through_png() -> bytes:
    """The same where parts of the photo are see-through; the hidden colours under them are no metadata."""
    image = picture().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    notes = PngInfo()
    notes.add_text("Author", SECRET)
    return saved(image, "PNG", exif=exif(), pnginfo=notes) + SECRET.encode()


def webp() -> bytes:
    """A WebP with EXIF, XMP, a profile, and bytes after its end."""
    return saved(picture(), "WEBP", exif=exif(), xmp=XMP, icc_profile=profile()) + SECRET.encode()


def gif() -> bytes:
    """A GIF with a comment, and bytes after its end."""
    return saved(picture(), "GIF", comment=SECRET.encode()) + SECRET.encode()


def tiff() -> bytes:
    """A TIFF with names, GPS, XMP, IPTC and a profile in its tags."""
    tags = ImageFileDirectory_v2()
    tags[MAKE], tags[ARTIST], tags[DESCRIPTION] = SECRET, SECRET, SECRET
    tags[TIFF_XMP] = XMP
    tags[TIFF_ICC] = profile()
    return saved(picture(), "TIFF", tiffinfo=tags) + SECRET.encode()


def avif() -> bytes:
    """An AVIF with EXIF, XMP and a profile."""
    return saved(picture(), "AVIF", exif=exif(), xmp=XMP, icc_profile=profile())


PHOTOS = {
    "jpg": jpeg,
    "png": png,
    "see-through.png": see_through_png,
    "webp": webp,
    "gif": gif,
    "tiff": tiff,
    "avif": avif,
}
"""The ending of a photo's name, and what makes it."""


# --- No photos ---


def png_chunks(*chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of these chunks."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(_framed(chunks))


def _framed(chunks: Iterable[tuple[bytes, bytes]]) -> Iterable[bytes]:
    for kind, body in chunks:
        yield struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_bomb() -> bytes:
    """400 megapixels in a few bytes."""
    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    return png_chunks((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))


def text_bomb() -> bytes:
    """A PNG whose note is 100 MB when it is unpacked."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    note = b"Comment\0\0" + zlib.compress(b"a" * 100_000_000, 9)
    return png_chunks((b"IHDR", head), (b"zTXt", note), (b"IDAT", zlib.compress(b"\0" * 4)), (b"IEND", b""))


def gif_bomb() -> bytes:
    """A GIF that says it is 65,535 pixels wide and high."""
    return (
        b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\x80\0\0" + b"\0" * 6 + b",\0\0\0\0\xff\xff\xff\xff\0\x02\0;"
    )


NO_PHOTOS: dict[str, bytes] = {
    "nothing at all": b"",
    "a web page": b"<!doctype html><script>alert(1)</script>",
    "an SVG": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script/></svg>',
    "a program": b"MZ" + bytes(range(256)) * 10,
    "an archive": b"PK\x03\x04" + b"\0" * 100,
    "the first bytes of a JPEG": b"\xff\xd8\xff\xe0",
    "a JPEG that breaks off": saved(picture((600, 400)), "JPEG")[:2000],
    "a PNG that breaks off": saved(Image.effect_noise((200, 200), 60), "PNG")[:3000],
    "a PNG of 400 megapixels": png_bomb(),
    "a GIF of 4,295 megapixels": gif_bomb(),
    "an EPS that would be run": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n",
    "a BMP": saved(picture(), "BMP"),
}
"""What it is, and its bytes."""
