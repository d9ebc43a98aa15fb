"""The frontdesk's pages: joining, confirming, leaving.

Following a link changes nothing, because mail scanners follow links: only the button on the page does. What a stranger
can see is the same for every address.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _

from stet.frontdesk.answers import PLAIN, answer, page, say, sealed, sorry
from stet.frontdesk.desk import Desk, the_desk
from stet.frontdesk.forms import AddressForm, JoinForm, is_trapped, read_address, read_join
from stet.frontdesk.origins import may_send
from stet.frontdesk.zones import offered_zones
from stet.kit.networks import network_of
from stet.readers import joining, managing
from stet.readers.joining import Place, Wish
from stet.readers.lists import ReaderList
from stet.readers.models import Subscription

ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""RFC 8058 section 3.1: the body of a mailbox provider's request."""


@page("GET")
def front(_request: HttpRequest) -> HttpResponse:
    """The paper is somewhere else."""
    return HttpResponseRedirect(f"{the_desk().paper_url}/")


# --- Joining ---


@page("GET", "POST")
def join(request: HttpRequest, language: str) -> HttpResponse:
    """The form, and what comes of it: one page, whoever's address it is."""
    desk = the_desk()
    if language not in desk.languages():
        return sorry(request, 404)
    if request.method != "POST":
        chosen = desk.list_of(request.GET.get("list", ""))
        return _join_page(request, desk, language, _empty(chosen.key if chosen else ""))
    if wait := desk.limits.seconds_to_wait(network_of(request.META)):
        return sorry(request, 429, language=language, wait_seconds=wait)
    form = read_join(request.POST, language=language, desk=desk)
    if form.faults:
        return _join_page(request, desk, language, form, status=400)
    if not is_trapped(request.POST) and form.address and form.on:
        wish = Wish(
            list_key=form.on.key,
            language=language,
            wording=form.wording,
            privacy_version=desk.privacy_version(language),
            time_zone=form.time_zone,
        )
        joining.sign_up(form.address, wish, keys=desk.keys, now=desk.clock.now())
    return _look_into_your_mailbox(request, language)


def _look_into_your_mailbox(request: HttpRequest, language: str) -> HttpResponse:
    with translation.override(language):
        return say(
            request,
            _("Look into your mailbox"),
            _(
                "If this address can get letters, a mail is on its way to it. Follow the link in it and press the "
                "button there; before that, nothing is sent."
            ),
            _("It may take some minutes, and it may lie among the unwanted mail. We send one such mail a day at most."),
            language=language,
        )


def _empty(chosen: str) -> JoinForm:
    on = the_desk().list_of(chosen)
    return JoinForm(typed="", address=None, on=on, wording="", time_zone="", faults={})


def _join_page(request: HttpRequest, desk: Desk, language: str, form: JoinForm, *, status: int = 200) -> HttpResponse:
    printed = desk.language(language)
    lists = [found for found in desk.lists() if found.language == language and found.is_open]
    if not lists:
        with translation.override(language):
            nothing = _("There is no newsletter to sign up for at the moment.")
            return say(request, _("Sign up"), nothing, language=language, status=404)
    chosen = form.on or (lists[0] if len(lists) == 1 or status == 200 else None)
    with translation.override(language):
        values = {
            "title": _("Sign up for a newsletter"),
            "lists": lists,
            "chosen": chosen,
            "form": form,
            "faults": form.faults,
            "consents": sorted({found.consent.text for found in lists}),
            "privacy_url": f"{desk.paper_url}{printed.privacy.path}" if printed and printed.privacy else "",
            "zones": offered_zones(language, now=desk.clock.now(), chosen=form.time_zone),
            "action": f"{desk.own_url}/{language}/join",
        }
    return answer(request, "join.html", values, language=language, status=status)


