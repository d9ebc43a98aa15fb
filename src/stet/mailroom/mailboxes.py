"""How addresses are written in headers and envelopes, and the names that a copy goes by.

The rules:
 * A mailbox is ASCII: a dot-atom, an @, a domain (RFC 5321 section 4.1.2). No quoted local parts, no address literals.
   What matches holds no line end, blank, bracket or comma, so it cannot say more than one address.
 * An international domain is written in its ASCII form. A local part that is not ASCII needs SMTPUTF8, which many
   servers lack: it is refused.
 * A Message-ID follows from letter and reader under a key: the same at each try, so that a program can fold a double;
   it tells nobody who the reader is.
 * A return address holds a token and nothing of the reader's address (unlike classical VERP).
"""

import re
from base64 import urlsafe_b64encode
from typing import Protocol
from uuid import UUID

from stet.kit.keyed import KeyedDigest
from stet.mailroom.errors import MailAddressRefusedError

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_MAILBOX = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,60}")
_LONGEST, _LONGEST_LOCAL = 254, 64
"""RFC 5321 sections 4.5.3.1.3 (256 with the brackets of a path) and 4.5.3.1.1."""


class Mailbox(Protocol):
    """An address that somebody has checked before."""

    @property
    def text(self) -> str:
        """The whole address; its domain may be international."""

    @property
    def local(self) -> str:
        """What stands before the @."""

    @property
    def domain(self) -> str:
        """The domain in ASCII."""


def is_mailbox(text: str) -> bool:
    r"""Whether `text` is a mailbox that can stand in a header and an envelope.

    >>> is_mailbox("anna@example.org"), is_mailbox("anna@example.org>\r\nBcc: <eve@example.org")
    (True, False)
    """
    return len(text) <= _LONGEST and _MAILBOX.fullmatch(text) is not None and text.index("@") <= _LONGEST_LOCAL


def written(address: Mailbox) -> str:
    """The address as headers and envelopes have it; raises MailAddressRefusedError where it has no such form."""
    text = address.text
    if not text.isascii():
        text = f"{address.local}@{address.domain}"
    if not is_mailbox(text):
        raise MailAddressRefusedError(
            "This address needs a mail server for international names (SMTPUTF8), or is none."
        )
    return text


def message_id(key: bytes, letter_id: UUID, reader_uid: UUID, domain: str) -> str:
    """The Message-ID of one reader's copy of one letter, with its angle brackets.

    >>> message_id(b"key", UUID(int=1), UUID(int=2), "example.org")
    '<xaxi8Jnc3NTp39a0bAv-vv@example.org>'
    """
    return MessageIds(key, letter_id, domain).of(reader_uid.bytes)


class MessageIds:
    """The Message-IDs of one letter's copies."""

    __slots__ = ("_digest", "_domain")

    def __init__(self, key: bytes, letter_id: UUID, domain: str) -> None:
        self._digest = KeyedDigest(key, b"stet message id 1\0" + letter_id.bytes)
        self._domain = domain

    def of(self, name: bytes) -> str:
        """One copy's, with its angle brackets. `name`: the 16 bytes that stand for the reader."""
        digest = self._digest.of(name)
        # Cut to 18 bytes, it is coded without a rest; of that, 22 letters are kept, which are 132 bits.
        return f"<{urlsafe_b64encode(digest[:18])[:22].decode('ascii')}@{self._domain}>"


def return_address(base: str, token: str) -> str:
    """The address to which bounces of one copy come.

    >>> return_address("bounces@example.org", "b7K2")
    'bounces+b7K2@example.org'
    """
    local, _, domain = base.rpartition("@")
    made = f"{local}+{token}@{domain}"
    if not _TOKEN.fullmatch(token) or not is_mailbox(made):
        raise MailAddressRefusedError("A return address needs a token of letters, digits, hyphens, and a short base.")
    return made


def token_of(base: str, address: str) -> str | None:
    """The token in a return address made from `base`; None where it was made from another."""
    local, _, domain = base.rpartition("@")
    found_local, _, found_domain = address.rpartition("@")
    if found_domain.lower() != domain.lower() or not found_local.lower().startswith(f"{local.lower()}+"):
        return None
    token = found_local[len(local) + 1 :]
    return token if _TOKEN.fullmatch(token) else None
