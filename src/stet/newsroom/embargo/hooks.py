"""What embargoes add to the desk: lines of the audit log. `wagtail_hooks` of this room loads it."""

from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from stet.newsroom.embargo.rules import ACTION, said
from stet.newsroom.going_live import make_ready
from stet.newsroom.models import ArticlePage


class EmbargoFormatter(LogFormatter):
    """Says until when."""

    label = gettext_lazy("Embargo")

    def format_message(self, log_entry: Any) -> str:
        """One sentence."""
        until = parse_datetime(log_entry.data.get("until") or "")
        return _("Embargoed until %(hour)s") % {"hour": said(until)} if until else _("Embargo taken off")


@hooks.register("before_publish_page")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _make_ready(request: HttpRequest, page: Page) -> None:
    """The desk's forms publish past `ArticlePage.publish`."""
    if isinstance(page, ArticlePage) and page.latest_revision is not None:
        make_ready(page, page.latest_revision, user=request.user)


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _actions(actions: Any) -> None:
    actions.register_action(ACTION)(EmbargoFormatter)
