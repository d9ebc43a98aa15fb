"""The process `mirrors`: each mirror follows the edition in a thread of its own, and is looked at from outside.

The promises:
 * An edition is carried as soon as it stands; of several in a row the newest.
 * One mirror that hangs, fails or is slow delays neither the others nor the press. It is looked at in a thread of its
   own: one whose address is blocked is carried to all the same.
 * After a failure the pause doubles, with jitter, up to a quarter of an hour; a success, a change of its entry in the
   register or somebody's asking ends it. An edition that is just being printed is no failure.
 * A mirror is looked at a moment after each sync (caches), then every quarter of an hour; one that is not as it should
   be after pauses that grow, to an hour at most where it is broken or does not answer.
 * Told to stop, a sync ends before its next file; the mirror stands as one edition or between two, and is mended by the
   next sync.

No database, no signing key. Logs name a mirror by its name; no host stands in them.
"""

import logging
import math
import random
import time
import traceback
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

from stet.kit.errors import StetError
from stet.mirrors.asking import Wish, asked
from stet.mirrors.carrying import Home, carry, look_at
from stet.mirrors.checks import Check, State
from stet.mirrors.errors import EditionMovedError, MirrorBusyError, RegisterBrokenError
from stet.mirrors.register import Mirror, files_of, read_register, secrets_file
from stet.mirrors.sync import awaits_copies

log = logging.getLogger("stet.mirrors")

Stamp = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long things are waited for, in seconds."""

    look: float = 0.25
    """Between two looks at the edition's pointer, the register and what was asked for."""
    retry: float = 5.0
    """After the first failure."""
    longest_retry: float = 15 * 60.0
    printing: float = 1.0
    """While an edition is being printed, or somebody else carries."""
    cache: float = 5.0
    """Between a sync and the look that follows it."""
    check: float = 15 * 60.0
    longest_check: float = 60 * 60.0
    """For a mirror that is broken or does not answer."""
    copies: float = 20.0
    """Until compressed copies are carried that the press had not made yet."""
    end: float = 8.0
    """For everything to come to its end, told to stop."""


LONGEST_WAIT_SECONDS = 60.0
"""After so long a thread looks at the clock anew, whatever it waits for."""


class StoppedError(BaseException):
    """A sync is left because the process ends, or its mirror retired. It is no failure that anybody may catch."""


def now() -> datetime:
    """The machine's time."""
    return datetime.now(UTC)


def follow(home: Home, stop: Event, *, pace: Pace | None = None) -> bool:
    """Carry and look until `stop`; whether everything came to its end in time."""
    pace = pace or Pace()
    carriers: dict[str, Carrier] = {}
    ending: list[Carrier] = []
    entries: _Entries = _Entries(home.folder)
    edition: Stamp = ()
    while True:
        for name, key in entries.changed():
            if name in carriers:
                ending.append(carriers.pop(name).told_to_end())
            if key is not None:
                carriers[name] = Carrier(home, key, pace).started()
        stamp = stamp_of(home.site / ".well-known/stet/edition.json")
        if stamp != edition:
            edition = stamp
            for carrier in carriers.values():
                carrier.wake.set()
        for name, carrier in carriers.items():
            if wishes := asked(home.folder, name):
                carrier.ask(wishes)
        if stop.wait(pace.look):
            break
    ending += [carrier.told_to_end() for carrier in carriers.values()]
    deadline = time.monotonic() + pace.end
    return not [carrier for carrier in ending if not carrier.has_ended(deadline)]


