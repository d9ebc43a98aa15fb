"""A source becomes an unnamed one, and nothing that named it stays behind (decision 0042).

The rules:
 * Only a source that no history names can become unnamed: a history is kept, and a paper that named it is printed.
 * Every name is written anew, in every language; one that holds the old name is refused.
 * Role, side and address are cleared, in the row and in the search index.
 * The desk's log called the source by its name; those entries call it unnamed from then on.
 * On SQLite what is freed is overwritten, and the write-ahead log is cut. On PostgreSQL, and in backups, the old
   name is gone when they are.
"""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry
from wagtail.search import index

from stet.newsroom.audit.keeping import lifted
from stet.sourcing.models import Source


def holds_name(text: str, names: Iterable[str]) -> bool:
    """Whether a description still holds one of the names.

    >>> holds_name("Anna  LIND, an official", ["Anna Lind"]), holds_name("an official", ["Anna Lind"])
    (True, False)
    """
    plain = " ".join(text.casefold().split())
    return any(name and " ".join(name.casefold().split()) in plain for name in names)


def leave_no_name(source: Source) -> None:
    """Clear what called the source by its name. Call it in the transaction that saves it as unnamed."""
    _overwrite_what_is_freed()
    about = ContentType.objects.get_for_model(Source)
    entries = ModelLogEntry.objects.filter(content_type=about, object_id=str(source.pk))
    with lifted():
        entries.update(label=_("unnamed source"), data={})
    source.names.update(role="", interest="", slug="")
    index.insert_or_update_object(Source.objects.get(pk=source.pk))
    _forget_words_of_the_index()
    transaction.on_commit(_cut_log)


def _overwrite_what_is_freed() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def _forget_words_of_the_index() -> None:
    """Have the search index written anew: it only marks words as deleted, and keeps them until it is."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%%fts5%%'"
        )
        for (name,) in cursor.fetchall():
            table = connection.ops.quote_name(name)
            cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608 - a name of the schema's own


def _cut_log() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
