"""SHA-256 of evidence, written as others write it. Pure.

Not one of `stet.kit.digests`, which put a purpose in front: the digest of a capture has to be the one that `sha256sum`
and a capture tool print.
"""

import hashlib
import re

PIECE_BYTES = 1024 * 1024
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)


def sha256_of(body: bytes) -> str:
    """The digest of `body` in hexadecimal.

    >>> sha256_of(b"Stet")[:16]
    '9f09edd678043c8d'
    """
    return hashlib.sha256(body).hexdigest()


def is_sha256(text: str) -> bool:
    """Whether `text` is a digest as `sha256_of` writes it."""
    return _HEX.fullmatch(text) is not None
