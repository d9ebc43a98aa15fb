"""Has the database refuse to alter or drop what the log says, whoever asks.

The rules:
 * Entries are added. None is changed, none is deleted, not with the page or the account that it names.
 * A kind of thing that the desk no longer has may be forgotten: Django empties the reference when it removes the kind.
 * Who may alter the schema of the database may drop the triggers too. The log is proof against the desk and its
   accounts, not against whoever owns the machine; exports kept elsewhere are.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models.signals import post_migrate

TABLES = ("wagtailcore_pagelogentry", "wagtailcore_modellogentry")
KIND = "content_type_id"
SAYS = "entries of the log are only added"


def connect(room: Any) -> None:
    """Have the triggers laid anew after each migration: SQLite drops them with a table that it rebuilds."""
    post_migrate.connect(install_triggers, sender=room, dispatch_uid="the log is kept")


def install_triggers(*, using: str = DEFAULT_DB_ALIAS, **_signal: object) -> None:
    """Lay the triggers anew. Safe to repeat; tables that do not exist yet are passed over."""
    connection = connections[using]
    statements = _sqlite_statements if connection.vendor == "sqlite" else _postgresql_statements
    with connection.cursor() as cursor:
        for table in sorted(set(TABLES) & set(connection.introspection.table_names(cursor))):
            columns = [one.name for one in connection.introspection.get_table_description(cursor, table)]
            for statement in statements(table, ", ".join(name for name in columns if name != KIND)):
                cursor.execute(statement)


@contextmanager
def lifted(*, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let entries be altered within a transaction; whatever happens, the triggers lie again at its end."""
    connection = connections[using]
    with transaction.atomic(using=using):
        with connection.cursor() as cursor:
            for table in TABLES:
                for what in ("update", "kind", "delete"):
                    on = "" if connection.vendor == "sqlite" else f" ON {table}"
                    cursor.execute(f"DROP TRIGGER IF EXISTS stet_{table}_kept_{what}{on}")
        yield
        install_triggers(using=using)


def _events(table: str, columns: str) -> Iterator[tuple[str, str]]:
    yield f"stet_{table}_kept_update", f"BEFORE UPDATE OF {columns} ON {table}"
    yield f"stet_{table}_kept_delete", f"BEFORE DELETE ON {table}"


def _sqlite_statements(table: str, columns: str) -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    for name, event in _events(table, columns):
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield f"CREATE TRIGGER {name} {event} {refuse}"
    name = f"stet_{table}_kept_kind"
    yield f"DROP TRIGGER IF EXISTS {name}"
    yield f"CREATE TRIGGER {name} BEFORE UPDATE OF {KIND} ON {table} WHEN NEW.{KIND} IS NOT NULL {refuse}"


def _postgresql_statements(table: str, columns: str) -> Iterator[str]:
    function = f"stet_{table}_kept"
    yield (
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SAYS}'; END $$"
    )
    for name, event in _events(table, columns):
        yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
        yield f"CREATE TRIGGER {name} {event} FOR EACH ROW EXECUTE FUNCTION {function}()"
    name = f"stet_{table}_kept_kind"
    yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
    yield (
        f"CREATE TRIGGER {name} BEFORE UPDATE OF {KIND} ON {table} FOR EACH ROW "
        f"WHEN (NEW.{KIND} IS NOT NULL) EXECUTE FUNCTION {function}()"
    )
