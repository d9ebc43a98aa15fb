"""Sealed evidence: the desk can seal a file, and cannot open it again. How a seal is made: `stet.kit.sealing`.

The private half is made by `stet keys evidence`, on a machine that need not be the desk's.
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from stet.kit import sealing
from stet.kit.sealing import BROKEN, Opened, make_key
from stet.sourcing.errors import EvidenceBrokenError, EvidenceKeyRefusedError

__all__ = ["BROKEN", "INFO", "Opened", "load_private_key", "load_public_key", "make_key", "open_sealed", "seal"]

INFO = b"stet evidence 1"


def seal(body: bytes, *, name: str, media_type: str, public_key: X25519PublicKey) -> bytes:
    """A piece of evidence, sealed; every time different bytes."""
    return sealing.seal(body, name=name, media_type=media_type, public_key=public_key, info=INFO)


def open_sealed(sealed: bytes, *, private_key: X25519PrivateKey) -> Opened:
    """What `seal` sealed. Raises EvidenceBrokenError where it does not open."""
    try:
        return sealing.open_sealed(sealed, private_key=private_key, info=INFO)
    except sealing.SealBrokenError as error:
        raise EvidenceBrokenError(str(error)) from None


def load_public_key(file: Path) -> X25519PublicKey:
    """The key that the desk seals with. Raises EvidenceKeyRefusedError."""
    try:
        return sealing.load_public_key(file)
    except sealing.SealKeyRefusedError as error:
        raise EvidenceKeyRefusedError(str(error)) from None


def load_private_key(file: Path, *, passphrase: bytes | None = None) -> X25519PrivateKey:
    """The key that opens. Raises EvidenceKeyRefusedError."""
    try:
        return sealing.load_private_key(file, passphrase=passphrase)
    except sealing.SealKeyRefusedError as error:
        raise EvidenceKeyRefusedError(str(error)) from None
