"""How many forms come from one network, so that nobody can flood other people's mailboxes from one place.

The rules:
 * Sixty forms at once, then one a minute. A network that was quiet for an hour is as if it had never come.
 * A network is a /24 (IPv4) or a /48 (IPv6), kept as a digest under a key that this process made up and forgets when
   it ends. Nothing is written anywhere.
 * Nobody is shut out for longer than a minute at a time: behind the exits of Tor, of a mobile carrier or of a school
   stand many people, and the next of them gets through.
 * Confirming, leaving and managing are never limited: what makes no mail to a stranger needs no limit, and mailbox
   providers unsubscribe many readers at once.

What a network is says `stet.kit.networks`. An onion service names none: all its readers together have ten times as
much.
"""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from threading import Lock

from stet.kit.networks import HERE

AT_ONCE = 60
SECONDS_EACH = 60.0
HERE_TIMES = 10
"""How much more the readers together have who come through this machine without a network of their own."""
MOST_NETWORKS = 50_000


class Limits:
    """Counts forms by network, in memory."""

    def __init__(self, now_seconds: Callable[[], float] = time.monotonic) -> None:
        self._now = now_seconds
        self._key = secrets.token_bytes(32)
        self._used: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        """By network: how many forms count still, and as of when; the one that came last is at the end."""
        self._lock = Lock()

    def seconds_to_wait(self, network: str) -> int:
        """Count a form from `network`. 0: it may be taken; else in how many seconds the next one may."""
        times = HERE_TIMES if network == HERE else 1
        mark = hashlib.blake2b(network.encode(), key=self._key, digest_size=16).digest()
        with self._lock:
            now = self._now()
            used, since = self._used.pop(mark, (0.0, now))
            used = max(0.0, used - (now - since) * times / SECONDS_EACH)
            wait = max(0.0, used + 1 - AT_ONCE * times) * SECONDS_EACH / times
            self._used[mark] = (used if wait else used + 1, now)
            self._forget(now)
        return ceil(wait)

    def _forget(self, now: float) -> None:
        """Drop networks that were quiet for an hour, and the quietest where there are too many."""
        while self._used:
            mark, (_used, since) = next(iter(self._used.items()))
            if now - since < AT_ONCE * SECONDS_EACH and len(self._used) <= MOST_NETWORKS:
                return
            del self._used[mark]
