"""What signing in adds to the desk: pages of one's account, a button beside a colleague's, and events in the record."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry

from stet.newsroom.signing_in import log, views


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _urls() -> list[object]:
    return [
        path("account/sessions/", views.where_signed_in, name="newsroom_where_signed_in"),
        path("account/sessions/end/", views.end_other_sessions, name="newsroom_end_other_sessions"),
        path("account/sessions/<int:session_id>/end/", views.end_session, name="newsroom_end_session"),
        path("users/<int:user_id>/signing-in/", views.colleague, name="newsroom_colleague"),
    ]


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _events(actions: LogActionRegistry) -> None:
    log.register_events(actions)


@hooks.register("register_account_menu_item")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _second_factor(_request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("mfa_index"),
        "label": _("Second factor"),
        "help_text": _("Passkeys, codes from an app, and recovery codes."),
    }


@hooks.register("register_account_menu_item")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _sessions(_request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("newsroom_where_signed_in"),
        "label": _("Where you are signed in"),
        "help_text": _("See it, and end what is not you."),
    }


@hooks.register("register_user_listing_buttons")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _help_a_colleague(user: Any, request_user: Any) -> Iterator[Button]:
    if views.may_help(request_user, user):
        address = reverse("newsroom_colleague", args=[user.pk])
        yield Button(_("How they sign in"), address, icon_name="lock", priority=20)
