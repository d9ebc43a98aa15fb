"""Payments: intents, charges, the balance, refunds, disputes.

What becomes of a card, its test token says; the tokens are Stripe's (docs.stripe.com/testing). A bank debit is on its
way for five days of the account's clock.
"""

import re
from typing import Any

from stet.ledger.practice.account import Account, Thing
from stet.ledger.practice.fault import Fault, wanted
from stet.ledger.practice.shapes import list_of

DAYS_OF_A_DEBIT = 5
_DECLINES = {
    "chargedeclined": ("card_declined", "generic_decline"),
    "visa_chargedeclined": ("card_declined", "generic_decline"),
    "chargedeclinedinsufficientfunds": ("card_declined", "insufficient_funds"),
    "visa_chargedeclinedinsufficientfunds": ("card_declined", "insufficient_funds"),
    "chargedeclinedexpiredcard": ("expired_card", ""),
    "chargecustomerfail": ("card_declined", "generic_decline"),
}
_FINE = frozenset({"visa", "mastercard", "amex", "createdispute"})
PERSON = {
    "email": "payer@example.org",
    "name": "Pat Example",
    "phone": "+1 555 0100",
    "address": {"city": "Example", "country": "US", "line1": "1 Example Road", "postal_code": "00000"},
}
"""An invented person: the real one tells of whoever pays, and nothing of that may be kept on our side."""


def method_of_token(account: Account, token: str, *, customer: str | None = None) -> Thing:
    """A payment method by its number, or a new one by one of Stripe's test tokens."""
    kept = account.store.get(token)
    if kept is not None and kept["object"] == "payment_method":
        return kept
    name = token.removeprefix("pm_card_").lower()
    country = name.upper() if re.fullmatch(r"[a-z]{2}", name) else "US"
    if not token.startswith("pm_card_") or not (name in _DECLINES or name in _FINE or len(name) == 2):
        return account.the("payment_method", token, param="payment_method")
    return new_method(account, "card", country=country, customer=customer, manner=name)


def attach(account: Account, method: Thing, customer: Thing) -> Thing:
    """POST /v1/payment_methods/{}/attach. One that was detached is of no more use to anybody."""
    if account.store.note(f"detached:{method['id']}"):
        raise Fault(
            "This PaymentMethod was previously used without being attached to a Customer or was detached from a "
            "Customer, and may not be used again."
        )
    if method["customer"] not in (None, customer["id"]):
        raise Fault("The payment method you provided has already been attached to a customer.")
    if method["customer"] is None:
        account.change(method, customer=customer["id"])
        account.emit("payment_method.attached", method)
    return method


def detach(account: Account, method: Thing) -> Thing:
    """POST /v1/payment_methods/{}/detach."""
    if method["customer"] is None:
        raise Fault("The payment method you provided is not attached to a customer so detachment is impossible.")
    account.store.set_note(f"detached:{method['id']}", "1")
    account.change(method, customer=None)
    account.emit("payment_method.detached", method)
    return method


