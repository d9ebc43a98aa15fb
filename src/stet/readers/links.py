"""Links that open without signing in: a uid, and the proof that this newsroom gave it out for this purpose.

The rules:
 * A token is 44 characters: 22 of the uid, 22 of the first 16 bytes of an HMAC over purpose and uid.
 * A token for one purpose is none for another.
 * A token stays good for as long as the row does, for a reader unsubscribes with a letter of last year too.
 * What is not ours is answered with None, and says nothing about why.
"""

import hmac
from base64 import urlsafe_b64encode
from typing import Literal, get_args
from uuid import UUID

from stet.kit.digests import from_base64url
from stet.kit.keyed import KeyedDigest
from stet.readers.errors import ReaderKeyRefusedError

LINK_TAG = b"stet link 1\0"
KEY_BYTES = 32
PROOF_BYTES = 16
HALF_CHARACTERS = 22

Purpose = Literal["confirm", "manage", "unsubscribe", "change", "portal"]
"""What a link is for, and whose uid it holds: a notice's, a reader's, a subscription's, a notice's, a notice's."""


class Links:
    """The tokens under one key."""

    __slots__ = ("_keyed",)

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ReaderKeyRefusedError(f"A key to sign links has {KEY_BYTES} bytes.")
        self._keyed = {
            purpose: KeyedDigest(key, LINK_TAG + purpose.encode("ascii") + b"\0") for purpose in get_args(Purpose)
        }

    def token(self, purpose: Purpose, uid: UUID) -> str:
        """The token that opens what `purpose` names for `uid`; letters, digits, hyphen and underscore."""
        data = uid.bytes
        # Both halves are coded in one go; filled up to 18 bytes, each is coded as if it stood alone.
        text = urlsafe_b64encode(b"%b\0\0%b\0\0" % (data, self._proof(purpose, data))).decode("ascii")
        return text[:22] + text[24:46]

    def uid(self, purpose: Purpose, token: str) -> UUID | None:
        """The uid in `token`, or None where it was not made by this key for this purpose."""
        if len(token) != 2 * HALF_CHARACTERS:
            return None
        try:
            uid, proof = from_base64url(token[:HALF_CHARACTERS]), from_base64url(token[HALF_CHARACTERS:])
        except ValueError:
            return None
        return UUID(bytes=uid) if hmac.compare_digest(proof, self._proof(purpose, uid)) else None

    def _proof(self, purpose: Purpose, uid: bytes) -> bytes:
        return self._keyed[purpose].of(uid)[:PROOF_BYTES]
