"""Lets a WSGI application see a request only once all of it is here, so that nobody holds its one thread by being slow.

The rules:
 * A body is read while nobody waits for it, up to a number of bytes and of seconds; then the application is called.
 * One that says it is larger is not read. One that turns out larger is cut: the length that the application is told is
   larger than it takes in any case, and it answers.
 * One that does not come in time is answered with 408 and reaches nobody.
 * The application runs in one thread, one request after the other.
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[bytes, bytes]]

TOO_SLOW = b"The request did not arrive in time. Please send it again.\n"
PLAIN = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close"), (b"cache-control", b"no-store")]


class _GoneError(Exception):
    """Whoever asked went away before all was here."""


def in_whole_requests(application: Wsgi, *, most_bytes: int, seconds: float) -> Asgi:
    """The application behind a reader of bodies, as ASGI (HTTP only)."""
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pages")

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await asyncio.wait_for(_body(scope, receive, most_bytes), seconds)
        except TimeoutError:
            await _send(send, 408, PLAIN, TOO_SLOW)
            return
        except _GoneError:
            return
        loop = asyncio.get_running_loop()
        status, headers, content = await loop.run_in_executor(thread, _called, application, environ(scope, body))
        await _send(send, status, headers, content)

    return answer


async def _body(scope: Scope, receive: Receive, most_bytes: int) -> bytes:
    """The body, or a little more than the first `most_bytes` of it; nothing of one that says it is larger."""
    if _declared_bytes(scope) > most_bytes:
        return b""
    body = bytearray()
    while len(body) <= most_bytes:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body)


def _declared_bytes(scope: Scope) -> int:
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(declared) if declared.isdigit() else 0


def environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """The request as PEP 3333 wants it."""
    host, port = (*(scope.get("server") or ("localhost", 80)), 80)[:2]
    values: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_NAME": str(host),
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name:  # "content_length" would be taken for "content-length"
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        said = value.decode("latin-1")
        values[key] = f"{values[key]},{said}" if key in values else said
    if body:
        values["CONTENT_LENGTH"] = str(len(body))
    return values


def _called(application: Wsgi, values: dict[str, Any]) -> tuple[int, Headers, bytes]:
    """The application's answer, whole."""
    begun: list[tuple[int, Headers]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _failure: object = None) -> Callable[[bytes], None]:
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        begun.append((int(status.split(" ", 1)[0]), encoded))
        return lambda _content: None

    pieces = application(values, start_response)
    try:
        content = b"".join(pieces)
    finally:
        if close := getattr(pieces, "close", None):
            close()
    status, headers = begun[-1]
    return status, headers, b"" if values["REQUEST_METHOD"] == "HEAD" else content


async def _send(send: Send, status: int, headers: Headers, content: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
