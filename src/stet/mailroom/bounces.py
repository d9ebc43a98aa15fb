"""What a mail that came back says: which copy it is about, and what became of it. Pure: bytes in, a value out.

The rules:
 * A mail is about a copy only by a token that the mailroom made (`stet.mailroom.tokens`). Whatever addresses it names
   are not looked at: anybody can write those.
 * The token stands where the mail was delivered to; failing that, in what it quotes.
 * RFC 3464 tells failures by their status, RFC 5965 complaints; flufl.bounce knows what older servers write.
 * A mailbox that is not there is a hard failure. A full one, or a time-out, is a soft one: they pass.
 * A policy (x.7.y) is about the sender: a signature that broke must not cost a paper all readers at one provider.
 * Answers of machines that are on holiday say nothing.
 * Any bytes whatever lead to a value: too long, nested without end, broken. Nothing here raises, and nothing is logged.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from email import policy
from email.message import Message
from email.parser import BytesParser
from enum import Enum
from typing import Any

import msgspec
from flufl.bounce import all_failures

from stet.mailroom.tokens import TokenKind, Tokens

LONGEST_BYTES = 1_000_000
"""As much of a mail is read: reports come first, what they quote comes last."""
MOST_PARTS = 100
HARD_STATUS = re.compile(r"5\.1\.(?:0|1|2|3|6|10)|5\.2\.1|5\.4\.4")
"""No such mailbox, no such domain, moved, switched off, no route (RFC 3463 section 3)."""
POLICY_STATUS = re.compile(r"[45]\.7\.\d{1,3}")
"""Security and policy (RFC 3463 section 3.8)."""
MAILBOX_STATUS = re.compile(r"[45]\.2\.\d{1,3}")
"""The mailbox is there and takes nothing (RFC 3463 section 3.3)."""
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


class Verdict(Enum):
    """What the mail says."""

    SOFT = "soft"
    HARD = "hard"
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"
    OTHER = "other"
    """Delayed, delivered after all, an automatic answer, or a person's."""
    UNREADABLE = "unreadable"


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that came back."""

    verdict: Verdict
    token: tuple[TokenKind, int] | None
    """The row it is about; None where it names none of ours."""
    status: str = ""
    digest: bytes
    """Of the whole mail."""


def read_returned(data: bytes, *, base: str, tokens: Tokens, delivered_to: str = "") -> Returned:
    """What `data` says. `base` is the address that return addresses are made from; `delivered_to` the envelope's."""
    digest = hashlib.sha256(data).digest()
    data = data[:LONGEST_BYTES]
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(data)
        find = _finder(base, tokens)
        envelope = find(" ".join([delivered_to, *_delivered(message)]), "rnu")
        verdict, status = _verdict(message, envelope[0] if envelope else None)
        quoted = "rnu" if verdict in (Verdict.COMPLAINT, Verdict.UNSUBSCRIBE) else "rn"
        token = envelope or find(data.decode("ascii", "replace"), quoted)
    except Exception:
        return Returned(verdict=Verdict.UNREADABLE, token=None, digest=digest)
    return Returned(verdict=verdict, token=token, status=status, digest=digest)


def verdict_of_reply(code: str) -> Verdict | None:
    """What a server's refusal says of a mailbox, such as "550 5.1.1"; None where it says nothing of it.

    More is asked here than of a mail that came back: a relay that is badly set up refuses everybody at once.

    >>> verdict_of_reply("550 5.1.1"), verdict_of_reply("452 4.2.2"), verdict_of_reply("550"), verdict_of_reply("seal")
    (<Verdict.HARD: 'hard'>, <Verdict.SOFT: 'soft'>, None, None)
    """
    _code, _blank, status = code.partition(" ")
    if HARD_STATUS.fullmatch(status):
        return Verdict.HARD
    return Verdict.SOFT if MAILBOX_STATUS.fullmatch(status) else None


# --- Which copy ---


def _finder(base: str, tokens: Tokens) -> Callable[[str, str], tuple[TokenKind, int] | None]:
    local, _at, domain = base.rpartition("@")
    pattern = re.compile(rf"{re.escape(local)}\+([0-9a-f]{{32}})@{re.escape(domain)}", re.IGNORECASE)

    def find(text: str, kinds: str) -> tuple[TokenKind, int] | None:
        """The first token in a text that is ours and of one of these kinds."""
        for number, found in enumerate(pattern.finditer(text)):
            token = tokens.read(found[1].lower())
            if token is not None and token[0] in kinds:
                return token
            if number > MOST_PARTS:
                return None
        return None

    return find


def _delivered(message: "Message[Any, Any]") -> list[str]:
    names = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
    return [str(value)[:1_000] for name in names for value in message.get_all(name, [])[:5]]


# --- What became of it ---


def _verdict(message: "Message[Any, Any]", kind: str | None) -> tuple[Verdict, str]:
    report = str(message.get_param("report-type", "")).lower()
    is_report = message.get_content_type() == "multipart/report"
    if is_report and report == "feedback-report":
        return _of_feedback(message), ""
    if is_report and report == "delivery-status":
        return _of_status(message)
    if kind == "u":
        return Verdict.UNSUBSCRIBE, ""
    if str(message.get("Auto-Submitted", "no")).lower().startswith("auto-replied"):
        return Verdict.OTHER, ""
    temporary, permanent = all_failures(message)
    # Without a status nobody can tell a full mailbox from one that is gone: it counts as soft, and three of them do.
    return (Verdict.SOFT, "") if permanent or temporary else (Verdict.OTHER, "")


def _parts(message: "Message[Any, Any]", content_type: str) -> Iterator["Message[Any, Any]"]:
    """The parts of a report that are of this type; not those inside what it quotes."""
    yield from (part for part in _inside(message) if part.get_content_type() == content_type)


def _inside(message: "Message[Any, Any]") -> list["Message[Any, Any]"]:
    """The messages that stand in this one."""
    payload: Any = message.get_payload()
    return payload[:MOST_PARTS] if isinstance(payload, list) else []


def _of_feedback(message: "Message[Any, Any]") -> Verdict:
    """RFC 5965: what kind of complaint."""
    for part in _parts(message, "message/feedback-report"):
        fields = [part, *_inside(part)][-1]
        kind = str(fields.get("Feedback-Type", "")).strip().lower()
        if kind == "not-spam":
            return Verdict.OTHER
        if kind == "opt-out":
            return Verdict.UNSUBSCRIBE
        return Verdict.COMPLAINT
    return Verdict.OTHER


def _of_status(message: "Message[Any, Any]") -> tuple[Verdict, str]:
    """RFC 3464: the worst of what is said of any recipient; a copy of ours has only one."""
    verdict, status = Verdict.OTHER, ""
    for part in _parts(message, "message/delivery-status"):
        for block in _inside(part):
            action = str(block.get("Action", "")).partition(";")[0].strip().lower()
            if action != "failed":
                continue
            status = _status_of(block)
            if HARD_STATUS.fullmatch(status):
                return Verdict.HARD, status
            verdict = verdict if POLICY_STATUS.fullmatch(status) else Verdict.SOFT
    return verdict, status


def _status_of(block: "Message[Any, Any]") -> str:
    """The status of a failure; where it says nothing (x.0.0), the one that the receiving server gave."""
    own = _STATUS.search(str(block.get("Status", ""))[:200])
    status = own[1] if own else ""
    if status and not status.endswith(".0.0"):
        return status
    diagnostic = _STATUS.search(str(block.get("Diagnostic-Code", ""))[:1_000])
    return diagnostic[1] if diagnostic else status
