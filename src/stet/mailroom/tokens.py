"""Tokens in return addresses: which copy came back, told to nobody else.

The rules:
 * A token is 32 hexadecimal digits, for some mail servers change the case of what stands before the @.
 * It is one enciphered block (AES-256): a kind, a row's number, and zeros that prove that it is ours. It shows neither
   how many readers there are nor which one it is, and cannot be made without the key.
 * It stays good for as long as the row does.
"""

import hmac
from typing import Literal
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

TokenKind = Literal["r", "n", "u"]
"""A recipient's bounce, a notice's bounce, or a recipient who leaves by mail."""

_TAG = b"stet return address 1"
_ZEROS = bytes(7)
_KINDS: dict[str, TokenKind] = {"r": "r", "n": "n", "u": "u"}


class Tokens:
    """The tokens under one key. For one thread."""

    __slots__ = ("_decipher", "_encipher")

    def __init__(self, key: bytes) -> None:
        # One block under a key of its own is a permutation: nothing is chained, so there is no mode to choose wrong.
        cipher = Cipher(AES(hmac.digest(key, _TAG, "sha256")), ECB())  # noqa: S305
        self._encipher, self._decipher = cipher.encryptor(), cipher.decryptor()

    def token(self, kind: TokenKind, id_: int) -> str:
        """The token for a row."""
        block = kind.encode("ascii") + id_.to_bytes(8, "big") + _ZEROS
        return self._encipher.update(block).hex()

    def read(self, token: str) -> tuple[TokenKind, int] | None:
        """The kind and the row of a token; None where it is not ours."""
        try:
            sealed = bytes.fromhex(token)
        except ValueError:
            return None
        if len(sealed) != 16:
            return None
        block = self._decipher.update(sealed)
        kind = _KINDS.get(chr(block[0])) if block[9:] == _ZEROS else None
        return (kind, int.from_bytes(block[1:9], "big")) if kind else None


def message_id_key(key: bytes) -> bytes:
    """The key under which Message-IDs are made."""
    return hmac.digest(key, b"stet message ids 1", "sha256")


NOTICES = UUID(int=0)
"""Stands for the letter in the Message-ID of a notice."""
