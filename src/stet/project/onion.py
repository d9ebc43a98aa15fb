"""The paper's onion service: its key, its address, and how tor is told to serve it.

The promises:
 * The address follows from the key in keys/onion and from nothing else. It is known before tor ever ran.
 * tor opens no port on this machine and no way out of it for others; it leads to the reader site (port 80 of the
   address) and to the frontdesk (port 81), and says nothing of who came.
 * Its log holds warnings, without addresses, with the hour.
"""

import base64
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from stet.project.errors import NoRoomError, ProcessError
from stet.project.settings import ONION_FRONTDESK_PORT, Newsroom

SECRET_TAG = b"== ed25519v1-secret: type0 ==\0\0\0"
PUBLIC_TAG = b"== ed25519v1-public: type0 ==\0\0\0"
"""What tor's key files begin with."""
VERSION = b"\x03"


def address(newsroom: Newsroom) -> str | None:
    """The paper's onion address, such as "….onion"; None where it has none."""
    return newsroom.onion_address or None


def make_key(newsroom: Newsroom) -> str:
    """Make the service's key if there is none yet; its address. A key that stands is never replaced."""
    folder = newsroom.onion_keys
    hostname = folder / "hostname"
    if hostname.exists() and (folder / "hs_ed25519_secret_key").exists():
        return hostname.read_text("ascii").strip()
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    name = address_of(public)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        _keep(folder / "hs_ed25519_secret_key", SECRET_TAG + expanded(key))
        _keep(folder / "hs_ed25519_public_key", PUBLIC_TAG + public)
        _keep(hostname, f"{name}\n".encode("ascii"))
    except FileExistsError:
        raise ProcessError(
            f"{folder} holds a part of an onion service's key. Put the rest back, or remove the folder for a new one."
        ) from None
    except OSError as error:
        raise NoRoomError(f"{folder} cannot be written ({error.strerror}).") from None
    return name


def address_of(public: bytes) -> str:
    """The address that follows from a public key (Tor's rend-spec-v3, section 6).

    >>> address_of(bytes(32))
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaam2dqd.onion'
    """
    check = hashlib.sha3_256(b".onion checksum" + public + VERSION).digest()[:2]
    return base64.b32encode(public + check + VERSION).decode("ascii").lower() + ".onion"


def expanded(key: Ed25519PrivateKey) -> bytes:
    """A private key as tor keeps it: the scalar and the prefix that RFC 8032 (section 5.1.5) makes of the seed."""
    seed = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    wide = bytearray(hashlib.sha512(seed).digest())
    wide[0] &= 248
    wide[31] = wide[31] & 127 | 64
    return bytes(wide)


def _keep(file: Path, body: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(body)


def torrc(newsroom: Newsroom, *, has_defences: bool) -> str:
    """What tor is told. `has_defences`: it can ask for a proof of work while the service is flooded."""
    settings = newsroom.settings
    more = newsroom.folder / settings.onion.more if settings.onion.more else None
    lines = [
        "# Written by `stet up` each time it starts. Lines of your own: `more` under [onion] in stet.toml.",
        f"DataDirectory {quoted(newsroom.folder / 'data' / 'onion')}",
        "SocksPort 0",
        "ControlPort 0",
        "SafeLogging 1",
        "LogTimeGranularity 3600 seconds",
        f"Log warn file {newsroom.logs / 'onion.log'}",  # quotes would be taken for a part of the path here
        *([f"%include {quoted(more)}"] if more else []),
        f"HiddenServiceDir {quoted(newsroom.onion_keys)}",
        "HiddenServiceVersion 3",
        f"HiddenServicePort 80 {local(settings.reader.host, settings.reader.port)}",
        f"HiddenServicePort {ONION_FRONTDESK_PORT} {local(settings.frontdesk.host, settings.frontdesk.port)}",
        *(["HiddenServicePoWDefensesEnabled 1"] if has_defences else []),
    ]
    return "".join(f"{line}\n" for line in lines)


def quoted(path: Path) -> str:
    r"""A path as tor reads it.

    >>> quoted(Path('/srv/my "paper"'))
    '"/srv/my \\"paper\\""'
    """
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def local(host: str, port: int) -> str:
    """Where a server of this machine is reached.

    >>> local("0.0.0.0", 8000), local("::1", 8000)
    ('127.0.0.1:8000', '[::1]:8000')
    """
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - all addresses: the loopback is one
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def prepare(newsroom: Newsroom) -> list[str]:
    """Make the key and the configuration; the command that runs tor."""
    tor = shutil.which("tor", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
    if tor is None:
        raise ProcessError("The onion service needs tor, which is not here. Install it: apt install tor.")
    make_key(newsroom)
    modules = subprocess.run([tor, "--list-modules"], capture_output=True, text=True, check=False)  # noqa: S603
    folder = newsroom.folder / "data" / "onion"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    newsroom.logs.mkdir(exist_ok=True)
    file = folder / "torrc"
    file.write_text(torrc(newsroom, has_defences="pow: yes" in modules.stdout), encoding="utf-8")
    return [tor, "--defaults-torrc", os.devnull, "-f", str(file), "--hush"]


def become_tor(newsroom: Newsroom) -> None:
    """Turn this process into tor. It still ends when its parent does: Linux keeps that."""
    command = prepare(newsroom)
    os.execv(command[0], command)  # noqa: S606 - tor, with arguments made here
