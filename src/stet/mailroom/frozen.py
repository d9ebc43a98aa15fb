"""A letter as one message, rendered once; each reader's copy is a handful of short texts put between constant pieces.

The rules:
 * A copy differs from another in To, Message-ID, List-Unsubscribe, in the two addresses that stand in the letter's text
   for leaving and managing, and in its DKIM signature. In nothing else.
 * The two markers, `UNSUBSCRIBE` and `MANAGE`, are replaced wherever they stand, in both parts.
 * Text first, then HTML; with photos, HTML and photos stand together in a multipart/related.
 * UTF-8, 8bit, CRLF, no line over 998 octets with the longest addresses in place. Dots are doubled and the final dot
   is there: pieces go onto the wire as they are.
 * A header cannot be broken out of: mailboxes, addresses of pages and identifiers have a form without line ends, blanks
   and brackets, and what has another form is refused.
 * Nothing random: the same letter makes the same bytes.
"""

import hashlib
import re
from base64 import encodebytes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, quote

import msgspec

from stet.mailroom.dkim import CopySigner, Signer, relaxed_body
from stet.mailroom.errors import MessageRefusedError
from stet.mailroom.mailboxes import Mailbox, is_mailbox, written
from stet.mailroom.transport import Wire
from stet.mailroom.wrapping import wrapped_html, wrapped_text

UNSUBSCRIBE = b"https://stet.invalid/unsubscribe"
MANAGE = b"https://stet.invalid/manage"
CID_DOMAIN = "stet.invalid"
LONGEST_URL_BYTES = 400
_LONGEST_PLAIN_WORD = 60

