"""SHA-256 digests, each taken for one purpose, and the ways to write them down.

A digest for one purpose never equals a digest for another, because the purpose (the tag) is hashed first:
`sha256(tag + NUL + data)`. A tag is ASCII and holds no NUL, so tag and data cannot run into each other.
"""

import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error

_HEX_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


def tagged(tag: str, data: bytes) -> bytes:
    """`data` with its purpose in front: what is hashed or signed under `tag`."""
    return tag.encode("ascii") + b"\0" + data


def digest(tag: str, data: bytes) -> bytes:
    """The 32 bytes of the SHA-256 digest of `data`, taken for the purpose `tag`.

    >>> digest("example", b"Stet").hex()[:16]
    'a799a13dee503c19'
    """
    return hashlib.sha256(tagged(tag, data)).digest()


def hex_digest(tag: str, data: bytes) -> str:
    """The same digest as 64 lower-case hexadecimal digits."""
    return digest(tag, data).hex()


def is_hex_digest(text: str) -> bool:
    """Whether `text` is written as a SHA-256 digest: 64 lower-case hexadecimal digits."""
    return _HEX_DIGEST.fullmatch(text) is not None


def to_base64url(data: bytes) -> str:
    """`data` in base64url (RFC 4648 section 5), without padding.

    >>> to_base64url(b"Stet!")
    'U3RldCE'
    """
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """The bytes that `text` stands for; raises ValueError when it is not written exactly as `to_base64url` writes."""
    try:
        data = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (Base64Error, UnicodeEncodeError) as error:
        raise ValueError("This text is not base64url.") from error
    if to_base64url(data) != text:
        raise ValueError("This text is not base64url.")
    return data
