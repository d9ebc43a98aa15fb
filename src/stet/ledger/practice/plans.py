"""Customers, prices, subscriptions and their invoices, and a clock that can be moved on.

A renewal that fails is tried again three, five and seven days later; after that the subscription is canceled. Periods
stand on a subscription's items and invoices name their subscription under `parent`, as this version has it.
"""

import calendar
from datetime import UTC, datetime
from typing import Any

from stet.ledger.practice import payments
from stet.ledger.practice.account import Account, Thing
from stet.ledger.practice.fault import Fault, wanted
from stet.ledger.practice.shapes import PERIODS, list_of, shape

RETRY_DAYS = (3, 5, 7)
HOURS_TO_COMPLETE = 23
ENDED = ("canceled", "incomplete_expired")


def create_customer(account: Account, form: Thing) -> Thing:
    """POST /v1/customers."""
    email, name = form.get("email"), form.get("name")
    own = {"invoice_settings": {"default_payment_method": None}, "metadata": form.get("metadata", {})}
    customer = account.new("customer", email=email, name=name, **own)
    if form.get("payment_method"):
        method = payments.method_of_token(account, form["payment_method"], customer=customer["id"])
        payments.attach(account, method, customer)
    settings = form.get("invoice_settings") or {}
    if settings.get("default_payment_method"):
        method = payments.method_of_token(account, settings["default_payment_method"], customer=customer["id"])
        account.change(customer, invoice_settings={"default_payment_method": method["id"]})
    account.emit("customer.created", customer)
    return customer


def delete_customer(account: Account, customer: Thing) -> Thing:
    """DELETE /v1/customers/{}: with its subscriptions and payment methods. What is left is its number."""
    for subscription in account.store.all("subscription", customer=customer["id"]):
        if subscription["status"] not in ENDED:
            end(account, subscription)
    for method in account.store.all("payment_method", customer=customer["id"]):
        payments.detach(account, method)
    account.emit("customer.deleted", customer)
    return account.store.put({"id": customer["id"], "object": "customer", "deleted": True})


def create_product(account: Account, form: Thing) -> Thing:
    """POST /v1/products."""
    return account.new("product", name=form["name"], active=True, metadata=form.get("metadata", {}), type="service")


def create_price(account: Account, form: Thing) -> Thing:
    """POST /v1/prices, and what `price_data` makes."""
    for name in ("currency", "unit_amount"):
        if form.get(name) is None:
            raise wanted(name)
    if form.get("product_data"):
        product = create_product(account, form["product_data"])
    elif form.get("product"):
        product = account.the("product", form["product"], param="product")
    else:
        raise wanted("product")
    currency = form["currency"].lower()
    if form["unit_amount"] < 0:
        raise Fault("Invalid non-negative integer", param="unit_amount")
    account.check_amount(form["unit_amount"], currency, param="unit_amount")
    recurring = form.get("recurring")
    if recurring:
        recurring = {"interval_count": 1, "usage_type": "licensed", "meter": None, **recurring}
    return account.new(
        "price",
        product=product["id"],
        currency=currency,
        unit_amount=form["unit_amount"],
        unit_amount_decimal=str(form["unit_amount"]),
        billing_scheme="per_unit",
        active=True,
        type="recurring" if recurring else "one_time",
        recurring=recurring,
    )


def create_subscription(account: Account, form: Thing) -> Thing:
    """POST /v1/subscriptions, with the first payment at once."""
    customer = account.the("customer", form.get("customer", ""), param="customer")
    if not form.get("items"):
        raise wanted("items")
    wished = form["items"][0]
    price = (
        account.the("price", wished["price"], param="items[0][price]")
        if wished.get("price")
        else create_price(account, wished.get("price_data") or {})
    )
    token = form.get("default_payment_method") or (customer["invoice_settings"] or {}).get("default_payment_method")
    if not token:
        raise Fault("This customer has no attached payment source or default payment method.")
    method = payments.method_of_token(account, token, customer=customer["id"])
    if method["customer"] != customer["id"]:
        raise Fault(
            f"The customer does not have a payment method with the ID {method['id']}. The payment method must be "
            "attached to the customer.",
            code="resource_missing",
            param="default_payment_method",
        )
    return begin(account, customer, price, method, metadata=form.get("metadata") or {})


def begin(account: Account, customer: Thing, price: Thing, method: Thing, *, metadata: Thing) -> Thing:
    """A subscription that begins now; incomplete until its first invoice is paid."""
    if not price["recurring"]:
        raise Fault("The price specified is set to `type=one_time` but this field only accepts prices with recurring.")
    now = account.now()
    subscription = shape("subscription", created=now)
    end = _later(now, price["recurring"], 1)
    item = shape("subscription_item", created=now)
    item |= {"price": price, "quantity": 1, "subscription": subscription["id"]}
    item |= {"current_period_start": now, "current_period_end": end}
    subscription |= {
        "customer": customer["id"],
        "currency": price["currency"],
        "status": "incomplete",
        "metadata": metadata,
        "billing_cycle_anchor": now,
        "start_date": now,
        "cancel_at_period_end": False,
        "collection_method": "charge_automatically",
        "default_payment_method": method["id"],
        "items": list_of([item], url=f"/v1/subscription_items?subscription={subscription['id']}"),
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
    }
    account.store.put(subscription)
    account.emit("customer.subscription.created", subscription)
    invoice = bill(account, subscription, reason="subscription_create")
    collect(account, invoice)
    return account.the("subscription", subscription["id"])


