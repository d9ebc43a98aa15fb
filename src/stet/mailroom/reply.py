"""What a mail server answers, read from bytes in whatever pieces they come.

The rules (RFC 5321 section 4.2, RFC 2034, RFC 3463):
 * A reply is one or more lines with the same three digits; a hyphen behind them says that another line follows.
 * A line ends with CRLF; a lone LF is taken too, because some servers send it.
 * An enhanced code counts only where its class agrees with the reply's first digit.
 * A reply of more than 64 KB, or anything else than a reply, is no reply: ReplyBrokenError. The stream cannot be
   trusted after that.

A reply's text can hold a reader's address: it is for the moment, not for logs or rows.
"""

import re
from collections import deque
from functools import lru_cache

import msgspec

from stet.mailroom.errors import ReplyBrokenError

LONGEST_REPLY_BYTES = 65_536
"""RFC 5321 section 4.5.3.1.5 allows 512 a line; servers write more, and in many lines."""

_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)
_USUAL_LINE = re.compile(rb"([245][0-9][0-9]) ([245]\.[0-9]{1,3}\.[0-9]{1,3}) ([ -~]*)\r?")
"""One line with an enhanced code and nothing unusual, as nearly all are: read in one look."""
_ENHANCED = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:\s+|$)")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_QUEUE_ID = re.compile(
    r"\b(?:queued as|id=|queue id|message-id:?)\s*<?([A-Za-z0-9][A-Za-z0-9._-]{3,99})", re.IGNORECASE
)
_PLAIN_ID = re.compile(r"(?:ok:?\s+)?([A-Za-z0-9][A-Za-z0-9._-]{5,99})(?=\s|$)", re.IGNORECASE)


class Reply(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One reply: its code, its enhanced code ("" where there is none), and its text without both, line by line."""

    code: int
    enhanced: str = ""
    text: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether the server agreed, or wants to hear more."""
        return self.code < 400

    @property
    def is_deferral(self) -> bool:
        """Whether the server may agree later."""
        return 400 <= self.code < 500

    @property
    def is_refusal(self) -> bool:
        """Whether the server will not agree to this, later either."""
        return self.code >= 500

    @property
    def is_closing(self) -> bool:
        """Whether the server closes the connection with it (RFC 5321 section 3.8)."""
        return self.code == 421

    @property
    def queue_id(self) -> str:
        """Of a message taken: what the server calls it, as Postfix, Exim, Sendmail and others write; "" if unknown."""
        found = _QUEUE_ID.search(self.text) or _PLAIN_ID.match(self.text)
        return found[1] if found else ""


class ReplyReader:
    """Takes bytes in any pieces and gives replies one by one."""

    __slots__ = ("_begun", "_begun_bytes", "_held", "_lines")

    def __init__(self) -> None:
        self._held = b""
        """A piece of a line."""
        self._lines: deque[bytes] = deque()
        """Whole lines that were not asked for yet."""
        self._begun: list[bytes] = []
        """The lines of a reply that goes on."""
        self._begun_bytes = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is held back: no reply that nobody asked for, and no piece of one."""
        return not (self._held or self._lines or self._begun)

    def feed(self, piece: bytes) -> None:
        """Take what came from the server."""
        *lines, self._held = (self._held + piece).split(b"\n")
        self._lines.extend(lines)

    def next(self) -> Reply | None:
        """The next whole reply, or None until more bytes are there; raises ReplyBrokenError."""
        while self._lines:
            line = self._lines.popleft()
            if line[3:4] != b"-" and not self._begun:
                return read_line(line)
            self._begun.append(line)
            self._begun_bytes += len(line)
            self._refuse_too_long(self._begun_bytes)
            if line[3:4] != b"-":
                lines, self._begun, self._begun_bytes = self._begun, [], 0
                return read_lines(lines)
        self._refuse_too_long(self._begun_bytes + len(self._held))
        return None

    @staticmethod
    def _refuse_too_long(size_bytes: int) -> None:
        if size_bytes > LONGEST_REPLY_BYTES:
            raise ReplyBrokenError("The mail server sent a reply without end. Check that the port is a mail server's.")


@lru_cache(maxsize=64)
def read_line(line: bytes) -> Reply:
    """A reply of one line; the usual ones are read once."""
    usual = _USUAL_LINE.fullmatch(line)
    if usual is not None and usual[1][:1] == usual[2][:1]:
        code, enhanced, text = usual.groups()
        return Reply(code=int(code), enhanced=enhanced.decode("ascii"), text=text.decode("ascii").strip())
    return read_lines([line])


def read_lines(lines: list[bytes]) -> Reply:
    """A reply of these lines, all with the same code; raises ReplyBrokenError."""
    found = [_LINE.fullmatch(line.removesuffix(b"\r")) for line in lines]
    codes = {one[1] if one else None for one in found}
    code = codes.pop()
    if code is None or codes:
        raise ReplyBrokenError(
            "The mail server sent something that is no reply. Check that the port is a mail server's."
        )
    texts = [(one[3] or b"").decode("utf-8", "replace") for one in found if one]
    enhanced = _ENHANCED.match(texts[0])
    if enhanced is None or enhanced[1][:1] != chr(code[0]):
        return Reply(code=int(code), text=_plain(texts))
    return Reply(code=int(code), enhanced=enhanced[1], text=_plain([_without(text, enhanced[1]) for text in texts]))


def _without(text: str, enhanced: str) -> str:
    return text.removeprefix(enhanced).lstrip() if text.startswith(enhanced) else text


def _plain(texts: list[str]) -> str:
    return "\n".join(_CONTROLS.sub(" ", text) for text in texts).strip()
