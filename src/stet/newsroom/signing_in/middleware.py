"""Who is signed in is so still, and has a second factor where the newsroom asks for one.

The rules:
 * A session that was ended, or lasted long enough, is signed out before anything is answered.
 * Where second factors are required, an account without one reaches the pages that set one up, and no others.
 * Those pages stand outside Wagtail's admin; they speak the editor's language all the same.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation

from stet.newsroom.signing_in import sessions

OPEN = frozenset(
    {
        "account_login", "account_reauthenticate", "wagtailadmin_login", "wagtailadmin_logout", "wagtailadmin_sprite",
        "wagtailadmin_javascript_catalog", "mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_add_webauthn",
        "mfa_login_webauthn", "mfa_reauthenticate_webauthn", "mfa_activate_totp", "mfa_view_recovery_codes",
        "newsroom_shared",
    }
)  # fmt: skip
"""What whoever has no second factor yet may reach."""
OWN_PAGES = ("account_", "mfa_")
"""How the names of the pages here begin."""

Answer = Callable[[HttpRequest], HttpResponse]


class SignedIn:
    """The middleware that holds every request to these rules."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out whose session is over, then answer."""
        request.must_set_up = False  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            found = sessions.find(request, now=timezone.now())
            if found is None:
                logout(request)
            else:
                is_required = getattr(settings, "STET_SECOND_FACTOR", "required") == "required"
                request.must_set_up = is_required and not found.has_factor  # type: ignore[attr-defined]
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _arguments: Any, _named: Any
    ) -> HttpResponseBase | None:
        """Lead whoever has to set up a second factor there, and speak their language on the way."""
        match = request.resolver_match
        name = str(match.url_name) if match else ""
        if request.user.is_authenticated and name.startswith(OWN_PAGES):
            translation.activate(_language_of(request))
            request.LANGUAGE_CODE = translation.get_language()
        if not request.must_set_up or name in OPEN:  # type: ignore[attr-defined]
            return None
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            raise PermissionDenied
        return redirect("mfa_index")


def _language_of(request: HttpRequest) -> str:
    """What the editor chose; else what the browser asks for."""
    profile = getattr(request.user, "wagtail_userprofile", None)
    return str(profile.get_preferred_language()) if profile else translation.get_language() or "en"
