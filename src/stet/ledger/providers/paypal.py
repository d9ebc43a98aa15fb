"""PayPal: orders (v2) for one gift, subscriptions (v1) for plans, over its REST API.

What PayPal is told: an amount, an interval, a neutral name, our uid as `custom_id`, where to lead back to.

 * An order that somebody approved has to be collected by us: asking what is true of it does that, with a key.
 * A webhook is proved by asking PayPal (`verify-webhook-signature`); its certificates are not fetched from addresses that
   a delivery names.
 * What is true of a plan is read from its own list of transactions; what everything came to, from the transaction search,
   which lags some hours behind.

Cards of countries cannot be refused here, and plans cannot be found by country: PayPal tells neither.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from stet.kit.money import AmountRefusedError, Money, read_decimal, write_decimal
from stet.ledger.errors import DeliveryRefusedError, ProviderAwayError, ProviderRefusedError
from stet.ledger.models import Fact
from stet.ledger.providers.base import Capabilities, Delivery, FactTold, Order, PlanTold, Started
from stet.ledger.providers.http import Http, Refused
from stet.ledger.providers.keys import PayPalKeys
from stet.ledger.providers.stripe_objects import as_uid

LIVE, SANDBOX = "https://api-m.paypal.com", "https://api-m.sandbox.paypal.com"
AUTOPAY = "https://www.paypal.com/myaccount/autopay/"
"""Where whoever pays sees and ends every agreement they have."""
PRODUCT = "STET-SUPPORT"
"""The catalogue's one product; its number is ours to choose."""
PERIODS = {"monthly": "MONTH", "annual": "YEAR"}
WHOLE_ONLY = frozenset({"HUF", "TWD"})
"""Currencies that PayPal takes without a fraction, though they have one (developer.paypal.com/api/codes/currency)."""
TOKEN_SPARE_SECONDS = 60
SEARCH_DAYS = 31
"""The longest stretch of a transaction search."""
EVENTS = {
    "CHECKOUT.ORDER.APPROVED": "order",
    "CHECKOUT.ORDER.COMPLETED": "order",
    "PAYMENT.CAPTURE.COMPLETED": "capture",
    "PAYMENT.CAPTURE.DECLINED": "capture",
    "PAYMENT.CAPTURE.DENIED": "capture",
    "PAYMENT.CAPTURE.REFUNDED": "refund",
    "PAYMENT.CAPTURE.REVERSED": "refund",
    "PAYMENT.SALE.COMPLETED": "sale",
    "PAYMENT.SALE.DENIED": "sale",
    "PAYMENT.SALE.REFUNDED": "sale",
    "PAYMENT.SALE.REVERSED": "sale",
    "BILLING.SUBSCRIPTION.CANCELLED": "subscription",
    "BILLING.SUBSCRIPTION.EXPIRED": "subscription",
    "BILLING.SUBSCRIPTION.SUSPENDED": "subscription",
    "BILLING.SUBSCRIPTION.PAYMENT.FAILED": "subscription",
    "CUSTOMER.DISPUTE.CREATED": "dispute",
    "CUSTOMER.DISPUTE.UPDATED": "dispute",
    "CUSTOMER.DISPUTE.RESOLVED": "dispute",
}
"""What the webhook has to be told of, and what it points at."""
CAME_IN = frozenset({"COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"})
FAILED = frozenset({"DECLINED", "DENIED", "FAILED"})
ENDED = frozenset({"CANCELLED", "EXPIRED"})
_NUMBER = re.compile(r"[A-Za-z0-9-]{1,60}")
_LANGUAGES = {"ar": "ar-EG", "de": "de-DE", "en": "en-US", "es": "es-ES", "fr": "fr-FR", "it": "it-IT", "pl": "pl-PL", "pt": "pt-PT", "ru": "ru-RU", "tr": "tr-TR"}  # fmt: skip

Thing = dict[str, Any]


