"""What a compressed copy unpacks to: never more than it may. Brotli is read where Python's brotli is installed."""

import zlib
from collections.abc import Iterator
from importlib import import_module
from typing import Any

brotli: Any
try:
    brotli = import_module("brotli")
except ImportError:
    brotli = None

HAS_BROTLI = brotli is not None
"""Whether .br copies can be read here; a check says so where it met one and could not."""


def unpacked(suffix: str, copy: bytes, size_bytes: int) -> bytes | None:
    """What a compressed copy unpacks to, unless that is longer than expected; None when it is damaged."""
    if suffix == ".gz":
        return _ungzipped(copy, size_bytes)
    if brotli is None:
        return None
    try:
        unpacker = brotli.Decompressor()
        body = b"".join(_brotli_parts(unpacker, copy, size_bytes))
        return body if unpacker.is_finished() else None
    except brotli.error:
        return None


def _ungzipped(copy: bytes, size_bytes: int) -> bytes | None:
    try:
        unpacker = zlib.decompressobj(wbits=31)
        body = unpacker.decompress(copy, size_bytes + 1)
    except zlib.error:
        return None
    return body if unpacker.eof and not unpacker.unused_data else None


def _brotli_parts(unpacker: Any, copy: bytes, size_bytes: int) -> Iterator[bytes]:
    """What a brotli copy unpacks to, part by part, to a little more than `size_bytes`."""
    part: bytes = unpacker.process(copy, output_buffer_limit=size_bytes + 1)
    while part and size_bytes >= 0:
        yield part
        size_bytes -= len(part)
        part = b"" if unpacker.is_finished() else unpacker.process(b"", output_buffer_limit=size_bytes + 2)
