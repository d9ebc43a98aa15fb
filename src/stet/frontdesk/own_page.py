"""A reader's own page, behind the link that only they were mailed.

On it: lists, language, time zone, pause, address, everything that is kept, and erasure.
Each form on it does one thing, and is answered by the same page, which says what was done. Erasing is asked about once
more on a page of its own.
"""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _

from stet.frontdesk.answers import answer, page, say, sorry
from stet.frontdesk.desk import Desk, the_desk
from stet.frontdesk.forms import PAUSES, Faults, read_address, read_pause
from stet.frontdesk.origins import may_send
from stet.frontdesk.words import DONE
from stet.frontdesk.zones import offered_zones
from stet.kit.languages import direction, native_name
from stet.kit.networks import network_of
from stet.kit.writing import day
from stet.readers import erasing, managing
from stet.readers.lists import ReaderList
from stet.readers.managing import KeptReader
from stet.readers.models import Subscription

SEE_OTHER = 303
FILE_NAME = "kept-about-you.json"


@page("GET", "POST")
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """The page, and each of its forms."""
    desk = the_desk()
    reader = desk.keys.links.uid("manage", token)
    if reader is None:
        return sorry(request, 404)
    kept = managing.kept_of(reader)
    if request.method != "POST":
        return _own_page(request, desk, kept, token)
    if not may_send(request.headers, known=desk.origins):
        return sorry(request, 403, language=_spoken(desk, kept))
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        return sorry(request, 400, language=_spoken(desk, kept))
    return act(request, desk, kept, token)


def _save_lists(request: HttpRequest, desk: Desk, kept: KeptReader, token: str) -> HttpResponse:
    wanted = set(request.POST.getlist("on"))
    for found in _offered(desk, kept):
        is_on = kept.state_on(found.key) == Subscription.State.ACTIVE
        if found.key in wanted and not is_on:
            version = desk.privacy_version(found.language)
            managing.join(kept.uid, found, privacy_version=version, now=desk.clock.now())
        elif is_on and found.key not in wanted:
            managing.leave_list(kept.uid, found.key, now=desk.clock.now())
    return _done(desk, token, "lists")


def _save_settings(request: HttpRequest, desk: Desk, kept: KeptReader, token: str) -> HttpResponse:
    language, time_zone = request.POST.get("language", ""), request.POST.get("time_zone", "")
    if language not in desk.languages() or (time_zone and not managing.is_time_zone(time_zone)):
        return sorry(request, 400, language=_spoken(desk, kept))
    managing.set_language(kept.uid, language)
    managing.set_time_zone(kept.uid, time_zone)
    return _done(desk, token, "settings")


def _save_pause(request: HttpRequest, desk: Desk, kept: KeptReader, token: str) -> HttpResponse:
    if request.POST.get("pause") != "as-it-is":
        now = desk.clock.now()
        managing.pause(kept.uid, until=read_pause(request.POST, today=now.date()), now=now)
    return _done(desk, token, "pause")


def _ask_change(request: HttpRequest, desk: Desk, kept: KeptReader, token: str) -> HttpResponse:
    if wait := desk.limits.seconds_to_wait(network_of(request.META)):
        return sorry(request, 429, language=_spoken(desk, kept), wait_seconds=wait)
    form = read_address(request.POST)
    if form.address is None:
        return _own_page(request, desk, kept, token, faults=form.faults, typed=form.typed, status=400)
    managing.ask_change(kept.uid, form.address, keys=desk.keys, now=desk.clock.now())
    return _done(desk, token, "address")


def _send_again(_request: HttpRequest, desk: Desk, kept: KeptReader, token: str) -> HttpResponse:
    managing.send_again(kept.uid)
    return _done(desk, token, "again")


Act = Callable[[HttpRequest, Desk, KeptReader, str], HttpResponse]
ACTS: dict[str, Act] = {
    "lists": _save_lists,
    "settings": _save_settings,
    "pause": _save_pause,
    "address": _ask_change,
    "again": _send_again,
}
"""What each form on the page does, by its field `do`."""


def _done(desk: Desk, token: str, what: str) -> HttpResponse:
    response = HttpResponseRedirect(f"{desk.own_url}/manage/{token}?done={what}")
    response.status_code = SEE_OTHER
    return response


