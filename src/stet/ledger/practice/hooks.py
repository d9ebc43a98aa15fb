"""Deliveries of the practice provider: signed as Stripe signs them, tried again, and as disorderly as it is told.

Notes in the store steer it: `hooks:copies` (each event so many times), `hooks:shuffle` ("1": in any order), `hooks:hold`
("1": none leaves until it is lifted).
"""

import random
import threading
import time
from contextlib import suppress

import msgspec
import requests
import stripe

from stet.ledger.practice.store import Store

PAUSES = (1.0, 5.0, 60.0, 600.0, 3600.0)
"""Seconds before the next try; the last one again and again, some fifty times in three days."""
MOST_TRIES = 50
TIMEOUT_SECONDS = 20


def signed(body: bytes, secret: str, *, moment: int) -> str:
    """The header `Stripe-Signature` of a delivery."""
    text = body.decode()
    return stripe.WebhookSignature.generate_signature_header(text, secret, timestamp=moment)


class Deliverer:
    """A thread that delivers what is owed."""

    def __init__(self, store: Store, *, pauses: tuple[float, ...] = PAUSES, tick: float = 0.2) -> None:
        self._store, self._pauses, self._tick = store, pauses, tick
        self._wake, self._end = threading.Event(), threading.Event()
        self._dice = random.Random()  # noqa: S311 - disorder, not a secret
        self._thread = threading.Thread(target=self._run, name="practice-hooks", daemon=True)
        self._session = requests.Session()
        self._session.trust_env = False

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End, after what is on its way."""
        self._end.set()
        self._wake.set()
        self._thread.join(timeout=TIMEOUT_SECONDS + 5)
        self._session.close()

    def wake(self) -> None:
        """Something is owed."""
        self._wake.set()

    def _run(self) -> None:
        while not self._end.is_set():
            self._wake.wait(self._tick)
            self._wake.clear()
            while not self._end.is_set() and self.deliver_one():
                pass

    def deliver_one(self) -> bool:
        """Deliver one that is due; False where none is."""
        with self._store.changing():
            if self._store.note("hooks:hold") == "1":
                return False
            due = [row for row in self._store.owed() if row[4] <= time.time()]
            if not due:
                return False
            place, event_id, endpoint_id, tries, _due = (
                self._dice.choice(due) if self._store.note("hooks:shuffle") == "1" else due[0]
            )
            event, endpoint = self._store.get(event_id), self._store.get(endpoint_id)
            copies = int(self._store.note("hooks:copies", "1"))
        taken = False
        if event is not None and endpoint is not None:
            for _copy in range(copies if tries == 0 else 1):
                taken = self._deliver(msgspec.json.encode(event), endpoint["url"], endpoint["secret"])
        with self._store.changing():
            if taken or endpoint is None or tries + 1 >= MOST_TRIES:
                self._store.delivered(place)
            else:
                pause = self._pauses[min(tries, len(self._pauses) - 1)]
                self._store.put_off(place, due=time.time() + pause)
        return True

    def _deliver(self, body: bytes, url: str, secret: str) -> bool:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signed(body, secret, moment=int(time.time())),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        with suppress(requests.RequestException):
            answer = self._session.post(url, body, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False)
            return 200 <= answer.status_code < 300
        return False
