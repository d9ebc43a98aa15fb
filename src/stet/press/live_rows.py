"""Live coverage out of the newsroom's database, as frozen values: what was posted, never what waits."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from stet.newsroom.models import LiveCoverage, LiveEntry


class LiveEntryRow(msgspec.Struct, frozen=True, kw_only=True):
    """A posted entry as stored."""

    number: int
    part: int
    posted: datetime
    changed: datetime
    headline: str
    text: str
    is_pinned: bool
    corrected: date | None
    correction: str


class LiveRow(msgspec.Struct, frozen=True, kw_only=True):
    """A story's coverage as stored."""

    started: datetime
    ended: datetime | None
    changed: datetime
    entries: tuple[LiveEntryRow, ...] = ()
    """Newest first."""

    def parts(self) -> dict[int, list[LiveEntryRow]]:
        """The entries of each numbered page, newest first; pages from the oldest. None is empty."""
        found: dict[int, list[LiveEntryRow]] = {}
        for entry in reversed(self.entries):
            found.setdefault(entry.part, []).insert(0, entry)
        return dict(sorted(found.items()))


_COLUMNS = (
    "coverage_id", "number", "part", "posted_at", "changed_at", "headline", "text", "is_pinned", "corrected_on",
    "correction",
)  # fmt: skip


def read_live(ids: Iterable[int]) -> dict[int, LiveRow]:
    """The coverage of stories, by the story; one query, and a second one where there is any."""
    columns = ("article_id", "started_at", "ended_at", "changed_at")
    covered = {
        pk: LiveRow(started=started, ended=ended, changed=changed)
        for pk, started, ended, changed in LiveCoverage.objects.filter(pk__in=ids).values_list(*columns)
    }
    if not covered:
        return {}
    entries: dict[int, list[LiveEntryRow]] = defaultdict(list)
    posted = LiveEntry.objects.filter(coverage_id__in=covered, number__isnull=False).order_by("-number")
    for pk, number, part, moment, changed, headline, text, is_pinned, day, correction in posted.values_list(*_COLUMNS):
        entry = LiveEntryRow(
            number=number, part=part, posted=moment, changed=changed, headline=headline, text=text,
            is_pinned=is_pinned, corrected=day, correction=correction,
        )  # fmt: skip
        entries[pk].append(entry)
    return {pk: msgspec.structs.replace(row, entries=tuple(entries[pk])) for pk, row in covered.items()}
