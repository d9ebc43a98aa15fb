"""How somebody who gives regularly gets to where that is changed or ended: by a link to the address they gave.

Asking for it is answered the same way whoever's address it is. The link's page has one button, because mail scanners
follow links; it leads to the provider's own page, or, where the provider has none, ends the gift here.
"""

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from stet.frontdesk.answers import answer, page, say, sorry
from stet.frontdesk.desk import Desk, the_desk
from stet.frontdesk.forms import AddressForm, is_trapped, read_address
from stet.frontdesk.gift_words import said_amount
from stet.frontdesk.giving import see_other
from stet.frontdesk.origins import may_send
from stet.kit.networks import network_of
from stet.ledger import changing
from stet.ledger.changing import RunningPlan
from stet.ledger.errors import ProviderAwayError, ProviderRefusedError
from stet.ledger.providers.base import Provider


@page("GET", "POST")
def ask_link(request: HttpRequest, language: str) -> HttpResponse:
    """Mails the link to whoever gave this address for receipts of a regular gift; one answer, whoever's it is."""
    desk = the_desk()
    if not desk.speaks(language):
        return sorry(request, 404)
    if request.method != "POST":
        return _ask_page(request, desk, language, AddressForm(typed="", address=None, faults={}))
    if wait := desk.limits.seconds_to_wait(network_of(request.META)):
        return sorry(request, 429, language=language, wait_seconds=wait)
    form = read_address(request.POST)
    if form.address is None:
        return _ask_page(request, desk, language, form, status=400)
    if not is_trapped(request.POST):
        changing.ask_links(form.address, keys=desk.keys, now=desk.clock.now())
    with translation.override(language):
        return say(
            request,
            _("Look into your mailbox"),
            _(
                "If a regular gift goes with this address, a mail with a link is on its way to it. We send one a day "
                "at most."
            ),
            _(
                "If no mail comes, you may have given without an address. Then the payment provider’s mail, or your "
                "bank, leads to where the gift is ended."
            ),
            language=language,
        )


def _ask_page(request: HttpRequest, desk: Desk, language: str, form: AddressForm, *, status: int = 200) -> HttpResponse:
    with translation.override(language):
        values = {
            "title": _("Your regular gift"),
            "form": form,
            "faults": form.faults,
            "action": f"{desk.own_url}/{language}/my-gift",
        }
    return answer(request, "portal.html", values, language=language, status=status)


@page("GET", "POST")
def my_gift(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link's page: one button, to the provider's page or to the end of the gift."""
    desk = the_desk()
    notice = desk.keys.links.uid("portal", token)
    plan = changing.plan_behind(notice, now=desk.clock.now()) if notice else None
    provider = desk.providers.get(plan.provider) if plan else None
    if plan is None or provider is None:
        return _link_ended(request, desk)
    has_portal = provider.capabilities.portal and bool(plan.customer_id)
    if plan.has_ended and not has_portal:
        return _ended(request, desk, plan)
    if request.method != "POST":
        return _button(request, desk, plan, has_portal=has_portal)
    if not may_send(request.headers, known=desk.origins):
        return sorry(request, 403, language=plan.language)
    try:
        return _to_portal(desk, plan, provider) if has_portal else _end(request, desk, plan, provider)
    except (ProviderAwayError, ProviderRefusedError):
        return sorry(request, 503, language=plan.language)


def _button(request: HttpRequest, desk: Desk, plan: RunningPlan, *, has_portal: bool) -> HttpResponse:
    with translation.override(plan.language):
        amount = _("You give %(amount)s.") % {"amount": said_amount(plan.money, plan.interval, plan.language)}
        if has_portal:
            says = _(
                "The button leads to the payment provider’s page. There you change the card or the amount, or end it."
            )
            button = _("To the payment provider’s page")
        else:
            says = _("Press the button and nothing more is collected. Nobody asks why.")
            button = _("End my regular gift")
        return say(
            request,
            _("Your regular gift"),
            amount,
            says,
            language=plan.language,
            button=button,
            leads_to=desk.payment_pages if has_portal else (),
        )


def _to_portal(desk: Desk, plan: RunningPlan, provider: Provider) -> HttpResponse:
    back_url = desk.front_url(plan.language)
    return see_other(provider.portal_url(plan.customer_id, back_url=back_url, language=plan.language))


def _end(request: HttpRequest, desk: Desk, plan: RunningPlan, provider: Provider) -> HttpResponse:
    changing.end(plan.uid, provider=provider, now=desk.clock.now())
    return _ended(request, desk, plan)


def _ended(request: HttpRequest, desk: Desk, plan: RunningPlan) -> HttpResponse:
    with translation.override(plan.language):
        return say(
            request,
            _("Your regular gift has ended"),
            _("Nothing more is collected. Thank you for what you gave."),
            language=plan.language,
            link_url=desk.front_url(plan.language),
            link=_("To the front page"),
        )


def _link_ended(request: HttpRequest, desk: Desk) -> HttpResponse:
    language = desk.best_language(request.headers.get("Accept-Language", ""))
    with translation.override(language):
        return say(
            request,
            _("This link is no longer good"),
            _("It is good for some days only, and a mail program may have cut it in two. Ask for a new one."),
            language=language,
            status=404,
            link_url=f"{desk.own_url}/{language}/my-gift",
            link=_("Ask for a new link"),
        )
