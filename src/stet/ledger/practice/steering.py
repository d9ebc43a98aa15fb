"""Everything that happens at a real provider without our doing: a test or the counter's buttons make it happen here."""

from collections.abc import Callable

from stet.ledger.practice import checkout, payments, plans
from stet.ledger.practice.account import Account, Thing
from stet.ledger.practice.fault import Fault

Form = dict[str, str]


def _clock(account: Account, form: Form) -> None:
    plans.move_on(account, int(form.get("seconds", "0")) + 86_400 * int(form.get("days", "0")))


def _pay(account: Account, form: Form) -> None:
    """Somebody pays a session: `how` as on the page, `country` of the card."""
    session = account.the("checkout.session", form["session"])
    pay(account, session, how=form.get("how", "card"), country=form.get("country", "US"))


def pay(account: Account, session: Thing, *, how: str, country: str) -> Thing:
    """What the pay page's buttons do."""
    if session["expires_at"] <= account.now() and session["status"] == "open":
        checkout.expire(account, session)
    manner = {"decline": "chargedeclined", "later": "chargecustomerfail"}.get(how, "")
    kind = "sepa_debit" if how == "debit" else "card"
    return checkout.pay(account, session, kind=kind, country=country, manner=manner)


def mend(account: Account, plan: Thing) -> None:
    """A card that works is put in; what is open is collected with it."""
    account.store.set_note(f"manner:{plan['default_payment_method']}", "")
    for invoice in account.store.all("invoice", parent__subscription_details__subscription=plan["id"], status="open"):
        plans.collect(account, invoice)


def _arrive(account: Account, form: Form) -> None:
    intent = account.the("payment_intent", form["intent"])
    if intent["status"] != "processing":
        raise Fault("This payment is not on its way.")
    checkout.arrived(account, intent, succeeds=form.get("succeeds", "1") == "1")


def _refund(account: Account, form: Form) -> None:
    amount = int(form["amount"]) if form.get("amount") else None
    payments.refund(account, account.the("charge", form["charge"]), amount)


def _fail_refund(account: Account, form: Form) -> None:
    payments.fail_refund(account, account.the("refund", form["refund"]))


def _dispute(account: Account, form: Form) -> None:
    payments.dispute(account, account.the("charge", form["charge"]))


def _close(account: Account, form: Form) -> None:
    payments.close_dispute(account, account.the("dispute", form["dispute"]), won=form.get("won") == "1")


def _card(account: Account, form: Form) -> None:
    plan = account.the("subscription", form["subscription"])
    if form.get("fails") == "1":
        account.store.set_note(f"manner:{plan['default_payment_method']}", "chargedeclined")
    else:
        mend(account, plan)


def _end(account: Account, form: Form) -> None:
    plans.end(account, account.the("subscription", form["subscription"]))


def _hooks(account: Account, form: Form) -> None:
    """`copies`, `shuffle` and `hold` of deliveries, as `stet.ledger.practice.hooks` says."""
    for name in ("copies", "shuffle", "hold"):
        if name in form:
            account.store.set_note(f"hooks:{name}", str(int(form[name])))


def _away(account: Account, form: Form) -> None:
    """So many requests to the API are answered with an error of the provider's own, after so many that are not.

    `final`: clients are told that trying again at once is of no use.
    """
    account.store.set_note("away:final", form.get("final", ""))
    account.store.set_note("away", str(int(form["requests"])))
    account.store.set_note("away:after", str(int(form.get("after", "0"))))


ACTS: dict[str, Callable[[Account, Form], None]] = {
    "arrive": _arrive,
    "away": _away,
    "card": _card,
    "clock": _clock,
    "close": _close,
    "dispute": _dispute,
    "end": _end,
    "hooks": _hooks,
    "pay": _pay,
    "refund": _refund,
    "refund/fail": _fail_refund,
}
