"""Addresses at rest: anybody with the public key can seal one, the mailroom alone can open it.

Two forms, told apart by their first byte:
 * 0x01: HPKE in base mode (RFC 9180: X25519, HKDF-SHA256, ChaCha20-Poly1305), made with the public key. This is what
   the frontdesk writes. It is bound to no reader: whoever holds the public key can seal any address anew.
 * 0x02: AES-256-GCM under a key that follows from the private key, bound to the reader's uid. The mailroom puts it in
   the place of the first form, because opening it takes a microsecond or two instead of a key exchange.

A third form holds other bytes than an address, such as what a payment provider delivered:
 * 0x03: HPKE as in the first form, with another info, so that neither opens as the other.

Before it is sealed an address is filled up to a multiple of 64 bytes, so that a seal does not tell its length.
"""

import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from stet.readers.addresses import Address
from stet.readers.errors import ReaderKeyRefusedError, SealBrokenError

SEAL_INFO = b"stet reader address 1"
WRAP_INFO = b"stet mailroom addresses 1"
BYTES_INFO = b"stet sealed bytes 1"
SEALED, WRAPPED, SEALED_BYTES = b"\x01", b"\x02", b"\x03"
NONCE_BYTES = 12
STEP_BYTES = 64

BROKEN = "A sealed address does not open: it was changed, or it was made for another key or another reader."
BROKEN_BYTES = "What was sealed does not open: it was changed, or it was made for another key."

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class Sealer:
    """Seals addresses with the public key; cannot open them."""

    __slots__ = ("_key",)

    def __init__(self, public_key: bytes) -> None:
        try:
            self._key = X25519PublicKey.from_public_bytes(public_key)
        except ValueError:
            raise ReaderKeyRefusedError("A key to seal addresses has 32 bytes.") from None

    def seal(self, address: Address) -> bytes:
        """`address`, sealed: 113 bytes for most; every time different ones."""
        return SEALED + _SUITE.encrypt(_filled_up(address), self._key, SEAL_INFO)

    def seal_bytes(self, content: bytes) -> bytes:
        """Any bytes, sealed; their length can be told."""
        return SEALED_BYTES + _SUITE.encrypt(content, self._key, BYTES_INFO)


class Opener:
    """Opens sealed addresses with the private key; lives on the mailroom's side alone."""

    __slots__ = ("_aead", "_key")

    def __init__(self, private_key: X25519PrivateKey) -> None:
        self._key = private_key
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=WRAP_INFO)
        self._aead = AESGCM(derived.derive(private_key.private_bytes_raw()))

    def open(self, sealed: bytes, *, uid: UUID | bytes) -> Address:
        """The address in either form. Raises SealBrokenError where it does not open for the reader `uid`."""
        sealed = bytes(sealed)
        try:
            if sealed[:1] == WRAPPED:
                filled = self._aead.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], _bytes(uid))
            elif sealed[:1] == SEALED:
                filled = _SUITE.decrypt(sealed[1:], self._key, SEAL_INFO)
            else:
                raise SealBrokenError(BROKEN)
        except (InvalidTag, ValueError):
            raise SealBrokenError(BROKEN) from None
        return Address.of(filled.rstrip(b"\0").decode("ascii"))

    def open_bytes(self, sealed: bytes) -> bytes:
        """What `Sealer.seal_bytes` sealed. Raises SealBrokenError."""
        sealed = bytes(sealed)
        try:
            if sealed[:1] != SEALED_BYTES:
                raise SealBrokenError(BROKEN_BYTES)
            return _SUITE.decrypt(sealed[1:], self._key, BYTES_INFO)
        except (InvalidTag, ValueError):
            raise SealBrokenError(BROKEN_BYTES) from None

    def rewrap(self, address: Address, *, uid: UUID | bytes) -> bytes:
        """`address` in the second form, for the reader `uid` alone."""
        nonce = os.urandom(NONCE_BYTES)
        return WRAPPED + nonce + self._aead.encrypt(nonce, _filled_up(address), _bytes(uid))


def is_wrapped(sealed: bytes) -> bool:
    """Whether an address is in the second form already."""
    return bytes(sealed[:1]) == WRAPPED


def _bytes(uid: UUID | bytes) -> bytes:
    return uid if isinstance(uid, bytes) else uid.bytes


def _filled_up(address: Address) -> bytes:
    text = address.text.encode("ascii")
    return text.ljust(-(-len(text) // STEP_BYTES) * STEP_BYTES, b"\0")
