"""Signs copies of a letter as they are made (DKIM: RFC 6376; Ed25519: RFC 8463).

The rules:
 * relaxed/relaxed, SHA-256. One signature for each key; each key has a selector of its own, because its DNS record says
   of which kind it is.
 * What is signed is what must not be changed: `SIGNED`, as far as the message has them. RFC 8058 wants
   List-Unsubscribe and List-Unsubscribe-Post covered.
 * What must not be added to is named once more than it is there (`SEALED`): whoever sends a letter on, with a second
   Subject or an address of their own for answers, breaks the signature (RFC 6376 sections 5.4.2 and 8.15).
 * There is no time in a signature and no l= tag: the same copy has the same signature at each try.
 * What is the same in all copies is hashed and written once. A copy costs its own headers, its body from the first
   token on, and the signature itself.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from stet.mailroom.errors import DkimKeyRefusedError

SIGNED = (
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
    "Feedback-ID", "MIME-Version", "Content-Type",
)  # fmt: skip
SEALED = (
    "From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
    "MIME-Version", "Content-Type",
)  # fmt: skip
RSA_BITS = 2048
SHORTEST_RSA_BITS = 1024
"""What receivers still take (Google's and Yahoo's rules for bulk senders, 2024)."""

PrivateKey = RSAPrivateKey | Ed25519PrivateKey

_BLANKS = re.compile(rb"[ \t]+")
_BLANKS_AT_END = re.compile(rb"[ \t]+(?=\r\n|\Z)")
_FOLDS = re.compile(rb"\r\n(?=[ \t])")
_SELECTOR = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A private key and the name under which its public half stands in the DNS."""

    selector: str
    key: PrivateKey

    def __post_init__(self) -> None:
        if not _SELECTOR.fullmatch(self.selector):
            raise DkimKeyRefusedError("A DKIM selector has letters, digits, hyphens and dots only. Choose another one.")
        if isinstance(self.key, RSAPrivateKey) and self.key.key_size < SHORTEST_RSA_BITS:
            raise DkimKeyRefusedError(f"An RSA key for DKIM needs {SHORTEST_RSA_BITS} bits at least. Make a new one.")

    @property
    def algorithm(self) -> str:
        """The a= tag."""
        return "rsa-sha256" if isinstance(self.key, RSAPrivateKey) else "ed25519-sha256"

    def sign(self, signed: bytes) -> bytes:
        """The signature of `signed`, raw."""
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(signed, PKCS1v15(), hashes.SHA256())
        return self.key.sign(hashlib.sha256(signed).digest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Signs for one domain, with one key or two."""

    domain: str
    keys: tuple[SigningKey, ...]

    def for_copies(self, constant: Mapping[str, bytes], varying: Sequence[str]) -> "CopySigner":
        """A signer of messages that have these headers in common, and others of their own."""
        return CopySigner(self, constant, varying)


class CopySigner:
    """Signs copies that differ in a few headers and in the end of their bodies."""

    __slots__ = ("_headers", "_keys")

    def __init__(self, signer: Signer, constant: Mapping[str, bytes], varying: Sequence[str]) -> None:
        names = [name for name in SIGNED if name in constant or name in varying]
        self._headers = tuple(
            (name, relaxed_header(name, constant[name]) if name in constant else name.lower().encode() + b":")
            for name in names
        )
        self._keys = tuple((key, *_openings(signer.domain, key, names)) for key in signer.keys)

    def sign(self, varying: Mapping[str, bytes], body_hash: bytes) -> bytes:
        """The DKIM-Signature headers of a copy.

        `varying` are the values of its own headers, unfolded and without needless blanks; `body_hash` is the SHA-256 of
        its body in relaxed form.
        """
        headers = b"".join(
            [start + varying[name] + b"\r\n" if name in varying else start for name, start in self._headers]
        )
        body = b64encode(body_hash)
        made = b""
        for key, opening, relaxed in self._keys:
            value = b64encode(key.sign(headers + relaxed + body + b"; b=")).decode("ascii")
            made += opening + body + b";\r\n b=" + "\r\n ".join(re.findall(".{1,72}", value)).encode("ascii") + b"\r\n"
        return made


def _openings(domain: str, key: SigningKey, names: Sequence[str]) -> tuple[bytes, bytes]:
    """A signature's header up to the body hash, as it is sent and as it is signed."""
    listed = [*names, *SEALED]
    lines = [
        f"v=1; a={key.algorithm}; c=relaxed/relaxed; d={domain};",
        f"s={key.selector};",
        "h=" + ":\r\n ".join(":".join(listed[at : at + 4]) for at in range(0, len(listed), 4)) + ";",
        "bh=",
    ]
    value = "\r\n ".join(lines).encode("ascii")
    return b"DKIM-Signature: " + value, relaxed_header("DKIM-Signature", value).removesuffix(b"\r\n")


def relaxed_header(name: str, value: bytes) -> bytes:
    r"""A header in relaxed form, with its line end (RFC 6376 section 3.4.2).

    >>> relaxed_header("Subject", b" A  story\r\n of today ")
    b'subject:A story of today\r\n'
    """
    return name.lower().encode("ascii") + b":" + _BLANKS.sub(b" ", _FOLDS.sub(b"", value)).strip(b" ") + b"\r\n"


def relaxed_body(body: bytes) -> bytes:
    """A body in relaxed form (RFC 6376 section 3.4.4); it comes with CRLF at each line's end."""
    body = _BLANKS_AT_END.sub(b"", body)
    body = _BLANKS.sub(b" ", body).rstrip(b"\r\n")
    return body + b"\r\n" if body else b""


# --- Keys ---


def make_key(kind: str) -> PrivateKey:
    """A new key: "rsa" (2048 bits, which everybody verifies) or "ed25519" (short and fast, which few do yet)."""
    if kind == "ed25519":
        return Ed25519PrivateKey.generate()
    return generate_private_key(public_exponent=65_537, key_size=RSA_BITS)


def write_key(key: PrivateKey) -> bytes:
    """The key as an unencrypted PKCS8 PEM file holds it."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def read_key(pem: bytes, passphrase: bytes | None = None) -> PrivateKey:
    """The key in a PEM file (PKCS8, or as OpenSSL wrote RSA keys before); raises DkimKeyRefusedError."""
    try:
        key = serialization.load_pem_private_key(pem, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise DkimKeyRefusedError(
            "The DKIM key cannot be read. It must be a private key in PEM, and its passphrase right."
        ) from None
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise DkimKeyRefusedError("The DKIM key is of a kind that DKIM does not know. Use RSA or Ed25519.")
    return key


def load_key(path: Path, passphrase: bytes | None = None) -> PrivateKey:
    """The key in this file; raises DkimKeyRefusedError."""
    try:
        return read_key(path.read_bytes(), passphrase)
    except OSError:
        raise DkimKeyRefusedError(
            f"The DKIM key {path.name} cannot be read. Check that it is there, and yours."
        ) from None


def record_of(key: PrivateKey) -> str:
    """The text of the DNS record (TXT) at `<selector>._domainkey.<domain>`.

    An Ed25519 key stands there as its 32 bytes (RFC 8463 section 4), an RSA key as SubjectPublicKeyInfo.
    """
    if isinstance(key, Ed25519PrivateKey):
        return f"v=DKIM1; k=ed25519; p={b64encode(key.public_key().public_bytes_raw()).decode('ascii')}"
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={b64encode(public).decode('ascii')}"
