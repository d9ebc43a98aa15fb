"""Amounts of money: integers in a currency's smallest unit, never fractions of a binary kind.

The rules:
 * An amount is an integer of minor units with the ISO 4217 code of its currency, in capitals.
 * How many digits a currency has behind the point is what the payment provider counts by, not what CLDR shows.
 * Some currencies are charged in steps: the króna is counted in hundredths, but only whole ones can be charged.
 * What a reader types is read digit by digit, in any script, with the separators of their language. Where a separator
   could stand for thousands or for a fraction, nothing is guessed: the amount is refused.

The tables are those of Stripe's documentation, "Supported currencies" (docs.stripe.com/currencies), as it stood in
2026: zero-decimal and three-decimal currencies, special cases, smallest and largest charges. HUF and TWD, which stand
among the special cases there, have two decimals as charges; only payouts of them are in whole units.
"""

import re
import unicodedata
from copy import copy
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from babel import Locale, UnknownLocaleError
from babel.numbers import NumberPattern, get_currency_symbol, get_decimal_symbol, get_group_symbol

from stet.kit.errors import RefusedError
from stet.kit.languages import primary


class Money(NamedTuple):
    """An amount. `Money(200, "USD")` are two dollars."""

    minor: int
    currency: str


# --- What the provider counts by ---

ZERO_DECIMAL = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
_TWO_DECIMAL = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP CRC CVE CZK "
    "DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD KES KGS KHR KYD "
    "KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP "
    "PKR PLN QAR RON RSD RUB SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TOP TRY TTD TWD TZS UAH UGX USD UYU "
    "UZS WST XCD XCG YER ZAR ZMW"
)
TWO_DECIMAL = frozenset(_TWO_DECIMAL.split())
THREE_DECIMAL = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})

EXPONENTS: dict[str, int] = {
    **dict.fromkeys(ZERO_DECIMAL, 0),
    **dict.fromkeys(TWO_DECIMAL, 2),
    **dict.fromkeys(THREE_DECIMAL, 3),
}
"""How many digits each currency has behind the point, as the provider counts."""

STEPS: dict[str, int] = {"ISK": 100, "UGX": 100, **dict.fromkeys(THREE_DECIMAL, 10)}
"""Where not every minor unit can be charged: the amount has to be a multiple of this. Whole krónur and shillings only;
of three decimals the last is 0."""

SMALLEST: dict[str, int] = {
    "AED": 200, "ARS": 50, "AUD": 50, "BRL": 50, "CAD": 50, "CHF": 50, "COP": 50, "CZK": 1_500, "DKK": 250, "EUR": 50,
    "GBP": 30, "HKD": 400, "HUF": 17_500, "IDR": 50, "ILS": 50, "INR": 50, "JPY": 50, "KRW": 50, "MXN": 1_000,
    "MYR": 200, "NOK": 300, "NZD": 50, "PHP": 50, "PLN": 200, "RON": 200, "RUB": 50, "SEK": 300, "SGD": 50,
    "THB": 1_000, "USD": 50, "ZAR": 50,
}  # fmt: skip
"""The smallest charge, in minor units, where the account is kept in that currency. Elsewhere what counts is the
smallest charge of the account's own currency, after conversion."""

LARGEST_DIGITS: dict[str, int] = {"IDR": 12, "COP": 10, "INR": 9}
"""How many digits an amount may have; 8 where nothing is said. Cards allow more, other ways to pay do not."""


def exponent(currency: str) -> int:
    """How many digits `currency` has behind the point. Raises AmountRefusedError for one that cannot be charged.

    >>> exponent("USD"), exponent("JPY"), exponent("KWD"), exponent("UGX")
    (2, 0, 3, 2)
    """
    if currency not in EXPONENTS:
        raise AmountRefusedError("currency")
    return EXPONENTS[currency]


def step(currency: str) -> int:
    """What an amount of `currency` has to be a multiple of, in minor units."""
    return STEPS.get(currency, 1)


def shown_digits(currency: str) -> int:
    """How many digits behind the point readers see: none where only whole units can be charged."""
    return 0 if STEPS.get(currency) == 100 else exponent(currency)


def smallest_charge(currency: str) -> int | None:
    """The smallest amount that can be charged; None where the provider names none."""
    return SMALLEST.get(currency)


def largest_charge(currency: str) -> int:
    """The largest amount that can be charged by every way to pay."""
    return int(10 ** LARGEST_DIGITS.get(currency, 8)) - step(currency)


# --- Plain decimals, between programs ---


