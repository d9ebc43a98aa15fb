"""PayPal's REST API, as strict as its reference: names in requests, keys of repeated orders, tokens, states."""

import json
import time
from datetime import UTC, datetime
from typing import Any

from tests.ledger.providers.doubles import Asked, Double, RefusalError, Thing, route, strict

CLIENT, SECRET, WEBHOOK = "client-1", "secret-1", "WH-1"
AMOUNT: Thing = {"currency_code": str, "value": str}
CONTEXT: Thing = {
    "brand_name": str,
    "locale": str,
    "shipping_preference": str,
    "user_action": str,
    "return_url": str,
    "cancel_url": str,
}
ORDER: Thing = {
    "intent": str,
    "purchase_units": [{"reference_id": str, "custom_id": str, "description": str, "amount": AMOUNT}],
    "payment_source": {"paypal": {"experience_context": {**CONTEXT, "landing_page": str}}},
}
CYCLE: Thing = {
    "frequency": {"interval_unit": str, "interval_count": int},
    "tenure_type": str,
    "sequence": int,
    "total_cycles": int,
    "pricing_scheme": {"fixed_price": AMOUNT},
}
PLAN: Thing = {
    "product_id": str,
    "name": str,
    "status": str,
    "description": str,
    "billing_cycles": [CYCLE],
    "payment_preferences": {"auto_bill_outstanding": bool, "payment_failure_threshold": int},
}
OVERRIDE: Thing = {"sequence": int, "total_cycles": int, "pricing_scheme": {"fixed_price": AMOUNT}}
SUBSCRIPTION: Thing = {
    "plan_id": str,
    "custom_id": str,
    "plan": {"billing_cycles": [OVERRIDE]},
    "application_context": CONTEXT,
}
PRODUCT: Thing = {"id": str, "name": str, "type": str}
REFUND: Thing = {"amount": AMOUNT, "note_to_payer": str}
PROOF: Thing = {
    "auth_algo": str,
    "cert_url": str,
    "transmission_id": str,
    "transmission_sig": str,
    "transmission_time": str,
    "webhook_id": str,
    "webhook_event": dict,
}


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def not_found() -> RefusalError:
    return RefusalError(404, {"name": "RESOURCE_NOT_FOUND", "details": [{"issue": "INVALID_RESOURCE_ID"}]})


def unprocessable(issue: str) -> RefusalError:
    return RefusalError(422, {"name": "UNPROCESSABLE_ENTITY", "message": "CANARY", "details": [{"issue": issue}]})


