"""A mirror on a server that is reached over WebDAV (RFC 4918): "webdavs://host/path", which is HTTPS.

The rules:
 * A file is PUT aside and then MOVEd over the old one, so that nobody meets a part of it. Between the two a server may
   take the old one away first (RFC 4918, 9.9.3), so the kind is not atomic: a reader may meet nothing for a moment.
 * Where the server keeps `If-Match`, which is tried once, the pointer is PUT in its place under the condition that it
   is still what was read. Elsewhere it is read once more before.
 * Certificates are verified. Without encryption nothing is sent but to this machine or an onion.
 * Redirects are not followed, and nothing is taken from the environment: no proxy, no .netrc.
"""

import logging
import re
import secrets as dice
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from ssl import SSLContext, create_default_context
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from stet.mirrors.base import INCOMING, PATIENCE, USUAL_READ_BYTES, Capabilities, Headers, Patience
from stet.mirrors.errors import MirrorRefusedError, MirrorUnreachableError, PointerMovedError
from stet.mirrors.places.reaching import Pool, is_local_or_onion, text_or_file

SECRETS: Mapping[str, str] = {
    "username": "The user's name.",
    "password": "The user's password.",
    "certificate": "The certificate of the server's own authority (PEM), as text or as the path of a file.",
}

MADE = frozenset({200, 201, 204})
MISSING = frozenset({404, 410})
IN_THE_WAY = frozenset({403, 404, 405, 409, 412, 500})
"""What servers answer where a folder is missing, or a file stands where a folder has to be."""
ATTEMPTS = 3
MOST_LISTING_BYTES = 65_536
MOST_REST_BYTES = 65_536
"""What is read of an answer nobody needs, so that its connection can be used again."""

_WHAT_KIND = b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/></prop></propfind>'
_RESPONSE = re.compile(rb"</(?:[A-Za-z0-9_-]+:)?response\s*>")
_RESOURCE_TYPE = re.compile(rb"resourcetype[^>/]*>(.*?)</(?:[A-Za-z0-9_-]+:)?resourcetype", re.DOTALL)

logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)  # It would log addresses; errors say what there is.


def open_place(target: str, secrets: Mapping[str, str], *, patience: Patience = PATIENCE) -> "WebdavPlace":
    """The place at "webdavs://host/path"."""
    try:
        parts = urlsplit(target)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.username or parts.password or parts.query or parts.fragment:
        raise MirrorRefusedError(
            "Name a mirror over WebDAV like webdavs://host/path; user and password belong into its file of secrets."
        )
    is_secure = parts.scheme == "webdavs"
    if not is_secure and not is_local_or_onion(host):
        raise MirrorRefusedError("Over the network WebDAV has to be encrypted: begin the address with webdavs://.")
    authority = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    certificate = secrets.get("certificate")
    return WebdavPlace(
        f"{'https' if is_secure else 'http'}://{authority}{quote(unquote(parts.path)).rstrip('/')}",
        login=(secrets["username"], secrets.get("password", "")) if secrets.get("username") else None,
        certificate=text_or_file(certificate, "certificate") if certificate else None,
        patience=patience,
    )


