"""Which currencies each way to pay takes, in a file that the press reads: so nothing is printed that is refused later.

Keys are the private wing's; a page is printed by the public one. What it is told is names of providers and of
currencies, and only of those that do not take all.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from stet.ledger.files import put_json
from stet.ledger.providers.base import Provider

PLACE = Path("data") / "ways.json"


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """The file."""

    version: Literal[1]
    currencies: dict[str, tuple[str, ...]]
    """By provider; one that is not named takes every currency that is printed."""


def write(folder: Path, providers: Mapping[str, Provider]) -> Ways:
    """Write what the providers of the newsroom in `folder` take; the file is touched only where it changes."""
    limited = {name: sorted(one.capabilities.currencies) for name, one in sorted(providers.items())}
    ways = Ways(version=1, currencies={name: tuple(codes) for name, codes in limited.items() if codes})
    if ways != _read(folder):
        put_json(folder / PLACE, ways)
    return ways


def _read(folder: Path) -> Ways | None:
    try:
        return msgspec.json.decode((folder / PLACE).read_bytes(), type=Ways)
    except (OSError, msgspec.DecodeError):
        return None
