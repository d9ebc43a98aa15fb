"""BTCPay Server: invoices over its Greenfield API, paid in cryptocurrency on its own page.

A payment is a fact by itself, in the invoice's currency at the invoice's rate. So a part of what was asked, more than that,
several payments, and one that comes after the invoice has closed, are all plain: what came in is what is counted.

An order is looked for by our uid before it is placed, because the API knows no idempotency keys.

What this cannot do: plans, and refunds. Money that goes back is claimed by whoever gave, on a page that somebody of the
staff makes in BTCPay Server.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import msgspec

from stet.kit.money import AmountRefusedError, Money, exponent, read_decimal, write_decimal
from stet.ledger.errors import DeliveryRefusedError, ProviderAwayError, ProviderRefusedError
from stet.ledger.models import Fact
from stet.ledger.providers.base import Capabilities, Delivery, FactTold, Order, Started
from stet.ledger.providers.http import Http
from stet.ledger.providers.keys import BtcpayKeys
from stet.ledger.providers.stripe_objects import as_uid

OPEN_MINUTES = 60
WATCHED_MINUTES = 60 * 24 * 90
"""How long after its end an invoice's addresses are watched: payments come months late."""
EVENTS = frozenset(
    {
        "InvoiceReceivedPayment",
        "InvoicePaymentSettled",
        "InvoiceProcessing",
        "InvoiceExpired",
        "InvoiceExpiredPaidPartial",
        "InvoicePaidAfterExpiration",
        "InvoiceSettled",
        "InvoiceInvalid",
    }
)
PAGE = 100
_WHY = {"PaidPartial": "partial", "PaidOver": "over", "PaidLate": "late"}

Thing = dict[str, Any]


class _Event(msgspec.Struct, frozen=True, rename="camel"):
    """As much of a delivery as is believed."""

    delivery_id: str
    type: str
    store_id: str = ""
    invoice_id: str = ""
    original_delivery_id: str | None = None


