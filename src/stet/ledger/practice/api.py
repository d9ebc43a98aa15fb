"""The practice provider's API: which request does what, lists with their pages, and what is expanded in answers."""

import re
from collections.abc import Callable
from typing import Any

from stripe import params
from stripe.params import billing_portal as portal_params
from stripe.params import checkout as checkout_params

from stet.ledger.practice import checkout, payments, plans, setups
from stet.ledger.practice.account import Account, Thing
from stet.ledger.practice.fault import Fault
from stet.ledger.practice.form import checked
from stet.ledger.practice.shapes import list_of, number

Handler = Callable[["Asked"], Thing]
DEEPEST = 4
"""How deep an answer is expanded (docs.stripe.com/expand)."""


class Asked:
    """A request: the account, its parameters, and the numbers in its path."""

    def __init__(self, account: Account, form: Thing, numbers: tuple[str, ...], *, page: str, url: str) -> None:
        self.account, self.form, self.page, self.url = account, form, page, url
        self.number = numbers[0] if numbers else ""


def answer(account: Account, method: str, path: str, form: Thing, *, page: str) -> Thing:
    """What the API answers; raises Fault."""
    for verb, pattern, kind, handler in _ROUTES:
        found = re.fullmatch(pattern, path)
        if found and verb == method:
            wish = checked(form, kind)
            expand = wish.pop("expand", [])
            thing = handler(Asked(account, wish, found.groups(), page=page, url=path))
            return _expanded(account, thing, expand)
    raise Fault(f"Unrecognized request URL ({method}: {path}).", status=404)


def _get(kind: str) -> Handler:
    return lambda asked: asked.account.the(kind, asked.number)


def _create(make: Callable[[Account, Thing], Thing]) -> Handler:
    return lambda asked: make(asked.account, asked.form)


def _act(kind: str, do: Callable[[Account, Thing, Thing], Thing]) -> Handler:
    return lambda asked: do(asked.account, asked.account.the(kind, asked.number), asked.form)


_SIGNS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def _list(kind: str, **paths: str) -> Handler:
    """A list, newest first. `paths`: parameters that stand elsewhere in the object."""

    def handler(asked: Asked) -> Thing:
        form = dict(asked.form)
        many = form.pop("limit", 10)
        if not 1 <= many <= 100:
            raise Fault("Invalid integer: limit must be between 1 and 100.", param="limit")
        before, after = (_place(asked, form.pop(name, None), name) for name in ("starting_after", "ending_before"))
        created = form.pop("created", {})
        ranges = tuple((_SIGNS[sign], moment) for sign, moment in created.items()) if created else ()
        fields = _fields(form, paths)
        if kind == "customer":
            fields["which"] = lambda one: not one.get("deleted")
        which = fields.pop("which", None)
        if which is None:
            things = asked.account.store.all(kind, before=before, after=after, created=ranges, many=many + 1, **fields)
        else:
            wide = asked.account.store.all(kind, before=before, after=after, created=ranges, **fields)
            things = [one for one in wide if which(one)][: many + 1]
        page = things[-many:] if after is not None else things[:many]
        return list_of(page, url=asked.url, has_more=len(things) > many)

    return handler


def _place(asked: Asked, number: str | None, name: str) -> int | None:
    if number is None:
        return None
    place = asked.account.store.place_of(number)
    if place is None:
        raise Fault(f"No such object: '{number}'", code="resource_missing", param=name)
    return place


_NOT_CANCELED = "not canceled"


def _fields(form: Thing, paths: dict[str, str]) -> Thing:
    fields: Thing = {}
    for name, value in form.items():
        if name == "payment":
            fields["payment__payment_intent"] = value["payment_intent"]
        elif name == "types":
            fields["which"] = lambda one, types=frozenset(value): one["type"] in types
        elif name == "status" and value == "all":
            continue
        elif name == "status" and value == _NOT_CANCELED:
            fields["without"] = (("status", "canceled"),)
        elif name == "status" and value == "ended":
            fields["which"] = lambda one: one["status"] in plans.ENDED
        elif isinstance(value, dict):
            raise Fault(f"This practice provider does not list by {name}.", param=name)
        else:
            fields[paths.get(name, name)] = value
    return fields


def _subscriptions(asked: Asked) -> Thing:
    # Without a status, Stripe lists what has not been canceled.
    asked.form.setdefault("status", _NOT_CANCELED)
    return _list("subscription")(asked)


