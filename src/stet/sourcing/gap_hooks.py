"""What the checks add to the desk: their report, the page of a story's gaps, and an entry of a page's history."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from stet.newsroom.roles.seeing import policy
from stet.sourcing.gaps import GapsView, story_gaps
from stet.sourcing.models.tasks import OVERRIDDEN


class GapsMenuItem(MenuItem):
    """The report, for who may write pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may add or change any page."""
        return bool(policy.user_has_any_permission(request.user, {"add", "change", "publish"}))


@hooks.register("register_reports_menu_item")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _menu() -> MenuItem:
    return GapsMenuItem(gettext_lazy("Gaps in sourcing"), reverse("sourcing_gaps"), icon_name="link", order=650)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _urls() -> list[object]:
    return [
        path("sourcing/gaps/", GapsView.as_view(), name="sourcing_gaps"),
        path("sourcing/gaps/results/", GapsView.as_view(results_only=True), name="sourcing_gaps_results"),
        path("sourcing/stories/<int:page_id>/gaps/", story_gaps, name="sourcing_story_gaps"),
    ]


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _log_actions(actions: Any) -> None:
    @actions.register_action(OVERRIDDEN)
    class OverriddenFormatter(LogFormatter):
        label = gettext_lazy("Approve with gaps in sourcing")

        def format_message(self, entry: Any) -> str:
            values = {"count": len(entry.data.get("open", ())), "reason": entry.data.get("reason", "")}
            sentence = _("Approved, with gaps in its sourcing open: %(count)d. Reason: “%(reason)s”")
            return sentence % values

        def format_comment(self, entry: Any) -> str:
            return "\n".join(entry.data.get("open", ()))
