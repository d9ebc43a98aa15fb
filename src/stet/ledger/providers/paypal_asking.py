"""Asking PayPal: its address, its token, its keys of repeated orders."""

import threading
import time
from typing import Any

from stet.ledger.errors import ProviderAwayError
from stet.ledger.providers.http import Http
from stet.ledger.providers.keys import PayPalKeys

LIVE, SANDBOX = "https://api-m.paypal.com", "https://api-m.sandbox.paypal.com"
TOKEN_SPARE_SECONDS = 60

Thing = dict[str, Any]


class Api:
    """PayPal's REST API, with one business account's keys."""

    def __init__(self, keys: PayPalKeys, *, base_url: str = "") -> None:
        """`base_url`: where the API is, "" for PayPal's own."""
        url = base_url or (SANDBOX if keys.is_sandbox else LIVE)
        self._http = Http(url, who="PayPal", trusts_environment=not base_url)
        self._keys = keys
        self._lock = threading.Lock()
        self._token, self._token_until = "", 0.0

    def get(self, path: str, **query: Any) -> Any:
        """What stands there."""
        return self._http.ask("GET", path, headers=self._bearer(), query=query)

    def post(self, path: str, body: Any, *, key: str = "") -> Thing:
        """Order something; with the same key it is the same order."""
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
