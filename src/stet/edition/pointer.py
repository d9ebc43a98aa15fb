"""The pointer (edition.json): which edition is current, until when, and the signature that says so.

The rules:
 * `seq` only grows, by every print and by every renewal.
 * A pointer expires 72 hours after it was published; it is renewed hourly, also when nothing changed.
 * `root` is the manifest's root, `files` the number of its sheets; together they fix every sheet of the edition.
 * `prev` is the tagged digest of the pointer before it.
 * A signature file holds lines of key id and signature: one for this pointer and one for the one before it, so that it
   fits whichever of them is read beside it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from stet.edition.errors import EditionBrokenError
from stet.edition.keys import Signer, is_signed, key_id
from stet.kit import canonical
from stet.kit.clock import read_moment, write_moment
from stet.kit.digests import from_base64url, hex_digest, is_hex_digest, tagged, to_base64url

POINTER_TAG = "stet/1 pointer"
LIFETIME = timedelta(hours=72)


class Pointer(msgspec.Struct, frozen=True, kw_only=True):
    """What edition.json says."""

    site: str
    seq: int
    published: datetime
    expires: datetime
    files: int
    root: str
    prev: str | None
    """None in the site's first edition."""

    def to_bytes(self) -> bytes:
        """The canonical bytes of edition.json."""
        return canonical.write(
            {
                "v": 1,
                "site": self.site,
                "seq": self.seq,
                "published": write_moment(self.published),
                "expires": write_moment(self.expires),
                "files": self.files,
                "root": self.root,
                "prev": self.prev,
            }
        )

    @classmethod
    def from_bytes(cls, file: bytes) -> "Pointer":
        """What an edition.json says, its signature not looked at; raises EditionBrokenError."""
        try:
            fields = canonical.read(file)
            pointer = _read_pointer(fields)
            is_whole = pointer.to_bytes() == file
        except (canonical.CanonicalError, ValueError, KeyError, TypeError) as error:
            raise EditionBrokenError("The edition's pointer is cut off, or not written as a pointer.") from error
        if not is_whole:
            raise EditionBrokenError("The edition's pointer says more than a pointer says.")
        return pointer

    @property
    def digest(self) -> str:
        """What the next pointer calls `prev`."""
        return hex_digest(POINTER_TAG, self.to_bytes())


def follows(pointer: Pointer, coming: Pointer) -> bool:
    """Whether `coming` may be on its way where `pointer` stands. A mirror that missed editions goes several at once.

    The next one says by `prev` what it follows; of later ones only their number can be compared.
    """
    if coming.seq == pointer.seq + 1:
        return coming.prev == pointer.digest
    return coming.seq > pointer.seq


def signature_line(pointer: Pointer, signer: Signer) -> bytes:
    """One line of edition.json.sig."""
    signature = signer.sign(tagged(POINTER_TAG, pointer.to_bytes()))
    return f"{signer.key_id} {to_base64url(signature)}\n".encode("ascii")


def matching_line(pointer: Pointer, signature_file: bytes, edition_keys: Iterable[bytes]) -> bytes | None:
    """The line of a signature file by which one of `edition_keys` vouches for `pointer`; None when none does."""
    keys = {key_id(key): key for key in edition_keys}
    message = tagged(POINTER_TAG, pointer.to_bytes())
    for line in signature_file.splitlines(keepends=True)[:8]:
        name, _space, text = line.decode("ascii", "replace").rstrip("\n").partition(" ")
        try:
            signature = from_base64url(text)
        except ValueError:
            continue
        if name in keys and is_signed(keys[name], signature, message):
            return line
    return None


def _read_pointer(fields: dict[str, Any]) -> Pointer:
    digests = [fields["site"], fields["root"]] + ([] if fields["prev"] is None else [fields["prev"]])
    if not all(is_hex_digest(text) for text in digests):
        raise ValueError("Not digests.")
    numbers = (fields["seq"], fields["files"])
    if any(type(number) is not int or number < 0 for number in numbers):
        raise ValueError("Not whole numbers.")
    return Pointer(
        site=fields["site"],
        seq=fields["seq"],
        published=read_moment(fields["published"]),
        expires=read_moment(fields["expires"]),
        files=fields["files"],
        root=fields["root"],
        prev=fields["prev"],
    )
