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
    file = _file(newsroom, name, wish)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()  # that it is there says all: nothing is written into a file that somebody else may just be taking


def asked(newsroom: Path, name: str) -> frozenset[Wish]:
    """What was asked for since the last time; asked for no more then."""
    return frozenset(wish for wish in Wish if _taken(_file(newsroom, name, wish)))


def asked_since(newsroom: Path, name: str) -> datetime | None:
    """When something was asked for that is not picked up yet; None where nothing is."""
    moments = []
    for wish in Wish:
        with suppress(FileNotFoundError):
            moments.append(_file(newsroom, name, wish).stat().st_mtime)
    return datetime.fromtimestamp(min(moments), UTC) if moments else None


def _taken(file: Path) -> bool:
    """Whether it was there; it is no more."""
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    return True


def _file(newsroom: Path, name: str, wish: Wish) -> Path:
    return files_of(newsroom, name) / f"asked.{wish.value}"
