"""How one language writes moments, days, numbers, sizes and names in a row.

The rules:
 * A moment is shown in the paper's time zone, on a 24-hour clock: a static page can't say "an hour ago".
 * Days are Gregorian. Digits are those of the language: Persian pages show Persian digits.
 * The same input always gives the same text; slow look-ups in CLDR are made once for each day.

Text is never taken from the machine's own locale.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.dates import get_month_names
from babel.lists import format_list
from markupsafe import Markup

from stet.kit.money import Money, exponent, format_money
from stet.kit.writing import cldr, day, digits, number, short_day

__all__ = ("cldr", "day", "digits", "number", "short_day")

_FIGURE = re.compile(r"[^\w\s]{0,2}\s?\d[\d\s.,٫٬:/–-]*\s?[^\w\s]?")
_YEAR_AND_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_KIB = 1024


def iso(moment: datetime) -> str:
    """The moment as machines read it: RFC 3339, in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=64)
def open_graph_locale(language: str) -> str:
    """The code as OpenGraph wants it, with the likeliest territory where it names none, such as "fa_IR"."""
    primary, *subtags = language.split("-")
    likely = str(get_global("likely_subtags").get(primary, "")).split("_")
    territory = next((tag for tag in (*subtags, *likely[1:]) if len(tag) == 2 and tag.isupper()), "")
    return f"{primary}_{territory}" if territory else primary


@lru_cache(maxsize=32)
def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name."""
    return ZoneInfo(name)


@lru_cache(maxsize=2_000)
def month(value: date, *, language: str) -> str:
    """A month by name, able to stand alone as a heading."""
    name = str(get_month_names("wide", "stand-alone", cldr(language))[value.month])
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=2_000)
def month_heading(year: int, number: int, *, language: str) -> str:
    """A month and its year, such as "November 2026"."""
    return f"{month(date(year, number, 1), language=language)} {digits(str(year), language=language)}"


def named_month(label: str, *, language: str) -> str:
    """A label such as "2026-11" as that month's name and year; any other label as it is."""
    found = _YEAR_AND_MONTH.fullmatch(label)
    return month_heading(int(found[1]), int(found[2]), language=language) if found else label


def local_day(moment: datetime, *, time_zone: str) -> date:
    """The day on which a moment falls where the paper is."""
    return moment.astimezone(zone(time_zone)).date()


def clock(moment: datetime, *, language: str, time_zone: str) -> str:
    """Hour and minute where the paper is, such as "09:30"."""
    local = moment.astimezone(zone(time_zone))
    return digits(f"{local.hour:02d}:{local.minute:02d}", language=language)


def time_of_day(value: time, *, language: str) -> str:
    """A time of no particular day, such as "08:00"."""
    return digits(f"{value:%H:%M}", language=language)


@lru_cache(maxsize=50_000)
def short_time(moment: datetime, *, language: str, time_zone: str) -> Markup:
    """The day of a moment as a <time> element, for lists."""
    value = local_day(moment, time_zone=time_zone)
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), short_day(value, language=language))


def offset(moment: datetime, *, time_zone: str) -> str:
    """How far the paper's clock is from UTC at that moment, such as "UTC+2"; the same in every language."""
    minutes = int((moment.astimezone(zone(time_zone)).utcoffset() or timedelta()).total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")


@lru_cache(maxsize=2_000)
def money(minor: int, *, language: str, currency: str) -> str:
    """An amount, such as "US$25"; minor units in."""
    return digits(format_money(Money(minor, currency), language), language=language)


def has_fractions(currency: str) -> bool:
    """Whether anything smaller than one of this currency can be given."""
    return exponent(currency) > 0


@lru_cache(maxsize=500)
def currency_name(code: str, *, language: str) -> str:
    """A currency as the language calls it, such as "US dollar"."""
    return str(cldr(language).currencies.get(code, code))


@lru_cache(maxsize=500)
def territory(code: str, *, language: str) -> str:
    """A country as the language calls it; "" where it has no name for it."""
    return str(cldr(language).territories.get(code, ""))


def is_figure(cell: str) -> bool:
    """Whether a table's cell holds a figure, which stands at the end of its column."""
    return bool(_FIGURE.fullmatch(cell.strip()))


def size(size_bytes: int, *, language: str) -> str:
    """A file's size, to two figures at most behind the point: "640 kB", "2.4 MB"."""
    if size_bytes < _KIB * _KIB:
        return f"{number(max(1, round(size_bytes / _KIB)), language=language)} kB"
    return f"{number(round(size_bytes / _KIB / _KIB, 1), language=language)} MB"


def bare_address(url: str) -> str:
    """An address as people read it out: host, and path where it has one."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path.rstrip('/')}" if parts.netloc else url


def file_type(media_type: str) -> str:
    """A media type as readers know it, such as "PDF"."""
    return media_type.rpartition("/")[2].rpartition(".")[2].removeprefix("x-").upper()


def duration(seconds: int, *, language: str) -> str:
    """A length of sound, such as "4:05" or "1:02:09"."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
    return digits(text, language=language)


def in_a_row(items: Sequence[str], *, language: str) -> str:
    """Names in a row, as the language joins them: "A, B and C"."""
    if not items:
        return ""
    return str(format_list(list(items), locale=cldr(language)))
