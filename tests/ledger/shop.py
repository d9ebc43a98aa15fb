"""A payment provider that exists only here: orders, payments, renewals, refunds, disputes, in one object.

It keeps what happened in the order in which it happened. `Shop.now` says up to where its clock has come: what it tells
are the facts up to there, so deliveries can be worked off late, early in time, twice, and in any order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from stet.kit.money import Money
from stet.ledger.errors import DeliveryRefusedError, ProviderAwayError, ProviderRefusedError
from stet.ledger.providers.base import Capabilities, Delivery, FactTold, Order, PlanTold, Started

NOVEMBER = date(2026, 11, 1)
SIGNATURE = "signed by the shop"


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened: the order it belongs to, and the fact that follows, if one does."""

    session: str
    fact: FactTold | None


@dataclass(slots=True)
class Shop:
    """The provider's side."""

    orders: dict[str, Order] = field(default_factory=dict)
    """By session."""
    history: list[Happened] = field(default_factory=list)
    now: int | None = None
    """How many things have happened by the clock; None for all."""
    keys: set[UUID] = field(default_factory=set)
    """Of refunds and cancellations that were carried out."""
    countries: dict[str, str] = field(default_factory=dict)
    """Of plans' cards."""
    month: date = NOVEMBER

    def told(self) -> list[Happened]:
        """What has happened by the clock."""
        return self.history[: self.now]

    # --- What the newsroom orders ---

    def start(self, order: Order) -> Started:
        """The page of an order; the same one for the same uid."""
        session = f"cs_{order.uid.hex}"
        self.orders.setdefault(session, order)
        return Started(session_id=session, url=f"https://shop.example.org/{session}")

    # --- What happens there ---

    def happens(self, session: str, fact: FactTold | None = None) -> Delivery:
        """Let something happen; its delivery."""
        self.history.append(Happened(session, fact))
        return Delivery(event_id=f"evt_{len(self.history)}", reference=f"session:{session}")

    def is_recurring(self, session: str) -> bool:
        return self.orders[session].interval != "once"

    def plan_of(self, session: str) -> PlanTold | None:
        order = self.orders[session]
        if order.interval == "once":
            return None
        return PlanTold(
            provider_id=f"sub_{order.uid.hex}", customer_id=f"cus_{order.uid.hex}", interval=order.interval,
            money=order.money, uid=order.uid,
        )  # fmt: skip

    def fact(self, session: str, kind: str, number: str, **changes: object) -> FactTold:
        order = self.orders[session]
        values: dict[str, object] = {
            "kind": kind, "provider_id": number, "month": self.month, "money": order.money, "uid": order.uid,
            "plan": self.plan_of(session),
        }  # fmt: skip
        return FactTold(**{**values, **changes})  # type: ignore[arg-type]

    def count(self, session: str, kind: str) -> int:
        return sum(1 for one in self.history if one.session == session and one.fact and one.fact.kind == kind)

    def opens(self, session: str) -> Delivery:
        """A delivery that is about nothing yet, such as "the page was opened"."""
        return self.happens(session)

    def pay(self, session: str) -> Delivery:
        """The first payment, or a plan's next."""
        number = self.count(session, "settled") + 1
        uid = self.orders[session].uid.hex
        return self.happens(session, self.fact(session, "settled", f"ch_{uid}_{number}", is_first=number == 1))

    def decline(self, session: str) -> Delivery:
        number = self.count(session, "failed") + 1
        is_first = not self.count(session, "settled")
        uid = self.orders[session].uid.hex
        return self.happens(
            session, self.fact(session, "failed", f"try_{uid}_{number}", is_first=is_first, why="card_declined")
        )

    def give_back(self, payment: str, money: Money, *, key: UUID | None = None) -> Delivery:
        session = self.session_of(payment)
        number = key.hex if key else str(self.count(session, "refunded") + 1)
        # As many providers do: a refund names its payment, and nobody.
        fact = self.fact(session, "refunded", f"re_{payment}_{number}", of=payment, money=money, uid=None, plan=None)
        return self.happens(session, fact)

    def dispute(self, payment: str) -> Delivery:
        session = self.session_of(payment)
        return self.happens(session, self.fact(session, "disputed", f"dp_{payment}", of=payment, uid=None, plan=None))

    def win(self, payment: str) -> Delivery:
        session = self.session_of(payment)
        return self.happens(session, self.fact(session, "reinstated", f"dp_{payment}", of=payment, uid=None, plan=None))

    def end(self, session: str) -> Delivery:
        """The plan ends; of a single gift, the page expires."""
        plan = self.plan_of(session)
        return self.happens(session, self.fact(session, "ended", plan.provider_id if plan else session, money=None))

    def session_of(self, payment: str) -> str:
        for one in self.history:
            if one.fact and one.fact.kind == "settled" and one.fact.provider_id == payment:
                return one.session
        raise ProviderRefusedError("There is no such payment.")

    def payments(self) -> list[FactTold]:
        return [one.fact for one in self.history if one.fact and one.fact.kind == "settled"]


class ShopProvider:
    """The ledger's side of the shop."""

    def __init__(self, shop: Shop, *, name: str = "practice", has_page: bool = True) -> None:
        self.shop = shop
        self.name = name
        self.capabilities = Capabilities(
            recurring=True, refunds=True, portal=True, has_page=has_page, finds_countries=True
        )
        self.is_away = False
        self.refuses = False
        self.calls: list[str] = []

    def _called(self, what: str) -> None:
        self.calls.append(what)
        if self.is_away:
            raise ProviderAwayError("The shop is away.")
        if self.refuses:
            raise ProviderRefusedError("The shop said no.")

    def start(self, order: Order) -> Started:
        self._called("start")
        return self.shop.start(order)

    def read_delivery(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        if headers.get("Signature") != SIGNATURE:
            raise DeliveryRefusedError("This is not the shop's.")
        event_id, _, reference = body.decode().partition(" ")
        return Delivery(event_id=event_id, reference=reference)

    def facts(self, reference: str) -> Sequence[FactTold]:
        self._called(f"facts {reference}")
        return self._of(reference.removeprefix("session:"))

    def facts_of(self, session_id: str) -> Sequence[FactTold]:
        self._called(f"facts_of {session_id}")
        if session_id not in self.shop.orders:
            raise ProviderRefusedError("There is no such page.")
        return self._of(session_id)

    def _of(self, session: str) -> list[FactTold]:
        return [one.fact for one in self.shop.told() if one.session == session and one.fact]

    def listing(self, since: date) -> Iterator[FactTold]:
        self._called("listing")
        for one in self.shop.told():
            if one.fact and one.fact.month >= since.replace(day=1):
                yield one.fact

    def refund(self, payment_id: str, money: Money, *, key: UUID) -> None:
        self._called(f"refund {payment_id}")
        if key not in self.shop.keys:
            self.shop.keys.add(key)
            self.shop.give_back(payment_id, money, key=key)

    def cancel(self, plan_id: str, *, key: UUID) -> None:
        self._called(f"cancel {plan_id}")
        if key not in self.shop.keys:
            self.shop.keys.add(key)
            session = next(one for one in self.shop.orders if plan_id.endswith(one.removeprefix("cs_")))
            self.shop.end(session)

    def portal_url(self, customer_id: str, *, back_url: str, language: str) -> str:
        self._called("portal_url")
        return f"https://shop.example.org/portal/{customer_id}?back={back_url}&language={language}"

    def plans_of_country(self, country: str) -> Iterator[str]:
        self._called("plans_of_country")
        yield from (plan for plan, of in self.shop.countries.items() if of == country)
