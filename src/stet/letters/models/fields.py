"""What the desk refuses in a line that ends up in a mail's header."""

from datetime import date
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

FIRST_YEAR, LAST_YEAR = 1990, 2199
"""Letters are brought from older archives; there was no mail to readers before."""


def check_one_line(value: str) -> None:
    """Refuse line ends and control characters: what follows them would be a header of its own."""
    if any(not character.isprintable() and character not in "\u200c\u200d\u200e\u200f\xad" for character in value):
        raise ValidationError(_("There is a character here that no line of a mail may have. Type the line anew."))


def check_line_of(page: Page, field: str) -> None:
    """Refuse the same in a field of Wagtail's, which takes no validator."""
    try:
        check_one_line(getattr(page, field))
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error


def check_day(value: date) -> None:
    """Refuse a day that nobody means, near which clocks of other time zones have none."""
    if not is_meant(value):
        raise ValidationError(_("This is no day on which a letter can be sent. Check the year."))


def is_meant(day: date) -> bool:
    """Whether a letter can be due on this day."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def check_time_zone(value: str) -> None:
    """Refuse what the machine knows no clock for."""
    if value not in available_timezones():
        raise ValidationError(_("There is no such time zone. Write one as “Europe/Riga” or “Asia/Tehran”."))
