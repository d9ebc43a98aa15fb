"""How PayPal writes numbers, amounts and times."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from stet.kit.money import AmountRefusedError, Money, read_decimal, write_decimal
from stet.ledger.errors import ProviderAwayError, ProviderRefusedError

Thing = dict[str, Any]

WHOLE_ONLY = frozenset({"HUF", "TWD"})
"""Currencies that PayPal takes without a fraction, though they have one (developer.paypal.com/api/codes/currency)."""
CURRENCIES = tuple(
    "AUD CAD CHF CZK DKK EUR GBP HKD HUF ILS JPY MXN NOK NZD PHP PLN SEK SGD THB TWD USD".split()  # noqa: SIM905
)
"""What PayPal takes anywhere (developer.paypal.com/docs/api/reference/currency-codes): without those for accounts of
one country alone (BRL, CNY, MYR)."""
_NUMBER = re.compile(r"[A-Za-z0-9-]{1,60}")


def is_number(text: Any) -> bool:
    """Whether this may be a number of PayPal's, and so a part of an address of its API."""
    return isinstance(text, str) and bool(_NUMBER.fullmatch(text))


def check_number(text: str) -> None:
    """Refuse what is no number."""
    if not is_number(text):
        raise ProviderRefusedError("This is no number of PayPal's.")


def number_above(thing: Thing, kind: str) -> str:
    """The number of what something belongs to, from its link "up"."""
    for link in thing.get("links") or ():
        found = re.search(rf"/{kind}/([A-Za-z0-9-]+)$", str(link.get("href"))) if link.get("rel") == "up" else None
        if found:
            return found[1]
    return ""


def amount_of(money: Money) -> Thing:
    """An amount as PayPal writes it. Raises ProviderRefusedError for a fraction that it does not take.

    >>> amount_of(Money(250, "USD")), amount_of(Money(20_000, "HUF"))
    ({'currency_code': 'USD', 'value': '2.50'}, {'currency_code': 'HUF', 'value': '200'})
    """
    value = write_decimal(money)
    if money.currency in WHOLE_ONLY:
        if money.minor % 100:
            raise ProviderRefusedError("PayPal takes whole amounts only in this currency.")
        value = str(money.minor // 100)
    return {"currency_code": money.currency, "value": value}


def money_of(amount: Thing) -> Money:
    """An amount that PayPal wrote."""
    currency, value = str(amount.get("currency_code", "")), str(amount.get("value", ""))
    try:
        money = read_decimal(value.removeprefix("-"), currency)
    except AmountRefusedError:
        raise ProviderAwayError("PayPal answered with an amount that cannot be read. Try again later.") from None
    return Money(-money.minor, currency) if value.startswith("-") else money


def as_amount(amount: Thing) -> Thing:
    """An amount of the transaction search, in the form of all others."""
    return {"currency_code": amount.get("currency_code"), "value": str(Decimal(str(amount.get("value", "0"))))}


def without_sign(money: Money) -> Money:
    """How much it is, whichever way it went."""
    return Money(abs(money.minor), money.currency)


def moment_of(text: Any) -> datetime:
    """A time that PayPal wrote."""
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:
        raise ProviderAwayError("PayPal answered with a time that cannot be read. Try again later.") from None


def month_of(text: Any) -> date:
    """The month of a time that PayPal wrote."""
    return moment_of(text).date().replace(day=1)


def written(moment: datetime) -> str:
    """A time as PayPal reads it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
