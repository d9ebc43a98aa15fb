"""Reference numbers of bank transfers: creditor references after ISO 11649, as SEPA carries them.

"RF", two check digits, twelve digits: nothing but digits to type after two letters, and a slip of one digit, or of two
that changed places, is seen. A reference is made from a contribution's uid, so that the same one always has the same.
"""

import hashlib
import re
from uuid import UUID

DIGITS = 12
_WRITTEN = re.compile(r"RF(\d{2})(\d{12})(?!\d)")
_BARE = re.compile(r"(?<!\d)(\d{2})(\d{12})(?!\d)")
_GAPS = re.compile(r"[\s./:\-\u200b-\u200f\u2010-\u2015]+")


def reference_of(uid: UUID) -> str:
    """The reference of a contribution.

    >>> reference_of(UUID(int=1))
    'RF26203176452095'
    """
    body = str(int.from_bytes(hashlib.sha256(b"stet bank reference\0" + uid.bytes).digest()[:8]) % 10**DIGITS)
    body = body.rjust(DIGITS, "0")
    return f"RF{check_digits(body)}{body}"


def check_digits(body: str) -> str:
    """The two digits after "RF" (ISO 7064, MOD 97-10).

    >>> check_digits("539007547034")
    '18'
    """
    return f"{98 - _remainder(f'{body}RF00'):02d}"


def is_right(reference: str) -> bool:
    """Whether the check digits fit.

    >>> is_right("RF18539007547034"), is_right("RF18539007547043"), is_right("RF1853900754703")
    (True, False, False)
    """
    return bool(_WRITTEN.fullmatch(reference)) and _remainder(f"{reference[4:]}{reference[:4]}") == 1


def _remainder(text: str) -> int:
    """The text as a number, letters as 10 to 35, modulo 97."""
    return int("".join(str(int(one, 36)) for one in text)) % 97


def shown(reference: str) -> str:
    """The reference as it is read out and printed, in groups of four.

    >>> shown("RF18539007547034")
    'RF18 5390 0754 7034'
    """
    return " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))


def references_in(text: str) -> list[str]:
    """All right references in what somebody typed, each once: with gaps, in other digits, without the letters.

    >>> references_in("Gift, ref. rf18 5390-0754 7034, thank you"), references_in("۱۸ ۵۳۹۰ ۰۷۵۴ ۷۰۳۴")
    (['RF18539007547034'], ['RF18539007547034'])
    >>> references_in("RF18 5390 0754 7043")
    []
    """
    plain = "".join(str(int(one)) if one.isdecimal() else one for one in text[:1000]).upper()
    found = []
    for kind in (_WRITTEN, _BARE):
        for tight in (plain, _GAPS.sub("", plain)):
            found += [f"RF{check}{body}" for check, body in kind.findall(tight)]
    return [one for one in dict.fromkeys(found) if is_right(one)]
