"""What happens to a coverage and its entries: begun, posted, changed, corrected, taken away, ended.

The rules:
 * An entry gets its number and its page when it is posted, and keeps both. A number is given once.
 * A page is full when its entries take `PART_CHARACTERS`; the next one goes to a new page.
 * Every version of an entry is kept among its revisions, with who saved it; the log names what was done.
 * A correction of what readers had carries the day it was written.
 * Nothing here asks who may: the views do.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.log_actions import log

from stet.newsroom.models import ArticlePage, LiveCoverage, LiveEntry

BEGUN, ENDED, TAKEN_UP = "newsroom.live.begin", "newsroom.live.end", "newsroom.live.take_up"
POSTED, CHANGED, TAKEN_AWAY = "newsroom.live.post", "newsroom.live.change", "newsroom.live.take_away"

PART_CHARACTERS = 6_000
"""Characters on one page of entries: with what stands around them they take about 7,000 bytes in brotli in Russian."""
ENTRY_CHARACTERS = 200
"""What stands around an entry's words, in characters of running text."""


def begin(article: ArticlePage, *, user: Any, now: datetime) -> LiveCoverage:
    """Cover a story live; where that ended before, take it up again."""
    with transaction.atomic():
        coverage, is_new = LiveCoverage.objects.get_or_create(
            article=article, defaults={"started_at": now, "changed_at": now}
        )
        if not is_new and not coverage.is_on:
            LiveCoverage.objects.filter(pk=coverage.pk).update(ended_at=None, changed_at=now)
            coverage.ended_at = None
        log(instance=article, action=BEGUN if is_new else TAKEN_UP, user=user)
    return coverage


def end(coverage: LiveCoverage, *, user: Any, now: datetime) -> None:
    """End it: readers' pages ask no more. Entries can still be corrected."""
    with transaction.atomic():
        LiveCoverage.objects.filter(pk=coverage.pk, ended_at=None).update(ended_at=now, changed_at=now)
        log(instance=coverage.article, action=ENDED, user=user)


def keep_waiting(entry: LiveEntry, *, user: Any) -> None:
    """Save an entry that waits for somebody who may post it."""
    entry.save()
    entry.save_revision(user=user)


def post(entry: LiveEntry, *, user: Any, now: datetime) -> None:
    """Let readers have an entry."""
    with transaction.atomic():
        coverage = LiveCoverage.objects.select_for_update().get(pk=entry.coverage_id)
        entry.number = coverage.last_number + 1
        entry.part = _part_for(entry, coverage)
        entry.posted_at = entry.changed_at = now
        entry.save()
        entry.save_revision(user=user)
        _touch(coverage, now, last_number=entry.number, last_part=entry.part)
        _log(entry, POSTED, user)


def change(entry: LiveEntry, *, user: Any, now: datetime) -> None:
    """Put other words, another correction or another pin before readers."""
    with transaction.atomic():
        before = LiveEntry.objects.get(pk=entry.pk)
        if entry.correction != before.correction:
            entry.corrected_on = timezone.localdate(now) if entry.correction else None
        entry.changed_at = now
        entry.save()
        entry.save_revision(user=user)
        _touch(entry.coverage, now)
        _log(entry, CHANGED, user)


def take_away(entry: LiveEntry, *, user: Any, now: datetime) -> None:
    """Take an entry away for good. The page that it stood on counts as changed now."""
    with transaction.atomic():
        if entry.number is not None:
            beside = LiveEntry.objects.filter(coverage=entry.coverage_id, part=entry.part).exclude(pk=entry.pk)
            nearest = beside.order_by("-number").first()
            if nearest is not None:
                LiveEntry.objects.filter(pk=nearest.pk).update(changed_at=now)
            _touch(entry.coverage, now)
        _log(entry, TAKEN_AWAY, user)
        entry.delete()


def _part_for(entry: LiveEntry, coverage: LiveCoverage) -> int:
    there = LiveEntry.objects.filter(coverage=coverage, part=coverage.last_part)
    filled = sum(_characters(*words) for words in there.values_list("headline", "text", "correction"))
    is_full = filled and filled + _characters(entry.headline, entry.text, entry.correction) > PART_CHARACTERS
    return coverage.last_part + 1 if is_full else coverage.last_part


def _characters(headline: str, text: str, correction: str) -> int:
    return len(headline) + len(strip_tags(text)) + len(correction) + ENTRY_CHARACTERS


def _touch(coverage: LiveCoverage, now: datetime, **changed: int) -> None:
    LiveCoverage.objects.filter(pk=coverage.pk).update(changed_at=now, **changed)


def _log(entry: LiveEntry, action: str, user: Any) -> None:
    log(instance=entry.coverage.article, action=action, user=user, data={"entry": entry.headline})
