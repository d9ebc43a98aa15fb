"""Keeps a few processes running, and ends them together.

The promises:
 * A process that ends by itself is started again, after one second, two, four … thirty. It is said each time.
 * Told to stop, it ends the processes in the opposite order of their start, each with time to finish what it does.
 * Whatever happens to the supervisor, no process is left behind (`stet.project.parents`).

A terminal sends Ctrl-C to a whole process group. The children have groups of their own: only the supervisor hears it.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Event

GRACE_SECONDS = 15.0
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0
"""A process that ran this long is taken for healthy again."""
LOOK_EVERY_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process to keep running. `name` is how it is called in messages, such as "the desk"."""

    name: str
    command: tuple[str, ...]


@dataclass(slots=True)
class _Running:
    child: Child
    process: subprocess.Popen[bytes] | None = None
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
        environment: Mapping[str, str],
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        self._running = [_Running(child) for child in children]
        self._say = say
        self._environment = dict(environment)
        self._grace_seconds = grace_seconds

    def run(self, stop: Event) -> None:
        """Start all children and keep them running until `stop` is set, then end them."""
        try:
            for running in self._running:
                self._start(running)
            while not stop.wait(LOOK_EVERY_SECONDS):
                for running in self._running:
                    self._look_after(running)
        finally:
            self._end_all()

    @property
    def pids(self) -> dict[str, int]:
        """The process ids of the children that run, by name."""
        return {item.child.name: item.process.pid for item in self._running if item.process is not None}

    def _start(self, running: _Running) -> None:
        running.process = subprocess.Popen(  # noqa: S603 - the commands are ours
            running.child.command, env=self._environment, stdin=subprocess.DEVNULL, start_new_session=True
        )
        running.started = time.monotonic()

    def _look_after(self, running: _Running) -> None:
        now = time.monotonic()
        if running.process is None:
            if now >= running.start_again_at:
                self._start(running)
        elif (code := running.process.poll()) is not None:
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
            with suppress(ProcessLookupError):
                running.process.terminate()
            try:
                running.process.wait(self._grace_seconds)
            except subprocess.TimeoutExpired:
                self._say(f"{running.child.name} did not end within {self._grace_seconds:.0f} s and was stopped.")
            kill_group(running.process.pid)
            running.process.wait()
            running.process = None


def kill_group(pid: int) -> None:
    """Kill what is left of the process group that `pid` led."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def ending(code: int) -> str:
    """How a process ended, in words.

    >>> ending(3), ending(-9)
    ('exit code 3', 'signal SIGKILL')
    """
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
