"""What an import remembers of the ones before it, and what follows for each record."""

import hashlib
from enum import Enum, auto
from typing import Any

from wagtail.models import Page

from stet.intake.models import ImportedRecord
from stet.intake.records import Record, record_digest
from stet.newsroom.models import Person, Photo

_EDITABLE: dict[str, tuple[str, ...]] = {
    Person._meta.label: ("name", "slug", "kind", "role", "bio", "contact", "photo_id"),
    Photo._meta.label: ("title", "description", "credit", "caption", "licence"),
}
"""The fields by which an edit in the desk is told, for rows that have no revisions."""


class Verdict(Enum):
    """What is to be done with a record."""

    NEW = auto()
    SAME = auto()
    UPDATE = auto()
    EDITED = auto()
    DELETED = auto()


class Memory:
    """What was taken from one source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._known = {known.source_id: known for known in ImportedRecord.objects.filter(source=source)}

    def is_new(self, record: Record) -> bool:
        """Whether this record was never taken."""
        return record.source_id not in self._known

    def judge(self, record: Record, model: type[Any]) -> tuple[Verdict, Any]:
        """What to do with a record, and the row that stands for it where there is one."""
        known = self._known.get(record.source_id)
        if known is None:
            return Verdict.NEW, None
        row = model.objects.filter(pk=known.object_id).first() if known.model == model._meta.label else None
        if row is None:
            return Verdict.DELETED, None
        if known.digest == record_digest(record):
            return Verdict.SAME, row
        if known.digest and known.state != state_of(row):
            return Verdict.EDITED, row
        return Verdict.UPDATE, row

    def begin(self, record: Record, row: Any) -> None:
        """Remember a row that is not finished: the next run takes it up again."""
        self._write(record, row, digest="")

    def keep(self, record: Record, row: Any) -> None:
        """Remember a row as it is now."""
        self._write(record, row, digest=record_digest(record))

    def _write(self, record: Record, row: Any, *, digest: str) -> None:
        known = self._known.get(record.source_id) or ImportedRecord(source=self.source, source_id=record.source_id)
        known.model = row._meta.label
        known.object_id = row.pk
        known.digest = digest
        known.state = state_of(row)
        known.save()
        self._known[record.source_id] = known


def state_of(row: Any) -> str:
    """A mark that changes when the row is edited in the desk."""
    if isinstance(row, Page):
        return str(row.latest_revision_id or "")
    fields = _EDITABLE.get(row._meta.label) or ("title",)
    values = repr([getattr(row, field) for field in fields])
    return hashlib.sha256(values.encode()).hexdigest()
