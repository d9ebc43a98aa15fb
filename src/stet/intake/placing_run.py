"""What one run over an archive knows so far, and what every record goes through on its way into a row.

The rules:
 * What was placed before and has not changed in the archive is left alone.
 * What changed in the archive is brought up to date only where nobody edited it in the desk since.
 * What was deleted in the desk stays deleted.
 * A row that the desk made for the same thing is joined, not doubled.
 * Whatever is read is settled in the report.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from taggit.models import Tag
from wagtail.models import Locale

from stet.intake.memory import Memory, Verdict
from stet.intake.names import Names
from stet.intake.records import Archive, Loss, Record
from stet.intake.report import LossReport, Outcome
from stet.newsroom.models import FrontPage
from stet.newsroom.paper import current_paper

_LEFT_ALONE = {
    Verdict.DELETED: "taken before and deleted in the desk since: stays deleted",
    Verdict.EDITED: "changed in the archive and edited in the desk since: the desk's stays",
}


class Run:
    """One run over one archive."""

    def __init__(self, archive: Archive, report: LossReport, *, now: datetime) -> None:
        self.archive = archive
        self.report = report
        self.now = now
        self.main_language = current_paper().languages[0]
        self.memory = Memory(archive.source)
        self.locales: dict[str, Locale] = {}
        self.fronts: dict[str, FrontPage] = {}
        self.pages: dict[str, int] = {}
        """Source id → primary key of the page."""
        self.files: dict[str, int] = {}
        """Source id → primary key of the photo or document."""
        self.people: dict[str, int] = {}
        """Source id → primary key of the person."""
        self.waiting: list[tuple[Record, tuple[Loss, ...]]] = []
        """Pages that refer to others which were not there yet, and what was lost in placing them."""
        self.already: set[str] = set()
        """Source ids of what was there before this run."""
        names = Tag.objects.values_list("name", flat=True) if archive.tags else ()
        self.tags_before = frozenset(name.casefold() for name in names)
        self._kinds = dict(archive.kinds)
        self._file_names = {media.source_id: media.file_name for media in archive.media}
        self._words = {media.source_id: media.words for media in archive.media}
        groups: tuple[tuple[Record, ...], ...] = (archive.sections, archive.topics, archive.articles, archive.pages)
        self._expected = frozenset(record.source_id for group in groups for record in group)

    def kind(self, ours: str) -> str:
        """What the report calls a kind of record."""
        return self._kinds.get(ours, ours)

    def names(self, language: str, *, is_last_chance: bool = False) -> Names:
        """What source ids stand for, for one record; with the last chance, nothing is waited for."""
        return Names(
            pages=self.pages,
            files=self.files,
            people=self.people,
            expected=frozenset() if is_last_chance else self._expected,
            file_names=self._file_names,
            words=self._words,
            language=language,
            main_language=self.main_language,
        )

    def translation_key(self, kind: str, key: str) -> UUID:
        """What rows of the same thing share in all languages, the same in each run."""
        return uuid5(NAMESPACE_URL, f"stet:{self.archive.source}:{kind}:{key}")

    # --- A record's way ---

    def judge(
        self, kind: str, record: Record, name: str, model: type[Any], *, keys: dict[str, int] | None = None
    ) -> tuple[bool, Any]:
        """Read a record: whether it is to be placed, and its row where it has one.

        What is not to be placed is settled. `keys` learns the row's key.
        """
        self.report.read(kind)
        verdict, row = self.memory.judge(record, model)
        if row is not None and keys is not None:
            keys[record.source_id] = row.pk
        if verdict is Verdict.SAME:
            self.settle(kind, record, name, Outcome.ALREADY)
        elif reason := _LEFT_ALONE.get(verdict):
            self.leave_out(kind, record, name, reason)
        return verdict in (Verdict.NEW, Verdict.UPDATE), row

    def join(self, kind: str, record: Record, name: str, row: Any, *, keys: dict[str, int]) -> None:
        """Take a row that is there already for a record that was read."""
        keys[record.source_id] = row.pk
        self.memory.keep(record, row)
        self.settle(kind, record, name, Outcome.ALREADY)

    def take(self, kind: str, record: Record, name: str, row: Any, losses: Iterable[Loss]) -> None:
        """Remember a record's row as it was placed, and settle it."""
        self.memory.keep(record, row)
        self.settle(kind, record, name, Outcome.TAKEN, losses)

    def settle(self, kind: str, record: Record, name: str, outcome: Outcome, losses: Iterable[Loss] = ()) -> None:
        """Say what became of a record; one that was taken with losses counts as changed."""
        all_losses = (*record.losses, *losses)
        if outcome is Outcome.ALREADY:
            self.already.add(record.source_id)
            all_losses = ()
        if outcome is Outcome.TAKEN and all_losses:
            outcome = Outcome.CHANGED
        self.report.settle(kind, record.source_id, name, outcome, all_losses)

    def leave_out(self, kind: str, record: Record, name: str, reason: str, detail: str = "") -> None:
        """Say why a record that was read is not taken."""
        loss = Loss(reason=reason, detail=detail)
        self.report.settle(kind, record.source_id, name, Outcome.LEFT_OUT, (loss,))