class WebdavPlace:
    """Files below `address`."""

    def __init__(
        self, address: str, *, login: tuple[str, str] | None, certificate: str | None, patience: Patience
    ) -> None:
        self._address = address
        self._patience = patience
        self._keeps_conditions: bool | None = None
        trust = _trust(certificate)
        self._pool = Pool(lambda: _Session(login, trust))

    @property
    def capabilities(self) -> Capabilities:
        """Conditional only once that was tried."""
        return Capabilities(
            is_conditional=bool(self._keeps_conditions), is_atomic=False, has_headers=False, connections=4
        )

    def read(self, path: str, *, most_bytes: int) -> bytes | None:
        """The file's bytes, `most_bytes` of them at most; None where there is none."""
        return self._read(path, most_bytes)[0]

    def put(self, path: str, body: bytes, headers: Headers) -> None:
        """Put a file, whatever stood there."""
        aside = f"{INCOMING}/{dice.token_hex(8)}"
        self._make_way_for(aside, lambda: self._put(aside, body, headers))
        move = {"Destination": self._url(path), "Overwrite": "T"}
        self._make_way_for(path, lambda: self._tell("MOVE", aside, headers=move), is_moved=True)

    def put_new(self, path: str, body: bytes, headers: Headers) -> None:
        """Put a file that never changes; one of the same size stands already where it was put before."""
        status, told, _body = self._ask("HEAD", path)
        if status == 200 and told.get("Content-Length") == str(len(body)):
            return
        self.put(path, body, headers)

    def swap(self, path: str, body: bytes, headers: Headers, *, before: bytes | None) -> None:
        """Replace a file that is still `before`."""
        stored, tag = self._read(path, len(before or b"") + 1)
        if stored != before:
            raise PointerMovedError("Somebody else changed this mirror meanwhile. Start again.")
        if stored is None or not tag.startswith('"') or not self._is_conditional():
            self.put(path, body, headers)
            return
        status = self._put(path, body, headers, condition=tag)
        if status == 412:
            raise PointerMovedError("Somebody else changed this mirror meanwhile. Start again.")
        _refuse(status)

    def delete(self, path: str) -> None:
        """Remove a file, and folders that are empty then."""
        if not self._is_file(path):
            return
        _refuse(self._tell("DELETE", path), but=MISSING)
        if path.endswith((".br", ".gz")):  # The sheet beside it goes next.
            return
        while (path := path.rpartition("/")[0]) and self._is_empty(path):
            _refuse(self._tell("DELETE", path + "/"), but=MISSING)

    def finish(self) -> None:
        """Remove what a writer that was killed left aside."""
        _refuse(self._tell("DELETE", INCOMING + "/"), but=MISSING)

    def close(self) -> None:
        """Let go of connections."""
        self._pool.close()

    # --- Making way ---

    def _make_way_for(self, path: str, act: Callable[[], int], *, is_moved: bool = False) -> None:
        """Do it; where it fails because folders are missing or files stand in the way, make way and do it again."""
        for attempt in range(1, ATTEMPTS + 1):
            status = act()
            if status in MADE:
                return
            if status not in IN_THE_WAY or attempt == ATTEMPTS:
                break
            self._make_folder(path.rpartition("/")[0])
            if is_moved and self._is_folder(path):
                _refuse(self._tell("DELETE", path + "/"), but=MISSING)
        _refuse(status)

    def _make_folder(self, folder: str) -> None:
        """Make a folder and those above it, to the mirror's own and above; a file in the way goes."""
        if self._is_folder(folder):
            return
        if folder:
            self._make_folder(folder.rpartition("/")[0])
            if self._is_file(folder):
                _refuse(self._tell("DELETE", folder), but=MISSING)
        else:
            self._make_own_folders()
        status = self._tell("MKCOL", folder + "/")
        if status not in MADE and not self._is_folder(folder):
            _refuse(status)

    def _make_own_folders(self) -> None:
        """Make the folders above the mirror's; a server that does not let us says so when the last is made."""
        base = urlsplit(self._address)
        parts = base.path.split("/")[1:-1]
        for number in range(1, len(parts) + 1):
            above = f"{base.scheme}://{base.netloc}/{'/'.join(parts[:number])}/"
            self._request("MKCOL", above)

    def _is_folder(self, path: str) -> bool:
        return self._kind(path) == "folder"

    def _is_file(self, path: str) -> bool:
        return self._kind(path) == "file"

    def _kind(self, path: str) -> str | None:
        status, body = self._list(path, depth="0")
        if status in MISSING:
            return None
        if status != 207:
            _refuse(status)
            raise MirrorRefusedError("What answers at this mirror's address speaks no WebDAV.")
        kind = _RESOURCE_TYPE.search(body)
        return "folder" if kind and b"collection" in kind[1] else "file"

    def _is_empty(self, path: str) -> bool:
        status, body = self._list(path + "/", depth="1")
        return status == 207 and len(_RESPONSE.findall(body)) == 1

    def _list(self, path: str, *, depth: str) -> tuple[int, bytes]:
        status, _told, body = self._request(
            "PROPFIND", self._url(path), body=_WHAT_KIND, headers={"Depth": depth, "Content-Type": "application/xml"},
            most_bytes=MOST_LISTING_BYTES,
        )  # fmt: skip
        return status, body

    # --- Asking ---

    def _is_conditional(self) -> bool:
        """Whether the server refuses what is told to be wrong: a file is put that must not be put."""
        if self._keeps_conditions is None:
            probe = f"{INCOMING}/{dice.token_hex(8)}"
            self._make_way_for(probe, lambda: self._put(probe, b"probe", None))
            self._keeps_conditions = self._put(probe, b"other", None, condition='"not this one"') == 412
        return self._keeps_conditions

    def _read(self, path: str, most_bytes: int) -> tuple[bytes | None, str]:
        """A file's bytes and its mark."""
        status, told, body = self._ask("GET", path, most_bytes=most_bytes)
        if status in MISSING or (status != 200 and self._kind(path) == "folder"):
            return None, ""
        _refuse(status)
        return body, told.get("ETag", "")

    def _put(self, path: str, body: bytes, headers: Headers | None, *, condition: str = "") -> int:
        told = {"Content-Type": headers.media_type if headers else "application/octet-stream"}
        return self._tell("PUT", path, body=body, headers=told | ({"If-Match": condition} if condition else {}))

    def _tell(self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None) -> int:
        return self._request(method, self._url(path), body=body, headers=headers)[0]

    def _ask(self, method: str, path: str, *, most_bytes: int = 0) -> tuple[int, Mapping[str, str], bytes]:
        return self._request(method, self._url(path), most_bytes=most_bytes)

    def _request(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        most_bytes: int = 0,
    ) -> tuple[int, Mapping[str, str], bytes]:
        seconds = self._patience.whole_seconds(len(body) + min(most_bytes, USUAL_READ_BYTES))
        waits = (self._patience.connect_seconds, self._patience.silence_seconds)
        with _translated(), self._pool.lent(self._patience.connect_seconds + seconds) as session:
            return session.request(method, url, body=body, headers=headers or {}, waits=waits, most_bytes=most_bytes)

    def _url(self, path: str) -> str:
        if ".." in path.split("/") or "\0" in path:
            raise ValueError("Not a path of the manifest.")
        return self._address + quote(path)


