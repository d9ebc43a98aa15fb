"""What allauth is told about the desk: who signs in and how, what it may say, where secrets lie.

The rules:
 * There is no mail: nothing is confirmed, reset or told by it, so a mailbox that is dead or stolen changes nothing.
 * After the password comes the second factor where there is one, and nothing else.
 * What proves who somebody is is asked for again before it is changed, unless they have just signed in.
 * Secrets of codes lie in the database enciphered under the desk's secret: a copy of the database alone holds none.
"""

import secrets
import time
from base64 import b32encode, urlsafe_b64encode
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from stet.newsroom.signing_in import log, slowing
from stet.newsroom.signing_in.addresses import host_of
from stet.newsroom.signing_in.browsers import remember_browser
from stet.newsroom.signing_in.secret import key_for

FRESH_SECONDS = 5 * 60
"""How long after signing in nobody is asked for it again."""

SAID: dict[str, Promise] = {
    "mfa/messages/totp_activated.txt": _("The app is set up. From now on the desk asks for its code."),
    "mfa/messages/totp_deactivated.txt": _("The app's codes open nothing any more."),
    "mfa/messages/webauthn_added.txt": _("The passkey is set up."),
    "mfa/messages/webauthn_removed.txt": _("The passkey opens nothing any more."),
}
"""allauth's messages that the desk says, in its own words; it keeps quiet about the others."""


class DeskAccounts(DefaultAccountAdapter):
    """Accounts of the desk."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_password": _("This is not your password."),
    }

    def get_login_stages(self) -> list[str]:
        """What comes between the password and the desk."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *_args: Any, **named: Any
    ) -> None:
        """Say something on the next page."""
        said = named.get("message") or SAID.get(message_template or "")
        if said:
            messages.add_message(request, level, str(said))

    def send_notification_mail(self, *_args: Any, **_named: Any) -> None:
        """No mail."""

    def send_mail(self, *_args: Any, **_named: Any) -> None:
        """No mail."""

    def respond_user_inactive(self, request: HttpRequest, _user: Any) -> HttpResponse:
        """Say of an account that was closed what is said of a wrong passkey."""
        messages.error(request, gettext("This passkey does not open the desk."))
        return redirect("account_login")

    def is_reauthentication_required(self, *, app: str, **named: Any) -> bool:
        """Whether to ask again; not right after signing in."""
        request = context.request
        records = get_authentication_records(request, request.user) if request is not None else []
        is_fresh = bool(records) and time.time() - records[-1].get("at", 0) < FRESH_SECONDS
        return not is_fresh and super().is_reauthentication_required(app=app, **named)

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Whether this is somebody's password; who guesses at an open desk is slowed, too."""
        lanes = slowing.lanes_of_password(context.request, user.get_username())
        now = timezone.now()
        refuse_while_waiting(lanes, now)
        if user.check_password(password):
            slowing.forgive(lanes)
            return True
        slowing.count_wrong(lanes, now=now)
        log.note(log.WRONG_PASSWORD, user, by=user)
        return False

    def post_login(self, request: HttpRequest, user: Any, **named: Any) -> HttpResponse:
        """Note who signed in and how, and let the browser know that the account knows it."""
        response = super().post_login(request, user, **named)
        records = get_authentication_records(request, user)
        log.note(log.SIGNED_IN, user, by=user, how=[str(done.get("type", done.get("method"))) for done in records])
        remember_browser(request, response, user.get_username())
        return response  # type: ignore[no-any-return]


class SecondFactors(DefaultMFAAdapter):
    """Second factors of the desk's accounts."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This is not right, or it was used before."),
    }

    def encrypt(self, text: str) -> str:
        """A secret as it lies in the database."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A secret as it is; where the key is another one by now, one that nobody knows: codes open nothing."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return b32encode(secrets.token_bytes(20)).decode()

    def get_totp_label(self, user: Any) -> str:
        """What an app calls the account."""
        return str(user.get_username())

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.get_username())

    def build_totp_svg(self, url: str) -> str:
        """The secret as a QR code, drawn here: black on white by day and in the dark."""
        drawn = BytesIO()
        segno.make(url, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=4, light="#fff")
        return drawn.getvalue().decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - allauth's name
        """What a new passkey is called where nobody gives it a name."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The desk as browsers name it beside a passkey: its host."""
        return {"id": host_of(context.request), "name": "Stet"}


def refuse_while_waiting(lanes: Any, now: Any) -> None:
    """Refuse a try that comes too early, with what to do."""
    wait = slowing.seconds_to_wait(lanes, now=now)
    if wait:
        raise ValidationError(wait_said(wait), code="too_early")


def wait_said(seconds: int) -> str:
    """How long to wait, in words."""
    if seconds < 60:
        return ngettext(
            "Too many tries. Wait %(seconds)d second and try again.",
            "Too many tries. Wait %(seconds)d seconds and try again.",
            seconds,
        ) % {"seconds": seconds}
    minutes = -(-seconds // 60)
    return ngettext(
        "Too many tries. Wait %(minutes)d minute and try again.",
        "Too many tries. Wait %(minutes)d minutes and try again.",
        minutes,
    ) % {"minutes": minutes}


def _cipher() -> Fernet:
    return Fernet(urlsafe_b64encode(key_for("second factors")))
