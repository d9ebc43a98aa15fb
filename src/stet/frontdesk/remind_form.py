"""The form that asks for a reminder, read into values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stet.frontdesk.forms import Faults, read_address
from stet.ledger.reminding import LONGEST, Filled, day_of, filled
from stet.readers.addresses import Address

WHENS: dict[str, Promise] = {
    "week": _("Next week"),
    "month": _("Next month"),
    "quarter": _("In three months"),
    "date": _("On a day of my choice"),
}
"""When, as the form has it."""
USUAL = "month"
MINOR = re.compile(r"[0-9]{1,12}")
ASCII_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindForm:
    """A form as it came in. `address` and `day` are there where `faults` is empty."""

    typed: str
    address: Address | None
    when: str
    chosen: str
    """The day as it was typed."""
    day: date | None
    filled: Filled
    faults: Faults


def read_remind(posted: Mapping[str, str], *, language: str, today: date) -> RemindForm:
    """A form, from a printed page or from ours. What the gift's form is filled with may be left out."""
    asked = read_address(posted)
    faults = dict(asked.faults)
    when = posted.get("when", "")
    day, chosen = asked_day(posted, today=today)
    if when not in WHENS:
        faults["when"] = _("Choose when.")
    elif day is None:
        faults["date"] = _("Choose a day to come, within a year.")
    return RemindForm(
        typed=asked.typed,
        address=asked.address,
        when=when if when in WHENS else USUAL,
        chosen=chosen,
        day=day,
        filled=read_filled(posted, language=language),
        faults=faults,
    )


def empty_remind(asked: Mapping[str, str], *, language: str) -> RemindForm:
    """The form before anybody filled it in; `asked` may name when, and what the gift's form is filled with."""
    when = asked.get("when", "")
    return RemindForm(
        typed="",
        address=None,
        when=when if when in WHENS else USUAL,
        chosen="",
        day=None,
        filled=read_filled(asked, language=language),
        faults={},
    )


def asked_day(asked: Mapping[str, str], *, today: date) -> tuple[date | None, str]:
    """The day that is meant, and as it was typed. A browser that knows no fields for days lets people type digits."""
    typed = asked.get("date", "").strip().translate(ASCII_DIGITS)
    chosen = typed if len(typed) <= len("2026-11-25") and typed.isprintable() else ""
    return day_of(asked.get("when", ""), chosen, today=today), chosen


def read_filled(asked: Mapping[str, str], *, language: str) -> Filled:
    """What the form of a gift was filled with."""
    amount = asked.get("amount", "")
    return filled(
        language,
        interval=asked.get("interval", ""),
        currency=asked.get("currency", ""),
        minor=int(amount) if MINOR.fullmatch(amount) else 0,
    )


def bounds(today: date) -> tuple[str, str]:
    """The first and the last day that can be chosen, for the field."""
    return (date.fromordinal(today.toordinal() + 1).isoformat(), (today + LONGEST).isoformat())