def write_decimal(money: Money) -> str:
    """The amount as programs exchange it: digits, a point, all its decimals.

    >>> write_decimal(Money(250, "USD")), write_decimal(Money(500, "JPY")), write_decimal(Money(-5, "KWD"))
    ('2.50', '500', '-0.005')
    """
    digits = exponent(money.currency)
    sign, text = "-" * (money.minor < 0), str(abs(money.minor)).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"


def read_decimal(text: str, currency: str) -> Money:
    """The amount in a plain decimal of another program, such as "2.50". Raises AmountRefusedError.

    >>> read_decimal("2.5", "USD"), read_decimal("2.50000", "USD")
    (Money(minor=250, currency='USD'), Money(minor=250, currency='USD'))
    """
    found = _PLAIN.fullmatch(text)
    if found is None:
        raise AmountRefusedError("form")
    return Money(_minor(found["whole"], (found["fraction"] or "").rstrip("0"), currency), currency)


_PLAIN = re.compile(r"(?P<whole>[0-9]{1,18})(?:\.(?P<fraction>[0-9]{1,18}))?")


# --- What a reader types ---

Fault = Literal["empty", "form", "unclear", "exact", "zero", "long", "currency"]
"""What is wrong with what was typed for an amount."""

FAULTS: dict[Fault, str] = {
    "empty": "Write an amount.",
    "form": "This is not an amount. Write digits only, such as 5 or 2.50.",
    "unclear": "This could be thousands or a fraction. Write it without marks between the thousands.",
    "exact": "This is more exact than the currency can be charged. Leave out the last digits.",
    "zero": "Write an amount above zero.",
    "long": "This is too large an amount.",
    "currency": "This currency cannot be charged here.",
}
"""Each fault in a sentence for whoever typed it."""


class AmountRefusedError(RefusedError):
    """What was typed is not an amount that can be charged; `fault` says why, in a word."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(FAULTS[fault])
        self.fault: Fault = fault


class TooExactError(AmountRefusedError):
    """There are more digits behind the point than the currency has, or than the provider charges."""

    def __init__(self) -> None:
        super().__init__("exact")


MOST_DIGITS = 15
GROUP_MARKS = "٬'’ʼ "
"""Marks that only ever stand between thousands. Every kind of space is one."""
DECIMAL_MARK = "٫"
"""The mark that only ever stands before a fraction."""
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff]")
_WRITTEN = re.compile(r"[0-9]+(?:[.,٫٬'’ʼ ][0-9]+)*")


def parse_amount(text: str, currency: str, language: str) -> Money:
    """The amount that a reader of `language` typed. Raises AmountRefusedError, or TooExactError below it.

    Digits may be of any script; the currency's own code or sign may stand before or behind them.

    >>> parse_amount("2,50", "EUR", "ru"), parse_amount("۲٫۵۰", "EUR", "fa")
    (Money(minor=250, currency='EUR'), Money(minor=250, currency='EUR'))
    """
    digits = exponent(currency)
    plain = _without_sign(_in_ascii_digits(text), currency, language)
    if not plain:
        raise AmountRefusedError("empty")
    if not _WRITTEN.fullmatch(plain):
        raise AmountRefusedError("form")
    whole, fraction = _parts(plain, digits, language)
    minor = _minor(whole, fraction, currency)
    if minor == 0:
        raise AmountRefusedError("zero")
    return Money(minor, currency)


def _minor(whole: str, fraction: str, currency: str) -> int:
    digits = exponent(currency)
    whole = whole.lstrip("0")
    if len(whole) > MOST_DIGITS:
        raise AmountRefusedError("long")
    if len(fraction) > digits:
        raise TooExactError
    minor = int(whole + fraction.ljust(digits, "0") or "0")
    if minor % step(currency):
        raise TooExactError
    return minor


def _in_ascii_digits(text: str) -> str:
    """`text` with digits of every script as 0 to 9, spaces of every kind as one, and nothing invisible."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text[:200])).replace("،", ",")
    characters = (str(unicodedata.decimal(one, one)) for one in text)
    return " ".join("".join(characters).split())


def _without_sign(text: str, currency: str, language: str) -> str:
    for sign in _signs(currency, language):
        if text.upper().startswith(sign):
            return text[len(sign) :].strip()
        if text.upper().endswith(sign):
            return text[: -len(sign)].strip()
    return text


