"""The letters of a list, and the stories for the next one, as frozen values.

The rules:
 * Of a letter counts what its editor has now: its latest revision, be it published or not.
 * How often the database is asked does not depend on the number of letters or stories.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import pgettext
from wagtail.models import Page, Revision

from stet.kit.writing import digits
from stet.letters.due_days import next_due_date
from stet.letters.gathering import Candidate
from stet.letters.models import LetterPage, ListPage
from stet.letters.models.fields import is_meant
from stet.newsroom.models import ArticlePage

MOST_CANDIDATES = 500
"""Newest stories looked at."""
FIRST_LETTER = {"weekly": timedelta(days=7), "daily": timedelta(days=1), "irregular": timedelta(days=30)}
"""How far back the first letter of a list looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A letter in its list: what the desk's overview, gathering and preflight need of it."""

    id: int
    list_tree: str
    subject: str
    due: datetime | None
    """By the clock on the list's wall, naive."""
    is_sent: bool
    is_published: bool
    is_scheduled: bool
    stories: tuple[int, ...] = ()
    """What it carries, where that was asked for."""
    written: datetime | None
    """When what it carries was settled: as it was first published, or as it is now."""


def sketches(lists: Sequence[ListPage], *, with_stories: bool = False) -> list[Sketch]:
    """All letters of these lists, in no order that matters. Their stories only if asked for: that is a lot to read."""
    body = ("body",) if with_stories else ()
    hours = {one.path: one.hour for one in lists}
    rows = [
        row
        for one in lists
        for row in LetterPage.objects.child_of(one).values(
            "pk", "path", "title", "due_date", "due_time", "is_sent", "live", "first_published_at",
            "latest_revision_id", "latest_revision_created_at", "has_unpublished_changes",
            "live_revision__created_at", *body,
        )
    ]  # fmt: skip
    pending = [row["latest_revision_id"] for row in rows if not row["live"] or row["has_unpublished_changes"]]
    revised = {
        revision.pk: revision
        for revision in Revision.objects.filter(pk__in=[pk for pk in pending if pk]).only(
            "content", "approved_go_live_at"
        )
    }
    return [_sketch(row, hours, revised.get(row["latest_revision_id"])) for row in rows]


def _sketch(row: dict[str, Any], hours: dict[str, time], revision: Revision | None) -> Sketch:
    content = revision.content if revision else {}
    day = _date(content.get("due_date")) or row["due_date"]
    hour = _time(content["due_time"]) if "due_time" in content else row["due_time"]
    tree = row["path"][: -Page.steplen]
    moments = [row["first_published_at"], row["live_revision__created_at"] or row["latest_revision_created_at"]]
    return Sketch(
        id=row["pk"],
        list_tree=tree,
        subject=content.get("title") or row["title"],
        due=datetime.combine(day, hour or hours[tree]) if day and is_meant(day) else None,
        is_sent=content.get("is_sent", row["is_sent"]),
        is_published=row["live"],
        is_scheduled=bool(revision and revision.approved_go_live_at),
        stories=tuple(stories_in(_body(row["body"], content))) if "body" in row else (),
        written=min((moment for moment in moments if moment), default=None),
    )


def _body(published: Any, content: dict[str, Any]) -> list[dict[str, Any]]:
    """The blocks of a letter: as its revision has them, where that counts."""
    return drafted_blocks(content) if isinstance(content.get("body"), str) else raw_blocks(published)


def drafted_blocks(content: dict[str, Any]) -> list[dict[str, Any]]:
    """A letter's blocks as a revision holds them."""
    body = content.get("body")
    return list(json.loads(body)) if isinstance(body, str) else []


def _date(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _time(value: Any) -> time | None:
    return time.fromisoformat(value) if isinstance(value, str) else value


def raw_blocks(body: Any) -> list[dict[str, Any]]:
    """A letter's blocks as they are stored."""
    return list(body.get_prep_value()) if body else []


def stories_in(blocks: Iterable[dict[str, Any]]) -> Iterator[int]:
    """The articles that a body carries, in its order."""
    for block in blocks:
        if block["type"] == "story" and isinstance(block["value"].get("article"), int):
            yield block["value"]["article"]


# --- For the next letter ---


def wall_clock(page: ListPage, now: datetime) -> datetime:
    """What the clock on the list's wall shows, naive."""
    return now.astimezone(ZoneInfo(page.zone_name)).replace(tzinfo=None)


def next_day(page: ListPage, *, now: datetime) -> date:
    """The next day of this list for which no letter was begun."""
    taken = {sketch.due.date() for sketch in sketches([page]) if sketch.due}
    return next_due_date(page.cadence, weekday=page.weekday, hour=page.hour, now=wall_clock(page, now), taken=taken)


def given_subject(page: ListPage, day: date) -> str:
    """What the subject of a letter is until somebody writes one."""
    with translation.override(page.locale.language_code):
        code = page.locale.language_code
        values = {"list": page.title, "day": digits(date_format(day, "DATE_FORMAT"), language=code)}
        return (pgettext("subject of a letter", "%(list)s, %(day)s") % values)[:255]


def candidates(page: ListPage, *, letter: LetterPage | None, now: datetime) -> tuple[list[Candidate], set[int]]:
    """The stories published since the letter before this one, and what any letter of the list carries already."""
    others = [sketch for sketch in sketches([page], with_stories=True) if letter is None or sketch.id != letter.pk]
    carried = {story for sketch in others for story in sketch.stories}
    fresh = ArticlePage.objects.live().public().filter(
        locale_id=page.locale_id, embargoed_until__isnull=True, first_published_at__gt=_since(page, others, now=now),
        first_published_at__lte=now,
    )  # fmt: skip
    rows = fresh.order_by("-first_published_at", "-pk").values_list("pk", "path", "first_published_at", "is_pick")
    return [
        Candidate(id=pk, section=path[: -Page.steplen], published=published, is_pick=is_pick)
        for pk, path, published, is_pick in rows[:MOST_CANDIDATES]
    ], carried


def _since(page: ListPage, others: list[Sketch], *, now: datetime) -> datetime:
    """When the last letter before now was settled."""
    zone = ZoneInfo(page.zone_name)
    moments = []
    for sketch in others:
        due = sketch.due.replace(tzinfo=zone).astimezone(UTC) if sketch.due else None
        if settled := min((moment for moment in (sketch.written, due) if moment), default=None):
            moments.append(min(settled, now))
    return max(moments, default=now - FIRST_LETTER.get(page.cadence, timedelta(days=7)))