def _hook(asked: Asked) -> Thing:
    return asked.account.new(
        "webhook_endpoint",
        url=asked.form["url"],
        enabled_events=asked.form["enabled_events"],
        api_version=asked.form.get("api_version"),
        status="enabled",
        secret=number("whsec"),
    )


def _attach(asked: Asked) -> Thing:
    customer = asked.account.the("customer", asked.form.get("customer", ""), param="customer")
    return payments.attach(asked.account, payments.method_of_token(asked.account, asked.number), customer)


def _customer(asked: Asked) -> Thing:
    """A customer; of one that was deleted, that it was."""
    kept = asked.account.store.get(asked.number)
    return kept if kept and kept.get("deleted") else asked.account.the("customer", asked.number)


def _confirm(asked: Asked) -> Thing:
    intent = asked.account.the("payment_intent", asked.number)
    if token := asked.form.get("payment_method"):
        asked.account.change(intent, payment_method=payments.method_of_token(asked.account, token)["id"])
    if not intent["payment_method"]:
        raise Fault("You cannot confirm this PaymentIntent because it's missing a payment method.")
    return payments.confirm(asked.account, intent)


_ID = r"([A-Za-z0-9_]{1,255})"
_ROUTES: tuple[tuple[str, str, Any, Handler], ...] = (
    ("GET", "/v1/balance_transactions", params.BalanceTransactionListParams, _list("balance_transaction")),
    ("GET", f"/v1/balance_transactions/{_ID}", params.BalanceTransactionRetrieveParams, _get("balance_transaction")),
    (
        "POST",
        "/v1/billing_portal/sessions",
        portal_params.SessionCreateParams,
        lambda asked: checkout.create_portal(asked.account, asked.form, page=asked.page),
    ),
    ("GET", "/v1/charges", params.ChargeListParams, _list("charge")),
    ("GET", f"/v1/charges/{_ID}", params.ChargeRetrieveParams, _get("charge")),
    (
        "POST",
        "/v1/checkout/sessions",
        checkout_params.SessionCreateParams,
        lambda asked: checkout.create_session(asked.account, asked.form, page=asked.page),
    ),
    ("GET", "/v1/checkout/sessions", checkout_params.SessionListParams, _list("checkout.session")),
    ("GET", f"/v1/checkout/sessions/{_ID}", checkout_params.SessionRetrieveParams, _get("checkout.session")),
    (
        "POST",
        f"/v1/checkout/sessions/{_ID}/expire",
        checkout_params.SessionExpireParams,
        lambda asked: checkout.expire(asked.account, asked.account.the("checkout.session", asked.number)),
    ),
    ("POST", "/v1/customers", params.CustomerCreateParams, _create(plans.create_customer)),
    ("GET", "/v1/customers", params.CustomerListParams, _list("customer")),
    ("GET", f"/v1/customers/{_ID}", params.CustomerRetrieveParams, _customer),
    (
        "DELETE",
        f"/v1/customers/{_ID}",
        params.CustomerDeleteParams,
        _act("customer", lambda account, thing, _form: plans.delete_customer(account, thing)),
    ),
    ("GET", "/v1/disputes", params.DisputeListParams, _list("dispute")),
    ("GET", f"/v1/disputes/{_ID}", params.DisputeRetrieveParams, _get("dispute")),
    (
        "POST",
        f"/v1/disputes/{_ID}/close",
        params.DisputeCloseParams,
        _act("dispute", lambda account, thing, _form: payments.close_dispute(account, thing, won=False)),
    ),
    ("GET", "/v1/events", params.EventListParams, _list("event")),
    ("GET", f"/v1/events/{_ID}", params.EventRetrieveParams, _get("event")),
    ("GET", "/v1/invoice_payments", params.InvoicePaymentListParams, _list("invoice_payment")),
    ("GET", f"/v1/invoice_payments/{_ID}", params.InvoicePaymentRetrieveParams, _get("invoice_payment")),
    (
        "GET",
        "/v1/invoices",
        params.InvoiceListParams,
        _list("invoice", subscription="parent__subscription_details__subscription"),
    ),
    ("GET", f"/v1/invoices/{_ID}", params.InvoiceRetrieveParams, _get("invoice")),
    (
        "POST",
        f"/v1/invoices/{_ID}/pay",
        params.InvoicePayParams,
        _act("invoice", lambda account, thing, _form: plans.collect(account, thing)),
    ),
    ("POST", "/v1/payment_intents", params.PaymentIntentCreateParams, _create(payments.create_intent)),
    ("GET", "/v1/payment_intents", params.PaymentIntentListParams, _list("payment_intent")),
    ("GET", f"/v1/payment_intents/{_ID}", params.PaymentIntentRetrieveParams, _get("payment_intent")),
    ("POST", f"/v1/payment_intents/{_ID}/confirm", params.PaymentIntentConfirmParams, _confirm),
    (
        "POST",
        f"/v1/payment_intents/{_ID}/capture",
        params.PaymentIntentCaptureParams,
        _act("payment_intent", payments.capture),
    ),
    (
        "POST",
        f"/v1/payment_intents/{_ID}/cancel",
        params.PaymentIntentCancelParams,
        _act("payment_intent", payments.cancel),
    ),
    ("GET", "/v1/payment_methods", params.PaymentMethodListParams, _list("payment_method")),
    ("GET", f"/v1/payment_methods/{_ID}", params.PaymentMethodRetrieveParams, _get("payment_method")),
    ("POST", f"/v1/payment_methods/{_ID}/attach", params.PaymentMethodAttachParams, _attach),
    (
        "POST",
        f"/v1/payment_methods/{_ID}/detach",
        params.PaymentMethodDetachParams,
        _act("payment_method", lambda account, thing, _form: payments.detach(account, thing)),
    ),
    ("POST", "/v1/prices", params.PriceCreateParams, _create(plans.create_price)),
    ("GET", f"/v1/prices/{_ID}", params.PriceRetrieveParams, _get("price")),
    ("POST", "/v1/products", params.ProductCreateParams, _create(plans.create_product)),
    ("GET", f"/v1/products/{_ID}", params.ProductRetrieveParams, _get("product")),
    ("POST", "/v1/refunds", params.RefundCreateParams, _create(payments.create_refund)),
    ("GET", "/v1/refunds", params.RefundListParams, _list("refund")),
    ("GET", f"/v1/refunds/{_ID}", params.RefundRetrieveParams, _get("refund")),
    ("POST", "/v1/setup_intents", params.SetupIntentCreateParams, _create(setups.create)),
    ("GET", "/v1/setup_intents", params.SetupIntentListParams, _list("setup_intent")),
    ("GET", f"/v1/setup_intents/{_ID}", params.SetupIntentRetrieveParams, _get("setup_intent")),
    (
        "POST",
        f"/v1/setup_intents/{_ID}/cancel",
        params.SetupIntentCancelParams,
        _act("setup_intent", lambda account, thing, _form: setups.cancel(account, thing)),
    ),
    ("POST", "/v1/subscriptions", params.SubscriptionCreateParams, _create(plans.create_subscription)),
    ("GET", "/v1/subscriptions", params.SubscriptionListParams, _subscriptions),
    ("GET", f"/v1/subscriptions/{_ID}", params.SubscriptionRetrieveParams, _get("subscription")),
    (
        "POST",
        f"/v1/subscriptions/{_ID}",
        params.SubscriptionUpdateParams,
        _act("subscription", plans.update_subscription),
    ),
    (
        "DELETE",
        f"/v1/subscriptions/{_ID}",
        params.SubscriptionCancelParams,
        _act("subscription", lambda account, thing, _form: plans.end(account, thing)),
    ),
    ("POST", "/v1/webhook_endpoints", params.WebhookEndpointCreateParams, _hook),
    ("GET", "/v1/webhook_endpoints", params.WebhookEndpointListParams, _list("webhook_endpoint")),
)


# --- Expanding ---


def _expanded(account: Account, thing: Thing, expand: list[str]) -> Thing:
    for path in expand:
        parts = path.split(".")
        if len(parts) > DEEPEST:
            raise Fault(f"You cannot expand more than {DEEPEST} levels of a property ({path}).", param="expand")
        _expand(account, thing, parts, path)
    return thing


def _expand(account: Account, thing: Any, parts: list[str], path: str) -> None:
    if isinstance(thing, list):
        for one in thing:
            _expand(account, one, parts, path)
        return
    name, rest = parts[0], parts[1:]
    if not isinstance(thing, dict) or name not in thing:
        raise Fault(f"This property cannot be expanded ({path}).", param="expand")
    value = thing[name]
    if isinstance(value, str):
        found = account.store.get(value)
        if found is None:
            raise Fault(f"This property cannot be expanded ({path}).", param="expand")
        thing[name] = value = found
    elif isinstance(value, int | float):
        raise Fault(f"This property cannot be expanded ({path}).", param="expand")
    if rest and value is not None:
        _expand(account, value, rest, path)
