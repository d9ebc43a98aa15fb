"""The desk's pages of bundles. Each asks for the permission to publish every page that is in the bundle."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.models import Page

from stet.newsroom.bundles import publishing
from stet.newsroom.bundles.forms import BundleForm, HourForm, MemberForm
from stet.newsroom.embargo.rules import said
from stet.newsroom.errors import BundleRefusedError
from stet.newsroom.models import Bundle, BundleMember
from stet.newsroom.roles.seeing import policy

SHOWN = 100
"""Bundles in the list: those that wait, and the newest of those that went live."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A member on its bundle's page."""

    member: BundleMember
    kind: str
    headline: str
    language: str
    state: str
    problem: str
    is_behind: bool
    """Whether somebody wrote a later draft since it was added."""


def may_see(user: Any) -> bool:
    """Whether somebody works with bundles: whoever may publish any page."""
    return bool(policy.user_has_any_permission(user, {"publish"}))


@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """All bundles of pages that this editor may publish, and a form for a new one."""
    if not may_see(request.user):
        raise PermissionDenied
    form = BundleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("newsroom_bundle", form.save().pk)
    bundles = bundles_of(request.user).annotate(count=Count("members")).order_by("went_live", "goes_live", "-pk")
    waiting = list(bundles.filter(went_live__isnull=True)[:SHOWN])
    gone = list(bundles.filter(went_live__isnull=False).order_by("-went_live")[:SHOWN])
    context = {
        "waiting": [(one, state_of(one)) for one in waiting],
        "gone": gone,
        "form": form,
        **_head(_("Bundles"), []),
    }
    return render(request, "newsroom/bundles/overview.html", context)


def state_of(bundle: Bundle) -> str:
    """How a bundle stands, in a phrase."""
    if bundle.went_live is not None:
        return pgettext("a bundle", "live since %(hour)s") % {"hour": said(bundle.went_live)}
    if bundle.goes_live is not None:
        return pgettext("a bundle", "goes live %(hour)s") % {"hour": said(bundle.goes_live)}
    return pgettext("a bundle", "held back") if bundle.problems else pgettext("a bundle", "being put together")


@require_safe
def bundle(request: HttpRequest, bundle_id: int) -> HttpResponse:
    """One bundle: what is in it, what holds it back, and its buttons."""
    return _page(request, _find(request, bundle_id))


def _page(
    request: HttpRequest, found: Bundle, *, problems: dict[int, str] | None = None, hour: HourForm | None = None
) -> HttpResponse:
    if problems is None:
        problems = {int(number): sentence for number, sentence in found.problems.items()}
    context = {
        "bundle": found,
        "rows": _rows(found, problems),
        "problem": problems.get(0, ""),
        "is_held": bool(problems),
        "state": state_of(found),
        "is_open": found.went_live is None and found.goes_live is None,
        "member_form": MemberForm(),
        "hour_form": hour or HourForm(),
        **_head(found.name, [_crumb()]),
    }
    return render(request, "newsroom/bundles/bundle.html", context)


def _rows(found: Bundle, problems: dict[int, str]) -> list[Row]:
    rows = []
    for member in publishing.in_order(found):
        page, revision = member.page, member.revision
        title = revision.content.get("title") if revision else ""
        is_behind = revision is None or page.latest_revision_id != revision.pk
        rows.append(Row(
            member=member, kind=str(page.page_type_display_name), headline=title or page.draft_title,
            language=page.locale.get_display_name(), state=_state(member), problem=problems.get(member.pk, ""),
            is_behind=is_behind and found.went_live is None,
        ))  # fmt: skip
    return rows


def _state(member: BundleMember) -> str:
    page = member.page
    if page.live and member.revision_id is not None and page.live_revision_id == member.revision_id:
        return pgettext("a draft in a bundle", "live")
    return (
        pgettext("a draft in a bundle", "changes what is live") if page.live else pgettext("a draft in a bundle", "new")
    )


# --- What is in it ---


@require_POST
def add(request: HttpRequest, bundle_id: int) -> HttpResponse:
    """Put the newest draft of a page into a bundle."""
    found = _open(request, bundle_id)
    form = MemberForm(request.POST)
    page = Page.objects.filter(pk=form.cleaned_data["page"]).first() if form.is_valid() else None
    if page is None:
        messages.error(request, _("Choose a page first."))
    elif not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    else:
        _take(found, page, user=request.user)
    return redirect("newsroom_bundle", found.pk)