def bill(account: Account, subscription: Thing, *, reason: str) -> Thing:
    """An invoice of the present period, open."""
    item = subscription["items"]["data"][0]
    amount, now = item["price"]["unit_amount"], account.now()
    intent = payments.create_intent(
        account,
        {"amount": amount, "currency": subscription["currency"], "customer": subscription["customer"]},
    )
    line = shape("line_item", created=None, amount=amount, currency=subscription["currency"], quantity=1)
    line |= {
        "period": {"start": item["current_period_start"], "end": item["current_period_end"]},
        "pricing": {
            "type": "price_details",
            "price_details": {"price": item["price"]["id"], "product": item["price"]["product"]},
            "unit_amount_decimal": str(amount),
        },
    }
    details = {"subscription": subscription["id"], "metadata": dict(subscription["metadata"])}
    invoice = account.new(
        "invoice",
        customer=subscription["customer"],
        customer_email=payments.PERSON["email"],
        currency=subscription["currency"],
        amount_due=amount,
        amount_paid=0,
        amount_remaining=amount,
        total=amount,
        subtotal=amount,
        attempt_count=0,
        attempted=False,
        auto_advance=True,
        billing_reason=reason,
        collection_method="charge_automatically",
        status="open",
        status_transitions={"finalized_at": now, "paid_at": None, "voided_at": None, "marked_uncollectible_at": None},
        period_start=now,
        period_end=now,
        parent={"type": "subscription_details", "quote_details": None, "subscription_details": details},
        lines=list_of([line], url="/v1/invoices/lines"),
    )
    payments.invoice_payment(account, invoice, intent)
    account.change(subscription, latest_invoice=invoice["id"])
    account.emit("invoice.created", invoice)
    account.emit("invoice.finalized", invoice)
    return invoice


def payment_of(account: Account, invoice: Thing) -> tuple[Thing, Thing]:
    """What binds an invoice to its intent, and the intent."""
    (made,) = account.store.all("invoice_payment", invoice=invoice["id"])
    return made, account.the("payment_intent", made["payment"]["payment_intent"])


def collect(account: Account, invoice: Thing) -> Thing:
    """Try to collect an open invoice, and let its subscription follow. A decline raises nothing here."""
    _made, intent = payment_of(account, invoice)
    subscription = subscription_of(account, invoice)
    account.change(invoice, attempted=True, attempt_count=invoice["attempt_count"] + 1)
    account.change(intent, payment_method=subscription["default_payment_method"], status="requires_confirmation")
    try:
        payments.confirm(account, intent)
    except Fault as fault:
        if fault.status != 402:
            raise
    return follow(account, account.the("payment_intent", intent["id"]))


def follow(account: Account, intent: Thing) -> Thing:
    """Let an invoice and its subscription follow what became of the payment."""
    (made,) = account.store.all("invoice_payment", payment__payment_intent=intent["id"])
    invoice = account.the("invoice", made["invoice"])
    subscription = subscription_of(account, invoice)
    now = account.now()
    if intent["status"] == "succeeded":
        moments = {**made["status_transitions"], "paid_at": now}
        account.change(made, status="paid", amount_paid=invoice["amount_due"], status_transitions=moments)
        account.change(
            invoice,
            status="paid",
            amount_paid=invoice["amount_due"],
            amount_remaining=0,
            next_payment_attempt=None,
            status_transitions={**invoice["status_transitions"], "paid_at": now},
            payments=list_of([made], url=f"/v1/invoice_payments?invoice={invoice['id']}"),
        )
        _become(account, subscription, "active")
        account.emit("invoice.paid", invoice)
        account.emit("invoice.payment_succeeded", invoice)
    elif intent["status"] == "processing":
        _become(account, subscription, "active")
    else:
        _not_paid(account, invoice, subscription)
    return invoice


def _not_paid(account: Account, invoice: Thing, subscription: Thing) -> None:
    tried = invoice["attempt_count"]
    is_first = invoice["billing_reason"] == "subscription_create"
    is_last = is_first or tried > len(RETRY_DAYS)
    following = None if is_last else account.now() + RETRY_DAYS[tried - 1] * 86_400
    account.change(invoice, next_payment_attempt=following)
    account.emit("invoice.payment_failed", invoice)
    if not is_last:
        _become(account, subscription, "past_due")
    elif not is_first:
        end(account, subscription, reason="payment_failed")


