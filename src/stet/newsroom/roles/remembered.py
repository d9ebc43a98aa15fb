"""What one page of the desk asks for in each of its rows, asked once: what stands above it, and what may be deleted.

It is remembered only while a page is read, never while something is done: whoever moves a page looks anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat
from wagtail.models import Page

KINDS = (("wagtailcore", "page"), ("newsroom", "frontpage"), ("newsroom", "sectionpage"))
"""What has pages below it in numbers: the root, fronts and sections. A paper has few of them."""
LAST = "Z" * 3 * Page.steplen
"""Behind a path: behind all that stand below it, three levels down."""

_kept: ContextVar[dict[str, Any] | None] = ContextVar("what a page of the desk asked for", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember, for as long as a page is read."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def page_at(path: str) -> Any:
    """The root, front or section at a path; None for others, and while nothing is remembered."""
    return _trunk().get(path)


def page_numbered(number: object) -> Any:
    """The root, front or section of a number; None as above."""
    return next((page for page in _trunk().values() if str(page.pk) == str(number)), None)


def has_live_below(page: Any) -> bool | None:
    """Whether readers have a page below a front or a section; None as above."""
    live = once("live below", _live_below)
    return None if live is None or page_at(page.path) is None else page.path in live


def sees_below(page: Any, seen: Any) -> bool:
    """Whether there is a page of `seen` below a page."""
    if page.is_leaf():
        return False
    below = once("seen below", lambda: _with_below(seen))
    return bool(seen.child_of(page).exists()) if below is None or page_at(page.path) is None else page.path in below


def once(name: str, ask: Any) -> Any:
    """What `ask` answers, asked the first time; None while nothing is remembered."""
    kept = _kept.get()
    if kept is None:
        return None
    if name not in kept:
        kept[name] = ask()
    return kept[name]


def _trunk() -> dict[str, Any]:
    return once("trunk", lambda: {page.path: page for page in _trunk_rows().select_related("locale")}) or {}


def _trunk_rows() -> Any:
    kinds = [ContentType.objects.get_by_natural_key(*kind).pk for kind in KINDS]
    return Page.objects.filter(content_type__in=kinds)


def _live_below() -> frozenset[str]:
    return _with_below(Page.objects.filter(live=True))


def _with_below(pages: Any) -> frozenset[str]:
    """Paths of those that have one of these pages below them. Ranges, not beginnings: a row has no index for those."""
    path = OuterRef("path")
    below = pages.order_by().filter(path__gt=path, path__lt=Concat(path, Value(LAST)))
    return frozenset(_trunk_rows().filter(Exists(below)).values_list("path", flat=True))
