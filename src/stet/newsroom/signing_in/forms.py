"""allauth's forms for second factors, slowed by the desk's own counts, and each code good for once.

A code from an app is good for 90 seconds, and only if it is later than the last one that was used (RFC 6238, 5.2): that
is kept with the factor, so it holds with any number of processes.
"""

from typing import Any

from allauth.account.forms import ReauthenticateForm as PasswordForm
from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stet.newsroom.signing_in import log, slowing
from stet.newsroom.signing_in.adapters import refuse_while_waiting

CODE = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr", "size": "10"})


class _SlowedCode(forms.Form):
    """A code from an app, or a recovery code, that is looked at unless it comes too early."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label, field.widget = _("Code"), CODE
        field.help_text = _("Six digits from the app, or one of your recovery codes.")
        field.widget.attrs["autofocus"] = True

    def clean_code(self) -> str:
        """The code, if it is right."""
        user: Any = self.user  # type: ignore[attr-defined]
        lanes, now = slowing.lanes_of_code(context.request, user.get_username()), timezone.now()
        refuse_while_waiting(lanes, now)
        try:
            code: str = super().clean_code()  # type: ignore[misc]
            if self.authenticator.type == Authenticator.Type.TOTP:  # type: ignore[attr-defined]
                spend(self.authenticator, code)  # type: ignore[attr-defined]
        except ValidationError:
            slowing.count_wrong(lanes, now=now)
            log.note(log.WRONG_CODE, user)
            raise
        slowing.forgive(lanes)
        return code


@transaction.atomic
def spend(authenticator: Authenticator, code: str) -> None:
    """Keep which code of an app was used; one that is not later than that is refused."""
    kept = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret = get_adapter().decrypt(kept.data["secret"])
    typed = "".join(code.split())
    counters = [at for at in yield_hotp_counters_from_time() if format_hotp_value(hotp_value(secret, at)) == typed]
    last = kept.data.get("last", int(kept.created_at.timestamp()) // app_settings.TOTP_PERIOD)
    later = [at for at in counters if at > last]
    if not later:
        raise get_adapter().validation_error("incorrect_code")
    kept.data["last"] = min(later)
    kept.save(update_fields=["data"])
    authenticator.data = kept.data


class CodeForm(_SlowedCode, AuthenticateForm):
    """A code, after the password."""


class CodeAgainForm(_SlowedCode, ReauthenticateForm):
    """A code, before something is changed that proves who one is."""


class PasswordAgainForm(PasswordForm):
    """The password, before something is changed that proves who one is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["password"]
        field.help_text = ""
        field.widget = forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True})


class NewAppForm(ActivateTOTPForm):
    """The first code of an app, which shows that it was set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label, self.fields["code"].widget = _("Code"), CODE
        self.fields["code"].help_text = _("The six digits that the app shows now.")


class _Guarded(forms.Form):
    """A passkey's answer. What a library raises over one that no browser made means that it is wrong."""

    def clean_credential(self) -> Any:
        """The factor that it belongs to."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except Exception:
            # Forged signatures, cut-off CBOR, keys that are none: the libraries have an exception for each.
            user = getattr(self, "user", None)
            if user is None:
                log.note_of_nobody(log.WRONG_PASSKEY)
            else:
                log.note(log.WRONG_PASSKEY, user)
            raise ValidationError(_("This passkey does not open the desk."), code="wrong_passkey") from None


class PasskeyForm(_Guarded, AuthenticateWebAuthnForm):
    """A passkey, after the password."""


class PasskeyAgainForm(_Guarded, ReauthenticateWebAuthnForm):
    """A passkey, before something is changed that proves who one is."""


class PasskeyAloneForm(_Guarded, LoginWebAuthnForm):
    """A passkey in place of name and password."""


class NewPasskeyForm(AddWebAuthnForm):
    """A new passkey and what it is called."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label = _("What you call it")
        name.help_text = _("Such as “laptop” or “blue key”: only you see it.")
        alone = self.fields["passwordless"]
        alone.label, alone.initial = _("It opens the desk alone, without the password"), True
        alone.help_text = _("The device then asks for a fingerprint, a face or a PIN. Older security keys cannot.")

    def clean(self) -> dict[str, Any]:
        """The new passkey; what no browser made is refused."""
        try:
            return super().clean()  # type: ignore[no-any-return]
        except ValidationError:
            raise
        except Exception:
            # As above: the libraries have an exception for each kind of broken answer.
            raise ValidationError(_("The browser did not make a passkey. Try again."), code="no_passkey") from None
