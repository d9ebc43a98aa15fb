"""Drives the runs of several transports in one thread: a connection that is slow or silent never holds up another.

The rules:
 * A transport gets a run as soon as there are copies and the mail server may be tried; the run ends when there are none
   that may go now. What it has open stays open for a while.
 * Whoever drives goes on with each run whose file is ready or whose moment has passed, and else makes copies ready.
 * However a run ends, each copy that it pulled is told of.
"""

import logging
import select
from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import Any

from stet.mailroom.errors import ServerRefusedError, ServerUnreachableError
from stet.mailroom.jobs import Jobs
from stet.mailroom.journal import Key
from stet.mailroom.stock import Item
from stet.mailroom.transport import Outcome, Transport, Wait

log = logging.getLogger("stet.mailroom")

IDLE_SECONDS = 30.0
"""After which a connection without work is closed."""
REST_SECONDS = 0.02
"""How long a transport is left alone for which there was no copy that may go now."""
PREPARED = 4
"""How many copies are made at a time while there is nothing else to do: for about as long as a near server thinks."""
LOOK_SECONDS = 0.1
"""How often runs are looked for that waited too long."""


class _Course:
    """A transport, and where it stands."""

    __slots__ = ("busy_at", "count", "file", "is_open", "pulled", "rests_until", "run", "transport", "wait")

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.run: Iterator[Outcome | Wait] | None = None
        self.pulled: dict[Key, Item] = {}
        """What the run has in its hands."""
        self.count = 0
        """How many outcomes the run had."""
        self.wait: Wait | None = None
        self.file = -1
        self.is_open = False
        self.rests_until = self.busy_at = 0.0


class Driver:
    """Some transports, driven by one thread."""

    def __init__(self, transports: Sequence[Transport], jobs: Jobs, *, failed: Callable[[Exception], None]) -> None:
        """`failed` is told what no run should raise: somebody has to begin anew."""
        self._jobs, self._failed = jobs, failed
        self._courses = [_Course(transport) for transport in transports]
        self._poll = select.epoll()
        self._waiting: dict[int, _Course] = {}
        """By the file that each waits for."""
        self._look_at = 0.0
        self._running = 0

    @property
    def is_busy(self) -> bool:
        """Whether any run is under way."""
        return self._running > 0

    def turn(self, seconds: float) -> int:
        """Go on with each run that can, and wait for the first at most so long; how many outcomes there were."""
        at, count = monotonic(), 0
        if self._running < len(self._courses):
            count += self._begin(at)
        if at >= self._look_at:
            count += self._look(at)
        ready: Sequence[tuple[int, int]] = ()
        if self._running and self._jobs.is_behind():
            ready = self._poll.poll(0)
            if not ready:
                self._jobs.prepare(PREPARED)
        for file, _event in ready or self._poll.poll(0 if count else seconds):
            course = self._waiting.get(file)
            if course is not None:
                count += self._go_on(course)
        return count

    def close(self) -> None:
        """Take leave everywhere; no run may be under way."""
        for course in self._courses:
            self._leave(course)
        while self.is_busy:
            self.turn(LOOK_SECONDS)
        self._poll.close()

    def _begin(self, at: float) -> int:
        """Give runs to transports that have none."""
        count, has_work = 0, self._jobs.has_work()
        for course in self._courses:
            if course.run is None and course.rests_until <= at:
                if has_work:
                    course.is_open, course.count = True, 0
                    pulled = self._jobs.pull(course.pulled)
                    count += self._start(course, course.transport.run(pulled, self._jobs.pen.hand_over))  # type: ignore[arg-type]
                elif course.is_open and at - course.busy_at > IDLE_SECONDS:
                    self._leave(course)
        return count

    def _look(self, at: float) -> int:
        """Go on with runs that waited too long."""
        self._look_at = at + LOOK_SECONDS
        late = [course for course in self._courses if course.wait is not None and course.wait.until <= at]
        return sum(map(self._go_on, late))

    def _start(self, course: _Course, run: Iterator[Outcome | Wait]) -> int:
        course.run = run
        self._running += 1
        return self._go_on(course)

    def _go_on(self, course: _Course) -> int:
        count = course.count
        try:
            assert course.run is not None
            for step in course.run:
                if isinstance(step, Wait):
                    self._wait(course, step)
                    return course.count - count
                course.count += 1
                key: Any = step.key
                self._jobs.heard(course.pulled.pop(key), step)
        except (ServerRefusedError, ServerUnreachableError) as error:
            self._jobs.gate.failed(str(error))
            self._end(course)
            self._leave(course)
        except Exception as error:
            self._end(course)
            self._failed(error)
        else:
            self._end(course)
        return course.count - count

    def _wait(self, course: _Course, wait: Wait) -> None:
        was, course.wait = course.wait, wait
        if was is None or was.file is not wait.file or was.event != wait.event:
            self._forget(course, was)
            course.file = wait.file.fileno()
            self._poll.register(course.file, wait.event)
            self._waiting[course.file] = course

    def _forget(self, course: _Course, was: Wait | None) -> None:
        # What was closed is forgotten by the system, and its number may be another's by now.
        if was is not None and self._waiting.get(course.file) is course:
            del self._waiting[course.file]
            if was.file.fileno() == course.file:
                self._poll.unregister(course.file)

    def _end(self, course: _Course) -> None:
        self._forget(course, course.wait)
        course.run = course.wait = None
        self._running -= 1
        self._jobs.heard_nothing(course.pulled)
        at = monotonic()
        if course.count:
            course.busy_at = at
        else:
            course.rests_until = at + REST_SECONDS

    def _leave(self, course: _Course) -> None:
        if course.is_open:
            course.is_open = False
            self._start(course, course.transport.leave())
