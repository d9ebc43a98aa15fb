"""Checkout sessions and portal sessions: what is made by the API, and what somebody does on their pages."""

from stet.ledger.practice import payments, plans, setups
from stet.ledger.practice.account import Account, Thing
from stet.ledger.practice.fault import Fault, wanted
from stet.ledger.practice.shapes import number

SOONEST_SECONDS, LATEST_SECONDS = 30 * 60, 24 * 3600
_MODES = {
    "customer_creation": ("payment", "setup"),
    "line_items": ("payment", "subscription"),
    "payment_intent_data": ("payment",),
    "setup_intent_data": ("setup",),
    "submit_type": ("payment", "subscription"),
    "subscription_data": ("subscription",),
}
"""Parameters that are for some modes alone."""
LONGEST_TEXT = 1200


def create_session(account: Account, form: Thing, *, page: str) -> Thing:
    """POST /v1/checkout/sessions. `page`: where pages are, without a slash at the end."""
    _check(account, form)
    mode, now = form["mode"], account.now()
    price = _price(account, form) if mode != "setup" else None
    options = form.get("payment_method_options", {}).get("card", {})
    session = account.new(
        "checkout.session",
        mode=mode,
        status="open",
        payment_status="unpaid",
        ui_mode="hosted_page",
        amount_total=price and price["unit_amount"],
        amount_subtotal=price and price["unit_amount"],
        currency=price["currency"] if price else form.get("currency", "").lower() or None,
        custom_text=form.get("custom_text") or {},
        client_reference_id=form.get("client_reference_id"),
        customer=form.get("customer"),
        customer_creation=form.get("customer_creation", "if_required") if mode != "subscription" else None,
        customer_email=form.get("customer_email"),
        expires_at=form["expires_at"] + account.ahead() if "expires_at" in form else now + LATEST_SECONDS,
        locale=form.get("locale"),
        metadata=form.get("metadata", {}),
        submit_type=form.get("submit_type"),
        success_url=form["success_url"],
        cancel_url=form.get("cancel_url"),
        allowed_payment_method_types=form.get("allowed_payment_method_types"),
        payment_method_types=form.get("allowed_payment_method_types") or ["card", "sepa_debit"],
        payment_method_options={"card": options} if options else {},
    )
    session["url"] = f"{page}/c/pay/{session['id']}"
    account.store.put(session)
    if price is None:
        intent = setups.create(account, _setup_wish(session, form))
        return account.change(session, setup_intent=intent["id"])
    wish = {
        "price": price["id"],
        "capture": options.get("capture_method")
        or form.get("payment_intent_data", {}).get("capture_method", "automatic_async"),
        "metadata": (form.get("payment_intent_data") or form.get("subscription_data") or {}).get("metadata", {}),
    }
    account.store.put({"object": "wish", "id": f"wish_{session['id']}", "created": now, **wish})
    return session


def _check(account: Account, form: Thing) -> None:
    for name in ("mode", "success_url"):
        if not form.get(name):
            raise wanted(name)
    for name, modes in _MODES.items():
        if name in form and form["mode"] not in modes:
            raise Fault(f"You can not pass `{name}` in `{form['mode']}` mode.", param=name)
    if form["mode"] != "setup" and not form.get("line_items"):
        raise wanted("line_items")
    if form["mode"] == "setup" and not (form.get("currency") or form.get("allowed_payment_method_types")):
        raise wanted("currency")
    if form.get("customer_creation") and form.get("customer"):
        raise Fault("You may only specify one of these parameters: customer, customer_creation.")
    if form.get("customer"):
        account.the("customer", form["customer"], param="customer")
    for part in (form.get("custom_text") or {}).values():
        if isinstance(part, dict) and len(part["message"]) > LONGEST_TEXT:
            raise Fault(f"Invalid string: must be at most {LONGEST_TEXT} characters", param="custom_text")
    for name in ("success_url", "cancel_url"):
        if not form.get(name, "https://").startswith(("http://", "https://")):
            raise Fault("Not a valid URL", code="url_invalid", param=name)
    reference = form.get("client_reference_id", "")
    if len(reference) > 200:
        raise Fault("Invalid string: client_reference_id is too long", param="client_reference_id")
    if "expires_at" in form:
        # Whoever asks knows the machine's time; the account's may have been moved on.
        ahead = form["expires_at"] + account.ahead() - account.now()
        if not SOONEST_SECONDS - 5 <= ahead <= LATEST_SECONDS + 5:
            raise Fault(
                "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
                if ahead < SOONEST_SECONDS
                else "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
                param="expires_at",
            )


def _setup_wish(session: Thing, form: Thing) -> Thing:
    return {
        "metadata": form.get("setup_intent_data", {}).get("metadata", {}),
        "allowed_payment_method_types": session["payment_method_types"],
        **({"customer": session["customer"]} if session["customer"] else {}),
    }


def _price(account: Account, form: Thing) -> Thing:
    if len(form["line_items"]) != 1:
        raise Fault("This practice provider sells one thing at a time.", param="line_items")
    item = form["line_items"][0]
    if item.get("quantity") != 1:
        raise Fault("Quantity is required. Add `quantity` to `line_items[0]`", param="line_items[0][quantity]")
    if item.get("price"):
        price = account.the("price", item["price"], param="line_items[0][price]")
    elif item.get("price_data"):
        price = plans.create_price(account, item["price_data"])
    else:
        raise wanted("line_items[0][price]")
    if bool(price["recurring"]) != (form["mode"] == "subscription"):
        raise Fault("The price's type does not fit the session's mode.", param="line_items")
    return price


