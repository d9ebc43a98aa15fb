"""What doubles of providers share: a server on this machine that answers JSON, and keeps what it was asked."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Thing = dict[str, Any]


class RefusalError(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, body: Any = None) -> None:
        super().__init__()
        self.status, self.body = status, body


class Asked:
    """A request."""

    def __init__(self, method: str, path: str, query: dict[str, list[str]], headers: Any, raw: bytes) -> None:
        self.method, self.path, self.query, self.headers, self.raw = method, path, query, headers, raw

    @property
    def body(self) -> Any:
        assert self.headers["Content-Type"] == "application/json", "It is asked in JSON."
        return json.loads(self.raw)

    def one(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]


class Double:
    """A server; subclasses answer in methods that are marked by `route`."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.away = 0
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # or each answer on a connection waits 40 ms for an acknowledgement

            def answer(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                parts = urlsplit(self.path)
                query = parse_qs(parts.query, keep_blank_values=True)
                try:
                    status, body = double.answer(Asked(self.command, parts.path, query, self.headers, raw))
                except RefusalError as refusal:
                    status, body = refusal.status, refusal.body
                data = b"" if body is None else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Set-Cookie", "session=abc")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_GET(self) -> None:
                self.answer()

            def do_POST(self) -> None:
                self.answer()

            def log_message(self, *args: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Any:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, asked: Asked) -> tuple[int, Any]:
        assert "Cookie" not in asked.headers, "No cookie is kept."
        self.asked.append((asked.method, asked.path))
        if self.away:
            self.away -= 1
            raise RefusalError(503)
        for method, pattern, name in self._routes():
            found = re.fullmatch(pattern, asked.path)
            if found and method == asked.method:
                return getattr(self, name)(asked, *found.groups())
        raise RefusalError(404)

    def _routes(self) -> Iterator[tuple[str, str, str]]:
        for name in dir(type(self)):
            for method, pattern in getattr(getattr(type(self), name), "routes", ()):
                yield method, pattern, name


def route(method: str, pattern: str) -> Callable[[Any], Any]:
    """Mark what answers a request."""

    def mark(function: Any) -> Any:
        function.routes = [*getattr(function, "routes", ()), (method, pattern)]
        return function

    return mark


def strict(thing: Thing, form: Thing, path: str = "") -> None:
    """Refuse names that a form has not, and what is not of its kind. `form`: names with a type, a form, or [a form]."""
    for name, value in thing.items():
        here = f"{path}/{name}"
        if name not in form:
            raise RefusalError(400, {"name": "INVALID_REQUEST", "details": [{"field": here, "issue": "UNKNOWN"}]})
        kind = form[name]
        if isinstance(kind, dict):
            strict(value, kind, here)
        elif isinstance(kind, list):
            for one in value:
                strict(one, kind[0], here)
        elif not isinstance(value, kind):
            raise RefusalError(400, {"name": "INVALID_REQUEST", "details": [{"field": here, "issue": "INVALID_TYPE"}]})
