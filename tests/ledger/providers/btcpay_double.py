"""A BTCPay Server that is as strict as its own description of the Greenfield API (swagger, store invoices)."""

import hashlib
import hmac
import json
import time
from decimal import Decimal
from typing import Any

from tests.ledger.providers.doubles import Asked, Double, RefusalError, Thing, route, strict

STORE, TOKEN, SECRET = "Store1", "token-of-a-store", "secret-of-a-webhook"
CREATE: Thing = {
    "amount": str,
    "currency": str,
    "additionalSearchTerms": list,
    "metadata": {"orderId": str, "itemDesc": str},
    "checkout": {
        "speedPolicy": str,
        "paymentMethods": object,
        "defaultPaymentMethod": str,
        "lazyPaymentMethods": bool,
        "expirationMinutes": int,
        "monitoringMinutes": int,
        "paymentTolerance": float,
        "redirectURL": str,
        "redirectAutomatically": bool,
        "defaultLanguage": str,
    },
    "receipt": {"enabled": bool, "showQR": bool, "showPayments": bool},
}
RATE = Decimal("64392.23")


class Btcpay(Double):
    def __init__(self) -> None:
        super().__init__()
        self.invoices: dict[str, Thing] = {}
        self.payments: dict[str, list[Thing]] = {}
        self.unknown_field: Any = {"more": ["than", "anybody", "knows"]}

    def answer(self, asked: Asked) -> tuple[int, Any]:
        if asked.headers["Authorization"] != f"token {TOKEN}":
            raise RefusalError(401)
        if not asked.path.startswith(f"/api/v1/stores/{STORE}/"):
            raise RefusalError(403)
        return super().answer(asked)

    @route("POST", r"/api/v1/stores/\w+/invoices")
    def create(self, asked: Asked) -> tuple[int, Any]:
        strict(asked.body, CREATE)
        number = f"Inv{len(self.invoices)}"
        now = int(time.time())
        minutes = asked.body["checkout"]["expirationMinutes"]
        self.payments[number] = []
        self.invoices[number] = {
            "id": number,
            "storeId": STORE,
            "amount": asked.body["amount"],
            "currency": asked.body["currency"],
            "type": "Standard",
            "checkoutLink": f"{self.url}/i/{number}",
            "createdTime": now,
            "expirationTime": now + 60 * minutes,
            "status": "New",
            "additionalStatus": "None",
            "metadata": asked.body["metadata"],
            "checkout": asked.body["checkout"],
            "archived": False,
            "unknown": self.unknown_field,
        }
        return 200, self.invoices[number]

    @route("GET", r"/api/v1/stores/\w+/invoices")
    def all(self, asked: Asked) -> tuple[int, Any]:
        found = sorted(self.invoices.values(), key=lambda one: one["createdTime"], reverse=True)
        if "orderId" in asked.query:
            found = [one for one in found if one["metadata"].get("orderId") in asked.query["orderId"]]
        if "startDate" in asked.query:
            found = [one for one in found if one["createdTime"] >= int(asked.one("startDate"))]
        skip = int(asked.one("skip", "0"))
        return 200, found[skip : skip + int(asked.one("take", "50"))]

    @route("GET", r"/api/v1/stores/\w+/invoices/(\w+)")
    def one(self, asked: Asked, number: str) -> tuple[int, Any]:
        if number not in self.invoices:
            raise RefusalError(404, {"code": "invoice-not-found"})
        return 200, self.invoices[number]

    @route("GET", r"/api/v1/stores/\w+/invoices/(\w+)/payment-methods")
    def methods(self, asked: Asked, number: str) -> tuple[int, Any]:
        method = {
            "paymentMethodId": "BTC-CHAIN",
            "currency": "BTC",
            "destination": "bc1qexample",
            "rate": str(RATE),
            "payments": self.payments[number],
            "activated": True,
            "unknown": self.unknown_field,
        }
        return 200, [method, {**method, "paymentMethodId": "BTC-LN", "payments": []}]

    # --- What happens by itself ---

    def pay(self, number: str, value: str, *, status: str = "Settled", late: bool = False) -> str:
        """Somebody sends coins worth this much, to the last satoshi above."""
        payment = f"{len(self.payments[number])}{number.lower()}deadbeef-0"
        coins = (Decimal(value) / RATE).quantize(Decimal("0.00000001"))
        made = {"id": payment, "receivedDate": int(time.time()), "value": str(coins), "fee": "0.0", "status": status}
        self.payments[number].append(made)
        self._follow(number, late=late)
        return payment

    def _follow(self, number: str, *, late: bool = False) -> None:
        invoice = self.invoices[number]
        paid = sum(Decimal(one["value"]) * RATE for one in self.payments[number] if one["status"] == "Settled")
        asked, cent = Decimal(invoice["amount"]), Decimal("0.01")
        if late:
            invoice["additionalStatus"] = "PaidLate"
        elif paid > asked + cent:
            invoice |= {"status": "Settled", "additionalStatus": "PaidOver"}
        elif paid >= asked - cent:
            invoice |= {"status": "Settled", "additionalStatus": "None"}
        elif paid:
            invoice["additionalStatus"] = "PaidPartial"

    def expire(self, number: str) -> None:
        self.invoices[number]["status"] = "Expired"

    def delivery(self, number: str, kind: str, **more: Any) -> tuple[dict[str, str], bytes]:
        """A webhook, signed as BTCPay Server signs it."""
        told = {
            "deliveryId": f"d-{kind}-{number}",
            "webhookId": "w1",
            "isRedelivery": False,
            "type": kind,
            "timestamp": int(time.time()),
            "storeId": STORE,
            "invoiceId": number,
            "unknown": self.unknown_field,
            **more,
        }
        body = json.dumps(told, indent=2).encode()
        return {"BTCPay-Sig": f"sha256={hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}"}, body