def _own_page(
    request: HttpRequest,
    desk: Desk,
    kept: KeptReader,
    token: str,
    *,
    faults: Faults | None = None,
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    language, now = _spoken(desk, kept), desk.clock.now()
    offered = _offered(desk, kept)
    is_paused = kept.paused_until is not None and kept.paused_until > now.date()
    with translation.override(language):
        values: dict[str, Any] = {
            "title": _("Your page"),
            "action": f"{desk.own_url}/manage/{token}",
            "done": DONE.get(request.GET.get("done", "")) if not faults else None,
            "groups": _groups(desk, kept, offered, language),
            "languages": [(code, native_name(code), direction(code)) for code in desk.languages()],
            "kept": kept,
            "zones": offered_zones(language, now=now, chosen=kept.time_zone),
            "paused_until": day(kept.paused_until, language=language) if kept.paused_until and is_paused else "",
            "pauses": [(days, _pause_words(days)) for days in PAUSES],
            "faults": faults or {},
            "typed": typed,
        }
    return answer(request, "manage.html", values, language=language, status=status)


def _pause_words(days: str) -> str:
    return {
        "14": _("for two weeks"),
        "30": _("for a month"),
        "91": _("for three months"),
        "182": _("for half a year"),
    }[days]


def _offered(desk: Desk, kept: KeptReader) -> list[ReaderList]:
    """The lists on the page: those that are open, and those that the reader is on."""
    return [found for found in desk.lists() if found.is_open or kept.state_on(found.key) == Subscription.State.ACTIVE]


def _groups(desk: Desk, kept: KeptReader, offered: list[ReaderList], language: str) -> list[dict[str, Any]]:
    """Lists by language, the reader's own first."""
    codes = sorted(desk.languages(), key=lambda code: code != language)
    groups = []
    for code in codes:
        lists = [
            {"list": found, "is_on": kept.state_on(found.key) == Subscription.State.ACTIVE}
            for found in offered
            if found.language == code
        ]
        if lists:
            consents = sorted({found.consent.text for found in offered if found.language == code})
            group = {"code": code, "name": native_name(code), "direction": direction(code)}
            groups.append({**group, "lists": lists, "consents": consents})
    return groups


def _spoken(desk: Desk, kept: KeptReader) -> str:
    """The reader's language, or the paper's first where it is printed no more."""
    languages = desk.languages()
    return kept.language if kept.language in languages else languages[0]


# --- Everything that is kept, and its end ---


@page("GET")
def download(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that is kept about the reader, as a file."""
    desk = the_desk()
    reader = desk.keys.links.uid("manage", token)
    if reader is None:
        return sorry(request, 404)
    text = json.dumps(managing.download(reader), ensure_ascii=False, indent=2)
    response = HttpResponse(f"{text}\n", content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


@page("GET", "POST")
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """Asks once more, then erases the reader."""
    desk = the_desk()
    reader = desk.keys.links.uid("manage", token)
    if reader is None:
        return sorry(request, 404)
    kept = managing.kept_of(reader)
    language = _spoken(desk, kept)
    if request.method != "POST":
        values = {"action": f"{desk.own_url}/manage/{token}/erase", "back": f"{desk.own_url}/manage/{token}"}
        with translation.override(language):
            values["title"] = _("Erase everything about me?")
        return answer(request, "erase.html", values, language=language)
    if not may_send(request.headers, known=desk.origins):
        return sorry(request, 403, language=language)
    return _erased(request, desk, reader, language)


def _erased(request: HttpRequest, desk: Desk, reader: UUID, language: str) -> HttpResponse:
    erasing.erase_reader(reader, now=desk.clock.now())
    erasing.wipe_traces()
    with translation.override(language):
        return say(
            request,
            _("You are erased"),
            _(
                "Your address and everything else about you are gone from our database. A digest that nobody can turn "
                "back into your address stays, so that nothing is sent to you by mistake."
            ),
            _("Should you want letters again one day, sign up like anybody and confirm."),
            language=language,
        )


# --- Another address ---


@page("GET", "POST")
def change(request: HttpRequest, token: str) -> HttpResponse:
    """The button that makes a new address count."""
    desk = the_desk()
    notice = desk.keys.links.uid("change", token)
    language = desk.best_language(request.headers.get("Accept-Language", ""))
    if notice is None:
        return sorry(request, 404)
    is_open = managing.is_change_open(notice, now=desk.clock.now())
    with translation.override(language):
        if is_open and request.method != "POST":
            return say(
                request,
                _("Use this address from now on?"),
                _(
                    "Press the button, and letters come to the address that this mail was sent to. If it was not you, "
                    "close this page: nothing changes then."
                ),
                language=language,
                button=_("Yes, write to this address"),
            )
        if is_open and not may_send(request.headers, known=desk.origins):
            return sorry(request, 403, language=language)
        reader = managing.change_confirmed(notice, now=desk.clock.now()) if is_open else None
        if reader is None:
            return say(
                request,
                _("This link is no longer good"),
                _(
                    "It may be older than thirty days, a newer one may have taken its place, or the address gets "
                    "letters already. Nothing was changed."
                ),
                language=language,
                status=404,
            )
        return say(
            request,
            _("Your new address counts"),
            _("From now on letters come to it. The old one is no longer kept."),
            language=language,
            link_url=f"{desk.own_url}/manage/{desk.keys.links.token('manage', reader)}",
            link=_("Go to your page"),
        )
