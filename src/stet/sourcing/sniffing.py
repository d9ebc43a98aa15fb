"""What a file is, by its bytes and not by its name. Pure.

The rules:
 * Only what is listed is taken in: documents, pictures, text, office files, sound, film, captures of the web.
 * A name that says otherwise changes nothing.
 * Text is text, whatever language it is written in: HTML and SVG are kept as plain text, so that nothing of them runs.
"""

import io
import re
import zipfile
import zlib

TEXT = "text/plain"
_STARTS = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"WARC/1.", "application/warc"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS = {b"avif": "image/avif", b"avis": "image/avif", b"M4A ": "audio/mp4", b"qt  ": "video/quicktime"}
_OFFICE = (
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_OPEN_DOCUMENT = re.compile(r"application/vnd\.oasis\.opendocument\.[a-z-]{1,40}", re.ASCII)
PHOTOS = frozenset({"image/jpeg", "image/png", "image/gif", "image/tiff", "image/webp", "image/avif"})
"""Pictures whose pixels `stet.newsroom.stripping` can copy."""


def media_type_of(body: bytes) -> str | None:
    r"""The media type of a file's bytes; None for what evidence may not be.

    >>> media_type_of(b"%PDF-1.7 ..."), media_type_of("Слова".encode()), media_type_of(b"MZ\x90\x00")
    ('application/pdf', 'text/plain', None)
    """
    for start, media_type in _STARTS:
        if body.startswith(start):
            return media_type
    if body[:4] == b"RIFF":
        return _RIFF.get(body[8:12])
    if body[4:8] == b"ftyp":
        return _BRANDS.get(body[8:12], "video/mp4")
    if body[:4] == b"PK\x03\x04":
        return _office_type(body)
    return TEXT if _is_text(body) else None


def _office_type(body: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = archive.namelist()
            if names and names[0] == "mimetype" and archive.getinfo("mimetype").file_size < 100:
                told = archive.read("mimetype").decode("ascii", "replace").strip()
                return told if _OPEN_DOCUMENT.fullmatch(told) else None
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next((media_type for start, media_type in _OFFICE if any(n.startswith(start) for n in names)), None)


def _is_text(body: bytes) -> bool:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text) and not any(character < " " and character not in "\t\n\r\f" for character in text)
