"""What a mirror was found to be, from outside: the file that the mirrors' process writes and everybody reads."""

import os
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from threading import get_ident

import msgspec

from stet.edition.disk import read_if_there
from stet.mirrors.register import files_of, read_register


class State(Enum):
    """How a mirror is."""

    CURRENT = "current"
    """It holds the current edition, as far as was looked."""
    BEHIND = "behind"
    """It holds an older edition, which verifies."""
    UNREACHABLE = "unreachable"
    """It did not answer."""
    BROKEN = "broken"
    """What it holds does not verify."""
    UNKNOWN = "unknown"
    """Nobody has looked yet."""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """What was found when a mirror was last looked at from its public address."""

    state: State = State.UNKNOWN
    checked: datetime | None = None
    seq: int | None = None
    """Of the edition that stands there, where it could be read and is signed."""
    published: datetime | None = None
    """When that edition was."""
    last_success: datetime | None = None
    """When an edition was last carried there whole, or it was last found current."""
    problem: str = ""
    """What is wrong, in a sentence without hosts or names; "" where nothing is."""
    highest_seq: int | None = None
    """The highest number ever seen there; a lower one was put back by somebody."""
    refusal: str = ""
    """Why nothing could be carried there the last time, in a sentence; "" where it could."""


def read_checks(newsroom: Path) -> Mapping[str, Check]:
    """The last check of each mirror in the register, by name."""
    return {mirror.name: read_check(newsroom, mirror.name) for mirror in read_register(newsroom).mirrors}


def read_check(newsroom: Path, name: str) -> Check:
    """The last check of one mirror; an unknown state where there was none."""
    stored = read_if_there(check_file(newsroom, name))
    try:
        return msgspec.json.decode(stored, type=Check) if stored else Check()
    except msgspec.MsgspecError:
        return Check()


def write_check(newsroom: Path, name: str, check: Check) -> None:
    """Keep what was found."""
    folder = files_of(newsroom, name)
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f"check.{os.getpid()}.{get_ident()}.new"  # a command and the process may look at the same time
    aside.write_bytes(msgspec.json.encode(check))
    aside.replace(check_file(newsroom, name))


def check_file(newsroom: Path, name: str) -> Path:
    """Where the last check of a mirror stands."""
    return files_of(newsroom, name) / "check.json"
