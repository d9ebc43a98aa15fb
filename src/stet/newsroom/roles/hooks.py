"""What roles add to the desk: what choosers offer, filters that name nobody. `wagtail_hooks` of this room loads it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.views.pages.listing import PageFilterSet

from stet.newsroom.roles.files import may_see
from stet.newsroom.roles.naming import say_groups
from stet.newsroom.roles.seeing import seen_by, sees_names

NAMING = ("owner", "edited_by")
"""Filters of Wagtail's lists of pages that tell whose a story is."""


@hooks.register("construct_page_chooser_queryset")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _choose_what_is_seen(pages: Any, request: HttpRequest) -> Any:
    """Offer nobody what they may not see."""
    return pages.filter(seen_by(request.user))


@hooks.register("before_serve_document")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _hand_out_to_who_may(document: Any, request: HttpRequest) -> None:
    """Wagtail hands documents to whoever asks: readers get theirs printed, the desk keeps the rest to itself."""
    if not (request.user.is_authenticated and may_see(request.user, document)):
        raise PermissionDenied


def name_nobody() -> None:
    """Leave the filters by colleague out of lists of pages for those who may not see names."""
    make = PageFilterSet.__init__

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 - it takes the place of one
        make(self, *args, **kwargs)
        if self.request is not None and not sees_names(self.request.user):
            for name in NAMING:
                self.filters.pop(name, None)

    PageFilterSet.__init__ = __init__


name_nobody()
say_groups()
