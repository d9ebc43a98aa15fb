"""Puts the desk's lists of pages in place of Wagtail's. `wagtail_hooks` of this room loads it."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from stet.newsroom.tree.lists import TreeViewSet, tree_views
from stet.newsroom.tree.menu import TreePages


# After Wagtail's own, whose place they take.
@hooks.register("register_admin_viewset", order=100)  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _lists() -> TreeViewSet:
    return tree_views


@hooks.register("construct_admin_api", order=100)  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _menu(router: Any) -> None:
    router.register_endpoint("pages", TreePages)


# After who sees what: it only tells more of what is left.
@hooks.register("construct_page_chooser_queryset", order=100)  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _choosers(pages: Any, request: HttpRequest) -> Any:  # noqa: ARG001 - Wagtail's signature
    return pages.prefetch_related("locale").prefetch_workflow_states().annotate_approved_schedule()
