"""A provider that tests give to: it keeps orders by their uid, and has a page on a port of its own."""

import hashlib
import hmac
import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

from stet.kit.money import Money
from stet.ledger.errors import DeliveryRefusedError, ProviderAwayError, ProviderRefusedError
from stet.ledger.printed import PLACE
from stet.ledger.providers.base import Capabilities, Delivery, FactTold, Order, Provider, Started

SECRET = b"whsec of the tests"


@dataclass
class Till:
    """The provider's side. One order for each uid, whatever is sent again."""

    name: str = "practice"
    url: str = "https://pay.example.org"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(recurring=True, refunds=True, portal=True, refuses_countries=True)
    )
    orders: dict[UUID, Order] = field(default_factory=dict)
    cancelled: list[tuple[str, UUID]] = field(default_factory=list)
    asked: int = 0
    fails: list[Exception] = field(default_factory=list)
    """What the next orders come to."""
    on_start: Any = None

    def start(self, order: Order) -> Started:
        self.asked += 1
        if self.on_start:
            self.on_start(order)
        if self.fails:
            raise self.fails.pop(0)
        if self.orders.setdefault(order.uid, order) != order:
            raise ProviderRefusedError("This key was used with other parameters.")
        number = list(self.orders).index(order.uid) + 1
        return Started(session_id=f"cs_{number}", url=f"{self.url}/pay/cs_{number}")

    def read_delivery(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        if not hmac.compare_digest(headers.get("Till-Signature", ""), signature(body)):
            raise DeliveryRefusedError("The signature is not the provider's.")
        told = json.loads(body)
        return Delivery(event_id=told["id"], reference=told["about"])

    def facts(self, reference: str) -> Sequence[FactTold]:
        return ()

    def facts_of(self, session_id: str) -> Sequence[FactTold]:
        return ()

    def listing(self, since: date) -> Iterator[FactTold]:
        return iter(())

    def refund(self, payment_id: str, money: Money, *, key: UUID) -> None: ...

    def cancel(self, plan_id: str, *, key: UUID) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.cancelled.append((plan_id, key))

    def portal_url(self, customer_id: str, *, back_url: str, language: str) -> str:
        if self.fails:
            raise self.fails.pop(0)
        return f"{self.url}/portal/{customer_id}"

    def plans_of_country(self, country: str) -> Iterator[str]:
        return iter(())


@dataclass(frozen=True)
class Numbers:
    """The account as the bank's provider shows it."""

    holder: str = "Far Shore Publishing"
    iban: str = "LV97 HABA 0012 3456 7891 0"
    bic: str = "HABALV22"
    bank: str = ""
    currencies: tuple[str, ...] = ("EUR", "USD")


@dataclass
class Account(Till):
    """A bank account: no page, no plans, a reference."""

    name: str = "bank"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(
            recurring=False, refunds=False, portal=False, has_page=False, currencies=("EUR", "USD")
        )
    )
    account: Numbers = field(default_factory=lambda: Numbers())

    def start(self, order: Order) -> Started:
        started = super().start(order)
        return Started(session_id=f"RF{started.session_id[3:].rjust(8, '0')}", url="")


def signature(body: bytes) -> str:
    return hmac.new(SECRET, body, hashlib.sha256).hexdigest()


def tills(url: str = "https://pay.example.org") -> dict[str, Provider]:
    return {"practice": Till(url=url), "bank": Account()}


def away() -> ProviderAwayError:
    return ProviderAwayError("The provider does not answer.")


# --- What is printed ---


def printed_support(**changes: Any) -> dict[str, Any]:
    """`support.json` of a paper in three languages and three currencies."""
    names = {"en": "The Far Shore", "ru": "Дальний берег", "fa": "ساحل دور"}
    every = ["once", "monthly", "annual"]
    amounts = [
        {"currency": code, "smallest": 200 * times, "largest": 1_000_000 * times,
         "once": [1_000 * times, 2_500 * times, 10_000 * times], "monthly": [200 * times, 500 * times, 1_500 * times],
         "annual": [2_500 * times, 6_000 * times, 12_000 * times]}
        for code, times in {"USD": 1, "EUR": 1, "GEL": 3}.items()
    ]  # fmt: skip
    languages = {
        code: {
            "name": name, "direction": "rtl" if code == "fa" else "ltr",
            "shell": f"{prefix}/letters/answer/index.html", "front_path": f"{prefix}/", "path": f"{prefix}/support/",
            "is_open": True, "intervals": every, "amounts": amounts,
            "methods": [
                {"key": "card", "provider": "practice", "intervals": every},
                {"key": "bank", "provider": "bank", "intervals": ["once"]},
                {"key": "paypal", "provider": "paypal", "intervals": every},
            ],
            "warnings": [],
        }
        for code, name in names.items()
        for prefix in ("" if code == "en" else f"/{code}",)
    }  # fmt: skip
    return {
        "version": 1, "label": "Far Shore Publishing", "refused_countries": ["XX"], "languages": languages,
        "campaigns": ["spring-a", "spring-b"], **changes,
    }  # fmt: skip


def put_support(site: Path, **changes: Any) -> None:
    file = site / PLACE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(printed_support(**changes)))


def giving_form(**changes: str) -> dict[str, str]:
    """The printed form, filled in."""
    return {
        "interval": "once", "currency": "USD", "amount": "1000", "other": "", "method": "card", "campaign": "spring-b",
        "email": "", "website": "", **changes,
    }  # fmt: skip


# --- The provider's page ---

PAGE = """<!doctype html><html lang="en"><title>Pay</title><h1>Pay here</h1><p id="where">{path}</p>
<a href="{back}">Back to the paper</a></html>"""


@contextmanager
def a_pay_page(back: str = "about:blank") -> Iterator[str]:
    """A page on another port, as a provider's is on another host."""

    class Pay(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = PAGE.format(path=self.path, back=back).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("X-Referrer-Seen", self.headers.get("Referer", "none"))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pay)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def use_tills() -> None:
    """In a frontdesk's own process: what is set up there are these, with pages where the environment says."""
    from stet.ledger.providers import setup
    from stet.project.settings import Newsroom

    pay_url = os.environ["PAY_URL"]
    setup.providers_of = lambda _newsroom: tills(pay_url)
    Newsroom.form_urls = property(lambda newsroom: (newsroom.frontdesk_url, pay_url))  # type: ignore[misc,assignment]
