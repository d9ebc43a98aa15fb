"""The readers' four keys, as files.

| key | file | who holds it | without it |
| --- | --- | --- | --- |
| sealing (public) | 32 bytes in base64 | frontdesk, mailroom | nobody can sign up |
| opening (private) | PKCS #8 in PEM, with a passphrase if one is given | mailroom | no letter can be addressed |
| look-up | 32 random bytes in base64url | frontdesk, mailroom | no reader is found by address |
| links | 32 random bytes in base64url | frontdesk, mailroom | links in letters already sent do not open |

The rules:
 * Keys are made together, once. A set that has lost one is refused: a new one in its place would know no reader.
 * The opening key may have been taken away to another host; the rest is a whole set without it.
 * Every file is readable by its owner alone.
"""

import os
import secrets
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from stet.kit.digests import from_base64url, to_base64url
from stet.readers.errors import ReaderKeyRefusedError
from stet.readers.links import Links
from stet.readers.lookup import KEY_BYTES, Lookup
from stet.readers.sealing import Opener, Sealer


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFiles:
    """Where the four keys are."""

    sealing: Path
    opening: Path
    lookup: Path
    links: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderKeys:
    """The keys that frontdesk and mailroom both hold."""

    sealer: Sealer
    lookup: Lookup
    links: Links


def make_reader_keys(files: KeyFiles, *, passphrase: bytes | None = None) -> None:
    """Make the four keys where there is none; leave a whole set as it is; refuse one with a gap."""
    shared = (files.sealing, files.lookup, files.links)
    missing = [file for file in shared if not file.exists()]
    if not missing:
        return
    if len(missing) < len(shared) or files.opening.exists():
        raise ReaderKeyRefusedError(
            f"{missing[0]} is missing while other keys of the readers are there. Put it back from where keys are "
            "kept: a new one would know no reader. In a newsroom without readers, delete the others."
        )
    opening = X25519PrivateKey.generate()
    encryption = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    pem = opening.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    _write_new(files.opening, pem)
    _write_new(files.lookup, _line(to_base64url(secrets.token_bytes(KEY_BYTES))))
    _write_new(files.links, _line(to_base64url(secrets.token_bytes(KEY_BYTES))))
    _write_new(files.sealing, _line(b64encode(opening.public_key().public_bytes_raw()).decode("ascii")))


def load_reader_keys(files: KeyFiles) -> ReaderKeys:
    """The keys that seal, look up and sign links. Raises ReaderKeyRefusedError. The opening key is not touched."""
    return ReaderKeys(
        sealer=load_sealer(files.sealing), lookup=load_lookup(files.lookup), links=load_links(files.links)
    )


def load_sealer(file: Path) -> Sealer:
    """What seals addresses, from the public key in `file`."""
    try:
        return Sealer(b64decode(_read(file).strip(), validate=True))
    except (Base64Error, ReaderKeyRefusedError) as error:
        raise _unusable(file, error) from None


def load_lookup(file: Path) -> Lookup:
    """What finds readers by address, from the key in `file`."""
    return Lookup(_secret(file))


def load_links(file: Path) -> Links:
    """What signs and reads links, from the key in `file`."""
    return Links(_secret(file))


def load_opener(file: Path, *, passphrase: bytes | None = None) -> Opener:
    """What opens addresses, from the private key in `file`."""
    try:
        key = serialization.load_pem_private_key(_read(file), passphrase)
    except TypeError:
        need = "needs a passphrase" if passphrase is None else "has no passphrase; give none"
        raise ReaderKeyRefusedError(f"The key in {file} {need}.") from None
    except (ValueError, UnsupportedAlgorithm):
        raise ReaderKeyRefusedError(f"{file} holds no key, or the passphrase is not the right one.") from None
    if not isinstance(key, X25519PrivateKey):
        raise ReaderKeyRefusedError(f"The key in {file} is of another kind; the readers' opening key is an X25519 key.")
    return Opener(key)


def _secret(file: Path) -> bytes:
    try:
        secret = from_base64url(_read(file).decode("ascii").strip())
    except ValueError as error:
        raise _unusable(file, error) from None
    if len(secret) != KEY_BYTES:
        raise _unusable(file, None)
    return secret


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ReaderKeyRefusedError(
            f"The key {file} cannot be read ({error.strerror}). Put it back; `stet init` makes keys in a newsroom that "
            "has none."
        ) from None


def _unusable(file: Path, error: Exception | None) -> ReaderKeyRefusedError:
    if isinstance(error, ReaderKeyRefusedError) and str(file) in str(error):
        return error
    return ReaderKeyRefusedError(f"{file} does not hold a key as Stet makes it. Put the right one back.")


def _line(text: str) -> bytes:
    return f"{text}\n".encode("ascii")


def _write_new(file: Path, content: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        os.fchmod(descriptor, 0o600)
        opened.write(content)
        opened.flush()
        os.fsync(descriptor)