class _Event(msgspec.Struct, frozen=True):
    """As much of a delivery as is believed."""

    id: str
    event_type: str
    resource: dict[str, Any] = {}


class PayPalProvider:
    """A PayPal business account."""

    name = "paypal"

    def __init__(
        self, keys: PayPalKeys, *, base_url: str = "", clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """`base_url`: where the API is, "" for PayPal's own."""
        url = base_url or (SANDBOX if keys.is_sandbox else LIVE)
        self._http = Http(url, who="PayPal", trusts_environment=not base_url)
        self._keys, self._clock = keys, clock
        self._lock = threading.Lock()
        self._token, self._token_until = "", 0.0

    @property
    def capabilities(self) -> Capabilities:
        """Once and regularly; plans are ended at PayPal's own page."""
        return Capabilities(recurring=True, refunds=True, portal=True)

    # --- Orders ---

    def start(self, order: Order) -> Started:
        """Make an order, or a subscription, and lead to PayPal's page."""
        amount = amount_of(order.money)
        made = self._order(order, amount) if order.interval == "once" else self._subscription(order, amount)
        links = {link["rel"]: link["href"] for link in made.get("links") or ()}
        url = links.get("payer-action") or links.get("approve") or ""
        prefix = "order" if order.interval == "once" else "subscription"
        return Started(session_id=f"{prefix}:{made['id']}", url=url)

    def _order(self, order: Order, amount: Thing) -> Thing:
        context = {
            "brand_name": order.label[:127],
            "locale": _LANGUAGES.get(order.language.partition("-")[0], "en-US"),
            "shipping_preference": "NO_SHIPPING",
            "user_action": "PAY_NOW",
            "return_url": order.back_url,
            "cancel_url": order.cancel_url,
        }
        unit = {"custom_id": str(order.uid), "description": order.label[:127], "amount": amount}
        body = {
            "intent": "CAPTURE",
            "purchase_units": [unit],
            "payment_source": {"paypal": {"experience_context": context}},
        }
        return self._post("/v2/checkout/orders", body, key=str(order.uid))

    def _subscription(self, order: Order, amount: Thing) -> Thing:
        context = {
            "brand_name": order.label[:127],
            "locale": _LANGUAGES.get(order.language.partition("-")[0], "en-US"),
            "shipping_preference": "NO_SHIPPING",
            "user_action": "SUBSCRIBE_NOW",
            "return_url": order.back_url,
            "cancel_url": order.cancel_url,
        }
        cycle = {"sequence": 1, "total_cycles": 0, "pricing_scheme": {"fixed_price": amount}}
        body = {
            "plan_id": self._plan_for(order, amount),
            "custom_id": str(order.uid),
            "plan": {"billing_cycles": [cycle]},
            "application_context": context,
        }
        return self._post("/v1/billing/subscriptions", body, key=str(order.uid))

    def _plan_for(self, order: Order, amount: Thing) -> str:
        """The catalogue's plan of this interval and currency, made where there is none; amounts override its own."""
        name = f"{order.interval} {amount['currency_code']}"
        page = 1
        while True:
            query = {"product_id": PRODUCT, "page_size": 20, "page": page, "total_required": "true"}
            try:
                found = self._get("/v1/billing/plans", **query) or {}
            except Refused as refusal:
                if refusal.status != 404:
                    raise
                found = {}
            for plan in found.get("plans") or ():
                if plan.get("name") == name and plan.get("status") == "ACTIVE":
                    return str(plan["id"])
            if page >= int(found.get("total_pages") or 0):
                break
            page += 1
        self._make_product(order.label)
        cycle = {
            "frequency": {"interval_unit": PERIODS[order.interval], "interval_count": 1},
            "tenure_type": "REGULAR",
            "sequence": 1,
            "total_cycles": 0,
            "pricing_scheme": {"fixed_price": amount},
        }
        preferences = {"auto_bill_outstanding": True, "payment_failure_threshold": 3}
        body = {
            "product_id": PRODUCT,
            "name": name,
            "status": "ACTIVE",
            "billing_cycles": [cycle],
            "payment_preferences": preferences,
        }
        return str(self._post("/v1/billing/plans", body, key=f"stet-{name.replace(' ', '-')}-{amount['value']}")["id"])

    def _make_product(self, label: str) -> None:
        body = {"id": PRODUCT, "name": label[:127], "type": "SERVICE"}
        try:
            self._post("/v1/catalogs/products", body, key="stet-product")
        except Refused as refusal:
            if refusal.issue != "DUPLICATE_RESOURCE_IDENTIFIER":
                raise

    def refund(self, payment_id: str, money: Money, *, key: UUID) -> None:
        """Give back a payment, or a part of it."""
        _check(payment_id)
        self._post(f"/v2/payments/captures/{payment_id}/refund", {"amount": amount_of(money)}, key=str(key))

    def cancel(self, plan_id: str, *, key: UUID) -> None:
        """End a subscription now; one that has ended already stays as it is."""
        _check(plan_id)
        if self._get(f"/v1/billing/subscriptions/{plan_id}").get("status") not in ENDED:
            self._post(f"/v1/billing/subscriptions/{plan_id}/cancel", {"reason": "Ended on request"}, key=str(key))

    def portal_url(self, customer_id: str, *, back_url: str, language: str) -> str:  # noqa: ARG002 - one page for all
        """PayPal's own list of agreements."""
        return AUTOPAY

    def plans_of_country(self, country: str) -> Iterator[str]:  # noqa: ARG002
        """PayPal does not tell."""
        raise ProviderRefusedError("PayPal does not tell countries. End its plans one by one, or all of them.")

    # --- What is true ---

    def read_delivery(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        """Prove a webhook by asking PayPal whether it is its own."""
        named = {name.lower(): value for name, value in headers.items()}
        told = {name: named.get(f"paypal-{name.replace('_', '-')}", "") for name in _PROOF}
        if not all(told.values()):
            raise DeliveryRefusedError("This delivery is not signed.")
        try:
            event = msgspec.json.decode(body, type=_Event)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise DeliveryRefusedError("This delivery is none of PayPal's.") from None
        # The event goes back as it came, byte by byte: written anew, its signature would not fit.
        question = msgspec.json.encode(
            {**told, "webhook_id": self._keys.webhook_id, "webhook_event": msgspec.Raw(body)}
        )
        try:
            answer = self._post("/v1/notifications/verify-webhook-signature", msgspec.Raw(question))
        except Refused:
            raise DeliveryRefusedError("PayPal does not know this delivery.") from None
        if answer.get("verification_status") != "SUCCESS":
            raise DeliveryRefusedError("PayPal says that this delivery is not its own.")
        return Delivery(event_id=event.id, reference=_reference(event))

    def facts(self, reference: str) -> Sequence[FactTold]:
        """Everything that is true now of an order, a payment, a plan or a dispute."""
        kind, _, number = reference.partition(":")
        read = {
            "order": self._of_order,
            "capture": self._of_capture,
            "refund": self._of_refund,
            "subscription": self._of_subscription,
            "dispute": self._of_dispute,
        }.get(kind)
        if read is None or not _NUMBER.fullmatch(number):
            return ()
        return list({(one.kind, one.provider_id): one for one in read(number)}.values())

    def facts_of(self, session_id: str) -> Sequence[FactTold]:
        """Everything that is true now of an order or a subscription."""
        return self.facts(session_id)

    def _of_order(self, number: str) -> Iterator[FactTold]:
        try:
            order = self._get(f"/v2/checkout/orders/{number}")
        except Refused as refusal:
            if refusal.status == 404:  # an order that nobody approved is forgotten after some hours
                return
            raise
        if order.get("status") == "APPROVED":
            order = self._collect(order)
        for unit in order.get("purchase_units") or ():
            payments = unit.get("payments") or {}
            for capture in payments.get("captures") or ():
                uid = as_uid(capture.get("custom_id") or unit.get("custom_id"))
                yield from self._paid(capture, uid, None, is_first=False)
                for refund in payments.get("refunds") or ():
                    if _up(refund, "captures") in ("", capture["id"]):
                        yield from _given_back(refund, capture["id"], uid, None, is_first=False)

    def _collect(self, order: Thing) -> Thing:
        """Collect what somebody approved; PayPal forgets the key after six hours, and then says that it was done."""
        try:
            return self._post(f"/v2/checkout/orders/{order['id']}/capture", {}, key=f"{order['id']}-collect")
        except Refused as refusal:
            if refusal.issue == "ORDER_ALREADY_CAPTURED":
                found = self._get(f"/v2/checkout/orders/{order['id']}")
                assert isinstance(found, dict)
                return found
            if refusal.issue in ("INSTRUMENT_DECLINED", "PAYER_ACTION_REQUIRED"):
                return order  # whoever pays is asked for another way, on PayPal's page
            raise

    def _of_capture(self, number: str) -> Iterator[FactTold]:
        capture = self._get(f"/v2/payments/captures/{number}")
        related = (capture.get("supplementary_data") or {}).get("related_ids") or {}
        if order := related.get("order_id"):
            yield from self._of_order(order)
        elif uid := as_uid(capture.get("custom_id")):
            yield from self._paid(capture, uid, None, is_first=False)

    def _of_refund(self, number: str) -> Iterator[FactTold]:
        refund = self._get(f"/v2/payments/refunds/{number}")
        if capture := _up(refund, "captures"):
            yield from self._of_capture(capture)

    def _of_subscription(self, number: str) -> Iterator[FactTold]:
        subscription = self._get(f"/v1/billing/subscriptions/{number}")
        plan = self._told(subscription)
        if plan is None:
            return
        if subscription.get("status") in ENDED:
            moment = subscription.get("status_update_time") or subscription.get("create_time")
            yield FactTold(
                kind=Fact.Kind.ENDED,
                provider_id=number,
                month=_month(moment),
                money=None,
                uid=None,
                plan=plan,
                why=str(subscription["status"]).lower(),
            )
        begun, now = _moment(subscription.get("create_time")), self._clock()
        query = {"start_time": _written(begun - timedelta(days=1)), "end_time": _written(now + timedelta(days=1))}
        found = self._get(f"/v1/billing/subscriptions/{number}/transactions", **query) or {}
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
            if one.get("status") in ("PARTIALLY_REFUNDED", "REFUNDED"):
                yield from self._given_back_of(one["id"], uid, plan, is_first=is_first)
            is_first = is_first and one.get("status") not in CAME_IN

    def _given_back_of(self, payment: str, uid: UUID | None, plan: PlanTold, *, is_first: bool) -> Iterator[FactTold]:
        """Refunds of a plan's payment, which its own list does not name."""
        capture = self._get(f"/v2/payments/captures/{payment}")
        for link in capture.get("links") or ():
            if link.get("rel") == "refund" and link.get("method", "GET") == "GET":
                refund = self._get(_path_of(link["href"]))
                yield from _given_back(refund, payment, uid, plan, is_first=is_first)

    def _of_dispute(self, number: str) -> Iterator[FactTold]:
        dispute = self._get(f"/v1/customer/disputes/{number}")
        for disputed in dispute.get("disputed_transactions") or ():
            payment = str(disputed.get("seller_transaction_id") or "")
            if not _NUMBER.fullmatch(payment):
                continue
            uid = as_uid(disputed.get("custom"))
            common: Thing = {
                "provider_id": f"{number}-{payment}",
                "money": money_of(dispute.get("dispute_amount") or {}),
                "uid": uid,
                "of": payment,
                "why": str(dispute.get("reason") or "").lower()[:40],
            }
            yield FactTold(kind=Fact.Kind.DISPUTED, month=_month(dispute.get("create_time")), **common)
            outcome = (dispute.get("dispute_outcome") or {}).get("outcome_code")
            if dispute.get("status") == "RESOLVED" and outcome in ("RESOLVED_SELLER_FAVOUR", "CANCELED_BY_BUYER"):
                yield FactTold(kind=Fact.Kind.REINSTATED, month=_month(dispute.get("update_time")), **common)

    def _paid(self, payment: Thing, uid: UUID | None, plan: PlanTold | None, *, is_first: bool) -> Iterator[FactTold]:
        status = payment.get("status")
        kind = Fact.Kind.SETTLED if status in CAME_IN else Fact.Kind.FAILED if status in FAILED else None
        if kind is None or (uid is None and plan is None):
            return
        yield FactTold(
            kind=kind,
            provider_id=payment["id"],
            month=_month(payment.get("create_time")),
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
        catalogue = self._get(f"/v1/billing/plans/{subscription['plan_id']}")
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

    def _searched(self, start: datetime, end: datetime) -> Iterator[Thing]:
        page = 1
        while True:
            query = {"start_date": _written(start), "end_date": _written(end), "fields": "transaction_info"}
            found = self._get("/v1/reporting/transactions", **query, page_size=500, page=page) or {}
            for one in found.get("transaction_details") or ():
                yield one.get("transaction_info") or {}
            if page >= int(found.get("total_pages") or 0):
                return
            page += 1

    def _found(self, info: Thing, plans: dict[str, list[FactTold]]) -> Iterator[FactTold]:
        """The facts that a line of the search stands for."""
        number, group = str(info.get("transaction_id") or ""), str(info.get("transaction_event_code") or "")[:3]
        amount = info.get("transaction_amount") or {}
        if not _NUMBER.fullmatch(number) or info.get("transaction_status") != "S":
            return
        kind = _SEARCHED.get(str(info.get("transaction_event_code"))) or _SEARCHED.get(group)
        if kind is None:
            return
        subscription = (
            str(info.get("paypal_reference_id") or "") if info.get("paypal_reference_id_type") == "SUB" else ""
        )
        if kind == Fact.Kind.SETTLED and _NUMBER.fullmatch(subscription):
            if subscription not in plans:
                plans[subscription] = list(self.facts(f"subscription:{subscription}"))
            if mine := [one for one in plans[subscription] if one.provider_id == number]:
                yield from mine
                return
        is_about = kind != Fact.Kind.SETTLED and info.get("paypal_reference_id_type") == "TXN"
        yield FactTold(
            kind=kind,
            provider_id=number,
            month=_month(info.get("transaction_initiation_date")),
            money=_without_sign(money_of(_as_amount(amount))),
            uid=as_uid(info.get("custom_field")),
            of=str(info.get("paypal_reference_id") or "") if is_about else "",
        )

    # --- Asking ---

    def _get(self, path: str, **query: Any) -> Any:
        return self._http.ask("GET", path, headers=self._bearer(), query=query)

    def _post(self, path: str, body: Any, *, key: str = "") -> Thing:
        headers = {**self._bearer(), "Prefer": "return=representation"}
        if key:
            headers["PayPal-Request-Id"] = key
        return self._http.ask("POST", path, headers=headers, json=body) or {}

    def _bearer(self) -> dict[str, str]:
        with self._lock:
            if time.monotonic() >= self._token_until:
                answer = self._http.ask(
                    "POST",
                    "/v1/oauth2/token",
                    headers={},
                    form={"grant_type": "client_credentials"},
                    auth=(self._keys.client_id, self._keys.secret),
                )
                if not isinstance(answer, dict) or not answer.get("access_token"):
                    raise ProviderAwayError("PayPal answered without a token. Try again later.")
                self._token = str(answer["access_token"])
                self._token_until = time.monotonic() + float(answer.get("expires_in") or 0) - TOKEN_SPARE_SECONDS
            return {"Authorization": f"Bearer {self._token}"}


_PROOF = ("auth_algo", "cert_url", "transmission_id", "transmission_sig", "transmission_time")
_SEARCHED: dict[str, str] = {
    "T00": Fact.Kind.SETTLED,  # payments of every kind
    "T1107": Fact.Kind.REFUNDED,
    "T1106": Fact.Kind.DISPUTED,  # reversed by PayPal
    "T1201": Fact.Kind.DISPUTED,  # charged back by the card's bank
    "T1202": Fact.Kind.REINSTATED,
}
"""Codes of the transaction search (developer.paypal.com/docs/transaction-search/transaction-event-codes)."""


def _reference(event: _Event) -> str:
    kind, thing = EVENTS.get(event.event_type, ""), event.resource
    number = thing.get("dispute_id") if kind == "dispute" else thing.get("id")
    if kind == "sale":
        kind, number = "subscription", thing.get("billing_agreement_id")
    return f"{kind}:{number}" if kind and isinstance(number, str) and _NUMBER.fullmatch(number) else ""


def _given_back(
    refund: Thing, payment: str, uid: UUID | None, plan: PlanTold | None, *, is_first: bool
) -> Iterator[FactTold]:
    if refund.get("status") == "COMPLETED" and (uid is not None or plan is not None):
        yield FactTold(
            kind=Fact.Kind.REFUNDED,
            provider_id=refund["id"],
            month=_month(refund.get("create_time")),
            money=money_of(refund["amount"]),
            uid=uid,
            plan=plan,
            is_first=is_first,
            of=payment,
        )


def _up(thing: Thing, kind: str) -> str:
    """The number of what something belongs to, from its link "up"."""
    for link in thing.get("links") or ():
        found = re.search(rf"/{kind}/([A-Za-z0-9-]+)$", str(link.get("href"))) if link.get("rel") == "up" else None
        if found:
            return found[1]
    return ""


def _path_of(url: str) -> str:
    """The path of an address of the API's: what is asked stays where the API is."""
    found = re.search(r"(/v2/payments/refunds/[A-Za-z0-9-]+)$", url)
    if found is None:
        raise ProviderAwayError("PayPal answered with an address that is not known. Try again later.")
    return found[1]


def _check(number: str) -> None:
    if not _NUMBER.fullmatch(number):
        raise ProviderRefusedError("This is no number of PayPal's.")


def amount_of(money: Money) -> Thing:
    """An amount as PayPal writes it. Raises ProviderRefusedError for a fraction that it does not take.

    >>> amount_of(Money(250, "USD")), amount_of(Money(500, "JPY")), amount_of(Money(20_000, "HUF"))
    ({'currency_code': 'USD', 'value': '2.50'}, {'currency_code': 'JPY', 'value': '500'}, {'currency_code': 'HUF', 'value': '200'})
    """
    value = write_decimal(money)
    if money.currency in WHOLE_ONLY:
        if money.minor % 100:
            raise ProviderRefusedError("PayPal takes whole amounts only in this currency.")
        value = str(money.minor // 100)
    return {"currency_code": money.currency, "value": value}


def money_of(amount: Thing) -> Money:
    """An amount that PayPal wrote."""
    currency, value = str(amount.get("currency_code", "")), str(amount.get("value", ""))
    try:
        money = read_decimal(value.removeprefix("-"), currency)
    except AmountRefusedError:
        raise ProviderAwayError("PayPal answered with an amount that cannot be read. Try again later.") from None
    return Money(-money.minor, currency) if value.startswith("-") else money


def _as_amount(amount: Thing) -> Thing:
    return {"currency_code": amount.get("currency_code"), "value": str(Decimal(str(amount.get("value", "0"))))}


def _without_sign(money: Money) -> Money:
    return Money(abs(money.minor), money.currency)


def _moment(text: Any) -> datetime:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:
        raise ProviderAwayError("PayPal answered with a time that cannot be read. Try again later.") from None


def _month(text: Any) -> date:
    return _moment(text).date().replace(day=1)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
