"""Which photos a story shows, and whether their rights last."""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stet.newsroom.errors import PhotoHeldError
from stet.newsroom.models.photos import Photo
from stet.newsroom.paper import current_paper

SOON = timedelta(days=30)
"""How long before its last day a photo counts as expiring."""

_PHOTO = re.compile(r'"photo": ?(\d+)')


def photos_of(page: Any) -> list[Photo]:
    """The photos on an article as it is in memory, saved or not: one query."""
    numbers = {page.lead_photo_id} if page.lead_photo_id else set()
    stored = json.dumps(page.body.get_prep_value(), default=str) if page.body else ""
    numbers |= {int(number) for number in _PHOTO.findall(stored)}
    return list(Photo.objects.filter(pk__in=numbers).order_by("pk")) if numbers else []


def on_the_papers_clock(moment: datetime, zone: ZoneInfo | None = None) -> date:
    """The day of a moment where the paper is."""
    return moment.astimezone(zone or current_paper().zone).date()


def hold_expired(page: Any, *, now: datetime) -> None:
    """Raise PhotoHeldError where an article is about to be published with a photo that may not be shown any more.

    An article that readers have already is not held: the press leaves such a photo out, and a mend must stay possible.
    """
    if page.live and page.first_published_at is not None:
        return
    day = on_the_papers_clock(max(now, page.go_live_at) if page.go_live_at else now)
    expired = [photo for photo in photos_of(page) if photo.is_expired_on(day)]
    if expired:
        raise PhotoHeldError(page=page.pk, headline=page.title, photos=tuple(ends(photo) for photo in expired))


def ends(photo: Photo) -> str:
    """When a photo's rights end, in a sentence."""
    return _("The photo “%(title)s” may be used until %(day)s.") % _words(photo)


def _words(photo: Photo) -> dict[str, str]:
    day = photo.usable_until
    return {"title": photo.title, "day": date_format(day, "DATE_FORMAT") if day else ""}


def warnings(page: Any, *, day: date) -> Iterator[tuple[Photo, str]]:
    """What an editor should know of an article's photos."""
    for photo in photos_of(page):
        if photo.is_expired_on(day):
            sentence = _("The photo “%(title)s” was to be used until %(day)s. Readers do not see it any more.")
            yield photo, sentence % _words(photo)
        elif photo.usable_until is not None and photo.usable_until <= day + SOON:
            sentence = _("The photo “%(title)s” may be used until %(day)s. Then it leaves the paper by itself.")
            yield photo, sentence % _words(photo)
        if photo.not_in_letters:
            yield photo, _("The photo “%(title)s” may not stand in newsletters.") % {"title": photo.title}
