"""Days, moments and numbers in the language of the page that is being made; one form of each, everywhere.

A moment names the place whose clock it is told by.
"""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language

from stet.kit import writing
from stet.kit.money import AmountRefusedError, Money, format_money


def language() -> str:
    """The language that this page speaks."""
    return get_language() or "en"


def day(value: date) -> str:
    """A day for tables and plots, such as "23 Nov 2026"."""
    return writing.short_day(value, language=language())


def month(value: date) -> str:
    """A month with its year, such as "November 2026"."""
    return writing.month(value, language=language())


def moment(value: datetime, *, time_zone: str = "") -> str:
    """A moment by the paper's clock, such as "27 November 2026, 08:00 (Oslo)".

    A naive one is by the clock of `time_zone` already.
    """
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    place = writing.city(time_zone or timezone.get_current_timezone_name(), language=language())
    return f"{hour_of_day(local)} ({place})"


def hour_of_day(value: datetime) -> str:
    """Day and hour of a clock that needs no name."""
    return writing.day_and_hour(value, language=language())


def number(value: float) -> str:
    """A number, such as "12,345"."""
    return writing.number(value, language=language())


def percent(value: int) -> str:
    """A share in whole percent, such as "26%"."""
    return writing.percent(value, language=language())


def money(value: Money) -> str:
    """An amount as accounts have it, such as "US$5.00"; minor units beside the code where the currency is not known."""
    try:
        return format_money(value, language(), is_full=True)
    except AmountRefusedError:
        return f"{number(value.minor)} × {value.currency}"
