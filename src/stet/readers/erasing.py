"""Erasing a reader, so that nothing of them is left but a digest that says: write to them no more.

The rules:
 * The row goes, with consents, subscriptions and notices; so does a sealed copy in anybody's wish to change address.
 * The keyed digest stays as a suppression, so that no import brings the reader back, and no form until they confirm.
 * SQLite overwrites what it frees (`secure_delete`); its log is written back and cut to nothing, because old pages
   stand there too.
 * What a database, a disk or a backup may still hold is said, not hidden.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connections

from stet.readers.apps import DATABASE
from stet.readers.joining import drop_never_confirmed, readers_transaction
from stet.readers.models import Notice, Reader, Suppression, SuppressionReason
from stet.readers.suppressing import suppress

ON_SQLITE = (
    "The database file and its log hold nothing of it any more. Copies outside Stet may: backups, snapshots of the "
    "disk, blocks that a solid-state disk set aside."
)
BUSY = (
    "Another process was reading, so the database's log could not be emptied yet; that is done within a day, or at the "
    "next erasure. The row itself is gone and overwritten."
)
ON_POSTGRESQL = (
    "The row is gone and the tables were vacuumed. PostgreSQL's own log (pg_wal) may hold it until it is recycled, and "
    "so do its archive, replicas' logs and backups, for as long as you keep them."
)
NOT_YET = "The row is gone once this transaction ends; what the database's log still holds is not overwritten yet."
SHORT_PATIENCE_MILLISECONDS = 1_000
"""How long a page of the frontdesk waits for others to stop reading; other readers wait for that page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What is left of removed rows in the database's files."""

    are_gone: bool
    sentence: str


def erase(lookup: bytes, *, now: datetime, reason: SuppressionReason = SuppressionReason.ERASED) -> bool:
    """Remove the reader with this digest and keep the digest; whether there was one."""
    with readers_transaction():
        suppress(lookup, reason, now=now)
        Notice.objects.filter(lookup=lookup).delete()
        return Reader.objects.found_by(lookup).delete()[1].get("readers.Reader", 0) > 0


def erase_reader(reader: UUID, *, now: datetime) -> bool:
    """The same for the reader with this uid."""
    lookup = Reader.objects.filter(uid=reader).values_list("lookup", flat=True).first()
    return erase(bytes(lookup), now=now) if lookup is not None else False


def lift(lookup: bytes) -> bool:
    """Let somebody who was suppressed join again, because they asked for it; whether they were."""
    with readers_transaction():
        return Suppression.objects.filter(lookup=lookup).delete()[0] > 0


def tidy(*, now: datetime) -> int:
    """Drop what was never confirmed, and overwrite what anything removed that day left; answers how many readers.

    To be done once a day, in quiet hours.
    """
    dropped = drop_never_confirmed(now=now)
    wipe_traces()
    return dropped


def wipe_traces(*, is_thorough: bool = False) -> Traces:
    """Overwrite what removed rows left in the database's files; with `is_thorough`, write the whole file anew.

    To be called outside a transaction, after `erase`.
    """
    connection = connections[DATABASE]
    if connection.in_atomic_block:
        return Traces(are_gone=False, sentence=NOT_YET)
    if connection.vendor == "postgresql":
        return _wipe_postgresql(is_thorough=is_thorough)
    with connection.cursor() as cursor:
        if is_thorough:
            cursor.execute("VACUUM")
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout={patience if is_thorough else SHORT_PATIENCE_MILLISECONDS}")
        is_busy = bool(cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
        cursor.execute(f"PRAGMA busy_timeout={patience}")
    return Traces(are_gone=not is_busy, sentence=BUSY if is_busy else ON_SQLITE)


def _wipe_postgresql(*, is_thorough: bool) -> Traces:
    tables = [model._meta.db_table for model in (Reader, Notice)]
    with connections[DATABASE].cursor() as cursor:
        for table in tables:
            cursor.execute(f'VACUUM {"FULL " if is_thorough else ""}"{table}"')
    return Traces(are_gone=False, sentence=ON_POSTGRESQL)