def new_method(
    account: Account, kind: str, *, country: str = "US", customer: str | None = None, manner: str = ""
) -> Thing:
    """A card or a bank account. `manner`: what will become of it."""
    details = {"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2034, "funding": "credit"}
    own = {"country": country, "fingerprint": "Xt5EWLLDS7FJjR1c", **(details if kind == "card" else {"last4": "3000"})}
    fields: dict[str, Any] = {kind: own}
    method = account.new("payment_method", type=kind, customer=customer, billing_details=dict(PERSON), **fields)
    account.store.set_note(f"manner:{method['id']}", manner)
    return method


def create_intent(account: Account, form: Thing) -> Thing:
    """POST /v1/payment_intents."""
    for name in ("amount", "currency"):
        if name not in form:
            raise wanted(name)
    currency = form["currency"].lower()
    account.check_amount(form["amount"], currency, param="amount")
    intent = account.new(
        "payment_intent",
        amount=form["amount"],
        currency=currency,
        amount_received=0,
        amount_capturable=0,
        capture_method=form.get("capture_method", "automatic_async"),
        confirmation_method="automatic",
        customer=form.get("customer"),
        metadata=form.get("metadata", {}),
        payment_method_types=form.get("allowed_payment_method_types") or ["card"],
        status="requires_payment_method",
    )
    account.emit("payment_intent.created", intent)
    if form.get("payment_method"):
        method = method_of_token(account, form["payment_method"], customer=form.get("customer"))
        account.change(intent, payment_method=method["id"], status="requires_confirmation")
    return confirm(account, intent) if form.get("confirm") else intent


def confirm(account: Account, intent: Thing) -> Thing:
    """Try to collect an intent with its payment method. A decline is a fault, and is kept."""
    method = account.the("payment_method", intent["payment_method"])
    manner = account.store.note(f"manner:{method['id']}")
    if method["type"] != "card":
        charge = _charge(account, intent, method, status="pending")
        account.change(intent, status="processing", latest_charge=charge["id"])
        account.store.set_note(f"due:{intent['id']}", str(account.now() + DAYS_OF_A_DEBIT * 86_400))
        account.emit("charge.pending", charge)
        account.emit("payment_intent.processing", intent)
        return intent
    if manner in _DECLINES:
        raise _declined(account, intent, method, *_DECLINES[manner])
    if intent["capture_method"] == "manual":
        charge = _charge(account, intent, method, status="succeeded", captured=False)
        account.change(
            intent, status="requires_capture", latest_charge=charge["id"], amount_capturable=intent["amount"]
        )
        account.emit("charge.succeeded", charge)
        account.emit("payment_intent.amount_capturable_updated", intent)
        return intent
    charge = _charge(account, intent, method, status="succeeded")
    _settle(account, intent, charge)
    if manner == "createdispute":
        dispute(account, charge)
    return intent


def _charge(account: Account, intent: Thing, method: Thing, *, status: str, captured: bool = True) -> Thing:
    is_paid = status == "succeeded"
    own = method[method["type"]]
    return account.new(
        "charge",
        prefix="" if method["type"] == "card" else "py",
        amount=intent["amount"],
        currency=intent["currency"],
        amount_captured=intent["amount"] if is_paid and captured else 0,
        amount_refunded=0,
        captured=captured and is_paid,
        paid=is_paid,
        refunded=False,
        disputed=False,
        status=status,
        customer=intent["customer"],
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details={"type": method["type"], method["type"]: dict(own)},
        billing_details=dict(PERSON),
        metadata=dict(intent["metadata"]),
        calculated_statement_descriptor=account.descriptor,
        outcome={"type": "authorized" if is_paid else "pending", "network_status": "approved_by_network"},
    )


def _settle(account: Account, intent: Thing, charge: Thing) -> None:
    book(account, charge, charge["amount"], kind="charge" if charge["id"].startswith("ch") else "payment")
    account.change(charge, status="succeeded", paid=True, captured=True, amount_captured=charge["amount"])
    account.change(
        intent,
        status="succeeded",
        amount_received=charge["amount"],
        amount_capturable=0,
        latest_charge=charge["id"],
    )
    account.emit("charge.succeeded", charge)
    account.emit("payment_intent.succeeded", intent)


def book(account: Account, source: Thing, amount: int, *, kind: str) -> Thing:
    """A line of the balance: 2.9 % and 30 of fee on what comes in."""
    fee = round(amount * 0.029) + 30 if kind in ("charge", "payment") else 0
    line = account.new(
        "balance_transaction",
        amount=amount,
        currency=source["currency"],
        fee=fee,
        net=amount - fee,
        fee_details=[{"amount": fee, "currency": source["currency"], "type": "stripe_fee"}] if fee else [],
        type=kind,
        reporting_category={"payment": "charge", "adjustment": "dispute"}.get(kind, kind),
        source=source["id"],
        status="pending",
        available_on=account.now() + 2 * 86_400,
    )
    if source.get("balance_transaction", "") is None:
        account.change(source, balance_transaction=line["id"])
    return line


def _declined(account: Account, intent: Thing, method: Thing, code: str, reason: str) -> Fault:
    charge = _charge(account, intent, method, status="failed")
    account.change(charge, failure_code=code, failure_message="Your card was declined.", outcome={"reason": reason})
    error = {"code": code, "decline_code": reason, "message": "Your card was declined.", "type": "card_error"}
    account.change(
        intent,
        status="requires_payment_method",
        latest_charge=charge["id"],
        payment_method=None,
        last_payment_error=error,
    )
    account.emit("charge.failed", charge)
    account.emit("payment_intent.payment_failed", intent)
    return Fault(
        "Your card was declined.",
        status=402,
        kind="card_error",
        code=code,
        keeps=True,
        decline_code=reason,
        charge=charge["id"],
        payment_intent=intent,
    )


def capture(account: Account, intent: Thing, _form: Thing) -> Thing:
    """POST /v1/payment_intents/{}/capture."""
    if intent["status"] != "requires_capture":
        raise Fault(
            "This PaymentIntent could not be captured because it has a status of "
            f"{intent['status']}. Only a PaymentIntent with one of the following statuses may be captured: "
            "requires_capture.",
            code="payment_intent_unexpected_state",
            payment_intent=intent,
        )
    charge = account.the("charge", intent["latest_charge"])
    _settle(account, intent, charge)
    account.emit("charge.captured", charge)
    return intent


def cancel(account: Account, intent: Thing, form: Thing) -> Thing:
    """POST /v1/payment_intents/{}/cancel. What was only reserved is let go."""
    if intent["status"] in ("succeeded", "canceled", "processing"):
        raise Fault(
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}.",
            code="payment_intent_unexpected_state",
            payment_intent=intent,
        )
    if intent["status"] == "requires_capture":
        charge = account.the("charge", intent["latest_charge"])
        account.change(charge, refunded=True, amount_refunded=charge["amount"])
        account.emit("charge.refunded", charge)
    reason = form.get("cancellation_reason")
    account.change(
        intent, status="canceled", canceled_at=account.now(), cancellation_reason=reason, amount_capturable=0
    )
    account.emit("payment_intent.canceled", intent)
    return intent


