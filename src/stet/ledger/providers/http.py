"""Asking providers that speak plain HTTP and JSON: bounded, without cookies, and with errors that say nothing."""

from collections.abc import Mapping
from typing import Any

import msgspec
import requests

from stet.ledger.errors import ProviderAwayError, ProviderRefusedError

TIMEOUT_SECONDS = 20
MOST_BYTES = 20_000_000
LATER = frozenset({408, 409, 423, 425, 429})
"""Answers that another try may change."""


class Refused(ProviderRefusedError):
    """A refusal whose status somebody has to look at."""

    def __init__(self, message: str, status: int, issue: str = "") -> None:
        super().__init__(message)
        self.status, self.issue = status, issue


class Http:
    """A provider's API at an address. `who`: what it is called in errors."""

    def __init__(self, url: str, *, who: str, trusts_environment: bool = True) -> None:
        self._url, self._who = url.rstrip("/"), who
        self._session = requests.Session()
        self._session.trust_env = trusts_environment

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        json: Any = None,
        form: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> Any:
        """What the provider answers, decoded; None where it answers nothing."""
        body = msgspec.json.encode(json) if json is not None else form
        kind = {"Content-Type": "application/json"} if json is not None else {}
        try:
            answer = self._session.request(
                method,
                f"{self._url}{path}",
                data=body,
                params=query,
                headers={"Accept": "application/json", **kind, **headers},
                auth=auth,
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
            self._session.cookies.clear()
        except requests.RequestException:
            raise ProviderAwayError(f"{self._who} could not be reached. Try again later.") from None
        self._check(answer)
        if not answer.content or len(answer.content) > MOST_BYTES:
            return None
        try:
            return msgspec.json.decode(answer.content)
        except msgspec.DecodeError:
            raise ProviderAwayError(f"{self._who} answered something that is not JSON. Try again later.") from None

    def _check(self, answer: requests.Response) -> None:
        status = answer.status_code
        if 200 <= status < 300:
            return
        if status >= 500 or status in LATER:
            raise ProviderAwayError(f"{self._who} failed. Try again later.") from None
        if status in (401, 403):
            raise Refused(f"{self._who} does not take this key, or the key may not do this. Check it.", status)
        raise Refused(f"{self._who} refused this ({status}).", status, _issue(answer))


def _issue(answer: requests.Response) -> str:
    """The provider's word for a refusal, if it has one; never shown."""
    try:
        told = msgspec.json.decode(answer.content)
        details = told.get("details") or [{}] if isinstance(told, dict) else [{}]
        return str(details[0].get("issue") or told.get("name") or told.get("code") or "")
    except (msgspec.DecodeError, AttributeError, IndexError, KeyError):
        return ""
