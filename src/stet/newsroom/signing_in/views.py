"""Signing in with name and password, seeing where one is signed in, and helping a colleague who cannot get in."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stet.newsroom.accounts import SignInForm
from stet.newsroom.signing_in import helping, log, sessions, slowing
from stet.newsroom.signing_in.adapters import wait_said
from stet.newsroom.signing_in.addresses import local_address, passkeys_work


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a passkey, or for name and password; what comes after the password is allauth's."""
    wanted = wanted_page(request)
    if request.user.is_authenticated and request.user.has_perm("wagtailadmin.access_admin"):
        return redirect(wanted or "wagtailadmin_home")
    if request.method != "POST":
        return _form(request, SignInForm(request), wanted)
    lanes = slowing.lanes_of_password(request, request.POST.get("username", ""))
    wait = slowing.seconds_to_wait(lanes, now=timezone.now())
    if wait:
        return _form(request, SignInForm(request), wanted, wait=wait)
    form = SignInForm(request, data=request.POST)
    if form.is_valid():
        slowing.forgive(lanes)
        user: Any = form.get_user()
        login = Login(user=user, redirect_url=wanted or None)
        answer: HttpResponse = perform_password_login(request, {"username": user.get_username()}, login)
        return answer
    if form.has_error("__all__", "invalid_login"):
        slowing.count_wrong(lanes, now=timezone.now())
        _note_wrong_password(form.cleaned_data.get("username", ""))
    return _form(request, form, wanted)


def wanted_page(request: HttpRequest) -> str:
    """The page of the desk that somebody wanted before signing in; "" where it is none of the desk's."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    is_address = wanted.startswith(("/", "http://", "https://"))  # Django takes any other word for the name of a view.
    return wanted if is_ours and is_address else ""


def _form(request: HttpRequest, form: SignInForm, wanted: str, *, wait: int = 0) -> HttpResponse:
    context = {
        "form": form,
        "next": wanted,
        "too_early": wait_said(wait) if wait else "",
        "passkeys_work": passkeys_work(request),
        "local_address": local_address(request),
    }
    answer = render(request, "newsroom/signing_in/sign_in.html", context, status=429 if wait else 200)
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _note_wrong_password(name: str) -> None:
    account = get_user_model()._default_manager.filter(username=name).first()
    if account is None:
        log.note_of_nobody(log.WRONG_PASSWORD)
    else:
        log.note(log.WRONG_PASSWORD, account)


# --- In the account's settings ---


@require_safe
def where_signed_in(request: HttpRequest) -> HttpResponse:
    """One's own sessions."""
    context = {
        "header_title": _("Where you are signed in"),
        "page_title": _("Where you are signed in"),
        "header_icon": "desktop",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_account"), "label": _("Account")},
            {"url": "", "label": _("Where you are signed in")},
        ],
        "sessions": sessions.listed(request.user, request, now=timezone.now()),
    }
    return render(request, "newsroom/signing_in/sessions.html", context)


@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of one's own sessions; ending this one signs out."""
    ended = sessions.end(request.user, session_id)
    if ended:
        log.note(log.SESSIONS_ENDED, request.user, by=request.user, count=ended)
        messages.success(request, _("The session ended."))
    return redirect("newsroom_where_signed_in")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    ended = sessions.end_all(request.user, but=request)
    log.note(log.SESSIONS_ENDED, request.user, by=request.user, count=ended)
    messages.success(
        request, ngettext("%(count)d session ended.", "%(count)d sessions ended.", ended) % {"count": ended}
    )
    return redirect("newsroom_where_signed_in")


# --- For who cares for the accounts ---


@require_http_methods(["GET", "HEAD", "POST"])
def colleague(request: HttpRequest, user_id: int) -> HttpResponse:
    """How a colleague signs in, and what ends that."""
    account = get_object_or_404(get_user_model(), pk=user_id)
    if not may_help(request.user, account):
        raise PermissionDenied
    if request.method == "POST":
        _help(request, account)
        return redirect("newsroom_colleague", user_id)
    title = _("How %(name)s signs in") % {"name": account.get_username()}
    factors = Authenticator.objects.filter(user=account)
    context = {
        "header_title": title,
        "page_title": title,
        "header_icon": "user",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("wagtailusers_users:edit", args=[user_id]), "label": account.get_username()},
            {"url": "", "label": title},
        ],
        "account": account,
        "passkeys": sum(factor.type == Authenticator.Type.WEBAUTHN for factor in factors),
        "has_app": any(factor.type == Authenticator.Type.TOTP for factor in factors),
        "has_factors": bool(factors),
        "sessions": sessions.listed(account, request, now=timezone.now()),
    }
    return render(request, "newsroom/signing_in/colleague.html", context)


def may_help(user: Any, account: Any) -> bool:
    """Whether somebody may take factors and sessions from an account: who may change it. Only an admin an admin's."""
    return bool(user.has_perm("auth.change_user") and (user.is_superuser or not account.is_superuser))


def _help(request: HttpRequest, account: Any) -> None:
    what = request.POST.get("what")
    if what == "factors":
        helping.take_away_factors(account, by=request.user)
        messages.success(
            request, _("%(name)s signs in with the password alone, and sets up a new factor then.")
            % {"name": account.get_username()},
        )  # fmt: skip
    elif what == "sessions":
        ended = helping.end_sessions(account, by=request.user)
        said = ngettext("%(count)d session ended.", "%(count)d sessions ended.", ended)
        messages.success(request, said % {"count": ended})
