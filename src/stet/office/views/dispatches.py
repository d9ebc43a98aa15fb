"""Dispatches: the list, one of them live, and what may be decided about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from stet.mailroom import steering
from stet.mailroom.errors import DispatchRefusedError
from stet.mailroom.models import Dispatch, Mailroom
from stet.office import dispatches as made
from stet.office.deciding import steers
from stet.office.naming import lane_name
from stet.office.settling import settle_by_log
from stet.readers.errors import ReaderKeyRefusedError

REFRESH_SECONDS = 3


@require_safe
def dispatches(request: HttpRequest) -> HttpResponse:
    """All dispatches, the newest first."""
    return render(request, "office/dispatches.html", {"title": _("Letters"), "lines": made.lines()})


@require_safe
def dispatch(request: HttpRequest, number: int) -> HttpResponse:
    """One dispatch. While it is on its way the page loads itself anew, unless somebody stopped that."""
    page = made.page(get_object_or_404(Dispatch, pk=number))
    is_still = "still" in request.GET
    context = {"title": page.line.subject, "page": page, "is_still": is_still, "buttons": buttons(page.actions)}
    response = render(request, "office/dispatch.html", context)
    if page.line.is_live and not is_still:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def buttons(actions: tuple[str, ...]) -> list[tuple[str, str]]:
    """Each action that needs only a press, with its words."""
    words = {
        "pause": _("Pause"),
        "resume": _("Resume"),
        "send-held": _("Send what is held"),
        "leave-out-held": _("Leave out what is held"),
        "retry": _("Retry what was refused"),
    }
    return [(action, words[action]) for action in actions if action in words]


STEPS: dict[str, Callable[[Dispatch], Any]] = {
    "pause": steering.pause,
    "resume": steering.resume,
    "send-held": steering.send_held,
    "leave-out-held": steering.leave_out_held,
    "retry": steering.retry_refused,
}


@require_POST
@steers
def steer(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Do one thing with a dispatch."""
    if what not in STEPS:
        raise Http404
    found = get_object_or_404(Dispatch, pk=number)
    try:
        count = STEPS[what](found)
    except DispatchRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said(what, count))
    return redirect("office:dispatch", number)


def said(what: str, count: int | None) -> str:
    """What came of it."""
    if count is None:
        return _("Paused. What is handed over already cannot be taken back.") if what == "pause" else _("It goes on.")
    return ngettext("%(count)d copy.", "%(count)d copies.", count) % {"count": count}


@steers
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Ask once more, then cancel."""
    found = get_object_or_404(Dispatch, pk=number)
    if request.method != "POST":
        page = made.page(found)
        if "cancel" not in page.actions:
            return redirect("office:dispatch", number)
        return render(request, "office/cancel.html", {"title": _("Cancel this dispatch?"), "page": page})
    try:
        count = steering.cancel(found)
    except DispatchRefusedError as error:
        messages.error(request, str(error))
    else:
        words = ngettext("Cancelled: %(count)d copy is not sent.", "Cancelled: %(count)d copies are not sent.", count)
        messages.success(request, words % {"count": count})
    return redirect("office:dispatch", number)


LANE_STEPS: dict[str, Callable[[str], None]] = {
    "end-warm-up": steering.end_warm_up,
    "try-now": steering.end_pause_of_lane,
}


@require_POST
@steers
def steer_lane(request: HttpRequest, lane: str, what: str) -> HttpResponse:
    """End what holds a lane back: its warm-up, or the pause after a provider's answer."""
    if what not in LANE_STEPS:
        raise Http404
    LANE_STEPS[what](lane)
    words = {
        "end-warm-up": _("%(provider)s gets as many copies as there are from now on."),
        "try-now": _("%(provider)s is tried again now."),
    }
    messages.success(request, words[what] % {"provider": lane_name(lane)})
    number = request.POST.get("dispatch", "")
    return redirect("office:dispatch", int(number)) if number.isdecimal() else redirect("office:home")


@require_POST
@steers
def give_up(request: HttpRequest, number: int) -> HttpResponse:
    """Say that a mailroom and its journal are gone for good: what it had at hand is uncertain."""
    try:
        count = steering.give_up_mailroom(get_object_or_404(Mailroom, pk=number))
    except DispatchRefusedError as error:
        messages.error(request, str(error))
    else:
        words = ngettext("%(count)d copy is uncertain now.", "%(count)d copies are uncertain now.", count)
        messages.success(request, words % {"count": count})
    return redirect("office:home")


@require_POST
@steers
def uncertain(request: HttpRequest, number: int) -> HttpResponse:
    """Decide about the uncertain copies: they arrived, or they are sent again."""
    found = get_object_or_404(Dispatch, pk=number)
    how = request.POST.get("how")
    if how == "arrived":
        count = steering.release_uncertain(found, "arrived")
    elif how == "again":
        count = steering.release_uncertain(found, "again")
    else:
        raise Http404
    words = ngettext("%(count)d copy was settled.", "%(count)d copies were settled.", count)
    messages.success(request, words % {"count": count})
    return redirect("office:dispatch", number)


@require_POST
@steers
def relay_log(request: HttpRequest, number: int) -> HttpResponse:
    """Settle uncertain copies by what the relay wrote down."""
    found = get_object_or_404(Dispatch, pk=number)
    log = request.FILES.get("log")
    if log is None:  # none was chosen, or it is too large to be read in memory
        messages.error(request, _("Choose the relay's log, of at most 50 MB."))
        return redirect("office:dispatch", number)
    try:
        settled = settle_by_log(found, log)
    except ReaderKeyRefusedError:
        messages.error(request, _("This host holds no key for that. Run `stet letters resolve` where the mailroom is."))
        return redirect("office:dispatch", number)
    words = _("By the log, %(arrived)d arrived and %(again)d are sent again; %(left)d are still uncertain.")
    numbers = {"arrived": settled.arrived, "again": settled.again, "left": settled.left}
    messages.success(request, words % numbers)
    if not settled.is_whole:
        messages.warning(
            request,
            _(
                "This log lacks copies of this letter that the relay took, so nothing is sent again by it. Choose the "
                "whole log since the letter went out."
            ),
        )
    return redirect("office:dispatch", number)
