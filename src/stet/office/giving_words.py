"""What the ledger's words are called on a page: kinds of facts, states, reasons, errors."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

PROVIDERS = {"stripe": "Stripe", "paypal": "PayPal", "btcpay": "BTCPay Server"}
"""Names that stay as they are in every language."""


def provider_name(provider: str) -> str:
    """A way to pay."""
    own = {"bank": _("Bank transfer"), "practice": _("Practice (no money moves)")}
    return PROVIDERS.get(provider) or own.get(provider, provider)


def interval_name(interval: str) -> str:
    """How often something is given."""
    return {"once": _("Once"), "monthly": _("Every month"), "annual": _("Every year")}.get(interval, interval)


def campaign_name(campaign: str) -> str:
    """An appeal's code, or that there was none."""
    return campaign or _("No appeal")


def status(status_key: str) -> tuple[str, str]:
    """Where a contribution or a plan stands, and in which tone that is said."""
    return {
        "waiting": (_("Not paid"), ""),
        "settled": (pgettext("money", "Came in"), "good"),
        "partly_refunded": (_("Given back in part"), "wait"),
        "refunded": (_("Given back"), "wait"),
        "disputed": (_("Taken back by the bank"), "bad"),
        "failed": (pgettext("payment", "Failed"), "bad"),
        "expired": (_("Not paid in time"), ""),
        "running": (_("Running"), "good"),
        "failing": (_("The last payment failed"), "bad"),
        "ended": (pgettext("plan", "Ended"), ""),
    }[status_key]


def fact_name(kind: str, *, is_plan: bool = False) -> tuple[str, str]:
    """What a provider told, and its tone."""
    return {
        "settled": (pgettext("money", "Came in"), "good"),
        "failed": (_("A payment failed"), "bad"),
        "refunded": (_("Given back"), "wait"),
        "disputed": (_("Taken back by the bank"), "bad"),
        "reinstated": (_("Came in again: the dispute was won"), "good"),
        "ended": (_("The plan ended") if is_plan else _("The page to pay on was closed"), ""),
    }[kind]


def failure_name(word: str) -> str:
    """Why a payment failed, for the words that are usual; "" for others."""
    return {
        "card_declined": _("The bank declined the card"),
        "generic_decline": _("The bank declined the card"),
        "do_not_honor": _("The bank declined the card"),
        "insufficient_funds": _("Not enough money"),
        "expired_card": _("The card is too old"),
        "authentication_required": _("The bank wanted a confirmation that did not come"),
        "processing_error": _("An error on the way"),
        "country": _("The card is of a country whose cards are refused"),
        "expired": _("Its time was over"),
        "other": _("The provider gave no word"),
    }.get(word, "")


def reasons() -> dict[str, str]:
    """Why money is given back or a plan ended; the keys are the ledger's."""
    return {
        "asked": _("Whoever gave asked for it"),
        "mistake": _("A mistake, such as a gift made twice"),
        "country": _("The country makes giving dangerous"),
        "provocation": _("A provocation, or money that is not to be taken"),
        "other": _("Another reason"),
    }


def difference_name(kind: str) -> str:
    """What differs."""
    return {
        "missing_here": _("Was missing here, and was added"),
        "missing_there": _("Stands here; the provider does not list it"),
        "amount": _("The provider tells another amount"),
        "unknown": _("Belongs to no contribution of ours"),
    }.get(kind, kind)


def settlements() -> dict[str, str]:
    """What can have become of a difference."""
    return {
        "elsewhere": _("It belongs to something else on the same account"),
        "right_here": _("Looked into: what stands here is right"),
        "returned": _("The money was sent back at the provider"),
        "trial": _("It was a trial"),
        "known": _("Looked into, and known to the books"),
    }


def why_open(word: str) -> str:
    """Why a delivery or an order is still open."""
    if not word:
        return _("Not tried yet")
    return {
        "ProviderAwayError": _("The provider did not answer"),
        "ProviderRefusedError": _("The provider refused it"),
    }.get(word, _("Something else failed; the log of the ledger says what"))


def unmatched_name(why: str) -> str:
    """Why an entry of a statement became no fact."""
    return {
        "no_reference": _("No reference is written on it"),
        "unknown_reference": _("Nobody was given this reference"),
        "several_references": _("Several references are written on it"),
        "not_ours": _("Money that left the account"),
    }.get(why, why)


def amount_fault(fault: str) -> str:
    """What is wrong with an amount that was typed."""
    return {
        "empty": _("Write an amount."),
        "form": _("This is not an amount. Write digits only, such as 5 or 2.50."),
        "unclear": _("This could be thousands or a fraction. Write it without marks between the thousands."),
        "exact": _("This is more exact than the currency can be charged. Leave out the last digits."),
        "zero": _("Write an amount above zero."),
        "long": _("This is too large an amount."),
        "currency": _("This currency cannot be charged here."),
    }[fault]


def act_name(kind: str, by: str) -> str:
    """What somebody ordered."""
    words = _("%(name)s ordered to give it back") if kind == "refund" else _("%(name)s ordered to end the plan")
    return words % {"name": by}


def act_state(*, is_done: bool, why_open: str) -> tuple[str, str]:
    """What became of an order, and its tone."""
    if is_done:
        return pgettext("order", "carried out"), ""
    if why_open == "ProviderRefusedError":
        return _("refused by the provider, and not tried again"), "bad"
    return _("open; the ledger tries again within the hour"), "wait"
