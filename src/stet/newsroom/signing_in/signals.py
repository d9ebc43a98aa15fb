"""What happens when somebody signs in or out, when a password changes, and when a factor comes or goes."""

from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_save, pre_save
from django.http import HttpRequest
from django.utils import timezone

from stet.newsroom.signing_in import log, sessions

CHANGED = "_stet_password_changed"


def connect() -> None:
    """Follow these; called once, when the newsroom's app is ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="stet_signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="stet_signed_out")
    pre_save.connect(_see_password, sender=get_user_model(), dispatch_uid="stet_see_password")
    post_save.connect(_end_after_password, sender=get_user_model(), dispatch_uid="stet_end_after_password")
    authenticator_added.connect(_factor_added, dispatch_uid="stet_factor_added")
    authenticator_removed.connect(_factor_removed, dispatch_uid="stet_factor_removed")
    authenticator_reset.connect(_codes_renewed, dispatch_uid="stet_codes_renewed")


def _signed_in(request: HttpRequest, user: Any, **_rest: Any) -> None:
    sessions.begin(request, user, now=timezone.now())


def _signed_out(request: HttpRequest, user: Any, **_rest: Any) -> None:
    if user is not None and sessions.end_this(request):  # One that was ended is told as that already.
        log.note(log.SIGNED_OUT, user, by=user)


def _see_password(instance: Any, update_fields: Any = None, **_rest: Any) -> None:
    """Note a password that somebody set; where Django only hashes one better, it was set by nobody."""
    is_written = update_fields is None or "password" in update_fields
    setattr(instance, CHANGED, bool(instance.pk and is_written and instance._password is not None))


def _end_after_password(instance: Any, created: bool, **_rest: Any) -> None:  # noqa: FBT001 - Django's signature
    if created or not getattr(instance, CHANGED, False):
        return
    asking = _asking()
    sessions.end_all(instance, but=asking if asking is not None and asking.user == instance else None)
    log.note(log.PASSWORD_CHANGED, instance, by=_actor(asking))


def _factor_added(request: HttpRequest, user: Any, authenticator: Authenticator, **_rest: Any) -> None:
    _note_factor(log.FACTOR_ADDED, request, user, authenticator)


def _factor_removed(request: HttpRequest, user: Any, authenticator: Authenticator, **_rest: Any) -> None:
    _note_factor(log.FACTOR_REMOVED, request, user, authenticator)


def _codes_renewed(request: HttpRequest, user: Any, **_rest: Any) -> None:
    sessions.end_all(user, but=request)
    log.note(log.CODES_RENEWED, user, by=user)


def _note_factor(event: str, request: HttpRequest, user: Any, authenticator: Authenticator) -> None:
    sessions.end_all(user, but=request)
    log.note(event, user, by=user, how=[str(authenticator.type)])


def _asking() -> HttpRequest | None:
    """The request that is being answered; None on the command line."""
    request: HttpRequest | None = context.request
    return request


def _actor(request: HttpRequest | None) -> Any:
    return request.user if request is not None and request.user.is_authenticated else None