_MARKERS = re.compile(b"(" + re.escape(UNSUBSCRIBE) + b"|" + re.escape(MANAGE) + b")")
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$()*+,;=%\[\]-]{1,390}")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+=-]+@[A-Za-z0-9.-]+>")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MEDIA_TYPE = re.compile(r"image/[a-z0-9.+-]+")
_FEEDBACK_ID = re.compile(r"[A-Za-z0-9._-]*(?::[A-Za-z0-9._-]*){3}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True, kw_only=True)
class InlinePhoto:
    """A photo that travels in the letter: shown where the HTML says `cid:<cid>@stet.invalid`."""

    cid: str
    media_type: str
    body: bytes


class Tokens(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is one reader's own in a copy."""

    to: Mailbox
    message_id: str
    """With its angle brackets, as `mailboxes.message_id` makes it."""
    unsubscribe_url: str = ""
    manage_url: str = ""
    unsubscribe_mailto: str = ""
    """A mailbox that takes leave by mail, such as leave+token@example.org; "" where there is none."""
    is_checked: bool = False
    """Whether all but `to` has the form of others that went through `check`."""


def check(tokens: Tokens, *, needs_leaving: bool = True, needs_managing: bool = True) -> None:
    """Raise MessageRefusedError for what cannot stand where it belongs. The reader's address is always looked at."""
    leaving, managing = tokens.unsubscribe_url, tokens.manage_url
    if not (
        (_URL.fullmatch(leaving) or (leaving == "" and not needs_leaving))
        and (_URL.fullmatch(managing) or (managing == "" and not needs_managing))
    ):
        raise MessageRefusedError("A link for leaving or managing is no address of a page. Check the frontdesk's.")
    _matching(_MESSAGE_ID, tokens.message_id, "Message-ID")
    if tokens.unsubscribe_mailto and not is_mailbox(tokens.unsubscribe_mailto):
        raise MessageRefusedError("The address for leaving by mail cannot stand in a header. Set it anew.")


class FrozenMessage:
    """One letter, ready to be copied."""

    __slots__ = (
        "_head", "_is_list", "_needs_leaving", "_needs_managing", "_pieces", "_relaxed", "_relaxed_start", "_signer",
        "_slots",
    )  # fmt: skip

    def __init__(self, *, headers: Mapping[str, bytes], body: bytes, is_list: bool, signer: Signer | None) -> None:
        self._is_list = is_list
        self._head = b"".join(name.encode("ascii") + b": " + value + b"\r\n" for name, value in headers.items())
        pieces = _MARKERS.split(_stuffed(body) + b".\r\n")
        self._slots = tuple(marker == MANAGE for marker in pieces[1::2])
        self._needs_leaving, self._needs_managing = is_list or False in self._slots, True in self._slots
        self._pieces = tuple(pieces[::2])
        self._relaxed = tuple(_MARKERS.split(relaxed_body(body))[::2])
        self._relaxed_start = hashlib.sha256(self._relaxed[0])
        varying = ("To", "Message-ID", "List-Unsubscribe") if is_list else ("To", "Message-ID")
        self._signer: CopySigner | None = signer.for_copies(headers, varying) if signer else None

    @classmethod
    def build(
        cls,
        *,
        html: bytes,
        text: bytes,
        subject: str,
        from_name: str,
        sender: str,
        date: datetime,
        language: str,
        photos: Sequence[InlinePhoto] = (),
        list_key: str = "",
        list_name: str = "",
        list_host: str = "",
        feedback_id: str = "",
        reply_to: str = "",
        signer: Signer | None = None,
    ) -> "FrozenMessage":
        """Render a letter; raises MessageRefusedError.

        `date` is aware. Without `list_key` it is a single mail and not a list's: it has no List-headers and is no bulk.
        A Feedback-ID is four short words with colons between them, none of which tells one reader from another.
        """
        content_type, body = _body(html, text, photos)
        headers = {
            "From": _mailbox(from_name, sender, "From"),
            **({"Reply-To": _mailbox("", reply_to, "Reply-To")} if reply_to else {}),
            "Subject": _words(subject, "Subject"),
            "Date": format_datetime(date).encode("ascii"),
            "Auto-Submitted": b"auto-generated",
            **(_list_headers(list_key, list_name, list_host) if list_key else {}),
            **({"Feedback-ID": _matching(_FEEDBACK_ID, feedback_id, "Feedback-ID")} if feedback_id else {}),
            "Content-Language": _matching(_NAME, language, "language"),
            "MIME-Version": b"1.0",
            "Content-Type": content_type,
            # A whole is said to be 8bit where a part is (RFC 2045 section 6.4).
            **_8BIT,
        }
        return cls(headers=headers, body=body, is_list=bool(list_key), signer=signer)

    @property
    def size_bytes(self) -> int:
        """What all copies have in common."""
        return len(self._head) + sum(map(len, self._pieces))

    def copy_for(self, tokens: Tokens) -> Wire:
        """One reader's copy, signed if there is a signer.

        Raises MailAddressRefusedError or MessageRefusedError for a token that cannot stand where it belongs.
        """
        if not tokens.is_checked:
            check(tokens, needs_leaving=self._needs_leaving, needs_managing=self._needs_managing)
        unsubscribe, manage = tokens.unsubscribe_url.encode("ascii"), tokens.manage_url.encode("ascii")
        to, message_id = written(tokens.to).encode("ascii"), tokens.message_id.encode("ascii")
        own = b"To: %b\r\nMessage-ID: %b\r\n" % (to, message_id)
        leaving = b""
        if self._is_list:
            leaving = _ways_to_leave(unsubscribe, tokens.unsubscribe_mailto)
            own += b"List-Unsubscribe: %b\r\n" % leaving
        urls = [manage if is_manage else unsubscribe for is_manage in self._slots]
        signatures = b""
        if self._signer is not None:
            varying = {"To": to, "Message-ID": message_id, "List-Unsubscribe": leaving}
            signatures = self._signer.sign(varying, self._body_hash(urls))
        wire = [signatures + self._head + own + b"\r\n", self._pieces[0]]
        for url, piece in zip(urls, self._pieces[1:], strict=True):
            wire += url, piece
        return wire

    def _body_hash(self, urls: Sequence[bytes]) -> bytes:
        hashed = self._relaxed_start.copy()
        for url, piece in zip(urls, self._relaxed[1:], strict=True):
            hashed.update(url)
            hashed.update(piece)
        return hashed.digest()


def as_message(wire: Wire) -> bytes:
    """The message that goes over the wire so, with single dots and without the final one."""
    return b"".join(wire).removesuffix(b".\r\n").removeprefix(b".").replace(b"\r\n..", b"\r\n.")


def as_wire(message: bytes) -> Wire:
    """A whole message, with CRLF, as it goes over the wire."""
    ended = message if message.endswith(b"\r\n") else message + b"\r\n"
    return (_stuffed(ended) + b".\r\n",)


def _stuffed(text: bytes) -> bytes:
    """Dots at the beginning of lines doubled (RFC 5321 section 4.5.2)."""
    text = text.replace(b"\r\n.", b"\r\n..")
    return b"." + text if text.startswith(b".") else text


# --- Headers ---


def _words(text: str, header: str) -> bytes:
    """Text in a header, folded, in encoded words where it is not ASCII (RFC 2047)."""
    if _CONTROLS.search(text):
        raise MessageRefusedError(f"The letter's {header} holds a line end or another control character. Remove it.")
    # A very long word can be folded only as an encoded one.
    is_plain = text.isascii() and max(map(len, text.split(" "))) < _LONGEST_PLAIN_WORD
    return Header(text, None if is_plain else "utf-8", header_name=header).encode(linesep="\r\n").encode("ascii")


def _phrase(name: str, header: str) -> bytes:
    """A name before a mailbox or an identifier: quoted, or in encoded words."""
    if not name.isascii():
        return _words(name, header)
    _words(name, header)
    return b'"' + quote(name).encode("ascii") + b'"'


def _mailbox(name: str, address: str, header: str) -> bytes:
    if not is_mailbox(address):
        raise MessageRefusedError(f"The letter's {header} is no address that mail can carry. Set it anew.")
    mailbox = f"<{address}>".encode("ascii")
    return _phrase(name, header) + b"\r\n " + mailbox if name else mailbox


def _list_headers(key: str, name: str, host: str) -> dict[str, bytes]:
    """What says that this is a list's letter (RFC 2919, RFC 8058)."""
    identifier = b"<" + _matching(_NAME, f"{key}.{host}", "List-Id") + b">"
    return {
        "List-Id": _phrase(name, "List-Id") + b"\r\n " + identifier if name else identifier,
        "List-Unsubscribe-Post": b"List-Unsubscribe=One-Click",
        "Precedence": b"bulk",
    }


def _ways_to_leave(url: bytes, mailto: str) -> bytes:
    if not mailto:
        return b"<" + url + b">"
    return b"<%b>, <mailto:%b>" % (url, mailto.encode("ascii"))


def _matching(pattern: re.Pattern[str], text: str, what: str) -> bytes:
    if not pattern.fullmatch(text):
        raise MessageRefusedError(f"The letter's {what} has characters that cannot stand there. Set it anew.")
    return text.encode("ascii")


# --- Bodies ---


def _body(html: bytes, text: bytes, photos: Sequence[InlinePhoto]) -> tuple[bytes, bytes]:
    """The Content-Type of all of it, and the body."""
    outer = _boundary("alternative", html, text)
    plain_part = _part({"Content-Type": b"text/plain; charset=utf-8", **_8BIT}, _fitting(wrapped_text, text))
    html_part = _part({"Content-Type": b"text/html; charset=utf-8", **_8BIT}, _fitting(wrapped_html, html))
    if photos:
        inner = _boundary("related", html, text)
        related = _multipart(inner, [html_part, *map(_photo_part, photos)])
        html_part = _part({"Content-Type": _multipart_type("related", inner, b'; type="text/html"'), **_8BIT}, related)
    return _multipart_type("alternative", outer), _multipart(outer, [plain_part, html_part])


_8BIT = {"Content-Transfer-Encoding": b"8bit"}


def _boundary(kind: str, *contents: bytes) -> bytes:
    """A line that does not stand in the letter: it would have to hold its own digest."""
    digest = hashlib.sha256(b"\0".join((kind.encode("ascii"), *contents))).hexdigest()
    return f"=_{kind}_{digest[:32]}".encode("ascii")


def _multipart_type(kind: str, boundary: bytes, more: bytes = b"") -> bytes:
    return b"multipart/" + kind.encode("ascii") + more + b';\r\n boundary="' + boundary + b'"'


def _multipart(boundary: bytes, parts: Sequence[bytes]) -> bytes:
    return b"".join([b"--" + boundary + b"\r\n" + part for part in parts]) + b"--" + boundary + b"--\r\n"


def _part(headers: Mapping[str, bytes], body: bytes) -> bytes:
    head = b"".join(name.encode("ascii") + b": " + value + b"\r\n" for name, value in headers.items())
    return head + b"\r\n" + body


def _photo_part(photo: InlinePhoto) -> bytes:
    cid = _matching(_NAME, photo.cid, "photo name")
    return _part(
        {
            "Content-Type": _matching(_MEDIA_TYPE, photo.media_type, "photo type"),
            "Content-Transfer-Encoding": b"base64",
            "Content-ID": b"<" + cid + b"@" + CID_DOMAIN.encode("ascii") + b">",
            "Content-Disposition": b"inline",
        },
        encodebytes(photo.body).replace(b"\n", b"\r\n"),
    )


def _fitting(wrapped: Callable[[bytes], bytes], body: bytes) -> bytes:
    """The body with lines that stay short enough when the longest addresses stand in the markers' places."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        raise MessageRefusedError("The letter is not UTF-8. Print it anew.") from None
    for marker in (UNSUBSCRIBE, MANAGE):
        body = body.replace(marker, marker + _ROOM)
    return wrapped(body).replace(_ROOM, b"")


_ROOM = b"\x7f" * LONGEST_URL_BYTES
"""Keeps a place for an address while lines are measured; DEL stands in no letter."""
