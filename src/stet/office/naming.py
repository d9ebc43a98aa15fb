"""What lists, lanes and languages are called on a page."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from stet.readers.errors import ListsBrokenError, ListsMissingError
from stet.readers.lists import Lists, read_lists

LANES = {
    "gmail": "Gmail",
    "outlook": "Outlook",
    "yahoo": "Yahoo",
    "apple": "Apple",
    "mailru": "Mail.ru",
    "yandex": "Yandex",
    "rambler": "Rambler",
    "proton": "Proton",
    "gmx": "GMX",
    "tutanota": "Tuta",
    "ukrnet": "Ukr.net",
}
"""Providers by their lane; names stay as they are in every language."""


def lane_name(lane: str) -> str:
    """The provider's name."""
    return LANES.get(lane) or (pgettext("providers", "Others") if lane == "other" else lane)


def list_names() -> dict[str, str]:
    """The printed lists' names by key; empty where none is printed or they cannot be read."""
    printed = _lists()
    return {one.key: one.name for one in printed.lists} if printed else {}


def list_name(key: str, names: dict[str, str] | None = None) -> str:
    """A list's name with its language, such as "The Week (en)"; its key where it is not printed."""
    name = (list_names() if names is None else names).get(key)
    return f"{name} ({key.partition('.')[0]})" if name else key


def language_name(code: str) -> str:
    """The language's name in itself."""
    names = dict(settings.LANGUAGES)
    return names.get(code.lower(), code) or _("Unknown")


def _lists() -> Lists | None:
    site = settings.STET.site
    try:
        return read_lists(site)
    except (ListsMissingError, ListsBrokenError):
        return None
