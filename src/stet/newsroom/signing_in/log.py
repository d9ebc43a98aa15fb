"""What the desk's record of who did what says of signing in. It holds no address, no browser, no password.

A wrong try at a name that nobody has is told too, without the name: people type passwords into the wrong field. So an
account that there is leaves as much work behind as one that there is not.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, log
from wagtail.models import ModelLogEntry

SIGNED_IN = "stet.signed_in"
SIGNED_OUT = "stet.signed_out"
WRONG_PASSWORD = "stet.wrong_password"  # noqa: S105 - an event's name
WRONG_CODE = "stet.wrong_code"
WRONG_PASSKEY = "stet.wrong_passkey"
PASSWORD_CHANGED = "stet.password_changed"  # noqa: S105 - an event's name
FACTOR_ADDED = "stet.factor_added"
FACTOR_REMOVED = "stet.factor_removed"
CODES_RENEWED = "stet.codes_renewed"
FACTORS_RESET = "stet.factors_reset"
SESSIONS_ENDED = "stet.sessions_ended"

EVENTS: dict[str, tuple[Promise, Promise]] = {
    SIGNED_IN: (_("Signed in"), _("Signed in with: %(how)s")),
    SIGNED_OUT: (_("Signed out"), _("Signed out")),
    WRONG_PASSWORD: (_("Wrong password"), _("A wrong password was tried")),
    WRONG_CODE: (_("Wrong code"), _("A wrong code was tried, after the right password")),
    WRONG_PASSKEY: (_("Wrong passkey"), _("A passkey was tried that does not open the desk")),
    PASSWORD_CHANGED: (_("Password changed"), _("The password was changed; all other sessions ended")),
    FACTOR_ADDED: (_("Second factor added"), _("Second factor added: %(how)s")),
    FACTOR_REMOVED: (_("Second factor removed"), _("Second factor removed: %(how)s")),
    CODES_RENEWED: (_("Recovery codes renewed"), _("Recovery codes were renewed; the old ones are void")),
    FACTORS_RESET: (_("Second factors taken away"), _("All second factors were taken away; all sessions ended")),
    SESSIONS_ENDED: (_("Sessions ended"), _("Sessions were ended: %(count)d")),
}
"""Each event with its name and its sentence."""

HOW: dict[str, Promise] = {
    "password": _("password"),
    "webauthn": _("passkey"),
    "totp": _("code from an app"),
    "recovery_codes": _("recovery code"),
}


def note(event: str, account: Any, *, by: Any = None, **data: Any) -> None:
    """Add an event to the record. `by` is who did it; nobody is signed in where somebody tries."""
    log(account, event, user=by, data=data)


def note_of_nobody(event: str) -> None:
    """Add an event that is about no account that there is."""
    with override(settings.LANGUAGE_CODE):  # Whoever tried may have asked in any language.
        label = gettext("a name that nobody has")
    accounts = ContentType.objects.get_for_model(get_user_model())
    ModelLogEntry.objects.create(
        content_type=accounts, object_id="0", label=label, action=event, timestamp=timezone.now(), data={}
    )


def register_events(actions: LogActionRegistry) -> None:
    """Tell Wagtail's registry how each event is called and said."""
    for event, (label, sentence) in EVENTS.items():
        actions.register_action(event, label, sentence)
        formatter = actions.formatters[event]
        formatter.format_message = _sentence_of(sentence)


def _sentence_of(sentence: Promise) -> Any:
    def said(entry: ModelLogEntry) -> str:
        data = entry.data if isinstance(entry.data, dict) else {}
        how = ", ".join(str(HOW.get(name, name)) for name in data.get("how", ()))
        return str(sentence) % {"how": how or "?", "count": int(data.get("count", 0))}

    return said