def subscription_of(account: Account, invoice: Thing) -> Thing:
    """The subscription that an invoice is of."""
    return account.the("subscription", invoice["parent"]["subscription_details"]["subscription"])


def _become(account: Account, subscription: Thing, status: str) -> None:
    if subscription["status"] not in (status, *ENDED):
        account.change(subscription, status=status)
        account.emit("customer.subscription.updated", subscription)


def end(account: Account, subscription: Thing, *, reason: str = "cancellation_requested") -> Thing:
    """DELETE /v1/subscriptions/{}: it collects no more, at once."""
    if subscription["status"] in ENDED:
        raise Fault(
            f"No such subscription: '{subscription['id']}'", status=404, code="resource_missing", param="subscription"
        )
    details = {**subscription["cancellation_details"], "reason": reason}
    now = account.now()
    account.change(subscription, status="canceled", canceled_at=now, ended_at=now, cancellation_details=details)
    for invoice in account.store.all("invoice", parent__subscription_details__subscription=subscription["id"]):
        if invoice["status"] == "open":
            account.change(invoice, auto_advance=False, next_payment_attempt=None)
    account.emit("customer.subscription.deleted", subscription)
    return subscription


def update_subscription(account: Account, subscription: Thing, form: Thing) -> Thing:
    """POST /v1/subscriptions/{}: the payment method, the metadata, whether it ends with its period."""
    for name in ("cancel_at_period_end", "default_payment_method", "metadata"):
        if name in form:
            account.change(subscription, **{name: form[name]})
    account.emit("customer.subscription.updated", subscription)
    return subscription


def move_on(account: Account, seconds: int) -> None:
    """Move the clock on, and let everything happen that is due until then, in its order."""
    target = account.now() + seconds
    ahead = int(account.store.note("ahead", "0"))
    aim = ahead + seconds
    while (first := _next_due(account)) is not None and first[0] <= target:
        step = max(0, first[0] - account.now())
        ahead = min(aim, ahead + step)
        account.store.set_note("ahead", str(ahead))
        first[1](account, first[2])
    account.store.set_note("ahead", str(aim))


def _next_due(account: Account) -> tuple[int, Any, Thing] | None:
    """What is due first: when, what is done, and with what."""
    found: list[tuple[int, Any, Thing]] = []
    for intent in account.store.all("payment_intent", status="processing"):
        due = account.store.note(f"due:{intent['id']}")
        if due:
            found.append((int(due), _arrive, intent))
    for session in account.store.all("checkout.session", status="open"):
        found.append((session["expires_at"], _expire, session))
    for subscription in account.store.all("subscription"):
        if subscription["status"] in ("active", "past_due"):
            found.append((subscription["items"]["data"][0]["current_period_end"], _renew, subscription))
        elif subscription["status"] == "incomplete":
            found.append((subscription["created"] + HOURS_TO_COMPLETE * 3600, _give_up, subscription))
    for invoice in account.store.all("invoice", status="open"):
        if invoice["next_payment_attempt"]:
            found.append((invoice["next_payment_attempt"], collect, invoice))
    return min(found, key=lambda one: one[0], default=None)


def _arrive(account: Account, intent: Thing) -> None:
    from stet.ledger.practice.checkout import arrived

    arrived(account, intent, succeeds=True)


def _expire(account: Account, session: Thing) -> None:
    from stet.ledger.practice.checkout import expire

    expire(account, session)


def _give_up(account: Account, subscription: Thing) -> None:
    """A subscription that was never paid is over after a day, nearly."""
    account.change(subscription, status="incomplete_expired", ended_at=account.now())
    for invoice in account.store.all("invoice", parent__subscription_details__subscription=subscription["id"]):
        account.change(invoice, status="void", next_payment_attempt=None)
    account.emit("customer.subscription.updated", subscription)


def _renew(account: Account, subscription: Thing) -> None:
    item = subscription["items"]["data"][0]
    if subscription["cancel_at_period_end"]:
        end(account, subscription)
        return
    recurring, anchor = item["price"]["recurring"], subscription["billing_cycle_anchor"]
    start = item["current_period_end"]
    times = 1
    while _later(anchor, recurring, times) <= start:
        times += 1
    item |= {"current_period_start": start, "current_period_end": _later(anchor, recurring, times)}
    account.store.put(subscription)
    account.emit("customer.subscription.updated", subscription)
    collect(account, bill(account, subscription, reason="subscription_cycle"))


def _later(anchor: int, recurring: Thing, times: int) -> int:
    """The moment so many periods after the anchor; a day that a month has not becomes its last."""
    times *= recurring["interval_count"]
    if recurring["interval"] in PERIODS:
        return anchor + times * PERIODS[recurring["interval"]]
    begun = datetime.fromtimestamp(anchor, UTC)
    months = begun.month - 1 + times * (12 if recurring["interval"] == "year" else 1)
    year, month = begun.year + months // 12, months % 12 + 1
    day = min(begun.day, calendar.monthrange(year, month)[1])
    return int(begun.replace(year=year, month=month, day=day).timestamp())