@require_POST
def renew(request: HttpRequest, bundle_id: int, member_id: int) -> HttpResponse:
    """Take the newest draft of a page in place of the older one."""
    found = _open(request, bundle_id)
    _take(found, get_object_or_404(found.members.all(), pk=member_id).page, user=request.user)
    return redirect("newsroom_bundle", found.pk)


def _take(found: Bundle, page: Page, *, user: Any) -> None:
    revision = page.latest_revision or page.specific.save_revision(user=user)
    BundleMember.objects.update_or_create(bundle=found, page=page, defaults={"revision": revision})
    Bundle.objects.filter(pk=found.pk).update(problems={})


@require_POST
def drop(request: HttpRequest, bundle_id: int, member_id: int) -> HttpResponse:
    """Take a draft out of a bundle; the draft itself stays."""
    found = _open(request, bundle_id)
    found.members.filter(pk=member_id).delete()
    Bundle.objects.filter(pk=found.pk).update(problems={})
    return redirect("newsroom_bundle", found.pk)


@require_POST
def forget(request: HttpRequest, bundle_id: int) -> HttpResponse:
    """Delete a bundle that did not go live; its drafts stay."""
    _open(request, bundle_id).delete()
    messages.success(request, _("The bundle is gone; its drafts are where they were."))
    return redirect("newsroom_bundles")


# --- When it goes ---


@require_POST
def look(request: HttpRequest, bundle_id: int) -> HttpResponse:
    """Say what would hold it back if it went live now."""
    found = _open(request, bundle_id)
    problems = publishing.look_over(found, user=request.user)
    if not problems:
        messages.success(request, _("Nothing holds it back: it could go live now."))
        return redirect("newsroom_bundle", found.pk)
    return _page(request, found, problems=problems)


@require_POST
def approve(request: HttpRequest, bundle_id: int) -> HttpResponse:
    """Let it go live by itself at an hour."""
    found = _open(request, bundle_id)
    form = HourForm(request.POST)
    if not form.is_valid():
        return _page(request, found, hour=form)
    try:
        publishing.approve(found, hour=form.chosen, user=request.user)
    except BundleRefusedError as error:
        return _page(request, found, problems=error.problems, hour=form)
    messages.success(request, _("It goes live by itself at that hour, all at once."))
    return redirect("newsroom_bundle", found.pk)


@require_POST
def take_back(request: HttpRequest, bundle_id: int) -> HttpResponse:
    """Let it wait again."""
    found = _find(request, bundle_id)
    publishing.take_back(found, user=request.user)
    messages.success(request, _("The bundle waits again; nothing goes live by itself."))
    return redirect("newsroom_bundle", found.pk)


@require_POST
def go(request: HttpRequest, bundle_id: int) -> HttpResponse:
    """Let it go live now."""
    found = _find(request, bundle_id)
    try:
        publishing.go_live(found, user=request.user)
    except BundleRefusedError as error:
        return _page(request, found, problems=error.problems)
    count = found.members.count()
    sentence = ngettext("%(count)d page went live.", "%(count)d pages went live, all at once.", count)
    messages.success(request, sentence % {"count": count})
    return redirect("newsroom_bundle", found.pk)


def bundles_of(user: Any) -> Any:
    """The bundles in which everything may be published by somebody."""
    pages = policy.instances_user_has_permission_for(user, "publish")
    others = BundleMember.objects.exclude(page_id__in=pages.values("pk"))
    return Bundle.objects.exclude(pk__in=others.values("bundle_id"))


def _find(request: HttpRequest, bundle_id: int) -> Bundle:
    if not may_see(request.user):
        raise PermissionDenied
    get_object_or_404(Bundle, pk=bundle_id)
    found: Bundle | None = bundles_of(request.user).filter(pk=bundle_id).first()
    if found is None:
        raise PermissionDenied
    return found


def _open(request: HttpRequest, bundle_id: int) -> Bundle:
    """A bundle that can still be changed."""
    found = _find(request, bundle_id)
    if found.went_live is not None or found.goes_live is not None:
        raise PermissionDenied
    return found


def _crumb() -> dict[str, str]:
    return {"url": reverse("newsroom_bundles"), "label": _("Bundles")}


def _head(title: str, before: list[dict[str, str]]) -> dict[str, object]:
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, *before, {"url": "", "label": title}]
    return {"header_title": title, "page_title": title, "header_icon": "collapse-down", "breadcrumbs_items": crumbs}
