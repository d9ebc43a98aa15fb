"""What a receipt's link shows: a payment, for thirty days, to whoever has the mail.

The mail itself says nothing of it. The link shows nothing either before a button is pressed, because mailbox providers
look at links.
"""

from babel.dates import format_skeleton
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stet.frontdesk.answers import page, say, sorry
from stet.frontdesk.desk import Desk, the_desk
from stet.frontdesk.origins import may_send
from stet.kit.money import format_money
from stet.kit.writing import digits
from stet.ledger import posting
from stet.ledger.posting import Receipt

INTERVALS: dict[str, Promise] = {
    "once": gettext_lazy("Once"),
    "monthly": gettext_lazy("Every month"),
    "annual": gettext_lazy("Every year"),
}


@page("GET", "POST")
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The button, then the payment."""
    desk = the_desk()
    notice = desk.keys.links.uid("receipt", token)
    found = posting.receipt_behind(notice, now=desk.clock.now()) if notice else None
    if notice is None or found is None:
        return _too_old(request, desk)
    with translation.override(found.language):
        if request.method != "POST":
            return say(
                request,
                _("For your records"),
                _("Press the button to see it. It is shown for a month; save or print it if you need it longer."),
                language=found.language,
                button=_("Show it"),
            )
        if not may_send(request.headers, known=desk.origins):
            return sorry(request, 403, language=found.language)
        return _shown(request, desk, found, portal=desk.keys.links.token("portal", notice))


def _shown(request: HttpRequest, desk: Desk, found: Receipt, *, portal: str) -> HttpResponse:
    return say(
        request,
        _("For your records"),
        _("Amount: %(amount)s") % {"amount": format_money(found.money, found.language)},
        _("Month: %(month)s") % {"month": month_in_words(found)},
        _("How often: %(interval)s") % {"interval": INTERVALS[found.interval]},
        _("Number: %(number)s") % {"number": f"\N{LEFT-TO-RIGHT ISOLATE}{found.number}\N{POP DIRECTIONAL ISOLATE}"},
        language=found.language,
        link_url=f"{desk.own_url}/my-gift/{portal}",
        link=_("Change or end it") if found.has_plan else "",
    )


def month_in_words(found: Receipt) -> str:
    """The month of a payment in the language of whoever made it, such as "November 2026"."""
    try:
        said = format_skeleton("yMMMM", found.month, locale=found.language.replace("-", "_"))
    except (ValueError, LookupError):
        return f"{found.month:%Y-%m}"
    return digits(said, language=found.language)


def _too_old(request: HttpRequest, desk: Desk) -> HttpResponse:
    language = desk.best_language(request.headers.get("Accept-Language", ""))
    with translation.override(language):
        return say(
            request,
            _("This link is no longer good"),
            _("It shows what it is about for a month. If you need it again, write to us and name the month."),
            language=language,
            status=404,
        )
