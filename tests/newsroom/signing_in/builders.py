"""Editors who sign in, and codes as their apps show them."""

import base64
import hashlib
import hmac
import struct
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.models import ModelLogEntry

PASSWORD = "a long password"
SECRET = base64.b32encode(b"twenty bytes of keys").decode()


def an_editor(name: str = "mira", **fields: Any) -> Any:
    """An account with everything allowed."""
    return get_user_model().objects.create_superuser(name, password=PASSWORD, **fields)


def with_app(account: Any) -> list[str]:
    """Set an app up for an account, long enough ago; answer its recovery codes."""
    TOTP.activate(account, SECRET)
    Authenticator.objects.filter(user=account).update(created_at="2020-01-01T00:00:00Z")
    return RecoveryCodes.activate(account).generate_codes()


def code_of(secret: str = SECRET, *, at: float | None = None, steps: int = 0) -> str:
    """The six digits of an app at a moment, by RFC 6238."""
    counter = int(time.time() if at is None else at) // 30 + steps
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def sign_in(client: Client, name: str = "mira", password: str = PASSWORD, **more: Any) -> Any:
    """Send name and password."""
    return client.post("/login/", {"username": name, "password": password}, **more)


def send_code(client: Client, code: str, **more: Any) -> Any:
    """Send a code after the password."""
    return client.post("/second-factor/authenticate/", {"code": code}, **more)


def is_in(client: Client) -> bool:
    """Whether a page of the desk is shown."""
    return client.get("/account/sessions/").status_code == 200


def events(account: Any = None) -> list[str]:
    """What the record says of signing in, oldest first."""
    entries = ModelLogEntry.objects.filter(action__startswith="stet.").order_by("timestamp", "pk")
    if account is not None:
        entries = entries.filter(object_id=str(account.pk))
    return [entry.action.removeprefix("stet.") for entry in entries]