class BtcpayProvider:
    """A store of a BTCPay Server."""

    name = "btcpay"

    def __init__(self, keys: BtcpayKeys, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        is_near = keys.url.startswith(("http://127.0.0.1", "http://localhost"))
        self._http = Http(keys.url, who="BTCPay Server", trusts_environment=not is_near)
        self._keys, self._clock = keys, clock
        self._headers = {"Authorization": f"token {keys.token}"}

    @property
    def capabilities(self) -> Capabilities:
        """Once, on a page."""
        return Capabilities(recurring=False, refunds=False, portal=False)

    # --- Orders ---

    def start(self, order: Order) -> Started:
        """Make an invoice, or find the one that there is."""
        if order.interval != "once":
            raise ProviderRefusedError("Cryptocurrency is given once. Choose another way to give regularly.")
        amount = write_decimal(order.money)
        for invoice in self._get("/invoices", orderId=str(order.uid)) or ():
            if (invoice.get("metadata") or {}).get("orderId") != str(order.uid):
                continue
            if (invoice.get("currency"), _decimal(invoice.get("amount"))) != (order.money.currency, Decimal(amount)):
                raise ProviderRefusedError("This order was sent before with other values. Begin a new one.")
            return Started(session_id=invoice["id"], url=invoice.get("checkoutLink") or "")
        checkout: Thing = {
            "expirationMinutes": OPEN_MINUTES,
            "monitoringMinutes": WATCHED_MINUTES,
            "redirectURL": order.back_url,
            "redirectAutomatically": True,
            "defaultLanguage": order.language,
        }
        if order.method.upper().startswith(("BTC", "XMR", "LTC")):
            checkout["paymentMethods"] = [order.method.upper()]
        made = self._post(
            "/invoices",
            {
                "amount": amount,
                "currency": order.money.currency,
                "metadata": {"orderId": str(order.uid), "itemDesc": order.label},
                "checkout": checkout,
                "receipt": {"enabled": False},
            },
        )
        return Started(session_id=made["id"], url=made["checkoutLink"])

    # --- What is true ---

    def read_delivery(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        """Prove a webhook: an HMAC over the bytes as they came."""
        told = next((value for name, value in headers.items() if name.lower() == "btcpay-sig"), "")
        digest = hmac.new(self._keys.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
        if not self._keys.webhook_secret or not hmac.compare_digest(told.encode(), f"sha256={digest}".encode()):
            raise DeliveryRefusedError("This delivery is not signed with the webhook's secret.")
        try:
            event = msgspec.json.decode(body, type=_Event)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise DeliveryRefusedError("This delivery is signed, but is none of BTCPay Server's.") from None
        is_ours = event.store_id == self._keys.store and event.type in EVENTS and _is_number(event.invoice_id)
        return Delivery(
            event_id=event.original_delivery_id or event.delivery_id,
            reference=f"invoice:{event.invoice_id}" if is_ours else "",
        )

    def facts(self, reference: str) -> Sequence[FactTold]:
        """Everything that is true now of an invoice."""
        kind, _, number = reference.partition(":")
        return self.facts_of(number) if kind == "invoice" else ()

    def facts_of(self, session_id: str) -> Sequence[FactTold]:
        """Everything that is true now of an invoice."""
        if not _is_number(session_id):
            return ()
        return list(self._facts(self._get(f"/invoices/{session_id}")))

    def listing(self, since: date) -> Iterator[FactTold]:
        """Everything that happened since a day, in invoices that may still get something."""
        start = datetime(since.year, since.month, since.day, tzinfo=UTC)
        first = start - timedelta(minutes=OPEN_MINUTES + WATCHED_MINUTES)
        place = 0
        while page := self._get("/invoices", startDate=int(first.timestamp()), skip=place, take=PAGE):
            for invoice in page:
                for moment, fact in self._dated(invoice):
                    if moment >= start.timestamp():
                        yield fact
            place += len(page)
            if len(page) < PAGE:
                return

    def _facts(self, invoice: Thing) -> Iterator[FactTold]:
        return (fact for _moment, fact in self._dated(invoice))

    def _dated(self, invoice: Thing) -> Iterator[tuple[float, FactTold]]:
        """Each fact of an invoice, with its moment."""
        uid = as_uid((invoice.get("metadata") or {}).get("orderId"))
        if uid is None:
            return
        status, more = invoice.get("status"), invoice.get("additionalStatus")
        payments = self._payments(invoice)
        for payment, rate in payments:
            kind = {"Settled": Fact.Kind.SETTLED, "Invalid": Fact.Kind.FAILED}.get(payment.get("status", ""))
            if kind is None:
                continue
            money = _worth(payment, rate, invoice)
            moment = float(payment.get("receivedDate") or invoice["createdTime"])
            why = "invalid" if kind == Fact.Kind.FAILED else _WHY.get(str(more), "")
            yield moment, _told(kind, payment["id"], moment, money, uid, why)
        moment = float(invoice.get("expirationTime") or invoice["createdTime"])
        if status == "Settled" and more == "Marked" and not payments:
            yield moment, _told(Fact.Kind.SETTLED, invoice["id"], moment, _asked(invoice), uid, "marked")
        if status in ("Expired", "Invalid") and not any(
            one.get("status") in ("Settled", "Processing") for one, _rate in payments
        ):
            yield moment, _told(Fact.Kind.ENDED, invoice["id"], moment, None, uid, "expired")

    def _payments(self, invoice: Thing) -> list[tuple[Thing, Decimal]]:
        """Payments of an invoice, each once, with the rate of its currency."""
        found: dict[str, tuple[Thing, Decimal]] = {}
        for method in self._get(f"/invoices/{invoice['id']}/payment-methods") or ():
            rate = _decimal(method.get("rate"))
            for payment in method.get("payments") or ():
                found[payment["id"]] = (payment, rate)
        return list(found.values())

    # --- What it does not do ---

    def refund(self, payment_id: str, money: Money, *, key: UUID) -> None:  # noqa: ARG002
        """Whoever gave has to claim it."""
        raise ProviderRefusedError(
            "Cryptocurrency goes back to an address that only its giver knows. Make a refund in BTCPay Server, and send "
            "its link to them."
        )

    def cancel(self, plan_id: str, *, key: UUID) -> None:  # noqa: ARG002
        """There is nothing to end."""
        raise ProviderRefusedError("There are no plans in cryptocurrency.")

    def portal_url(self, customer_id: str, *, back_url: str, language: str) -> str:  # noqa: ARG002
        """There is none."""
        raise ProviderRefusedError("There is no portal for cryptocurrency.")

    def plans_of_country(self, country: str) -> Iterator[str]:  # noqa: ARG002
        """There are no plans."""
        return iter(())

    # --- Asking ---

    def _get(self, path: str, **query: Any) -> Any:
        return self._http.ask("GET", self._path(path), headers=self._headers, query=query)

    def _post(self, path: str, body: Thing) -> Thing:
        made = self._http.ask("POST", self._path(path), headers=self._headers, json=body)
        if not isinstance(made, dict) or "id" not in made:
            raise ProviderAwayError("BTCPay Server answered without an invoice. Try again later.")
        return made

    def _path(self, path: str) -> str:
        return f"/api/v1/stores/{self._keys.store}{path}"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isalnum() and 1 <= len(text) <= 64


def _decimal(text: Any) -> Decimal:
    """A number as the API writes it; 0 for none."""
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        return Decimal(0)
    return value if value.is_finite() else Decimal(0)


def _asked(invoice: Thing) -> Money:
    try:
        return read_decimal(str(invoice["amount"]), invoice["currency"])
    except AmountRefusedError:
        return _rounded(_decimal(invoice["amount"]), invoice["currency"])


def _worth(payment: Thing, rate: Decimal, invoice: Thing) -> Money:
    """What a payment is worth in the invoice's currency, at the invoice's rate; the same whatever comes after it.

    What was asked, to the smallest unit of the invoice's currency, is that: the rest is the rounding of coins.
    """
    worth, asked = _rounded(_decimal(payment.get("value")) * rate, invoice["currency"]), _asked(invoice)
    return asked if abs(worth.minor - asked.minor) <= 1 else worth


def _rounded(value: Decimal, currency: str) -> Money:
    return Money(int(value.scaleb(exponent(currency)).to_integral_value(ROUND_HALF_EVEN)), currency)


def _told(kind: str, number: str, moment: float, money: Money | None, uid: UUID, why: str) -> FactTold:
    month = datetime.fromtimestamp(moment, UTC).date().replace(day=1)
    return FactTold(kind=kind, provider_id=number, month=month, money=money, uid=uid, why=why)
