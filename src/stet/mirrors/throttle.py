"""A cap on bandwidth, shared by all connections of a mirror."""

import threading
from collections.abc import Callable
from time import monotonic, sleep


class Throttle:
    """Lets so many bytes a second pass; `spend` waits until there is room. 0 means no cap."""

    def __init__(
        self,
        bytes_per_second: int,
        *,
        clock: Callable[[], float] = monotonic,
        wait: Callable[[float], object] = sleep,
    ) -> None:
        self._rate = bytes_per_second
        self._clock = clock
        self._wait = wait
        self._free_at = clock()
        self._lock = threading.Lock()

    def spend(self, size_bytes: int) -> None:
        """Wait for room for `size_bytes`, then take it. A file larger than a second's worth pays after it went."""
        if not self._rate:
            return
        with self._lock:
            now = self._clock()
            begin = max(now, self._free_at)
            self._free_at = begin + size_bytes / self._rate
        if begin > now:
            self._wait(begin - now)
