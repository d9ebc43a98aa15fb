"""How fast gifts may be begun, so that nobody tries stolen cards here by the thousand; it slows, and shuts nobody out.

Whoever tests cards needs a new payment page every few tries. What is counted here are the pages that were begun.

The rules:
 * Calm: a gift begins at once. Ten at once from one network, then one in six minutes; from all together a hundred and
   twenty, then one in five seconds.
 * What is beyond that goes the slow way: a page with one button, which counts only when it is some seconds old. On the
   slow way one network begins one gift in ten seconds or more, the more networks are at it the fewer. So a network
   where nobody began anything lately never waits longer than the least age, whatever others do.
 * Within a network, next is the address at which the last gift on the slow way began longest ago, those where none did
   first; and of one address, whoever has waited longest and still presses. So somebody who shares a network with
   programs waits once for each address of theirs at most, however many programs there are and however long they stay.
 * Where most cards of the last ten minutes were declined, everybody goes the slow way, and slower.
 * Networks, addresses and their digests are as in `limits`: in memory, under a key that ends with the process, for an
   hour.
   Outcomes are counted, never whose they are.
"""

import hashlib
import secrets
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from math import ceil
from threading import Lock
from uuid import UUID

from stet.frontdesk.limits import HERE_TIMES, MOST_NETWORKS
from stet.frontdesk.tokens import Ticket
from stet.kit.networks import HERE, Place
from stet.ledger.giving import Outcomes

NETWORK_AT_ONCE, NETWORK_SECONDS_EACH = 10, 360.0
ALL_AT_ONCE, ALL_SECONDS_EACH = 120, 5.0
HOUR, TEN_MINUTES = 3_600.0, 600.0
LONGEST_TOLD_SECONDS = 120
"""Nobody is told to wait longer at a time; the place is kept for as long again as is told, and a minute."""
KEPT_SECONDS = 60.0
MOST_IN_LINE = 50
"""Of one address; who is beyond that is told to come back, and has no place."""


class Level(IntEnum):
    """How much is amiss."""

    CALM = 0
    """At most a network or all together began many gifts."""
    DECLINED = 1
    """Of twenty cards or more in ten minutes, half were declined."""
    MOSTLY_DECLINED = 2
    """Of forty or more, four fifths."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The slow way at one level."""

    least_age: float
    """How old a page must be, in seconds."""
    seconds_each: float
    """How long all networks on the slow way together wait for each gift; a network waits this times their number."""
    longest: float
    """What a network waits between two gifts at most, in seconds."""


LEAST_GAP_SECONDS = 10.0
PACES = {
    Level.CALM: Pace(5.0, 0.5, 60.0),
    Level.DECLINED: Pace(20.0, 2.0, 180.0),
    Level.MOSTLY_DECLINED: Pace(45.0, 4.0, 300.0),
}
DECLINES = ((Level.MOSTLY_DECLINED, 40, 0.8), (Level.DECLINED, 20, 0.5))
"""From how many cards and which share of them on a level counts, the gravest first."""


@dataclass(slots=True)
class Bucket:
    """How many gifts count still; one less each `seconds_each`."""

    at_once: float
    seconds_each: float
    used: float = 0.0
    since: float = 0.0

    def is_full(self, now: float) -> bool:
        """Whether one more is too many at this moment."""
        self.used = max(0.0, self.used - (now - self.since) / self.seconds_each)
        self.since = now
        return self.used + 1 > self.at_once

    def add(self) -> None:
        """Count one."""
        self.used += 1


@dataclass(slots=True)
class Network:
    """What is remembered of a network for an hour."""

    bucket: Bucket
    seen: float
    slow_at: float = float("-inf")
    """When the last gift on the slow way began."""
    lines: dict[bytes, dict[UUID, tuple[float, float]]] = field(default_factory=dict)
    """Who pressed and has to press again, by address: when the page was given out, until when the place is kept."""
    slow_by: dict[bytes, float] = field(default_factory=dict)
    """When the last gift on the slow way began at an address; for an hour, and as long as somebody waits there."""
    tidied: float = float("-inf")


