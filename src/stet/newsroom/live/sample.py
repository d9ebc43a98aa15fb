"""The sample newsroom's live coverage, out of stories that were followed by the hour: each hour becomes an entry.

Laid twice, nothing changes. The archive holds such a story as one text, newest first, under headings such as “11:55 The
sentences”; what stands before the first of them stays the story's own.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import transaction

from stet.newsroom.live import posting
from stet.newsroom.models import ArticlePage, LiveCoverage, LiveEntry
from stet.newsroom.paper import current_paper

_HOUR = re.compile(r"(\d\d):(\d\d)\.?\s+(.+)")
KEY_HOURS = (time(11, 55), time(13, 10))
"""What is a key point in the sample."""


@dataclass(slots=True, kw_only=True)
class Hour:
    """One entry as the archive has it."""

    at: time
    headline: str
    text: str = ""


@transaction.atomic
def lay_live() -> int:
    """Make coverage, which is over, of every story of the kind "live" that has hours; answer how many are new."""
    found = ArticlePage.objects.filter(kind=ArticlePage.Kind.LIVE, live=True, live_coverage=None).order_by("pk")
    laid = [story.pk for story in found if _lay(story)]
    for translation in ArticlePage.objects.filter(pk__in=laid, original__in=laid).select_related("original"):
        translation.follow_original(translation.original)  # Both were taken apart alike.
    return len(laid)


def _lay(story: ArticlePage) -> bool:
    blocks = list(story.body.raw_data)
    first = next((at for at, block in enumerate(blocks) if _hour_of(block)), None)
    if first is None or story.first_published_at is None:
        return False
    hours = list(_hours(blocks[first:]))
    zone = current_paper().zone
    day = story.first_published_at.astimezone(zone).date()
    moments = [datetime.combine(day, hour.at, tzinfo=zone) for hour in reversed(hours)]
    coverage = posting.begin(story, user=None, now=moments[0])
    for hour, moment in zip(reversed(hours), moments, strict=True):
        entry = LiveEntry(coverage=coverage, headline=hour.headline, text=hour.text, is_pinned=hour.at in KEY_HOURS)
        posting.post(entry, user=None, now=moment)
    posting.end(LiveCoverage.objects.get(pk=story.pk), user=None, now=moments[-1])
    story.body = json.dumps(blocks[:first])
    story.save_revision().publish()
    return True


def _hours(blocks: list[dict[str, Any]]) -> Iterator[Hour]:
    hour: Hour | None = None
    for block in blocks:
        if found := _hour_of(block):
            if hour is not None:
                yield hour
            hour = Hour(at=time(int(found[1]), int(found[2])), headline=found[3])
        elif hour is not None and block["type"] == "text":
            hour.text += block["value"]
    if hour is not None:
        yield hour


def _hour_of(block: dict[str, Any]) -> re.Match[str] | None:
    return _HOUR.fullmatch(block["value"]["text"]) if block["type"] == "subhead" else None
