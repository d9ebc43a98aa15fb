"""What stands between a mirror's writer and its server, and breaks as a network does.

`Relay` passes bytes. After a number of them, in both directions and over all connections together, it drops the
connection or passes nothing more. `HttpRelay` passes whole requests, as a store does that answers 400 to half of one
(moto keeps what it got), and answers some of them with an error, before or after the server did what was asked.
"""

import re
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass

CHUNK_BYTES = 4_096


@dataclass(frozen=True, kw_only=True)
class Break:
    """When and how a relay breaks."""

    after_bytes: int
    is_silent: bool = False
    """Connections stay, and nothing passes; else they end."""
    trickle_seconds: float = 0
    """A byte passes each time; nothing ends, nothing is silent."""
    is_lasting: bool = True
    """Later connections meet the same; else only those that are open."""


class _Server:
    """Takes connections and lets each be served by a thread."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._served: set[threading.Thread] = set()
        self._serving = threading.Lock()
        """Held while a thread is named among the served and started, so that nobody waits for one that is not."""
        self._clients: set[socket.socket] = set()
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def settle(self) -> None:
        """Wait until every connection that was begun is over on the server's side too."""
        while self._served:
            with self._serving:
                served = list(self._served)
            for thread in served:
                thread.join()
                self._served.discard(thread)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join()
        for client in list(self._clients):
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        self.settle()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._clients.add(client)
                thread = threading.Thread(target=self._serve_until_over, args=(client,), daemon=True)
                with self._serving:
                    self._served.add(thread)
                    thread.start()

    def _serve_until_over(self, client: socket.socket) -> None:
        try:
            self._serve(client)
        finally:
            self._clients.discard(client)

    def _serve(self, client: socket.socket) -> None:
        raise NotImplementedError


class Relay(_Server):
    """Passes bytes to `upstream`, until it breaks."""

    def __init__(self, upstream: tuple[str, int]) -> None:
        self._upstream = upstream
        self._lock = threading.Lock()
        self._planned: Break | None = None
        self.passed = 0
        self._broken: Break | None = None
        self._mended = threading.Event()
        super().__init__()

    def plan(self, planned: Break) -> None:
        """Break when so many bytes have passed from now on."""
        with self._lock:
            self._planned, self.passed = planned, 0

    def mend(self) -> bool:
        """Pass everything again; whether it was broken meanwhile."""
        with self._lock:
            was_broken = self._broken is not None
            self._planned = self._broken = None
            self._mended.set()
            self._mended = threading.Event()
        return was_broken

    def close(self) -> None:
        self.mend()
        super().close()

    def _serve(self, client: socket.socket) -> None:
        with client:
            broken = self._broken
            if broken is not None and broken.is_lasting:
                if broken.is_silent:
                    self._mended.wait()
                return
            try:
                server = socket.create_connection(self._upstream)
            except OSError:
                return
            with server:
                server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                back = threading.Thread(target=self._pass, args=(server, client), daemon=True)
                back.start()
                self._pass(client, server)
                with suppress(OSError):
                    server.shutdown(socket.SHUT_WR)
                back.join()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        is_there = True
        with suppress(OSError):
            while part := source.recv(CHUNK_BYTES):
                room = self._room(len(part))
                if is_there and room:
                    try:
                        target.sendall(part[:room])
                    except OSError:
                        is_there = False  # The rest is read all the same: what the server is at comes to its end.
                if room < len(part):
                    self._break(source, target, rest=part[room:])
                    return

    def _room(self, size_bytes: int) -> int:
        """How many of so many bytes pass before it breaks."""
        with self._lock:
            if self._broken is not None:
                return 0 if self._broken.is_lasting else size_bytes
            room = (self._planned.after_bytes if self._planned else self.passed + size_bytes) - self.passed
            self.passed += size_bytes
            if self._planned is None:
                return size_bytes
            if room > size_bytes:
                return size_bytes
            self._broken = self._planned
            return max(0, room)

    def _break(self, source: socket.socket, target: socket.socket, rest: bytes) -> None:
        broken = self._broken
        if broken is not None and broken.trickle_seconds:
            with suppress(OSError):
                for byte in rest + b"x" * 1_000:
                    if self._mended.wait(broken.trickle_seconds):
                        break
                    target.sendall(bytes([byte]))
        elif broken is not None and broken.is_silent:
            self._mended.wait()
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True, kw_only=True)
class Failing:
    """Which requests are answered with an error."""

    first: int
    """The number of the first one, from now on."""
    count: int
    status: int = 500
    is_done: bool = False
    """Whether the server is asked all the same, and only its answer is replaced."""
    methods: frozenset[str] | None = None


