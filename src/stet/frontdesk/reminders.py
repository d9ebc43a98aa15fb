"""Being reminded later: by one mail, or by a day in one's own calendar.

What a stranger sees is the same for every address. Following a link changes nothing, because mail scanners follow
links: only the button on the page does. The link of the reminder itself leads to the form of a gift, filled in as it
was, and works when nothing of the reminder is kept here any more.
"""

from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from stet.frontdesk.answers import answer, page, say, sorry
from stet.frontdesk.calendar_file import MEDIA_TYPE, calendar_file
from stet.frontdesk.desk import Desk, the_desk
from stet.frontdesk.forms import is_trapped
from stet.frontdesk.origins import may_send
from stet.frontdesk.own_page import SEE_OTHER
from stet.frontdesk.remind_form import WHENS, RemindForm, asked_day, bounds, empty_remind, read_remind
from stet.kit.networks import network_of
from stet.kit.writing import day
from stet.ledger import reminding
from stet.ledger.reminding import Filled, Promise
from stet.readers import erasing

FILE_NAME = "day.ics"


# --- Asking ---


@page("GET", "POST")
def remind(request: HttpRequest, language: str) -> HttpResponse:
    """The form, and what comes of it: one page, whoever's address it is."""
    desk = the_desk()
    if not desk.speaks(language):
        return sorry(request, 404)
    if request.method != "POST":
        return _form_page(request, desk, empty_remind(request.GET, language=language))
    if wait := desk.limits.seconds_to_wait(network_of(request.META)):
        return sorry(request, 429, language=language, wait_seconds=wait)
    now = desk.clock.now()
    form = read_remind(request.POST, language=language, today=now.date())
    if form.faults or form.address is None or form.day is None:
        return _form_page(request, desk, form, status=400)
    if not is_trapped(request.POST):
        reminding.ask(form.address, form.day, form.filled, keys=desk.keys, now=now)
    with translation.override(language):
        return say(
            request,
            _("Look into your mailbox"),
            _(
                "If this address can get mails, one is on its way to it. Follow the link in it and press the button "
                "there; before that, you are not reminded, and in a week the address is deleted."
            ),
            _(
                "It may take some minutes, and it may lie among the unwanted mail. We send one such mail a week at "
                "most."
            ),
            language=language,
        )


def _form_page(request: HttpRequest, desk: Desk, form: RemindForm, *, status: int = 200) -> HttpResponse:
    language = form.filled.language
    here = f"{desk.own_url}/{language}/remind"
    first, last = bounds(desk.clock.now().date())
    with translation.override(language):
        values = {
            "title": _("Remind me later"),
            "form": form,
            "faults": form.faults,
            "whens": list(WHENS.items()),
            "calendars": [(f"{here}.ics?when={when}", name) for when, name in WHENS.items() if when != "date"],
            "first": first,
            "last": last,
            "hidden": _fields(form.filled),
            "action": here,
        }
    return answer(request, "remind.html", values, language=language, status=status)


def _fields(filled: Filled) -> dict[str, str]:
    fields = {"interval": filled.interval, "currency": filled.currency, "amount": str(filled.minor or "")}
    return {name: value for name, value in fields.items() if value}


@page("GET")
def calendar(request: HttpRequest, language: str) -> HttpResponse:
    """A day with a word, for a calendar of one's own."""
    desk = the_desk()
    if not desk.speaks(language):
        return sorry(request, 404)
    today = desk.clock.now().date()
    chosen, _typed = asked_day(request.GET, today=today)
    if chosen is None:
        return sorry(request, 400, language=language)
    with translation.override(language):
        word = pgettext("calendar", "Remember")
    response = HttpResponse(calendar_file(chosen, word, uid=uuid4(), made=today), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


# --- The link in the first mail ---


@page("GET", "POST")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The button that makes the promise count."""
    desk = the_desk()
    reminder = desk.keys.links.uid("remind", token)
    promise = reminding.promise_of(reminder) if reminder else None
    if reminder is None or promise is None:
        return _nothing_kept(request, desk)
    if request.method == "POST":
        if not may_send(request.headers, known=desk.origins):
            return sorry(request, 403, language=promise.language)
        promise = reminding.confirm(reminder, now=desk.clock.now())
        if promise is None:
            return _nothing_kept(request, desk)
    return _promised(request, desk, promise, token) if promise.is_confirmed else _button(request, desk, promise, token)


def _button(request: HttpRequest, desk: Desk, promise: Promise, token: str) -> HttpResponse:
    with translation.override(promise.language):
        return say(
            request,
            _("One more step"),
            _("Press the button, and on %(day)s one mail comes to this address. Then the address is deleted.")
            % {"day": day(promise.on, language=promise.language)},
            _("If it was not you, close this page: nothing is sent then."),
            language=promise.language,
            button=_("Yes, remind me"),
            link_url=f"{desk.own_url}/remind/{token}/forget",
            link=_("No, delete my address now"),
        )


def _promised(request: HttpRequest, desk: Desk, promise: Promise, token: str) -> HttpResponse:
    with translation.override(promise.language):
        return say(
            request,
            _("You will be reminded"),
            _("On %(day)s one mail comes to this address. Then the address is deleted.")
            % {"day": day(promise.on, language=promise.language)},
            language=promise.language,
            link_url=f"{desk.own_url}/remind/{token}/forget",
            link=_("I changed my mind: delete my address now"),
        )


@page("GET", "POST")
def forget(request: HttpRequest, token: str) -> HttpResponse:
    """The button that deletes a reminder with its address."""
    desk = the_desk()
    reminder = desk.keys.links.uid("remind", token)
    promise = reminding.promise_of(reminder) if reminder else None
    if reminder is None or promise is None:
        return _nothing_kept(request, desk)
    with translation.override(promise.language):
        if request.method != "POST":
            return say(
                request,
                _("Delete your address?"),
                _("Press the button, and you are not reminded. Nothing of your address is kept."),
                language=promise.language,
                button=_("Yes, delete it"),
            )
        if not may_send(request.headers, known=desk.origins):
            return sorry(request, 403, language=promise.language)
        reminding.forget(reminder, now=desk.clock.now())
        erasing.wipe_traces()
        return say(
            request,
            _("Your address is deleted"),
            _(
                "You are not reminded. A digest that nobody can turn back into your address stays for a week at most, "
                "so that nobody can have such mails sent to you time and again."
            ),
            language=promise.language,
        )


def _nothing_kept(request: HttpRequest, desk: Desk) -> HttpResponse:
    language = desk.best_language(request.headers.get("Accept-Language", ""))
    with translation.override(language):
        return say(
            request,
            _("Nothing is kept here any more"),
            _(
                "The reminder was sent, or was not confirmed within a week, or was deleted; or the mail program cut "
                "the link in two."
            ),
            language=language,
            status=404,
            link_url=f"{desk.own_url}/{language}/remind",
            link=_("Ask for a reminder"),
        )


# --- The link in the reminder ---


@page("GET")
def give(request: HttpRequest, token: str) -> HttpResponse:
    """Leads to the form of a gift, filled in as the link says; the form holds that against what is printed."""
    desk = the_desk()
    words = desk.keys.links.words(token)
    filled = Filled.read(words) if words else None
    if filled is None:
        return sorry(request, 404)
    query = urlencode(_fields(filled))
    response = HttpResponseRedirect(f"{desk.own_url}/{filled.language}/give{'?' if query else ''}{query}")
    response.status_code = SEE_OTHER
    return response