class _Session:
    """One connection to one server, kept open between requests."""

    def __init__(self, login: tuple[str, str] | None, trust: SSLContext) -> None:
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = login
        self._session.headers.update({"User-Agent": "Stet", "Accept-Encoding": "identity"})
        self._adapter = _Adapter(trust)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, self._adapter)

    def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str],
        waits: tuple[float, float],
        most_bytes: int,
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and the first bytes of the answer."""
        with self._session.request(
            method, url, data=body or None, headers=headers, timeout=waits, allow_redirects=False, stream=True
        ) as answer:
            if most_bytes and answer.status_code in (200, 207) and not _says_its_length(answer.headers):
                raise ConnectionError
            read = b""
            while len(read) < most_bytes and (part := answer.raw.read(min(65_536, most_bytes - len(read)))):
                read += part
            if not most_bytes:
                answer.raw.read(MOST_REST_BYTES)
            return answer.status_code, answer.headers, read

    def close(self) -> None:
        """End it, also while another thread waits in it."""
        self._adapter.cut_off()
        self._session.close()


class _Adapter(HTTPAdapter):
    """Knows the sockets it opened, so that they can be closed while somebody waits in them."""

    def __init__(self, trust: SSLContext) -> None:
        self._trust = trust
        self._open: list[Any] = []
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *options: Any, **more: Any) -> None:
        """Connections that are noted, with the certificates that are trusted."""
        super().init_poolmanager(*options, ssl_context=self._trust, **more)
        noted = self._open

        def noting(kind: type[Any]) -> type[Any]:
            class Noted(kind):  # type: ignore[misc]
                def connect(self) -> None:
                    noted[:] = [self]
                    super().connect()

            return Noted

        class Plain(urllib3.HTTPConnectionPool):
            ConnectionCls = noting(urllib3.HTTPConnectionPool.ConnectionCls)

        class Secure(urllib3.HTTPSConnectionPool):
            ConnectionCls = noting(urllib3.HTTPSConnectionPool.ConnectionCls)

        self.poolmanager.pool_classes_by_scheme = {"http": Plain, "https": Secure}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Certificates are verified by `trust`, which has its own."""

    def build_connection_pool_key_attributes(self, request: Any, *_trust: Any, **_more: Any) -> Any:
        """The same for every request: nothing in a request changes what is trusted."""
        parts = urlsplit(request.url)
        return {"scheme": parts.scheme, "host": parts.hostname, "port": parts.port}, {}

    def cut_off(self) -> None:
        """End what was opened, whoever waits in it."""
        for connection in self._open:
            if connection.sock is not None:
                with suppress(OSError):
                    # The plain socket's way: that of an encrypted one is not to be called from another thread.
                    socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)


def _says_its_length(headers: Mapping[str, str]) -> bool:
    """Whether an end that comes too early would be seen. The library takes headers that break off for all of them."""
    return "Content-Length" in headers or "chunked" in headers.get("Transfer-Encoding", "")


def _trust(certificate: str | None) -> SSLContext:
    try:
        return create_default_context(cadata=certificate)
    except (ValueError, OSError):
        raise MirrorRefusedError("The certificate of this mirror can't be read; it has to be in PEM.") from None


def _refuse(status: int, *, but: frozenset[int] = frozenset()) -> None:
    """Say in our words what a status means, unless it means that all is well."""
    if status in MADE or status in but:
        return
    if status in (401, 407):
        raise MirrorRefusedError("The server does not let us in: check username and password of this mirror.")
    if status == 403:
        raise MirrorRefusedError("The server does not let us do that there: check the mirror's folder.")
    if 300 <= status < 400:
        raise MirrorRefusedError("The server leads elsewhere, which is not followed: give the address it leads to.")
    if status == 507:
        raise MirrorUnreachableError("The mirror has no room for a file.")
    raise MirrorUnreachableError(f"The mirror did not take or give a file (status {status}).")


@contextmanager
def _translated() -> Iterator[None]:
    """Say in our words what the library says; its own name hosts and addresses."""
    try:
        yield
    except requests.exceptions.SSLError as error:
        if "CERTIFICATE_VERIFY_FAILED" not in str(error):
            raise MirrorUnreachableError("The mirror could not be reached, or broke off.") from None
        raise MirrorRefusedError(
            "The server's certificate is not to be trusted: it belongs to another name, has expired, or its authority "
            "is not known here. Nothing was told to it."
        ) from None
    except (requests.exceptions.Timeout, TimeoutError, urllib3.exceptions.TimeoutError):
        raise MirrorUnreachableError("The mirror did not answer in time.") from None
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError):
        raise MirrorUnreachableError("The mirror could not be reached, or broke off.") from None
