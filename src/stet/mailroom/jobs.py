"""Makes jobs of the copies at hand, and tells the journal, the lanes and the gate what became of them."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic, time
from uuid import UUID

from stet.mailroom import notices
from stet.mailroom.addressing import Addressing, Sender
from stet.mailroom.claiming import Copy
from stet.mailroom.errors import JournalUnreachableError, MailAddressRefusedError, MessageRefusedError
from stet.mailroom.frozen import FrozenMessage
from stet.mailroom.journal import Journal, Key, Told
from stet.mailroom.lanes import NOTICES, Lanes
from stet.mailroom.pace import quiet_until
from stet.mailroom.states import Event
from stet.mailroom.stock import MADE_AHEAD, Item, Stock
from stet.mailroom.transport import Job, Kind, Outcome, Step
from stet.readers.addresses import Address
from stet.readers.errors import SealBrokenError
from stet.readers.lists import Lists
from stet.readers.sealing import is_wrapped

log = logging.getLogger("stet.mailroom")

PAUSES_SECONDS = (1, 2, 5, 10, 30, 60)
"""How long connections wait after failures in a row."""
EVENTS: dict[Kind, Event] = {
    Kind.DEFERRED: Event.DEFERRED,
    Kind.REFUSED: Event.REFUSED,
    Kind.UNCERTAIN: Event.UNCERTAIN,
    Kind.NOT_SENT: Event.RETURNED,
}


@dataclass(slots=True)
class Material:
    """What a dispatch's copies are made from, and where its lanes stand."""

    message: FrozenMessage
    letter: UUID
    hour: int
    minute: int
    lanes: list[str]
    empty_until: dict[str, float] = field(default_factory=dict)
    settle_at: float = 0.0

    def night(self, now: datetime) -> Callable[[datetime], datetime | None]:
        """When a reader's night ends, by the moment at which the copy was due."""
        return lambda due: quiet_until(due, hour=self.hour, minute=self.minute, now=now)