class _Entries:
    """The live mirrors of the register, as they were when it was last read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp: Stamp | None = None
        self._known: dict[str, tuple[Mirror, Stamp]] = {}

    def changed(self) -> list[tuple[str, Mirror | None]]:
        """Mirrors whose entry or secrets changed, with None for those that are gone or retired."""
        stamp = stamp_of(self._folder / "mirrors.json")
        if stamp != self._stamp:
            try:
                mirrors = read_register(self._folder).live()
            except (RegisterBrokenError, OSError):
                log.error("mirrors.json cannot be read; what was known before is carried on with.")
                mirrors = tuple(mirror for mirror, _secrets in self._known.values())
            self._stamp = stamp
        else:
            mirrors = tuple(mirror for mirror, _secrets in self._known.values())
        found = {mirror.name: (mirror, stamp_of(secrets_file(self._folder, mirror.name))) for mirror in mirrors}
        before, self._known = self._known, found
        gone: list[tuple[str, Mirror | None]] = [(name, None) for name in before if name not in found]
        return gone + [(name, entry[0]) for name, entry in found.items() if before.get(name) != entry]


def stamp_of(file: Path) -> Stamp:
    """What changes when a file is replaced; nothing where there is none."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_ino, found.st_size


@dataclass(slots=True)
class Pause:
    """A pause that doubles with each failure in a row, with jitter."""

    first: float
    longest: float
    failures: int = 0

    def next(self) -> float:
        """Count a failure; how long to wait."""
        base = min(self.first * 2.0**self.failures, self.longest)
        self.failures = min(self.failures + 1, 30)
        return base * random.uniform(0.8, 1.2)  # noqa: S311 - only so that several do not come at once

    def reset(self) -> None:
        """Forget failures."""
        self.failures = 0


