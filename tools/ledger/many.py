"""Many gifts and plans at once, at a practice provider and in the ledger, for measuring.

They are made in the provider's file without asking its API, and inserted into the ledger in bulk: what is measured
begins afterwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from stet.ledger.practice import payments, plans
from stet.ledger.practice.account import Account
from stet.ledger.practice.store import Store

AT_ONCE = 1_000
AMOUNT = 500


@dataclass(frozen=True, kw_only=True)
class Injected:
    """Differences that a comparison has to find."""

    missing_here: int
    missing_there: int
    amount: int
    unknown: int

    @classmethod
    def among(cls, count: int) -> "Injected":
        """A few of each kind."""
        return cls(
            missing_here=max(1, count // 100), missing_there=max(1, count // 500), amount=max(1, count // 400),
            unknown=max(1, count // 300),
        )  # fmt: skip


def gifts(file: Path, count: int, wrong: Injected) -> None:
    """So many single gifts that were paid; the ledger knows them, but for what is wrong."""
    from stet.ledger.models import Contribution, Fact

    month = _month()
    rows: list[Any] = []
    facts: list[Any] = []
    for place, (uid, charge) in enumerate(_paid(file, count + wrong.unknown)):
        if place >= count:
            continue  # of nobody here
        row = Contribution(uid=uid, month=month, session_id="", **_money("once"))
        rows.append(row)
        if place >= wrong.missing_here:
            minor = AMOUNT + (wrong.missing_here <= place < wrong.missing_here + wrong.amount)
            facts.append(_fact(charge, month, contribution=row, minor=minor))
    for number in range(wrong.missing_there):
        row = Contribution(uid=uuid4(), month=month, **_money("once"))
        rows.append(row)
        facts.append(_fact(f"ch_nowhere{number}", month, contribution=row))
    Contribution.objects.bulk_create(rows, batch_size=AT_ONCE)
    Fact.objects.bulk_create(facts, batch_size=AT_ONCE)


def running_plans(file: Path, count: int, *, country: str, others: int) -> None:
    """So many monthly plans paid with cards of a country, and some of another."""
    from stet.ledger.models import Plan

    rows = []
    for number, customer in _subscribed(file, [country] * count + ["LV"] * others):
        rows.append(Plan(provider_id=number, customer_id=customer, month=_month(), **_money("monthly")))
    Plan.objects.bulk_create(rows, batch_size=AT_ONCE)


def _month() -> date:
    return datetime.now(UTC).date().replace(day=1)


def _money(interval: str) -> dict[str, Any]:
    return {"provider": "practice", "interval": interval, "minor": AMOUNT, "currency": "USD", "language": "en"}


def _fact(charge: str, month: date, *, contribution: Any, minor: int = AMOUNT) -> Any:
    from stet.ledger.models import Fact

    return Fact(
        provider="practice", kind="settled", provider_id=charge, contribution=contribution, minor=minor, currency="USD",
        month=month,
    )  # fmt: skip


def _paid(file: Path, count: int) -> Iterator[tuple[UUID, str]]:
    store = Store(file)
    account = Account(store)
    with store.changing():
        method = payments.new_method(account, "card", country="LV")
        for _ in range(count):
            uid = uuid4()
            form = {"amount": AMOUNT, "currency": "usd", "metadata": {"stet": str(uid)}}
            intent = payments.create_intent(account, form)
            account.change(intent, payment_method=method["id"])
            yield uid, payments.confirm(account, intent)["latest_charge"]
    store.close()


def _subscribed(file: Path, countries: list[str]) -> Iterator[tuple[str, str]]:
    store = Store(file)
    account = Account(store)
    with store.changing():
        product = plans.create_product(account, {"name": "Haldane Press Fund"})
        price = plans.create_price(
            account,
            {
                "currency": "usd",
                "unit_amount": AMOUNT,
                "product": product["id"],
                "recurring": {"interval": "month"},
            },
        )
        for country in countries:
            customer = plans.create_customer(account, {})
            method = payments.new_method(account, "card", country=country, customer=customer["id"])
            plan = plans.begin(account, customer, price, method, metadata={"stet": str(uuid4())})
            yield plan["id"], customer["id"]
    store.close()
