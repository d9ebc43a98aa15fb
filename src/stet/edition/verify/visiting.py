"""Reading files from a host that may be slow, lying or hostile, with nothing but the standard library.

The rules:
 * An answer is read to a limit, unpacked to the same limit, and has to be there within a time, however it drips.
 * A host that sends the reader on to another host is not followed; whoever asked is told where it leads.
 * It is asked for what a browser would get: compressed, under the address that readers use.
 * No proxy is taken from the environment: what is not given is not used. SOCKS is not in the standard library; Tor's
   HTTPTunnelPort speaks what is.
"""

import ssl
import threading
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from socket import SHUT_RDWR
from urllib.parse import SplitResult, urljoin, urlsplit

import msgspec

from stet.edition.errors import AddressRefusedError, AddressUnreachableError, EditionBrokenError
from stet.edition.verify.packing import HAS_BROTLI, unpacked

MOST_REDIRECTS = 3
SECONDS = 30
SILENT_SECONDS = 10
_PORTS = {"http": 80, "https": 443}
_MOVED = (301, 302, 303, 307, 308)
_MISSING = (404, 410)
_PACKED = {"gzip": ".gz", "x-gzip": ".gz", "br": ".br"}


class Answer(msgspec.Struct, frozen=True):
    """What a host answered: its status, and the body, of a longer one a byte more than was asked for."""

    status: int
    body: bytes


class Visitor:
    """Asks one host for one file after the other."""

    def __init__(self, address: str, *, proxy: str | None = None, seconds: float = SECONDS) -> None:
        """`address`: any of the host. Raises AddressRefusedError where it, or the proxy, cannot be used."""
        self._host = _checked(address)
        self.asked_path = self._host.path
        self._proxy = _checked_proxy(proxy) if proxy else None
        if self._proxy is None and (self._host.hostname or "").endswith(".onion"):
            raise AddressRefusedError(
                "An onion address is reached over Tor alone: set HTTPTunnelPort in its torrc, and name that port with "
                "--proxy http://127.0.0.1:PORT. Nothing was asked."
            )
        self._seconds = seconds
        self._connection: HTTPConnection | None = None

    def get(self, target: str, most_bytes: int) -> Answer:
        """Ask for a path; raises AddressUnreachableError, or EditionBrokenError for an answer without end."""
        address = f"{self._host.scheme}://{self._host.netloc}{target}"
        for _ in range(MOST_REDIRECTS + 1):
            status, headers, body = self._ask(urlsplit(address), most_bytes)
            if status not in _MOVED:
                return Answer(status, _unpacked(target, headers.get("content-encoding", ""), body, most_bytes))
            address = self._next(address, headers.get("location", ""))
        raise AddressUnreachableError(f"{self._host.netloc} sends a reader from one address to the next without end.")

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _next(self, address: str, location: str) -> str:
        goal = urlsplit(urljoin(address, location))
        if goal.scheme not in _PORTS or goal.hostname != self._host.hostname:
            raise AddressUnreachableError(
                f"{self._host.netloc} does not answer itself but sends readers on to {goal.netloc[:100] or 'nowhere'}. "
                "It was not followed; check that address by itself if you want to."
            )
        if (goal.scheme, goal.netloc) != (self._host.scheme, self._host.netloc):
            self.close()
            self._host = goal
        return goal.geturl()

    def _ask(self, address: SplitResult, most_bytes: int) -> tuple[int, dict[str, str], bytes]:
        is_fresh = self._connection is None
        try:
            return self._ask_once(address, most_bytes)
        except AddressUnreachableError:
            raise
        except (OSError, HTTPException) as error:
            self.close()
            if is_fresh:
                raise AddressUnreachableError(_sentence(self._host.netloc, error)) from error
        return self._ask(address, most_bytes)

    def _ask_once(self, address: SplitResult, most_bytes: int) -> tuple[int, dict[str, str], bytes]:
        connection = self._connection = self._connection or self._connect()
        watch = _Watch(connection, self._seconds)
        try:
            return self._answer(connection, address, most_bytes, watch)
        except (OSError, HTTPException) as error:
            if watch.is_over:
                self.close()
                raise AddressUnreachableError(
                    f"{self._host.netloc} took longer than {self._seconds:g} seconds for one file."
                ) from error
            raise
        finally:
            watch.end()

    def _answer(
        self, connection: HTTPConnection, address: SplitResult, most_bytes: int, watch: "_Watch"
    ) -> tuple[int, dict[str, str], bytes]:
        target = address.path or "/"
        if self._proxy and not self._is_tunneled:
            target = f"{address.scheme}://{address.netloc}{target}"
        packings = "br, gzip" if HAS_BROTLI else "gzip"
        connection.request("GET", target, headers={"Accept-Encoding": packings, "Accept": "*/*"})
        watch.socket = connection.sock
        response = connection.getresponse()
        body = response.read(most_bytes + 1)
        if watch.is_over:
            raise TimeoutError
        is_cut = response.length not in (None, 0) and len(body) <= most_bytes
        self._let_go_unless_done(response)
        if is_cut:
            raise ConnectionError("The answer ended early.")
        return response.status, {name.lower(): value for name, value in response.getheaders()}, body

    def _let_go_unless_done(self, response: HTTPResponse) -> None:
        if not response.isclosed() or response.will_close:
            self.close()

    @property
    def _is_tunneled(self) -> bool:
        return self._host.scheme == "https" or (self._host.hostname or "").endswith(".onion")

    def _connect(self) -> HTTPConnection:
        is_tls = self._host.scheme == "https"
        host, port = self._host.hostname or "", self._host.port or _PORTS[self._host.scheme]
        at, at_port = (self._proxy.hostname or "", self._proxy.port or 8080) if self._proxy else (host, port)
        connection = (
            HTTPSConnection(at, at_port, timeout=SILENT_SECONDS, context=ssl.create_default_context())
            if is_tls
            else HTTPConnection(at, at_port, timeout=SILENT_SECONDS)
        )
        if self._proxy and self._is_tunneled:
            connection.set_tunnel(host, port)
        return connection


