"""Ed25519 keys: made, kept in files, used to sign, and named.

The rules:
 * A private key is a PKCS #8 file in PEM, readable by its owner alone (0600), with a passphrase where one is given.
 * A public key is 32 bytes, written in base64url.
 * A key's id is the first 16 hexadecimal digits of its public key's tagged digest. It says which key to try, and
   proves nothing.

The press may sign through anything that answers as a Signer: a key in memory, another process, a device.
"""

import os
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from stet.edition.errors import KeyRefusedError
from stet.kit.digests import hex_digest

KEY_TAG = "stet/1 key"
PUBLIC_KEY_BYTES = 32


class Signer(Protocol):
    """Something that signs with one Ed25519 key."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public key."""

    @property
    def key_id(self) -> str:
        """The key's id: 16 hexadecimal digits."""

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature of `message`."""


class PrivateKey:
    """An Ed25519 key in memory; a Signer."""

    __slots__ = ("_key", "key_id", "public_key")

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public_key = key.public_key().public_bytes_raw()
        self.key_id = key_id(self.public_key)

    def __repr__(self) -> str:
        return f"<PrivateKey {self.key_id}>"

    @classmethod
    def make(cls) -> "PrivateKey":
        """A new key, from the operating system's randomness."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> "PrivateKey":
        """The key that follows from a seed of 32 bytes."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def load(cls, path: Path, *, passphrase: bytes | None = None) -> "PrivateKey":
        """The key in the file at `path`; raises KeyRefusedError when there is none that can be read."""
        try:
            key = serialization.load_pem_private_key(path.read_bytes(), passphrase)
        except OSError as error:
            raise KeyRefusedError(f"The key file {path} cannot be read: {error.strerror}.") from error
        except TypeError as error:
            need = "needs a passphrase" if passphrase is None else "has no passphrase; give none"
            raise KeyRefusedError(f"The key file {path} {need}.") from error
        except (ValueError, UnsupportedAlgorithm) as error:
            raise KeyRefusedError(f"The file {path} holds no key, or the passphrase is not the right one.") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyRefusedError(f"The key in {path} is not an Ed25519 key; make one with Stet.")
        return cls(key)

    def save(self, path: Path, *, passphrase: bytes | None = None) -> None:
        """Write the key to a new file that only its owner may read; raises KeyRefusedError if one is there already."""
        encryption = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
        pem = self._key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(descriptor)
        except FileExistsError as error:
            raise KeyRefusedError(f"A file stands at {path} already; a key is never overwritten.") from error
        except OSError as error:
            raise KeyRefusedError(f"The key cannot be written to {path}: {error.strerror}.") from error

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature of `message`."""
        return self._key.sign(message)


def key_id(public_key: bytes) -> str:
    """The id of a public key: 16 hexadecimal digits."""
    return hex_digest(KEY_TAG, public_key)[:16]


def is_signed(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` was made over `message` by the owner of `public_key`."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