class Pressure:
    """Counts the gifts that were begun, in memory."""

    def __init__(self, now_seconds: Callable[[], float] = time.monotonic) -> None:
        self._now = now_seconds
        self._key = secrets.token_bytes(32)
        self._networks: OrderedDict[bytes, Network] = OrderedDict()
        self._all = Bucket(ALL_AT_ONCE, ALL_SECONDS_EACH)
        self._slow: deque[tuple[float, bytes]] = deque()
        """Gifts of the last ten minutes on the slow way, by network."""
        self._slow_networks: Counter[bytes] = Counter()
        self._outcomes: deque[tuple[float, int, int]] = deque()
        self._lock = Lock()

    def note_outcomes(self, *, settled: int, failed: int) -> None:
        """Count cards that were taken and cards that were declined."""
        if settled or failed:
            with self._lock:
                self._outcomes.append((self._now(), settled, failed))

    @property
    def level(self) -> Level:
        """How much is amiss at this moment."""
        with self._lock:
            return self._level(self._now())

    def may_begin_at_once(self, network: str) -> bool:
        """Count a gift from `network` if it may begin without more ado; else it goes the slow way."""
        with self._lock:
            now = self._now()
            known = self._known(network, now)
            # Both are asked, because asking brings a bucket up to date.
            is_full = [known.bucket.is_full(now), self._all.is_full(now)]
            if any(is_full) or self._level(now) is not Level.CALM:
                return False
            known.bucket.add()
            self._all.add()
            return True

    def seconds_to_wait(self, place: Place, ticket: Ticket) -> int:
        """0: the gift on the slow way is counted, and may begin; else in how many seconds to press again."""
        with self._lock:
            now = self._now()
            pace = PACES[self._level(now)]
            if ticket.age_seconds < pace.least_age:
                return ceil(pace.least_age - ticket.age_seconds)
            known, address = self._known(place.network, now), self._mark(place.address)
            gap = self._gap(pace, place.network, now)
            wait = self._before(known, address, ticket, now) * gap + max(0.0, known.slow_at + gap - now)
            if wait <= 0:
                self._begin_slowly(known, place, ticket, now)
                return 0
            told = min(ceil(wait), LONGEST_TOLD_SECONDS)
            line = known.lines.setdefault(address, {})
            if len(line) < MOST_IN_LINE or ticket.uid in line:
                line[ticket.uid] = (now - ticket.age_seconds, now + told + KEPT_SECONDS)
            return told

    def least_seconds(self) -> int:
        """How old a page on the slow way has to be at this moment."""
        return ceil(PACES[self.level].least_age)

    def _before(self, known: Network, address: bytes, ticket: Ticket, now: float) -> int:
        """How many are before this one."""
        if known.tidied != now:
            self._tidy(known, now)
        given = now - ticket.age_seconds
        others = [one for uid, (one, _until) in known.lines.get(address, {}).items() if uid != ticket.uid]
        mine = (known.slow_by.get(address, float("-inf")), min([given, *others]))
        first_of = {
            mark: (known.slow_by.get(mark, float("-inf")), min(given for given, _until in line.values()))
            for mark, line in known.lines.items()
            if line and mark != address
        }
        # Each of my own address who has waited longer costs a whole round.
        rounds = sum(one < given for one in others)
        return sum(first < mine for first in first_of.values()) + rounds * (1 + len(first_of))

    def _tidy(self, known: Network, now: float) -> None:
        """Forget whoever let their time go by."""
        known.tidied = now
        for mark, line in list(known.lines.items()):
            for uid in [uid for uid, (_given, until) in line.items() if until < now]:
                del line[uid]
            if not line:
                del known.lines[mark]
        for mark in [mark for mark, at in known.slow_by.items() if now - at >= HOUR and mark not in known.lines]:
            del known.slow_by[mark]

    def _begin_slowly(self, known: Network, place: Place, ticket: Ticket, now: float) -> None:
        mark, address = self._mark(place.network), self._mark(place.address)
        known.lines.get(address, {}).pop(ticket.uid, None)
        known.slow_at = known.slow_by[address] = now
        self._slow.append((now, mark))
        self._slow_networks[mark] += 1

    def _gap(self, pace: Pace, network: str, now: float) -> float:
        while self._slow and self._slow[0][0] < now - TEN_MINUTES:
            _at, mark = self._slow.popleft()
            self._slow_networks[mark] -= 1
            if not self._slow_networks[mark]:
                del self._slow_networks[mark]
        gap = max(LEAST_GAP_SECONDS, min(pace.longest, pace.seconds_each * len(self._slow_networks)))
        return gap / (HERE_TIMES if network == HERE else 1)

    def _level(self, now: float) -> Level:
        while self._outcomes and self._outcomes[0][0] < now - TEN_MINUTES:
            self._outcomes.popleft()
        failed = sum(outcome[2] for outcome in self._outcomes)
        cards = failed + sum(outcome[1] for outcome in self._outcomes)
        return next(
            (level for level, least, share in DECLINES if cards >= least and failed >= share * cards), Level.CALM
        )

    def _known(self, network: str, now: float) -> Network:
        mark = self._mark(network)
        known = self._networks.pop(mark, None)
        if known is None:
            times = HERE_TIMES if network == HERE else 1
            bucket = Bucket(NETWORK_AT_ONCE * times, NETWORK_SECONDS_EACH / times, since=now)
            known = Network(bucket=bucket, seen=now)
        known.seen = now
        self._networks[mark] = known
        self._forget(now)
        return known

    def _forget(self, now: float) -> None:
        """Drop networks that were quiet for an hour, and the quietest where there are too many."""
        while self._networks:
            mark, known = next(iter(self._networks.items()))
            if now - known.seen < HOUR and len(self._networks) <= MOST_NETWORKS:
                return
            del self._networks[mark]

    def _mark(self, network: str) -> bytes:
        return hashlib.blake2b(network.encode(), key=self._key, digest_size=16).digest()


class Watch:
    """Looks up now and then how first payments went, for `Pressure`."""

    EACH_SECONDS = 10.0

    def __init__(
        self,
        pressure: Pressure,
        outcomes_since: Callable[[int | None], Outcomes],
        now_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pressure = pressure
        self._outcomes_since = outcomes_since
        self._now = now_seconds
        self._place: int | None = None
        self._next = float("-inf")
        self._lock = Lock()

    def look(self) -> None:
        """Count what was told since the last look, which is some seconds ago at least."""
        with self._lock:
            if self._now() < self._next:
                return
            found = self._outcomes_since(self._place)
            self._place, self._next = found.place, self._now() + self.EACH_SECONDS
        self._pressure.note_outcomes(settled=found.settled, failed=found.failed)
