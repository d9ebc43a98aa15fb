"""A folder of files that belong to an archive, searched by the addresses they once had.

The rules:
 * A file is found by the end of its address: the more folders agree, the better; the name alone is enough.
 * A smaller copy, such as `harbour-300x200.jpg`, stands for its original `harbour.jpg` where that is there.
 * Nothing outside the folder is ever found: links out of it are not followed.

It lists the folder once and opens nothing.
"""

import os
import re
from pathlib import Path
from urllib.parse import unquote

from stet.intake.errors import ArchiveError
from stet.intake.web_addresses import split

PHOTO_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".tif", ".tiff", ".bmp", ".heic", ".svg"}
)
"""What is taken for a picture; whether it can be one is seen when it is opened."""

_SMALLER = re.compile(r"(?:-\d{1,5}x\d{1,5}|-scaled|-rotated|-e\d{10,})(?=\.\w+$)")


class MediaFolder:
    """The files of a folder, by name."""

    def __init__(self, folder: Path | None) -> None:
        self._files: dict[str, list[tuple[str, ...]]] = {}
        self._folder = folder
        if folder is None:
            return
        if not folder.is_dir():
            raise ArchiveError(f"{folder} is no folder. Name the folder that holds the old site's uploads.")
        for place, _folders, names in os.walk(folder):
            parts = Path(place).relative_to(folder).parts
            for name in names:
                if not Path(place, name).is_symlink():
                    self._files.setdefault(name.lower(), []).append((*parts, name))

    @property
    def is_given(self) -> bool:
        """Whether there is a folder at all."""
        return self._folder is not None

    def find(self, address: str) -> str | None:
        """The path of the file that once had this address."""
        if self._folder is None:
            return None
        parts = tuple(part for part in unquote(split(address).path).split("/") if part)
        if not parts:
            return None
        for name in dict.fromkeys((original_name(parts[-1]), parts[-1])):
            candidates = self._files.get(name.lower())
            if candidates:
                best = max(candidates, key=lambda candidate: (_agreeing(candidate, (*parts[:-1], name)), candidate))
                return str(self._folder.joinpath(*best))
        return None

    def name(self, path: str) -> str:
        """The file's path within the folder."""
        assert self._folder is not None
        return Path(path).relative_to(self._folder).as_posix()


def original_name(name: str) -> str:
    """The name of the file that a smaller copy was made from.

    >>> original_name("harbour-300x200.jpg")
    'harbour.jpg'
    """
    return _SMALLER.sub("", name)


def is_photo_name(name: str) -> bool:
    """Whether a file is a picture by its name."""
    return Path(name).suffix.lower() in PHOTO_SUFFIXES


def _agreeing(path: tuple[str, ...], address: tuple[str, ...]) -> int:
    """How many parts agree, counted from the end."""
    count = 0
    for one, other in zip(reversed(path), reversed(address), strict=False):
        if one.lower() != other.lower():
            break
        count += 1
    return count
