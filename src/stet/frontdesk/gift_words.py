"""The words for a gift: how often, how much, by which way."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from stet.kit.money import Money, format_money

INTERVALS: Mapping[str, Promise] = {
    "once": _lazy("Once"),
    "monthly": _lazy("Every month"),
    "annual": _lazy("Every year"),
}
METHODS: Mapping[str, Promise] = {
    "card": _lazy("Card"),
    "sepa": _lazy("Direct debit from a bank account (SEPA)"),
    "paypal": _lazy("PayPal"),
    "bitcoin": _lazy("Bitcoin"),
    "lightning": _lazy("Bitcoin over Lightning"),
    "monero": _lazy("Monero"),
    "bank": _lazy("Bank transfer"),
    "practice": _lazy("Practice payment (no money moves)"),
}
"""The ways to pay that newsrooms usually have; another one is shown by its key."""

ACCOUNT: Mapping[str, Promise] = {
    "name": _lazy("Account holder"),
    "iban": _lazy("IBAN"),
    "bic": _lazy("BIC"),
    "bank": _lazy("Bank"),
    "account": _lazy("Account number"),
}
"""The parts of a bank account, by the name that the provider has for them."""
TROUBLES: Mapping[str, tuple[Promise, Promise]] = {
    "away": (
        _lazy("The payment page does not open at the moment"),
        _lazy("Nothing was paid. Please try once more in a minute."),
    ),
    "refused": (
        _lazy("The payment page does not open at the moment"),
        _lazy("Nothing was paid. Please choose another way to pay, or come back later."),
    ),
}
"""What is said where a provider did not take an order."""


def method_name(key: str) -> str:
    """What a way to pay is called."""
    return str(METHODS.get(key, "")) or key.replace("-", " ").capitalize()


def said_amount(money: Money, interval: str, language: str) -> str:
    """An amount with how often it is given, such as "$5.00 every month"."""
    amount = format_money(money, language)
    if interval == "monthly":
        return _("%(amount)s every month") % {"amount": amount}
    if interval == "annual":
        return _("%(amount)s every year") % {"amount": amount}
    return amount
