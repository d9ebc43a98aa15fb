"""What the desk refuses in a line that ends up in a mail's header."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


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


def check_time_zone(value: str) -> None:
    """Refuse what the machine knows no clock for."""
    if value not in available_timezones():
        raise ValidationError(_("There is no such time zone. Write one as “Europe/Riga” or “Asia/Tehran”."))
