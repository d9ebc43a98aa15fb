"""A form that begins a gift, read into values: what somebody wants to give, or what is wrong with it, field by field.

The rules:
 * Nothing in the form is believed: what may be given is what is printed in `support.json` and set up here.
 * An amount comes as minor units from those suggested, or as somebody typed it, in the digits of their language.
 * A campaign that is not printed is dropped: nobody should fail at it.
 * What was typed is kept for the form to show again. Nothing is kept here.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stet.frontdesk.forms import Faults, read_address
from stet.kit.money import AmountRefusedError, Money, TooExactError, format_money, parse_amount, step
from stet.ledger.printed import Amounts, Method, Support, SupportLanguage
from stet.ledger.providers.base import Provider
from stet.readers.addresses import Address

OTHER = "other"
MINOR = re.compile(r"[0-9]{1,12}", re.ASCII)
MOST_TYPED = 40
INTERVALS = ("once", "monthly", "annual")

AMOUNT_FAULTS: dict[str, Promise] = {
    "empty": _("Choose an amount, or write one of your own."),
    "form": _("This is not written like an amount of money. Write digits only, such as 5 or 2.50."),
    "unclear": _("This could be thousands or a fraction. Write it without marks between the thousands."),
    "exact": _("This is more exact than the currency can be charged. Leave out the last digits."),
    "zero": _("Write an amount above zero."),
    "long": _("This is too large an amount."),
    "currency": _("This currency cannot be charged here."),
}
"""What is wrong with an amount, for whoever typed it."""

Providers = Mapping[str, Provider]


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveForm:
    """A form as it came in. Where `faults` is empty, `money` and `method` are there."""

    interval: str
    currency: str
    chosen: str
    """The amount that was chosen, in minor units, or "other"; "" for none."""
    typed: str
    """The amount of one's own, as typed."""
    money: Money | None
    method: Method | None
    campaign: str
    email: str
    address: Address | None
    wants_receipts: bool
    faults: Faults

    def values(self, language: str) -> bytes:
        """What a token is bound to: all that is wanted, in one spelling."""
        minor = self.money.minor if self.money else 0
        key = self.method.key if self.method else ""
        address = self.address.text if self.address else ""
        wanted = (language, self.interval, self.currency, minor, key, self.campaign, address)
        return json.dumps(wanted, ensure_ascii=True).encode("ascii")

    def hidden(self) -> list[tuple[str, str]]:
        """The form once more, as fields that are not shown."""
        assert self.money
        assert self.method
        fields = {
            "interval": self.interval,
            "currency": self.currency,
            "amount": str(self.money.minor),
            "method": self.method.key,
            "campaign": self.campaign,
            "email": self.address.text if self.address else "",
            "receipts": "yes" if self.address else "",
        }
        return [(name, value) for name, value in fields.items() if value]


def offered_methods(
    printed: SupportLanguage, providers: Providers, interval: str = "", currency: str = ""
) -> list[Method]:
    """The ways to pay that are printed and set up here; with an interval or a currency, those that can do it."""
    return [
        method
        for method in printed.methods
        if (provider := providers.get(method.provider))
        and (not interval or (interval in method.intervals and can_do(provider, interval)))
        and (not currency or can_take(method, provider, currency))
    ]


def can_do(provider: Provider, interval: str) -> bool:
    """Whether a provider can take a gift at this interval."""
    return interval == "once" or provider.capabilities.recurring


def can_take(method: Method, provider: Provider, currency: str) -> bool:
    """Whether a way to pay is printed for a currency, and its provider takes it."""
    return all(not known or currency in known for known in (method.currencies, provider.capabilities.currencies))


def offered_intervals(printed: SupportLanguage, providers: Providers) -> list[str]:
    """The intervals that are printed and that some way to pay here can do."""
    return [interval for interval in printed.intervals if offered_methods(printed, providers, interval)]


def amounts_in(printed: SupportLanguage, currency: str) -> Amounts | None:
    """What is suggested in a currency; None where it is not taken."""
    return next((amounts for amounts in printed.amounts if amounts.currency == currency), None)


def suggested(amounts: Amounts, interval: str) -> tuple[int, ...]:
    """The amounts that are suggested at an interval."""
    found: tuple[int, ...] = getattr(amounts, interval) if interval in INTERVALS else ()
    return found


