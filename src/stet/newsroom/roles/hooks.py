"""What roles add to the desk: what choosers offer, filters that name nobody. `wagtail_hooks` of this room loads it."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.views.pages.listing import PageFilterSet

from stet.newsroom.roles.seeing import seen_by, sees_names

NAMING = ("owner", "edited_by")
"""Filters of Wagtail's lists of pages that tell whose a story is."""


@hooks.register("construct_page_chooser_queryset")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _choose_what_is_seen(pages: Any, request: HttpRequest) -> Any:
    """Offer nobody what they may not see."""
    return pages.filter(seen_by(request.user))


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
