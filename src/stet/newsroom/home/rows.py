"""A line of the desk's home: something that waits, goes live or just went live."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Locale

MOST_ROWS = 6
"""Of each kind; what is left is a link to all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line."""

    title: str
    url: str = ""
    """Where it is worked on; empty where nobody may."""
    note: str = ""
    """How it stands, in a phrase."""
    moment: datetime | None = None
    language: str = ""
    by: str = ""
    live_url: str = ""
    is_pressing: bool = False


def languages() -> dict[int, str]:
    """The codes of the paper's languages by the number of their row."""
    return dict(Locale.objects.values_list("pk", "language_code"))


def row_of(page: Any, *, user: Any, codes: dict[int, str], **details: Any) -> Row:
    """A page's line; its title leads to its form for those who may edit it."""
    may_edit = page.permissions_for_user(user).can_edit()
    return Row(
        title=page.get_admin_display_title(),
        url=reverse("wagtailadmin_pages:edit", args=[page.pk]) if may_edit else "",
        language=codes.get(page.locale_id, ""),
        **details,
    )


def called(account: Any) -> str:
    """What a colleague is called, to whoever looks."""
    return str(get_user_display_name(account)) if account is not None else ""
