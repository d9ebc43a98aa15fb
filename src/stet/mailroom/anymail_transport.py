"""Hands copies to a provider's API through django-anymail, for newsrooms that have no mail server.

It keeps the rules of `stet.mailroom.transport`: one copy at a time, each with one outcome, told before the next. What
it cannot keep, because providers take a mail apart and put it together anew:
 * The bytes are not ours, so our own DKIM signature would not hold: the provider signs. Parts, photos and headers are.
 * Few let us say where bounces go. Elsewhere a bounce is the provider's to report.
 * There is no pipelining: a copy costs a request.
Opens and clicks are asked not to be tracked; where a provider has no such switch in its API, it has to be off in its
own settings.

An answer of HTTP becomes an outcome so: a provider that says it took the mail, ACCEPTED; 429 and 503, DEFERRED; another
5xx, or nothing after the request had left, UNCERTAIN; no connection at all, NOT_SENT; 401 and 403 are about us and end
the run; any other 4xx, REFUSED.
"""

import email
from collections.abc import Iterable, Iterator
from email.header import decode_header, make_header
from email.message import Message
from email.mime.image import MIMEImage
from email.utils import parseaddr, quote
from pathlib import Path
from typing import Any

import msgspec
from anymail.backends.base import AnymailBaseBackend
from anymail.exceptions import AnymailError, AnymailRecipientsRefused, AnymailUnsupportedFeature
from django.core.mail import EmailMultiAlternatives
from django.utils.module_loading import import_string

from stet.mailroom.errors import ServerRefusedError, ServerUnreachableError
from stet.mailroom.frozen import as_message
from stet.mailroom.reply import Reply
from stet.mailroom.transport import Capabilities, Job, Kind, OnHandingOver, Outcome, Steps, note_nothing

_OPTIONAL = ("envelope_sender", "track_opens", "track_clicks")
"""What is asked for where a provider's API can be asked."""
_KEEPERS = frozenset({"Amazon SES", "SparkPost", "Test"})
"""Where bounces come to the whole address that is asked for; others use its domain or nothing (anymail 15.2)."""
_OWN_HEADERS = frozenset({"from", "to", "subject", "mime-version", "content-type", "content-transfer-encoding"})
_NO_CONNECTION = frozenset({"ConnectTimeout", "ConnectTimeoutError", "NewConnectionError", "NameResolutionError"})
"""Names of exceptions of requests and urllib3 that come before a request has left."""
_OUTCOMES: dict[str, tuple[Kind, Reply | None]] = {
    "sent": (Kind.ACCEPTED, Reply(code=250, enhanced="2.0.0")),
    "queued": (Kind.ACCEPTED, Reply(code=250, enhanced="2.0.0")),
    "invalid": (Kind.REFUSED, Reply(code=550, enhanced="5.1.3")),
    "rejected": (Kind.REFUSED, Reply(code=550, enhanced="5.7.1")),
    "failed": (Kind.DEFERRED, Reply(code=451, enhanced="4.3.0")),
}
"""What anymail's words mean (anymail.message.ANYMAIL_STATUSES); any other: UNCERTAIN."""


