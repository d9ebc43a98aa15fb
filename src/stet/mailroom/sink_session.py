"""One connection of a sink, as strict as a server on the open net (RFC 5321, 1870, 2920, 3207, 4954, 6152).

The rules:
 * Commands in their order, else 503. A line of a command has 512 octets at most, a parameter that is not known is 555.
 * A lone CR or LF is refused, in commands and in bodies: servers that guess are how mail is smuggled.
 * A body's line has 1,000 octets at most, with its CRLF; no NUL; 8-bit text only where BODY=8BITMIME announced it.
 * What is announced as too large is refused at MAIL, what is too large at its end.
 * Replies to pipelined commands go out together, when no whole command is left to read.
"""

import base64
import itertools
import re
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec

from stet.mailroom.mailboxes import is_mailbox
from stet.mailroom.sink_script import At, Script

_PATH = re.compile(r"(FROM|TO):<([^<>\s]*)>((?: [^ ]+)*)", re.IGNORECASE)
_READ_BYTES = 65_536
_LONGEST_COMMAND = 512
_LONGEST_LINE = 1_000
_MOST_READERS = 100
_numbers = itertools.count()
"""Told apart by these: messages of the same nanosecond."""


class Received(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A message that a sink took."""

    queue_id: str
    envelope_from: str
    envelope_to: tuple[str, ...]
    lines: Sequence[bytes]
    """As they came: each ends with CR, and has its dots doubled."""
    user: str
    is_encrypted: bool

    @property
    def message(self) -> bytes:
        """The message, without doubled dots."""
        return b"".join([line.removeprefix(b".") + b"\n" for line in self.lines])


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a sink behaves."""

    name: str = "sink.example.org"
    is_pipelining: bool = True
    is_8bit: bool = True
    largest_bytes: int = 10_000_000
    users: dict[str, str] = field(default_factory=dict, repr=False)
    """Names and passwords; with any, nobody sends without signing in."""
    ways_to_sign_in: tuple[str, ...] = ("PLAIN", "LOGIN")
    tls: ssl.SSLContext | None = None
    is_tls_first: bool = False
    """TLS from the first byte, in place of STARTTLS."""
    messages_per_connection: int | None = None
    """After so many the connection is closed, without an error."""
    script: Script = field(default_factory=Script)


class _OverError(Exception):
    """The connection is over."""


class Session:
    """What happens on one connection."""

    def __init__(
        self, connection: socket.socket, manners: Manners, take: Callable[[Received], None], *, keeps: bool = True
    ) -> None:
        self._socket = connection
        self._manners = manners
        self._take = take
        self._read = b""
        self._replies: list[bytes] = []
        self._is_encrypted = False
        self._has_greeted = False
        self._user = ""
        self._taken = 0
        self._keeps = keeps
        self.commands: list[bytes] = []
        """What was commanded, with `keeps`."""
        self.early_commands = 0
        """How many came with a message, before its answer went out."""
        self._forget()

    def _forget(self) -> None:
        self._sender: str | None = None
        self._readers: list[str] = []
        self._is_8bit_announced = False

    def run(self) -> None:
        """Serve until one of both hangs up."""
        with suppress(_OverError, OSError):
            if self._manners.is_tls_first:
                self._encrypt()
            if not self._acts(At.CONNECT):
                self._say(b"220 %b ESMTP" % self._manners.name.encode("ascii"))
            while True:
                self._obey(self._command())

    def hang_up(self) -> None:
        """Close the connection."""
        with suppress(OSError):
            self._socket.close()

    # --- Reading and writing ---

    def _say(self, reply: bytes) -> None:
        self._replies.append(reply + b"\r\n")

    def _flush(self) -> None:
        if self._replies:
            replies, self._replies = b"".join(self._replies), []
            self._socket.sendall(replies)

    def _more(self) -> bytes:
        self._flush()
        piece = self._socket.recv(_READ_BYTES)
        if not piece:
            raise _OverError
        return piece

    def _command(self) -> bytes:
        while b"\n" not in self._read:
            if len(self._read) > _LONGEST_COMMAND:
                raise self._over(b"500 5.5.2 Line too long")
            self._read += self._more()
        line, _, self._read = self._read.partition(b"\n")
        command = line[:-1]
        if not line.endswith(b"\r") or b"\r" in command or b"\0" in command:
            raise self._over(b"521 5.5.2 A line ends with CRLF")
        if self._keeps:
            self.commands.append(command)
        return command if len(line) < _LONGEST_COMMAND else b"TOO-LONG"

    def _over(self, reply: bytes = b"") -> _OverError:
        if reply:
            self._say(reply)
        with suppress(OSError):
            self._flush()
        return _OverError()

    def _acts(self, at: At, who: str = "") -> bool:
        """Do what is scripted for this moment; whether that was in place of the usual answer."""
        scripted = self._manners.script.take(at, who)
        if scripted is None:
            return False
        if scripted.waits_seconds:
            self._flush()
            time.sleep(scripted.waits_seconds)
        if scripted.says:
            self._replies.append(scripted.says)
        if scripted.closes:
            raise self._over()
        return bool(scripted.says)

    # --- Commands ---

    def _obey(self, line: bytes) -> None:
        verb, _, argument = line.decode("ascii", "replace").partition(" ")
        known = _COMMANDS.get(verb.upper())
        if known is None:
            self._say(b"500 5.5.2 Command not known")
        else:
            known(self, argument)

    def _ehlo(self, argument: str) -> None:
        if self._acts(At.EHLO):
            return
        if not argument.strip():
            self._say(b"501 5.5.4 EHLO wants a name")
            return
        self._forget()
        self._has_greeted = True
        lines = [self._manners.name, *self._abilities()]
        text = [f"250{'-' if number < len(lines) else ' '}{line}" for number, line in enumerate(lines, 1)]
        self._say("\r\n".join(text).encode("ascii"))

    def _abilities(self) -> list[str]:
        manners = self._manners
        return [
            *(["PIPELINING"] if manners.is_pipelining else []),
            f"SIZE {manners.largest_bytes}",
            *(["8BITMIME"] if manners.is_8bit else []),
            *(["STARTTLS"] if manners.tls and not self._is_encrypted else []),
            *([" ".join(("AUTH", *manners.ways_to_sign_in))] if manners.users else []),
            "ENHANCEDSTATUSCODES",
        ]

    def _helo(self, _argument: str) -> None:
        self._has_greeted = True
        self._forget()
        self._say(b"250 %b" % self._manners.name.encode("ascii"))

    def _mail(self, argument: str) -> None:
        found = _PATH.fullmatch(argument)
        if self._acts(At.MAIL, found[2] if found else ""):
            return
        refusal = self._refused_mail(found)
        if refusal:
            self._say(refusal)
            return
        self._sender = found[2] if found else ""
        self._say(b"250 2.1.0 Ok")

    def _refused_mail(self, found: re.Match[str] | None) -> bytes:
        if not self._has_greeted or self._sender is not None:
            return b"503 5.5.1 Not now"
        if self._manners.users and not self._user:
            return b"530 5.7.0 Sign in first"
        if found is None or found[1].upper() != "FROM" or not (found[2] == "" or is_mailbox(found[2])):
            return b"501 5.1.7 No sender that can be understood"
        for parameter in found[3].split():
            name, _, value = parameter.upper().partition("=")
            if name == "SIZE" and value.isdigit():
                if int(value) > self._manners.largest_bytes:
                    return b"552 5.3.4 Too large"
            elif name == "BODY" and value in {"7BIT", "8BITMIME"} and self._manners.is_8bit:
                self._is_8bit_announced = value == "8BITMIME"
            else:
                return b"555 5.5.4 Parameter not known"
        return b""

    def _rcpt(self, argument: str) -> None:
        found = _PATH.fullmatch(argument)
        if self._acts(At.RCPT, found[2] if found else ""):
            return
        if self._sender is None:
            self._say(b"503 5.5.1 MAIL first")
        elif found is None or found[1].upper() != "TO" or found[3] or not is_mailbox(found[2]):
            self._say(b"501 5.1.3 No reader that can be understood")
        elif len(self._readers) >= _MOST_READERS:
            self._say(b"452 4.5.3 Too many readers")
        else:
            self._readers.append(found[2])
            self._say(b"250 2.1.5 Ok")

    def _rset(self, _argument: str) -> None:
        self._forget()
        self._say(b"250 2.0.0 Ok")

    def _noop(self, _argument: str) -> None:
        self._say(b"250 2.0.0 Ok")

    def _quit(self, _argument: str) -> None:
        raise self._over(b"221 2.0.0 Bye")

    # --- Encryption and sign-in ---

    def _starttls(self, _argument: str) -> None:
        if self._acts(At.STARTTLS):
            return
        if self._manners.tls is None or self._is_encrypted:
            self._say(b"503 5.5.1 Not here")
            return
        self._say(b"220 2.0.0 Go ahead")
        self._flush()
        # What came in the clear behind the command is not heard as if it had come encrypted.
        self._read = b""
        self._encrypt()
        self._has_greeted = False
        self._forget()

    def _encrypt(self) -> None:
        if self._manners.tls is None:
            raise _OverError
        self._socket = self._manners.tls.wrap_socket(self._socket, server_side=True)
        self._is_encrypted = True

    def _auth(self, argument: str) -> None:
        if self._acts(At.AUTH):
            return
        way, _, first = argument.partition(" ")
        if not self._has_greeted or self._user or not self._manners.users:
            self._say(b"503 5.5.1 Not now")
            return
        try:
            if way.upper() == "PLAIN":
                _, user, password = base64.b64decode(first or self._asked(b"334 ")).decode().split("\0")
            elif way.upper() == "LOGIN":
                user = base64.b64decode(first or self._asked(b"334 VXNlcm5hbWU6")).decode()
                password = base64.b64decode(self._asked(b"334 UGFzc3dvcmQ6")).decode()
            else:
                self._say(b"504 5.5.4 No such way to sign in")
                return
        except ValueError:
            self._say(b"501 5.5.2 Not to be understood")
            return
        if self._manners.users.get(user) != password:
            self._say(b"535 5.7.8 Wrong name or password")
            return
        self._user = user
        self._say(b"235 2.7.0 Welcome")

    def _asked(self, question: bytes) -> bytes:
        self._say(question)
        return self._command()

    # --- Messages ---

    def _data(self, _argument: str) -> None:
        who = self._readers[0] if self._readers else ""
        if self._acts(At.DATA, who):
            return
        if not self._readers:
            self._say(b"503 5.5.1 RCPT first" if self._sender is None else b"554 5.5.1 No valid recipients")
            return
        self._say(b"354 End with a dot")
        lines = self._body(who)
        self.early_commands += self._read.count(b"\n")
        self._receive(lines, who)
        self._forget()
        if self._taken == self._manners.messages_per_connection:
            raise self._over()

    def _body(self, who: str) -> list[bytes]:
        """The lines up to the final dot, each with its CR, dots still doubled."""
        piece = self._read or self._more()
        self._acts(At.MIDDLE, who)
        lines: list[bytes] = []
        while True:
            new = piece.split(b"\n")
            rest = new.pop()
            if b".\r" in new:
                end = new.index(b".\r")
                lines += new[:end]
                self._read = b"\n".join([*new[end + 1 :], rest])
                return lines
            lines += new
            piece = rest + self._more()

    def _receive(self, lines: list[bytes], who: str) -> None:
        refusal = self._refused_body(lines)
        if refusal:
            self._say(refusal)
            return
        queue_id = f"{time.time_ns():015X}{next(_numbers) % 4096:03X}"
        scripted = self._manners.script.take(At.BODY, who)
        if scripted is None or scripted.is_kept or not (scripted.says or scripted.closes):
            self._keep(queue_id, lines)
        if scripted is not None:
            time.sleep(scripted.waits_seconds)
            if scripted.says:
                self._replies.append(scripted.says)
            if scripted.closes:
                raise self._over()
            if scripted.says:
                return
        self._say(b"250 2.0.0 Ok: queued as " + queue_id.encode("ascii"))

    def _refused_body(self, lines: list[bytes]) -> bytes:
        body = b"\n".join([*lines, b""])
        # With a LF behind each CR and nowhere else it is the same, or there was one without the other.
        if b"".join(lines).replace(b"\r", b"\r\n") != body:
            raise self._over(b"521 5.6.0 A line ends with CRLF")
        if len(body) > self._manners.largest_bytes:
            return b"552 5.3.4 Too large"
        if b"\0" in body or not (self._is_8bit_announced or body.isascii()):
            return b"554 5.6.3 8-bit text was not announced"
        return b"554 5.6.0 Line too long" if lines and max(map(len, lines)) >= _LONGEST_LINE else b""

    def _keep(self, queue_id: str, lines: list[bytes]) -> None:
        self._taken += 1
        self._take(
            Received(
                queue_id=queue_id,
                envelope_from=self._sender or "",
                envelope_to=tuple(self._readers),
                lines=lines,
                user=self._user,
                is_encrypted=self._is_encrypted,
            )
        )


_COMMANDS: dict[str, Callable[[Session, str], None]] = {
    verb: getattr(Session, f"_{verb.lower()}")
    for verb in ("EHLO", "HELO", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "QUIT", "STARTTLS", "AUTH")
}
