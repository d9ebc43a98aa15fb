"""What the desk asks of the process that carries: a file beside the mirror's state, picked up within a second.

The desk itself reaches nobody outside. Asked twice before it is picked up, it is done once.
"""

from contextlib import suppress
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from stet.mirrors.register import files_of


class Wish(Enum):
    """What can be asked for."""

    CARRY = "carry"
    """Carry now and look afterwards, whatever pause was meant."""
    CHECK = "check"
    """Look now."""


def ask(newsroom: Path, name: str, wish: Wish) -> None:
    """Ask for something to be done with a mirror now."""
    folder = files_of(newsroom, name)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "asked").open("a", encoding="ascii") as file:
        file.write(f"{wish.value}\n")


def asked(newsroom: Path, name: str) -> frozenset[Wish]:
    """What was asked for since the last time; asked for no more then."""
    file = files_of(newsroom, name) / "asked"
    if not file.exists():
        return frozenset()
    taken = file.with_name("asked.taken")
    with suppress(FileNotFoundError):
        file.replace(taken)
        lines = set(taken.read_text(encoding="ascii", errors="replace").split())
        taken.unlink()
        return frozenset(wish for wish in Wish if wish.value in lines)
    return frozenset()


def asked_since(newsroom: Path, name: str) -> datetime | None:
    """When something was asked for that is not picked up yet; None where nothing is."""
    try:
        return datetime.fromtimestamp((files_of(newsroom, name) / "asked").stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
