"""Saved views of the list of articles.

The rules:
 * A view is its maker's own; one that is shared is seen by everybody at the desk, who each see in it what they may.
 * Its maker changes and deletes it; a shared one also whoever may publish the paper.
 * Only filters, words and the order are kept; a view saved again under its name replaces the one before.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from stet.newsroom.models import SavedView
from stet.newsroom.roles.seeing import publishes_paper

LONGEST_QUERY = 2_000
MOST_VIEWS = 40
"""That are shown, and that an account may have."""
KEPT = (
    "status", "section", "byline", "topic", "kind", "locale", "first_published_at_from", "first_published_at_to",
    "latest_revision_created_at_from", "latest_revision_created_at_to", "whose", "q", "ordering",
)  # fmt: skip


def current_query(asked: QueryDict) -> str:
    """The filters in an address, in one order; what is empty or no filter is left out."""
    kept = QueryDict(mutable=True)
    for name in KEPT:
        values = sorted({value for value in asked.getlist(name) if value})
        if values:
            kept.setlist(name, values)
    return kept.urlencode()


def views_of(user: Any) -> QuerySet[SavedView]:
    """The views that somebody sees: their own, and the desk's."""
    return SavedView.objects.filter(Q(owner_id=user.pk) | Q(is_shared=True))[:MOST_VIEWS]


def changeable_by(user: Any) -> QuerySet[SavedView]:
    """The views that somebody may rename and delete."""
    shared = Q(is_shared=True) if publishes_paper(user) else Q()
    return SavedView.objects.filter(Q(owner_id=user.pk) | shared)


def save(user: Any, *, name: str, query: str, is_shared: bool) -> tuple[SavedView, bool]:
    """Keep a view; answer it, and whether its name was new. Raises ValueError where somebody has too many."""
    is_new = not SavedView.objects.filter(owner_id=user.pk, name=name).exists()
    if is_new and SavedView.objects.filter(owner_id=user.pk).count() >= MOST_VIEWS:
        raise ValueError(MOST_VIEWS)
    return SavedView.objects.update_or_create(
        owner_id=user.pk, name=name, defaults={"query": query, "is_shared": is_shared}
    )


def forget_of(instance: Any, **_signal: object) -> None:
    """Drop the views of an account that goes and that nobody else sees."""
    SavedView.objects.filter(owner_id=instance.pk, is_shared=False).delete()
