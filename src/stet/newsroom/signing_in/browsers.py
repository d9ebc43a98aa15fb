"""Browsers that an account was signed in from before: a signed cookie says so, and the desk keeps no list of them.

The cookie holds a number that was made up for the browser and digests of at most five accounts. It opens nothing: it
decides only in which lane wrong tries are counted.
"""

import hmac
import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from stet.newsroom.signing_in.secret import key_for

COOKIE = "stet_desk_browser"
SALT = "stet.newsroom.signing_in.browsers"
LASTS_SECONDS = 180 * 24 * 60 * 60
MOST_ACCOUNTS = 5


def known_browser(request: HttpRequest, name: str) -> str:
    """The number of the browser that asks, where the account was signed in from there before; else ""."""
    said = _read(request)
    is_known = _mark(str(said.get("browser", "")), name) in said.get("accounts", ())
    return str(said["browser"]) if is_known else ""


def remember_browser(request: HttpRequest, response: HttpResponseBase, name: str) -> None:
    """Give the browser of somebody who has just signed in the cookie that says so."""
    said = _read(request)
    browser = str(said.get("browser") or secrets.token_urlsafe(16))
    mark = _mark(browser, name)
    accounts = [mark, *(other for other in said.get("accounts", ()) if other != mark)][:MOST_ACCOUNTS]
    response.set_cookie(
        COOKIE, signing.dumps({"browser": browser, "accounts": accounts}, salt=SALT), max_age=LASTS_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Strict",
    )  # fmt: skip


def _read(request: HttpRequest) -> Mapping[str, Any]:
    try:
        said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS_SECONDS)
    except signing.BadSignature:
        return {}
    return said if isinstance(said, dict) else {}


def _mark(browser: str, name: str) -> str:
    """An account in a browser's cookie; nobody who finds two cookies sees that they name the same one."""
    key = key_for("browsers")
    return hmac.new(key, f"{browser}\0{name.casefold()}".encode("utf-8", "surrogatepass"), sha256).hexdigest()[:32]
