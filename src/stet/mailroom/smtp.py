"""Hands copies to a mail server: one connection, pipelined, that always knows what it has handed over.

What it promises (beside the rules of `stet.mailroom.transport`):
 * With PIPELINING (RFC 2920), the envelope of the next copy leaves with the body of this one: one round trip a copy,
   one write, one read. Without it, command by command, with the same outcomes.
 * What is interrupted ends so:
     before the first byte of the body                  NOT_SENT
     while the body leaves, its last piece still here   NOT_SENT: without the final dot no server takes a message;
                                                        or what the server still said, if that is 4xx or 5xx
     after the last piece left, before the reply        UNCERTAIN
     a reply that is no reply, in place of the dot's    UNCERTAIN
     4xx or 5xx to any step                             DEFERRED or REFUSED, with the step
     421 to the dot                                     DEFERRED, and the connection is over
     421 to an envelope                                 about the connection, not the copy: as if it had been closed
 * A server may close after any number of messages, without an error (some large ones do). As long as a connection has
   brought a message to an end, a new one is opened and the copies that nobody has go there. A new connection that
   brings nothing is not followed by another: NOT_SENT, and ServerUnreachableError.
 * Bodies are 8bit. A server without 8BITMIME (RFC 6152) is refused with a sentence; nothing is recoded on the way.
 * Encryption that is asked for happens, with the certificate verified, or nothing is sent. A password is only told over
   an encrypted connection, or to this very machine.

A run waits nowhere itself: it gives out what it waits for, so that one thread can drive many (`stet.mailroom.driving`).
Only opening a connection blocks, in a thread of its own. No reply's text gets into an error or a log.
"""

import base64
import ipaddress
import re
import select
import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Literal

from stet.mailroom.errors import ReplyBrokenError, ServerRefusedError, ServerUnreachableError
from stet.mailroom.reply import Reply, ReplyReader
from stet.mailroom.transport import (
    Capabilities,
    Job,
    Kind,
    OnHandingOver,
    Outcome,
    Step,
    Steps,
    Wait,
    Wire,
    elsewhere,
    note_nothing,
    outcomes_of,
    waited,
)

Security = Literal["none", "starttls", "tls"]

