"""The desk's pages of shared drafts: made, listed, revoked, traced.

Each asks for the permission to publish the story.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stet.kit.clock import SystemClock
from stet.newsroom.embargo.rules import is_embargoed, said
from stet.newsroom.models import ArticlePage, SharedDraft
from stet.newsroom.roles.seeing import policy
from stet.newsroom.sharing import marks
from stet.newsroom.sharing.forms import LeakForm, ShareForm
from stet.newsroom.sharing.links import revoke as revoke_link
from stet.newsroom.sharing.links import share as share_draft

ON_A_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A link in a list."""

    share: SharedDraft
    headline: str
    state: str
    is_open: bool
    opened: str


def may_share(user: Any) -> bool:
    """Whether somebody may share any draft: whoever may publish any page."""
    return bool(policy.user_has_any_permission(user, {"publish"}))


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All links to stories that this editor may publish, the newest first."""
    if not may_share(request.user):
        raise PermissionDenied
    page = Paginator(_of(request.user), ON_A_PAGE).get_page(request.GET.get("p"))
    context = {"rows": _rows(page), "page_obj": page, **_head(_("Shared drafts"), [])}
    return render(request, "newsroom/sharing/overview.html", context)


@never_cache
@sensitive_post_parameters("recipient")
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, article_id: int) -> HttpResponse:
    """Share a story's newest draft. The link is shown once: nobody can read it from the database."""
    article = get_object_or_404(ArticlePage, pk=article_id)
    if not article.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    now = SystemClock().now()
    form, link = ShareForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        _row, token = share_draft(
            article, recipient=values["recipient"], days=values["days"], user=request.user, now=now
        )
        link, form = shared_base() + reverse("newsroom_shared", args=[token]), ShareForm()
    drafted = article.get_latest_revision_as_object()
    waits = is_embargoed(drafted.embargoed_until, now=now)
    context = {
        "article": article,
        "form": form,
        "link": link,
        "embargo": said(drafted.embargoed_until) if waits else "",
        "rows": _rows(_of(request.user).filter(page=article)[:ON_A_PAGE]),
        **_head(_("Share this draft"), [_crumb(), _crumb_of(article)]),
    }
    return render(request, "newsroom/sharing/share.html", context)


@require_POST
def revoke(request: HttpRequest, share_id: int) -> HttpResponse:
    """End a link now."""
    row = get_object_or_404(SharedDraft.objects.select_related("page"), pk=share_id)
    if not row.page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    revoke_link(row, user=request.user)
    messages.success(request, _("The link is revoked. Whoever opens it from now on reads nothing."))
    return redirect("newsroom_share", row.page_id) if "here" in request.POST else redirect("newsroom_shares")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def trace(request: HttpRequest) -> HttpResponse:
    """Say whose copy a text is, by the marks in its spaces. Nothing of the text is kept."""
    if not may_share(request.user):
        raise PermissionDenied
    form, found, is_told, is_legible = LeakForm(request.POST or None), [], False, True
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        shares = {row.mark: row for row in _of(request.user)}
        is_told, is_legible = True, marks.is_legible(text)
        found = _rows(shares[one.mark] for one in marks.whose(text, shares))
    context = {
        "form": form, "rows": found, "is_told": is_told, "is_legible": is_legible,
        **_head(_("Whose copy is it?"), [_crumb()]),
    }  # fmt: skip
    return render(request, "newsroom/sharing/trace.html", context)


def _of(user: Any) -> Any:
    """The links to stories that somebody may publish."""
    pages = policy.instances_user_has_permission_for(user, "publish")
    return SharedDraft.objects.filter(page_id__in=pages.values("pk")).select_related("page", "made_by")


def _rows(shares: Iterable[SharedDraft]) -> list[Row]:
    now = SystemClock().now()
    return [
        Row(
            share=one, headline=one.page.draft_title or one.page.title, state=_state(one, now=now),
            is_open=one.is_open(now=now), opened=_opened(one),
        )
        for one in shares
    ]  # fmt: skip


def _state(row: SharedDraft, *, now: datetime) -> str:
    if row.revoked is not None:
        return pgettext("a shared link", "revoked")
    if row.expires <= now:
        return pgettext("a shared link", "expired")
    return pgettext("a shared link", "works until %(hour)s") % {"hour": said(row.expires)}


def _opened(row: SharedDraft) -> str:
    """How often, roughly: what is not counted cannot be asked for."""
    if not row.opened:
        return pgettext("a shared link", "not opened yet")
    for most in (1, 5, 20):
        if row.opened <= most:
            return ngettext("opened once", "opened up to %(count)d times", most) % {"count": most}
    return _("opened more than 20 times")


def shared_base() -> str:
    """Where people outside reach shared drafts."""
    desk = settings.STET.settings.desk
    return str(desk.shared_url or settings.STET.desk_url).rstrip("/")


def _crumb() -> dict[str, str]:
    return {"url": reverse("newsroom_shares"), "label": _("Shared drafts")}


def _crumb_of(article: ArticlePage) -> dict[str, str]:
    return {"url": reverse("wagtailadmin_pages:edit", args=[article.pk]), "label": article.draft_title}


def _head(title: str, before: list[dict[str, str]]) -> dict[str, object]:
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, *before, {"url": "", "label": title}]
    return {"header_title": title, "page_title": title, "header_icon": "link", "breadcrumbs_items": crumbs}
