"""The mailroom's process: plans what is due, sends, replays what an earlier one left. Until it is told to stop."""

import gc
import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Protocol, cast

from django.db import DatabaseError, close_old_connections, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import Max
from django.db.models.functions import Coalesce

from stet.edition.folder import EditionFolder
from stet.kit.errors import StetError
from stet.mailroom.addressing import Sender
from stet.mailroom.anymail_transport import AnymailTransport, read_provider
from stet.mailroom.audience import READERS
from stet.mailroom.dkim import Signer, SigningKey, load_key
from stet.mailroom.folding import fold_replay
from stet.mailroom.journal import Journal, Place
from stet.mailroom.lanes import Lanes
from stet.mailroom.letters import Edition
from stet.mailroom.models import Mailroom
from stet.mailroom.planning import close_cancelled, hold_missed, take_up_due
from stet.mailroom.returning import Returns
from stet.mailroom.sending import Engine
from stet.mailroom.smtp import Connection, Security, Server
from stet.mailroom.steering import give_up_journal
from stet.mailroom.transport import Transport
from stet.readers.keys import load_links, load_opener
from stet.readers.lists import Lists

log = logging.getLogger("stet.mailroom")

LOOK_SECONDS = 5.0
"""How often the edition is looked at for letters that come due."""
SEEN_SECONDS = 10.0
"""How often a mailroom says that it is at work."""
RECOVER_SECONDS = 60.0
"""How often journals of other mailrooms on this machine are looked for that ended without a word."""
LONGEST_PAUSE_SECONDS = 60.0
MAPPED_BYTES = 16_777_216
PASSPHRASE = "STET_READERS_PASSPHRASE"  # noqa: S105 - a variable's name, not a secret
"""The variable with the opening key's passphrase, where it has one."""


class MailroomSettings(Protocol):
    """What stands under [mailroom]."""

    @property
    def smtp_host(self) -> str:
        """The mail server; empty: nothing is sent."""

    @property
    def smtp_port(self) -> int:
        """Its port."""

    @property
    def smtp_security(self) -> str:
        """One of "starttls", "tls" or "none"."""

    @property
    def smtp_user(self) -> str:
        """The name to sign in with."""

    @property
    def connections(self) -> int:
        """How many connections at once."""

    @property
    def sender(self) -> str:
        """The address that letters come from."""

    @property
    def bounces(self) -> str:
        """The address that return addresses are made from; empty: the sender's domain decides."""

    @property
    def dkim_selector(self) -> str:
        """The name of the DKIM key."""

    @property
    def transport(self) -> str:
        """One of "smtp" or "anymail"."""


class AllSettings(Protocol):
    """The settings of a newsroom, as far as the mailroom asks."""

    @property
    def mailroom(self) -> MailroomSettings:
        """What stands under [mailroom]."""


class Newsroom(Protocol):
    """A newsroom's folder, as far as the mailroom asks."""

    @property
    def folder(self) -> Path:
        """Where the newsroom stands."""

    @property
    def edition(self) -> Path:
        """Where the edition stands."""

    @property
    def keys(self) -> Path:
        """Where secrets are."""

    @property
    def frontdesk_url(self) -> str:
        """The frontdesk's address, without a slash at the end."""

    @property
    def onion_frontdesk_url(self) -> str:
        """The frontdesk at the paper's onion address, without a slash at the end; "" where there is none."""

    @property
    def opening_key(self) -> Path:
        """The private key that opens addresses."""

    @property
    def link_key(self) -> Path:
        """The key that signs links."""

    @property
    def settings(self) -> AllSettings:
        """What stet.toml says."""


def run(newsroom: Newsroom, stop: threading.Event) -> None:
    """Send what is due until `stop`. Failures are said, and tried again after a pause that grows."""
    pause = 1.0
    settle_in()
    while not stop.is_set():
        started = monotonic()
        try:
            Room(newsroom).work(stop)
        except (StetError, DatabaseError) as error:
            said = error if isinstance(error, StetError) else f"The readers' database failed ({type(error).__name__})."
            log.error("%s The mailroom tries again in %d seconds.", said, pause)
        except Exception:
            log.exception("The mailroom stumbled; it tries again in %d seconds.", pause)
        pause = 1.0 if monotonic() - started > LONGEST_PAUSE_SECONDS else min(pause * 2, LONGEST_PAUSE_SECONDS)
        stop.wait(0 if stop.is_set() else pause)


