"""What every page of the office goes through: who may see it, and what a browser may do with it.

The rules:
 * Only staff see a page; a view that others may see says so with `open_to_strangers`.
 * What stands under giving/ is for those who keep the books, and everything else for those who care for letters; a
   view that both may see says so with `open_to_all_staff`. Whoever adds a page need not think of it.
 * A page runs no script, and loads nothing but the office's own style sheet and icon.
 * Nothing is kept by the browser or by anything between.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from stet.office.people import may_see, may_see_money, may_see_readers

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
MONEY = "giving/"
"""Where the addresses of what is about money begin."""
GetResponse = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponseBase]


def open_to_strangers(view: View) -> View:
    """Mark a view as one that needs no sign-in."""
    view.is_open = True  # type: ignore[attr-defined]
    return view


def open_to_all_staff(view: View) -> View:
    """Mark a view as one that shows nothing of money and nothing of readers."""
    view.is_for_all_staff = True  # type: ignore[attr-defined]
    return view


def content_security_policy(get_response: GetResponse) -> GetResponse:
    """Add the office's policy to each answer that has none of its own, and let nobody keep it."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "Cache-Control" not in response.headers:
            add_never_cache_headers(response)
        return response

    return answer


class StaffOnly:
    """Lead a stranger to the sign-in, and refuse who is signed in but no staff."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the view does."""
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _arguments: Any, _named: Any
    ) -> HttpResponseBase | None:
        """Decide before the view is called."""
        if getattr(view, "is_open", False):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not may_see(request.user):
            raise PermissionDenied
        if getattr(view, "is_for_all_staff", False):
            return None
        match = request.resolver_match
        is_of_money = match is not None and match.route.startswith(MONEY)
        if not (may_see_money if is_of_money else may_see_readers)(request.user):
            raise PermissionDenied(_("This page is for other people of the house. The sections above are yours."))
        return None
