"""Where a story is carried beside its own page. Rooms that carry stories say it here; who kills one asks.

Letters carry stories, and the newsroom may not know of letters.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django.urls import reverse
from django.utils.translation import gettext as _

from stet.newsroom.models import ArticlePage, FrontPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """One page that carries a story."""

    kind: str
    """What it is, in a word."""
    name: str
    state: str
    """What becomes of the story there, in a phrase."""
    url: str
    """Where it is changed at the desk."""
    page: int
    is_beyond_reach: bool = False
    """Whether it went out to readers and can't be called back."""


class Teller(Protocol):
    """A room whose pages carry stories."""

    def carriers_of(self, article: Any) -> Iterable[Carrier]:
        """Every page that carries the story, in a fixed number of queries."""


_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Have a room asked from here on; twice is once."""
    if not any(type(known) is type(teller) for known in _tellers):
        _tellers.append(teller)


def carriers_of(article: ArticlePage) -> tuple[Carrier, ...]:
    """Every page that carries the story: fronts on which it is placed by hand, stories that point to it, letters."""
    told = (one for teller in _tellers for one in teller.carriers_of(article))
    return (*_fronts(article), *_picks(article), *told)


def translations_of(article: ArticlePage) -> list[ArticlePage]:
    """The story in other languages that readers can read now, whichever was written first."""
    same = ArticlePage.objects.filter(translation_key=article.translation_key, live=True).exclude(pk=article.pk)
    return list(same.select_related("locale").order_by("path"))


def _fronts(article: ArticlePage) -> Iterator[Carrier]:
    placed = FrontPage.objects.filter(placements__article=article).select_related("locale").distinct()
    for front in placed.order_by("path"):
        yield Carrier(
            kind=_("Front"), name=front.title, page=front.pk, state=_("placed by hand; it leaves at once"),
            url=reverse("wagtailadmin_pages:edit", args=[front.pk]),
        )  # fmt: skip


def _picks(article: ArticlePage) -> Iterator[Carrier]:
    for other in ArticlePage.objects.filter(picks__article=article, live=True).distinct().order_by("-pk")[:20]:
        yield Carrier(
            kind=_("Read more, by hand"), name=other.title, page=other.pk, state=_("it leaves the list at once"),
            url=reverse("wagtailadmin_pages:edit", args=[other.pk]),
        )  # fmt: skip
