"""The process that takes in what comes back: over LMTP, from a mailbox, or both. Until it is told to stop.

The promises:
 * It can seal nothing, open nothing and send nothing: of all keys it reads the one behind return addresses.
 * A mailbox that cannot be read is said once, and again when the reason is another; it is tried at each look.
 * A mailbox that is full is emptied without a pause between one look and the next.
"""

import logging
from functools import partial
from threading import Event, Thread
from typing import Protocol

from django.db import DatabaseError, close_old_connections

from stet.kit.errors import StetError
from stet.mailroom.arrivals import Way, note_arrival
from stet.mailroom.bounce_mailbox import MOST_AT_ONCE, poll, read_mailbox
from stet.mailroom.lmtp import LmtpServer
from stet.mailroom.returning import Returns
from stet.mailroom.running import MailroomSettings, Newsroom, bounces_of, returns_of

log = logging.getLogger("stet.mailroom")

LOOK_SECONDS = 300.0
"""How often the mailbox for bounces is read."""


class ReturnSettings(MailroomSettings, Protocol):
    """What stands under [mailroom], as far as it is about what comes back."""

    @property
    def lmtp_port(self) -> int:
        """Where bounces are taken over LMTP; 0: nowhere."""


def run(newsroom: Newsroom, settings: ReturnSettings, stop: Event) -> None:
    """Take in what comes back until `stop`. Raises ReaderKeyRefusedError."""
    returns = returns_of(newsroom)
    server = serve_lmtp(newsroom, settings, returns) if settings.lmtp_port else None
    try:
        MailboxReader(newsroom, returns).follow(stop)
    finally:
        if server is not None:
            server.shutdown()
            server.server_close()


def serve_lmtp(newsroom: Newsroom, settings: ReturnSettings, returns: Returns) -> LmtpServer:
    """A server that is at work in threads of its own."""
    took = partial(note_arrival, newsroom.folder, Way.LMTP)
    server = LmtpServer(returns, base=bounces_of(settings), port=settings.lmtp_port, took=took)
    Thread(target=server.serve_forever, name="lmtp", daemon=True).start()
    return server


class MailboxReader:
    """Reads the mailbox that is set up, if one is."""

    def __init__(self, newsroom: Newsroom, returns: Returns) -> None:
        self._newsroom = newsroom
        self._returns = returns
        self._said = ""

    def follow(self, stop: Event) -> None:
        """Look every few minutes until `stop`."""
        while not stop.is_set():
            is_full = self.look() >= MOST_AT_ONCE
            stop.wait(0 if is_full else LOOK_SECONDS)

    def look(self) -> int:
        """Take in what is there; how many mails."""
        count, problem = 0, ""
        try:
            mailbox = read_mailbox(self._newsroom.keys / "bounce-mailbox.json")
            count = poll(mailbox, self._returns) if mailbox else 0
        except StetError as error:
            problem = str(error)
        except DatabaseError as error:
            problem = f"The mailbox for bounces waits: the readers' database failed ({type(error).__name__})."
        finally:
            close_old_connections()
        if problem and problem != self._said:
            log.warning("%s", problem)
        self._said = problem
        if count:
            note_arrival(self._newsroom.folder, Way.MAILBOX)
        return count
