"""Which stories have a claim marked in their text: an index of those, so that nobody reads an archive to find out.

It is laid after every migration and not by one, as those of the newsroom are: the table is another room's.
"""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField, Func

_TABLE = "newsroom_articlepage"
_MARK = 'linktype=\\"claim\\"'
"""As it stands in a stored body, which is JSON."""


def _is_marked(body: str, vendor: str) -> str:
    return f"strpos(({body})::text, '{_MARK}') > 0" if vendor == "postgresql" else f"instr({body}, '{_MARK}') > 0"


class IsMarked(Func):
    """Whether a stored body has a claim marked. Word for word what the index is laid for: only so is it used."""

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """What the database is asked."""
        body, values = compiler.compile(self.source_expressions[0])
        return _is_marked(body, connection.vendor), list(values)


def lay_indexes(*, using: str = DEFAULT_DB_ALIAS, **_signal: object) -> None:
    """Lay what is missing. Safe to repeat; where the table does not stand yet, nothing is done."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if _TABLE in connection.introspection.table_names(cursor):
            rows = _is_marked("body", connection.vendor)
            cursor.execute(f"CREATE INDEX IF NOT EXISTS stet_article_marked ON {_TABLE} (page_ptr_id) WHERE {rows}")
