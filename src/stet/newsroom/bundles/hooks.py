"""What bundles add to the desk: an entry in the menu, their pages, lines of the audit log."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from stet.newsroom.bundles import publishing, views

STYLES = """
.stet-bundle td { overflow-wrap: anywhere; vertical-align: middle }
.stet-bundle form { display: inline-block; margin: .125rem }
.stet-bundle .help-block { margin: .5rem 0 0 }
.stet-carriers { list-style: disc; padding-inline-start: 1.5rem; margin-block: 1rem }
.stet-carriers li { margin-block: .5rem }
"""


class BundlesMenuItem(MenuItem):
    """Bundles, for who may publish."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may publish any page."""
        return views.may_see(request.user)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _menu() -> MenuItem:
    return BundlesMenuItem(_("Bundles"), reverse("newsroom_bundles"), icon_name="collapse-down", order=295)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _urls() -> list[object]:
    return [
        path("bundles/", views.overview, name="newsroom_bundles"),
        path("bundles/<int:bundle_id>/", views.bundle, name="newsroom_bundle"),
        path("bundles/<int:bundle_id>/add/", views.add, name="newsroom_bundle_add"),
        path("bundles/<int:bundle_id>/<int:member_id>/renew/", views.renew, name="newsroom_bundle_renew"),
        path("bundles/<int:bundle_id>/<int:member_id>/drop/", views.drop, name="newsroom_bundle_drop"),
        path("bundles/<int:bundle_id>/look/", views.look, name="newsroom_bundle_look"),
        path("bundles/<int:bundle_id>/approve/", views.approve, name="newsroom_bundle_approve"),
        path("bundles/<int:bundle_id>/take-back/", views.take_back, name="newsroom_bundle_take_back"),
        path("bundles/<int:bundle_id>/go/", views.go, name="newsroom_bundle_go"),
        path("bundles/<int:bundle_id>/forget/", views.forget, name="newsroom_bundle_forget"),
    ]


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _styles() -> SafeString:
    return SafeString(f"<style>{STYLES}</style>")


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _actions(actions: Any) -> None:
    actions.register_action(publishing.APPROVED, _("Approve a bundle"), _("Bundle approved for an hour"))
    actions.register_action(publishing.TAKEN_BACK, _("Take a bundle back"), _("Bundle taken back"))
    actions.register_action(publishing.WENT_LIVE, _("Bundle goes live"), _("Bundle went live"))
    actions.register_action(publishing.HELD, _("Hold a bundle back"), _("Bundle held back at its hour"))