def pay(account: Account, session: Thing, *, kind: str = "card", country: str = "US", manner: str = "") -> Thing:
    """Somebody pays on the page. A decline is a fault; the page stays open."""
    if session["status"] != "open":
        raise Fault("This Checkout Session is no longer open.")
    if session["mode"] == "setup":
        return _set_up(account, session, kind=kind, country=country, manner=manner)
    wish = account.the("wish", f"wish_{session['id']}")
    method = payments.new_method(account, kind, country=country, manner=manner)
    if session["mode"] == "subscription":
        intent = _subscribe(account, session, wish, method)
    else:
        intent = _pay_once(account, session, wish, method)
    is_on_its_way = intent["status"] in ("processing", "requires_capture")
    account.change(
        session,
        status="complete",
        payment_status="unpaid" if is_on_its_way else "paid",
        url=None,
        customer_details={**payments.PERSON, "tax_exempt": "none", "tax_ids": []},
    )
    account.emit("checkout.session.completed", session)
    return session


def _set_up(account: Account, session: Thing, *, kind: str, country: str, manner: str) -> Thing:
    """Somebody leaves a card and pays nothing; the customer comes to be with it, where one is wished for."""
    method = payments.new_method(account, kind, country=country, manner=manner)
    intent = account.the("setup_intent", session["setup_intent"])
    setups.check(account, intent, method)
    if session["customer_creation"] == "always" and not session["customer"]:
        customer = plans.create_customer(account, {"email": payments.PERSON["email"], "name": payments.PERSON["name"]})
        account.change(session, customer=customer["id"])
        account.change(intent, customer=customer["id"])
    setups.succeed(account, intent, method)
    account.change(
        session,
        status="complete",
        payment_status="no_payment_required",
        url=None,
        customer_details={**payments.PERSON, "tax_exempt": "none", "tax_ids": []},
    )
    account.emit("checkout.session.completed", session)
    return session


def _pay_once(account: Account, session: Thing, wish: Thing, method: Thing) -> Thing:
    kept = session["payment_intent"] and account.the("payment_intent", session["payment_intent"])
    intent = kept or payments.create_intent(
        account,
        {
            "amount": session["amount_total"],
            "currency": session["currency"],
            "capture_method": wish["capture"] if method["type"] == "card" else "automatic_async",
            "metadata": wish["metadata"],
        },
    )
    account.change(session, payment_intent=intent["id"])
    account.change(intent, payment_method=method["id"])
    return payments.confirm(account, intent)


def _subscribe(account: Account, session: Thing, wish: Thing, method: Thing) -> Thing:
    if account.store.note(f"manner:{method['id']}") in payments._DECLINES:
        # The page tries the card first; the subscription comes to be with the payment.
        trial = payments.create_intent(account, {"amount": session["amount_total"], "currency": session["currency"]})
        account.change(trial, payment_method=method["id"])
        payments.confirm(account, trial)
    customer = (
        account.the("customer", session["customer"])
        if session["customer"]
        else plans.create_customer(account, {"email": payments.PERSON["email"], "name": payments.PERSON["name"]})
    )
    account.change(method, customer=customer["id"])
    subscription = plans.begin(
        account, customer, account.the("price", wish["price"]), method, metadata=wish["metadata"]
    )
    invoice = account.the("invoice", subscription["latest_invoice"])
    account.change(session, customer=customer["id"], subscription=subscription["id"], invoice=invoice["id"])
    return plans.payment_of(account, invoice)[1]


def arrived(account: Account, intent: Thing, *, succeeds: bool) -> None:
    """A bank debit has arrived or came back: for the payment, its invoice, and the session it began with."""
    payments.arrive(account, intent, succeeds=succeeds)
    invoice = None
    if account.store.all("invoice_payment", payment__payment_intent=intent["id"]):
        invoice = plans.follow(account, intent)
    sessions = account.store.all("checkout.session", payment_intent=intent["id"]) or (
        account.store.all("checkout.session", invoice=invoice["id"]) if invoice else []
    )
    for session in sessions:
        if succeeds:
            account.change(session, payment_status="paid")
        account.emit(f"checkout.session.async_payment_{'succeeded' if succeeds else 'failed'}", session)


def expire(account: Account, session: Thing) -> Thing:
    """POST /v1/checkout/sessions/{}/expire."""
    if session["status"] != "open":
        raise Fault(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of '
            f"`{session['status']}`."
        )
    account.change(session, status="expired", url=None)
    if session["setup_intent"]:
        setups.cancel(account, account.the("setup_intent", session["setup_intent"]))
    account.emit("checkout.session.expired", session)
    return session


def create_portal(account: Account, form: Thing, *, page: str) -> Thing:
    """POST /v1/billing_portal/sessions."""
    customer = account.the("customer", form.get("customer", ""), param="customer")
    session = account.new(
        "billing_portal.session",
        customer=customer["id"],
        return_url=form.get("return_url"),
        locale=form.get("locale"),
        configuration="bpc_practice",
    )
    return account.change(session, url=f"{page}/p/session/{number('test')}")


def subscriptions_of(account: Account, session: Thing) -> list[Thing]:
    """What a portal shows: the customer's subscriptions that still collect."""
    mine = account.store.all("subscription", customer=session["customer"])
    return [one for one in mine if one["status"] not in plans.ENDED]
