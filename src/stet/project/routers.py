"""Which rows live in which database: rooms of the private wing in `readers`, everything else in `default`."""

from typing import Any

PRIVATE_ROOMS = frozenset({"readers", "ledger", "mailroom", "frontdesk", "office"})
"""App labels of the private wing."""


class TwoDatabases:
    """Keep the two wings apart: no row, relation or table of one in the other's database."""

    def db_for_read(self, model: Any, **_hints: Any) -> str:
        """The database that holds the rows of `model`."""
        return "readers" if model._meta.app_label in PRIVATE_ROOMS else "default"

    db_for_write = db_for_read

    def allow_relation(self, first: Any, second: Any, **_hints: Any) -> bool:
        """Rows may be related inside one wing only."""
        return self.db_for_read(first) == self.db_for_read(second)

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        """A table is made in its own wing's database only."""
        return (app_label in PRIVATE_ROOMS) == (db == "readers")


class ReadersAlone:
    """In the private wing's own processes: everything lives in the readers' database, its staff's accounts too."""

    def db_for_read(self, _model: Any, **_hints: Any) -> str:
        """The one database."""
        return "readers"

    db_for_write = db_for_read

    def allow_migrate(self, db: str, _app_label: str, **_hints: Any) -> bool:
        """Every table is made there."""
        return db == "readers"
