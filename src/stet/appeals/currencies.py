"""What can be asked for in which currency: the smallest amounts that providers take, and what a new page suggests.

The rules:
 * An editor writes amounts as people do, "2.50" or "5 10 25"; what leaves is whole minor units.
 * Nothing smaller than two dollars, or what is nearly that, is suggested: below it, fees eat the gift.

Pure: nothing here knows Django.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from stet.kit.money import EXPONENTS, SMALLEST, exponent, largest_charge, step

MINIMA: Mapping[str, int] = SMALLEST
"""The currencies that can be offered, with what the card provider charges at least, in minor units."""
MOST_AMOUNTS = 6
"""Suggested amounts of one interval: more cannot be taken in at a glance."""
INTERVALS = ("once", "monthly", "annual")

_SEPARATOR = re.compile(r"[\s,;]+")
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What a new page offers in one currency, as an editor would type it."""

    currency: str
    smallest: str
    largest: str
    once: str
    monthly: str
    annual: str


SUGGESTIONS: tuple[Suggestion, ...] = (
    Suggestion(
        currency="USD", smallest="2", largest="10000", once="10 25 50 100", monthly="5 10 20 40", annual="50 100 200"
    ),
    Suggestion(
        currency="EUR", smallest="2", largest="10000", once="10 25 50 100", monthly="5 10 20 40", annual="50 100 200"
    ),
    Suggestion(
        currency="GBP", smallest="2", largest="10000", once="10 20 40 80", monthly="4 8 15 30", annual="40 80 150"
    ),
    Suggestion(
        currency="JPY", smallest="300", largest="1000000", once="1500 3000 6000 12000", monthly="500 1000 2000 4000",
        annual="6000 12000 24000",
    ),
)  # fmt: skip


def minor_of(text: str, currency: str) -> int | None:
    """One amount in minor units; None where this is no amount of that currency.

    >>> minor_of("2.50", "USD"), minor_of("300", "JPY"), minor_of("2.505", "USD"), minor_of("two", "USD")
    (250, 300, None, None)
    """
    if not _AMOUNT.fullmatch(text) or currency not in EXPONENTS:
        return None
    value = Decimal(text).scaleb(exponent(currency))
    is_charged = value == value.to_integral_value() and value % step(currency) == 0
    return int(value) if is_charged and 0 < value <= largest_charge(currency) else None


def minors_of(text: str, currency: str) -> tuple[int, ...] | None:
    """The amounts of a line in minor units, in its order; None where one of them is none.

    >>> minors_of("5, 10 25", "EUR")
    (500, 1000, 2500)
    """
    found = [minor_of(part, currency) for part in _SEPARATOR.split(text.strip()) if part]
    amounts = [amount for amount in found if amount is not None]
    return tuple(amounts) if len(amounts) == len(found) else None


def written(minor: int, currency: str) -> str:
    """An amount as an editor types it.

    >>> written(50, "USD"), written(200, "AED"), written(50, "JPY")
    ('0.50', '2', '50')
    """
    value = Decimal(minor).scaleb(-exponent(currency))
    return str(int(value)) if value == value.to_integral_value() else str(value)
