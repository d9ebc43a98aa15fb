"""A mirror on a server that is reached over SFTP: "sftp://user@host:22/srv/mirror", or "/~/mirror" from the home on.

The rules:
 * The server's key has to be known before anything is told to it, the user's name included; there is no first time.
 * A file is written aside and renamed over the old one, with OpenSSH's `posix-rename`. A server that doesn't know that
   is refused: its mirror would have gaps.
 * A file is renamed only after the server has said that closing it went well: a full disk shows itself there at the
   latest. The library closes files without listening to the answer, so they are closed here.
"""

import base64
import errno
import hashlib
import io
import logging
import re
import secrets as dice
import socket
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import msgspec
import paramiko
from paramiko.sftp import CMD_CLOSE

from stet.mirrors.base import INCOMING, PATIENCE, USUAL_READ_BYTES, Capabilities, Headers, Patience
from stet.mirrors.errors import MirrorRefusedError, MirrorUnreachableError, PointerMovedError
from stet.mirrors.places.reaching import Pool, ended_after, text_or_file

SECRETS: Mapping[str, str] = {
    "host_key": "The server's key: a line of ssh-keyscan's, or a fingerprint that begins with SHA256:. Required.",
    "password": "The user's password.",
    "private_key": "A private key in OpenSSH's form, as text or as the path of a file.",
    "passphrase": "What opens the private key, where it is locked.",
}

ATTEMPTS = 3
KEEP_ALIVE_SECONDS = 15
_FINGERPRINT = re.compile(r"SHA256:([A-Za-z0-9+/]{43})=?(?![A-Za-z0-9+/])")
_KEY_LINE = re.compile(r"((?:ssh|ecdsa)-[a-z0-9@.-]+)\s+([A-Za-z0-9+/]{40,}={0,2})")

T = TypeVar("T")

