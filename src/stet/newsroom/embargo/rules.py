"""When a story is under embargo, and what that forbids.

The rules:
 * An embargo stands in the draft. No revision is published before its hour, nor scheduled for a moment before it.
 * A row that still has an embargo is not printed, even if it were live: the press asks for rows that have none, and
   knows no clock. What goes live has none any more; off a row that was made live in another way, the scheduler takes
   it once the hour has passed.
 * A translation waits for its original while that is not published, whatever stands in its own draft.
 * Who reads what is printed (letters, feeds, search, offline editions) is told of no row that the press leaves out.
"""

import re
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from stet.newsroom.errors import EmbargoedError

ACTION = "stet.embargo"
LINE = (
    '<p dir="auto" style="margin:0;padding:.5em 1em;background:#7a1212;color:#fff;font:600 1rem/1.4 sans-serif;'
    'text-align:center">{}</p>'
)
_BODY = re.compile(rb"<body[^>]*>")


def embargo_of(revision: Any) -> datetime | None:
    """Until when a revision's content is under embargo, past or not."""
    return moment_in(revision, "embargoed_until")


def moment_in(revision: Any, name: str) -> datetime | None:
    """A moment in a revision's content."""
    return _moment(revision.content.get(name))


def is_embargoed(until: datetime | None, *, now: datetime) -> bool:
    """Whether the hour has not come yet."""
    return until is not None and until > now


def embargo_over(article: Any, revision: Any) -> datetime | None:
    """Until when a story's revision is under embargo: its own, or that of the story it is a translation of."""
    moments = [embargo_of(revision)]
    original = article.original
    if original is not None and not original.live:
        newest = original.latest_revision
        moments += [original.embargoed_until, embargo_of(newest) if newest else None]
    return max((moment for moment in moments if moment is not None), default=None)


def hold(article: Any, revision: Any, *, now: datetime) -> None:
    """Raise EmbargoedError where a revision would be published, or goes live by its schedule, before its hour."""
    until, goes_live = embargo_over(article, revision), moment_in(revision, "go_live_at")
    if until is not None and max(now, goes_live or now) < until:
        title = str(revision.content.get("title", ""))
        raise EmbargoedError(
            page=int(revision.object_id), headline=title, until=said(until), is_scheduled=bool(goes_live)
        )


def with_embargo(state: str, page: Any) -> str:
    """A state as the desk says it, with the embargo behind it where there is one."""
    until = page.embargoed_until
    if not is_embargoed(until, now=timezone.now()):
        return state
    return _("%(state)s · embargoed until %(hour)s") % {"state": state, "hour": said(until)}


def say_embargo(preview: bytes, until: datetime | None) -> bytes:
    """A preview with a line above it that says until when nobody else may read it."""
    if until is None or not is_embargoed(until, now=timezone.now()):
        return preview
    words = format_html(LINE, _("Embargoed until %(hour)s") % {"hour": said(until)})
    return _BODY.sub(lambda found: found[0] + words.encode(), preview, count=1)


def said(moment: datetime) -> str:
    """Day and hour by the paper's clock."""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'DATE_FORMAT')}, {local:%H:%M}"


def log_embargo(page: Any, before: str | None, revision: Any, *, user: Any) -> None:
    """Note in the audit log that an embargo was set, moved or taken off."""
    until, was = embargo_of(revision), _moment(before)
    if until != was and any(is_embargoed(one, now=timezone.now()) for one in (until, was)):
        data = {"until": until.isoformat() if until else None}
        log(instance=page, action=ACTION, user=user, data=data, revision=revision)


def lift_embargoes() -> int:
    """Take the embargo off live rows whose hour has passed, so that they are printed; answer how many."""
    from stet.newsroom.models import ArticlePage  # not before all models are there

    due = ArticlePage.objects.filter(live=True, embargoed_until__lte=timezone.now())
    return int(due.update(embargoed_until=None))


def _moment(stored: Any) -> datetime | None:
    return parse_datetime(stored) if isinstance(stored, str) else stored