def arrive(account: Account, intent: Thing, *, succeeds: bool) -> Thing:
    """A bank debit has arrived, or came back."""
    charge = account.the("charge", intent["latest_charge"])
    account.store.set_note(f"due:{intent['id']}", "")
    if succeeds:
        _settle(account, intent, charge)
        return intent
    account.change(charge, status="failed", failure_code="insufficient_funds", failure_message="No funds.")
    error = {"code": "insufficient_funds", "type": "card_error", "message": "No funds."}
    account.change(intent, status="requires_payment_method", payment_method=None, last_payment_error=error)
    account.emit("charge.failed", charge)
    account.emit("payment_intent.payment_failed", intent)
    return intent


def create_refund(account: Account, form: Thing) -> Thing:
    """POST /v1/refunds."""
    if "charge" in form:
        charge = account.the("charge", form["charge"], param="charge")
    elif "payment_intent" in form:
        intent = account.the("payment_intent", form["payment_intent"], param="payment_intent")
        if not intent["latest_charge"]:
            raise Fault("This PaymentIntent does not have a successful charge to refund.", param="payment_intent")
        charge = account.the("charge", intent["latest_charge"])
    else:
        raise Fault("One of the following params should be provided for this request: payment_intent or charge.")
    return refund(account, charge, form.get("amount"), reason=form.get("reason"), metadata=form.get("metadata") or {})


def refund(
    account: Account, charge: Thing, amount: int | None, *, reason: str | None = None, metadata: Thing | None = None
) -> Thing:
    """Give money back, no more than is left."""
    left = charge["amount_captured"] - charge["amount_refunded"]
    if charge["refunded"] or not left:
        raise Fault(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if charge["disputed"]:
        raise Fault(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    if charge["status"] != "succeeded":
        raise Fault(f"Charge {charge['id']} has not been captured.", code="charge_not_refundable")
    amount = left if amount is None else amount
    if amount < 1:
        raise Fault("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        raise Fault("Refund amount is greater than unrefunded amount on charge", param="amount")
    made = account.new(
        "refund",
        amount=amount,
        currency=charge["currency"],
        charge=charge["id"],
        payment_intent=charge["payment_intent"],
        reason=reason,
        metadata=metadata or {},
        status="succeeded",
    )
    book(account, made, -amount, kind="refund" if charge["id"].startswith("ch") else "payment_refund")
    gone = charge["amount_refunded"] + amount
    account.change(charge, amount_refunded=gone, refunded=gone == charge["amount_captured"])
    account.emit("refund.created", made)
    account.emit("charge.refunded", charge)
    return made


def fail_refund(account: Account, made: Thing) -> Thing:
    """The bank could not take a refund: the money is back in the account."""
    charge = account.the("charge", made["charge"])
    line = book(account, made, made["amount"], kind="refund_failure")
    account.change(made, status="failed", failure_reason="lost_or_stolen_card", failure_balance_transaction=line["id"])
    gone = charge["amount_refunded"] - made["amount"]
    account.change(charge, amount_refunded=gone, refunded=False)
    account.emit("refund.failed", made)
    account.emit("charge.refund.updated", made)
    return made


def dispute(account: Account, charge: Thing, *, reason: str = "fraudulent") -> Thing:
    """The bank takes a payment back."""
    if charge["disputed"] or charge["status"] != "succeeded":
        raise Fault(f"Charge {charge['id']} cannot be disputed.")
    made = account.new(
        "dispute",
        amount=charge["amount"],
        currency=charge["currency"],
        charge=charge["id"],
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="needs_response",
        is_charge_refundable=False,
        balance_transactions=[],
        evidence={},
        evidence_details={"due_by": account.now() + 9 * 86_400, "has_evidence": False, "past_due": False},
    )
    line = book(account, made, -charge["amount"], kind="adjustment")
    account.change(made, balance_transactions=[line])
    account.change(charge, disputed=True)
    account.emit("charge.dispute.created", made)
    account.emit("charge.dispute.funds_withdrawn", made)
    return made


def close_dispute(account: Account, made: Thing, *, won: bool) -> Thing:
    """The bank has decided."""
    if made["status"] in ("won", "lost"):
        raise Fault("This dispute is already closed.")
    account.change(made, status="won" if won else "lost")
    if won:
        line = book(account, made, made["amount"], kind="adjustment")
        account.change(line, reporting_category="dispute_reversal")
        account.change(made, balance_transactions=[*made["balance_transactions"], line])
        account.emit("charge.dispute.funds_reinstated", made)
    account.emit("charge.dispute.closed", made)
    return made


def invoice_payment(account: Account, invoice: Thing, intent: Thing) -> Thing:
    """What binds an invoice to the intent that pays it; the invoice itself names none at this version."""
    made = account.new(
        "invoice_payment",
        invoice=invoice["id"],
        amount_requested=invoice["amount_due"],
        currency=invoice["currency"],
        is_default=True,
        payment={"type": "payment_intent", "payment_intent": intent["id"]},
        status="open",
        status_transitions={"canceled_at": None, "paid_at": None},
    )
    account.change(invoice, payments=list_of([made], url=f"/v1/invoice_payments?invoice={invoice['id']}"))
    return made
