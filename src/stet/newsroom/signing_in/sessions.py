"""Where somebody is signed in: listed without device or address, to the hour, and ended by deleting a row.

The rules:
 * A session holds a token, the row its digest. A session without its row is signed out at the next request.
 * A sign-in lasts as long as the desk's cookie, counted from the full hour after it; then its row is deleted.
 * A new password, a new or a removed second factor ends all others. The password counts as new only where somebody set
   one: Django writes it anew, too, when it hashes it better.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from stet.kit.digests import hex_digest
from stet.newsroom.models import DeskSession

KEY = "stet_session"
FACTORS = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)
"""What proves a sign-in a second time. Recovery codes go with them, and are none alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A session as its owner sees it."""

    id: int
    started: datetime
    seen: datetime
    is_this: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The session that asks."""

    has_factor: bool


def hour_of(moment: datetime) -> datetime:
    """The full hour that a moment lies in."""
    return moment.replace(minute=0, second=0, microsecond=0)


def begin(request: HttpRequest, user: Any, *, now: datetime) -> None:
    """Give a session that has just signed in its token and its row."""
    token = secrets.token_urlsafe(32)
    request.session[KEY] = token
    DeskSession.objects.create(token_digest=_digest(token), user=user, started=hour_of(now), seen=hour_of(now))


def find(request: HttpRequest, *, now: datetime) -> Found | None:
    """The session that asks, as used now; None where it was ended, or lasted long enough."""
    digest = digest_of(request)
    user: Any = request.user
    if not digest:
        return None
    factors = Authenticator.objects.filter(user=OuterRef("user"), type__in=FACTORS)
    row = (
        DeskSession.objects.filter(token_digest=digest, user=user, started__gt=now - lasts())
        .annotate(has_factor=Exists(factors))
        .first()
    )
    if row is None:
        return None
    if row.seen < hour_of(now):
        DeskSession.objects.filter(pk=row.pk).update(seen=hour_of(now))
    return Found(has_factor=row.has_factor)


def lasts() -> timedelta:
    """How long a sign-in lasts, counted from the hour that it began in."""
    return timedelta(seconds=settings.SESSION_COOKIE_AGE, hours=1)


def listed(user: Any, request: HttpRequest, *, now: datetime) -> list[Shown]:
    """The sessions of an account, the one that was used last first."""
    this = digest_of(request)
    rows = DeskSession.objects.filter(user=user, started__gt=now - lasts()).order_by("-seen", "-started", "-pk")
    return [
        Shown(id=row.pk, started=row.started, seen=row.seen, is_this=bool(this) and row.token_digest == this)
        for row in rows
    ]


def end(user: Any, session_id: int) -> int:
    """End one session of an account; answer how many that were."""
    return DeskSession.objects.filter(user=user, pk=session_id).delete()[0]


def end_all(user: Any, *, but: HttpRequest | None = None) -> int:
    """End every session of an account, but the one that asks where it is theirs; answer how many that were."""
    kept = digest_of(but) if but is not None else ""
    return DeskSession.objects.filter(user=user).exclude(token_digest=kept).delete()[0]


def end_this(request: HttpRequest) -> int:
    """End the session that asks; answer how many that were."""
    return DeskSession.objects.filter(token_digest=digest_of(request)).delete()[0]


def forget_old(*, now: datetime) -> None:
    """Delete what lasted long enough."""
    DeskSession.objects.filter(started__lte=now - lasts()).delete()


def digest_of(request: HttpRequest) -> str:
    """The digest of the token of the session that asks; "" where it has none."""
    token = request.session.get(KEY) if hasattr(request, "session") else None
    return _digest(token) if isinstance(token, str) else ""


def _digest(token: str) -> str:
    return hex_digest("stet desk session", token.encode())
