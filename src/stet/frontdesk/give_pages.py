"""The pages around a gift: our own form, the slow page, the bank transfer, the thanks.

The form needs no script: amounts of each interval stand on it, and those of the others are hidden by its style. Another
currency is a button that keeps what was filled in.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from stet.frontdesk.answers import answer, say
from stet.frontdesk.desk import Desk, the_desk
from stet.frontdesk.gift_words import ACCOUNT, INTERVALS, TROUBLES, method_name, said_amount, said_wait
from stet.frontdesk.give_form import OTHER, GiveForm, amounts_in, offered_intervals, offered_methods, suggested
from stet.kit.money import Money, format_money
from stet.ledger.printed import Amounts, Support, SupportLanguage
from stet.ledger.providers.base import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody at the form, and what is printed for them."""

    request: HttpRequest
    desk: Desk
    language: str
    printed: SupportLanguage
    support: Support

    def amounts(self, form: GiveForm) -> Amounts:
        """The amounts in the form's currency; in the first one where it has none."""
        return amounts_in(self.printed, form.currency) or self.printed.amounts[0]


# --- Our own form ---


def form_page(visit: Visit, form: GiveForm, *, token: str, trouble: str = "", status: int = 200) -> HttpResponse:
    """The form, with what was filled in and what is wrong with it. `trouble`: what the provider did, a word."""
    desk, printed, language = visit.desk, visit.printed, visit.language
    intervals = offered_intervals(printed, desk.providers)
    amounts = visit.amounts(form)
    with translation.override(language):
        values = {
            "title": _("Support %(name)s") % {"name": printed.name},
            "form": form,
            "faults": form.faults,
            "trouble": TROUBLES.get(trouble),
            "intervals": [_interval_shown(interval, form, amounts, language) for interval in intervals],
            "methods": _methods_shown(printed, desk, intervals, amounts.currency),
            "currency": amounts.currency,
            "currencies": [other.currency for other in printed.amounts],
            "smallest": format_money(Money(amounts.smallest, amounts.currency), language),
            "is_other": form.chosen == OTHER,
            "warnings": [warning.text for warning in printed.warnings],
            "token": token,
            "action": f"{desk.own_url}/{language}/give",
            "plan_url": f"{desk.own_url}/{language}/my-gift",
        }
    return answer(visit.request, "give.html", values, language=language, status=status, leads_to=desk.payment_pages)


def _interval_shown(interval: str, form: GiveForm, amounts: Amounts, language: str) -> dict[str, Any]:
    is_chosen = form.interval == interval
    minors = set(suggested(amounts, interval))
    # What a link asked for, or another form had, is offered beside those that are suggested.
    if is_chosen and form.chosen.isdecimal():
        minors.add(int(form.chosen))
    return {
        "key": interval,
        "name": INTERVALS[interval],
        "is_chosen": is_chosen,
        "amounts": [
            {
                "minor": str(minor),
                "name": format_money(Money(minor, amounts.currency), language),
                "is_chosen": is_chosen and form.chosen == str(minor),
            }
            for minor in sorted(minors)
        ],
    }


def _methods_shown(
    printed: SupportLanguage, desk: Desk, intervals: Collection[str], currency: str
) -> list[dict[str, str]]:
    """Each way to pay in a currency, with the intervals that it is hidden for."""
    able = {one: {m.key for m in offered_methods(printed, desk.providers, one, currency)} for one in intervals}
    return [
        {
            "key": method.key,
            "name": method_name(method.key),
            "hidden_for": " ".join(f"not-{interval}" for interval in intervals if method.key not in able[interval]),
        }
        for method in offered_methods(printed, desk.providers)
        if any(method.key in keys for keys in able.values())
    ]


# --- Other answers ---


def slow_page(visit: Visit, form: GiveForm, *, token: str, wait_seconds: int, is_early: bool = False) -> HttpResponse:
    """One button that counts after `wait_seconds`; the form stands behind it, and nobody fills it in again."""
    assert form.money
    desk, language = visit.desk, visit.language
    with translation.override(language):
        values = {
            "title": _("One more moment"),
            "is_early": is_early,
            "wait_seconds": wait_seconds,
            "wait": said_wait(wait_seconds, language),
            "amount": said_amount(form.money, form.interval, language),
            "hidden": [*form.hidden(), ("token", token)],
            "action": f"{desk.own_url}/{language}/give",
        }
    return answer(visit.request, "give_slow.html", values, language=language, leads_to=desk.payment_pages)


def bank_page(visit: Visit, form: GiveForm, provider: Provider, *, reference: str) -> HttpResponse:
    """How to transfer it: the account, and the number that tells which gift it was."""
    assert form.money
    account = getattr(provider, "account", None)
    with translation.override(visit.language):
        values = {
            "title": _("Your bank transfer"),
            "amount": said_amount(form.money, form.interval, visit.language),
            "interval": form.interval,
            "reference": _in_fours(reference),
            "account": [(words, shown) for part, words in ACCOUNT.items() if (shown := getattr(account, part, ""))],
            "front_url": f"{visit.desk.paper_url}{visit.printed.front_path}",
        }
    return answer(visit.request, "give_bank.html", values, language=visit.language)


def _in_fours(reference: str) -> str:
    """As people read it out and banks print it."""
    return " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))


def nothing_to_give(request: HttpRequest, language: str) -> HttpResponse:
    """Where nothing is asked of readers, or nothing is set up to give with."""
    with translation.override(language):
        return say(
            request,
            _("We take no money here at the moment"),
            _("Nothing is asked of readers in this language now, and nothing can be given. Thank you for wanting to."),
            language=language,
            status=404,
            link_url=the_desk().front_url(language),
            link=_("To the front page"),
        )


def thanks_page(request: HttpRequest, language: str) -> HttpResponse:
    """The same for everybody."""
    with translation.override(language):
        values = {"title": _("Thank you"), "front_url": the_desk().front_url(language)}
    return answer(request, "thanks.html", values, language=language)
