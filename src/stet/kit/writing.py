"""How a language writes days, hours, numbers and the place whose clock is meant.

The rules:
 * Days are Gregorian, hours run from 00 to 23. Digits are those of the language: Persian pages show Persian digits.
 * Plain English is written as it is read across borders: "22 November 2026", never with the month first.
 * The same input always gives the same text. Nothing is taken from the machine's own locale or clock.
"""

import re
from datetime import date, datetime
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, get_timezone_location
from babel.numbers import format_decimal, format_percent

_DIGITS = {
    "fa": "۰۱۲۳۴۵۶۷۸۹",
    "ps": "۰۱۲۳۴۵۶۷۸۹",
    "ur": "۰۱۲۳۴۵۶۷۸۹",
    "ar": "٠١٢٣٤٥٦٧٨٩",
    "ckb": "٠١٢٣٤٥٦٧٨٩",
}
# CLDR's plain "en" is American.
_CLDR_NAMES = {"en": "en_150"}
# CLDR ends Russian and Ukrainian years with a quoted "г." or "р."; newspapers leave it out.
_YEAR_WORD = re.compile(r"\s*'[^']*'\.?$")


@lru_cache(maxsize=64)
def cldr(language: str) -> Locale:
    """CLDR's locale of a language code; English where CLDR knows none."""
    try:
        return Locale.parse(_CLDR_NAMES.get(language, language), sep="-" if "-" in language else "_")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_150")


@lru_cache(maxsize=64)
def _digits(language: str) -> dict[int, str]:
    return {ord("0") + n: digit for n, digit in enumerate(_DIGITS.get(language, ""))}


def digits(text: str, *, language: str) -> str:
    """The text with its digits written as the language writes them.

    >>> digits("09:30", language="fa"), digits("09:30", language="ru")
    ('۰۹:۳۰', '09:30')
    """
    table = _digits(language)
    return text.translate(table) if table else text


@lru_cache(maxsize=20_000)
def day(value: date, *, language: str) -> str:
    """A day in full.

    >>> day(date(2026, 11, 22), language="en"), day(date(2026, 11, 22), language="ru")
    ('22 November 2026', '22 ноября 2026')
    """
    return _day(value, language=language, width="long")


@lru_cache(maxsize=20_000)
def short_day(value: date, *, language: str) -> str:
    """A day for lists.

    >>> short_day(date(2026, 11, 22), language="en")
    '22 Nov 2026'
    """
    return _day(value, language=language, width="medium")


def _day(value: date, *, language: str, width: str) -> str:
    locale = cldr(language)
    pattern = _YEAR_WORD.sub("", locale.date_formats[width].pattern)
    return digits(format_date(value, pattern, locale), language=language)


@lru_cache(maxsize=4096)
def month(value: date, *, language: str) -> str:
    """A month with its year.

    >>> month(date(2026, 11, 1), language="en"), month(date(2026, 11, 1), language="ru")
    ('November 2026', 'ноябрь 2026')
    """
    locale = cldr(language)
    pattern = _YEAR_WORD.sub("", str(locale.datetime_skeletons["yMMMM"].pattern))
    return digits(format_date(value, pattern, locale), language=language)


def day_and_hour(moment: datetime, *, language: str) -> str:
    """A day in full with hour and minute, by the clock that `moment` stands in; a naive one is taken as it is.

    >>> day_and_hour(datetime(2026, 11, 22, 8, 5), language="en")
    '22 November 2026, 08:05'
    """
    joined = str(cldr(language).datetime_formats["medium"]).replace("'", "")
    hour = digits(f"{moment:%H:%M}", language=language)
    return joined.replace("{1}", day(moment.date(), language=language)).replace("{0}", hour)


def number(value: int | float, *, language: str) -> str:
    """A number with the language's separators and digits."""
    return digits(format_decimal(value, locale=cldr(language)), language=language)


def percent(value: int, *, language: str) -> str:
    """A share in whole percent.

    >>> percent(26, language="en"), percent(26, language="fa")
    ('26%', '۲۶٪')
    """
    text = format_percent(value / 100, locale=cldr(language))
    return digits(text.replace("%", "٪") if language == "fa" else text, language=language)


@lru_cache(maxsize=4096)
def city(time_zone: str, *, language: str) -> str:
    """The place that a time zone is named after, in the language.

    >>> city("Europe/Oslo", language="ru"), city("UTC", language="ru")
    ('Осло', 'UTC')
    """
    if "/" not in time_zone:
        return time_zone
    try:
        return str(get_timezone_location(time_zone, locale=cldr(language), return_city=True))
    except (ValueError, LookupError):
        return time_zone.rpartition("/")[2].replace("_", " ")
