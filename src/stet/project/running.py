"""Runs a whole newsroom in one process tree, until it is told to stop."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

from stet.project.errors import NewsroomMissingError
from stet.project.founding import pending_migrations
from stet.project.ports import is_answered, refuse_occupied_ports, servers
from stet.project.private_wing import pending_of_readers
from stet.project.processes import children
from stet.project.settings import Newsroom
from stet.project.supervisor import Supervisor
from stet.project.terminal import Terminal

READY_SECONDS = 60.0


def run(
    newsroom: Newsroom, *, terminal: Terminal, on_ready: Callable[[], None], is_just_migrated: bool = False
) -> None:
    """Run every process of the newsroom; call `on_ready` once all servers answer. Django is set up already.

    Databases that were brought up to date a moment ago are not looked at again.
    """
    from django.db import connections

    refuse_occupied_ports(newsroom)
    if not is_just_migrated:
        refuse_old_databases(newsroom)
    load_what_is_shared()
    connections.close_all()  # a forked process must not have its parent's
    announcement = Announcement(newsroom, terminal=terminal, on_ready=on_ready)
    with told_to_stop() as stop:
        Supervisor(children(newsroom), say=terminal.warn).run(stop, at_each_look=announcement.look)


def load_what_is_shared() -> None:
    """Load, before the processes part, what several of them need."""
    import django.urls

    import stet.press.run  # noqa: F401

    django.urls.get_resolver().url_patterns  # noqa: B018 - reading it loads every view of the desk


class Announcement:
    """Tells once that the newsroom answers, or that it does not in good time."""

    def __init__(self, newsroom: Newsroom, *, terminal: Terminal, on_ready: Callable[[], None]) -> None:
        self._newsroom = newsroom
        self._terminal = terminal
        self._on_ready = on_ready
        self._silent = list(servers(newsroom))
        self._is_late_at = time.monotonic() + READY_SECONDS
        self._is_told = False

    def look(self) -> None:
        """Ask the servers that did not answer yet."""
        if self._is_told:
            return
        self._silent = [(section, host, port) for section, host, port in self._silent if not is_answered(host, port)]
        if not self._silent:
            self._is_told = True
            self._on_ready()
        elif time.monotonic() > self._is_late_at:
            self._is_told = True
            section, _, port = self._silent[0]
            self._terminal.warn(f"The {section} does not answer on port {port}. Look into {self._newsroom.logs}.")


def refuse_old_databases(newsroom: Newsroom) -> None:
    """Refuse to run on databases that this version of Stet does not know yet."""
    if pending_migrations() or pending_of_readers(newsroom):
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
