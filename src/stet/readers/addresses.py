"""An e-mail address, as it is taken from a form: checked by its writing alone, and brought to one spelling.

The rules:
 * Nobody is asked whether an address exists: no name server, no mail server.
 * The part after the @ may be in any alphabet; it is kept in its ASCII form (RFC 5891), in lower case.
 * The part before the @ is ASCII, because many mail servers take nothing else (RFC 6531 is optional), and unquoted.
 * Blanks and invisible marks of direction around an address are cut off; inside it they are refused.
 * An error says what is wrong and never repeats what was typed.
"""

import re
import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from stet.readers.errors import AddressFault, AddressRefusedError

MOST_CHARACTERS, MOST_LOCAL = 254, 64
"""RFC 5321 section 4.5.3.1: a path has at most 256 octets, two of them its angle brackets; a local part 64."""

AROUND = " \t\u00a0\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""What a phone's keyboard or a copied line leaves around an address."""

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of what is not seen: control and format characters, halves of pairs, ends of lines."""

ALIKE = re.compile("LATIN|CYRILLIC|GREEK")
"""Alphabets with letters that look the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A mailbox. `text` is ASCII and goes into SMTP and headers as it is."""

    text: str
    domain: str
    """In lower case and ASCII; xn-- where it is another alphabet's."""
    local: str
    """As it was typed: RFC 5321 leaves its case to the receiver."""

    def __repr__(self) -> str:
        return "<Address>"

    @property
    def shown(self) -> str:
        """The address for people: its domain in its own alphabet."""
        is_foreign = "xn--" in self.domain
        return validate_email(self.text, check_deliverability=False).normalized if is_foreign else self.text

    @classmethod
    def of(cls, text: str) -> "Address":
        """The address that was checked before and is written as `text`."""
        local, _, domain = text.rpartition("@")
        return cls(text=text, domain=domain, local=local)


def checked_address(text: str) -> Address:
    """The address that somebody typed. Raises AddressRefusedError, which says what is wrong.

    >>> checked_address(" Ada.Reader@EXAMPLE.org ").text
    'Ada.Reader@example.org'
    """
    typed = text[: MOST_CHARACTERS * 4].strip(AROUND)
    _refuse_by_writing(typed, is_cut=len(text) > MOST_CHARACTERS * 4)
    local, _, domain = typed.rpartition("@")
    if not local.isascii():
        raise AddressRefusedError("not_latin")
    try:
        checked = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise AddressRefusedError(_fault_of(local)) from None
    if any(_is_mixed(label) for label in checked.domain.split(".")):
        raise AddressRefusedError("mixed")
    domain = checked.ascii_domain.lower()
    return Address(text=f"{checked.local_part}@{domain}", domain=domain, local=checked.local_part)


def _refuse_by_writing(typed: str, *, is_cut: bool) -> None:
    if not typed:
        raise AddressRefusedError("long" if is_cut else "empty")
    if any(unicodedata.category(character) in UNSEEN for character in typed):
        raise AddressRefusedError("control")
    if len(typed) > MOST_CHARACTERS or len(typed.partition("@")[0]) > MOST_LOCAL:
        raise AddressRefusedError("long")
    if typed.startswith('"'):
        raise AddressRefusedError("quoted")
    if "@" not in typed:
        raise AddressRefusedError("form")


def _fault_of(local: str) -> AddressFault:
    """Which part is at fault, where the validator refused the whole."""
    try:
        validate_email(f"{local}@example.org", check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return "form"
    return "domain"


def _is_mixed(label: str) -> bool:
    """Whether a label mixes alphabets whose letters look alike, such as a Cyrillic letter in "example"."""
    names = (unicodedata.name(character, "") for character in label if character.isalpha())
    return len({found[0] for name in names if (found := ALIKE.match(name))}) > 1
