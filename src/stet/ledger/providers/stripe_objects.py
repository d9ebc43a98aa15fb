"""What Stripe's objects say, as facts. Nothing here asks anybody anything.

Objects are plain dictionaries. A field that is not there is read as unknown, a word that is not known as "not yet":
a newer version of Stripe's API may say more, and nothing breaks.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from stet.kit.money import Money
from stet.ledger.models import Fact
from stet.ledger.providers.base import FactTold, PlanTold, as_uid

Thing = dict[str, Any]

OUR_KEY = "stet"
"""The one entry of metadata that is ours: the contribution's uid."""
INTERVALS = {"month": "monthly", "year": "annual"}
ENDED = frozenset({"canceled", "incomplete_expired"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose a payment is: a contribution, a plan, or nobody's here."""

    uid: UUID | None = None
    plan: PlanTold | None = None
    is_first: bool = False

    @property
    def is_ours(self) -> bool:
        """Whether it is anybody's here."""
        return self.uid is not None or self.plan is not None


NOBODY = Owner()


def number_of(value: Any) -> str:
    """The number of an object that may be expanded; "" for none."""
    if isinstance(value, dict):
        return str(value.get("id") or "")
    return value if isinstance(value, str) else ""


def our_uid(thing: Thing | None) -> UUID | None:
    """Our uid in an object's metadata."""
    return as_uid(((thing or {}).get("metadata") or {}).get(OUR_KEY))


def word(text: Any) -> str:
    """A word of the provider's, or nothing: never free text."""
    return text if isinstance(text, str) and re.fullmatch(r"[a-z][a-z0-9_]{0,39}", text) else ""


def month_at(moment: Any) -> date:
    """The month of a moment in seconds."""
    return datetime.fromtimestamp(int(moment), UTC).date().replace(day=1)


def money_of(minor: Any, currency: Any) -> Money:
    """An amount as Stripe writes it."""
    return Money(int(minor), str(currency).upper())


def plan_told(subscription: Thing) -> PlanTold | None:
    """A subscription as a plan; None for one that is not ours."""
    uid = our_uid(subscription)
    items = (subscription.get("items") or {}).get("data") or []
    if uid is None or not items:
        return None
    price = items[0].get("price") or {}
    interval = INTERVALS.get((price.get("recurring") or {}).get("interval", ""))
    if interval is None or price.get("unit_amount") is None:
        return None
    return PlanTold(
        provider_id=subscription["id"],
        customer_id=number_of(subscription.get("customer")),
        interval=interval,
        money=money_of(price["unit_amount"] * (items[0].get("quantity") or 1), price["currency"]),
        uid=uid,
    )


def owner_in(plan: PlanTold | None, invoice: Thing) -> Owner:
    """Whose the payment of a plan's invoice is."""
    if plan is None:
        return NOBODY
    is_first = invoice.get("billing_reason") == "subscription_create"
    return Owner(uid=plan.uid if is_first else None, plan=plan, is_first=is_first)


def ended(subscription: Thing, plan: PlanTold) -> FactTold | None:
    """That a plan collects no more."""
    if subscription.get("status") not in ENDED:
        return None
    moment = subscription.get("ended_at") or subscription.get("canceled_at") or subscription["created"]
    return FactTold(
        kind=Fact.Kind.ENDED,
        provider_id=subscription["id"],
        month=month_at(moment),
        money=None,
        uid=None,
        plan=plan,
        why=word((subscription.get("cancellation_details") or {}).get("reason")),
    )


def payment(charge: Thing, owner: Owner, *, why_released: str = "") -> FactTold | None:
    """What became of one attempt to collect; None while nothing has.

    An attempt that ended before there was a charge, such as at the bank's question who is there, is none: Stripe keeps
    no number of it.
    """
    if charge.get("status") == "failed":
        return _told(Fact.Kind.FAILED, charge, charge["amount"], owner, why=word(charge.get("failure_code")))
    if charge.get("status") != "succeeded":
        return None
    if charge.get("captured"):
        line = charge.get("balance_transaction")
        moment = line["created"] if isinstance(line, dict) else charge["created"]
        amount = charge.get("amount_captured") or charge["amount"]
        return _told(Fact.Kind.SETTLED, charge, amount, owner, moment=moment)
    if why_released:
        return _told(Fact.Kind.FAILED, charge, charge["amount"], owner, why=why_released)
    return None


def refunded(refund: Thing, owner: Owner, *, why: str = "") -> FactTold | None:
    """That money went back. One that is on its way or did not arrive is none."""
    if refund.get("status") != "succeeded":
        return None
    return _told(
        Fact.Kind.REFUNDED,
        refund,
        refund["amount"],
        owner,
        of=number_of(refund.get("charge")),
        why=why or word(refund.get("reason")),
    )


def disputed(dispute: Thing, owner: Owner) -> list[FactTold]:
    """That the bank took a payment back, and gave it again. An inquiry that takes nothing is none."""
    of, facts = number_of(dispute.get("charge")), []
    lines = [line for line in dispute.get("balance_transactions") or [] if isinstance(line, dict)]
    taken = [line for line in lines if line["amount"] < 0]
    given = [line for line in lines if line["amount"] > 0]
    why = word(dispute.get("reason"))
    for kind, found in ((Fact.Kind.DISPUTED, taken), (Fact.Kind.REINSTATED, given)):
        if found:
            moment = found[0]["created"]
            facts.append(_told(kind, dispute, dispute["amount"], owner, of=of, moment=moment, why=why))
    return facts


def expired(session: Thing, uid: UUID | None) -> FactTold:
    """That a page was never paid on."""
    moment = session.get("expires_at") or session["created"]
    return FactTold(
        kind=Fact.Kind.ENDED, provider_id=session["id"], month=month_at(moment), money=None, uid=uid, why="expired"
    )


def let_go(setup: Thing, *, why: str) -> FactTold:
    """That a card that was left for a plan began none, and nothing was charged."""
    return FactTold(
        kind=Fact.Kind.ENDED,
        provider_id=setup["id"],
        month=month_at(setup["created"]),
        money=None,
        uid=our_uid(setup),
        why=why,
    )


def _told(
    kind: str, thing: Thing, minor: int, owner: Owner, *, of: str = "", why: str = "", moment: int | None = None
) -> FactTold:
    return FactTold(
        kind=kind,
        provider_id=thing["id"],
        month=month_at(thing["created"] if moment is None else moment),
        money=money_of(minor, thing["currency"]),
        uid=owner.uid,
        plan=owner.plan,
        is_first=owner.is_first,
        of=of,
        why=why,
    )


def card_country(method: Thing | None) -> str:
    """The country of a card or an account, from a payment method or from the details on a charge; "" for none."""
    own = (method or {}).get((method or {}).get("type", "")) or {}
    return str(own.get("country") or "").upper() if isinstance(own, dict) else ""
