"""The mirrors of a newsroom: `mirrors.json` beside `stet.toml`, and the files of each mirror beside it.

    mirrors.json                  what this module holds; no secret stands in it
    keys/mirrors/NAME.json        what the place asks for to let us in: {"password": …}; readable by its owner alone
    data/mirrors/NAME/            what `stet.mirrors.sync` holds for it; may be lost
    data/mirrors/NAME/check.json  what the last check found (`stet.mirrors.checks`); may be lost
    data/mirrors/register.json    the register that is just being written where nothing may be put beside it

A machine needs these files and a copy of the edition to carry it to mirrors: no database, no signing key.
"""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from stet.mirrors.errors import RegisterBrokenError


class Mirror(msgspec.Struct, frozen=True, kw_only=True):
    """One mirror."""

    name: str
    """Of its files: lower-case letters, digits and hyphens."""
    target: str
    """Where files are put, without secrets: "sftp://user@host/path"; "" for one that is not put to, as an onion."""
    public: str
    """Where readers find it: scheme and host, with a path where it has one, without a slash at the end."""
    added: datetime
    retired: datetime | None = None
    """Since when nothing is carried there; it stays listed as retired."""
    kilobytes_per_second: int = 0
    """The most that is carried there in a second; 0 means no cap."""
    proxy: str = ""
    """Through what it is checked: "socks5h://127.0.0.1:9050"."""
    is_listed: bool = True
    """Whether readers are told of it."""

    @property
    def kind(self) -> str:
        """The scheme of its target: "sftp", "s3" …; "onion" where nothing is put."""
        return self.target.partition(":")[0] or "onion"


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """All mirrors, in the order they were added."""

    mirrors: tuple[Mirror, ...] = ()

    def live(self) -> tuple[Mirror, ...]:
        """Those that are not retired."""
        return tuple(mirror for mirror in self.mirrors if mirror.retired is None)


def read_register(newsroom: Path) -> Register:
    """What `mirrors.json` in a newsroom's folder says; none where there is no such file."""
    try:
        return _read(register_file(newsroom))
    except FileNotFoundError:
        return Register()
    except msgspec.MsgspecError as error:
        # Writing in place may have been cut off; what was to be written stands aside then.
        with suppress(OSError, msgspec.MsgspecError):
            return _read(_spare(newsroom))
        raise RegisterBrokenError(
            f"mirrors.json is damaged ({error}). Put it right, or take it from a backup."
        ) from error


def write_register(newsroom: Path, register: Register) -> None:
    """Write `mirrors.json`, whole or not at all.

    A unit of systemd may let a process write this file and nothing beside it: then it is written in place, with the
    whole text aside in `data/mirrors/` until it stands.
    """
    body = msgspec.json.format(msgspec.json.encode(register), indent=2) + b"\n"
    aside = newsroom / "mirrors.json.new"
    try:
        _write(aside, body)
        aside.replace(register_file(newsroom))
    except OSError:
        spare = _spare(newsroom)
        spare.parent.mkdir(parents=True, exist_ok=True)
        _write(spare, body)
        _write(register_file(newsroom), body)
        spare.unlink()


def make_ready(newsroom: Path) -> None:
    """Make what a process that may create nothing here needs: an empty register, and the folders beside it."""
    for folder in (newsroom / "keys" / "mirrors", newsroom / "data" / "mirrors"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not register_file(newsroom).exists():
        write_register(newsroom, Register())


def _read(file: Path) -> Register:
    return msgspec.json.decode(file.read_bytes(), type=Register)


def _write(file: Path, body: bytes) -> None:
    with file.open("wb") as opened:
        opened.write(body)
        opened.flush()
        os.fsync(opened.fileno())


def _spare(newsroom: Path) -> Path:
    return newsroom / "data" / "mirrors" / "register.json"


def register_file(newsroom: Path) -> Path:
    """Where the register stands."""
    return newsroom / "mirrors.json"


def secrets_file(newsroom: Path, name: str) -> Path:
    """Where what a mirror's place asks for stands."""
    return newsroom / "keys" / "mirrors" / f"{name}.json"


def files_of(newsroom: Path, name: str) -> Path:
    """The folder of what is held and known of a mirror."""
    return newsroom / "data" / "mirrors" / name
