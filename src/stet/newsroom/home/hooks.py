"""What the home and the list of articles add to the desk. `wagtail_hooks` of this room loads it."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models.signals import pre_delete
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from stet.newsroom.home import bulk, panels, saved, views
from stet.newsroom.home.listing import ArticlesView
from stet.newsroom.roles.seeing import policy

pre_delete.connect(saved.forget_of, sender=get_user_model(), dispatch_uid="views of accounts that go")
for action in bulk.ACTIONS:
    hooks.register("register_bulk_action", action)


class ArticlesMenuItem(MenuItem):
    """The list of articles, for who may write pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may add or change any page."""
        return bool(policy.user_has_any_permission(request.user, {"add", "change", "publish"}))


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _menu() -> MenuItem:
    return ArticlesMenuItem(_("Articles"), reverse("newsroom_articles"), icon_name="doc-full", order=90)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _urls() -> list[object]:
    return [
        path("articles/", ArticlesView.as_view(), name="newsroom_articles"),
        path("articles/results/", ArticlesView.as_view(results_only=True), name="newsroom_articles_results"),
        path("articles/write/", views.write, name="newsroom_write"),
        path("articles/views/", views.views, name="newsroom_views"),
        path("articles/views/save/", views.save_view, name="newsroom_views_save"),
        path("articles/views/<int:view_id>/", views.change_view, name="newsroom_views_change"),
    ]


# Last, so that nothing that another room puts there is taken away, and Wagtail's own has been.
@hooks.register("construct_homepage_panels", order=100)  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _panels(request: HttpRequest, shown: list[Any]) -> None:
    panels.lay_out(request, shown)


@hooks.register("construct_homepage_summary_items", order=100)  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _summary(request: HttpRequest, items: list[Any]) -> None:
    panels.lay_out_summary(request, items)


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("newsroom/home/home.css"))
