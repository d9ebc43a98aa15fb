"""A mailbox to which bounces come, read over IMAP, for newsrooms whose mail is somebody else's to run.

The rules:
 * Mails are read in the order of their numbers and removed one by one, each after the database has what follows.
 * So a mail that is read twice, after a crash, counts once, and none is lost.
 * The connection is encrypted, or goes to this very machine.
"""

import imaplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from stet.mailroom.errors import ServerRefusedError, ServerUnreachableError
from stet.mailroom.returning import Returns

MOST_AT_ONCE = 500
TIMEOUT_SECONDS = 60
LONGEST_BYTES = 1_000_000
"""As much of each mail is fetched."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Mailbox(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where bounces come, and how one signs in: what stands in keys/bounce-mailbox.json."""

    host: str
    port: int = 993
    user: str
    password: str
    folder: str = "INBOX"

    def __repr__(self) -> str:
        return f"<Mailbox at {self.host}>"


def read_mailbox(file: Path) -> Mailbox | None:
    """The mailbox that is set up in this file; None where there is none. Raises ServerRefusedError."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Mailbox)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError):
        raise ServerRefusedError(
            f"{file.name} is not as it should be. It holds host, user and password, and may hold port and folder."
        ) from None


def connect(mailbox: Mailbox) -> imaplib.IMAP4:
    """A connection that nobody can listen to."""
    if mailbox.host in LOOPBACK and mailbox.port != 993:
        return imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT_SECONDS)
    context = ssl.create_default_context()
    return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=TIMEOUT_SECONDS)


def poll(mailbox: Mailbox, returns: Returns, *, connected: Callable[[Mailbox], imaplib.IMAP4] = connect) -> int:
    """Take in what is in the mailbox, at most MOST_AT_ONCE; how many. Raises ServerUnreachableError."""
    try:
        connection = connected(mailbox)
    except (OSError, imaplib.IMAP4.error) as error:
        raise ServerUnreachableError(_away(error)) from None
    try:
        connection.login(mailbox.user, mailbox.password)
        status, _count = connection.select(mailbox.folder)
        if status != "OK":
            raise ServerUnreachableError("The mailbox for bounces has no folder of the name that is set.")
        return _take_all(connection, returns)
    except (OSError, imaplib.IMAP4.error) as error:
        raise ServerUnreachableError(_away(error)) from None
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            connection.logout()


def _take_all(connection: imaplib.IMAP4, returns: Returns) -> int:
    _status, found = connection.uid("SEARCH", "UNDELETED")
    uids = (found[0] or b"").split()[:MOST_AT_ONCE]
    count = 0
    for uid in uids:
        _status, parts = connection.uid("FETCH", uid.decode("ascii"), f"(BODY.PEEK[]<0.{LONGEST_BYTES}>)")
        bodies = [part[1] for part in parts if isinstance(part, tuple)]
        if bodies:
            returns.take(bodies[0])
            connection.uid("STORE", uid.decode("ascii"), "+FLAGS.SILENT", r"(\Deleted)")
            count += 1
    if count:
        connection.expunge()
    return count


def _away(error: Exception) -> str:
    """What is said of a failure; a server's own words may name an address."""
    return f"The mailbox for bounces could not be read ({type(error).__name__}). Check its host, name and password."
