"""The practice provider's pages: where it is paid, the portal, and the counter where everything else is made to happen.

Plain forms, no script. Nothing that is typed here is kept.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from importlib.resources import files

from stet.kit.money import Money, format_money
from stet.ledger.practice import checkout
from stet.ledger.practice.account import Account, Thing
from stet.ledger.practice.plans import ENDED
from stet.ledger.practice.words import WORDS, Words

_STYLE = (files("stet.ledger.practice") / "pages.css").read_text(encoding="utf-8")
COUNTRIES = ("US", "DE", "LV", "GB", "BR", "RU", "BY", "IR", "KZ")
"""Countries of cards that can be tried out."""


def page(title: str, body: str, *, words: Words, language: str, wide: bool = False) -> str:
    """A whole page."""
    return (
        f'<!doctype html><html lang="{language}" dir="{words.direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f'<main{" class=wide" if wide else ""}><p class="practice">{escape(words.practice)}</p>{body}</main>'
        "</body></html>"
    )


def pay_page(account: Account, session: Thing, *, language: str, is_declined: bool) -> str:
    """Where somebody pays, or changes their mind."""
    words = WORDS[language]
    if session["mode"] == "setup":
        return _setup_page(account, session, words=words, language=language, is_declined=is_declined)
    price = account.the("price", account.the("wish", f"wish_{session['id']}")["price"])
    name = account.the("product", price["product"])["name"]
    often = {"month": words.monthly, "year": words.yearly}.get((price["recurring"] or {}).get("interval", ""), "")
    money = format_money(Money(session["amount_total"], session["currency"].upper()), language)
    first = words.subscribe if often else words.pay
    ways = ""
    if "card" in session["payment_method_types"]:
        ways += f'<button class="first" name="how" value="card">{escape(first)}</button>'
        ways += f'<p><button name="how" value="decline">{escape(words.decline)}</button></p>'
    if "sepa_debit" in session["payment_method_types"]:
        ways += f'<p><button name="how" value="debit">{escape(words.debit)}</button></p>'
        ways += f'<p class="small">{escape(words.debit_note)}</p>'
    body = (
        f'<h1>{escape(name)}</h1><p class="sum">{escape(money)}</p>'
        + (f"<p>{escape(often)}</p>" if often else "")
        + _trouble(words, is_declined=is_declined)
        + _form(ways, words)
        + _leave(session["cancel_url"], words.back)
        + f'<p class="small">{escape(words.statement)} <bdi><strong>{escape(account.descriptor)}</strong></bdi></p>'
    )
    return page(name, body, words=words, language=language)


def _setup_page(account: Account, session: Thing, *, words: Words, language: str, is_declined: bool) -> str:
    """Where a card is left, and nothing is paid. As at Stripe's, no amount is shown but in the shop's own words."""
    text = ((session["custom_text"] or {}).get("submit") or {}).get("message", "")
    ways = f'<button class="first" name="how" value="card">{escape(words.leave_card)}</button>'
    ways += f'<p><button name="how" value="decline">{escape(words.decline)}</button></p>'
    ways += f'<p><button name="how" value="later">{escape(words.fail_later)}</button></p>'
    body = (
        f"<h1>{escape(words.leave_card)}</h1>"
        + _trouble(words, is_declined=is_declined)
        + (f'<p dir="auto">{escape(text)}</p>' if text else "")
        + _form(ways, words)
        + _leave(session["cancel_url"], words.back)
        + f'<p class="small">{escape(words.statement)} <bdi><strong>{escape(account.descriptor)}</strong></bdi></p>'
    )
    return page(words.leave_card, body, words=words, language=language)


def _trouble(words: Words, *, is_declined: bool) -> str:
    return f'<p class="bad" role="alert">{escape(words.declined)}</p>' if is_declined else ""


def _form(ways: str, words: Words) -> str:
    countries = "".join(f"<option>{one}</option>" for one in COUNTRIES)
    return (
        f'<form method="post">{ways}<details><summary>{escape(words.country)}</summary>'
        f'<label for="country">{escape(words.country)}</label>'
        f'<select id="country" name="country">{countries}</select></details></form>'
    )


def _leave(url: str | None, says: str) -> str:
    return f'<p><a class="button" href="{escape(url)}" rel="noreferrer">{escape(says)}</a></p>' if url else ""


def closed_page(language: str) -> str:
    """A session that is over."""
    words = WORDS[language]
    return page(words.closed, f"<h1>{escape(words.closed)}</h1>", words=words, language=language)


def portal_page(account: Account, session: Thing, *, language: str) -> str:
    """Where somebody who gives regularly ends it, or changes the card."""
    words = WORDS[language]
    plans = []
    for one in checkout.subscriptions_of(account, session):
        price = one["items"]["data"][0]["price"]
        money = format_money(Money(price["unit_amount"], price["currency"].upper()), language)
        often = {"month": words.monthly, "year": words.yearly}.get(price["recurring"]["interval"], "")
        plans.append(
            f'<li><p><strong>{escape(money)}</strong> {escape(often)}</p><form method="post">'
            f'<input type="hidden" name="plan" value="{one["id"]}">'
            f'<button name="how" value="end">{escape(words.end_plan)}</button>'
            f'<p><button name="how" value="mend">{escape(words.mend_card)}</button></p></form></li>'
        )
    listed = f"<ul>{''.join(plans)}</ul>" if plans else f"<p>{escape(words.no_plans)}</p>"
    leave = _leave(session["return_url"], words.leave)
    return page(words.plans, f"<h1>{escape(words.plans)}</h1>{listed}{leave}", words=words, language=language)


def _button(action: str, says: str, **fields: str) -> str:
    inputs = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items())
    return f'<form method="post" action="/practice/{action}">{inputs}<button>{escape(says)}</button></form>'


def counter_page(account: Account) -> str:
    """What happened here lately, with a button for each thing that can happen next. For technicians: English alone."""
    clock = datetime.fromtimestamp(account.now(), UTC)
    owed = len(account.store.owed())
    body = (
        f"<h1>Practice provider</h1><p>Its clock says {clock:%Y-%m-%d %H:%M} UTC. Deliveries that are owed: {owed}.</p>"
        '<div class="row">'
        + _button("clock", "A day later", days="1")
        + _button("clock", "A week later", days="7")
        + _button("clock", "A month later", days="31")
        + "</div><h2>Payments</h2>"
        + _table(_charge_row(account, one) for one in account.store.all("charge", many=30))
        + "<h2>Plans</h2>"
        + _table(_plan_row(account, one) for one in account.store.all("subscription", many=30))
        + "<h2>Refunds and disputes</h2>"
        + _table(
            [_refund_row(one) for one in account.store.all("refund", many=15)]
            + [_dispute_row(one) for one in account.store.all("dispute", many=15)]
        )
    )
    return page("Practice provider", body, words=WORDS["en"], language="en", wide=True)


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    whole = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{whole}</table>" if whole else "<p>None.</p>"


def _sum(thing: Thing) -> str:
    return escape(format_money(Money(thing["amount"], thing["currency"].upper()), "en", is_full=True))


def _charge_row(account: Account, charge: Thing) -> tuple[str, ...]:
    intent = account.the("payment_intent", charge["payment_intent"])
    can = ""
    if charge["status"] == "pending":
        can = _button("arrive", "It arrives", intent=intent["id"], succeeds="1")
        can += _button("arrive", "It comes back", intent=intent["id"], succeeds="0")
    elif charge["captured"] and not charge["disputed"] and not charge["refunded"]:
        can = _button("refund", "Refund", charge=charge["id"]) + _button("dispute", "Dispute", charge=charge["id"])
    state = "refunded" if charge["refunded"] else "disputed" if charge["disputed"] else charge["status"]
    return charge["id"], _sum(charge), state, can


def _plan_row(account: Account, plan: Thing) -> tuple[str, ...]:
    price = plan["items"]["data"][0]["price"]
    can = ""
    if plan["status"] not in ENDED:
        fails = account.store.note(f"manner:{plan['default_payment_method']}") != ""
        says = "Its card works again" if fails else "Its card fails from now on"
        can = _button("card", says, subscription=plan["id"], fails="0" if fails else "1")
        can += _button("end", "End it", subscription=plan["id"])
    own = {"amount": price["unit_amount"], "currency": plan["currency"]}
    return plan["id"], f"{_sum(own)} a {price['recurring']['interval']}", plan["status"], can


def _refund_row(refund: Thing) -> tuple[str, ...]:
    can = _button("refund/fail", "It fails", refund=refund["id"]) if refund["status"] == "succeeded" else ""
    return refund["id"], _sum(refund), refund["status"], can


def _dispute_row(dispute: Thing) -> tuple[str, ...]:
    can = ""
    if dispute["status"] not in ("won", "lost"):
        can = _button("close", "Won", dispute=dispute["id"], won="1")
        can += _button("close", "Lost", dispute=dispute["id"], won="0")
    return dispute["id"], _sum(dispute), dispute["status"], can
