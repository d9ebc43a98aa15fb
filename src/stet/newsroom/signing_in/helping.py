"""Letting somebody in again who lost their phone, or locking out who has it, by a colleague or from the server.

Nothing here needs a mail. Each is told in the record, with who did it; from the server it is nobody of the desk.
"""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from stet.newsroom.models import DeskSession
from stet.newsroom.signing_in import log, sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account, as far as it is about signing in."""

    name: str
    is_admin: bool
    is_active: bool
    groups: tuple[str, ...]
    passkeys: int
    has_app: bool
    sessions: int


@transaction.atomic
def take_away_factors(account: Any, *, by: Any = None) -> int:
    """Delete an account's second factors and end its sessions; answer how many factors that were."""
    taken: int = Authenticator.objects.filter(user=account).delete()[0]
    sessions.end_all(account)
    log.note(log.FACTORS_RESET, account, by=by)
    return taken


@transaction.atomic
def end_sessions(account: Any, *, by: Any = None) -> int:
    """End an account's sessions; answer how many that were."""
    ended = sessions.end_all(account)
    log.note(log.SESSIONS_ENDED, account, by=by, count=ended)
    return ended


def accounts() -> list[Account]:
    """Every account, by name."""
    users: Any = get_user_model()
    factors = list(Authenticator.objects.values_list("user_id", "type"))
    open_ones = DeskSession.objects.filter(started__gt=timezone.now() - sessions.lasts())
    signed_in = list(open_ones.values_list("user_id", flat=True))
    return [
        Account(
            name=user.get_username(),
            is_admin=user.is_superuser,
            is_active=user.is_active,
            groups=tuple(sorted(group.name for group in user.groups.all())),
            passkeys=factors.count((user.pk, Authenticator.Type.WEBAUTHN)),
            has_app=(user.pk, Authenticator.Type.TOTP) in factors,
            sessions=signed_in.count(user.pk),
        )
        for user in users.objects.order_by("username").prefetch_related("groups")
    ]
