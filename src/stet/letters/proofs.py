"""A letter as a mail, before it goes out: how large it is, and a test of it for its editor.

The rules:
 * The press sets the mail, as it will set the printed one. It is named here, not imported: it stands above this room.
 * The address of a test is told to the mail server and to nobody else: it is neither stored nor logged, and no sentence
   here repeats it. What a mail server said may hold it, so that is not repeated either.
 * An editor sends at most `MOST_AN_HOUR` tests an hour. It is counted in memory: who restarts the desk starts anew.
"""

import smtplib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, make_msgid
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage as DjangoMessage
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from stet.kit.errors import StetError
from stet.letters.contrasts import dark_colours
from stet.letters.errors import MailServerError, ProofRefusedError
from stet.letters.models import LetterPage
from stet.letters.preflight import Colours

MAIL = "stet.press.preview.preview_mail"
"""Sets a letter's mail as the press would: takes the page, gives an `email.message.EmailMessage`."""
MOST_AN_HOUR = 10
TIMEOUT_SECONDS = 15
"""How long a mail server may take to answer: an editor waits for it."""

_CONSOLE = "django.core.mail.backends.console.EmailBackend"
_SMTP = "stet.letters.proofs.DiscreetBackend"
_SEVEN_BITS = SMTP.clone(cte_type="7bit")
"""Django's client does not ask whether a server takes more (RFC 6152)."""


def set_mail(letter: LetterPage) -> EmailMessage:
    """The letter as a mail; raises a StetError where the press can't set it."""
    message: EmailMessage = import_string(MAIL)(letter)
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What preflight has to know of a letter's mail."""

    html_bytes: int | None = None
    """The size of its HTML; None where it was not set."""
    error: str = ""
    """Why it could not be set."""
    colours: tuple[Colours, ...] = ()


UNSET = Weighed()
"""Of a letter whose mail nobody set yet."""


def weigh(letter: LetterPage) -> Weighed:
    """Set the mail, and look at its HTML."""
    try:
        part = set_mail(letter).get_body(("html",))
    except StetError as error:
        return Weighed(error=str(error))
    html = part.get_payload(decode=True) if part is not None else b""
    assert isinstance(html, bytes)
    return Weighed(html_bytes=len(html), colours=dark_colours(html.decode()))


# --- A test to oneself ---


class Throttle:
    """Counts what each editor did within the last hour."""

    def __init__(self, most: int, *, within: timedelta = timedelta(hours=1)) -> None:
        self._most, self._within = most, within
        self._moments: dict[int, deque[datetime]] = {}
        self._lock = Lock()

    def take(self, editor: int, *, now: datetime) -> bool:
        """Whether the editor may do it once more now; counts it if so."""
        with self._lock:
            moments = self._moments.setdefault(editor, deque(maxlen=self._most))
            if len(moments) == self._most and now - moments[0] < self._within:
                return False
            moments.append(now)
            return True


throttle = Throttle(MOST_AN_HOUR)


def send_test(letter: LetterPage, *, address: str, editor: int, now: datetime) -> None:
    """Send the letter to one address.

    Raises ProofRefusedError, MailServerError, or what keeps the press from setting the mail.
    """
    connection, sender = _mail_server()
    mail = set_mail(letter)
    if not throttle.take(editor, now=now):
        raise ProofRefusedError(
            _("You sent %(count)d tests within an hour. Wait a little, then try again.") % {"count": MOST_AN_HOUR}
        )
    try:
        connection.send_messages(
            [_Proof(mail, sender=Address(_sender_name(letter), addr_spec=sender), address=address)]
        )
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as error:
        raise MailServerError(
            _("The mail server refused this address or the paper's own. Check what you typed, then try again.")
        ) from error
    except smtplib.SMTPAuthenticationError as error:
        raise MailServerError(
            _("The mail server did not let the desk sign in. Whoever looks after the newsroom has to mend that.")
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerError(_("The mail server did not take the test. Try again in a few minutes.")) from error


def _sender_name(letter: LetterPage) -> str:
    page = letter.list_page
    name = page.from_name or str(page.get_parent().title)
    return " ".join(name.split())


def _mail_server() -> tuple[Any, str]:
    """Django's mail server where one is set, else the one letters are handed to; and the address they come from."""
    if settings.EMAIL_BACKEND != _CONSOLE:
        return get_connection(), settings.DEFAULT_FROM_EMAIL
    mailroom = settings.STET.settings.mailroom
    if not (mailroom.smtp_host and mailroom.sender):
        raise ProofRefusedError(
            _("The desk knows no mail server. Whoever looks after the newsroom sets it in stet.toml, under [mailroom].")
        )
    password: Path = settings.STET.keys / "smtp-password"
    connection = get_connection(
        _SMTP,
        greets_as=mailroom.sender.rpartition("@")[2],
        host=mailroom.smtp_host,
        port=mailroom.smtp_port,
        username=mailroom.smtp_user or None,
        password=password.read_text(encoding="utf-8").strip() if mailroom.smtp_user and password.exists() else None,
        use_tls=mailroom.smtp_security == "starttls",
        use_ssl=mailroom.smtp_security == "tls",
        timeout=TIMEOUT_SECONDS,
    )
    return connection, mailroom.sender


class DiscreetBackend(EmailBackend):
    """Django's mail client, which greets with the paper's domain and not with the name of the desk's machine."""

    def __init__(self, *, greets_as: str, **options: Any) -> None:
        super().__init__(**options)
        self._greets_as = greets_as

    @property
    def connection_class(self) -> Callable[..., smtplib.SMTP]:  # type: ignore[override]  # Django only calls it
        """What Django opens a connection with, whatever name it found for the machine."""
        opened = super().connection_class

        def greeting(host: str, port: int, *, local_hostname: str, **options: Any) -> smtplib.SMTP:  # noqa: ARG001 - Django's call
            connection: smtplib.SMTP = opened(host, port, local_hostname=self._greets_as, **options)
            return connection

        return greeting


class _Wired(EmailMessage):
    """A mail that writes itself as Django asks for it."""

    def as_bytes(self, unixfrom: bool = False, policy: Any = None, *, linesep: str | None = None) -> bytes:  # noqa: FBT001, FBT002 - the standard library's
        """The mail; with the line ends of SMTP, where Django hands it over."""
        return super().as_bytes(unixfrom, policy or (_SEVEN_BITS.clone(linesep=linesep) if linesep else None))


class _Proof(DjangoMessage):
    """A mail that the press set, for Django's backends to carry as it is."""

    def __init__(self, mail: EmailMessage, *, sender: Address, address: str) -> None:
        super().__init__(subject=str(mail["Subject"] or ""), from_email=sender.addr_spec, to=[address])
        self._mail = message_from_bytes(mail.as_bytes(policy=SMTP), _class=_Wired, policy=SMTP)
        for name, value in (("From", sender), ("To", address), ("Date", localtime()), ("Message-ID", _id(sender))):
            del self._mail[name]
            self._mail[name] = value

    def message(self, **_ignored: Any) -> Any:
        """The press's mail, addressed."""
        return self._mail


def _id(sender: Address) -> str:
    """A number for the mail that says nothing of the machine."""
    return make_msgid(domain=sender.domain)
