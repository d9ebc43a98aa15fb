"""The desk's pages of mirrors. The desk reaches nobody outside: it asks the process that carries there.

Publishers see how mirrors are; administrators add, ask, retire and remove.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stet.kit.clock import SystemClock
from stet.kit.errors import StetError
from stet.mirrors import registering
from stet.mirrors.asking import Wish, ask, asked_since
from stet.mirrors.checking import read_here
from stet.mirrors.checks import Check, State, read_check
from stet.mirrors.register import Mirror, Register, read_register
from stet.newsroom.mirrors.forms import MirrorForm
from stet.newsroom.mirrors.words import STATES, said
from stet.newsroom.roles.seeing import publishes_paper

PICKED_UP_SECONDS = 60
"""What was asked for is picked up within a second; after so long, nobody is there."""

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A mirror on the page of mirrors."""

    mirror: Mirror
    check: Check
    state: str
    is_bad: bool
    lag: str
    problems: tuple[str, ...]
    is_asked: bool
    is_nobody_there: bool
    """What was asked for is not picked up: the process does not run."""


def may_see(user: Any) -> bool:
    """Whether somebody may see how mirrors are: whoever may publish the paper."""
    return publishes_paper(user)


def for_administrators(view: View) -> View:
    """Let those in who may do everything."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_superuser:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def newsroom_folder() -> Path:
    """Where the register stands."""
    folder: Path = settings.STET.folder
    return folder


# --- How they are ---


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All mirrors, each with how it was found last."""
    if not may_see(request.user):
        raise PermissionDenied
    try:
        mirrors, trouble = read_register(newsroom_folder()).mirrors, ""
    except StetError as error:
        mirrors, trouble = (), str(error)
    now = SystemClock().now()
    standing = _standing_seq()
    rows = [_row(mirror, standing=standing, now=now) for mirror in mirrors]
    context = {
        "live": [row for row in rows if row.mirror.retired is None],
        "retired": [row for row in rows if row.mirror.retired is not None],
        "trouble": trouble,
        "may_change": request.user.is_superuser,
        **_head(_("Mirrors"), []),
    }
    return render(request, "newsroom/mirrors/overview.html", context)


def _standing_seq() -> int | None:
    try:
        return read_here(settings.STET.site).pointer.seq
    except StetError:
        return None


def _row(mirror: Mirror, *, standing: int | None, now: datetime) -> Row:
    check = read_check(newsroom_folder(), mirror.name)
    asked = asked_since(newsroom_folder(), mirror.name)
    return Row(
        mirror=mirror,
        check=check,
        state=str(STATES[check.state]),
        is_bad=check.state in (State.BROKEN, State.UNREACHABLE),
        lag=_lag(check, standing),
        problems=tuple(said(sentence) for sentence in (check.problem, check.refusal) if sentence),
        is_asked=asked is not None,
        is_nobody_there=asked is not None and (now - asked).total_seconds() > PICKED_UP_SECONDS,
    )


def _lag(check: Check, standing: int | None) -> str:
    behind = (standing or 0) - check.seq if check.seq is not None else 0
    if behind <= 0:
        return ""
    return ngettext("%(count)d edition behind", "%(count)d editions behind", behind) % {"count": behind}


# --- What is asked ---


@for_administrators
@require_POST
def wish(request: HttpRequest, name: str, what: str) -> HttpResponse:
    """Ask the process to carry to a mirror, or to look at it, now."""
    try:
        registering.chosen(_register(), [name])
        ask(newsroom_folder(), name, Wish(what))
    except StetError as error:
        messages.error(request, said(str(error)))
    else:
        messages.success(request, _("Asked for. Load this page again in a moment to see what came of it."))
    return redirect("newsroom_mirrors")


@sensitive_post_parameters()
@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a mirror. What its place asks for is asked once its kind is known; the process then tries it."""
    try:
        form = MirrorForm(request.POST or None, register=_register(), now=SystemClock().now())
        if request.method == "POST" and form.is_valid() and form.mirror and not form.is_asking:
            registering.add(newsroom_folder(), form.mirror, form.secrets, now=SystemClock().now())
            ask(newsroom_folder(), form.mirror.name, Wish.CARRY)
            messages.success(request, _("The mirror was added, and everything is being carried there."))
            return redirect("newsroom_mirrors")
    except StetError as error:
        messages.error(request, said(str(error)))
        return redirect("newsroom_mirrors")
    context = {"form": form, **_head(_("Add a mirror"), [_crumb()])}
    return render(request, "newsroom/mirrors/add.html", context)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: HttpRequest, name: str) -> HttpResponse:
    """Give a mirror up, once somebody is sure."""
    return _end(request, name, is_removed=False)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, name: str) -> HttpResponse:
    """Forget a mirror, once somebody is sure."""
    return _end(request, name, is_removed=True)


def _end(request: HttpRequest, name: str, *, is_removed: bool) -> HttpResponse:
    try:
        mirror = registering.find(_register(), name)
        if request.method == "POST":
            if is_removed:
                registering.remove(newsroom_folder(), name)
                messages.success(
                    request, _("The mirror is forgotten. What stands there stays until you delete it there.")
                )
            else:
                registering.retire(newsroom_folder(), name, now=SystemClock().now())
                messages.success(request, _("The mirror is retired. Readers are told so."))
            return redirect("newsroom_mirrors")
    except StetError as error:
        messages.error(request, said(str(error)))
        return redirect("newsroom_mirrors")
    title = _("Forget this mirror?") if is_removed else _("Retire this mirror?")
    context = {"mirror": mirror, "is_removed": is_removed, **_head(title, [_crumb()])}
    return render(request, "newsroom/mirrors/end.html", context)


def _register() -> Register:
    return read_register(newsroom_folder())


def _crumb() -> dict[str, str]:
    return {"url": reverse("newsroom_mirrors"), "label": _("Mirrors")}


def _head(title: str, before: list[dict[str, str]]) -> dict[str, object]:
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, *before, {"url": "", "label": title}]
    return {"header_title": title, "page_title": title, "header_icon": "site", "breadcrumbs_items": crumbs}
