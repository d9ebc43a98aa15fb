"""A web server on loopback that serves a mirror's folder, and answers otherwise where a test wants it to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from urllib.parse import unquote, urlsplit

import brotli

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Served:
    """A running server."""

    address: str
    folder: Path
    answers: dict[str, Answer] = field(default_factory=dict)
    """How a path is answered instead; "*" is every path."""
    asked: list[str] = field(default_factory=list)
    """Every request's target, as it was sent."""
    released: Event = field(default_factory=Event)
    """Set at the end: answers that hang go home."""


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    served = Served("", folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each answer on a connection waits 40 ms for an acknowledgement

        def do_GET(self) -> None:
            served.asked.append(self.path)
            path = unquote(urlsplit(self.path).path)
            answer = served.answers.get(path) or served.answers.get("*")
            try:
                (answer or self.serve)(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def serve(self, _handler: BaseHTTPRequestHandler) -> None:
            path = unquote(urlsplit(self.path).path)
            file = served.folder / (path[1:] + ("index.html" if path.endswith("/") else ""))
            packed = file.with_name(file.name + ".br")
            if packed.is_file() and "br" in self.headers["Accept-Encoding"]:
                send(self, packed.read_bytes(), encoding="br")
            elif file.is_file():
                send(self, file.read_bytes())
            else:
                send(self, b"nothing is here", status=404)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Whoever looks hangs up on some answers; that is meant."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    served.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield served
    finally:
        served.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def send(handler: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, encoding: str = "") -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    if encoding:
        handler.send_header("Content-Encoding", encoding)
    handler.end_headers()
    handler.wfile.write(body)


# --- How a mirror misbehaves ---


def failing(status: int) -> Answer:
    return lambda handler: send(handler, b"sorry", status=status)


def leading_to(address: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", address)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def endless(encoding: str = "") -> Answer:
    """A body without end; packed, a few kilobytes of it are hundreds of megabytes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        if encoding:
            handler.send_header("Content-Encoding", encoding)
        handler.end_headers()
        part = BOMBS.get(encoding, b"0" * 65536)
        while True:
            handler.wfile.write(part)

    return answer


def dripping(served: Served) -> Answer:
    """A byte now and then: no timeout of a socket ever comes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not served.released.wait(0.05):
            handler.wfile.write(b"0")

    return answer


def dripping_head(served: Served) -> Answer:
    """The same, before the answer has even begun."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not served.released.wait(0.05):
            handler.wfile.write(b"X-Wait: 1\r\n")

    return answer


def silent(served: Served) -> Answer:
    """Nothing at all."""
    return lambda _handler: (served.released.wait(), None)[1]


def _gzip_bomb() -> bytes:
    import gzip

    return gzip.compress(b"0" * 50_000_000, 9)


BOMBS = {"gzip": _gzip_bomb(), "br": brotli.compress(b"0" * 50_000_000, quality=5)}