def settle_in() -> None:
    """Let SQLite show this process only a little of its file as memory: a million recipients are a large file.

    And let the collector of garbage pass over what is loaded by now, each time it looks.
    """
    gc.collect()
    gc.freeze()
    connection_created.connect(_map_little, dispatch_uid="stet.mailroom")
    _map_little(connection=connections[READERS])


def _map_little(*, connection: BaseDatabaseWrapper, **_signal: object) -> None:
    if connection.vendor == "sqlite" and connection.alias == READERS and connection.connection is not None:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA mmap_size={MAPPED_BYTES}")


class Room:
    """Everything around one mailroom: keys, folders, the edition."""

    def __init__(
        self,
        newsroom: Newsroom,
        *,
        transports: Callable[[Newsroom], list[Transport]] | None = None,
        lanes: Callable[[], Lanes] = Lanes,
    ) -> None:
        self._newsroom = newsroom
        self._transports = transports or transports_of
        self._lanes = lanes
        self.place = Place(newsroom.folder / "data" / "mailroom")
        self._edition = Edition(EditionFolder(newsroom.edition))
        self._printed: Lists | None = None

    def work(self, stop: threading.Event) -> None:
        """Send until `stop`, then end in order."""
        if not self.can_send():
            log.warning("The mailroom sends nothing: mailroom.smtp_host or mailroom.sender is not set.")
            stop.wait()
            return
        now = datetime.now(UTC)
        worked = last_at_work()
        recover(self.place, now=now)
        hold_missed(now=now, seen=worked)
        row = Mailroom(place=self.place.name(), started=now, seen=now, worked=worked or now)
        journal = Journal(self.place, row.uid)
        row.save()
        engine = Engine(
            mailroom=row,
            journal=journal,
            sender=sender_of(self._newsroom),
            transports=self._transports(self._newsroom),
            lists=lambda: self._printed,
            lanes=self._lanes(),
        )
        try:
            self._loop(engine, row, stop)
        finally:
            # However it ended: what is handed over is waited for, and what could not be folded is replayed.
            with suppress(DatabaseError, StetError):
                engine.stop()
                # Before the journal goes, what it told has to be on the disk and not only on its way there.
                bring_to_disk()
            journal.close()
        Mailroom.objects.filter(pk=row.pk).update(ended=datetime.now(UTC))

    def can_send(self) -> bool:
        """Whether a mail server and a sender are set."""
        settings = self._newsroom.settings.mailroom
        return bool(settings.sender and (settings.smtp_host or settings.transport == "anymail"))

    def _loop(self, engine: Engine, row: Mailroom, stop: threading.Event) -> None:
        look_at = seen_at = 0.0
        recover_at = monotonic() + RECOVER_SECONDS
        while not stop.is_set():
            now, at = datetime.now(UTC), monotonic()
            if at >= look_at:
                look_at = at + LOOK_SECONDS
                note_work(row, can_send=not engine.gate.reason, now=now)
                self.look(now)
            if at >= seen_at:
                seen_at = at + SEEN_SECONDS
                Mailroom.objects.filter(pk=row.pk).update(seen=now, worked=row.worked, reason=engine.gate.reason[:300])
                close_old_connections()
            if at >= recover_at:
                recover_at = at + RECOVER_SECONDS
                recover(self.place, now=now)
            engine.step(now=now)

    def look(self, now: datetime) -> None:
        """Read what is printed, and plan what comes due."""
        try:
            self._printed = self._edition.lists()
            take_up_due(self._edition, now=now)
            close_cancelled(now=now)
        except StetError as error:
            log.warning("%s", error)


def note_work(row: Mailroom, *, can_send: bool, now: datetime) -> None:
    """Hold what an outage made too late: a machine that slept, or a mail server that was away, while this one lived."""
    hold_missed(now=now, seen=row.worked)
    if can_send:
        row.worked = now


