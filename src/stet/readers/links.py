"""Links that open without signing in: a uid, and the proof that this newsroom gave it out for this purpose.

The rules:
 * A token is 44 characters: 22 of the uid, 22 of the first 16 bytes of an HMAC over purpose and uid.
 * A token for one purpose is none for another.
 * A token stays good for as long as the row does, for a reader unsubscribes with a letter of last year too.
 * What is not ours is answered with None, and says nothing about why.
 * Some words can travel in a link instead of standing in a row: enciphered and proved (RFC 5297), always as long.
"""

import hmac
from base64 import urlsafe_b64encode
from typing import Literal, get_args
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from stet.kit.digests import from_base64url, to_base64url
from stet.kit.keyed import KeyedDigest
from stet.readers.errors import ReaderKeyRefusedError

LINK_TAG = b"stet link 1\0"
KEY_BYTES = 32
PROOF_BYTES = 16
HALF_CHARACTERS = 22
WORDS_TAG = b"stet words in a link 1"
WORDS_BYTES = 47
"""What the words are filled up to, so that a link does not tell how many there are: 84 characters."""

Purpose = Literal["confirm", "manage", "unsubscribe", "change", "portal", "receipt", "remind"]
"""What a link is for, and whose uid it holds: a notice's, a reader's, a subscription's, a notice's, a notice's, a
notice's, a reminder's."""

PLACES: dict[Purpose, str] = {"portal": "my-gift"}
"""Where the frontdesk's page for a purpose is, if it is not called as the purpose is."""


class Links:
    """The tokens under one key."""

    __slots__ = ("_keyed", "_words")

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ReaderKeyRefusedError(f"A key to sign links has {KEY_BYTES} bytes.")
        self._keyed = {
            purpose: KeyedDigest(key, LINK_TAG + purpose.encode("ascii") + b"\0") for purpose in get_args(Purpose)
        }
        self._words = AESSIV(hmac.digest(key, WORDS_TAG, "sha512"))

    def token(self, purpose: Purpose, uid: UUID | bytes) -> str:
        """The token that opens what `purpose` names for `uid`; letters, digits, hyphen and underscore."""
        data = uid if isinstance(uid, bytes) else uid.bytes
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

    def with_words(self, words: str) -> str:
        """A token that says `words` (ASCII, 47 characters at most) to this key alone; for the same words the same."""
        data = words.encode("ascii")
        if len(data) > WORDS_BYTES:
            raise ValueError("These are too many words for a link.")
        return to_base64url(self._words.encrypt(data.ljust(WORDS_BYTES, b"\0"), [WORDS_TAG]))

    def words(self, token: str) -> str | None:
        """The words in a token that `with_words` made, or None."""
        try:
            data = self._words.decrypt(from_base64url(token[: 4 * WORDS_BYTES]), [WORDS_TAG])
        except (ValueError, InvalidTag):
            return None
        return data.rstrip(b"\0").decode("ascii")

    def _proof(self, purpose: Purpose, uid: bytes) -> bytes:
        return self._keyed[purpose].of(uid)[:PROOF_BYTES]
