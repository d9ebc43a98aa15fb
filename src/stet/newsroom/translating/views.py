"""The desk's pages of translations. Each asks for the permission to change the translation."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from stet.kit.languages import direction
from stet.newsroom.models import ArticlePage
from stet.newsroom.roles.seeing import may_see_draft, policy
from stet.newsroom.translating.versions import behind, compare

SHOWN = 200
"""Translations in the list."""


def may_see(user: Any) -> bool:
    """Whether somebody works on any page."""
    return bool(policy.user_has_any_permission(user, {"change", "publish"}))


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Translations whose original changed since they followed it."""
    if not may_see(request.user):
        raise PermissionDenied
    mine = policy.instances_user_has_permission_for(request.user, "change")
    found = behind(ArticlePage.objects.filter(pk__in=mine.values("pk")))
    context = {"behind": list(found[:SHOWN]), **_head(_("Translations that are behind"), [])}
    return render(request, "newsroom/translating/overview.html", context)


@require_safe
def beside(request: HttpRequest, article_id: int) -> HttpResponse:
    """A translation beside its original, piece by piece."""
    article = _translation(request, article_id)
    original = article.original
    if original is None:
        messages.info(request, _("This story is no translation, so there is no original to put beside it."))
        return redirect("wagtailadmin_pages:edit", article.pk)
    if not (original.live or may_see_draft(request.user, original)):
        raise PermissionDenied
    comparison = compare(article)
    only_changed = "changed" in request.GET
    rows = [row for row in comparison.rows if not only_changed or row.state != "same" or row.is_missing]
    count = comparison.changes
    context = {
        "article": article,
        "original": original,
        "rows": rows,
        "comparison": comparison,
        "only_changed": only_changed,
        "count": count,
        "told": ngettext("%(count)d piece changed since.", "%(count)d pieces changed since.", count) % {"count": count},
        "languages": [
            (page.locale.language_code, direction(page.locale.language_code)) for page in (original, article)
        ],
        **_head(_("Beside the original"), [_crumb(), _edit(article)]),
    }
    return render(request, "newsroom/translating/beside.html", context)


@require_POST
def up_to_date(request: HttpRequest, article_id: int) -> HttpResponse:
    """Note that a translation agrees with the version of its original that was shown."""
    article = _translation(request, article_id)
    shown = request.POST.get("revision", "")
    original = article.original
    if original is None or not shown.isdecimal() or not original.revisions.filter(pk=int(shown[:18])).exists():
        raise PermissionDenied
    article.follow_original(original, revision=int(shown))
    messages.success(request, _("Noted: this translation agrees with its original again."))
    if article.is_behind_original:
        messages.warning(request, _("The original was published anew meanwhile. Look again."))
    return redirect("newsroom_beside_original", article.pk)


def _translation(request: HttpRequest, article_id: int) -> ArticlePage:
    found = ArticlePage.objects.select_related("locale", "original", "original__locale", "latest_revision")
    article: ArticlePage = get_object_or_404(found, pk=article_id)
    if not article.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return article


def _crumb() -> dict[str, str]:
    return {"url": reverse("newsroom_translations"), "label": _("Translations that are behind")}


def _edit(article: ArticlePage) -> dict[str, str]:
    url = reverse("wagtailadmin_pages:edit", args=[article.pk])
    return {"url": url, "label": article.get_admin_display_title()}


def _head(title: str, before: list[dict[str, str]]) -> dict[str, object]:
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, *before, {"url": "", "label": title}]
    return {"header_title": title, "page_title": title, "header_icon": "globe", "breadcrumbs_items": crumbs}
