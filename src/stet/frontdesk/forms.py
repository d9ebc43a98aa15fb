"""What comes in with a form, read into values: what somebody wants, or what is wrong with it, field by field.

A field that is missing is empty, one that came twice counts once. Nothing is kept here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stet.frontdesk.desk import Desk
from stet.frontdesk.words import ADDRESS_FAULTS
from stet.readers.addresses import MOST_CHARACTERS, Address, checked_address
from stet.readers.errors import AddressRefusedError
from stet.readers.lists import ReaderList
from stet.readers.managing import is_time_zone

WORDING = re.compile(r"[0-9a-f]{16}", re.ASCII)
TRAP = "website"
"""A field that people do not see; programs fill it in."""

PAUSES: dict[str, int] = {"14": 14, "30": 30, "91": 91, "182": 182}
"""Days that letters can be paused for, as the form has them."""

Faults = dict[str, Promise | str]
"""What is wrong, by field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinForm:
    """A sign-up form as it came in. `address` and `on` are there where `faults` is empty."""

    typed: str
    address: Address | None
    on: ReaderList | None
    wording: str
    time_zone: str
    faults: Faults


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressForm:
    """A form with an address alone."""

    typed: str
    address: Address | None
    faults: Faults


def is_trapped(posted: Mapping[str, str]) -> bool:
    """Whether a program filled in what people do not see."""
    return bool(posted.get(TRAP))


def read_join(posted: Mapping[str, str], *, language: str, desk: Desk) -> JoinForm:
    """A sign-up form, from a printed page or from ours."""
    asked = read_address(posted)
    faults = dict(asked.faults)
    on = desk.list_of(posted.get("list", ""))
    if on is None or not on.is_open or on.language != language:
        on = None
        faults["list"] = _("Choose a newsletter. The one you wanted may have ended.")
    time_zone = posted.get("time_zone", "")
    if time_zone and not is_time_zone(time_zone):
        time_zone = ""
        faults["time_zone"] = _("Choose a time zone from the list.")
    wording = posted.get("wording", "")
    if not WORDING.fullmatch(wording):
        wording = on.consent.version if on else ""
    return JoinForm(
        typed=asked.typed, address=asked.address, on=on, wording=wording, time_zone=time_zone, faults=faults
    )


def read_address(posted: Mapping[str, str]) -> AddressForm:
    """The address in a form; what was typed is kept for the form to show again, as far as it could be an address."""
    typed = posted.get("email", "")
    shown = typed if len(typed) <= MOST_CHARACTERS and typed.isprintable() else ""
    try:
        return AddressForm(typed=shown, address=checked_address(typed), faults={})
    except AddressRefusedError as error:
        return AddressForm(typed=shown, address=None, faults={"email": ADDRESS_FAULTS[error.fault]})


def read_pause(posted: Mapping[str, str], *, today: date) -> date | None:
    """Until when letters are paused; None: not at all."""
    days = PAUSES.get(posted.get("pause", ""))
    return today + timedelta(days=days) if days else None
