"""Amounts of money: integers in a currency's smallest unit, never fractions of a binary kind.

The rules:
 * An amount is an integer of minor units with the ISO 4217 code of its currency, in capitals.
 * How many digits a currency has behind the point is what the payment provider counts by, not what CLDR shows: both
   differ for ten currencies (`EXPONENTS`).
"""

from typing import NamedTuple


class Money(NamedTuple):
    """An amount. `Money(200, "USD")` are two dollars."""

    minor: int
    currency: str
