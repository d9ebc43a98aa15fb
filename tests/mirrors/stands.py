"""Where mirrors stand in tests: one real place of each kind, on this machine.

A new kind is a subclass of `Stand` and a line in `STANDS`; then the tests of `test_places.py` and the cuts of `cuts.py`
meet it. What has a server on a port says so in `address`, and is reached over a relay.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import brotli
import obstore
from obstore.store import S3Store

from stet.edition.sheet import WELL_KNOWN
from stet.mirrors.base import Patience, Place
from stet.mirrors.places import module_of
from tests.ports import free_ports

PATIENT = Patience()


class Stand:
    """A folder in which mirrors stand; each has a name."""

    kind: ClassVar[str] = "folder"
    lies_on_disk: ClassVar[bool] = True
    """Whether a full disk can be made by filling the one that `disk` is on."""
    address: tuple[str, int] | None = None
    """Of its server."""
    secrets: Mapping[str, str] = {}

    def __init__(self, disk: Path) -> None:
        self.disk = disk

    def target(self, name: str, *, port: int | None = None) -> str:
        """Of the mirror called so; over this port instead of the server's own."""
        return f"folder:{self.disk / name}"

    def place(self, name: str, *, port: int | None = None, patience: Patience = PATIENT) -> Place:
        target = self.target(name, port=port)
        options: dict[str, Any] = {"patience": patience} if self.address else {}
        place: Place = module_of(target).open_place(target, self.secrets, **options)
        return place

    def served(self, name: str, scratch: Path) -> Path:
        """A folder with what the place serves now; `scratch` may be written to, and is the same next time."""
        return self.disk / name

    def close(self) -> None:
        """End what was begun."""


class RcloneStand(Stand):
    """A server of Debian's rclone, over the folder."""

    options: tuple[str, ...] = ()

    def __init__(self, disk: Path) -> None:
        super().__init__(disk)
        self._own = Path(tempfile.mkdtemp(prefix="stet-rclone-"))
        (port,) = free_ports(1)
        self.address = ("127.0.0.1", port)
        self._process = subprocess.Popen(
            [
                "rclone", "serve", self.kind, os.fspath(disk), "--addr", f"127.0.0.1:{port}", "--user", "reporter",
                "--pass", "horse", "--config", "/dev/null", "--cache-dir", os.fspath(self._own), "--log-file",
                os.fspath(self._own / "log"), "--dir-cache-time", "0",
                # With it, its SFTP server hangs for ever once a disk was full.
                "--local-no-preallocate", *self._options(),
            ],
            # It refuses to run where AWS_CA_BUNDLE is set.
            env={name: value for name, value in os.environ.items() if name != "AWS_CA_BUNDLE"},
        )  # fmt: skip
        _await(self.address, self._process)

    def _options(self) -> tuple[str, ...]:
        return ()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._own, ignore_errors=True)


class SftpStand(RcloneStand):
    """A server for SFTP."""

    kind = "sftp"

    def _options(self) -> tuple[str, ...]:
        key = self._own / "host"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        self.host_key = key.with_suffix(".pub").read_text()
        self.secrets = {"host_key": self.host_key, "password": "horse"}
        self.private_key = self._own / "reporter"
        locked = ("-N", "staple", "-t", "ed25519", "-f", self.private_key)
        subprocess.run(["ssh-keygen", "-q", *locked], check=True)
        return ("--key", os.fspath(key), "--authorized-keys", f"{self.private_key}.pub")

    def target(self, name: str, *, port: int | None = None) -> str:
        assert self.address
        return f"sftp://reporter@127.0.0.1:{port or self.address[1]}/{name}"


class WebdavStand(RcloneStand):
    """A server for WebDAV."""

    kind = "webdav"
    secrets = {"username": "reporter", "password": "horse"}

    def target(self, name: str, *, port: int | None = None) -> str:
        assert self.address
        return f"webdav://127.0.0.1:{port or self.address[1]}/{name}"


class S3Stand(Stand):
    """moto's server, with one bucket. It takes wrong checksums, and half of a body for the whole."""

    kind = "s3"
    lies_on_disk = False
    secrets = {"access_key_id": "newsroom", "secret_access_key": "horse"}
    bucket = "papers"

    def __init__(self, disk: Path) -> None:
        super().__init__(disk)
        import logging

        from moto.server import ThreadedMotoServer

        logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
        (port,) = free_ports(1)
        self.address = ("127.0.0.1", port)
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
        self._server.start()
        _await(self.address, None)
        self.request("PUT", f"/{self.bucket}")
        self._known: dict[str, tuple[str | None, bytes]] = {}

    def request(self, method: str, path: str) -> None:
        import http.client

        assert self.address
        connection = http.client.HTTPConnection(*self.address)
        connection.request(method, path, body=b"", headers={"Content-Length": "0"})
        assert connection.getresponse().status == 200
        connection.close()

    @property
    def store(self) -> S3Store:
        assert self.address
        return S3Store(
            self.bucket, endpoint=f"http://127.0.0.1:{self.address[1]}", region="us-east-1",
            access_key_id="newsroom", secret_access_key="horse", client_options={"allow_http": True},
        )  # fmt: skip

    def target(self, name: str, *, port: int | None = None) -> str:
        assert self.address
        return f"s3://{self.bucket}/{name}?endpoint=http://127.0.0.1:{port or self.address[1]}&region=us-east-1"

    def served(self, name: str, scratch: Path) -> Path:
        store, seen = self.store, set()
        for batch in obstore.list(store, prefix=name):
            for meta in batch:
                seen.add(meta["path"])
                if self._known.get(meta["path"], ("", b""))[0] != meta["e_tag"]:
                    self._known[meta["path"]] = (meta["e_tag"], self._unpacked(store, meta["path"]))
        shutil.rmtree(scratch, ignore_errors=True)
        is_between = f"{name}{WELL_KNOWN}/next.json" in seen
        above = {parent for path in seen for parent in _folders_of(path)}
        for path in seen:
            file = scratch / path.removeprefix(f"{name}/")
            if path in above:
                # A store can hold "/a" beside "/a/b", and between two editions it may; a folder can't show both.
                if is_between:
                    continue
                file = file.with_name(f"{file.name}, which stands above others")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(self._known[path][1])
        self._known = {path: known for path, known in self._known.items() if path in seen}
        return scratch

    @staticmethod
    def _unpacked(store: S3Store, path: str) -> bytes:
        answer = obstore.get(store, path)
        body = bytes(answer.bytes())
        return brotli.decompress(body) if answer.attributes.get("Content-Encoding") == "br" else body

    def close(self) -> None:
        self._server.stop()


STANDS: Mapping[str, Callable[[Path], Stand]] = {
    "folder": Stand,
    "sftp": SftpStand,
    "webdav": WebdavStand,
    "s3": S3Stand,
}


def _folders_of(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


@contextmanager
def a_stand(kind: str, disk: Path) -> Iterator[Stand]:
    """A place of a kind, until the block ends."""
    disk.mkdir(parents=True, exist_ok=True)
    stand = STANDS[kind](disk)
    try:
        yield stand
    finally:
        stand.close()


def _await(address: tuple[str, int], process: subprocess.Popen[bytes] | None) -> None:
    """Until a server takes connections."""
    while process is None or process.poll() is None:
        try:
            socket.create_connection(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.01)
    raise AssertionError("The server ended before it took a connection.")
