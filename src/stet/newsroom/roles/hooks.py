"""What roles add to the desk: what choosers and bulk actions find, filters that name nobody. Wagtail loads it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_list_or_404
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction

from stet.newsroom.roles.files import may_see
from stet.newsroom.roles.naming import say_groups
from stet.newsroom.roles.seeing import seen_by, sees_names, viewer

LARGEST = 2**63 - 1
"""Of numbers that a database counts to."""
NAMING = ("owner", "edited_by", "requested_by", "locked_by")
"""Filters of Wagtail's lists and reports that tell whose a story is, or who works here."""


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
    """Leave the filters by colleague out of lists and reports for those who may not see names."""
    make = WagtailFilterSet.__init__

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 - it takes the place of one
        make(self, *args, **kwargs)
        if self.request is not None and not sees_names(self.request.user):
            for name in NAMING:
                self.filters.pop(name, None)

    WagtailFilterSet.__init__ = __init__


def keep_drafts() -> None:
    """Have what is done to many pages at once find those that are seen: Wagtail names those, too, that it refuses."""

    def get_queryset(_cls: Any, model: Any, object_ids: Any) -> Any:
        numbers = [int(number) for number in object_ids if str(number).isdecimal() and int(number) <= LARGEST]
        pages, who = model._default_manager.filter(pk__in=numbers), viewer()
        own = pages if who is None else pages.filter(seen_by(who))
        return get_list_or_404(own.specific(defer=True))

    PageBulkAction.get_queryset = classmethod(get_queryset)


name_nobody()
keep_drafts()
say_groups()
