"""Sealed files: whoever has the public key can seal a file, and only the private half opens it again.

A sealed file is one byte, 0x01, and then HPKE in base mode (RFC 9180: X25519, HKDF-SHA256, ChaCha20-Poly1305) of an
envelope: four bytes that say how long its head is, the head in canonical JSON (name, media type, size and SHA-256 of
the file), the file, and zeros up to a multiple of 64 KiB, so that a seal does not tell a length. What a file was called
and what its digest is would tell which file it is; so both are inside and nowhere else.

What is sealed for one purpose (`info`) does not open for another, whoever has the key.
"""

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from stet.kit import canonical
from stet.kit.errors import BrokenError, RefusedError

SEALED = b"\x01"
HEAD_LENGTH_BYTES = 4
STEP_BYTES = 64 * 1024

BROKEN = "This sealed file does not open: it was changed, or it was sealed for another key."

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class SealBrokenError(BrokenError):
    """A sealed file that does not open: it was altered, or sealed for another key or purpose."""


class SealKeyRefusedError(RefusedError):
    """A key to seal or to open with that is missing, of another kind, or does not fit its passphrase."""


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What was in a sealed file."""

    name: str
    media_type: str
    sha256: str
    body: bytes


def seal(body: bytes, *, name: str, media_type: str, public_key: X25519PublicKey, info: bytes) -> bytes:
    """A file, sealed; every time different bytes."""
    digest = hashlib.sha256(body).hexdigest()
    head = canonical.write({"media_type": media_type, "name": name, "sha256": digest, "size_bytes": len(body)})
    envelope = len(head).to_bytes(HEAD_LENGTH_BYTES, "big") + head + body
    filled = envelope + b"\0" * (-len(envelope) % STEP_BYTES)
    return SEALED + _SUITE.encrypt(filled, public_key, info)


def open_sealed(sealed: bytes, *, private_key: X25519PrivateKey, info: bytes) -> Opened:
    """What `seal` sealed. Raises SealBrokenError where it does not open."""
    if sealed[:1] != SEALED:
        raise SealBrokenError(BROKEN)
    try:
        filled = _SUITE.decrypt(sealed[1:], private_key, info)
    except (InvalidTag, ValueError):
        raise SealBrokenError(BROKEN) from None
    start = HEAD_LENGTH_BYTES + int.from_bytes(filled[:HEAD_LENGTH_BYTES], "big")
    about = canonical.read(filled[HEAD_LENGTH_BYTES:start])
    body = filled[start : start + about["size_bytes"]]
    if hashlib.sha256(body).hexdigest() != about["sha256"]:
        raise SealBrokenError(BROKEN)
    return Opened(name=about["name"], media_type=about["media_type"], sha256=about["sha256"], body=body)


# --- Keys ---


def make_key(*, passphrase: bytes | None = None) -> tuple[bytes, bytes]:
    """A new pair: the private half as PEM, and the public half as a line in base64."""
    key = X25519PrivateKey.generate()
    encryption = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    return pem, b64encode(key.public_key().public_bytes_raw()) + b"\n"


def load_public_key(file: Path) -> X25519PublicKey:
    """The key that seals. Raises SealKeyRefusedError."""
    try:
        return X25519PublicKey.from_public_bytes(b64decode(file.read_bytes().strip(), validate=True))
    except FileNotFoundError:
        raise SealKeyRefusedError(
            "There is no key to seal evidence with. Make one with `stet keys evidence`, and keep its private half away "
            "from the desk."
        ) from None
    except (OSError, Base64Error, ValueError):
        raise SealKeyRefusedError(
            f"{file} does not hold a key as `stet keys evidence` makes it. Put the right one back."
        ) from None


def load_private_key(file: Path, *, passphrase: bytes | None = None) -> X25519PrivateKey:
    """The key that opens. Raises SealKeyRefusedError."""
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), passphrase)
    except OSError as error:
        raise SealKeyRefusedError(f"The key {file} cannot be read ({error.strerror}).") from None
    except TypeError:
        need = "needs a passphrase" if passphrase is None else "has no passphrase; give none"
        raise SealKeyRefusedError(f"The key in {file} {need}.") from None
    except (ValueError, UnsupportedAlgorithm):
        raise SealKeyRefusedError(f"{file} holds no key, or the passphrase is not the right one.") from None
    if not isinstance(key, X25519PrivateKey):
        raise SealKeyRefusedError(f"The key in {file} is of another kind; evidence is opened by an X25519 key.")
    return key
