r"""A sheet: one file of the site, and where it may stand.

The rules for a sheet's path:
 * It is the file's path in the folder, with a "/" in front; "/a/b/" means "/a/b/index.html".
 * It is Unicode text in normal form C, as a person reads it; nothing in it is percent-encoded.
 * No part of it is empty, "." or "..", or longer than 240 bytes in UTF-8.
 * It holds no control character, no mark that turns the direction of text, and none of \ % ? #.
 * It does not end in ".br" or ".gz": those names are kept for the compressed copies that stand beside a sheet.
 * It does not stand in "/.well-known/stet", where the edition keeps what proves it.
"""

import hashlib
import re
import unicodedata

import msgspec

from stet.edition.errors import SheetRefusedError

WELL_KNOWN = "/.well-known/stet"
COMPRESSED_SUFFIXES = (".br", ".gz")
COMPRESSIBLE = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/xml",
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
)

_PLAIN = re.compile(r"(?:/[A-Za-z0-9_-][A-Za-z0-9._-]{0,200})+/?", re.ASCII)
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\\\\%?#\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+(?:; ?[a-z]+=[A-Za-z0-9._-]+)*", re.ASCII)
_LONGEST_PART_BYTES = 240
_LONGEST_PATH_BYTES = 1024


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the site: where it stands, what it is, and its bytes."""

    path: str
    media_type: str
    body: bytes


def file_path(path: str) -> str:
    """The path of the file that `path` means; raises SheetRefusedError where no sheet may stand.

    >>> file_path("/news/a-story/")
    '/news/a-story/index.html'
    """
    if not _PLAIN.fullmatch(path) or len(path) > _LONGEST_PATH_BYTES:
        _refuse_bad_path(path)
    if path.endswith(COMPRESSED_SUFFIXES):
        raise SheetRefusedError(f"{path!r} cannot be printed: names in .br and .gz are kept for compressed copies.")
    return path + "index.html" if path.endswith("/") else path


def checked_media_type(media_type: str) -> str:
    """`media_type` as it was given; raises SheetRefusedError when it is not written like "text/html"."""
    if not _MEDIA_TYPE.fullmatch(media_type):
        raise SheetRefusedError(f"{media_type!r} is not a media type; write it like text/html or text/css.")
    return media_type


def body_digest(body: bytes) -> str:
    """The digest of a sheet's bytes: plain SHA-256 in hexadecimal, so that `sha256sum` gives the same."""
    return hashlib.sha256(body).hexdigest()


def is_compressible(media_type: str) -> bool:
    """Whether a compressed copy is worth making: pictures and sound are compressed already."""
    return media_type.startswith(COMPRESSIBLE)


def is_html(media_type: str) -> bool:
    """Whether a sheet of this media type is a page that carries its own signature."""
    return media_type.partition(";")[0] == "text/html"


def _refuse_bad_path(path: str) -> None:
    if reason := _what_is_wrong(path):
        raise SheetRefusedError(f"{path[:200]!r} cannot be a sheet's path: {reason}; choose another address for it.")


def _what_is_wrong(path: str) -> str | None:
    if not path.startswith("/"):
        return "it does not begin with /"
    if _FORBIDDEN.search(path):
        return "it holds a character that no address may hold"
    if unicodedata.normalize("NFC", path) != path:
        return "it is not written in Unicode's normal form C"
    if len(path.encode("utf-8")) > _LONGEST_PATH_BYTES:
        return f"it is longer than {_LONGEST_PATH_BYTES} bytes"
    if (path + "/").startswith(WELL_KNOWN + "/"):
        return f"{WELL_KNOWN} is where the edition keeps its own proof"
    return (
        next(filter(None, map(_what_is_wrong_with_part, path[1:].removesuffix("/").split("/"))), None)
        if path != "/"
        else None
    )


def _what_is_wrong_with_part(part: str) -> str | None:
    if part in ("", ".", ".."):
        return "a part of it is empty, . or .."
    if len(part.encode("utf-8")) > _LONGEST_PART_BYTES:
        return f"a part of it is longer than {_LONGEST_PART_BYTES} bytes"
    return None
