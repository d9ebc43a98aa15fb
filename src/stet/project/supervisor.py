"""Keeps a few processes running, and ends them together.

The promises:
 * A process that ends by itself is started again, after one second, two, four … thirty. It is said each time.
 * Told to stop, it ends the processes in the opposite order of their start, each with time to finish what it does.
 * Whatever happens to the supervisor, no process is left behind (`stet.project.parents`).

A terminal sends Ctrl-C to a whole process group. The children have groups of their own: only the supervisor hears it.

Children are forked: what the supervisor has loaded they have at once, in memory that they share. So the supervisor
itself has no threads and no open connections. A child may then become another program (`os.execve`): it keeps its
process id, its group, and its end together with the supervisor.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.context import ForkProcess
from threading import Event

from stet.project.parents import die_with_parent

GRACE_SECONDS = 15.0
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0
"""A process that ran this long is taken for healthy again."""
LOOK_EVERY_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process to keep running: what it does until it gets SIGTERM.

    `name` is how it is called in messages, such as "The desk"; `short_name` is what `ps` and `top` show.
    """

    name: str
    short_name: str
    run: Callable[[], None]


@dataclass(slots=True)
class _Running:
    child: Child
    process: ForkProcess | None = None
    started: float = 0.0
    start_again_at: float = 0.0
    pause_seconds: float = 1.0


class Supervisor:
    """Runs `children`; `say` is given every sentence that a person should read."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        say: Callable[[str], None],
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        self._running = [_Running(child) for child in children]
        self._say = say
        self._grace_seconds = grace_seconds

    def run(self, stop: Event, *, at_each_look: Callable[[], None] = lambda: None) -> None:
        """Start all children and keep them running until `stop` is set, then end them."""
        try:
            for running in self._running:
                self._start(running)
            while not stop.wait(LOOK_EVERY_SECONDS):
                for running in self._running:
                    self._look_after(running)
                at_each_look()
        finally:
            self._end_all()

    def _start(self, running: _Running) -> None:
        running.process = multiprocessing.get_context("fork").Process(target=_live, args=(running.child, os.getpid()))
        running.process.start()
        running.started = time.monotonic()

    def _look_after(self, running: _Running) -> None:
        now = time.monotonic()
        if running.process is None:
            if now >= running.start_again_at:
                self._start(running)
        elif (code := running.process.exitcode) is not None:
            kill_group(running.process.pid)
            is_steady = now - running.started >= STEADY_SECONDS
            running.pause_seconds = 1.0 if is_steady else running.pause_seconds
            running.process, running.start_again_at = None, now + running.pause_seconds
            self._say(
                f"{running.child.name} ended ({ending(code)}); it is started again in {running.pause_seconds:.0f} s."
            )
            running.pause_seconds = min(running.pause_seconds * 2, LONGEST_PAUSE_SECONDS)

    def _end_all(self) -> None:
        for running in reversed(self._running):
            if running.process is None:
                continue
            running.process.terminate()
            if not has_ended(running.process, within_seconds=self._grace_seconds):
                self._say(f"{running.child.name} did not end within {self._grace_seconds:.0f} s and was stopped.")
            kill_group(running.process.pid)
            running.process.join()
            running.process = None


def _live(child: Child, parent: int) -> None:
    """What a forked process does first: it leaves its parent's terminal, signals and name, and then does its work."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    die_with_parent(parent, name=child.short_name)
    child.run()


def has_ended(process: ForkProcess, *, within_seconds: float) -> bool:
    """Whether the process ends in time.

    `process.join` would wait for ever for one that became another program: it takes the closing of a pipe, which no
    other program inherits, for the process's end.
    """
    deadline = time.monotonic() + within_seconds
    while process.exitcode is None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def kill_group(pid: int | None) -> None:
    """Kill what is left of the process group that `pid` led."""
    with suppress(ProcessLookupError, PermissionError):
        if pid is not None:
            os.killpg(pid, signal.SIGKILL)


def ending(code: int) -> str:
    """How a process ended, in words.

    >>> ending(3), ending(-9)
    ('exit code 3', 'signal SIGKILL')
    """
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
