"""A place whose pages, feeds and data stand only as .gz: a third of what three forms of each take on the line.

For a folder, SFTP or WebDAV whose web server answers `/a.html` with `/a.html.gz` where nothing else stands, as nginx
does with what `stet deploy nginx --mirror` writes. What proves the edition, and what is compressed anyway, stands as
it is.
"""

import zlib

import msgspec

from stet.edition.sheet import COMPRESSED_SUFFIXES, WELL_KNOWN
from stet.mirrors.base import COPY, Capabilities, Headers, Place
from stet.mirrors.errors import MirrorBrokenError

SUFFIX = ".gz"
_GZIP_WINDOW = zlib.MAX_WBITS | 16
_HEAD_BYTES = 1_024
"""More than gzip adds to what can't be compressed, for the sizes that sheets have."""


class GzippedPlace:
    """Another place, in which what can be compressed stands as .gz alone."""

    def __init__(self, place: Place) -> None:
        self._place = place

    @property
    def capabilities(self) -> Capabilities:
        """Those of the place itself."""
        return msgspec.structs.replace(self._place.capabilities, packs="gzip")

    def read(self, path: str, *, most_bytes: int) -> bytes | None:
        """The file's bytes, unpacked; None where it stands in neither form."""
        if _may_be_packed(path):
            packed = self._place.read(path + SUFFIX, most_bytes=most_bytes + _HEAD_BYTES)
            if packed is not None:
                return _unpacked(packed, most_bytes)
        return self._place.read(path, most_bytes=most_bytes)

    def put(self, path: str, body: bytes, headers: Headers) -> None:
        """Put a file, and take away what a mirror of all forms would have beside it."""
        if not headers.encoding:
            self._place.put(path, body, headers)
            return
        self._place.put(path + SUFFIX, body, COPY)
        for other in ("", *(suffix for suffix in COMPRESSED_SUFFIXES if suffix != SUFFIX)):
            self._place.delete(path + other)

    def put_new(self, path: str, body: bytes, headers: Headers) -> None:
        """Put a file that never changes."""
        self._place.put_new(path, body, headers)

    def swap(self, path: str, body: bytes, headers: Headers, *, before: bytes | None) -> None:
        """Replace a file that is still `before`."""
        self._place.swap(path, body, headers, before=before)

    def delete(self, path: str) -> None:
        """Remove a file in whatever form it stands."""
        if _may_be_packed(path):
            self._place.delete(path + SUFFIX)
        self._place.delete(path)

    def finish(self) -> str | None:
        """Make what was put show."""
        return self._place.finish()

    def close(self) -> None:
        """Let go of connections."""
        self._place.close()


def _may_be_packed(path: str) -> bool:
    return not path.startswith(f"{WELL_KNOWN}/")


def _unpacked(stored: bytes, most_bytes: int) -> bytes:
    try:
        return zlib.decompressobj(_GZIP_WINDOW).decompress(stored, most_bytes)
    except zlib.error as error:
        raise MirrorBrokenError("A file at this mirror can't be unpacked: it is damaged, or was cut off.") from error
