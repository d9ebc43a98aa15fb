"""What drafts say of themselves.

Wagtail keeps what an editor writes in a revision; the row of a story that is not live stays as it was made. Whoever
looks for stories of a kind, a byline or a topic means what is in the draft.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTransform

from stet.newsroom.models import ArticlePage

MOST_DRAFTS = 2_000
"""Drafts that are read for a filter, those first that were written last; older ones go by their rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a story that is not live says in its latest revision."""

    kind: str
    bylines: tuple[int, ...]
    """People, in order."""
    topics: frozenset[int]


def read_drafts(articles: QuerySet[ArticlePage]) -> dict[int, Draft]:
    """The latest revisions of stories that are not live, by page. One query, which reads no text."""
    told = articles.filter(live=False, latest_revision__isnull=False)
    columns = [KeyTransform(key, "latest_revision__content") for key in ("kind", "bylines", "topics")]
    rows = told.order_by("-latest_revision_created_at").values_list("pk", *columns)[:MOST_DRAFTS]
    return {page: _draft(kind, bylines, topics) for page, kind, bylines, topics in rows}


def _draft(kind: Any, bylines: Any, topics: Any) -> Draft:
    people = (line.get("person") for line in bylines or () if isinstance(line, dict))
    return Draft(
        kind=str(kind or ""),
        bylines=tuple(person for person in people if isinstance(person, int)),
        topics=frozenset(topic for topic in topics or () if isinstance(topic, int)),
    )


def narrowed(
    articles: QuerySet[ArticlePage], drafts: dict[int, Draft], *, rows: Q, said: Callable[[Draft], bool]
) -> QuerySet[ArticlePage]:
    """The articles that fit: drafts by what they say, all others by their rows."""
    fitting = [page for page, draft in drafts.items() if said(draft)]
    found: QuerySet[ArticlePage] = articles.filter(rows & (Q(live=True) | ~Q(pk__in=list(drafts))) | Q(pk__in=fitting))
    return found
