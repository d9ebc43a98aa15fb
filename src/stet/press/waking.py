"""When it is worth looking into the outbox.

Signals of another process can be lost; a look that costs next to nothing cannot. SQLite says in one number whether
anybody else wrote; of another database the outbox is looked at a little less often.
"""

import time

from django.db import connection

POLL_SECONDS = 0.015
"""How often SQLite is asked whether anything was written; it knows without reading a table."""
LOOK_SECONDS = 0.05
"""How often another database's outbox is looked at."""
ASK_SECONDS = 0.1
"""How often long work asks whether a story was killed meanwhile."""
CLOCK_SECONDS = 1.0
"""How often the press looks whatever happened: for what becomes due by the clock."""


class Waker:
    """Says when it is worth looking into the outbox."""

    def __init__(self) -> None:
        self._is_sqlite = connection.vendor == "sqlite"
        self._seen: tuple[object, int] | None = None
        self._looked = 0.0
        self.pause = POLL_SECONDS if self._is_sqlite else LOOK_SECONDS

    def is_time(self) -> bool:
        """Whether anything was written by somebody else since the last time, or a second went by."""
        if self._is_sqlite and not self._has_changed() and time.monotonic() - self._looked < CLOCK_SECONDS:
            return False
        self._looked = time.monotonic()
        return True

    def _has_changed(self) -> bool:
        """SQLite counts for each connection anew: the same number from another connection says nothing."""
        with connection.cursor() as cursor:
            version = int(cursor.execute("PRAGMA data_version").fetchone()[0])
        seen = (connection.connection, version)
        has_changed, self._seen = seen != self._seen, seen
        return has_changed
