"""Readers as the mailroom has them: addresses encrypted at rest, opened one by one while sending."""

import os
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stet.kit.keyed import KeyedDigest
from stet.mailroom.frozen import FrozenMessage, Tokens
from stet.mailroom.mailboxes import MessageIds, return_address
from stet.mailroom.transport import Job, Wire

_FORMAT = b"\x02"
_NONCE_BYTES = 12
_LETTER = UUID(int=0x5EED)


class Sealed(NamedTuple):
    """A reader's row."""

    uid: UUID
    address: bytes


class Opened(NamedTuple):
    """An address in the clear, as long as a copy is made."""

    text: str

    @property
    def local(self) -> str:
        return self.text.rpartition("@")[0]

    @property
    def domain(self) -> str:
        return self.text.rpartition("@")[2]


class Vault:
    """The keys that a run of the benchmark works with."""

    def __init__(self) -> None:
        self._aead = AESGCM(os.urandom(32))
        links = os.urandom(32)
        self._leaving = KeyedDigest(links, b"stet link 1\0unsubscribe\0")
        self._managing = KeyedDigest(links, b"stet link 1\0manage\0")
        self._ids = MessageIds(os.urandom(32), _LETTER, "example.org")

    def sealed(self, count: int) -> Iterator[Sealed]:
        """So many readers, one after the other, as rows of a database come."""
        for number in range(count):
            uid = UUID(int=(0xA << 124) | number)
            nonce = os.urandom(_NONCE_BYTES)
            address = f"reader-{number:07d}@example.com".encode()
            yield Sealed(uid, _FORMAT + nonce + self._aead.encrypt(nonce, address, uid.bytes))

    def job(self, letter: FrozenMessage, reader: Sealed) -> Job:
        """One copy: open the address, make the links, and splice when the transport asks for it."""
        uid, sealed = reader.uid.bytes, reader.address
        to = Opened(self._aead.decrypt(sealed[1:13], sealed[13:], uid).decode("ascii"))
        leave = _token(self._leaving, uid)
        tokens = Tokens(
            to=to,
            message_id=self._ids.of(uid),
            unsubscribe_url=f"https://post.example.org/u/{leave}",
            manage_url=f"https://post.example.org/m/{_token(self._managing, uid)}",
            unsubscribe_mailto=f"leave+{leave}@post.example.org",
        )
        return Job(
            key=reader.uid,
            envelope_from=return_address("bounces@example.org", leave[22:]),
            envelope_to=to.text,
            make=_maker(letter, tokens),
        )

    def jobs(self, letter: FrozenMessage, readers: Iterable[Sealed]) -> Iterator[Job]:
        """Jobs as a transport pulls them."""
        for reader in readers:
            yield self.job(letter, reader)


def _token(digest: KeyedDigest, uid: bytes) -> str:
    # Filled up to 18 bytes, each half is coded as if it stood alone.
    text = urlsafe_b64encode(uid + b"\0\0" + digest.of(uid)[:16])
    return (text[:22] + text[24:46]).decode("ascii")


def _maker(letter: FrozenMessage, tokens: Tokens) -> Callable[[], Wire]:
    return lambda: letter.copy_for(tokens)
