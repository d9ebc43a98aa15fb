"""The mails that the mail server for trials has kept: what each says, as frozen values.

The promises:
 * A mail is looked for by its own name in the one folder; no path leaves it.
 * Its HTML is given out as it came, with photos that travel inside put in as `data:` addresses, and links that open in
   a window of their own. It is shown where nothing of it runs and nothing is loaded (`SHOWN_POLICY`).
 * What is no mail, or a broken one, is shown as far as it can be read.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

ENDING = ".eml"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
MOST_LISTED = 200
HEAD_BYTES = 64_000
"""Enough for the headers of any mail in the list."""
SHOWN_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
LINKS_OPEN_ELSEWHERE = '<base target="_blank">'
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
_CID = re.compile(r"cid:([^\s\"'()<>]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A mail in the list."""

    name: str
    subject: str
    sender: str
    recipient: str
    arrived: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail as it is shown."""

    envelope: Envelope
    headers: tuple[tuple[str, str], ...]
    text: str | None
    html: str | None
    size_bytes: int
    unsubscribe: str
    """The https link of List-Unsubscribe; empty where there is none."""


def listed(folder: Path) -> list[Envelope]:
    """The newest mails, newest first."""
    files = [file for file in folder.glob(f"*{ENDING}") if NAME.fullmatch(file.stem)] if folder.is_dir() else []
    newest = sorted(((file.stat().st_mtime_ns, file.name, file) for file in files), reverse=True)[:MOST_LISTED]
    return [_envelope(file, _parsed(_head(file))) for _time, _name, file in newest]


def count(folder: Path) -> int:
    """How many mails there are."""
    return sum(1 for _ in folder.glob(f"*{ENDING}")) if folder.is_dir() else 0


def raw(folder: Path, name: str) -> bytes | None:
    """The bytes of one mail; None where there is none of that name."""
    if not NAME.fullmatch(name):
        return None
    try:
        return (folder / f"{name}{ENDING}").read_bytes()
    except OSError:
        return None


def mail(folder: Path, name: str) -> Mail | None:
    """One mail; None where there is none of that name."""
    body = raw(folder, name)
    if body is None:
        return None
    message = _parsed(body)
    return Mail(
        envelope=_envelope(folder / f"{name}{ENDING}", message),
        headers=tuple((header, str(value)) for header, value in message.items()),
        text=_part(message, "plain"),
        html=shown_html(message),
        size_bytes=len(body),
        unsubscribe=next(iter(re.findall(r"<(https?://[^>]+)>", str(message.get("List-Unsubscribe", "")))), ""),
    )


def shown_html(message: EmailMessage) -> str | None:
    """The HTML part with the photos that travel inside it; None where there is no such part."""
    html = _part(message, "html")
    if html is None:
        return None
    photos = {}
    for part in message.walk():
        cid = str(part.get("Content-ID", "")).strip().strip("<>")
        body = part.get_payload(decode=True) if cid and part.get_content_maintype() == "image" else None
        if isinstance(body, bytes):
            photos[cid] = f"data:{part.get_content_type()};base64,{b64encode(body).decode()}"
    html = _CID.sub(lambda found: photos.get(found[1], found[0]), html)
    return _HEAD.sub(lambda found: found[0] + LINKS_OPEN_ELSEWHERE, html, count=1)


def _head(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(HEAD_BYTES)


def _parsed(body: bytes) -> EmailMessage:
    return message_from_bytes(body, policy=policy.default)


def _envelope(file: Path, message: EmailMessage) -> Envelope:
    arrived = datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)
    values = {name: _header(message, name) for name in ("Subject", "From", "To")}
    return Envelope(
        name=file.stem, subject=values["Subject"], sender=values["From"], recipient=values["To"], arrived=arrived
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError):  # the parser of addresses gives up in several ways
        return ""


def _part(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return None
    try:
        return str(part.get_content())
    except (LookupError, ValueError):
        body = part.get_payload(decode=True)
        return body.decode("utf-8", "replace") if isinstance(body, bytes) else None