class PayPal(Double):
    def __init__(self) -> None:
        super().__init__()
        self.tokens: set[str] = set()
        self.token_seconds = 32_400
        self.keys: dict[str, tuple[str, tuple[int, Any]]] = {}
        self.things: dict[str, Thing] = {}
        self.captures: dict[str, Thing] = {}
        self.refunds: dict[str, Thing] = {}
        self.sale_refunds: dict[str, Thing] = {}
        self.transactions: dict[str, list[Thing]] = {}
        self.disputes: dict[str, Thing] = {}
        self.lines: list[Thing] = []
        self.sent: set[bytes] = set()
        self._count = 0

    def number(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count:014d}"

    def answer(self, asked: Asked) -> tuple[int, Any]:
        if asked.path != "/v1/oauth2/token":
            if asked.headers["Authorization"].removeprefix("Bearer ") not in self.tokens:
                raise RefusalError(401, {"name": "AUTHENTICATION_FAILURE"})
            if asked.method == "POST" and (key := asked.headers["PayPal-Request-Id"]):
                return self.once(key, asked)
        return super().answer(asked)

    def once(self, key: str, asked: Asked) -> tuple[int, Any]:
        """A repeated order is the first one; with another body it is refused."""
        what = f"{asked.path} {asked.raw!r}"
        if key in self.keys:
            if self.keys[key][0] != what:
                raise unprocessable("DUPLICATE_REQUEST_ID")
            return self.keys[key][1]
        answered = super().answer(asked)
        self.keys[key] = (what, answered)
        return answered

    @route("POST", "/v1/oauth2/token")
    def token(self, asked: Asked) -> tuple[int, Any]:
        import base64

        told = base64.b64decode(asked.headers["Authorization"].removeprefix("Basic ")).decode()
        if told != f"{CLIENT}:{SECRET}" or asked.raw != b"grant_type=client_credentials":
            raise RefusalError(401, {"error": "invalid_client"})
        token = self.number("A21")
        self.tokens.add(token)
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": self.token_seconds}

    # --- Orders ---

    @route("POST", "/v2/checkout/orders")
    def create_order(self, asked: Asked) -> tuple[int, Any]:
        strict(asked.body, ORDER)
        (unit,) = asked.body["purchase_units"]
        self.check(unit["amount"])
        number = self.number("5O")
        link = {"rel": "payer-action", "href": f"https://www.example.org/checkoutnow?token={number}", "method": "GET"}
        self.things[number] = {
            "id": number,
            "status": "PAYER_ACTION_REQUIRED",
            "intent": "CAPTURE",
            "purchase_units": [{"reference_id": "default", **unit}],
            "create_time": now(),
            "links": [link],
        }
        return 200, self.things[number]

    def check(self, amount: Thing) -> None:
        whole = amount["currency_code"] in ("JPY", "HUF", "TWD")
        if ("." in amount["value"]) == whole or float(amount["value"]) <= 0:
            raise unprocessable("DECIMAL_PRECISION")

    @route("GET", r"/v2/checkout/orders/(\w+)")
    def order(self, asked: Asked, number: str) -> tuple[int, Any]:
        if number not in self.things:
            raise not_found()
        return 200, self.things[number]

    @route("POST", r"/v2/checkout/orders/(\w+)/capture")
    def capture(self, asked: Asked, number: str) -> tuple[int, Any]:
        order = self.things[number]
        if order["status"] == "COMPLETED":
            raise unprocessable("ORDER_ALREADY_CAPTURED")
        if order["status"] != "APPROVED":
            raise unprocessable("ORDER_NOT_APPROVED")
        (unit,) = order["purchase_units"]
        capture = self.number("3C")
        made = {
            "id": capture,
            "status": order.get("will_be", "COMPLETED"),
            "amount": unit["amount"],
            "custom_id": unit["custom_id"],
            "create_time": now(),
            "supplementary_data": {"related_ids": {"order_id": number}},
        }
        self.captures[capture] = made
        order["status"] = "COMPLETED"
        unit["payments"] = {"captures": [made]}
        self.line(capture, unit["amount"], "T0006", custom=unit["custom_id"])
        order["payer"] = {"email_address": "payer@example.org", "name": {"given_name": "Pat"}}
        return 201, order

    @route("GET", r"/v2/payments/captures/(\w+)")
    def get_capture(self, asked: Asked, number: str) -> tuple[int, Any]:
        if number not in self.captures:
            raise not_found()
        return 200, self.captures[number]

    @route("POST", r"/v2/payments/captures/(\w+)/refund")
    def refund(self, asked: Asked, number: str) -> tuple[int, Any]:
        strict(asked.body, REFUND)
        capture = self.captures.get(number) or not_found()
        if isinstance(capture, RefusalError):
            raise capture
        left = float(capture["amount"]["value"]) - sum(
            float(one["amount"]["value"]) for one in self.refunds.values() if one["of"] == number
        )
        if float(asked.body["amount"]["value"]) > left + 0.001:
            raise unprocessable("REFUND_AMOUNT_EXCEEDED")
        refund = self.number("1R")
        up = {"rel": "up", "href": f"https://api-m.example.org/v2/payments/captures/{number}", "method": "GET"}
        made = {
            "id": refund,
            "status": "COMPLETED",
            "amount": asked.body["amount"],
            "create_time": now(),
            "links": [up],
            "of": number,
        }
        self.refunds[refund] = made
        if order := (capture.get("supplementary_data") or {}).get("related_ids", {}).get("order_id"):
            self.things[order]["purchase_units"][0]["payments"].setdefault("refunds", []).append(made)
        self.line(refund, asked.body["amount"], "T1107", reference=number, kind="TXN", custom=capture["custom_id"])
        return 201, made

    @route("GET", r"/v2/payments/refunds/(\w+)")
    def get_refund(self, asked: Asked, number: str) -> tuple[int, Any]:
        return 200, self.refunds[number]

    # --- Plans ---

    @route("POST", "/v1/catalogs/products")
    def product(self, asked: Asked) -> tuple[int, Any]:
        strict(asked.body, PRODUCT)
        if asked.body["id"] in self.things:
            raise unprocessable("DUPLICATE_RESOURCE_IDENTIFIER")
        self.things[asked.body["id"]] = asked.body
        return 201, asked.body

    @route("GET", "/v1/billing/plans")
    def plans(self, asked: Asked) -> tuple[int, Any]:
        if asked.one("product_id") not in self.things:
            raise not_found()
        found = [one for one in self.things.values() if one.get("product_id") == asked.one("product_id")]
        size, page = int(asked.one("page_size")), int(asked.one("page"))
        shown = [{"id": one["id"], "name": one["name"], "status": one["status"]} for one in found]
        return 200, {"plans": shown[(page - 1) * size : page * size], "total_pages": -(-len(found) // size)}

    @route("POST", "/v1/billing/plans")
    def create_plan(self, asked: Asked) -> tuple[int, Any]:
        strict(asked.body, PLAN)
        number = self.number("P-")
        self.things[number] = {"id": number, **asked.body}
        return 201, self.things[number]

    @route("GET", r"/v1/billing/plans/([\w-]+)")
    def plan(self, asked: Asked, number: str) -> tuple[int, Any]:
        return 200, self.things[number]

    @route("POST", "/v1/billing/subscriptions")
    def subscribe(self, asked: Asked) -> tuple[int, Any]:
        strict(asked.body, SUBSCRIPTION)
        if asked.body["plan_id"] not in self.things:
            raise not_found()
        number = self.number("I-")
        approve = {"rel": "approve", "href": f"https://www.example.org/subscribe?token={number}", "method": "GET"}
        self.things[number] = {
            **asked.body,
            "id": number,
            "status": "APPROVAL_PENDING",
            "create_time": now(),
            "links": [approve],
            "subscriber": {"email_address": "payer@example.org", "payer_id": "X"},
        }
        self.transactions[number] = []
        return 201, self.things[number]

    @route("GET", r"/v1/billing/subscriptions/([\w-]+)")
    def subscription(self, asked: Asked, number: str) -> tuple[int, Any]:
        if number not in self.things:
            raise not_found()
        return 200, self.things[number]

    @route("GET", r"/v1/billing/subscriptions/([\w-]+)/transactions")
    def transactions_of(self, asked: Asked, number: str) -> tuple[int, Any]:
        assert asked.one("start_time") < asked.one("end_time")
        return 200, {"transactions": self.transactions[number]}

    @route("POST", r"/v1/billing/subscriptions/([\w-]+)/cancel")
    def cancel(self, asked: Asked, number: str) -> tuple[int, Any]:
        strict(asked.body, {"reason": str})
        if self.things[number]["status"] == "CANCELLED":
            raise unprocessable("SUBSCRIPTION_STATUS_INVALID")
        self.things[number] |= {"status": "CANCELLED", "status_update_time": now()}
        return 204, None

    @route("GET", r"/v1/payments/sale/(\w+)")
    def sale(self, asked: Asked, number: str) -> tuple[int, Any]:
        plan = next(plan for plan, all_ in self.transactions.items() if any(one["id"] == number for one in all_))
        return 200, {"id": number, "billing_agreement_id": plan, "state": "completed"}

    @route("GET", r"/v1/payments/refund/(\w+)")
    def sale_refund(self, asked: Asked, number: str) -> tuple[int, Any]:
        return 200, self.sale_refunds[number]

    # --- Disputes, the search, proof ---

    @route("GET", "/v1/customer/disputes")
    def list_disputes(self, asked: Asked) -> tuple[int, Any]:
        assert asked.one("update_time_after").endswith("Z")
        numbers, place = list(self.disputes), int(asked.one("next_page_token", "0"))
        links = []
        if place + 1 < len(numbers):
            links = [{"rel": "next", "href": f"{self.url}/v1/customer/disputes?next_page_token={place + 1}"}]
        return 200, {"items": [{"dispute_id": one} for one in numbers[place : place + 1]], "links": links}

    @route("GET", r"/v1/customer/disputes/([\w-]+)")
    def get_dispute(self, asked: Asked, number: str) -> tuple[int, Any]:
        return 200, self.disputes[number]

    @route("GET", "/v1/reporting/transactions")
    def search(self, asked: Asked) -> tuple[int, Any]:
        start, end = (datetime.fromisoformat(asked.one(name)) for name in ("start_date", "end_date"))
        if (end - start).days > 31:
            raise RefusalError(400, {"name": "INVALID_REQUEST"})
        found = [
            one for one in self.lines if start <= datetime.fromisoformat(one["transaction_initiation_date"]) <= end
        ]
        return 200, {"transaction_details": [{"transaction_info": one} for one in found], "page": 1, "total_pages": 1}

    @route("POST", "/v1/notifications/verify-webhook-signature")
    def verify(self, asked: Asked) -> tuple[int, Any]:
        strict(asked.body, PROOF)
        event = next((one for one in self.sent if one in asked.raw), None)
        is_right = event is not None and asked.body["webhook_id"] == WEBHOOK and asked.body["transmission_sig"] == "sig"
        return 200, {"verification_status": "SUCCESS" if is_right else "FAILURE"}

    # --- What happens by itself ---

    def line(self, number: str, amount: Thing, code: str, *, reference: str = "", kind: str = "", custom: str) -> None:
        value = f"-{amount['value']}" if code == "T1107" else amount["value"]
        self.lines.append(
            {
                "transaction_id": number,
                "paypal_reference_id": reference,
                "paypal_reference_id_type": kind,
                "transaction_event_code": code,
                "transaction_initiation_date": now(),
                "transaction_amount": {**amount, "value": value},
                "transaction_status": "S",
                "custom_field": custom,
            }
        )

    def approve(self, session: str, *, will_be: str = "COMPLETED") -> None:
        """Somebody approves an order or a subscription on PayPal's page."""
        kind, _, number = session.partition(":")
        if kind == "order":
            self.things[number] |= {"status": "APPROVED", "will_be": will_be}
        else:
            self.things[number]["status"] = "ACTIVE"
            self.bill(number)

    def bill(self, number: str, status: str = "COMPLETED") -> str:
        """A plan's payment."""
        amount = self.things[number]["plan"]["billing_cycles"][0]["pricing_scheme"]["fixed_price"]
        sale = self.number("9S")
        moment = datetime.fromtimestamp(time.time() + len(self.transactions[number]), UTC)
        made = {
            "id": sale,
            "status": status,
            "amount_with_breakdown": {"gross_amount": amount},
            "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "payer_email": "payer@example.org",
        }
        self.transactions[number].insert(0, made)
        if status == "COMPLETED":
            custom = self.things[number]["custom_id"]
            self.line(sale, amount, "T0002", reference=number, kind="SUB", custom=custom)
            self.captures[sale] = {"id": sale, "status": "COMPLETED", "amount": amount, "custom_id": custom}
        return sale

    def dispute(self, payment: str, amount: Thing, custom: str = "") -> str:
        number = self.number("PP-D-")
        self.disputes[number] = {
            "dispute_id": number,
            "status": "OPEN",
            "dispute_life_cycle_stage": "CHARGEBACK",
            "reason": "UNAUTHORISED",
            "create_time": now(),
            "update_time": now(),
            "dispute_amount": amount,
            "disputed_transactions": [{"seller_transaction_id": payment, "custom": custom}],
        }
        return number

    def event(self, name: str, **resource: Any) -> tuple[dict[str, str], bytes]:
        """A webhook."""
        told = {"id": self.number("WH-"), "event_type": name, "resource": resource, "new": [1.50, None]}
        body = json.dumps(told, indent=1).encode()
        self.sent.add(body)
        return {
            "Paypal-Auth-Algo": "SHA256withRSA",
            "PAYPAL-CERT-URL": "https://api.example.org/cert.pem",
            "PayPal-Transmission-Id": "t1",
            "PayPal-Transmission-Sig": "sig",
            "PayPal-Transmission-Time": now(),
        }, body
