"""A test database put back to what a file holds, in milliseconds."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.core.cache import cache
from django.db import connections

MOST_STEPS = 100
"""Each waits a moment while somebody else has the database."""


class Base:
    """What each test database is put back to after a test that commits."""

    def __init__(self) -> None:
        self._files: dict[str, Path] = {}

    def lay(self, alias: str, file: Path) -> Path | None:
        """Put the file in, now and from now on; answers the one that was there before."""
        before = self._files.get(alias)
        self._files[alias] = file
        put_in(alias, file)
        return before

    def put_back(self, alias: str) -> None:
        """Undo what a test did."""
        put_in(alias, self._files[alias])

    def is_laid(self, alias: str, file: Path) -> None:
        """Note that the database is what this file holds."""
        self._files[alias] = file


def put_in(alias: str, file: Path) -> None:
    """Make a test database what this file is; whoever is connected sees it from now on."""
    wrapper = connections[alias]
    wrapper.ensure_connection()
    steps = 0

    def step(_status: int, _remaining: int, _total: int) -> None:
        nonlocal steps
        steps += 1
        assert steps < MOST_STEPS, f"A test left the database {alias!r} locked."

    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source:
        source.backup(wrapper.connection, progress=step, sleep=0.05)
    cache.clear()  # of what stood in it


def taken_out(alias: str, file: Path) -> None:
    """Write what a test database holds now into a file that is not there yet."""
    with connections[alias].cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
