"""Corrections that are due: readers have something that the desk knows to be wrong.

Three things are known. A correction is written and not published; the original of a translation was corrected since
the translation was last looked at; and what rooms above know, such as a claim that does not hold any more. How a
correction is worded stays an editor's work.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any, Protocol

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from stet.newsroom.home.rows import MOST_ROWS, Row, row_of
from stet.newsroom.models import ArticleCorrection, ArticlePage
from stet.newsroom.roles.seeing import drafts_seen_by

LOOKED_BACK = timedelta(days=30)
"""What became known before is not asked for every morning."""
LOOKED_AT = 50
"""Stories of each kind that are looked at, the newest first."""


class Teller(Protocol):
    """A room that knows of something in print that is wrong."""

    def corrections_due(self, articles: QuerySet[ArticlePage], *, most: int) -> Iterable[tuple[ArticlePage, str]]:
        """Of these live articles those in question, each with what is wrong, in a fixed number of queries."""


_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Have a room asked from here on; twice is once."""
    if not any(type(known) is type(teller) for known in _tellers):
        _tellers.append(teller)


def corrections_due(user: Any, codes: dict[int, str]) -> list[Row]:
    """What somebody may mend, up to the number of lines that the home has."""
    live = ArticlePage.objects.filter(drafts_seen_by(user), live=True).defer("body")
    found = islice(_all(live), MOST_ROWS)
    return [row_of(article, user=user, codes=codes, note=note, is_pressing=True) for article, note in found]


def _all(live: QuerySet[ArticlePage]) -> Iterator[tuple[ArticlePage, str]]:
    seen: set[int] = set()
    for article, note in _each(live):
        if article.pk not in seen:
            seen.add(article.pk)
            yield article, note


def _each(live: QuerySet[ArticlePage]) -> Iterator[tuple[ArticlePage, str]]:
    for teller in _tellers:
        yield from teller.corrections_due(live, most=MOST_ROWS)
    yield from _unpublished(live)
    yield from _uncorrected_translations(live)


def _unpublished(live: QuerySet[ArticlePage]) -> Iterator[tuple[ArticlePage, str]]:
    """Live stories whose draft has a correction that readers do not."""
    changing = live.filter(has_unpublished_changes=True, latest_revision__isnull=False)
    drafted = F("latest_revision__content__corrections")
    rows = changing.annotate(drafted=drafted, printed=_corrections("pk")).order_by("-latest_revision_created_at")
    for article in rows[:LOOKED_AT]:
        if len(article.drafted or ()) > article.printed:
            yield article, _("a correction is written and not published")


def _uncorrected_translations(live: QuerySet[ArticlePage]) -> Iterator[tuple[ArticlePage, str]]:
    """Live translations with fewer corrections than their original, which was published since they followed it."""
    since = timezone.localdate() - LOOKED_BACK
    corrected = list(
        ArticleCorrection.objects.filter(date__gte=since)
        .order_by("-date", "-pk")
        .values_list("page_id", flat=True)[:200]
    )
    translations = list(ArticlePage.objects.filter(original_id__in=corrected).values_list("pk", flat=True)[:500])
    if not translations:
        return
    behind = live.filter(pk__in=translations).exclude(original_revision=F("original__live_revision_id"))
    rows = behind.annotate(printed=_corrections("pk"), of_original=_corrections("original_id"))
    for article in rows.order_by("-pk")[:LOOKED_AT]:
        if article.printed < article.of_original:
            yield article, _("its original was corrected, and this translation was not")


def _corrections(page: str) -> Any:
    counted = ArticleCorrection.objects.filter(page_id=OuterRef(page)).order_by().values("page_id")
    return Coalesce(Subquery(counted.annotate(count=Count("pk")).values("count")), 0)
