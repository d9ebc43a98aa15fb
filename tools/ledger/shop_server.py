"""The shop of the tests, in a process of its own: it survives whatever happens to the ledger.

    python tools/ledger/shop_server.py

prints its port, and answers POST /NAME with JSON arguments until its standard input ends. `RemoteShop` is its other
end: the shop's own methods for those who give, a provider for the ledger.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import msgspec  # noqa: E402 - the path comes first

from stet.kit.money import Money  # noqa: E402
from stet.ledger.providers.base import Capabilities, Delivery, FactTold, Order, Started  # noqa: E402
from tests.ledger.shop import NOVEMBER, Shop, ShopProvider  # noqa: E402


class Handler(BaseHTTPRequestHandler):
    """One call of the shop or its provider."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    shop = Shop()
    provider = ShopProvider(shop)
    lock = threading.Lock()

    def do_POST(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.lock:
            answer = msgspec.json.encode(self.answer(self.path.strip("/"), given))
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def answer(self, name: str, given: dict[str, Any]) -> Any:
        match name:
            case "start":
                return self.shop.start(msgspec.convert(given["order"], Order))
            case "facts":
                return self.provider.facts(given["reference"])
            case "facts_of":
                return self.provider.facts_of(given["session"])
            case "listing":
                return list(self.provider.listing(date.fromisoformat(given["since"])))
            case "refund":
                money = Money(given["minor"], given["currency"])
                return self.provider.refund(given["payment"], money, key=UUID(given["key"]))
            case "cancel":
                return self.provider.cancel(given["plan"], key=UUID(given["key"]))
            case "pay" | "decline" | "end":
                return getattr(self.shop, name)(given["session"])
            case "payments":
                return self.shop.payments()
            case "told":
                return [one.fact for one in self.shop.told() if one.fact]
        raise ValueError(name)

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


class RemoteShop:
    """The shop at a port; a provider for the ledger. `point` is called before and after each call."""

    name = "practice"
    capabilities = Capabilities(recurring=True, refunds=True, portal=False)
    refused: tuple[str, ...] = ()
    since = NOVEMBER

    def __init__(self, port: int, *, point: Callable[[str], None] = lambda _name: None) -> None:
        self.port, self.point = port, point

    def headers(self, body: bytes) -> dict[str, str]:
        del body
        return {}

    def call(self, method: str, kind: Any = Any, **given: Any) -> Any:
        self.point(f"before {method}")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("POST", f"/{method}", msgspec.json.encode(given))
        answer = connection.getresponse().read()
        connection.close()
        self.point(f"after {method}")
        return msgspec.json.decode(answer, type=kind)

    def start(self, order: Order) -> Started:
        found: Started = self.call("start", Started, order=order)
        return found

    def read_delivery(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        del headers
        return msgspec.json.decode(body, type=Delivery)

    def facts(self, reference: str) -> Sequence[FactTold]:
        found: list[FactTold] = self.call("facts", list[FactTold], reference=reference)
        return found

    def facts_of(self, session_id: str) -> Sequence[FactTold]:
        found: list[FactTold] = self.call("facts_of", list[FactTold], session=session_id)
        return found

    def listing(self, since: date) -> Iterator[FactTold]:
        yield from self.call("listing", list[FactTold], since=since.isoformat())

    def refund(self, payment_id: str, money: Money, *, key: UUID) -> None:
        self.call("refund", payment=payment_id, minor=money.minor, currency=money.currency, key=key)

    def cancel(self, plan_id: str, *, key: UUID) -> None:
        self.call("cancel", plan=plan_id, key=key)

    def portal_url(self, customer_id: str, *, back_url: str, language: str) -> str:
        raise NotImplementedError

    def plans_of_country(self, country: str) -> Iterator[str]:
        raise NotImplementedError


class ShopProcess:
    """The process."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
        )
        assert self._process.stdout
        self.port = int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()

    def remote(self, point: Callable[[str], None] = lambda _name: None) -> RemoteShop:
        return RemoteShop(self.port, point=point)

    def happens(self, interval: str, session: str) -> list[bytes]:
        """What somebody does at the page, and what happens to it later: the deliveries that this makes."""
        once = [["pay"], ["decline", "pay"], ["pay"], ["end"]]
        plan = [["pay"], ["pay", "pay"], ["pay", "decline", "pay"], ["pay", "end"]]
        names = self._dice.choice(once if interval == "once" else plan)
        return [json.dumps(self.remote().call(name, session=session)).encode() for name in names]

    def afterwards(self, session: str) -> list[bytes]:
        del session
        return []

    def told(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.remote().call("told")
        return found

    def twice(self) -> int:
        return 0

    def refused_and_charged(self) -> int:
        return 0

    def let_go(self) -> int:
        return 0


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