def _parts(text: str, digits: int, language: str) -> tuple[str, str]:
    """What stands before the point and behind it; raises where that cannot be told for certain."""
    marks = [one for one in text if not one.isdigit()]
    if not marks:
        return text, ""
    last = marks[-1]
    if last == DECIMAL_MARK:
        is_fraction = True
    elif last in GROUP_MARKS:
        is_fraction = False
    elif len(marks) > 1:
        # A mark that differs from those before it, or follows none of its kind, ends the thousands.
        is_fraction = last not in marks[:-1]
    else:
        is_fraction = _is_before_fraction(text, last, digits, language)
    whole, fraction = text.rsplit(last, 1) if is_fraction else (text, "")
    groups = re.split(r"[^0-9]", whole)
    between = {one for one in whole if not one.isdigit()}
    if len(groups) > 1:
        is_in_threes = 1 <= len(groups[0]) <= 3 and groups[0][0] != "0" and all(len(one) == 3 for one in groups[1:])
        if not is_in_threes or len(between) > 1 or DECIMAL_MARK in between:
            raise AmountRefusedError("unclear")
    return "".join(groups), fraction


def _is_before_fraction(text: str, mark: str, digits: int, language: str) -> bool:
    """Whether the only mark, a point or a comma, stands before a fraction. Three digits behind it may be thousands."""
    whole, behind = text.split(mark)
    if len(behind) != 3 or len(whole) > 3 or whole.startswith("0"):
        return True
    decimal, group = _separators(language)
    if mark in decimal:
        return True
    if mark in group and digits < 3:
        return False
    raise AmountRefusedError("unclear")


@lru_cache(maxsize=64)
def _separators(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """The marks before a fraction and between thousands, with the language's own digits and with Latin ones."""
    locale = _locale(language)
    systems = ("default", "latn")
    decimal = frozenset(get_decimal_symbol(locale, numbering_system=system) for system in systems)
    group = frozenset(get_group_symbol(locale, numbering_system=system) for system in systems)
    return decimal, group


@lru_cache(maxsize=256)
def _signs(currency: str, language: str) -> tuple[str, ...]:
    """What may stand for the currency beside its amount, the longest first."""
    locales = (_locale(language), _locale("en"))
    signs = {currency, *(get_currency_symbol(currency, locale) for locale in locales)}
    signs |= {one[2:] for one in signs if len(one) == 3 and not one[2:].isalpha()}
    plain = {_in_ascii_digits(one).upper() for one in signs}
    return tuple(sorted((one for one in plain if one), key=len, reverse=True))


# --- What a reader sees ---


def format_money(money: Money, language: str, *, is_full: bool = False) -> str:
    """The amount as a reader of `language` writes it, in the digits of that language.

    A whole amount is shown without a fraction; with `is_full`, as in accounts, it has one.

    >>> format_money(Money(500, "USD"), "en"), format_money(Money(500, "USD"), "en", is_full=True)
    ('US$5', 'US$5.00')
    """
    digits = exponent(money.currency)
    is_whole = money.minor % 10**digits == 0
    # Nothing is hidden: what can only be whole, but is not, is shown with its fraction.
    shown = (shown_digits(money.currency) if is_full else 0) if is_whole else digits
    value = Decimal(money.minor).scaleb(-digits)
    system = _OWN_DIGITS.get(primary(language), "latn")
    text = _pattern(language, shown).apply(
        value, _locale(language), currency=money.currency, currency_digits=False, numbering_system=system
    )
    return _LETTER_AT_DIGIT.sub("\u00a0", text).translate(_DIGITS[system])


_OWN_DIGITS = {"fa": "arabext", "ps": "arabext", "ur": "arabext", "ar": "arab", "ckb": "arab"}
_DIGITS = {
    "latn": {},
    "arabext": str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"),
    "arab": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
}
"""CLDR's numbering systems with digits of their own: those in which pages show numbers, as the theme does."""
_LETTER_AT_DIGIT = re.compile(r"(?<=[A-Z])(?=\d)|(?<=\d)(?=[A-Z])")
"""Where a code stands beside a digit, CLDR wants a space; a sign needs none."""


@lru_cache(maxsize=256)
def _pattern(language: str, shown: int) -> NumberPattern:
    """How the language puts an amount and its sign together, with so many digits behind the point."""
    pattern: NumberPattern = copy(_locale(language).currency_formats["standard"])
    pattern.frac_prec = (shown, shown)
    return pattern


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    """CLDR's locale of a language code; English where CLDR knows none. "en" is the world's: dollars are many."""
    try:
        return Locale.parse(_CLDR_NAMES.get(language, language), sep="-" if "-" in language else "_")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_001")


_CLDR_NAMES = {"en": "en_001"}
