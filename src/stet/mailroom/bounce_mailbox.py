"""A mailbox to which bounces come, read over IMAP, for newsrooms whose mail is somebody else's to run.

The rules:
 * Mails are read in the order of their numbers and removed one by one, each after the database has what follows.
 * So a mail that is read twice, after a crash or by two mailrooms, counts once, and none is lost.
 * A mail that cannot be removed is taken in again at each look, without effect, and it is said.
 * The connection is encrypted, or goes to this very machine.
"""

import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from stet.mailroom.errors import ServerRefusedError, ServerUnreachableError

MOST_AT_ONCE = 500
TIMEOUT_SECONDS = 60
LONGEST_BYTES = 1_000_000
"""As much of each mail is fetched."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")
STARTTLS_PORT, TLS_PORT = 143, 993


class Mailbox(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where bounces come, and how one signs in: what stands in keys/bounce-mailbox.json."""

    host: str
    port: int = 993
    user: str
    password: str
    folder: str = "INBOX"
    security: Literal["tls", "starttls", "none", ""] = ""
    """Unless it is said, the port decides; "none" is for this very machine."""

    def __repr__(self) -> str:
        return f"<Mailbox at {self.host}>"


class Taker(Protocol):
    """Does what follows from a mail: `stet.mailroom.returning.Returns`."""

    def take(self, data: bytes) -> object:
        """Take one mail in. Raises only what the database raises."""


def read_mailbox(file: Path) -> Mailbox | None:
    """The mailbox that is set up in this file; None where there is none. Raises ServerRefusedError."""
    try:
        mailbox = msgspec.json.decode(file.read_bytes(), type=Mailbox)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError):
        raise ServerRefusedError(
            f"{file.name} is not as it should be. It holds host, user and password, and may hold port, folder and "
            'security ("tls" or "starttls").'
        ) from None
    if mailbox.security == "none" and mailbox.host not in LOOPBACK:
        raise ServerRefusedError(f'{file.name}: security "none" would send the password for all to read. Use "tls".')
    if not mailbox.folder.isascii() or not mailbox.folder.isprintable():
        raise ServerRefusedError(f"{file.name}: the folder's name has to be of Latin letters.")
    return mailbox


def connect(mailbox: Mailbox) -> imaplib.IMAP4:
    """A connection that nobody can listen to."""
    context = ssl.create_default_context()
    match _security(mailbox):
        case "none":
            return imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT_SECONDS)
        case "starttls":
            connection = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT_SECONDS)
            try:
                connection.starttls(context)
            except BaseException:
                _end(connection)
                raise
            return connection
        case _:
            return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=TIMEOUT_SECONDS)


def _security(mailbox: Mailbox) -> str:
    if mailbox.security:
        return mailbox.security
    if mailbox.host in LOOPBACK and mailbox.port != TLS_PORT:
        return "none"
    return "starttls" if mailbox.port == STARTTLS_PORT else "tls"


def poll(mailbox: Mailbox, returns: Taker, *, connected: Callable[[Mailbox], imaplib.IMAP4] = connect) -> int:
    """Take in what is in the mailbox, at most MOST_AT_ONCE; how many. Raises ServerUnreachableError."""
    with _selected(mailbox, connected) as connection:
        return _take_all(connection, returns)


def waiting(mailbox: Mailbox, *, connected: Callable[[Mailbox], imaplib.IMAP4] = connect) -> int:
    """How many mails are in the mailbox; nothing is changed there. Raises ServerUnreachableError."""
    with _selected(mailbox, connected) as connection:
        return len(_found(connection))


@contextmanager
def _selected(mailbox: Mailbox, connected: Callable[[Mailbox], imaplib.IMAP4]) -> Iterator[imaplib.IMAP4]:
    """A connection that is signed in and stands in the mailbox's folder; whatever fails on it is translated."""
    connection: imaplib.IMAP4 | None = None
    try:
        connection = connected(mailbox)
        _sign_in(connection, mailbox)
        folder = mailbox.folder.replace("\\", "\\\\").replace('"', '\\"')
        status, _count = connection.select(f'"{folder}"')
        if status != "OK":
            raise ServerUnreachableError("The mailbox for bounces has no folder of the name that is set.")
        yield connection
    except (OSError, imaplib.IMAP4.error) as error:
        raise ServerUnreachableError(_away(error)) from None
    finally:
        if connection is not None:
            _end(connection)


def _end(connection: imaplib.IMAP4) -> None:
    """Sign out, or at least let go of a connection that is broken: `logout` alone would keep it open."""
    try:
        connection.logout()
    except (OSError, imaplib.IMAP4.error):
        with suppress(OSError):
            connection.shutdown()


def _sign_in(connection: imaplib.IMAP4, mailbox: Mailbox) -> None:
    if f"{mailbox.user}{mailbox.password}".isascii():
        connection.login(mailbox.user, mailbox.password)
    else:  # LOGIN is ASCII; RFC 4616 is UTF-8.
        words = f"\0{mailbox.user}\0{mailbox.password}".encode()
        connection.authenticate("PLAIN", lambda _challenge: words)


def _found(connection: imaplib.IMAP4) -> list[bytes]:
    """The numbers of the mails that are there."""
    _status, found = connection.uid("SEARCH", "UNDELETED")
    return (found[0] or b"").split()


def _take_all(connection: imaplib.IMAP4, returns: Taker) -> int:
    uids = _found(connection)[:MOST_AT_ONCE]
    count = 0
    for uid in uids:
        _status, parts = connection.uid("FETCH", uid.decode("ascii"), f"(BODY.PEEK[]<0.{LONGEST_BYTES}>)")
        bodies = [part[1] for part in parts if isinstance(part, tuple)]
        if bodies:
            returns.take(bodies[0])
            status, _flags = connection.uid("STORE", uid.decode("ascii"), "+FLAGS.SILENT", r"(\Deleted)")
            if status != "OK":
                raise ServerUnreachableError("Mails cannot be removed from the mailbox for bounces. Allow it there.")
            count += 1
    if count:
        connection.expunge()
    return count


def _away(error: Exception) -> str:
    """What is said of a failure; a server's own words may name an address."""
    return f"The mailbox for bounces could not be read ({type(error).__name__}). Check its host, name and password."
