"""What was packed: a small file beside the packed ones, which the press reads to print them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec

MEDIA_TYPES = {"zip": "application/zip", "epub": "application/epub+zip", "pdf": "application/pdf"}


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One file of an offline edition."""

    kind: str
    """zip, epub or pdf."""
    size_bytes: int
    digest: str
    """Its SHA-256."""
    photos: int


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """An offline edition in one language."""

    language: str
    first: date
    last: date
    seq: int
    articles: int
    files: tuple[File, ...]


def read_pack(folder: Path) -> Pack | None:
    """What was packed into a folder last; None where nothing was."""
    try:
        return msgspec.json.decode((folder / "week.json").read_bytes(), type=Pack)
    except (OSError, msgspec.MsgspecError):
        return None


def read_packs(offline: Path) -> tuple[Pack, ...]:
    """What was packed last in each language, by language."""
    return tuple(pack for folder in _folders(offline) if (pack := read_pack(folder)) and pack.language == folder.name)


def pack_files(offline: Path) -> tuple[Path, ...]:
    """The files that change when something is packed."""
    return tuple(folder / "week.json" for folder in _folders(offline))


def _folders(offline: Path) -> Iterator[Path]:
    try:
        yield from sorted(child for child in offline.iterdir() if child.is_dir())
    except FileNotFoundError:
        return