def read_give(
    posted: Mapping[str, str], *, language: str, printed: SupportLanguage, support: Support, providers: Providers
) -> GiveForm:
    """A form to give, from a printed page or from ours."""
    faults: Faults = {}
    interval = posted.get("interval", "")
    if interval not in offered_intervals(printed, providers):
        interval = ""
        faults["interval"] = _("Choose how often you want to give.")
    amounts = amounts_in(printed, posted.get("currency", ""))
    if amounts is None:
        faults["currency"] = _("Choose a currency. The one you wanted is not taken at the moment.")
    chosen, typed = _amount_fields(posted, interval)
    money, fault = _money_of(chosen, typed, amounts, language)
    if fault:
        faults["amount"] = fault
    method = _method_of(posted.get("method", ""), interval, amounts, printed, providers)
    if method is None:
        faults["method"] = _("Choose a way to pay. The one you wanted cannot be used for this at the moment.")
    wants_receipts = posted.get("receipts") == "yes"
    email, address = _email_of(posted, faults, wants_receipts=wants_receipts)
    return GiveForm(
        interval=interval,
        currency=amounts.currency if amounts else "",
        chosen=chosen,
        typed=typed,
        money=money,
        method=method,
        campaign=_campaign_of(posted, support.campaigns),
        email=email,
        address=address,
        wants_receipts=wants_receipts,
        faults=faults,
    )


def empty_give(
    asked: Mapping[str, str], *, printed: SupportLanguage, support: Support, providers: Providers
) -> GiveForm:
    """The form before anybody filled it in; `asked` may name an interval, a currency, an amount and a campaign."""
    intervals = offered_intervals(printed, providers)
    interval = asked.get("interval", "")
    amounts = amounts_in(printed, asked.get("currency", "")) or next(iter(printed.amounts), None)
    amount = asked.get("amount", "")
    return GiveForm(
        interval=interval if interval in intervals else (intervals[0] if intervals else ""),
        currency=amounts.currency if amounts else "",
        chosen=amount if MINOR.fullmatch(amount) else "",
        typed="",
        money=None,
        method=None,
        campaign=_campaign_of(asked, support.campaigns),
        email="",
        address=None,
        wants_receipts=False,
        faults={},
    )


def _amount_fields(posted: Mapping[str, str], interval: str) -> tuple[str, str]:
    """The chosen amount and the typed one. Our own form has amounts for each interval; the others' do not count."""
    chosen = posted.get(f"amount-{interval}", "") or posted.get("amount", "")
    typed = posted.get("other", "").strip()
    typed = typed if len(typed) <= MOST_TYPED and typed.isprintable() else ""
    if not chosen and typed:
        chosen = OTHER
    return (chosen if chosen == OTHER or MINOR.fullmatch(chosen) else ""), typed


def _money_of(
    chosen: str, typed: str, amounts: Amounts | None, language: str
) -> tuple[Money | None, Promise | str | None]:
    if amounts is None:
        return None, None
    if chosen and chosen != OTHER and typed:
        return None, _("You chose an amount and wrote another one. Which of the two do you want?")
    if not chosen or (chosen == OTHER and not typed):
        return None, AMOUNT_FAULTS["empty"]
    try:
        money = _parsed(chosen, typed, amounts.currency, language)
    except AmountRefusedError as error:
        return None, AMOUNT_FAULTS[error.fault]
    if money.minor < amounts.smallest:
        least = format_money(Money(amounts.smallest, amounts.currency), language)
        return None, _("The smallest amount is %(amount)s: below that, fees take most of it.") % {"amount": least}
    if money.minor > amounts.largest:
        most = format_money(Money(amounts.largest, amounts.currency), language)
        return None, _("The largest amount here is %(amount)s. Write to us if you want to give more.") % {
            "amount": most
        }
    return money, None


def _parsed(chosen: str, typed: str, currency: str, language: str) -> Money:
    if chosen == OTHER:
        return parse_amount(typed, currency, language)
    money = Money(int(chosen), currency)
    if money.minor % step(currency):
        raise TooExactError
    return money


def _method_of(
    key: str, interval: str, amounts: Amounts | None, printed: SupportLanguage, providers: Providers
) -> Method | None:
    offered = offered_methods(printed, providers, interval, amounts.currency if amounts else "")
    return next((method for method in offered if method.key == key), None)


def _email_of(posted: Mapping[str, str], faults: Faults, *, wants_receipts: bool) -> tuple[str, Address | None]:
    """What was typed, and the address where receipts are wanted; an address is kept for nothing else."""
    asked = read_address(posted)
    if not posted.get("email", "").strip():
        if wants_receipts:
            faults["email"] = _("Write the address for your receipts, or take the tick away.")
        return "", None
    if asked.faults:
        faults["email"] = asked.faults["email"]
    elif not wants_receipts:
        faults["email"] = _("Tick the box if receipts may go to this address; or leave the address empty.")
    return asked.typed, asked.address if wants_receipts else None


def _campaign_of(posted: Mapping[str, str], known: Collection[str]) -> str:
    code = posted.get("campaign", "")
    return code if code in known else ""