class _Watch:
    """Shuts a connection that takes too long, wherever it is: shaking hands, in headers, in the body."""

    def __init__(self, connection: HTTPConnection, seconds: float) -> None:
        self.is_over = False
        self.socket = connection.sock
        self._connection = connection
        self._timer = threading.Timer(seconds, self._shut)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        """Stop watching."""
        self._timer.cancel()

    def _shut(self) -> None:
        self.is_over = True
        for one in (self.socket, self._connection.sock):
            with suppress(OSError, AttributeError):
                one.shutdown(SHUT_RDWR)


def is_missing(answer: Answer) -> bool:
    """Whether a host says that there is no such file."""
    return answer.status in _MISSING


def _unpacked(target: str, encoding: str, body: bytes, most_bytes: int) -> bytes:
    name = encoding.strip().lower()
    if name in ("", "identity") or not body:
        return body
    suffix = _PACKED.get(name)
    if suffix is None or (suffix == ".br" and not HAS_BROTLI):
        raise AddressUnreachableError(f"{target} comes packed as {name[:20]}, which cannot be unpacked here.")
    plain = unpacked(suffix, body, most_bytes)
    if plain is None or len(plain) > most_bytes:
        raise EditionBrokenError(f"{target} does not unpack, or to more than it may; do not trust this copy.")
    return plain


def _checked(text: str) -> SplitResult:
    try:
        address = urlsplit(text)
        is_usable = address.scheme in _PORTS and bool(address.hostname) and address.port != 0
        (address.hostname or "").encode("idna")
    except (ValueError, UnicodeError) as error:
        raise AddressRefusedError("That is no address that can be read; give one like https://example.org/.") from error
    if not is_usable or address.username:
        raise AddressRefusedError("That is no address that can be read; give one like https://example.org/.")
    return address


def _checked_proxy(proxy: str) -> SplitResult:
    try:
        address = urlsplit(proxy)
    except ValueError:
        address = urlsplit("")
    if address.scheme != "http" or not address.hostname:
        raise AddressRefusedError(
            "Only an HTTP proxy can be used here, such as http://127.0.0.1:8118. For Tor, set HTTPTunnelPort in its "
            "torrc and give that; SOCKS needs more than Python alone."
        )
    return address


def _sentence(host: str, error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{host} shows a certificate that is not its own, so it was not asked; try another mirror."
    if isinstance(error, TimeoutError):
        return f"{host} did not answer in time; try again later, or by another way in."
    return f"{host} cannot be reached, or ended the connection; try again later, or by another way in."