class HttpRelay(_Server):
    """Passes whole HTTP requests to `upstream`; one connection at a time serves one request after the other."""

    def __init__(self, upstream: tuple[str, int], *, conditions: str = "passed") -> None:
        """`conditions` of requests are passed, forgotten, refused (501), or kept by the relay itself."""
        self._upstream = upstream
        self._conditions = conditions
        self._lock = threading.Lock()
        self._failing: Failing | None = None
        self.asked = 0
        """Requests of the methods that may fail, since `fail` was last called."""
        self.failed = 0
        super().__init__()

    def fail(self, failing: Failing | None) -> None:
        """Answer these with an error; None: none of them."""
        with self._lock:
            self._failing, self.asked, self.failed = failing, 0, 0

    def _serve(self, client: socket.socket) -> None:
        with client, client.makefile("rb") as incoming, suppress(OSError):
            while True:
                head = _head(incoming)
                if head is None:
                    return
                size = _length(head) or 0
                body = incoming.read(size)
                if len(body) < size:
                    return
                failing = self._is_next_failing(head)
                answer = b"" if failing and not failing.is_done else self._answer(head, body)
                client.sendall(_error(failing.status) if failing else answer)

    def _is_next_failing(self, head: bytes) -> Failing | None:
        with self._lock:
            failing = self._failing
            if failing and failing.methods and head.split(b" ", 1)[0].decode() not in failing.methods:
                return None
            self.asked += 1
            if failing is None or not failing.first < self.asked <= failing.first + failing.count:
                return None
            self.failed += 1
            return failing

    def _answer(self, head: bytes, body: bytes) -> bytes:
        condition = _CONDITION.search(head)
        if condition is None or self._conditions == "passed":
            return self._asked(head, body)
        if self._conditions == "refused":
            return _error(501)
        head = _CONDITION.sub(b"", head)
        if self._conditions == "kept":
            told = self._asked(b"HEAD " + head.partition(b" ")[2], b"")
            if (mark := _ETAG.search(told)) is None or mark[1] != condition[1]:
                return _error(412)
        return self._asked(head, body)

    def _asked(self, head: bytes, body: bytes) -> bytes:
        method = head.split(b" ", 1)[0]
        head = re.sub(rb"(?im)^(connection|expect):.*\r\n", b"", head)
        with socket.create_connection(self._upstream) as server, server.makefile("rb") as answers:
            server.sendall(head.removesuffix(b"\r\n") + b"Connection: close\r\n\r\n" + body)
            told = _head(answers)
            if told is None:
                return _error(502)
            size = _length(told)
            if method == b"HEAD" or told.split(b" ", 2)[1] in (b"204", b"304"):
                rest = b""
            else:
                rest = answers.read() if size is None else answers.read(size)
        told = re.sub(rb"(?im)^(connection|transfer-encoding):.*\r\n", b"", told)
        if size is None and method != b"HEAD":
            rest = _joined(rest) if b"chunked" in told.lower() else rest
            told = told.removesuffix(b"\r\n") + b"Content-Length: %d\r\n\r\n" % len(rest)
        return told + rest


_CONDITION = re.compile(rb"(?im)^if-(?:none-)?match:[ ]*(.*?)[ ]*\r\n")
_ETAG = re.compile(rb"(?im)^etag:[ ]*(.*?)[ ]*\r\n")


class TlsRelay(Relay):
    """Passes bytes of encrypted connections to a server that takes plain ones."""

    def __init__(self, upstream: tuple[str, int], context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(upstream)

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), self._context.wrap_socket(client, server_side=True) as encrypted:
            super()._serve(encrypted)


def _head(stream: socket.SocketIO) -> bytes | None:
    head = b""
    while line := stream.readline():
        head += line
        if line == b"\r\n":
            return head
    return None


def _length(head: bytes) -> int | None:
    found = re.search(rb"(?im)^content-length:\s*(\d+)", head)
    return int(found[1]) if found else None


def _joined(chunked: bytes) -> bytes:
    whole = b""
    while chunked:
        size, _line, chunked = chunked.partition(b"\r\n")
        whole, chunked = whole + chunked[: int(size, 16)], chunked[int(size, 16) + 2 :]
    return whole


def _error(status: int) -> bytes:
    return b"HTTP/1.1 %d Wrong\r\nContent-Length: 0\r\n\r\n" % status
