"""The practice provider as a server: `python -m stet.ledger.practice`, or `Practice()` in a test.

It listens on this machine only. The API wants the practice account's own key and the pinned version, as Stripe wants
those of an account; the pages are for anybody who knows their address.
"""

import base64
import hashlib
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from stet.ledger.practice import api, pages, plans, steering
from stet.ledger.practice.account import API_VERSION, HOOK_SECRET, SECRET_KEY, Account, Thing
from stet.ledger.practice.fault import Fault
from stet.ledger.practice.form import read_form
from stet.ledger.practice.hooks import PAUSES, Deliverer
from stet.ledger.practice.shapes import number
from stet.ledger.practice.store import Store
from stet.ledger.practice.words import language_of

HOST = "127.0.0.1"
MOST_BODY_BYTES = 100_000
HOUSEKEEPING_SECONDS = 5.0


class Practice:
    """A practice provider in threads of this process.

    >>> with Practice() as practice:
    ...     practice.url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(
        self,
        *,
        port: int = 0,
        file: Path | None = None,
        hook: str = "",
        descriptor: str = "PRACTICE",
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        """`hook`: where events are told, signed with the practice account's secret; `pauses`: seconds between tries."""
        self.store = Store(file)
        self._deliverer = Deliverer(self.store, pauses=pauses)
        self.account = Account(self.store, descriptor=descriptor, after=self._deliverer.wake)
        self._server = _Server((HOST, port), self)
        self.port: int = self._server.server_address[1]
        self.url = f"http://{HOST}:{self.port}"
        self._end = threading.Event()
        self._threads = [
            threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True),
            threading.Thread(target=self._keep_house, daemon=True),
        ]
        if hook:
            self.tell(hook)

    def __enter__(self) -> "Practice":
        self._deliverer.start()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._server.shutdown()
        self._server.server_close()
        self._deliverer.close()
        for thread in self._threads:
            thread.join(timeout=5)
        self.store.close()

    def tell(self, url: str, *, events: tuple[str, ...] = ("*",)) -> None:
        """Tell events to this address from now on, and no more to one that was named so before."""
        with self.store.changing():
            for hook in self.store.all("webhook_endpoint", secret=HOOK_SECRET):
                self.account.change(hook, status="enabled" if hook["url"] == url else "disabled")
            if self.store.all("webhook_endpoint", secret=HOOK_SECRET, url=url):
                return
            self.account.new(
                "webhook_endpoint",
                url=url,
                enabled_events=list(events),
                api_version=API_VERSION,
                status="enabled",
                secret=HOOK_SECRET,
            )

    def do(self, act: str, **form: str) -> None:
        """Make something happen, as the counter's buttons do. Raises Fault."""
        with self.store.changing():
            steering.ACTS[act](self.account, form)
        self._deliverer.wake()

    def _keep_house(self) -> None:
        pause = HOUSEKEEPING_SECONDS
        while not self._end.wait(pause):
            started = time.monotonic()
            with suppress(Fault), self.store.changing():
                plans.move_on(self.account, 0)
            # Among ten thousand plans it takes a while to see what is due; nobody should have to wait for it often.
            pause = max(HOUSEKEEPING_SECONDS, 20 * (time.monotonic() - started))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], practice: Practice) -> None:
        self.practice = practice
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news."""


class _Answer(Exception):  # noqa: N818 - an answer is no failure
    def __init__(self, status: int, body: bytes, kind: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.status, self.body, self.kind, self.headers = status, body, kind, dict(headers or {})


def _html(text: str, status: int = 200) -> _Answer:
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
    headers = {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
    return _Answer(status, text.encode(), "text/html; charset=utf-8", headers)


def _led(url: str) -> _Answer:
    return _Answer(303, b"", "text/plain", {"Location": url, "Referrer-Policy": "no-referrer"})


def _json(thing: Thing, headers: Mapping[str, str] | None = None, *, status: int = 200) -> _Answer:
    return _Answer(status, msgspec.json.encode(thing), "application/json", headers)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "practice"
    disable_nagle_algorithm = True
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
        """Nothing is logged."""

    def _answer(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST_BODY_BYTES:
            self.close_connection = True
            self._send(_Answer(413, b"", "text/plain"))
            return
        body = self.rfile.read(length).decode("utf-8", "replace")
        where = urlsplit(self.path)
        try:
            if where.path.startswith("/v1/"):
                answer = self._api(method, where.path, body or where.query)
            else:
                answer = self._page(method, where.path, where.query, body)
        except Fault as fault:
            answer = _json({"error": fault.error}, status=fault.status)
        except (KeyError, ValueError):
            answer = _Answer(400, b"This is not how it is asked.\n", "text/plain")
        self._send(answer)

    def _send(self, answer: _Answer) -> None:
        self.send_response(answer.status)
        for name, value in {"Content-Type": answer.kind, **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    # --- The API ---

    def _api(self, method: str, path: str, query: str) -> _Answer:
        practice, request_id = self.server.practice, number("req")
        headers = {"Request-Id": request_id, "Stripe-Version": API_VERSION}
        try:
            self._check_client()
            with practice.store.changing():
                return self._once(method, path, query, request_id, headers)
        except Fault as fault:
            return _json({"error": fault.error}, headers, status=fault.status)

    def _check_client(self) -> None:
        kind, _, value = self.headers.get("Authorization", "").partition(" ")
        key = value
        if kind == "Basic":
            key = base64.b64decode(value).decode().partition(":")[0]
        if not value:
            raise Fault("You did not provide an API key.", status=401)
        if key != SECRET_KEY:
            raise Fault(f"Invalid API Key provided: {key[:7]}********", status=401)
        version = self.headers.get("Stripe-Version")
        if version != API_VERSION:
            raise Fault(f"Invalid Stripe API version: {version}. This practice provider speaks {API_VERSION}.")

    def _once(self, method: str, path: str, query: str, request_id: str, headers: dict[str, str]) -> _Answer:
        practice = self.server.practice
        store, account = practice.store, practice.account
        away, after = int(store.note("away", "0")), int(store.note("away:after", "0"))
        if away and after:
            store.set_note("away:after", str(after - 1))
        elif away:
            store.set_note("away", str(away - 1))
            error = {"message": "An error occurred with our connection to Stripe.", "type": "api_error"}
            final = {"Stripe-Should-Retry": "false"} if store.note("away:final") else {}
            return _json({"error": error}, {**headers, **final}, status=503)
        key = self.headers.get("Idempotency-Key", "") if method == "POST" else ""
        what = hashlib.sha256(f"{method} {path} {query}".encode()).digest()
        if key and (kept := store.order(key)):
            if kept[0] != what:
                raise Fault(
                    "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                    f"Try using a key other than '{key}' if you meant to execute a different request.",
                    kind="idempotency_error",
                )
            return _Answer(kept[1], kept[2], "application/json", {**headers, "Idempotent-Replayed": "true"})
        account.request = {"id": request_id, "idempotency_key": key or None}
        try:
            thing = api.answer(account, method, path, read_form(query), page=practice.url)
        except Fault as fault:
            if fault.keeps and key:
                answered = msgspec.json.encode({"error": fault.error})
                store.keep_order(key, what, fault.status, answered)
            raise
        finally:
            account.request = {"id": None, "idempotency_key": None}
        answer = _json(thing, headers)
        if key:
            store.keep_order(key, what, 200, answer.body)
        return answer

    # --- Pages ---

    def _page(self, method: str, path: str, query: str, body: str) -> _Answer:
        practice = self.server.practice
        form = dict(parse_qsl(body))
        with practice.store.changing():
            if path.startswith("/c/pay/"):
                return self._pay(method, path.removeprefix("/c/pay/"), query, form)
            if path.startswith("/p/session/"):
                return self._portal(method, path, form)
            if path == "/" and method == "GET":
                return _html(pages.counter_page(practice.account))
            if path.startswith("/practice/") and method == "POST":
                act = steering.ACTS.get(path.removeprefix("/practice/"))
                if act is not None:
                    act(practice.account, form)
                    return _led("/")
        return _Answer(404, b"There is nothing here.\n", "text/plain; charset=utf-8")

    def _pay(self, method: str, session_id: str, query: str, form: Mapping[str, str]) -> _Answer:
        account = self.server.practice.account
        session = account.the("checkout.session", session_id)
        language = language_of(session["locale"], self.headers.get("Accept-Language", ""))
        if session["status"] == "complete":
            return _led(session["success_url"])
        if session["status"] != "open" or session["expires_at"] <= account.now():
            return _html(pages.closed_page(language), 410)
        if method == "POST":
            try:
                steering.pay(account, session, how=form.get("how", "card"), country=form.get("country", "US"))
            except Fault as fault:
                if fault.status != 402:
                    raise
                return _led(f"/c/pay/{session_id}?declined")
            return _led(session["success_url"])
        return _html(pages.pay_page(account, session, language=language, is_declined=query == "declined"))

    def _portal(self, method: str, path: str, form: Mapping[str, str]) -> _Answer:
        practice = self.server.practice
        account = practice.account
        found = account.store.all("billing_portal.session", url=f"{practice.url}{path}")
        language = language_of(found[0]["locale"] if found else None, self.headers.get("Accept-Language", ""))
        if not found or account.now() - found[0]["created"] > 3600:
            return _html(pages.closed_page(language), 410)
        if method == "POST":
            plan = account.the("subscription", form["plan"])
            if plan["customer"] != found[0]["customer"]:
                return _Answer(404, b"There is nothing here.\n", "text/plain; charset=utf-8")
            if form.get("how") == "mend":
                steering.mend(account, plan)
            elif plan["status"] not in plans.ENDED:
                plans.end(account, plan)
            return _led(path)
        return _html(pages.portal_page(account, found[0], language=language))
