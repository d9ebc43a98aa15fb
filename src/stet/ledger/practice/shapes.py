"""Objects as Stripe's API has them at the version that `stripe` is pinned to.

The fields are read off the library's own classes: a field that this version has not cannot be written here, and one
that nobody fills is there, as null.
"""

import secrets
import string
from functools import cache
from typing import Any

import stripe
from stripe import billing_portal, checkout

Thing = dict[str, Any]

KINDS: dict[str, tuple[str, Any]] = {
    "balance_transaction": ("txn", stripe.BalanceTransaction),
    "billing_portal.session": ("bps", billing_portal.Session),
    "charge": ("ch", stripe.Charge),
    "checkout.session": ("cs_test", checkout.Session),
    "customer": ("cus", stripe.Customer),
    "dispute": ("du", stripe.Dispute),
    "event": ("evt", stripe.Event),
    "invoice": ("in", stripe.Invoice),
    "invoice_payment": ("inpay", stripe.InvoicePayment),
    "line_item": ("il", stripe.InvoiceLineItem),
    "payment_intent": ("pi", stripe.PaymentIntent),
    "payment_method": ("pm", stripe.PaymentMethod),
    "price": ("price", stripe.Price),
    "product": ("prod", stripe.Product),
    "refund": ("re", stripe.Refund),
    "setup_intent": ("seti", stripe.SetupIntent),
    "subscription": ("sub", stripe.Subscription),
    "subscription_item": ("si", stripe.SubscriptionItem),
    "webhook_endpoint": ("we", stripe.WebhookEndpoint),
}
"""Each kind of object: how its numbers begin, and the library's class."""
PERIODS = {"day": 86_400, "week": 604_800}
_LETTERS = string.ascii_letters + string.digits


@cache
def fields_of(kind: str) -> frozenset[str]:
    """What an object of this kind has at this version."""
    return frozenset(KINDS[kind][1].__annotations__) - {"OBJECT_NAME", "deleted"}


def number(prefix: str) -> str:
    """A number as Stripe gives them."""
    return f"{prefix}_{''.join(secrets.choice(_LETTERS) for _ in range(24))}"


def shape(kind: str, *, created: int | None, prefix: str = "", **values: Any) -> Thing:
    """A new object with its number. Raises where a field is not of this version."""
    known = fields_of(kind)
    if strange := set(values) - known:
        raise AssertionError(f"{kind} has no {', '.join(sorted(strange))} at {stripe.api_version}.")
    thing: Thing = dict.fromkeys(sorted(known))
    thing |= {"id": number(prefix or KINDS[kind][0]), "object": kind}
    if "livemode" in known:
        thing["livemode"] = False
    if "metadata" in known:
        thing["metadata"] = {}
    if "created" in known:
        thing["created"] = created
    return thing | values


def list_of(things: list[Thing], *, url: str, has_more: bool = False) -> Thing:
    """A list inside an object, or a page of one."""
    return {"object": "list", "data": things, "has_more": has_more, "url": url}