@dataclass(slots=True)
class Carrier:
    """One mirror's thread."""

    home: Home
    mirror: Mirror
    pace: Pace
    wake: Event = field(default_factory=Event)
    _end: Event = field(default_factory=Event)
    _thread: Thread | None = None
    _eyes: Thread | None = None
    _carried: Stamp = ()
    _carry_at: float = 0.0
    """When it may be carried again; a pause after failures."""
    _copies_at: float = math.inf
    """When compressed copies are carried that were not there yet; a new edition does not wait for it."""
    _check_at: float = field(init=False)
    _failing: Pause = field(init=False)
    _copies: Pause = field(init=False)
    _checking: Pause = field(init=False)
    _wishes: set[Wish] = field(default_factory=set)
    _told: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        self._failing = Pause(self.pace.retry, self.pace.longest_retry)
        self._copies = Pause(self.pace.copies, self.pace.longest_check)
        self._checking = Pause(self.pace.cache, self.pace.longest_check)
        self._check_at = time.monotonic() + self.pace.cache  # what is new is carried to first

    # --- Told from outside ---

    def started(self) -> "Carrier":
        """Begin."""
        self._thread = Thread(target=self._run, name=f"mirror {self.mirror.name}", daemon=True)
        self._thread.start()
        return self

    def ask(self, wishes: frozenset[Wish]) -> None:
        """Do something now."""
        self._wishes |= wishes
        self.wake.set()

    def told_to_end(self) -> "Carrier":
        """Come to an end soon."""
        self._end.set()
        self.wake.set()
        return self

    def has_ended(self, deadline: float) -> bool:
        """Whether it came to its end, by then at the latest."""
        threads = [thread for thread in (self._thread, self._eyes) if thread is not None]
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    # --- In its own thread ---

    def _run(self) -> None:
        while not self._end.is_set():
            self.wake.clear()
            try:
                self._turn()
            except StoppedError:
                return
            except Exception as error:
                self._tell_of(error)
                self._carry_at = self._copies_at = time.monotonic() + self._failing.next()
            due = min(self._check_at, self._copies_at if self._is_carried() else self._carry_at)
            self.wake.wait(min(max(self.pace.look, due - time.monotonic()), LONGEST_WAIT_SECONDS))

    def _turn(self) -> None:
        wishes, self._wishes = self._wishes, set()
        if Wish.CARRY in wishes:
            self._failing.reset()
            self._carry_at, self._carried = 0.0, ()
        if time.monotonic() >= (self._copies_at if self._is_carried() else self._carry_at):
            self._carry()
        if wishes:
            self._check_at = 0.0
        is_looking = self._eyes is not None and self._eyes.is_alive()
        if time.monotonic() >= self._check_at and not is_looking:
            self._check_at = math.inf
            self._eyes = Thread(target=self._check, name=f"look at {self.mirror.name}", daemon=True)
            self._eyes.start()

    def _is_carried(self) -> bool:
        """Whether what stands here was carried; what nothing is put to never lacks anything."""
        return not self.mirror.target or self._carried == self._edition()

    def _edition(self) -> Stamp:
        return stamp_of(self.home.site / ".well-known/stet/edition.json")

    def _carry(self) -> None:
        stamp = self._edition()
        if not stamp:
            self._carry_at = time.monotonic() + self.pace.printing  # nothing is printed yet
            return
        try:
            carry(self.home, self.mirror, now=now, on_step=self._on_step, busy_seconds=0.0)
        except (EditionMovedError, MirrorBusyError) as error:
            self._carry_at = self._copies_at = time.monotonic() + self.pace.printing
            if isinstance(error, MirrorBusyError):  # what somebody else is at is looked at afterwards
                self._check_at = max(self._check_at, time.monotonic() + self.pace.cache)
        except StetError as error:
            pause = self._failing.next()
            self._carry_at = self._copies_at = time.monotonic() + pause
            log.log(
                logging.WARNING if self._failing.failures == 1 else logging.INFO,
                "Mirror %s: %s It is tried again in %.0f s.", self.mirror.name, error, pause,
            )  # fmt: skip
        else:
            if self._failing.failures:
                log.warning("Mirror %s: the edition is carried there again.", self.mirror.name)
            self._failing.reset()
            self._carry_at = 0.0
            is_new, self._carried = stamp != self._carried, stamp
            if is_new:
                self._copies.reset()
                self._checking.reset()
                self._check_at = time.monotonic() + self._checking.next()
            self._await_copies()

    def _await_copies(self) -> None:
        is_waiting = awaits_copies(files_of(self.home.folder, self.mirror.name))
        self._copies_at = time.monotonic() + self._copies.next() if is_waiting else math.inf

    def _check(self) -> None:
        """Look, in another thread: a mirror that does not answer may still be carried to."""
        try:
            pause = self._looked()
        except Exception as error:
            self._tell_of(error)
            pause = self._checking.next()
        self._check_at = min(self._check_at, time.monotonic() + pause)  # a sync may have asked for a look meanwhile
        self.wake.set()

    def _looked(self) -> float:
        """Look; when to look again."""
        found = look_at(self.home, self.mirror, now=now)
        self._tell(found)
        if found.state in (State.CURRENT, State.UNKNOWN):
            self._checking.reset()
            return self.pace.check
        pause = self._checking.next()
        return min(pause, self.pace.check) if found.state is State.BEHIND else pause

    def _tell(self, found: Check) -> None:
        """Log a change for the worse, and the end of it."""
        state = (found.state.value, found.problem)
        is_passing = found.state is State.BEHIND and self._checking.failures < 2  # a cache, or a sync that goes on
        if state == self._told or found.state is State.UNKNOWN or is_passing:
            return
        is_first, self._told = not self._told[0], state
        if found.state is State.CURRENT:
            log.log(logging.INFO if is_first else logging.WARNING, "Mirror %s is current.", self.mirror.name)
        else:
            log.warning("Mirror %s is %s. %s", self.mirror.name, found.state.value, found.problem)

    def _tell_of(self, error: Exception) -> None:
        """Log what nobody foresaw. Its words may name a host; its kind and place do not."""
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        log.error("Mirror %s: something nobody foresaw (%s, %s).", self.mirror.name, type(error).__name__, place)

    def _on_step(self, _step: str) -> None:
        if self._end.is_set():
            raise StoppedError
