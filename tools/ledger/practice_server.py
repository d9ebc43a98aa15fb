"""The practice provider in a process of its own, for the ledger that is killed: Stripe's class over real HTTP.

`PracticeProcess` is the process and everything that happens there without our doing; `PracticeShop` is the ledger's
provider, which calls `point` before and after each HTTP request that it sends. Cards of one country are refused: single
gifts are reserved, plans begin with a card that is left.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import msgspec
import requests
from stripe import StripeClient

from stet.kit.money import Money
from stet.ledger.practice.account import API_VERSION, HOOK_SECRET, SECRET_KEY
from stet.ledger.practice.hooks import signed
from stet.ledger.providers.base import Agreed
from stet.ledger.providers.keys import StripeKeys
from stet.ledger.providers.stripe import EVENTS, StripeProvider

REFUSED = ("BY",)
COUNTRIES = ("LV", "DE", "KZ", "US", "BY")
Told = dict[str, str]


class PracticeShop(StripeProvider):
    """The ledger's side. `point` is called before and after each HTTP request."""

    def __init__(self, url: str, *, point: Callable[[str], None] = lambda _name: None) -> None:
        keys = StripeKeys(key=SECRET_KEY, webhook_secret=HOOK_SECRET)
        super().__init__(
            keys, name="practice", base_url=url, refused_countries=lambda: REFUSED, agreed=agreed_in_the_ledger
        )
        self.refused = REFUSED
        self.since = datetime.now(UTC).date() - timedelta(days=35)
        requestor = self._client._requestor
        requestor._client = _Watched(requestor._client, point)  # type: ignore[assignment]

    def headers(self, body: bytes) -> dict[str, str]:
        """Those of a delivery."""
        return {"Stripe-Signature": signed(body, HOOK_SECRET, moment=int(time.time()))}


class _Watched:
    """The library's HTTP client, with a point before and after each request."""

    def __init__(self, client: Any, point: Callable[[str], None]) -> None:
        self._client, self._point = client, point

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def request_with_retries(self, method: str, url: str, *args: Any, **more: Any) -> Any:
        path = "/".join(
            "_" if part[:5].find("_") > 0 and len(part) > 16 else part for part in url.split("?")[0].split("/")[3:]
        )
        self._point(f"before {method} {path}")
        answer = self._client.request_with_retries(method, url, *args, **more)
        self._point(f"after {method} {path}")
        return answer


def agreed_in_the_ledger(uid: UUID) -> Agreed | None:
    """What our row says, as `providers.setup` has it, without a printed page."""
    from stet.ledger.models import Contribution

    row = Contribution.objects.filter(uid=uid).exclude(interval="once").first()
    return row and Agreed(money=Money(row.minor, row.currency), interval=row.interval, label="Haldane Press Fund")


