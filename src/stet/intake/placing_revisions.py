"""A placed page's past: when readers first saw it, when it last changed, and its one revision."""

from datetime import datetime
from typing import Any

from wagtail.models import ReferenceIndex


def set_dates(page: Any, record: Any) -> None:
    """Set what readers and editors see of the past, before the page is saved."""
    is_live = getattr(record, "status", "live") == "live"
    published = getattr(record, "published", None)
    page.live = is_live
    page.has_unpublished_changes = not is_live
    page.go_live_at = getattr(record, "go_live", None)
    if is_live and published:
        page.first_published_at = published
        moments = (published, getattr(record, "updated", None), getattr(record, "modified", None))
        page.last_published_at = max(moment for moment in moments if moment)


def publish(page: Any, record: Any = None, *, now: datetime | None = None) -> None:
    """Give a saved page its one revision, live or waiting for its hour as the record says."""
    go_live = getattr(record, "go_live", None)
    if go_live and now and go_live > now and not page.live:
        page.save_revision(approved_go_live_at=go_live, clean=False)
    else:
        revision = page.save_revision(changed=not page.live, clean=False)
        if page.live:
            page.live_revision = revision
            type(page).objects.filter(pk=page.pk).update(live_revision=revision)
    ReferenceIndex.create_or_update_for_object(page)
