"""Where a gift begins: the form's way to the provider's page, and the page that thanks.

The rules:
 * The printed form comes here. In order, and in calm, its answer is a redirect to the provider's page: no step between.
   Otherwise it is our own form with all that was filled in, or the slow page of `pressure`.
 * Nothing of a provider's is on these pages, and nobody is told here whether a payment worked: that would help those
   who try cards.
 * A form that the provider did not answer can be sent again: it stays one order.
 * The page that thanks is the same whoever comes, and knows nothing.
"""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation

from stet.frontdesk import give_pages
from stet.frontdesk.answers import page, sorry
from stet.frontdesk.desk import the_desk
from stet.frontdesk.forms import is_trapped
from stet.frontdesk.gift_words import said_agreement
from stet.frontdesk.give_form import GiveForm, empty_give, offered_intervals, read_give
from stet.frontdesk.give_pages import Visit
from stet.frontdesk.own_page import SEE_OTHER
from stet.frontdesk.tokens import Ticket
from stet.kit.networks import place_of
from stet.ledger import giving
from stet.ledger.errors import ProviderAwayError, ProviderRefusedError, WishChangedError
from stet.ledger.giving import Urls, Wish

SHOWN = "shown"
"""Where a token led that ended on a page of ours."""
ANOTHER_CURRENCY = "in"
"""The button that shows our form in another currency, by its name."""


@page("GET", "POST")
def give(request: HttpRequest, language: str) -> HttpResponse:
    """The form, and the way from it to where the gift is paid."""
    desk = the_desk()
    support = desk.support()
    printed = support.languages.get(language) if support else None
    if support is None or printed is None:
        is_known = language in desk.languages()
        return give_pages.nothing_to_give(request, language) if is_known else sorry(request, 404)
    if not printed.is_open or not offered_intervals(printed, desk.providers):
        return give_pages.nothing_to_give(request, language)
    visit = Visit(request=request, desk=desk, language=language, printed=printed, support=support)
    if request.method != "POST":
        form = empty_give(request.GET, printed=printed, support=support, providers=desk.providers)
        return give_pages.form_page(visit, form, token=desk.tokens.issue())
    if ANOTHER_CURRENCY in request.POST:
        return give_pages.form_page(visit, _in_another_currency(visit), token=desk.tokens.issue())
    form = _read(visit, request.POST.dict())
    if form.faults:
        return give_pages.form_page(visit, form, token=desk.tokens.issue(), status=400)
    return _begin_or_wait(visit, form)


def _read(visit: Visit, posted: dict[str, str]) -> GiveForm:
    with translation.override(visit.language):
        return read_give(
            posted,
            language=visit.language,
            printed=visit.printed,
            support=visit.support,
            providers=visit.desk.providers,
        )


def _in_another_currency(visit: Visit) -> GiveForm:
    """What was filled in already, without its amount, and not yet held to anything."""
    posted = visit.request.POST.dict()
    kept = {name: text for name, text in posted.items() if name != "other" and not name.startswith("amount")}
    form = _read(visit, {**kept, "currency": posted[ANOTHER_CURRENCY]})
    form.faults.clear()
    return form


def _begin_or_wait(visit: Visit, form: GiveForm) -> HttpResponse:
    """Calm: to the provider at once. Else by the slow page, with a token that has to be old enough."""
    desk, values = visit.desk, form.values(visit.language)
    ticket = desk.tokens.read(visit.request.POST.get("token", ""), values)
    if ticket and (url := desk.tokens.led_to(ticket)):
        # The page of a transfer is shown again: it is the same row, and nothing begins.
        return _begin(visit, form, ticket.uid) if url == SHOWN else see_other(url)
    desk.watch.look()
    place, is_odd = place_of(visit.request.META), is_trapped(visit.request.POST)
    if is_odd or not desk.pressure.may_begin_at_once(place.network):
        if is_odd or ticket is None:
            token, wait = desk.tokens.issue(values), desk.pressure.least_seconds()
            return give_pages.slow_page(visit, form, token=token, wait_seconds=wait)
        if wait := desk.pressure.seconds_to_wait(place, ticket):
            token = visit.request.POST["token"]
            return give_pages.slow_page(visit, form, token=token, wait_seconds=wait, is_early=True)
    response = _begin(visit, form, _uid_of(ticket))
    if ticket and response.status_code in (SEE_OTHER, 200):
        desk.tokens.use(ticket, values, response.get("Location", SHOWN))
    return response


def _uid_of(ticket: Ticket | None) -> UUID:
    return ticket.uid if ticket else uuid4()


def _begin(visit: Visit, form: GiveForm, uid: UUID) -> HttpResponse:
    assert form.money
    assert form.method
    desk, language = visit.desk, visit.language
    provider = desk.providers[form.method.provider]
    with translation.override(language):
        says = said_agreement(form.money, form.interval, language, label=visit.support.label)
    wish = Wish(
        uid=uid,
        interval=form.interval,
        money=form.money,
        method=form.method.key,
        campaign=form.campaign,
        language=language,
        address=form.address,
        label=visit.support.label,
        urls=Urls(back=f"{desk.own_url}/{language}/thanks", cancel=f"{desk.paper_url}{visit.printed.path}"),
        refused_countries=visit.support.refused_countries,
        says=says,
    )
    try:
        started = giving.begin(wish, provider=provider, keys=desk.keys, now=desk.clock.now())
    except ProviderAwayError:
        token = desk.tokens.issue(form.values(language), uid=uid)
        return give_pages.form_page(visit, form, token=token, trouble="away", status=503)
    except WishChangedError:
        # Somebody went back to a form that the provider did not answer, and wants something else now.
        return _begin(visit, form, uuid4())
    except ProviderRefusedError:
        return give_pages.form_page(visit, form, token=desk.tokens.issue(), trouble="refused", status=503)
    if not started.url:
        return give_pages.bank_page(visit, form, provider, reference=started.session_id)
    return see_other(started.url)


def see_other(url: str) -> HttpResponse:
    """Lead the browser on, to be asked with GET."""
    response = HttpResponseRedirect(url)
    response.status_code = SEE_OTHER
    return response


@page("GET")
def thanks(request: HttpRequest, language: str) -> HttpResponse:
    """Where every provider's page leads back to. It does not know who comes, nor from where."""
    if not the_desk().speaks(language):
        return sorry(request, 404)
    return give_pages.thanks_page(request, language)
