"""The words for a gift: how often, how much, by which way."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from stet.kit.money import Money, format_money
from stet.kit.writing import digits

INTERVALS: Mapping[str, Promise] = {
    "once": _("Once"),
    "monthly": _("Every month"),
    "annual": _("Every year"),
}
METHODS: Mapping[str, Promise] = {
    "card": _("Card"),
    "sepa": _("Direct debit from a bank account (SEPA)"),
    "paypal": _("PayPal"),
    "bitcoin": _("Bitcoin"),
    "lightning": _("Bitcoin over Lightning"),
    "monero": _("Monero"),
    "bank": _("Bank transfer"),
    "practice": _("Practice payment (no money moves)"),
}
"""The ways to pay that newsrooms usually have; another one is shown by its key."""

ACCOUNT: Mapping[str, Promise] = {
    "holder": _("Account holder"),
    "iban": _("IBAN"),
    "bic": _("BIC"),
    "bank": _("Bank"),
}
"""The parts of a bank account, by the name that the provider has for them, as they are shown."""
TROUBLES: Mapping[str, tuple[Promise, Promise]] = {
    "away": (
        _("The payment page does not open at the moment"),
        _("Nothing was paid. Please try once more in a minute."),
    ),
    "refused": (
        _("The payment page does not open at the moment"),
        _("Nothing was paid. Please choose another way to pay, or come back later."),
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
        return str(_("%(amount)s every month") % {"amount": amount})
    if interval == "annual":
        return str(_("%(amount)s every year") % {"amount": amount})
    return amount


def said_agreement(money: Money, interval: str, language: str, *, label: str) -> str:
    """What is agreed to on a provider's page that shows no amount."""
    values = {"amount": said_amount(money, interval, language), "name": label}
    return str(_("%(amount)s to %(name)s, from today until you end it. Nothing is paid on this page itself.") % values)


def said_wait(seconds: int, language: str) -> str:
    """When the button on the slow page appears."""
    said = ngettext("The button appears in %(seconds)s second.", "The button appears in %(seconds)s seconds.", seconds)
    return said % {"seconds": digits(str(seconds), language=language)}
