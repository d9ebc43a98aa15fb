"""Tokens in forms that begin a gift: how long ago this process gave the form out, and that it counts once.

The rules:
 * A token says an order's uid and when it was given out, under a key that this process made up and forgets at its end.
 * It is given for all values (a form that is still to be filled in), or for exactly those that stand on the page.
 * It is good for an hour. Used once more with the same values, it leads where it led the first time and begins
   nothing; with others, it is no token.
 * It says nothing about who has it: no network, no browser.
"""

import hmac
import secrets
import struct
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from uuid import UUID, uuid4

from stet.kit.digests import from_base64url, to_base64url
from stet.kit.keyed import KeyedDigest

LIFE_SECONDS = 3_600.0
PROOF_BYTES = 16
HEAD = struct.Struct(">16sd")
MOST_USED = 50_000
ANY = b""
"""In the place of values: the form is still to be filled in."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A token that is ours, and not too old."""

    uid: UUID
    age_seconds: float


class Tokens:
    """Gives out tokens and remembers which were used, in memory."""

    def __init__(self, now_seconds: Callable[[], float] = time.monotonic) -> None:
        self._now = now_seconds
        self._keyed = KeyedDigest(secrets.token_bytes(32), b"stet form 1\0")
        self._used: OrderedDict[UUID, tuple[float, bytes, str]] = OrderedDict()
        """By uid: when it was used, for which values, and where it led; the latest at the end."""
        self._lock = Lock()

    def issue(self, values: bytes = ANY, *, uid: UUID | None = None) -> str:
        """A new token for these values, for a new order or for one that is tried again."""
        head = HEAD.pack((uid or uuid4()).bytes, self._now())
        return to_base64url(head + self._proof(head, values))

    def read(self, token: str, values: bytes) -> Ticket | None:
        """What a token says; None where it is not ours, too old, for other values, or was used with others."""
        try:
            data = from_base64url(token)
            head, proof = data[: HEAD.size], data[HEAD.size :]
            uid, issued = HEAD.unpack(head)
        except (ValueError, struct.error):
            return None
        if not any(hmac.compare_digest(proof, self._proof(head, allowed)) for allowed in (values, ANY)):
            return None
        age = self._now() - issued
        ticket = Ticket(UUID(bytes=uid), age)
        with self._lock:
            used = self._used.get(ticket.uid)
        is_spent = used is not None and used[1] != values
        return ticket if 0 <= age <= LIFE_SECONDS and not is_spent else None

    def led_to(self, ticket: Ticket) -> str:
        """Where a used token led; "" for one that was not used."""
        with self._lock:
            used = self._used.get(ticket.uid)
        return used[2] if used else ""

    def use(self, ticket: Ticket, values: bytes, url: str) -> None:
        """Remember that a token was used, and where it led."""
        with self._lock:
            self._used[ticket.uid] = (self._now(), values, url)
            while self._used:
                uid, (at, _values, _url) = next(iter(self._used.items()))
                if self._now() - at < LIFE_SECONDS and len(self._used) <= MOST_USED:
                    break
                del self._used[uid]

    def _proof(self, head: bytes, values: bytes) -> bytes:
        return self._keyed.of(head + values)[:PROOF_BYTES]
