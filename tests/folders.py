"""A copy of a folder in which a process that has just ended may still put its database away."""

import shutil
from pathlib import Path

ATTEMPTS = 5


def copied(source: Path, target: Path) -> Path:
    """`target`, a copy of `source`. SQLite removes its -wal when the last connection closes: then it is copied anew."""
    for _ in range(ATTEMPTS - 1):
        try:
            return Path(shutil.copytree(source, target))
        except shutil.Error:
            shutil.rmtree(target)
    return Path(shutil.copytree(source, target))
