"""Finding a reader by address without holding addresses: a keyed digest.

Without the key nobody can try addresses against it. Case makes no difference, because mail providers make none: a
reader who types Ada@ today and ada@ tomorrow is one reader.
"""

import hashlib
import hmac

from stet.readers.addresses import Address
from stet.readers.errors import ReaderKeyRefusedError

LOOKUP_TAG = b"stet reader lookup 1\0"
KEY_BYTES = 32


class Lookup:
    """The look-up digests under one key."""

    __slots__ = ("_keyed",)

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ReaderKeyRefusedError(f"A key to look up addresses has {KEY_BYTES} bytes.")
        self._keyed = hmac.new(key, LOOKUP_TAG, hashlib.sha256)

    def of(self, address: Address) -> bytes:
        """The 32 bytes under which `address` is found."""
        keyed = self._keyed.copy()
        keyed.update(f"{address.local.lower()}@{address.domain}".encode("ascii"))
        return keyed.digest()
