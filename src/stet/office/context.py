"""What every template of the office gets beside its own values."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from stet.office.people import may_see, may_steer
from stet.office.views.styling import sheet_digest


def office(request: HttpRequest) -> dict[str, Any]:
    """The way through the pages, and what this person may do."""
    user = getattr(request, "user", None)
    is_known = user is not None and user.is_authenticated
    sees = is_known and may_see(user)
    return {
        "style_path": reverse("office:style", args=[sheet_digest()]),
        "sections": sections(request.path) if sees else [],
        "may_steer": sees and may_steer(user),
        "account": user.get_username() if is_known and user else "",
    }


def sections(path: str) -> list[dict[str, Any]]:
    """The sections of the office, and which one a page is in."""
    named = {
        "office:home": _("Now"),
        "office:dispatches": _("Letters"),
        "office:readers": _("Readers"),
        "office:returns": _("Returns"),
        "office:mail_check": _("Mail check"),
    }
    if settings.STET.sink:
        named["office:mailbox"] = _("Mailbox (demo)")
    paths = {reverse(name): words for name, words in named.items()}
    here = max((one for one in paths if path.startswith(one)), key=len, default="")
    return [{"path": one, "name": words, "is_here": one == here} for one, words in paths.items()]
