"""Runs a whole newsroom in one process tree, until it is told to stop."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from stet.project.errors import NewsroomMissingError
from stet.project.founding import pending_migrations
from stet.project.ports import is_answered, refuse_occupied_ports, servers
from stet.project.processes import children
from stet.project.settings import Newsroom
from stet.project.setup import VARIABLE
from stet.project.supervisor import Supervisor
from stet.project.terminal import Terminal

READY_SECONDS = 60.0


def run(newsroom: Newsroom, *, terminal: Terminal, on_ready: Callable[[], None]) -> None:
    """Run every process of the newsroom; call `on_ready` once both servers answer."""
    refuse_occupied_ports(newsroom)
    refuse_old_databases(newsroom)
    environment = {**os.environ, VARIABLE: str(newsroom.folder)}
    supervisor = Supervisor(children(), say=terminal.warn, environment=environment)
    with told_to_stop() as stop:
        Thread(target=_wait_until_ready, args=(newsroom, terminal, on_ready, stop), daemon=True).start()
        supervisor.run(stop)


def refuse_old_databases(newsroom: Newsroom) -> None:
    """Refuse to run on databases that this version of Stet does not know yet."""
    if pending_migrations("default") or pending_migrations("readers"):
        raise NewsroomMissingError(
            f"The databases are older than this version of Stet. Make a copy of {newsroom.folder / 'data'}, "
            f"then run: stet init {newsroom.folder}"
        )


@contextmanager
def told_to_stop() -> Iterator[Event]:
    """An event that is set by Ctrl-C and by SIGTERM."""
    stop = Event()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait_until_ready(newsroom: Newsroom, terminal: Terminal, on_ready: Callable[[], None], stop: Event) -> None:
    for section, host, port in servers(newsroom):
        if not is_answered(host, port, within_seconds=READY_SECONDS) and not stop.is_set():
            terminal.warn(
                f"The {section} does not answer on port {port}. Run `stet doctor`, and look into {newsroom.logs}."
            )
            return
    if not stop.is_set():
        on_ready()
