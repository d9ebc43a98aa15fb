"""Claimed copies at hand in this mailroom, by lane, until a connection takes them."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from time import monotonic
from typing import Any

import msgspec

from stet.mailroom.journal import Key
from stet.mailroom.lanes import NOTICES, Lanes

FRESH_SECONDS = 1.0
"""A copy goes out at most this long after somebody last looked whether its reader still wants it."""

MADE_AHEAD = 32
"""How many copies of a lane are made ahead: many in a row cost less than each between two other things to do."""


class Item(msgspec.Struct, gc=False):
    """A claimed copy or notice."""

    key: Key
    lane: str
    dispatch_id: int
    """0 for a notice."""
    what: Any
    """The copy or the notice."""
    seen_at: float
    """By the monotonic clock: when somebody last looked whether it should go."""
    material: Any = None
    """What all copies of the dispatch are made from."""
    made: Any = None
    """Its job, where that was made ahead."""


class Stock:
    """All of it. One thread puts in, several take out."""

    def __init__(self, lanes: Lanes, *, fresh_seconds: float = FRESH_SECONDS) -> None:
        self._lanes = lanes
        self._fresh_seconds = fresh_seconds
        self._items: dict[str, deque[Item]] = {}
        self._order: list[str] = []
        self._turn = 0
        self._lock = threading.Condition()

    def put(self, items: Iterable[Item]) -> None:
        """Take these in, behind what is there."""
        with self._lock:
            for item in items:
                if item.lane not in self._items:
                    self._items[item.lane] = deque()
                    self._order = sorted(self._items, key=lambda lane: (lane != NOTICES, lane))
                self._items[item.lane].append(item)
            self._lock.notify_all()

    def count(self, lane: str) -> int:
        """How many there are in a lane."""
        return len(self._items.get(lane, ()))

    def lanes(self) -> list[str]:
        """The lanes in which there are any, notices left aside."""
        return [name for name, items in list(self._items.items()) if items and name != NOTICES]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(map(len, list(self._items.values())))

    def take(self) -> Item | None:
        """The next one that may go now, or None."""
        at = monotonic()
        with self._lock:
            for name in self._in_turn():
                items = self._items[name]
                if not items or (name != NOTICES and at - items[0].seen_at > self._fresh_seconds):
                    continue
                lane = self._lanes.get(name)
                if self._lanes.is_open(lane, at=at):
                    self._lanes.given(lane, at=at)
                    return items.popleft()
        return None

    def is_unmade(self) -> bool:
        """Whether there is a next one that was not made yet."""
        with self._lock:
            return any(items and items[0].made is None for items in self._items.values())

    def unmade(self, most: int = MADE_AHEAD) -> list[Item]:
        """Where the next one of a lane was not made yet: that, and those behind it."""
        with self._lock:
            lanes = [items for items in self._items.values() if items and items[0].made is None]
            return [item for items in lanes for item in islice(items, most) if item.made is None]

    def _in_turn(self) -> list[str]:
        """Lanes in the order in which they are asked: notices, then the others by turns."""
        if len(self._order) < 2:
            return self._order
        first = [NOTICES] if self._order[0] == NOTICES else []
        others = self._order[len(first) :]
        self._turn = (self._turn + 1) % max(len(others), 1)
        return [*first, *others[self._turn :], *others[: self._turn]]

    def wait(self, seconds: float) -> None:
        """Wait until something is put in, at most so long."""
        with self._lock:
            self._lock.wait(seconds)

    def wake(self) -> None:
        """End all waiting."""
        with self._lock:
            self._lock.notify_all()

    def remove(self, is_gone: Callable[[Item], bool]) -> list[Item]:
        """Take out all for which this holds."""
        with self._lock:
            gone: list[Item] = []
            for name, items in self._items.items():
                out = [item for item in items if is_gone(item)]
                if out:
                    gone += out
                    taken = {item.key for item in out}
                    self._items[name] = deque(item for item in items if item.key not in taken)
            return gone

    def looked_at(self, keys: set[Key]) -> None:
        """Note that somebody looked just now whether these should go."""
        at = monotonic()
        with self._lock:
            for items in self._items.values():
                for item in items:
                    if item.key in keys:
                        item.seen_at = at

    def copies(self, *, seen_before: float) -> list[Item]:
        """The readers' copies at hand that nobody looked at since then."""
        with self._lock:
            of_readers = (items for name, items in self._items.items() if name != NOTICES)
            return [item for items in of_readers for item in items if item.seen_at < seen_before]