_READ_BYTES = 8_192
_WRITE_BYTES = 16_384
"""One record of TLS."""
_CONNECT_SECONDS = 30
_FAREWELL_SECONDS = 2
_HOST_NAME = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A mail server that takes our letters, and how it is spoken to."""

    host: str
    port: int = 587
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    """Certificates to trust in place of the system's."""
    name: str = "localhost"
    """How this machine calls itself in EHLO."""
    timeout_seconds: int = 300
    """For each reply (RFC 5321 section 4.5.3.2 asks for five minutes); for the one after a body, twice that."""

    def __post_init__(self) -> None:
        if not _HOST_NAME.fullmatch(self.name):
            raise ServerRefusedError("The name that this machine gives itself to the mail server is no host's name.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What the server said that it can do."""

    is_pipelining: bool = False
    is_8bit: bool = False
    has_size: bool = False
    has_starttls: bool = False
    auth: frozenset[str] = frozenset()
    largest_bytes: int | None = None
    """None: it did not say, or has no limit."""


def read_abilities(reply: Reply) -> Abilities:
    """What an answer to EHLO says (RFC 5321 section 4.1.1.1); what is not known is passed over."""
    words = {line.split()[0].upper(): line.split()[1:] for line in reply.text.splitlines()[1:] if line.split()}
    old_auth = next((key[5:] for key in words if key.startswith("AUTH=")), None)
    auth = [*words.get("AUTH", []), *([old_auth, *words[f"AUTH={old_auth}"]] if old_auth else [])]
    size = next(iter(words.get("SIZE", [])), "")
    return Abilities(
        is_pipelining="PIPELINING" in words,
        is_8bit="8BITMIME" in words,
        has_size="SIZE" in words,
        has_starttls="STARTTLS" in words,
        auth=frozenset(word.upper() for word in auth),
        largest_bytes=int(size) if size.isascii() and size.isdigit() and int(size) else None,
    )


class _BrokenOffError(Exception):
    """The connection ended, or what comes over it makes no sense."""

    def __init__(self, *, left_bytes: int = 0, reply: Reply | None = None) -> None:
        super().__init__()
        self.left_bytes = left_bytes
        """Of what was being written: how much had left for sure or may have."""
        self.reply = reply


class Connection:
    """One connection to a mail server; a transport that does not block."""

    blocks = False

    def __init__(self, server: Server) -> None:
        self._server = server
        self._wire: _Wire | None = None
        self._abilities = Abilities()
        self._has_proven = False
        """Whether this connection has brought a message to an end."""
        self._owes_reset = False
        """Whether an envelope was begun that came to nothing."""
        self._proposed: _Copy | None = None
        """Whose envelope the server has, or half has; until its outcome is there, the connection is not at rest."""
        self._last_words: Reply | None = None
        self._is_interrupted = False

    @property
    def capabilities(self) -> Capabilities:
        """As the server announced it."""
        return Capabilities(is_pipelined=self._abilities.is_pipelining, keeps_bytes=True, keeps_return_address=True)

    @property
    def abilities(self) -> Abilities:
        """What the server said that it can do, when the connection was opened."""
        return self._abilities

    @property
    def is_open(self) -> bool:
        """Whether there is a connection; the server may have closed it since."""
        return self._wire is not None

    def __enter__(self) -> "Connection":
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- Opening and closing ---

    def open(self) -> None:
        """Connect, encrypt and sign in, unless that is done; raises ServerRefusedError, ServerUnreachableError."""
        if self._is_at_rest():
            return
        self._drop()
        self._last_words = None
        if self._is_interrupted:
            raise ServerUnreachableError("The connection was ended from this side.")
        try:
            self._wire = _Wire(self._server)
            self._greet()
        except _BrokenOffError as error:
            self._drop()
            raise ServerUnreachableError(
                "The mail server broke off the greeting. Try again later.", error.reply
            ) from None
        except BaseException:
            self._drop()
            raise
        self._has_proven = self._owes_reset = False

    def _is_at_rest(self) -> bool:
        """Whether there is a connection on which the server said nothing unasked."""
        return self._wire is not None and not self._wire.has_news()

    def leave(self) -> Steps[None]:
        """Say QUIT and hang up; a server that does not answer is not waited for."""
        if self._wire is not None:
            with suppress(_BrokenOffError):
                self._wire.limit_seconds = _FAREWELL_SECONDS
                yield from self._wire.write((b"QUIT\r\n",))
                yield from self._wire.read()
        self._drop()

    def close(self) -> None:
        """Take leave, blocking."""
        waited(self.leave())

    def interrupt(self) -> None:
        """End the connection now, and open no other; for another thread, which cannot wait for a slow server.

        A run that is under way ends as if the server had broken off: what was handed over is UNCERTAIN.
        """
        self._is_interrupted = True
        wire = self._wire
        if wire is not None:
            wire.cut()

    def _drop(self) -> None:
        self._proposed = None
        if self._wire is not None:
            self._wire.hang_up()
            self._wire = None

    def _greet(self) -> None:
        wire = self._there()
        if self._server.security == "tls":
            wire.encrypt()
        _expect(waited(wire.read()), 220, "greeting")
        self._hello()
        if self._server.security == "starttls":
            if not self._abilities.has_starttls:
                raise ServerRefusedError(
                    "The mail server offers no STARTTLS, or somebody on the way hides it. Nothing was sent. "
                    'Ask its operator, or set mailroom.smtp_security to "tls" if it has a port for that.'
                )
            _expect(self._ask(b"STARTTLS"), 220, "STARTTLS")
            wire.encrypt()
            self._hello()
        if not self._abilities.is_8bit:
            raise ServerRefusedError(
                "The mail server does not take 8-bit text (8BITMIME), which letters are written in. Use another one."
            )
        if self._server.user:
            self._sign_in()

    def _hello(self) -> None:
        reply = self._ask(b"EHLO " + self._server.name.encode("ascii", "replace"))
        _expect(reply, 250, "EHLO")
        self._abilities = read_abilities(reply)

    def _sign_in(self) -> None:
        if not self._there().is_encrypted and not _is_this_machine(self._server.host):
            raise ServerRefusedError(
                "A password is not sent over a connection that is not encrypted. "
                'Set mailroom.smtp_security to "starttls" or "tls".'
            )
        user, password = self._server.user.encode(), self._server.password.encode()
        if "PLAIN" in self._abilities.auth:
            reply = self._ask(b"AUTH PLAIN " + base64.b64encode(b"\0" + user + b"\0" + password))
        elif "LOGIN" in self._abilities.auth:
            reply = self._ask(b"AUTH LOGIN")
            for answer in (user, password):
                if reply.code == 334:
                    reply = self._ask(base64.b64encode(answer))
        else:
            raise ServerRefusedError("The mail server offers no way to sign in that is known here (PLAIN or LOGIN).")
        _expect(reply, 235, "sign-in")

    def _ask(self, command: bytes) -> Reply:
        wire = self._there()
        waited(wire.write((command + b"\r\n",)))
        return waited(wire.read())

    def _there(self) -> "_Wire":
        if self._wire is None:
            raise _BrokenOffError
        return self._wire

    # --- Sending ---

    def send(self, envelope_from: str, envelope_to: str, message: Wire) -> Outcome:
        """Send one message; raises ServerRefusedError where the server cannot be used as it is set up."""
        job = Job(key=None, envelope_from=envelope_from, envelope_to=envelope_to, make=lambda: message)
        with suppress(ServerUnreachableError):
            for outcome in outcomes_of(self.run([job])):
                return outcome
        return Outcome(key=None, kind=Kind.NOT_SENT)

    def run(self, jobs: Iterable[Job], on_handing_over: OnHandingOver = note_nothing) -> Iterator[Outcome | Wait]:
        """Send these copies, the envelope of each with the body of the one before.

        Raises ServerRefusedError and ServerUnreachableError: before the first job is pulled, or after every job that
        was pulled has its outcome.
        """
        if not self._is_at_rest():
            yield from elsewhere(self.open)
        source = iter(jobs)
        try:
            current = _pull(source)
            while current is not None:
                refusal, failure = yield from self._agree_somewhere(current)
                if failure is not None:
                    yield _not_sent(current, failure)
                    raise failure
                following = _pull(source)
                yield refusal or (yield from self._hand_over(current, following, on_handing_over))
                current = following
        finally:
            if self._proposed is not None:
                self._drop()

    def _agree_somewhere(self, copy: "_Copy") -> "Steps[tuple[Outcome | None, _Failure | None]]":
        """Have the envelope agreed to, on a new connection if need be: a refusal, or no server and why."""
        while True:
            try:
                if self._wire is None:
                    yield from self._open_again()
                return (yield from self._agree(copy)), None
            except _BrokenOffError as error:
                self._drop()
                if not self._has_proven:
                    return None, _broken_off(error.reply)
            except (ServerRefusedError, ServerUnreachableError) as error:
                return None, error

    def _open_again(self) -> Steps[None]:
        if not self._has_proven:
            raise _broken_off(self._last_words)
        yield from elsewhere(self.open)

    def _agree(self, copy: "_Copy") -> Steps[Outcome | None]:
        """Propose the envelope, unless it was, and hear what the server says; None means that it waits for the body."""
        wire, is_pipelining = self._there(), self._abilities.is_pipelining
        commands: tuple[bytes, ...] = ()
        if self._proposed is not copy:
            self._proposed = copy
            commands = self._envelope(copy)
            yield from self._propose(commands)
        refusal: Outcome | None = None
        for number, step, agreed in _STEPS:
            if not is_pipelining:
                yield from wire.write((commands[number],))
            reply = wire.heard() or (yield from wire.read())
            if refusal is not None:
                yield from self._end_without_reader(step, reply)
            elif reply.code != agreed:
                refusal = _refusal(copy, step, reply)
                self._owes_reset = refusal is not None and step is not Step.MAIL
                if refusal is not None and not is_pipelining:
                    break
        if refusal is not None:
            self._proposed, self._has_proven = None, True
        return refusal

    def _propose(self, commands: tuple[bytes, ...]) -> Steps[None]:
        wire, owes_reset = self._there(), self._owes_reset
        self._owes_reset = False
        first = (b"RSET\r\n",) if owes_reset else ()
        if self._abilities.is_pipelining:
            yield from wire.write((*first, *commands))
        elif owes_reset:
            yield from wire.write(first)
        if owes_reset:
            yield from wire.read()

    def _end_without_reader(self, step: Step, reply: Reply) -> Steps[None]:
        """A server that waits for a body though it took no reader is given an empty one (RFC 2920 section 3.1)."""
        if step is Step.DATA and reply.code == 354:
            yield from self._there().write((b".\r\n",))
            yield from self._there().read()

    def _hand_over(self, copy: "_Copy", following: "_Copy | None", on_handing_over: OnHandingOver) -> Steps[Outcome]:
        wire, message = self._there(), copy.message
        is_followed = following is not None and self._abilities.is_pipelining
        if following is not None and is_followed:
            message = (*message, *self._envelope(following))
        on_handing_over(copy.key)
        try:
            yield from wire.write(message)
        except _BrokenOffError as error:
            has_left = error.left_bytes > copy.size_bytes - len(_END)
            outcome = Outcome(key=copy.key, kind=Kind.UNCERTAIN if has_left else Kind.NOT_SENT)
            with suppress(_BrokenOffError):
                # A server that hangs up in the middle may have said why.
                reply = yield from wire.read()
                if not reply.is_ok:
                    outcome = Outcome(key=copy.key, kind=_kind(reply), reply=reply)
            self._drop()
            return outcome
        try:
            reply = yield from wire.read(times=2)
            kind = _kind(reply)
        except _BrokenOffError:
            self._drop()
            return Outcome(key=copy.key, kind=Kind.UNCERTAIN)
        if reply.code == 421:
            self._last_words = reply
            self._drop()
        else:
            self._has_proven = True
            self._proposed = following if is_followed else None
        return Outcome(key=copy.key, kind=kind, reply=reply)

    def _envelope(self, copy: "_Copy") -> tuple[bytes, bytes, bytes]:
        size = b" SIZE=%d" % copy.size_bytes if self._abilities.has_size else b""
        return (
            b"MAIL FROM:<%b> BODY=8BITMIME%b\r\n" % (copy.sender, size),
            b"RCPT TO:<%b>\r\n" % copy.reader,
            b"DATA\r\n",
        )


_Failure = ServerRefusedError | ServerUnreachableError
_STEPS = ((0, Step.MAIL, 250), (1, Step.RCPT, 250), (2, Step.DATA, 354))
"""The steps of an envelope in their order, and the code that agrees to each."""
_END = b"\r\n.\r\n"
_BLOCKED = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
"""What a socket raises that can do nothing at the moment."""


class _Copy:
    """A job that was pulled, with its message made."""

    __slots__ = ("key", "message", "reader", "sender", "size_bytes")

    def __init__(self, job: Job) -> None:
        self.key = job.key
        self.sender, self.reader = job.envelope_from.encode("ascii"), job.envelope_to.encode("ascii")
        self.message = tuple(job.make())
        self.size_bytes = sum(map(len, self.message))


def _pull(source: Iterator[Job]) -> _Copy | None:
    job = next(source, None)
    return None if job is None else _Copy(job)


def _refusal(copy: _Copy, step: Step, reply: Reply) -> Outcome | None:
    """What a reply other than the hoped-for one means; None where it agrees all the same (251 and 252 to RCPT)."""
    if reply.code == 421:
        raise _BrokenOffError(reply=reply)
    if reply.code < 400:
        if step is not Step.DATA and reply.code < 300:
            return None
        raise _BrokenOffError
    return Outcome(key=copy.key, kind=_kind(reply), reply=reply, step=step)


def _kind(reply: Reply) -> Kind:
    if 300 <= reply.code < 400:
        raise _BrokenOffError
    return Kind.ACCEPTED if reply.is_ok else Kind.DEFERRED if reply.is_deferral else Kind.REFUSED


def _not_sent(copy: _Copy, failure: _Failure) -> Outcome:
    reply = failure.reply if isinstance(failure, ServerUnreachableError) else None
    return Outcome(key=copy.key, kind=Kind.NOT_SENT, reply=reply, step=Step.MAIL)


def _broken_off(reply: Reply | None) -> ServerUnreachableError:
    if reply is not None:
        return ServerUnreachableError(f"The mail server asks for a pause ({reply.code}). Try again later.", reply)
    return ServerUnreachableError("The mail server broke off before it took anything. Try again later.")


def _expect(reply: Reply, code: int, step: str) -> None:
    """Go on where the server agreed to `step`; raises ServerUnreachableError or ServerRefusedError."""
    if reply.code == code:
        return
    said = f"{reply.code} {reply.enhanced}".strip()
    if reply.is_refusal:
        raise ServerRefusedError(f"The mail server answered {said} to the {step}. Check the mailroom's settings.")
    raise ServerUnreachableError(f"The mail server answered {said} to the {step}. Try again later.", reply)


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


# --- Bytes ---


class _Wire:
    """A socket that is written and read whole, in steps, and says how far it came."""

    __slots__ = ("_replies", "_server", "_socket", "is_encrypted", "limit_seconds")

    def __init__(self, server: Server) -> None:
        self._server = server
        self._replies = ReplyReader()
        self.limit_seconds = server.timeout_seconds
        self.is_encrypted = False
        try:
            self._socket = socket.create_connection(
                (server.host, server.port), min(server.timeout_seconds, _CONNECT_SECONDS)
            )
        except OSError:
            raise ServerUnreachableError(
                "The mail server cannot be reached. Check its name and port, or wait."
            ) from None
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(0)

    def encrypt(self) -> None:
        """Go on under TLS with a certificate that is right, which blocks; raises ServerRefusedError."""
        if not self._replies.is_empty:
            raise ServerRefusedError(
                "The mail server spoke on in the clear after it agreed to encrypt, or somebody on the way did. "
                "Nothing was sent."
            )
        try:
            context = ssl.create_default_context(cafile=self._server.ca_file)
        except (OSError, ssl.SSLError):
            raise ServerRefusedError("The file with certificates to trust cannot be read. Check its path.") from None
        self._socket.settimeout(min(self.limit_seconds, _CONNECT_SECONDS))
        try:
            self._socket = context.wrap_socket(self._socket, server_hostname=self._server.host)
        except ssl.SSLCertVerificationError as error:
            raise ServerRefusedError(
                f"The mail server's certificate is not right: {error.verify_message}. Nothing was sent."
            ) from None
        except (OSError, ValueError):
            raise ServerUnreachableError(
                "No encrypted connection to the mail server came about. Try again later."
            ) from None
        self.is_encrypted = True
        self._socket.settimeout(0)

    def write(self, pieces: Wire) -> Steps[None]:
        """Write all of it; raises _BrokenOffError with what may have left."""
        size_bytes, left_bytes, on_the_way = sum(map(len, pieces)), 0, 0
        try:
            if not self.is_encrypted:
                with suppress(BlockingIOError):
                    left_bytes = self._socket.sendmsg(pieces)
                if left_bytes == size_bytes:
                    return
            rest = memoryview(b"".join(pieces))
            until = monotonic() + self.limit_seconds
            while left_bytes < size_bytes:
                piece = rest[left_bytes : left_bytes + _WRITE_BYTES]
                # What TLS loses on the way to the socket may have left all the same.
                on_the_way = len(piece) if self.is_encrypted else 0
                try:
                    left_bytes += self._socket.send(piece)
                except _BLOCKED as error:
                    yield self._wait(error, select.POLLOUT, until)
                else:
                    until = monotonic() + self.limit_seconds
        except OSError:
            raise _BrokenOffError(left_bytes=left_bytes + on_the_way) from None

    def heard(self) -> Reply | None:
        """The next reply, if it came with an earlier one; raises _BrokenOffError."""
        try:
            return self._replies.next()
        except ReplyBrokenError:
            raise _BrokenOffError from None

    def read(self, *, times: int = 1) -> Steps[Reply]:
        """The next reply, within so many times the limit; raises _BrokenOffError."""
        reply = self.heard()
        if reply is not None:
            return reply
        until = monotonic() + self.limit_seconds * times
        if not self.is_encrypted:
            # What was just asked for cannot be there yet. (TLS may hold it back where no system call sees it.)
            yield Wait(self._socket, select.POLLIN, until)
        try:
            while reply is None:
                try:
                    piece = self._socket.recv(_READ_BYTES)
                except _BLOCKED as error:
                    yield self._wait(error, select.POLLIN, until)
                    continue
                if not piece:
                    raise _BrokenOffError
                self._replies.feed(piece)
                reply = self.heard()
                if reply is None and monotonic() >= until:
                    raise _BrokenOffError
        except OSError:
            raise _BrokenOffError from None
        return reply

    def _wait(self, error: OSError, event: int, until: float) -> Wait:
        """What to wait for where nothing could be done yet; raises TimeoutError once it is too late."""
        if monotonic() >= until:
            raise TimeoutError
        if isinstance(error, ssl.SSLWantReadError):
            event = select.POLLIN
        elif isinstance(error, ssl.SSLWantWriteError):
            event = select.POLLOUT
        return Wait(self._socket, event, until)

    def has_news(self) -> bool:
        """Whether the server said something unasked, or hung up, while nothing was under way."""
        if not self._replies.is_empty:
            return True
        try:
            self._socket.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError:
            return True
        return True

    def cut(self) -> None:
        """Wake whoever waits on the socket, with its end."""
        with suppress(OSError):
            # Not the method of an SSLSocket, which would take TLS away from under the other thread.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def hang_up(self) -> None:
        """Close the socket."""
        with suppress(OSError):
            self._socket.close()