def last_at_work() -> datetime | None:
    """When a mailroom could last send; None where there was none yet."""
    found: datetime | None = Mailroom.objects.aggregate(at=Max(Coalesce("worked", "seen")))["at"]
    return found


def bring_to_disk() -> None:
    """Let what was committed reach the disk: SQLite with a write-ahead log does so at its next checkpoint only."""
    if connections[READERS].vendor == "sqlite":
        with connections[READERS].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def recover(place: Place, *, now: datetime) -> int:
    """Replay the journals of mailrooms on this machine that are gone; how many there were."""
    count = 0
    for orphan in place.orphans():
        row = Mailroom.objects.filter(uid=orphan.uid).first()
        if row is not None:
            replay = orphan.replay()
            uncertain, back = fold_replay(row.pk, replay.told, replay.unanswered, now=now)
            Mailroom.objects.filter(pk=row.pk).update(ended=now)
            log.warning("A mailroom had ended without a word: %d copies are uncertain, %d go back.", uncertain, back)
        orphan.remove()
        count += 1
    gone = Mailroom.objects.filter(place=place.name(), ended=None, started__lt=now - timedelta(minutes=1))
    for row in gone:
        if not place.has_journal(row.uid):
            give_up_journal(row, now=now)
    return count


# --- Settings and keys ---


def sender_of(newsroom: Newsroom) -> Sender:
    """Who sends. Raises ReaderKeyRefusedError or DkimKeyRefusedError."""
    settings = newsroom.settings.mailroom
    domain = settings.sender.rpartition("@")[2]
    passphrase = os.environ.get(PASSPHRASE)
    return Sender(
        address=settings.sender,
        bounces=bounces_of(settings),
        frontdesk_url=newsroom.frontdesk_url,
        onion_frontdesk_url=newsroom.onion_frontdesk_url,
        opener=load_opener(newsroom.opening_key, passphrase=passphrase.encode() if passphrase else None),
        links=load_links(newsroom.link_key),
        secret=secret_of(newsroom),
        # A provider takes the mail apart: its own signature counts, ours would not hold.
        signer=signer_of(newsroom, domain) if settings.transport == "smtp" else None,
    )


def returns_of(newsroom: Newsroom) -> Returns:
    """What takes in mails that came back. Raises ReaderKeyRefusedError."""
    settings = newsroom.settings.mailroom
    return Returns(base=bounces_of(settings), secret=secret_of(newsroom))


def bounces_of(settings: MailroomSettings) -> str:
    """The address that return addresses are made from."""
    return settings.bounces or f"bounces@{settings.sender.rpartition('@')[2]}"


def secret_of(newsroom: Newsroom) -> bytes:
    """The key behind Message-IDs and return addresses. Raises ReaderKeyRefusedError."""
    load_links(newsroom.link_key)
    return newsroom.link_key.read_bytes().strip()


def signer_of(newsroom: Newsroom, domain: str) -> Signer | None:
    """What signs letters: with keys/dkim-rsa.pem, keys/dkim-ed25519.pem, or both; None where there is neither."""
    selector = newsroom.settings.mailroom.dkim_selector
    files = ((newsroom.keys / "dkim-rsa.pem", selector), (newsroom.keys / "dkim-ed25519.pem", f"{selector}-ed"))
    keys = tuple(SigningKey(selector=name, key=load_key(file)) for file, name in files if file.exists())
    return Signer(domain=domain, keys=keys) if keys else None


def transports_of(newsroom: Newsroom) -> list[Transport]:
    """The connections that are set: to a mail server, or to a provider's API."""
    settings = newsroom.settings.mailroom
    if settings.transport == "anymail":
        provider = read_provider(newsroom.keys / "anymail.json")
        return [AnymailTransport(provider) for _number in range(settings.connections)]
    file = newsroom.keys / "smtp-password"
    server = Server(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=cast("Security", settings.smtp_security),
        user=settings.smtp_user,
        password=file.read_text().strip() if settings.smtp_user and file.exists() else "",
        name=settings.sender.rpartition("@")[2],
    )
    return [Connection(server) for _number in range(settings.connections)]
