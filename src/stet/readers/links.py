"""Links that open without signing in: a uid, and the proof that this newsroom gave it out for this purpose.

The rules:
 * A token is 44 characters: 22 of the uid, 22 of the first 16 bytes of an HMAC over purpose and uid.
 * A token for one purpose is none for another.
 * A token stays good for as long as the row does, for a reader unsubscribes with a letter of last year too.
 * What is not ours is answered with None, and says nothing about why.
"""

import hashlib
import hmac
from typing import Literal
from uuid import UUID

from stet.kit.digests import from_base64url, to_base64url
from stet.readers.errors import ReaderKeyRefusedError

LINK_TAG = b"stet link 1\0"
KEY_BYTES = 32
PROOF_BYTES = 16
HALF_CHARACTERS = 22

Purpose = Literal["confirm", "manage", "unsubscribe", "change"]
"""What a link is for, and whose uid it holds: a notice's, a reader's, a subscription's, a notice's."""


class Links:
    """The tokens under one key."""

    __slots__ = ("_keyed",)

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ReaderKeyRefusedError(f"A key to sign links has {KEY_BYTES} bytes.")
        self._keyed = hmac.new(key, LINK_TAG, hashlib.sha256)

    def token(self, purpose: Purpose, uid: UUID) -> str:
        """The token that opens what `purpose` names for `uid`; letters, digits, hyphen and underscore."""
        return to_base64url(uid.bytes) + to_base64url(self._proof(purpose, uid.bytes))

    def uid(self, purpose: Purpose, token: str) -> UUID | None:
        """The uid in `token`, or None where it was not made by this key for this purpose."""
        if len(token) != 2 * HALF_CHARACTERS:
            return None
        try:
            uid, proof = from_base64url(token[:HALF_CHARACTERS]), from_base64url(token[HALF_CHARACTERS:])
        except ValueError:
            return None
        return UUID(bytes=uid) if hmac.compare_digest(proof, self._proof(purpose, uid)) else None

    def _proof(self, purpose: str, uid: bytes) -> bytes:
        keyed = self._keyed.copy()
        keyed.update(purpose.encode("ascii") + b"\0" + uid)
        return keyed.digest()[:PROOF_BYTES]
