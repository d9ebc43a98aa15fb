"""Mirrors in a newsroom's folder: the register, and what the last check of each found."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from stet.mirrors.checks import Check, State, write_check
from stet.mirrors.register import Mirror, Register, read_register, write_register

AUTUMN = datetime(2026, 2, 1, 9, 30, tzinfo=UTC)
"""When the mirrors of these tests were added: before the letters of other builders."""
ONION = "http://" + "farshore" * 7 + ".onion"


def a_mirror(name: str, public: str = "", **changes: Any) -> Mirror:
    """A mirror over SFTP, found at a host with its name."""
    fields: dict[str, Any] = {
        "name": name, "target": f"sftp://carrier@{name}.example.net/srv", "public": public or f"https://{name}.example.com",
        "added": AUTUMN,
    }  # fmt: skip
    return Mirror(**fields | changes)


def an_onion(**changes: Any) -> Mirror:
    """An onion service: nothing is put there."""
    return a_mirror("onion", ONION, **{"target": "", **changes})


def register(newsroom: Path, *mirrors: Mirror) -> None:
    """Name these mirrors and no others."""
    write_register(newsroom, Register(mirrors=mirrors))


def add(newsroom: Path, *mirrors: Mirror) -> None:
    """Name these as well."""
    register(newsroom, *read_register(newsroom).mirrors, *mirrors)


def retire(newsroom: Path, name: str, moment: datetime | None) -> None:
    """Give a mirror up as of `moment`; None takes that back."""
    mirrors = read_register(newsroom).mirrors
    register(newsroom, *(replace(one, retired=moment) if one.name == name else one for one in mirrors))


def found(newsroom: Path, name: str, state: State, checked: datetime, **fields: Any) -> None:
    """A check found this."""
    write_check(newsroom, name, Check(state=state, checked=checked, **fields))
