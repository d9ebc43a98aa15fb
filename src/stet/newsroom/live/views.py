"""The desk's pages of live coverage.

Whoever may change the story may write entries; whoever may publish it posts them. What others wrote waits until then.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stet.kit.clock import SystemClock
from stet.newsroom.live import posting
from stet.newsroom.live.forms import EntryForm
from stet.newsroom.models import ArticlePage, LiveCoverage, LiveEntry
from stet.newsroom.roles.seeing import policy

SHOWN = 100
"""Coverages in the list, and posted entries on the page of one."""
LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """A story on the desk's page of its coverage, and what somebody may do there."""

    article: ArticlePage
    coverage: LiveCoverage | None
    may_post: bool


def may_see(user: Any) -> bool:
    """Whether somebody works with coverage: whoever may change or publish any page."""
    return bool(policy.user_has_any_permission(user, {"change", "publish"}))


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Stories that are covered live, and those that were lately."""
    if not may_see(request.user):
        raise PermissionDenied
    mine = policy.instances_user_has_any_permission_for(request.user, {"change", "publish"})
    found = LiveCoverage.objects.filter(article_id__in=mine.values("pk")).select_related("article")
    since = SystemClock().now() - LATELY
    context = {
        "running": list(found.filter(ended_at=None).order_by("-changed_at")[:SHOWN]),
        "over": list(found.filter(ended_at__gte=since).order_by("-ended_at")[:SHOWN]),
        **_head(pgettext("coverage", "Live"), []),
    }
    return render(request, "newsroom/live/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def coverage(request: HttpRequest, article_id: int) -> HttpResponse:
    """The form that posts, what waits, and what readers have."""
    covered = _covered(request, article_id)
    is_on = covered.coverage is not None and covered.coverage.is_on
    if request.method == "POST" and not is_on:
        raise PermissionDenied
    form = EntryForm(request.POST or None, instance=LiveEntry(coverage=covered.coverage) if is_on else None)
    if request.method == "POST" and form.is_valid():
        _take(request, form.save(commit=False), may_post=covered.may_post)
        return redirect("newsroom_live", article_id)
    entries = LiveEntry.objects.filter(coverage=article_id)
    context = {
        "article": covered.article,
        "coverage": covered.coverage,
        "is_on": is_on,
        "may_post": covered.may_post,
        "form": form,
        "waiting": list(entries.filter(number=None).order_by("pk")[:SHOWN]),
        "posted": list(entries.filter(number__isnull=False)[:SHOWN]),
        **_head(_("Live coverage"), [_crumb(), _story(covered.article)]),
    }
    return render(request, "newsroom/live/coverage.html", context)


def _take(request: HttpRequest, entry: LiveEntry, *, may_post: bool) -> None:
    if may_post:
        posting.post(entry, user=request.user, now=SystemClock().now())
        messages.success(request, _("Posted: “%(headline)s”.") % {"headline": entry.headline})
    else:
        posting.keep_waiting(entry, user=request.user)
        messages.success(request, _("It waits below until somebody who may publish posts it."))


@require_POST
def begin(request: HttpRequest, article_id: int) -> HttpResponse:
    """Begin to cover a story live, or take it up again."""
    covered = _publishing(request, article_id)
    posting.begin(covered.article, user=request.user, now=SystemClock().now())
    messages.success(request, _("The coverage is on. Readers' pages look for entries by themselves."))
    return redirect("newsroom_live", article_id)


@require_POST
def end(request: HttpRequest, article_id: int) -> HttpResponse:
    """End the coverage."""
    covered = _publishing(request, article_id)
    if covered.coverage is not None:
        posting.end(covered.coverage, user=request.user, now=SystemClock().now())
        messages.success(request, _("The coverage ended. Readers' pages look for nothing any more."))
    return redirect("newsroom_live", article_id)


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, article_id: int, entry_id: int) -> HttpResponse:
    """Change one entry; its earlier versions stand below."""
    covered, found = _entry(request, article_id, entry_id)
    form = EntryForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        changed = form.save(commit=False)
        if changed.number is None:
            posting.keep_waiting(changed, user=request.user)
        else:
            posting.change(changed, user=request.user, now=SystemClock().now())
        messages.success(request, _("Saved."))
        return redirect("newsroom_live", article_id)
    context = {
        "article": covered.article,
        "entry": LiveEntry.objects.get(pk=found.pk),
        "form": form,
        "may_post": covered.may_post,
        "versions": list(found.revisions.select_related("user").order_by("-created_at", "-pk")[1:SHOWN]),
        **_head(pgettext("live", "Entry"), [_crumb(), _story(covered.article)]),
    }
    return render(request, "newsroom/live/entry.html", context)


@require_POST
def post(request: HttpRequest, article_id: int, entry_id: int) -> HttpResponse:
    """Let readers have an entry that waited."""
    covered, found = _entry(request, article_id, entry_id)
    if not covered.may_post or not found.coverage.is_on:
        raise PermissionDenied
    if found.number is None:
        _take(request, found, may_post=True)
    return redirect("newsroom_live", article_id)


@require_POST
def take_away(request: HttpRequest, article_id: int, entry_id: int) -> HttpResponse:
    """Take an entry away."""
    _covered_one, found = _entry(request, article_id, entry_id)
    posting.take_away(found, user=request.user, now=SystemClock().now())
    messages.success(request, _("Taken away: “%(headline)s”.") % {"headline": found.headline})
    return redirect("newsroom_live", article_id)


def _covered(request: HttpRequest, article_id: int) -> Covered:
    article = get_object_or_404(ArticlePage.objects.select_related("locale"), pk=article_id)
    rights = article.permissions_for_user(request.user)
    if not (rights.can_edit() or rights.can_publish()):
        raise PermissionDenied
    found = LiveCoverage.objects.filter(pk=article_id).first()
    return Covered(article=article, coverage=found, may_post=rights.can_publish())


def _publishing(request: HttpRequest, article_id: int) -> Covered:
    covered = _covered(request, article_id)
    if not covered.may_post:
        raise PermissionDenied
    return covered


def _entry(request: HttpRequest, article_id: int, entry_id: int) -> tuple[Covered, LiveEntry]:
    """An entry that somebody may change: one that readers have, only who may publish."""
    covered = _covered(request, article_id)
    found = get_object_or_404(LiveEntry, pk=entry_id, coverage=article_id)
    if found.number is not None and not covered.may_post:
        raise PermissionDenied
    return covered, found


def _crumb() -> dict[str, str]:
    return {"url": reverse("newsroom_live_stories"), "label": pgettext("coverage", "Live")}


def _story(article: ArticlePage) -> dict[str, str]:
    return {"url": reverse("newsroom_live", args=[article.pk]), "label": article.get_admin_display_title()}


def _head(title: str, before: list[dict[str, str]]) -> dict[str, object]:
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, *before, {"url": "", "label": title}]
    return {"header_title": title, "page_title": title, "header_icon": "history", "breadcrumbs_items": crumbs}
