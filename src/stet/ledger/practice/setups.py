"""Setups: a card or an account is left for later, and nothing is paid."""

from stet.ledger.practice import payments
from stet.ledger.practice.account import Account, Thing
from stet.ledger.practice.fault import Fault

LATER = frozenset({"chargecustomerfail"})
"""Cards that are taken here, and fail when something is collected from them."""


def create(account: Account, form: Thing) -> Thing:
    """POST /v1/setup_intents."""
    customer = account.the("customer", form["customer"], param="customer") if form.get("customer") else None
    intent = account.new(
        "setup_intent",
        customer=customer and customer["id"],
        metadata=form.get("metadata") or {},
        payment_method_types=form.get("allowed_payment_method_types") or ["card"],
        status="requires_payment_method",
        usage=form.get("usage", "off_session"),
    )
    account.emit("setup_intent.created", intent)
    if form.get("payment_method"):
        method = payments.method_of_token(account, form["payment_method"])
        account.change(intent, payment_method=method["id"], status="requires_confirmation")
        if form.get("confirm"):
            check(account, intent, method)
            succeed(account, intent, method)
    elif form.get("confirm"):
        raise Fault("You cannot confirm this SetupIntent because it's missing a payment method.")
    return intent


def check(account: Account, intent: Thing, method: Thing) -> None:
    """What the bank says of the card. A decline is a fault, and is kept."""
    manner = account.store.note(f"manner:{method['id']}")
    if manner not in payments._DECLINES or manner in LATER:
        return
    code, reason = payments._DECLINES[manner]
    error = {"code": code, "decline_code": reason, "message": "Your card was declined.", "type": "card_error"}
    account.change(intent, status="requires_payment_method", payment_method=None, last_setup_error=error)
    account.emit("setup_intent.setup_failed", intent)
    raise Fault(
        "Your card was declined.",
        status=402,
        kind="card_error",
        code=code,
        keeps=True,
        decline_code=reason,
        setup_intent=intent,
    )


def succeed(account: Account, intent: Thing, method: Thing) -> None:
    """The card is left, with the customer where there is one."""
    if intent["customer"]:
        payments.attach(account, method, account.the("customer", intent["customer"]))
    account.change(intent, status="succeeded", payment_method=method["id"])
    account.emit("setup_intent.succeeded", intent)


def cancel(account: Account, intent: Thing) -> Thing:
    """POST /v1/setup_intents/{}/cancel."""
    if intent["status"] in ("succeeded", "canceled"):
        raise Fault(
            f"You cannot cancel this SetupIntent because it has a status of {intent['status']}.",
            code="setup_intent_unexpected_state",
        )
    account.change(intent, status="canceled", cancellation_reason="abandoned")
    account.emit("setup_intent.canceled", intent)
    return intent
