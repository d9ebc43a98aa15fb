"""Signatures that `minisign -V` accepts, so that an edition can be checked with a program Debian ships.

The format is minisign's (https://jedisct1.github.io/minisign/#signature-format), in its prehashed form "ED": Ed25519
over the BLAKE2b-512 of the file, then Ed25519 over that signature and the trusted comment. The key is the edition key;
minisign's eight bytes of key id are those of Stet's key id.
"""

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as Base64Error

from stet.edition.keys import Signer, is_signed, key_id

_UNTRUSTED = "untrusted comment: "
_TRUSTED = "trusted comment: "


def sign(file: bytes, *, trusted_comment: str, signer: Signer) -> bytes:
    """The content of a .minisig beside `file`. The trusted comment is one line."""
    signature = signer.sign(hashlib.blake2b(file).digest())
    over_comment = signer.sign(signature + trusted_comment.encode())
    lines = (
        f"{_UNTRUSTED}signature by a Stet edition key",
        b64encode(b"ED" + bytes.fromhex(signer.key_id) + signature).decode("ascii"),
        f"{_TRUSTED}{trusted_comment}",
        b64encode(over_comment).decode("ascii"),
    )
    return ("\n".join(lines) + "\n").encode()


def public_key_file(public_key: bytes) -> bytes:
    """The content of the .pub file that `minisign -V -p` takes; its second line is what `-P` takes."""
    name = key_id(public_key)
    key = b64encode(b"Ed" + bytes.fromhex(name) + public_key).decode("ascii")
    return f"{_UNTRUSTED}Stet edition key {name}\n{key}\n".encode("ascii")


def is_valid(minisig: bytes, file: bytes, *, public_key: bytes) -> bool:
    """Whether a .minisig vouches for `file` under `public_key`."""
    try:
        _comment, line, trusted, over_comment = minisig.decode("utf-8").splitlines()
        signed = b64decode(line, validate=True)
        comment_signature = b64decode(over_comment, validate=True)
    except (ValueError, Base64Error):
        return False
    signature = signed[10:]
    return (
        signed[:10] == b"ED" + bytes.fromhex(key_id(public_key))
        and trusted.startswith(_TRUSTED)
        and is_signed(public_key, signature, hashlib.blake2b(file).digest())
        and is_signed(public_key, comment_signature, signature + trusted.removeprefix(_TRUSTED).encode())
    )
