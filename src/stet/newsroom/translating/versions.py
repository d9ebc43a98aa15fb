"""Which versions of an original and of its translation stand side by side."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from wagtail.models import Revision

from stet.newsroom.models import ArticlePage
from stet.newsroom.translating.comparing import Row, side_by_side
from stet.newsroom.translating.pieces import Piece, pieces_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A translation beside its original."""

    rows: list[Row]
    revision: int | None
    """The original's revision that is shown: what the translation follows once somebody says so."""
    is_kept: bool
    """Whether the version that the translation followed is still there to be compared with."""

    @property
    def changes(self) -> int:
        """How many pieces of the original changed since."""
        return sum(row.state in ("changed", "new", "gone") for row in self.rows)


def compare(translation: ArticlePage) -> Comparison:
    """The original as it is published, or while it is a draft its newest version; the translation's newest version."""
    original: Any = translation.original
    now = _of_page(original) if original.live else _of_newest(original)
    then = Revision.objects.for_instance(original).filter(pk=translation.original_revision).first()
    rows = side_by_side(_of_revision(then) if then else None, now, _of_newest(translation))
    return Comparison(rows=rows, revision=original.newest_to_follow, is_kept=then is not None)


def behind(articles: QuerySet[Any]) -> QuerySet[Any]:
    """The translations among articles whose original changed since, those that changed last first."""
    newest = Coalesce(F("original__live_revision_id"), F("original__latest_revision_id"))
    found = articles.filter(original__isnull=False, original_revision__isnull=False).exclude(original_revision=newest)
    return found.select_related("original", "original__locale", "locale").order_by(
        F("original__last_published_at").desc(nulls_last=True), "pk"
    )


def _of_page(page: ArticlePage) -> tuple[Piece, ...]:
    return pieces_of(page.title, page.standfirst, list(page.body.raw_data))


def _of_newest(page: ArticlePage) -> tuple[Piece, ...]:
    return _of_revision(page.latest_revision) if page.latest_revision else _of_page(page)


def _of_revision(revision: Revision) -> tuple[Piece, ...]:
    content = revision.content
    return pieces_of(content.get("title", ""), content.get("standfirst", ""), content.get("body"))
