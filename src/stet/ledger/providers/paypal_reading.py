"""Asks PayPal what is true of an order, a payment, a plan, a dispute; and what everything came to."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from stet.ledger.models import Fact
from stet.ledger.providers.base import FactTold, PlanTold, as_uid
from stet.ledger.providers.http import HttpRefusedError
from stet.ledger.providers.paypal_asking import Api
from stet.ledger.providers.paypal_objects import (
    Thing,
    as_amount,
    is_number,
    moment_of,
    money_of,
    month_of,
    number_above,
    without_sign,
    written,
)

PERIODS = {"monthly": "MONTH", "annual": "YEAR"}
SEARCH_DAYS = 31
"""The longest stretch of a transaction search."""
CAME_IN = frozenset({"COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"})
FAILED = frozenset({"DECLINED", "DENIED", "FAILED"})
ENDED = frozenset({"CANCELLED", "EXPIRED"})
_SEARCHED: dict[str, str] = {"T00": Fact.Kind.SETTLED, "T1107": Fact.Kind.REFUNDED}
"""Codes of the transaction search (developer.paypal.com/docs/transaction-search/transaction-event-codes)."""


class Reader:
    """Asks with one account."""

    def __init__(self, api: Api, *, clock: Callable[[], datetime]) -> None:
        self._api, self._clock = api, clock

    def facts(self, kind: str, number: str) -> list[FactTold]:
        """Everything that is true of something, each once."""
        read = {
            "order": self._of_order,
            "capture": self._of_capture,
            "refund": self._of_refund,
            "sale-refund": self._of_sale_refund,
            "subscription": self._of_subscription,
            "dispute": self._of_dispute,
        }.get(kind)
        if read is None or not is_number(number):
            return []
        return list({(one.kind, one.provider_id): one for one in read(number)}.values())

    def _of_order(self, number: str) -> Iterator[FactTold]:
        try:
            order = self._api.get(f"/v2/checkout/orders/{number}")
        except HttpRefusedError as refusal:
            if refusal.status == 404:  # an order that nobody approved is forgotten after some hours
                return
            raise
        if order.get("status") == "APPROVED":
            order = self.collect(order)
        for unit in order.get("purchase_units") or ():
            payments = unit.get("payments") or {}
            for capture in payments.get("captures") or ():
                uid = as_uid(capture.get("custom_id") or unit.get("custom_id"))
                yield from self._paid(capture, uid, None, is_first=False)
                for refund in payments.get("refunds") or ():
                    if number_above(refund, "captures") in ("", capture["id"]):
                        yield from _given_back(refund, capture["id"], uid, None, is_first=False)

    def collect(self, order: Thing) -> Thing:
        """Collect what somebody approved; PayPal forgets the key after six hours, and then says that it was done."""
        try:
            return self._api.post(f"/v2/checkout/orders/{order['id']}/capture", {}, key=f"{order['id']}-collect")
        except HttpRefusedError as refusal:
            if refusal.issue == "ORDER_ALREADY_CAPTURED":
                found = self._api.get(f"/v2/checkout/orders/{order['id']}")
                assert isinstance(found, dict)
                return found
            if refusal.issue in ("INSTRUMENT_DECLINED", "PAYER_ACTION_REQUIRED"):
                return order  # whoever pays is asked for another way, on PayPal's page
            raise

    def _of_capture(self, number: str) -> Iterator[FactTold]:
        capture = self._api.get(f"/v2/payments/captures/{number}")
        related = (capture.get("supplementary_data") or {}).get("related_ids") or {}
        if order := related.get("order_id"):
            yield from self._of_order(order)

    def _of_refund(self, number: str) -> Iterator[FactTold]:
        refund = self._api.get(f"/v2/payments/refunds/{number}")
        if capture := number_above(refund, "captures"):
            yield from self._of_capture(capture)

    def _of_sale_refund(self, number: str) -> Iterator[FactTold]:
        """A refund of a plan's payment: subscriptions still tell of "sales", in the first version's words."""
        refund = self._api.get(f"/v1/payments/refund/{number}")
        payment = str(refund.get("sale_id") or "")
        if refund.get("state") != "completed" or not is_number(payment):
            return
        amount = {"currency_code": refund["amount"]["currency"], "value": refund["amount"]["total"]}
        subscription = str(self._api.get(f"/v1/payments/sale/{payment}").get("billing_agreement_id") or "")
        if not is_number(subscription):
            return
        for paid in list(self._of_subscription(subscription)):
            yield paid
            if paid.provider_id == payment and paid.kind == Fact.Kind.SETTLED:
                yield replace(
                    paid,
                    kind=Fact.Kind.REFUNDED,
                    provider_id=number,
                    month=month_of(refund.get("create_time")),
                    money=without_sign(money_of(amount)),
                    of=payment,
                )

    def _of_subscription(self, number: str) -> Iterator[FactTold]:
        subscription = self._api.get(f"/v1/billing/subscriptions/{number}")
        plan = self._told(subscription)
        if plan is None:
            return
        if subscription.get("status") in ENDED:
            moment = subscription.get("status_update_time") or subscription.get("create_time")
            yield FactTold(
                kind=Fact.Kind.ENDED,
                provider_id=number,
                month=month_of(moment),
                money=None,
                uid=None,
                plan=plan,
                why=str(subscription["status"]).lower(),
            )
        begun, now = moment_of(subscription.get("create_time")), self._clock()
        query = {"start_time": written(begun - timedelta(days=1)), "end_time": written(now + timedelta(days=1))}
        found = self._api.get(f"/v1/billing/subscriptions/{number}/transactions", **query) or {}
        is_first = True
        for one in sorted(found.get("transactions") or (), key=lambda one: str(one.get("time"))):
            uid = plan.uid if is_first else None
            paid = {
                "id": one["id"],
                "status": one.get("status"),
                "amount": one["amount_with_breakdown"]["gross_amount"],
                "create_time": one.get("time"),
            }
            yield from self._paid(paid, uid, plan, is_first=is_first)
            is_first = is_first and one.get("status") not in CAME_IN

    def _of_dispute(self, number: str) -> Iterator[FactTold]:
        dispute = self._api.get(f"/v1/customer/disputes/{number}")
        if dispute.get("dispute_life_cycle_stage") == "INQUIRY":
            return  # a question between both sides; nobody has taken anything yet
        for disputed in dispute.get("disputed_transactions") or ():
            payment = str(disputed.get("seller_transaction_id") or "")
            if not is_number(payment):
                continue
            uid = as_uid(disputed.get("custom"))
            common: Thing = {
                "provider_id": f"{number}-{payment}",
                "money": money_of(dispute.get("dispute_amount") or {}),
                "uid": uid,
                "of": payment,
                "why": str(dispute.get("reason") or "").lower()[:40],
            }
            yield FactTold(kind=Fact.Kind.DISPUTED, month=month_of(dispute.get("create_time")), **common)
            outcome = (dispute.get("dispute_outcome") or {}).get("outcome_code")
            if dispute.get("status") == "RESOLVED" and outcome in ("RESOLVED_SELLER_FAVOUR", "CANCELED_BY_BUYER"):
                yield FactTold(kind=Fact.Kind.REINSTATED, month=month_of(dispute.get("update_time")), **common)

    def _paid(self, payment: Thing, uid: UUID | None, plan: PlanTold | None, *, is_first: bool) -> Iterator[FactTold]:
        status = payment.get("status")
        kind = Fact.Kind.SETTLED if status in CAME_IN else Fact.Kind.FAILED if status in FAILED else None
        if kind is None or (uid is None and plan is None):
            return
        yield FactTold(
            kind=kind,
            provider_id=payment["id"],
            month=month_of(payment.get("create_time")),
            money=money_of(payment["amount"]),
            uid=uid,
            plan=plan,
            is_first=is_first,
            why="" if kind == Fact.Kind.SETTLED else str(status).lower(),
        )

    def _told(self, subscription: Thing) -> PlanTold | None:
        uid = as_uid(subscription.get("custom_id"))
        if uid is None:
            return None
        catalogue = self._api.get(f"/v1/billing/plans/{subscription['plan_id']}")
        unit = catalogue["billing_cycles"][0]["frequency"]["interval_unit"]
        own = ((subscription.get("plan") or {}).get("billing_cycles") or catalogue["billing_cycles"])[0]
        interval = next((name for name, period in PERIODS.items() if period == unit), "")
        price = (own.get("pricing_scheme") or catalogue["billing_cycles"][0]["pricing_scheme"])["fixed_price"]
        if not interval:
            return None
        number = subscription["id"]
        return PlanTold(provider_id=number, customer_id=number, interval=interval, money=money_of(price), uid=uid)

    # --- Everything since a day ---

    def listing(self, since: date) -> Iterator[FactTold]:
        """Everything that PayPal's transaction search knows since a day."""
        start, now = datetime(since.year, since.month, since.day, tzinfo=UTC), self._clock()
        plans: dict[str, list[FactTold]] = {}
        told: set[tuple[str, str]] = set()
        while start < now:
            end = min(start + timedelta(days=SEARCH_DAYS - 1), now)
            for one in self._searched(start, end):
                for fact in self._found(one, plans):
                    if (fact.kind, fact.provider_id) not in told:
                        told.add((fact.kind, fact.provider_id))
                        yield fact
            start = end
        yield from self._disputes(since)

    def _disputes(self, since: date) -> Iterator[FactTold]:
        """Disputes that changed since a day; the search names their lines of money only."""
        query: Thing = {"update_time_after": f"{since.isoformat()}T00:00:00.000Z", "page_size": 50}
        while True:
            found = self._api.get("/v1/customer/disputes", **query) or {}
            for one in found.get("items") or ():
                if is_number(one.get("dispute_id")):
                    yield from self._of_dispute(one["dispute_id"])
            following = next((one["href"] for one in found.get("links") or () if one.get("rel") == "next"), "")
            token = parse_qs(urlsplit(following).query).get("next_page_token")
            if not token:
                return
            query["next_page_token"] = token[0]

    def _searched(self, start: datetime, end: datetime) -> Iterator[Thing]:
        page = 1
        while True:
            query = {"start_date": written(start), "end_date": written(end), "fields": "transaction_info"}
            found = self._api.get("/v1/reporting/transactions", **query, page_size=500, page=page) or {}
            for one in found.get("transaction_details") or ():
                yield one.get("transaction_info") or {}
            if page >= int(found.get("total_pages") or 0):
                return
            page += 1

    def _found(self, info: Thing, plans: dict[str, list[FactTold]]) -> Iterator[FactTold]:
        """The facts that a line of the search stands for."""
        number, group = str(info.get("transaction_id") or ""), str(info.get("transaction_event_code") or "")[:3]
        amount = info.get("transaction_amount") or {}
        if not is_number(number) or info.get("transaction_status") != "S":
            return
        kind = _SEARCHED.get(str(info.get("transaction_event_code"))) or _SEARCHED.get(group)
        if kind is None:
            return
        subscription = (
            str(info.get("paypal_reference_id") or "") if info.get("paypal_reference_id_type") == "SUB" else ""
        )
        if kind == Fact.Kind.SETTLED and is_number(subscription):
            if subscription not in plans:
                plans[subscription] = list(self.facts("subscription", subscription))
            if mine := [one for one in plans[subscription] if one.provider_id == number]:
                yield from mine
                return
        of = ""
        if kind == Fact.Kind.REFUNDED and info.get("paypal_reference_id_type") == "TXN":
            of = str(info.get("paypal_reference_id") or "")
        # A plan's payments all carry the uid of its first: whose a refund is, its payment says.
        is_by_uid = kind == Fact.Kind.SETTLED and info.get("transaction_event_code") != "T0002"
        yield FactTold(
            kind=kind,
            provider_id=number,
            month=month_of(info.get("transaction_initiation_date")),
            money=without_sign(money_of(as_amount(amount))),
            uid=as_uid(info.get("custom_field")) if is_by_uid else None,
            of=of,
        )


def _given_back(
    refund: Thing, payment: str, uid: UUID | None, plan: PlanTold | None, *, is_first: bool
) -> Iterator[FactTold]:
    if refund.get("status") == "COMPLETED" and (uid is not None or plan is not None):
        yield FactTold(
            kind=Fact.Kind.REFUNDED,
            provider_id=refund["id"],
            month=month_of(refund.get("create_time")),
            money=money_of(refund["amount"]),
            uid=uid,
            plan=plan,
            is_first=is_first,
            of=payment,
        )
