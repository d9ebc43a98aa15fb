"""Amounts of money: integers in a currency's smallest unit, never fractions of a binary kind.

The rules:
 * An amount is an integer of minor units with the ISO 4217 code of its currency, in capitals.
 * How many digits a currency has behind the point is what the payment provider counts by, not what CLDR shows: both
   differ for ten currencies (`EXPONENTS`).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_symbol

EXPONENTS: Mapping[str, int] = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"), 0
    ),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
}
"""Digits behind the point where they are not two (docs.stripe.com/currencies, read 2026-11)."""


class Money(NamedTuple):
    """An amount. `Money(200, "USD")` are two dollars."""

    minor: int
    currency: str


def exponent(currency: str) -> int:
    """How many digits a currency has behind the point."""
    return EXPONENTS.get(currency, 2)


def format_money(money: Money, language: str) -> str:
    """An amount as a language writes it; a whole one without digits behind the point.

    >>> format_money(Money(200, "USD"), "en"), format_money(Money(250, "USD"), "ru")
    ('US$2', '2,50\\xa0$')
    """
    places = exponent(money.currency)
    value = Decimal(money.minor).scaleb(-places)
    locale = _locale(language)
    pattern = locale.currency_formats["standard"].pattern
    digits = "" if value == value.to_integral_value() else "." + "0" * places
    pattern = pattern.replace("#,##0.00", f"#,##0{digits}").partition(";")[0]
    return format_currency(
        value, money.currency, format=pattern, locale=locale, currency_digits=False, numbering_system="default"
    )


def _locale(language: str) -> Locale:
    try:
        return Locale.parse({"en": "en_001"}.get(language, language), sep="-" if "-" in language else "_")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_001")
