"""A small LMTP server (RFC 2033) on this machine, to which the mail server hands what comes back.

The promises:
 * It listens on the loopback only and takes mail for return addresses alone.
 * It says that it took a mail after the database has what follows from it; otherwise "later", so the server keeps it.
 * A mail longer than LONGEST_BYTES is read to its end and refused; a client that says nothing is sent away.
 * Whatever a client does ends its own connection at worst, and nothing that it said is written down.
"""

import logging
import re
import socket
import socketserver
import sys
from collections.abc import Callable
from typing import Protocol, cast

from django.db import DatabaseError, close_old_connections

from stet.mailroom.errors import ServerUnreachableError

log = logging.getLogger("stet.mailroom")

LONGEST_BYTES = 10_000_000
LONGEST_LINE_BYTES = 4_096
MOST_RECIPIENTS = 20
IDLE_SECONDS = 300
PROBE_SECONDS = 5
_PATH = re.compile(rb"(?:MAIL FROM|RCPT TO):\s*<([^<>\s]{0,320})>", re.IGNORECASE)


class Taker(Protocol):
    """What does what follows from a mail: `stet.mailroom.returning.Returns`."""

    def take(self, data: bytes, *, delivered_to: str) -> object:
        """Take one mail in. Raises only what the database raises."""


class LmtpServer(socketserver.ThreadingTCPServer):
    """The server; `serve_forever` in a thread of its own."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self,
        returns: Taker,
        *,
        base: str,
        host: str = "127.0.0.1",
        port: int = 0,
        took: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__((host, port), _Session)
        self.returns = returns
        self.took = took
        local, _at, self.domain = base.rpartition("@")
        self.local = local.lower()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the parent's names
        """Say that a connection ended by a fault of ours, without what was said on it."""
        log.error("A mail that came back stumbled (%s).", type(sys.exception()).__name__)


class _Session(socketserver.StreamRequestHandler):
    """One client."""

    timeout = IDLE_SECONDS

    def handle(self) -> None:
        self._recipients: list[str] = []
        self._has_sender = False
        try:
            self._say("220 Stet takes what came back")
            while self._answer(self.rfile.readline(LONGEST_LINE_BYTES)):
                continue
        except (OSError, ValueError):
            return
        finally:
            close_old_connections()

    def _answer(self, line: bytes) -> bool:
        """Answer one command; False at the end."""
        if not line.endswith(b"\n"):
            return False
        match line[:4].upper():
            case b"LHLO":
                self._say("250-stet\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 10000000")
            case b"MAIL":
                self._has_sender, self._recipients = _PATH.match(line) is not None, []
                self._say("250 2.1.0 Well" if self._has_sender else "501 5.5.4 Write MAIL FROM:<address>")
            case b"RCPT":
                self._say(self._take_recipient(line))
            case b"DATA":
                self._take_mail()
            case b"RSET":
                self._has_sender, self._recipients = False, []
                self._say("250 2.0.0 Well")
            case b"NOOP":
                self._say("250 2.0.0 Well")
            case b"QUIT":
                self._say("221 2.0.0 Bye")
                return False
            case _:
                self._say("500 5.5.1 This is not a command here")
        return True

    def _take_recipient(self, line: bytes) -> str:
        found = _PATH.match(line)
        if not self._has_sender or found is None:
            return "503 5.5.1 MAIL comes first, then RCPT TO:<address>"
        address = found[1].decode("ascii", "replace")
        server = cast("LmtpServer", self.server)
        local, _at, domain = address.lower().rpartition("@")
        if domain != server.domain.lower() or local.partition("+")[0] != server.local:
            return "550 5.1.1 Only what comes back is taken here"
        if len(self._recipients) >= MOST_RECIPIENTS:
            return "452 4.5.3 Enough for one mail"
        self._recipients.append(address)
        return "250 2.1.5 Well"

    def _take_mail(self) -> None:
        if not self._recipients:
            self._say("503 5.5.1 Nobody is there to take it")
            return
        self._say("354 Go on, with a dot at the end")
        body = self._body()
        for recipient in self._recipients:
            self._say(self._outcome(body, recipient))
        self._has_sender, self._recipients = False, []

    def _body(self) -> bytes | None:
        """The mail; None where it is too long. Raises ValueError where it has no end."""
        lines, size = [], 0
        while (line := self.rfile.readline(LONGEST_LINE_BYTES)) not in (b".\r\n", b".\n"):
            if not line:
                raise ValueError
            size += len(line)
            if size <= LONGEST_BYTES:
                lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines) if size <= LONGEST_BYTES else None

    def _outcome(self, body: bytes | None, recipient: str) -> str:
        if body is None:
            return "552 5.3.4 Too long"
        server = cast("LmtpServer", self.server)
        try:
            server.returns.take(body, delivered_to=recipient)
            server.took()
        except DatabaseError as error:
            log.warning("A mail that came back waits: the readers' database failed (%s).", type(error).__name__)
            return "451 4.3.0 Later"
        return "250 2.0.0 Taken"

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode("ascii") + b"\r\n")


def probe(base: str, *, port: int, host: str = "127.0.0.1") -> bool:
    """Whether what listens there takes mail for return addresses made from `base`. Raises ServerUnreachableError."""
    commands = ("LHLO doctor", "MAIL FROM:<>", f"RCPT TO:<{base}>", "QUIT")
    try:
        with socket.create_connection((host, port), timeout=PROBE_SECONDS) as client:
            client.sendall("".join(f"{line}\r\n" for line in commands).encode("ascii"))
            said = client.makefile("rb").read(LONGEST_LINE_BYTES)
    except OSError as error:
        raise ServerUnreachableError(f"Nobody answers on port {port} ({type(error).__name__}).") from None
    return b"\r\n250 2.1.5 " in said