class Provider(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands in keys/anymail.json."""

    backend: str
    """Such as "anymail.backends.postal.EmailBackend"."""
    options: dict[str, Any] = {}
    """What anymail's documentation lists for it, in small letters, such as "api_key"."""


def read_provider(path: Path) -> Provider:
    """The provider in this file; raises ServerRefusedError."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Provider)
    except (OSError, msgspec.MsgspecError):
        raise ServerRefusedError(
            f"{path.name} is not there or not as it should be. It holds the backend's name and its options, in JSON."
        ) from None


class AnymailTransport:
    """A provider's API as a transport."""

    blocks = True

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._backend: AnymailBaseBackend | None = None
        self._is_session = False
        self._unsupported: set[str] = set()

    @property
    def capabilities(self) -> Capabilities:
        """As far as the provider's API is known."""
        keeps = self._backend is not None and self._backend.esp_name in _KEEPERS
        return Capabilities(is_pipelined=False, keeps_bytes=False, keeps_return_address=keeps)

    def open(self) -> None:
        """Load the provider's backend; what is wrong in its options is anymail's to say."""
        if self._backend is None:
            try:
                backend = import_string(self._provider.backend)
            except ImportError:
                raise ServerRefusedError("anymail has no such backend. Check its name in keys/anymail.json.") from None
            self._backend = backend(**self._provider.options)
        self._is_session = self._backend.open() or self._is_session

    def leave(self) -> Steps[None]:
        """Close the connection to the provider."""
        if self._backend is not None and self._is_session:
            self._backend.close()
        self._is_session = False
        yield from ()

    def run(self, jobs: Iterable[Job], on_handing_over: OnHandingOver = note_nothing) -> Iterator[Outcome]:
        """Send these copies one by one; raises ServerRefusedError and ServerUnreachableError after a job's outcome."""
        self.open()
        for job in jobs:
            mail = mail_of(as_message(job.make()))
            on_handing_over(job.key)
            kind, reply, failure = self._send(job, mail)
            yield Outcome(key=job.key, kind=kind, reply=reply)
            if failure is not None:
                raise failure

    def _send(self, job: Job, mail: EmailMultiAlternatives) -> tuple[Kind, Reply | None, Exception | None]:
        wanted = {"envelope_sender": job.envelope_from or None, "track_opens": False, "track_clicks": False}
        while True:
            for name in _OPTIONAL:
                setattr(mail, name, None if name in self._unsupported else wanted[name])
            try:
                assert self._backend is not None
                self._backend.send_messages([mail])
            except AnymailRecipientsRefused:
                pass
            except AnymailUnsupportedFeature as error:
                missing = next((name for name in _OPTIONAL if name in str(error)), None)
                if missing is not None and missing not in self._unsupported:
                    # It is found out while the request is made up, before anything leaves.
                    self._unsupported.add(missing)
                    continue
                return Kind.NOT_SENT, None, ServerRefusedError("The provider's API cannot carry letters as they are.")
            except AnymailError as error:
                return _of_error(error)
            return (*_of_status(mail, job.envelope_to), None)


def _of_status(mail: EmailMultiAlternatives, reader: str) -> tuple[Kind, Reply | None]:
    """What the provider said of this reader."""
    told = mail.anymail_status.recipients.get(reader)  # type: ignore[attr-defined]
    kind, reply = _OUTCOMES.get(told.status if told else "", (Kind.UNCERTAIN, None))
    if kind is Kind.ACCEPTED and reply is not None:
        reply = Reply(code=reply.code, enhanced=reply.enhanced, text=f"queued as {told.message_id}")
    return kind, reply


def _of_error(error: AnymailError) -> tuple[Kind, Reply | None, Exception | None]:
    status = getattr(error, "status_code", None)
    if status is None:
        kind = Kind.NOT_SENT if _is_without_connection(error) else Kind.UNCERTAIN
        return kind, None, ServerUnreachableError("The provider's API did not answer. Try again later.")
    if status in {401, 403}:
        return (
            Kind.NOT_SENT,
            None,
            ServerRefusedError(f"The provider's API answered {status}. Check keys/anymail.json."),
        )
    if status in {429, 503}:
        reply = Reply(code=421, enhanced="4.7.0")
        return Kind.DEFERRED, reply, ServerUnreachableError("The provider's API asks for a pause.", reply)
    if status >= 500:
        return Kind.UNCERTAIN, None, ServerUnreachableError("The provider's API failed. Try again later.")
    if status >= 400:
        return Kind.REFUSED, Reply(code=554, enhanced="5.6.0"), None
    return Kind.UNCERTAIN, None, None


def _is_without_connection(error: BaseException | None, depth: int = 5) -> bool:
    if error is None or depth == 0:
        return False
    if any(kind.__name__ in _NO_CONNECTION for kind in type(error).__mro__):
        return True
    inner = [error.__cause__, getattr(error, "reason", None), *error.args]
    return any(_is_without_connection(one, depth - 1) for one in inner if isinstance(one, BaseException))


# --- A message taken apart ---


def mail_of(message: bytes) -> EmailMultiAlternatives:
    """A copy as Django's mail: the same words, parts, photos and headers, in other bytes."""
    # The older parser: the newer one puts blanks between encoded words of a name, against RFC 2047 section 6.2.
    parsed = email.message_from_bytes(message)
    texts = {part.get_content_type(): _text(part) for part in parsed.walk() if part.get_content_maintype() == "text"}
    name, address = parseaddr(_unfolded(parsed["From"]))
    mail = EmailMultiAlternatives(
        subject=_words(parsed["Subject"]),
        body=texts.get("text/plain", ""),
        from_email=f'"{quote(_words(name))}" <{address}>' if name else address,
        to=[parsed["To"]],
        headers=_other_headers(parsed),
    )
    mail.attach_alternative(texts.get("text/html", ""), "text/html")
    for part in parsed.walk():
        if part.get_content_maintype() == "image":
            mail.attach(_photo(part))
    return mail


def _other_headers(parsed: "Message[str, str]") -> dict[str, str]:
    return {name: _words(value) for name, value in parsed.items() if name.lower() not in _OWN_HEADERS}


def _unfolded(value: str) -> str:
    return value.replace("\r", "").replace("\n", "")


def _words(value: str) -> str:
    return str(make_header(decode_header(_unfolded(value))))


def _text(part: "Message[str, str]") -> str:
    body = part.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode("utf-8").replace("\r\n", "\n")


def _photo(part: "Message[str, str]") -> MIMEImage:
    body = part.get_payload(decode=True)
    assert isinstance(body, bytes)
    photo = MIMEImage(body, part.get_content_subtype())
    photo["Content-ID"] = part["Content-ID"]
    photo["Content-Disposition"] = "inline"
    return photo
