"""The mailroom at work: claims copies, hands them to connections, folds what they hear. Several may share a dispatch.

One thread does it all by turns: as the clerk it speaks with the database, and between it drives all connections to the
mail server (`stet.mailroom.driving`). Only transports that block have threads of their own. Between clerk and
connections are the stock of claimed copies and the journal.

The promises:
 * What is sent was claimed by this mailroom, is named in its journal, and was looked at a moment ago.
 * However it ends, each claimed copy is told of or goes back (`stet.mailroom.journal`).
 * Pausing, cancelling and leaving take effect within a second or two; what is handed over is waited for.
 * Memory does not grow with the number of recipients: a few hundred copies are at hand at a time.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic

from django.db import DatabaseError, close_old_connections

from stet.kit.errors import StetError
from stet.mailroom import notices
from stet.mailroom.addressing import Sender, message_of
from stet.mailroom.claiming import MOVED, claim, gone, is_owed, lanes_of_dispatch, rewrap
from stet.mailroom.driving import Driver
from stet.mailroom.folding import fold
from stet.mailroom.jobs import Gate, Jobs, Material, Shared
from stet.mailroom.journal import Journal, Key, Told
from stet.mailroom.lanes import NOTICES, Lanes
from stet.mailroom.models import Dispatch, Mailroom
from stet.mailroom.planning import begin_due, settle
from stet.mailroom.states import Event
from stet.mailroom.stock import FRESH_SECONDS, Item, Stock
from stet.mailroom.transport import Transport
from stet.readers.lists import Lists

log = logging.getLogger("stet.mailroom")

BATCH = 500
"""How many copies one claim takes at most, where nothing limits the lane."""
RATED_SECONDS = 2.0
"""For how long a claim lasts in a lane that is given only so many a second."""
FOLD_SECONDS = 0.2
"""How long what was heard waits to be folded, where it is little: a transaction costs the same for one as for many."""
STEER_SECONDS = 0.3
"""How often pauses, cancellations and readers who left are looked for."""
LOOK_AFTER_SECONDS = FRESH_SECONDS / 3
"""How long a copy at hand is left before somebody looks again whether its reader still wants it."""
SETTLE_SECONDS = 2.0
"""How often a dispatch without copies at hand is asked whether it is done, if nothing was heard of its copies."""
EMPTY_SECONDS = 1.0
"""How long a lane without copies is left alone before it is asked again."""
SLICE_SECONDS = 0.01
"""For how long connections are driven before the clerk looks again."""
PAUSE_SECONDS = 0.02
"""For how long, where there is nothing to do."""
LOOKED_AT = (Dispatch.State.SENDING, Dispatch.State.PAUSED)
"""Dispatches whose letters are kept ready."""


class Engine:
    """One mailroom's work. `step` is called again and again by one thread, until `stop`."""

    def __init__(
        self,
        *,
        mailroom: Mailroom,
        journal: Journal,
        sender: Sender,
        transports: list[Transport],
        lists: Callable[[], Lists | None] = lambda: None,
        lanes: Lanes | None = None,
        batch: int = BATCH,
    ) -> None:
        self._mailroom = mailroom
        self._journal = journal
        self._sender = sender
        self._lists = lists
        self._batch = batch
        self.lanes = lanes or Lanes()
        self.stock = Stock(self.lanes)
        self.gate = Gate()
        self._materials: dict[int, Material] = {}
        self._live: list[int] = []
        self._steer_at = 0.0
        self._fold_at = 0.0
        self._notices_at = 0.0
        self._has_folded = False
        self._failure: Exception | None = None
        self._pen = journal.pen()
        self._shared = Shared(
            sender=sender, journal=journal, lanes=self.lanes, stock=self.stock, gate=self.gate, lists=lists
        )
        self._driver = self._driver_of([one for one in transports if not one.blocks])
        self._threads = [
            threading.Thread(target=self._serve, args=(self._driver_of([one]),), name="connection", daemon=True)
            for one in transports
            if one.blocks
        ]
        for thread in self._threads:
            thread.start()

    def _driver_of(self, transports: list[Transport]) -> Driver:
        return Driver(transports, Jobs(self._shared), failed=self._failed)

    def _failed(self, error: Exception) -> None:
        self._failure = error
        log.error("A connection stumbled; the mailroom starts anew.", exc_info=error)

    # --- The clerk ---

    def step(self, *, now: datetime | None = None) -> bool:
        """Fold what was heard, look after what changed, claim more, drive connections for a moment.

        Whether there was anything to do; if not, it rested for a moment.

        Raises JournalUnreachableError where a connection could not write to the journal.
        """
        if self._failure is not None:
            raise self._failure
        now = now or datetime.now(UTC)
        self._has_folded = self.fold(now) if monotonic() >= self._fold_at else False
        if monotonic() >= self._steer_at:
            self._steer(now)
        has_claimed = self._claim_notices(now) + sum(self._claim(dispatch, now) for dispatch in list(self._live))
        if has_claimed:
            # The next batch is another dispatch's: a small letter does not wait for a large one.
            self._live = [*self._live[1:], *self._live[:1]]
        has_worked = self._has_folded or bool(has_claimed)
        return bool(self._drive(0 if has_worked else PAUSE_SECONDS)) or has_worked

    def _drive(self, rest_seconds: float) -> int:
        """Drive connections: for a slice while they are busy, else until one of them has something to do."""
        count = self._driver.turn(rest_seconds)
        until = monotonic() + SLICE_SECONDS
        while self._driver.is_busy and (seconds := until - monotonic()) > 0:
            count += self._driver.turn(seconds)
        return count

    def fold(self, now: datetime) -> bool:
        """Bring into the database what connections heard; whether there was anything."""
        self._fold_at = monotonic() + FOLD_SECONDS
        self._pen.flush()
        batch = self._journal.take()
        if batch.told:
            try:
                fold(batch.told, now=now)
            except DatabaseError:
                self._journal.put_back(batch)
                raise
        self._journal.folded(batch)
        rewraps = self._shared.rewraps
        if rewraps:
            rewrap([rewraps.popleft() for _ in range(len(rewraps))])
        return bool(batch.told)

    def _steer(self, now: datetime) -> None:
        """Look for dispatches that begin, pause or end, and for readers who left."""
        self._steer_at = monotonic() + STEER_SECONDS
        begin_due(now=now)
        states = dict(Dispatch.objects.filter(state__in=LOOKED_AT).values_list("pk", "state"))
        self._live = [pk for pk, state in states.items() if state == Dispatch.State.SENDING]
        live = set(self._live)
        self._put_down(self.stock.remove(lambda item: item.lane != NOTICES and item.dispatch_id not in live), now)
        self._look_at_stock(now)
        self.lanes.exchange(now=now)
        closed = {name for name in self.stock.lanes() if self._is_shut(name, now)}
        if closed:
            self._put_down(self.stock.remove(lambda item: item.lane in closed), now)
        for pk in self._materials.keys() - states.keys():
            del self._materials[pk]

    def _is_shut(self, name: str, now: datetime) -> bool:
        """Whether a lane will get nothing for a while."""
        lane = self.lanes.get(name)
        return (lane.waits_until is not None and lane.waits_until > now) or (
            lane.allowance is not None and lane.allowance <= lane.in_flight
        )

    def _put_down(self, items: list[Item], now: datetime) -> None:
        """Give back what is at hand of dispatches that are not sent now; of cancelled ones, skip it."""
        cancelled: set[int] = set()
        if items:
            ids = {item.dispatch_id for item in items}
            cancelled = set(
                Dispatch.objects.filter(pk__in=ids, state=Dispatch.State.CANCELLED).values_list("pk", flat=True)
            )
        for item in items:
            if item.dispatch_id in cancelled:
                self._tell(item.key, Event.SKIPPED, now, code="cancelled")
            else:
                self._tell(item.key, Event.RETURNED, now)

    def _tell(self, key: Key, event: Event, now: datetime, *, code: str = "") -> None:
        self._pen.tell(Told(key, event, int(now.timestamp()), code))

    def _look_at_stock(self, now: datetime) -> None:
        """Look once more whether the readers of the copies at hand still want them."""
        items = self.stock.copies(seen_before=monotonic() - LOOK_AFTER_SECONDS)
        reasons: dict[int, str] = {}
        for start in range(0, len(items), BATCH):
            some = items[start : start + BATCH]
            reasons |= gone({item.key.id: item.what.reader_uid for item in some}, now=now)
        for item in self.stock.remove(lambda item: item.key.kind == "r" and item.key.id in reasons):
            if reasons[item.key.id] == MOVED:
                self._tell(item.key, Event.RETURNED, now)
            else:
                self._tell(item.key, Event.SKIPPED, now, code=reasons[item.key.id])
        self.stock.looked_at({item.key for item in items})

    # --- Claiming ---

    def _claim(self, dispatch_id: int, now: datetime) -> int:
        """Claim copies of a dispatch in each lane that runs out of them; how many."""
        if not self.gate.is_open:
            return 0
        material = self._material(dispatch_id)
        if material is None:
            return 0
        at = monotonic()
        claimed = 0
        for name in material.lanes:
            most = self._wanted(name, now)
            if most <= 0 or material.empty_until.get(name, 0.0) > at:
                continue
            took = self._claim_lane(dispatch_id, material, name, most=most, now=now)
            claimed += took
            if not took:
                material.empty_until[name] = at + EMPTY_SECONDS
        if (
            not claimed
            and not self.stock.total
            and (at >= material.settle_at or (self._has_folded and not is_owed(dispatch_id)))
        ):
            material.settle_at = at + SETTLE_SECONDS
            settle(Dispatch.objects.get(pk=dispatch_id), now=now)
        return claimed

    def _wanted(self, name: str, now: datetime) -> int:
        """How many copies more a lane should have at hand."""
        lane = self.lanes.get(name)
        if self._is_shut(name, now):
            return 0
        most = self._batch
        if lane.rule.per_second:
            most = min(most, max(1, round(lane.rule.per_second * RATED_SECONDS)))
        if lane.allowance is not None:
            most = min(most, lane.allowance - lane.in_flight)
        has = self.stock.count(name)
        return most if has <= most // 2 else 0

    def _claim_lane(self, dispatch_id: int, material: Material, name: str, *, most: int, now: datetime) -> int:
        found = claim(self._mailroom.pk, dispatch_id, name, most=most, now=now, night=material.night(now))
        at = monotonic()
        for id_, attempt, reason in found.skipped:
            self._tell(Key("r", id_, attempt), Event.SKIPPED, now, code=reason)
        self.stock.put(
            Item(Key("r", copy.id, copy.attempt), name, dispatch_id, copy, at, material) for copy in found.copies
        )
        return len(found.copies) + len(found.skipped)

    def _claim_notices(self, now: datetime) -> int:
        if self.stock.count(NOTICES) or monotonic() < self._notices_at or not self.gate.is_open:
            return 0
        found = notices.claim_notices(self._mailroom.pk, now=now)
        at = monotonic()
        if not found:
            self._notices_at = at + STEER_SECONDS
        self.stock.put(Item(Key("n", one.id, one.attempt), NOTICES, 0, one, at) for one in found)
        return len(found)

    def _material(self, dispatch_id: int) -> Material | None:
        """What a dispatch's copies are made from; None where they cannot be made, which pauses it."""
        if dispatch_id not in self._materials:
            dispatch = Dispatch.objects.get(pk=dispatch_id)
            try:
                self._materials[dispatch_id] = self._made_material(dispatch)
            except StetError as error:
                log.error("%s The dispatch is paused.", error)
                reason = str(error)[:300]
                Dispatch.objects.filter(pk=dispatch_id).update(state=Dispatch.State.PAUSED, reason=reason)
                return None
        return self._materials[dispatch_id]

    def _made_material(self, dispatch: Dispatch) -> Material:
        lists = self._lists()
        found = lists.get(dispatch.list_key) if lists else None
        date = max(dispatch.planned_at, dispatch.first_due or dispatch.planned_at)
        message = message_of(dispatch, self._sender, list_name=found.name if found else "", date=date)
        hour, minute = (int(part) for part in dispatch.due[11:].split(":"))
        return Material(message, dispatch.letter, hour, minute, lanes_of_dispatch(dispatch.pk))

    def _serve(self, driver: Driver) -> None:
        """The thread of a transport that blocks."""
        while not self._shared.stopping.is_set() and self._failure is None:
            if not driver.turn(0):
                self.stock.wait(PAUSE_SECONDS)
        driver.close()

    # --- The end ---

    def stop(self) -> None:
        """End in order: what is handed over is waited for, the rest goes back."""
        self._shared.stopping.set()
        self.stock.wake()
        while self._driver.is_busy:
            self._driver.turn(PAUSE_SECONDS)
        self._driver.close()
        for thread in self._threads:
            thread.join()
        now = datetime.now(UTC)
        for item in self.stock.remove(lambda _item: True):
            self._tell(item.key, Event.RETURNED, now)
        while self.fold(now):
            continue
        self.lanes.exchange(now=now)
        for pk in self._live:
            settle(Dispatch.objects.get(pk=pk), now=now)
        close_old_connections()
