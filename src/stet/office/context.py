"""What every template of the office gets beside its own values."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from stet.office.people import may_see, may_see_money, may_see_readers, may_steer
from stet.office.views.styling import sheet_digest


def office(request: HttpRequest) -> dict[str, Any]:
    """The way through the pages, and what this person may do."""
    user = getattr(request, "user", None)
    is_known = user is not None and user.is_authenticated
    sees = is_known and may_see(user)
    return {
        "style_path": reverse("office:style", args=[sheet_digest()]),
        "sections": sections(request.path, user) if sees else [],
        "money_sections": money_sections(request.path) if sees and may_see_money(user) else [],
        "may_steer": sees and may_steer(user),
        "account": user.get_username() if is_known and user else "",
    }


def sections(path: str, user: Any) -> list[dict[str, Any]]:
    """The sections of the office that somebody sees, and which one a page is in."""
    named: dict[str, str] = {}
    if may_see_readers(user):
        named |= {
            "office:home": _("Now"),
            "office:dispatches": _("Letters"),
            "office:readers": _("Readers"),
            "office:returns": _("Returns"),
            "office:mail_check": _("Mail check"),
        }
        if settings.STET.sink:
            named["office:mailbox"] = _("Mailbox (demo)")
    if may_see_money(user):
        named["office:giving"] = _("Giving")
    return _placed(named, path)


def money_sections(path: str) -> list[dict[str, Any]]:
    """What is below Giving."""
    named = {
        "office:giving": _("By month"),
        "office:giving_plans": _("Plans"),
        "office:giving_appeals": _("Appeals"),
        "office:giving_find": _("Find"),
        "office:giving_inbox": _("Deliveries"),
        "office:giving_comparisons": _("Comparisons"),
        "office:giving_bank": _("Bank statements"),
    }
    placed = _placed(named, path)
    if path != placed[0]["path"]:
        placed[0]["is_here"] = False
    return placed


def _placed(named: dict[str, str], path: str) -> list[dict[str, Any]]:
    paths = {reverse(name): words for name, words in named.items()}
    here = max((one for one in paths if path.startswith(one)), key=len, default="")
    return [{"path": one, "name": words, "is_here": one == here} for one, words in paths.items()]
