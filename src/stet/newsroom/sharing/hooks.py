"""What shared drafts add to the desk: a report, a button on each story, lines of the audit log."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from stet.newsroom.models import ArticlePage
from stet.newsroom.sharing import links, views

STYLES = """
.stet-link { max-width: 60rem; margin-block: 1rem }
.stet-link output, .stet-link input { direction: ltr; unicode-bidi: isolate; overflow-wrap: anywhere; user-select: all }
.stet-shares td { overflow-wrap: anywhere; vertical-align: middle } .stet-shares form { display: inline }
.stet-desk-form { max-width: 40rem; margin-block: 1.5rem }
.stet-first, .stet-teaches:first-child { margin-block-start: 1.5rem }
"""


class SharesMenuItem(MenuItem):
    """Shared drafts, for who may publish."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may publish any page."""
        return views.may_share(request.user)


@hooks.register("register_reports_menu_item")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _menu() -> MenuItem:
    return SharesMenuItem(_("Shared drafts"), reverse("newsroom_shares"), icon_name="link", order=900)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _urls() -> list[object]:
    return [
        path("shares/", views.overview, name="newsroom_shares"),
        path("shares/trace/", views.trace, name="newsroom_shares_trace"),
        path("shares/<int:share_id>/revoke/", views.revoke, name="newsroom_share_revoke"),
        path("articles/<int:article_id>/share/", views.share, name="newsroom_share"),
    ]


@hooks.register("register_page_header_buttons")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:  # noqa: ARG001 - Wagtail's names
    if isinstance(page, ArticlePage) and page.permissions_for_user(user).can_publish():
        yield Button(_("Share the draft"), reverse("newsroom_share", args=[page.pk]), icon_name="link", priority=66)


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _styles() -> SafeString:
    return SafeString(f"<style>{STYLES}</style>")


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _actions(actions: Any) -> None:
    actions.register_action(links.SHARED, _("Share a draft"), _("Draft shared by a link"))
    actions.register_action(links.OPENED, _("Shared draft opened"), _("Shared draft opened for the first time"))
    actions.register_action(links.REVOKED, _("Revoke a shared link"), _("Shared link revoked"))
