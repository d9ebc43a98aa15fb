"""What kills add to the desk: a button on each live story, lines of the audit log."""

from collections.abc import Iterator
from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from stet.newsroom.killing import views
from stet.newsroom.killing.killing import ACTION
from stet.newsroom.killing.returning import RETURNED
from stet.newsroom.models import ArticlePage


class KillFormatter(LogFormatter):
    """Says why."""

    label = _("Kill")
    message = _("Killed")

    def format_comment(self, log_entry: Any) -> str:
        """The reason that readers are told."""
        return str(log_entry.data.get("reason", ""))


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _urls() -> list[object]:
    return [
        path("articles/<int:article_id>/kill/", views.kill, name="newsroom_kill"),
        path("articles/<int:article_id>/killed/", views.killed, name="newsroom_killed"),
    ]


@hooks.register("register_page_header_buttons")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:  # noqa: ARG001 - Wagtail's names
    if isinstance(page, ArticlePage) and page.live and page.permissions_for_user(user).can_publish():
        yield Button(_("Kill this story"), reverse("newsroom_kill", args=[page.pk]), icon_name="cross", priority=62)


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _actions(actions: Any) -> None:
    actions.register_action(ACTION)(KillFormatter)
    actions.register_action(RETURNED, _("Publish what was killed"), _("Published again after it was withdrawn"))