@page("GET", "POST")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The button that puts a reader on a list."""
    desk = the_desk()
    notice = desk.keys.links.uid("confirm", token)
    place = joining.asked_about(notice, now=desk.clock.now()) if notice else None
    if notice is None or place is None or place.state not in (Subscription.State.PENDING, Subscription.State.ACTIVE):
        return _link_ended(request, desk, place)
    if request.method != "POST":
        return _button(request, desk, place)
    if not may_send(request.headers, known=desk.origins):
        return sorry(request, 403, language=place.language)
    joined = joining.confirm(notice, now=desk.clock.now())
    if joined is None:
        return _link_ended(request, desk, place)
    chosen = request.POST.getlist("also")
    for found in _also_asked_for(desk, place):
        if found.key in chosen:
            version = desk.privacy_version(found.language)
            managing.join(joined.reader, found, privacy_version=version, now=desk.clock.now())
    return _welcome(request, desk, joined)


def _also_asked_for(desk: Desk, place: Place) -> list[ReaderList]:
    """Other lists that somebody asked for with this address, and that no mail could go out for on the same day.

    They are offered, not taken for granted: it may have been somebody else.
    """
    kept = managing.kept_of(place.reader)
    return [
        found
        for found in desk.lists()
        if found.is_open and found.key != place.list_key and kept.state_on(found.key) == Subscription.State.PENDING
    ]


def _button(request: HttpRequest, desk: Desk, place: Place) -> HttpResponse:
    language, name = place.language, desk.list_name(place.list_key)
    if place.state == Subscription.State.ACTIVE:
        return _welcome(request, desk, place)
    found = desk.list_of(place.list_key)
    with translation.override(language):
        return say(
            request,
            _("One more step: %(name)s") % {"name": name},
            *([found.promise] if found else []),
            _(
                "Press the button and this newsletter comes to the address that you gave. If it was not you, close "
                "this page: nothing is sent then."
            ),
            language=language,
            button=_("Yes, send it to me"),
            choices=_also_asked_for(desk, place),
        )


def _welcome(request: HttpRequest, desk: Desk, place: Place) -> HttpResponse:
    name = desk.list_name(place.list_key)
    token = desk.keys.links.token("manage", place.reader)
    with translation.override(place.language):
        return say(
            request,
            _("You are signed up: %(name)s") % {"name": name},
            _("The next letter will come by itself. At the foot of each there is a link to leave."),
            language=place.language,
            link_url=f"{desk.own_url}/manage/{token}",
            link=_("Choose your time zone and other newsletters"),
        )


def _link_ended(request: HttpRequest, desk: Desk, place: Place | None) -> HttpResponse:
    language = place.language if place else desk.best_language(request.headers.get("Accept-Language", ""))
    with translation.override(language):
        return say(
            request,
            _("This link is no longer good"),
            _(
                "It may be older than thirty days, cut in two by the mail program, or you left the newsletter since. "
                "Sign up once more: you get a new link."
            ),
            language=language,
            status=404,
            link_url=f"{desk.own_url}/{language}/join",
            link=_("Sign up"),
        )


# --- Leaving ---


@page("GET", "POST")
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The button that takes a reader off a list, and the mailbox provider's one click. A link is good for ever."""
    desk = the_desk()
    subscription = desk.keys.links.uid("unsubscribe", token)
    if subscription is None:
        return sorry(request, 404)
    if request.method == "POST" and request.POST.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        joining.leave(subscription, now=desk.clock.now())
        return sealed(HttpResponse("Unsubscribed.\n", content_type=PLAIN))
    place = joining.place_on(subscription)
    language = place.language if place else desk.best_language(request.headers.get("Accept-Language", ""))
    if request.method == "POST":
        if not may_send(request.headers, known=desk.origins):
            return sorry(request, 403, language=language)
        place = joining.leave(subscription, now=desk.clock.now())
    if place is None or place.state == Subscription.State.LEFT:
        return _left(request, desk, place, language)
    with translation.override(language):
        return say(
            request,
            _("Leave %(name)s?") % {"name": desk.list_name(place.list_key)},
            _("Press the button and you get this newsletter no more. Nobody asks why."),
            language=language,
            button=_("Yes, take me off the list"),
        )


def _left(request: HttpRequest, desk: Desk, place: Place | None, language: str) -> HttpResponse:
    with translation.override(language):
        name = desk.list_name(place.list_key) if place else ""
        title = _("You no longer get %(name)s") % {"name": name} if place else _("You no longer get this newsletter")
        return say(
            request,
            title,
            _("A letter that is just being sent may still arrive. Should you want to come back, sign up again."),
            language=language,
            link_url=f"{desk.own_url}/{language}/join",
            link=_("See what there is to sign up for"),
        )


# --- The link to everything ---


@page("GET", "POST")
def manage_link(request: HttpRequest, language: str) -> HttpResponse:
    """Mails the link to a reader's own page to whoever has the address; one answer, whoever's it is."""
    desk = the_desk()
    if language not in desk.languages():
        return sorry(request, 404)
    if request.method != "POST":
        return _ask_link_page(request, language, AddressForm(typed="", address=None, faults={}))
    if wait := desk.limits.seconds_to_wait(network_of(request.META)):
        return sorry(request, 429, language=language, wait_seconds=wait)
    form = read_address(request.POST)
    if form.address is None:
        return _ask_link_page(request, language, form, status=400)
    if not is_trapped(request.POST):
        joining.ask_manage_link(form.address, keys=desk.keys, language=language, now=desk.clock.now())
    with translation.override(language):
        return say(
            request,
            _("Look into your mailbox"),
            _(
                "If we know this address, a mail with the link to your page is on its way to it. We send one a day at "
                "most."
            ),
            language=language,
        )


def _ask_link_page(request: HttpRequest, language: str, form: AddressForm, *, status: int = 200) -> HttpResponse:
    with translation.override(language):
        values = {
            "title": _("Your page"),
            "form": form,
            "faults": form.faults,
            "action": f"{the_desk().own_url}/{language}/manage-link",
        }
    return answer(request, "manage_link.html", values, language=language, status=status)