class Gate:
    """Says when the mail server may be tried again, after it failed. For several threads."""

    def __init__(self) -> None:
        self._failures = 0
        self._shut_until = 0.0
        self._lock = threading.Lock()
        self.reason = ""

    @property
    def is_open(self) -> bool:
        """Whether it may be tried."""
        return monotonic() >= self._shut_until

    def failed(self, reason: str) -> None:
        """Note a failure; those of several connections at once count as one."""
        with self._lock:
            if not self.is_open:
                return
            pause = PAUSES_SECONDS[min(self._failures, len(PAUSES_SECONDS) - 1)]
            self._failures += 1
            self._shut_until = monotonic() + pause
            if reason != self.reason:
                log.warning("%s", reason)
            self.reason = reason

    def worked(self) -> None:
        """Note that the server did its part."""
        if self._failures:
            self._failures, self.reason = 0, ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What all threads of a mailroom have in common."""

    sender: Sender
    journal: Journal
    lanes: Lanes
    stock: Stock
    gate: Gate
    lists: Callable[[], Lists | None]
    rewraps: deque[tuple[int, bytes, bytes]] = field(default_factory=deque)
    """Addresses to be stored in the form that opens quickly."""
    stopping: threading.Event = field(default_factory=threading.Event)


class Jobs:
    """The jobs of one thread's transports."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._stock, self._lanes, self._sender = shared.stock, shared.lanes, shared.sender
        self._addressing = Addressing(shared.sender)
        self.gate, self.pen = shared.gate, shared.journal.pen()

    def has_work(self) -> bool:
        """Whether there are copies, and the mail server may be tried."""
        return bool(self._stock.total) and self.gate.is_open and not self._shared.stopping.is_set()

    def is_behind(self) -> bool:
        """Whether a copy that goes next was not made yet."""
        return self._stock.is_unmade()

    def prepare(self, most: int = MADE_AHEAD) -> None:
        """Make copies ready that will go soon."""
        for item in self._stock.unmade(most):
            item.made = self._made(item)

    def pull(self, pulled: dict[Key, Item]) -> Iterator[Job]:
        """Jobs until there are none that may go now; those that were pulled are noted."""
        while not self._shared.stopping.is_set():
            item = self._stock.take()
            if item is None:
                return
            if item.made is None:
                item.made = self._made(item)
                self.prepare()
            made: Job | str = item.made
            if isinstance(made, str):
                # A copy that cannot be addressed: nobody is asked.
                self.pen.tell(Told(item.key, Event.REFUSED, int(time()), made))
                self._lanes.answered(self._lanes.get(item.lane), code=0, enhanced="")
            else:
                pulled[item.key] = item
                yield made

    def _made(self, item: Item) -> Job | str:
        """The job, or why there can be none."""
        try:
            return self._notice(item) if item.lane == NOTICES else self._copy(item)
        except SealBrokenError:
            return "seal"
        except (MailAddressRefusedError, MessageRefusedError):
            return "address"

    def _notice(self, item: Item) -> Job:
        owed: notices.OwedNotice = item.what
        if owed.sealed_own is None:
            address = self._opened(owed.reader_id, owed.sealed, owed.reader_uid)
        else:
            address = self._sender.opener.open(owed.sealed_own, uid=owed.reader_uid)
        return notices.job_of(item.key, owed, address, self._sender, self._addressing, self._shared.lists())

    def _copy(self, item: Item) -> Job:
        copy: Copy = item.what
        material: Material = item.material
        address = self._opened(copy.reader_id, copy.sealed, copy.reader_uid)
        own = self._addressing.own(
            to=address,
            letter=material.letter,
            recipient_id=copy.id,
            reader=copy.reader_uid,
            subscription=copy.subscription_uid,
        )
        wire = material.message.copy_for(own)
        return Job(
            key=item.key,
            envelope_from=self._addressing.return_address(copy.id),
            envelope_to=address.text,
            make=lambda: wire,
        )

    def _opened(self, reader_id: int, sealed: bytes, uid: UUID | bytes) -> Address:
        """A reader's address; brought into the form that opens quickly."""
        address = self._sender.opener.open(sealed, uid=uid)
        if not is_wrapped(sealed):
            self._shared.rewraps.append((reader_id, sealed, self._sender.opener.rewrap(address, uid=uid)))
        return address

    def heard(self, item: Item, outcome: Outcome) -> None:
        """Tell what became of a copy."""
        lane = self._lanes.get(item.lane)
        if outcome.kind is Kind.ACCEPTED:
            self.gate.worked()
            self.pen.tell(Told(item.key, Event.ACCEPTED, int(time()), queue_id=outcome.queue_id))
            self._lanes.answered(lane, code=outcome.code, enhanced="")
            return
        event = EVENTS[outcome.kind]
        if event in (Event.REFUSED, Event.DEFERRED) and outcome.step is Step.MAIL:
            # What a server says to MAIL is about the sender: nobody's copy is to blame.
            self.gate.failed(f"The mail server does not take the sender ({outcome.code} {outcome.enhanced}).")
            event = Event.RETURNED
        code = f"{outcome.code} {outcome.enhanced}".strip() if outcome.code else ""
        self.pen.tell(Told(item.key, event, int(time()), code))
        is_about_copy = event is not Event.RETURNED
        self._lanes.answered(
            lane, code=outcome.code if is_about_copy else 0, enhanced=outcome.enhanced if is_about_copy else ""
        )

    def heard_nothing(self, pulled: dict[Key, Item]) -> None:
        """Tell of copies whose run ended without a word about them: the journal knows whether they were handed over."""
        for key, item in pulled.items():
            event = Event.UNCERTAIN if self._shared.journal.is_open(key) else Event.RETURNED
            self.pen.tell(Told(key, event, int(time())))
            self._lanes.answered(self._lanes.get(item.lane), code=0, enhanced="")
        pulled.clear()
        with suppress(JournalUnreachableError):  # Then the replay says the same, or that it is uncertain.
            self.pen.flush()
