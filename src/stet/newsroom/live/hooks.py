"""What live coverage adds to the desk: an entry in the menu, a button on each story, its pages, lines of the log."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from stet.newsroom.live import posting, views
from stet.newsroom.models import ArticlePage

STYLES = """
.stet-live { list-style: none; padding: 0; max-width: 44rem }
.stet-live > li { padding: 1rem 0; border-block-start: 1px solid var(--w-color-border-furniture) }
.stet-live h3 { margin: 0 0 .25rem; unicode-bidi: plaintext }
.stet-live p, .stet-live ul, .stet-live ol { margin-block: .25rem .5rem; overflow-wrap: anywhere }
.stet-live ul { list-style: disc; padding-inline-start: 1.5rem }
.stet-live ol { list-style: decimal; padding-inline-start: 1.5rem }
.stet-live .stet-live-when { color: var(--w-color-text-meta) }
"""
ENTRY = "live/<int:article_id>/<int:entry_id>/"
WORDS: dict[str, tuple[str | Promise, str | Promise]] = {
    posting.POSTED: (_("Post a live entry"), _("Live entry posted")),
    posting.CHANGED: (_("Change a live entry"), _("Live entry changed")),
    posting.TAKEN_AWAY: (_("Take a live entry away"), _("Live entry taken away")),
}


class LiveMenuItem(MenuItem):
    """Live coverage, for who may change or publish a page."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may change or publish any page."""
        return views.may_see(request.user)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _menu() -> MenuItem:
    return LiveMenuItem(
        pgettext_lazy("coverage", "Live"), reverse("newsroom_live_stories"), icon_name="history", order=296
    )


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _urls() -> list[object]:
    return [
        path("live/", views.overview, name="newsroom_live_stories"),
        path("live/<int:article_id>/", views.coverage, name="newsroom_live"),
        path("live/<int:article_id>/begin/", views.begin, name="newsroom_live_begin"),
        path("live/<int:article_id>/end/", views.end, name="newsroom_live_end"),
        path(ENTRY, views.entry, name="newsroom_live_entry"),
        path(f"{ENTRY}post/", views.post, name="newsroom_live_entry_post"),
        path(f"{ENTRY}take-away/", views.take_away, name="newsroom_live_entry_away"),
    ]


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _styles() -> SafeString:
    return SafeString(f"<style>{STYLES}</style>")


@hooks.register("register_page_header_buttons")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:  # noqa: ARG001 - Wagtail's names
    if not isinstance(page, ArticlePage):
        return
    rights = page.permissions_for_user(user)
    if rights.can_edit() or rights.can_publish():
        yield Button(_("Live coverage"), reverse("newsroom_live", args=[page.pk]), icon_name="history", priority=58)


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _actions(actions: Any) -> None:
    actions.register_action(posting.BEGUN, _("Begin live coverage"), _("Live coverage begun"))
    actions.register_action(posting.TAKEN_UP, _("Take live coverage up again"), _("Live coverage taken up again"))
    actions.register_action(posting.ENDED, pgettext_lazy("action", "End live coverage"), _("Live coverage ended"))
    for action, (label, message) in WORDS.items():
        formatter = type("EntryFormatter", (_EntryFormatter,), {"label": label, "message": message})
        actions.register_action(action)(formatter)


class _EntryFormatter(LogFormatter):
    """Says which entry."""

    def format_comment(self, log_entry: Any) -> str:
        """The entry's headline."""
        return str(log_entry.data.get("entry", ""))
