"""PayPal: orders (v2) for one gift, subscriptions (v1) for plans, over its REST API.

What PayPal is told: an amount, an interval, a neutral name, our uid as `custom_id`, where to lead back to.

 * An order that somebody approved has to be collected by us: asking what is true of it does that, with a key.
 * A webhook is proved by asking PayPal (`verify-webhook-signature`): no certificate is fetched from an address that a
   delivery names.
 * What is true of a plan is read from its own list of transactions; what everything came to, from the transaction
   search, which lags some hours behind.

Cards of countries cannot be refused here, and plans cannot be found by country: PayPal tells neither.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec

from stet.kit.money import Money
from stet.ledger.errors import DeliveryRefusedError, ProviderRefusedError
from stet.ledger.providers.base import Capabilities, Delivery, FactTold, Order, Started
from stet.ledger.providers.http import HttpRefusedError
from stet.ledger.providers.keys import PayPalKeys
from stet.ledger.providers.paypal_asking import Api
from stet.ledger.providers.paypal_objects import CURRENCIES, Thing, amount_of, check_number, is_number
from stet.ledger.providers.paypal_reading import ENDED, PERIODS, Reader

AUTOPAY = "https://www.paypal.com/myaccount/autopay/"
"""Where whoever pays sees and ends every agreement they have."""
PRODUCT = "STET-SUPPORT"
"""The catalogue's one product; its number is ours to choose."""
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
    "PAYMENT.SALE.REFUNDED": "sale-refund",
    "PAYMENT.SALE.REVERSED": "sale-refund",
    "BILLING.SUBSCRIPTION.CANCELLED": "subscription",
    "BILLING.SUBSCRIPTION.EXPIRED": "subscription",
    "BILLING.SUBSCRIPTION.SUSPENDED": "subscription",
    "BILLING.SUBSCRIPTION.PAYMENT.FAILED": "subscription",
    "CUSTOMER.DISPUTE.CREATED": "dispute",
    "CUSTOMER.DISPUTE.UPDATED": "dispute",
    "CUSTOMER.DISPUTE.RESOLVED": "dispute",
}
"""What the webhook has to be told of, and what it points at."""
_LANGUAGES = {
    "ar": "ar-EG", "de": "de-DE", "en": "en-US", "es": "es-ES", "fr": "fr-FR", "it": "it-IT", "pl": "pl-PL",
    "pt": "pt-PT", "ru": "ru-RU", "tr": "tr-TR",
}  # fmt: skip
_PROOF = ("auth_algo", "cert_url", "transmission_id", "transmission_sig", "transmission_time")


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
        self._api, self._webhook = Api(keys, base_url=base_url), keys.webhook_id
        self._reader = Reader(self._api, clock=clock)

    @property
    def capabilities(self) -> Capabilities:
        """Once and regularly; plans are ended at PayPal's own page."""
        return Capabilities(recurring=True, refunds=True, portal=True, currencies=CURRENCIES)

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
        return self._api.post("/v2/checkout/orders", body, key=str(order.uid))

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
        return self._api.post("/v1/billing/subscriptions", body, key=str(order.uid))

    def _plan_for(self, order: Order, amount: Thing) -> str:
        """The catalogue's plan of this interval and currency, made where there is none; amounts override its own."""
        name = f"{order.interval} {amount['currency_code']}"
        page = 1
        while True:
            query = {"product_id": PRODUCT, "page_size": 20, "page": page, "total_required": "true"}
            try:
                found = self._api.get("/v1/billing/plans", **query) or {}
            except HttpRefusedError as refusal:
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
        return str(
            self._api.post("/v1/billing/plans", body, key=f"stet-{name.replace(' ', '-')}-{amount['value']}")["id"]
        )

    def _make_product(self, label: str) -> None:
        body = {"id": PRODUCT, "name": label[:127], "type": "SERVICE"}
        try:
            self._api.post("/v1/catalogs/products", body, key="stet-product")
        except HttpRefusedError as refusal:
            if refusal.issue != "DUPLICATE_RESOURCE_IDENTIFIER":
                raise

    def refund(self, payment_id: str, money: Money, *, key: UUID) -> None:
        """Give back a payment, or a part of it."""
        check_number(payment_id)
        self._api.post(f"/v2/payments/captures/{payment_id}/refund", {"amount": amount_of(money)}, key=str(key))

    def cancel(self, plan_id: str, *, key: UUID) -> None:
        """End a subscription now; one that has ended already stays as it is."""
        check_number(plan_id)
        if self._api.get(f"/v1/billing/subscriptions/{plan_id}").get("status") not in ENDED:
            self._api.post(f"/v1/billing/subscriptions/{plan_id}/cancel", {"reason": "Ended on request"}, key=str(key))

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
        question = msgspec.json.encode({**told, "webhook_id": self._webhook, "webhook_event": msgspec.Raw(body)})
        try:
            answer = self._api.post("/v1/notifications/verify-webhook-signature", msgspec.Raw(question))
        except HttpRefusedError:
            raise DeliveryRefusedError("PayPal does not know this delivery.") from None
        if answer.get("verification_status") != "SUCCESS":
            raise DeliveryRefusedError("PayPal says that this delivery is not its own.")
        return Delivery(event_id=event.id, reference=_reference(event))

    def facts(self, reference: str) -> Sequence[FactTold]:
        """Everything that is true now of an order, a payment, a plan or a dispute."""
        kind, _, number = reference.partition(":")
        return self._reader.facts(kind, number)

    def facts_of(self, session_id: str) -> Sequence[FactTold]:
        """Everything that is true now of an order or a subscription."""
        return self.facts(session_id)

    def listing(self, since: date) -> Iterator[FactTold]:
        """Everything that PayPal's transaction search and its disputes know since a day."""
        return self._reader.listing(since)


def _reference(event: _Event) -> str:
    kind, thing = EVENTS.get(event.event_type, ""), event.resource
    number = thing.get("dispute_id") if kind == "dispute" else thing.get("id")
    if kind == "sale":
        kind, number = "subscription", thing.get("billing_agreement_id")
    return f"{kind}:{number}" if kind and is_number(number) else ""