class PracticeProcess:
    """The process, and whoever pays there."""

    def __init__(self, dice: Random) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "stet.ledger.practice"], stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        assert self._process.stdout
        self.url = self._process.stdout.readline().split()[0]
        self._dice = dice
        self._client = StripeClient(SECRET_KEY, stripe_version=API_VERSION, base_addresses={"api": self.url})
        self._newest = ""

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.communicate(timeout=30)

    def remote(self, point: Callable[[str], None] = lambda _name: None) -> PracticeShop:
        """The ledger's side."""
        return PracticeShop(self.url, point=point)

    # --- What happens there ---

    def happens(self, interval: str, session: str) -> list[bytes]:
        """Somebody is at the page; later things happen to what they gave. The deliveries that this makes."""
        country = self._dice.choice(COUNTRIES)
        what = self._dice.choice(["pay", "pay", "pay", "decline, pay", "later", "expire"])
        if what == "expire":
            self._client.v1.checkout.sessions.expire(session)
            return self._events()
        if what.startswith("decline"):
            self._do("pay", session=session, how="decline", country=country)
        how = "later" if what == "later" and interval != "once" else "card"
        self._do("pay", session=session, how=how, country=country)
        return self._events()

    def afterwards(self, session: str) -> list[bytes]:
        """What happens to a plan that has begun: it is ended at the portal, or a month goes by."""
        plan = self._plan_of(session)
        if plan is None:
            return self._events()
        dice = self._dice.random()
        if dice < 0.5:
            self._do("end", subscription=plan)
        elif dice < 0.6:
            self._do("card", subscription=plan, fails=str(self._dice.choice([0, 1])))
            self._do("clock", days="31")
        return self._events()

    def _plan_of(self, session: str) -> str | None:
        uid = self._client.v1.checkout.sessions.retrieve(session).client_reference_id
        for one in self._client.v1.subscriptions.list({"limit": 100}).auto_paging_iter():
            if one.metadata["stet"] == uid and one.status in ("active", "past_due"):
                return str(one.id)
        return None

    def _do(self, act: str, **form: str) -> None:
        answer = requests.post(f"{self.url}/practice/{act}", form, timeout=30, allow_redirects=False)
        assert answer.status_code in (303, 402), answer.text

    def _events(self) -> list[bytes]:
        """Events since the last look, as they are delivered: those that the endpoint is registered for."""
        params: Any = {"limit": 100, **({"ending_before": self._newest} if self._newest else {})}
        found = [one.to_dict() for one in self._client.v1.events.list(params).auto_paging_iter()]
        if found:
            self._newest = found[-1 if self._newest else 0]["id"]
        return [msgspec.json.encode(one) for one in found if one["type"] in EVENTS]

    # --- What is true ---

    def told(self) -> list[Told]:
        """Every fact, read off the account by other means than the ledger's."""
        v1 = self._client.v1
        told: list[Told] = []
        for charge in _all(v1.charges.list):
            intent = v1.payment_intents.retrieve(charge["payment_intent"]).to_dict()
            if charge["status"] == "succeeded" and charge["captured"]:
                told.append({"kind": "settled", "provider_id": charge["id"], "of": ""})
            elif charge["status"] == "failed" or intent["status"] == "canceled":
                told.append({"kind": "failed", "provider_id": charge["id"], "of": ""})
        for refund in _all(v1.refunds.list):
            told.append({"kind": "refunded", "provider_id": refund["id"], "of": refund["charge"]})
        for plan in _all(v1.subscriptions.list, status="all"):
            if plan["status"] in ("canceled", "incomplete_expired"):
                told.append({"kind": "ended", "provider_id": plan["id"], "of": ""})
        for session in _all(v1.checkout.sessions.list):
            if session["status"] == "expired":
                told.append({"kind": "ended", "provider_id": session["id"], "of": ""})
            elif session["customer"] and v1.customers.retrieve(session["customer"]).to_dict().get("deleted"):
                told.append({"kind": "ended", "provider_id": session["setup_intent"], "of": ""})
        return told

    def twice(self) -> int:
        """What was done twice for one order: pages, plans, first payments."""
        v1 = self._client.v1
        pages = Counter(one["client_reference_id"] for one in _all(v1.checkout.sessions.list))
        plans = Counter(one["metadata"]["stet"] for one in _all(v1.subscriptions.list, status="all"))
        paid = Counter(
            one["metadata"]["stet"] for one in _all(v1.charges.list) if one["metadata"].get("stet") and one["captured"]
        )
        return sum(count - 1 for counts in (pages, plans, paid) for count in counts.values())

    def refused_and_charged(self) -> int:
        """Cards of a refused country from which money was collected."""
        charges = [one for one in _all(self._client.v1.charges.list) if one["captured"]]
        return sum((one["payment_method_details"].get("card") or {}).get("country") in REFUSED for one in charges)

    def let_go(self) -> int:
        """Cards of a refused country that were let go."""
        canceled = [one for one in _all(self._client.v1.payment_intents.list) if one["status"] == "canceled"]
        return len(canceled) + sum(one["provider_id"].startswith("seti_") for one in self.told())


def _all(ask: Callable[..., Any], **params: Any) -> list[dict[str, Any]]:
    return [one.to_dict() for one in ask({"limit": 100, **params}).auto_paging_iter()]
