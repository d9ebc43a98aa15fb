"""Reads a mirror as a reader's browser does: over HTTP(S), from its public address, through a proxy where one is named.

The promises, whatever answers:
 * No more than `most_bytes` of a file are taken, as sent and as unpacked; where there is more, the rest is left unread.
 * The whole reader ends `seconds` after it began, also where every byte drips in on its own.
 * A redirect is followed on the same host only, and three times at most. Certificates are verified.
 * Nothing of this machine goes along: no cookie, no password of a .netrc, no proxy that was not named.
 * What goes wrong is said without hosts.
"""

import socket
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Lock, Timer
from types import TracebackType
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import brotli
import requests
import urllib3
from requests.adapters import HTTPAdapter

from stet.edition.sheet import WELL_KNOWN
from stet.mirrors.errors import MirrorBrokenError, MirrorUnreachableError

SECONDS = 60.0
"""For all that is read of a mirror in one look."""
ANSWER_SECONDS = 20.0
"""For a single answer to begin, and between two parts of it."""
MOST_REDIRECTS = 3
CHUNK_BYTES = 16_384
ABSENT = frozenset({403, 404, 410})
"""403: hosts of the S3 kind answer so where no list may be read."""
HEADERS = {
    # A browser's words: a mirror that shows checkers another face than readers should not know one so easily.
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en",
    "Accept-Encoding": "gzip, br",
}


class HttpReader:
    """Reads files below `public`; use it as a context manager."""

    def __init__(self, public: str, *, proxy: str = "", seconds: float = SECONDS) -> None:
        self._public = public
        self._lines = _Lines()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.clear()
        self._session.headers.update(HEADERS)
        self._session.proxies = {"http": proxy, "https": proxy} if proxy else {}
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _Adapter(self._lines))
        self._timeout = min(ANSWER_SECONDS, seconds)
        self._timer = Timer(seconds, self._lines.cut)
        self._timer.daemon = True

    def __enter__(self) -> "HttpReader":
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._session.close()
        self._lines.close()

    def read(self, path: str, *, most_bytes: int) -> bytes | None:
        """The body of what readers get for a file, `most_bytes` of it at most; None where there is none."""
        url = self._public + quote(address_of(path), safe="/")
        try:
            for _ in range(MOST_REDIRECTS + 1):
                with self._session.get(
                    url, stream=True, allow_redirects=False, timeout=(self._timeout, self._timeout)
                ) as answer:
                    if not answer.is_redirect:
                        return self._whole(_body(answer, most_bytes))
                    url = _followed(url, answer.headers["location"])
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise MirrorBrokenError("The mirror's certificate is not one that browsers accept.") from error
            raise MirrorUnreachableError(self._why(error)) from error
        raise MirrorBrokenError("The mirror leads from one address to the next without end.")

    def _whole(self, body: bytes | None) -> bytes | None:
        """What was read, unless it ended because time was up."""
        if self._lines.is_cut:
            raise TimeoutError
        return body

    def _why(self, error: Exception) -> str:
        slow = (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)
        if self._lines.is_cut or isinstance(error, slow):
            return "The mirror did not answer in time."
        if isinstance(error, requests.exceptions.ProxyError):
            return "The proxy that the mirror is looked at through did not let us pass."
        return "The mirror did not answer."


def address_of(path: str) -> str:
    """What a reader asks for to get a file: a folder for its index.html.

    >>> address_of("/news/index.html"), address_of("/style.css")
    ('/news/', '/style.css')
    """
    folder, _slash, name = path.rpartition("/")
    return f"{folder}/" if name == "index.html" and not path.startswith(WELL_KNOWN) else path


def _followed(url: str, location: str) -> str:
    """Where a redirect leads; raises MirrorBrokenError where that is another host."""
    target = urljoin(url, location)
    before, after = urlsplit(url), urlsplit(target)
    is_safer = (before.scheme, after.scheme, before.hostname) == ("http", "https", after.hostname)
    if (before.scheme, before.netloc) != (after.scheme, after.netloc) and not is_safer:
        raise MirrorBrokenError("The mirror leads readers to another host.")
    return target


def _body(answer: requests.Response, most_bytes: int) -> bytes | None:
    if answer.status_code in ABSENT:
        return None
    if answer.status_code != 200:
        raise MirrorUnreachableError(f"The mirror answers with an error ({answer.status_code}).")
    encoding = answer.headers.get("content-encoding", "").strip().lower()
    packed = _parts(answer, 2 * most_bytes + 1024)
    match encoding:
        case "" | "identity":
            return _taken(packed, most_bytes)
        case "gzip" | "x-gzip":
            return _taken(_ungzipped(packed, most_bytes), most_bytes)
        case "br":
            return _taken(_unbrotlied(packed, most_bytes), most_bytes)
        case _:
            raise MirrorBrokenError("The mirror packs files in a way that was not asked for.")


def _parts(answer: requests.Response, most_bytes: int) -> Iterator[bytes]:
    """What arrives, as it arrives, to a little more than `most_bytes`."""
    left = most_bytes
    while left > 0 and (part := answer.raw.read1(CHUNK_BYTES, decode_content=False)):
        left -= len(part)
        yield part


def _taken(parts: Iterator[bytes], most_bytes: int) -> bytes:
    taken = bytearray()
    for part in parts:
        taken += part
        if len(taken) >= most_bytes:
            break
    return bytes(taken[:most_bytes])


def _ungzipped(parts: Iterator[bytes], most_bytes: int) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=31)
    for part in parts:
        try:
            yield unpacker.decompress(part, most_bytes)  # what is beyond it is left in the unpacker
        except zlib.error as error:
            raise MirrorBrokenError("The mirror sends a packed file that cannot be unpacked.") from error


def _unbrotlied(parts: Iterator[bytes], most_bytes: int) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    for part in parts:
        try:
            yield unpacker.process(part, output_buffer_limit=most_bytes)
            while not (unpacker.can_accept_more_data() or unpacker.is_finished()):
                yield unpacker.process(b"", output_buffer_limit=most_bytes)
        except brotli.error as error:
            raise MirrorBrokenError("The mirror sends a packed file that cannot be unpacked.") from error


# --- An end that comes in time ---


class _Lines:
    """The sockets that a reader opened. A timeout of a socket is over with each byte; shutting it down ends it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sockets: list[socket.socket] = []
        self.is_cut = False

    def add(self, line: socket.socket) -> None:
        """Keep another handle to a socket: TLS takes the first one over."""
        with self._lock:
            if self.is_cut:
                raise TimeoutError
            self._sockets.append(line.dup())

    def cut(self) -> None:
        """End everything that is on its way."""
        with self._lock:
            self.is_cut = True
            for line in self._sockets:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the handles."""
        with self._lock:
            for line in self._sockets:
                line.close()
            self._sockets.clear()


class _Adapter(HTTPAdapter):
    """An adapter whose sockets can be shut down from outside."""

    def __init__(self, lines: _Lines) -> None:
        self._lines = lines
        super().__init__()

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> Any:
        """A pool whose connections tell of their sockets."""
        pool: Any = super().get_connection_with_tls_context(*args, **options)
        if not hasattr(pool.ConnectionCls, "lines"):
            pool.ConnectionCls = _told_of(pool.ConnectionCls, self._lines)
        return pool


def _told_of(connection: Any, lines: _Lines) -> Any:
    new: Callable[[Any], socket.socket] = connection._new_conn

    def _new_conn(self: Any) -> socket.socket:
        line = new(self)
        lines.add(line)
        return line

    return type("_Told", (connection,), {"lines": lines, "_new_conn": _new_conn})
