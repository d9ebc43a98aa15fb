"""What a sink was told to answer otherwise: a script, for tests and rehearsals of what servers do."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class At(Enum):
    """The moment at which a sink does something."""

    CONNECT = "connect"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    MIDDLE = "middle"
    """When the first piece of a body is there."""
    BODY = "body"
    """When a message is there whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripted:
    """One thing that a sink does in place of what it would do."""

    at: At
    who: str = "*"
    """The reader (at MAIL: the sender) in question: an address, "@domain", or "*" for all."""
    says: bytes = b""
    """Goes out as it is, so it need not be a reply. Empty: what it would say anyway, unless it closes."""
    waits_seconds: float = 0
    closes: bool = False
    is_kept: bool = False
    """At BODY: whether the message is kept all the same, as by a server that is cut off when it has taken it."""
    times: int | None = 1
    """None: always."""


class Script:
    """Hands out what was scripted, each thing as often as it says; for several threads at once."""

    def __init__(self, scripted: Iterable[Scripted] = ()) -> None:
        self._scripted = tuple(scripted)
        self._left = [one.times for one in self._scripted]
        self._moments = {one.at for one in self._scripted}
        self._lock = threading.Lock()

    def take(self, at: At, who: str = "") -> Scripted | None:
        """What is scripted for this moment, if anything."""
        if not self._scripted or at not in self._moments:
            return None
        with self._lock:
            for place, one in enumerate(self._scripted):
                left = self._left[place]
                if one.at is at and left != 0 and _is_meant(one.who, who):
                    self._left[place] = None if left is None else left - 1
                    return one
        return None


def _is_meant(who: str, address: str) -> bool:
    return who == "*" or who == address or (who.startswith("@") and address.endswith(who))