logging.getLogger("paramiko").setLevel(logging.CRITICAL + 1)  # It would log hosts and users; errors say what there is.


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to speak to, and how to be let in."""

    host: str
    port: int
    user: str
    host_keys: tuple[tuple[str, bytes], ...]
    """Kind and bytes of keys that the server may show."""
    fingerprints: tuple[bytes, ...]
    """SHA-256 of such keys."""
    password: str | None = None
    private_key: str | None = None
    passphrase: str | None = None


def open_place(target: str, secrets: Mapping[str, str], *, patience: Patience = PATIENCE) -> "SftpPlace":
    """The place at "sftp://user@host/path"."""
    try:
        parts = urlsplit(target)
        host, port = parts.hostname, parts.port or 22
    except ValueError:
        host, port = None, 22
    if not host or not parts.username or parts.password or not parts.path.strip("/"):
        raise MirrorRefusedError(
            "Name a mirror over SFTP like sftp://user@host/srv/mirror; a password belongs into its file of secrets."
        )
    folder = unquote(parts.path).rstrip("/")
    folder = folder[3:] or "." if (folder + "/").startswith("/~/") else folder
    known = secrets.get("host_key", "")
    login = Login(
        host=host, port=port, user=unquote(parts.username),
        host_keys=tuple((kind, _key_bytes(key)) for kind, key in _KEY_LINE.findall(known)),
        fingerprints=tuple(base64.b64decode(digest + "=") for digest in _FINGERPRINT.findall(known)),
        password=secrets.get("password"), private_key=secrets.get("private_key"),
        passphrase=secrets.get("passphrase"),
    )  # fmt: skip
    if not login.host_keys and not login.fingerprints:
        raise MirrorRefusedError(
            "A mirror over SFTP needs the server's key: write what ssh-keyscan prints, or its SHA256 fingerprint, as "
            "host_key into the mirror's file of secrets, and compare it with what the host's owner says."
        )
    if not login.password and not login.private_key:
        raise MirrorRefusedError("A mirror over SFTP needs a password or a private_key in its file of secrets.")
    return SftpPlace(login, folder, patience=patience)


class SftpPlace:
    """Files below `folder` at a server."""

    capabilities = Capabilities(is_conditional=False, is_atomic=True, has_headers=False, connections=4)

    def __init__(self, login: Login, folder: str, *, patience: Patience) -> None:
        self._folder = folder
        self._patience = patience
        self._pool = Pool(lambda: _Session(login, patience))

    def read(self, path: str, *, most_bytes: int) -> bytes | None:
        """The file's bytes, `most_bytes` of them at most; None where there is none."""

        def read(sftp: paramiko.SFTPClient) -> bytes | None:
            name = self._name(path)
            try:
                with sftp.open(name, "rb") as file:
                    file.prefetch(min(file.stat().st_size or 0, most_bytes))
                    return bytes(file.read(most_bytes))
            except OSError as error:
                if _is_missing(error) or not _is_file(sftp, name):
                    return None
                raise

        return self._do(read, min(most_bytes, USUAL_READ_BYTES))

    def put(self, path: str, body: bytes, headers: Headers) -> None:  # noqa: ARG002 - a web server tells headers
        """Put a file, whatever stood there."""
        target, aside = self._name(path), self._name(f"{INCOMING}/{dice.token_hex(8)}")

        def put(sftp: paramiko.SFTPClient) -> None:
            try:
                file = sftp.open(aside, "wbx")
            except OSError:
                self._make_folder(sftp, self._name(INCOMING))
                file = sftp.open(aside, "wbx")
            try:
                file.write(body)
                file.flush()
                file._closed = True
                sftp._request(CMD_CLOSE, file.handle)
            except OSError as error:
                if _is_answer(error, sftp):
                    with suppress(OSError):
                        sftp.remove(aside)
                raise
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    sftp.posix_rename(aside, target)
                    return
                except OSError as error:
                    said = str(error).replace(target, "")  # which holds words of a page
                    if "unsupported" in said.lower():
                        raise MirrorRefusedError(
                            "This SFTP server can't replace a file in one step (posix-rename). Choose another place."
                        ) from None
                    if attempt == ATTEMPTS:
                        raise
                    self._make_way(sftp, target)

        self._do(put, len(body))

    def put_new(self, path: str, body: bytes, headers: Headers) -> None:
        """Put a file that never changes; one of the same size stands already where it was put before."""

        def size(sftp: paramiko.SFTPClient) -> int | None:
            try:
                size_bytes: int | None = sftp.stat(self._name(path)).st_size
                return size_bytes
            except OSError as error:
                if _is_missing(error):
                    return None
                raise

        if self._do(size, 0) != len(body):
            self.put(path, body, headers)

    def swap(self, path: str, body: bytes, headers: Headers, *, before: bytes | None) -> None:
        """Replace a file that is still `before`."""
        if self.read(path, most_bytes=len(before or b"") + 1) != before:
            raise PointerMovedError("Somebody else changed this mirror meanwhile. Start again.")
        self.put(path, body, headers)

    def delete(self, path: str) -> None:
        """Remove a file, and folders that are empty then."""

        def delete(sftp: paramiko.SFTPClient) -> None:
            name = self._name(path)
            try:
                sftp.remove(name)
            except OSError as error:
                if not _is_missing(error) and _is_file(sftp, name):
                    raise
                return
            if path.endswith((".br", ".gz")):  # The sheet beside it goes next.
                return
            while (name := name.rpartition("/")[0]) != self._folder:
                try:
                    sftp.rmdir(name)
                except OSError:
                    return

        self._do(delete, 0)

    def finish(self) -> None:
        """Remove what a writer that was killed left aside."""

        def sweep(sftp: paramiko.SFTPClient) -> None:
            folder = self._name(INCOMING)
            try:
                names = sftp.listdir(folder)
            except OSError as error:
                if _is_missing(error):
                    return
                raise
            for act, name in [*((sftp.remove, f"{folder}/{name}") for name in names), (sftp.rmdir, folder)]:
                try:
                    act(name)
                except OSError as error:  # What can't go now goes with a later sync; nobody reads it.
                    if not _is_answer(error, sftp):
                        raise

        self._do(sweep, 0)

    def close(self) -> None:
        """Let go of connections."""
        self._pool.close()

    def _do(self, act: Callable[[paramiko.SFTPClient], T], size_bytes: int) -> T:
        with _translated(), self._pool.lent(self._patience.whole_seconds(size_bytes)) as session:
            try:
                return act(session.sftp)
            except OSError as error:
                if not _is_answer(error, session.sftp):
                    raise
                answer = error
        # The server said no; the connection is as good as before.
        with _translated():
            raise answer

    def _name(self, path: str) -> str:
        if not path.startswith("/") or ".." in path.split("/") or "\0" in path:
            raise ValueError("Not a path of the manifest.")
        return self._folder + path

    def _make_way(self, sftp: paramiko.SFTPClient, target: str) -> None:
        """Make the folders that a file needs, and remove a folder that it takes the place of."""
        self._make_folder(sftp, target.rpartition("/")[0])
        if _is_folder(sftp, target):
            self._clear(sftp, target)

    def _make_folder(self, sftp: paramiko.SFTPClient, folder: str) -> None:
        """Make a folder and those above it; a file in the way goes."""
        if not folder or _is_folder(sftp, folder):
            return
        if folder.startswith(f"{self._folder}/"):
            self._make_folder(sftp, folder.rpartition("/")[0])
            if _is_file(sftp, folder):
                sftp.remove(folder)
        elif "/" in folder:
            self._make_folder(sftp, folder.rpartition("/")[0])
        try:
            sftp.mkdir(folder)
        except OSError:
            if not _is_folder(sftp, folder):
                raise

    def _clear(self, sftp: paramiko.SFTPClient, folder: str) -> None:
        """Remove a folder that a file takes the place of, with what an older edition left in it."""
        for child in sftp.listdir_attr(folder):
            name = f"{folder}/{child.filename}"
            if stat.S_ISDIR(child.st_mode or 0):
                self._clear(sftp, name)
            else:
                sftp.remove(name)
        sftp.rmdir(folder)


