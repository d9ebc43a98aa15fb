"""Which letters carry a story, for whoever kills it.

Of a letter that went out counts what was published; of one that is still written, its newest draft, too.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.models import Page, ReferenceIndex, Revision

from stet.kit.clock import SystemClock
from stet.letters.models import LetterPage, ListPage
from stet.letters.rows import drafted_blocks, raw_blocks, stories_in
from stet.newsroom.killing.carriers import Carrier


class CarryingLetters:
    """The letters of all lists, as they are published or were saved last."""

    def carriers_of(self, article: Any) -> Iterator[Carrier]:
        """Five queries: which letters point to it, which are still written and how, those letters, and their lists."""
        pointing = ReferenceIndex.objects.filter(
            content_type=ContentType.objects.get_for_model(LetterPage),
            to_content_type=ContentType.objects.get_for_model(Page),
            to_object_id=str(article.pk),
        )
        drafted = set(_drafts_with(article.pk))
        named = {int(pk) for pk in pointing.values_list("object_id", flat=True)}
        letters = LetterPage.objects.filter(pk__in=named | drafted)
        lists = {page.path: page for page in ListPage.objects.all()}
        now = SystemClock().now()
        for letter in letters.order_by("-due_date", "-pk"):
            the_list = lists.get(letter.path[: -Page.steplen])
            is_in = letter.pk in drafted or article.pk in set(stories_in(raw_blocks(letter.body)))
            if the_list is not None and is_in:
                yield _carrier(letter, the_list, now=now)


def _drafts_with(article: int) -> Iterator[int]:
    """Letters with a draft that is newer than what is published, if anything is, in which the story stands."""
    written = LetterPage.objects.filter(Q(live=False) | Q(has_unpublished_changes=True)).exclude(latest_revision=None)
    letters = dict(written.values_list("latest_revision_id", "pk"))
    for pk, content in Revision.objects.filter(pk__in=letters).values_list("pk", "content"):
        if article in set(stories_in(drafted_blocks(content))):
            yield letters[pk]


def _carrier(letter: LetterPage, the_list: ListPage, *, now: datetime) -> Carrier:
    wall = datetime.combine(letter.due_date, letter.due_time or the_list.hour)
    due = wall.replace(tzinfo=ZoneInfo(the_list.zone_name)).astimezone(UTC)
    is_out = bool(letter.live and letter.is_sent and due <= now)
    day = date_format(letter.due_date, "DATE_FORMAT")
    if is_out:
        state = _("sent on %(day)s; mails can't be called back, its page on the web loses the story") % {"day": day}
    elif letter.live:
        state = _("goes out on %(day)s without the story") % {"day": day}
    else:
        state = _("a draft; preflight will say that the story is gone")
    return Carrier(
        kind=pgettext("of a list", "letter"), name=letter.title, state=state, page=letter.pk,
        url=reverse("wagtailadmin_pages:edit", args=[letter.pk]), is_beyond_reach=is_out,
    )  # fmt: skip
