"""What the log adds to the desk: its report, its words. `wagtail_hooks` of this room loads it."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from stet.newsroom.audit import actions, changes
from stet.newsroom.roles.seeing import publishes_paper

changes.connect()


class LogMenuItem(MenuItem):
    """The log, for who may read it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may publish the whole paper."""
        return publishes_paper(request.user)


@hooks.register("construct_reports_menu")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """The log takes the place of Wagtail's site history, at the same address."""
    items[:] = [item for item in items if item.name != "site-history"]
    item = LogMenuItem(
        gettext_lazy("What was done"), reverse("wagtailadmin_reports:site_history"), icon_name="history", order=1000
    )
    if item.is_shown(request):
        items.append(item)


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _log_actions(registry: LogActionRegistry) -> None:
    actions.register(registry)