class _Session:
    """A connection to a server that showed the right key, with its channel for files."""

    def __init__(self, login: Login, patience: Patience) -> None:
        self._socket = socket.create_connection((login.host, login.port), timeout=patience.connect_seconds)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # small questions, each waits for its answer
        self._transport: paramiko.Transport | None = None
        try:
            # The library waits without end for a channel; a server may let us in and then be silent.
            with ended_after(patience.connect_seconds + patience.whole_seconds(0), self.close):
                self._transport = paramiko.Transport(self._socket)
                self.sftp = _begin(self._transport, login, patience)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End it, also while another thread waits in it."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        if self._transport is not None:
            self._transport.close()
        self._socket.close()


def _begin(transport: paramiko.Transport, login: Login, patience: Patience) -> paramiko.SFTPClient:
    transport.banner_timeout = transport.handshake_timeout = patience.silence_seconds
    transport.auth_timeout = transport.channel_timeout = patience.silence_seconds
    _ask_for_kinds(transport, {kind for kind, _key in login.host_keys})
    transport.start_client(timeout=patience.silence_seconds)
    _check_host_key(transport.get_remote_server_key(), login)
    transport.set_keepalive(KEEP_ALIVE_SECONDS)
    _log_in(transport, login)
    sftp = paramiko.SFTPClient.from_transport(transport)
    channel = sftp.get_channel() if sftp else None
    if sftp is None or channel is None:
        raise MirrorRefusedError("This server lets us in but offers no SFTP.")
    channel.settimeout(patience.silence_seconds)
    return sftp


def _ask_for_kinds(transport: paramiko.Transport, kinds: set[str]) -> None:
    """Let the server show a key of a kind that is known here. RSA keys sign in two newer ways as well."""
    wanted = kinds | ({"rsa-sha2-512", "rsa-sha2-256"} if "ssh-rsa" in kinds else set())
    options = transport.get_security_options()
    options.key_types = [kind for kind in options.key_types if kind in wanted] or options.key_types


def _check_host_key(key: paramiko.PKey, login: Login) -> None:
    shown = key.asbytes()
    if any(shown == known for _kind, known in login.host_keys):
        return
    if hashlib.sha256(shown).digest() in login.fingerprints:
        return
    raise MirrorRefusedError(
        "The server shows another key than the one in the mirror's file of secrets: it is another server, or its key "
        "was changed. Nothing was told to it. Ask the host's owner before you write a new host_key."
    )


def _log_in(transport: paramiko.Transport, login: Login) -> None:
    key = _private_key(login.private_key, login.passphrase) if login.private_key else None
    try:
        if key:
            transport.auth_publickey(login.user, key)
        else:
            transport.auth_password(login.user, login.password or "", fallback=True)
    except paramiko.AuthenticationException as error:
        # The library's word for a connection that broke off or is silent meanwhile, too.
        if "timeout" in str(error).lower() or "transport shut down" in str(error):
            raise MirrorUnreachableError("The mirror could not be reached, or broke off.") from None
        raise
    if not transport.is_authenticated():
        raise MirrorRefusedError("The server asks for more than a password or a key, which Stet can't give.")


def _private_key(given: str, passphrase: str | None) -> paramiko.PKey:
    text = text_or_file(given, "private key")
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text), password=passphrase)
        except paramiko.PasswordRequiredException:
            raise MirrorRefusedError("The private key of this mirror is locked: give its passphrase too.") from None
        except (paramiko.SSHException, ValueError, IndexError, TypeError):
            continue
    raise MirrorRefusedError("The private key of this mirror can't be read, or its passphrase is another one.")


def _key_bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise MirrorRefusedError("The host_key of this mirror is damaged: take ssh-keyscan's line as it is.") from None


def _is_answer(error: OSError, sftp: paramiko.SFTPClient) -> bool:
    """Whether a server said it. The library says of a connection that is gone the same as of a file that is refused."""
    if isinstance(error, TimeoutError | ConnectionError | socket.gaierror):
        return False
    channel = sftp.get_channel()
    return channel is not None and not channel.closed and channel.get_transport().is_active()


def _is_missing(error: OSError) -> bool:
    return error.errno == errno.ENOENT


def _mode(sftp: paramiko.SFTPClient, name: str) -> int | None:
    try:
        mode: int | None = sftp.lstat(name).st_mode
        return mode
    except OSError as error:
        if _is_missing(error):
            return None
        raise


def _is_folder(sftp: paramiko.SFTPClient, name: str) -> bool:
    return stat.S_ISDIR(_mode(sftp, name) or 0)


def _is_file(sftp: paramiko.SFTPClient, name: str) -> bool:
    mode = _mode(sftp, name)
    return mode is not None and not stat.S_ISDIR(mode)


@contextmanager
def _translated() -> Iterator[None]:
    """Say in our words what the library says; its own name hosts and paths."""
    try:
        yield
    except (paramiko.AuthenticationException, paramiko.BadHostKeyException):
        raise MirrorRefusedError("The server does not let us in: check user, password or key of this mirror.") from None
    except TimeoutError:
        raise MirrorUnreachableError("The mirror did not answer in time.") from None
    except (paramiko.SSHException, EOFError, ConnectionError, socket.gaierror):
        raise MirrorUnreachableError("The mirror could not be reached, or broke off.") from None
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM):
            raise MirrorRefusedError("The server lets us in but not write there: check the mirror's folder.") from None
        reason = "its disk may be full" if error.errno is None else errno.errorcode.get(error.errno, "no reason")
        raise MirrorUnreachableError(f"The mirror did not take or give a file ({reason}).") from None
