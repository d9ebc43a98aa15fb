"""The desk's pages around appeals: the switch that silences them, where nothing asks, and why one is not shown."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.log_actions import log

from stet.appeals.forms import SilenceForm, WhyForm
from stet.appeals.models import Appeal, current_silence, set_silence
from stet.appeals.models.silence import CHANGED
from stet.appeals.reasons import newest_article, why
from stet.kit.clock import SystemClock
from stet.newsroom.paper import current_paper

INDEX = "wagtailsnippets_appeals_appeal:list"
EDIT = "wagtailsnippets_appeals_appeal:edit"


@require_POST
def silence(request: HttpRequest) -> HttpResponse:
    """Turn the switch."""
    user = _who_may(request, "appeals.change_silence")
    is_silent = request.POST.get("silent") == "yes"
    set_silence(is_silent, user=user)
    if is_silent:
        messages.success(request, _("Nothing asks any more. The paper is being printed without appeals."))
    else:
        messages.success(request, _("Appeals may ask again. The paper is being printed with them."))
    return redirect(INDEX)


@require_http_methods(["GET", "HEAD", "POST"])
def never(request: HttpRequest) -> HttpResponse:
    """Where nothing asks, and for how long after an appeal was closed."""
    user = _who_may(request, "appeals.change_silence")
    form = SilenceForm(request.POST or None, instance=current_silence())
    if request.method == "POST" and form.is_valid():
        log(form.save(), CHANGED, user=user)
        messages.success(request, _("Saved. The paper is being printed as you said."))
        return redirect(INDEX)
    return render(request, "appeals/never.html", {"form": form, **_head(_("Where nothing asks"), _crumbs())})


@require_safe
def why_not(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """What each rule says of an appeal on an article."""
    _who_may(request, "appeals.change_appeal")
    appeal: Any = get_object_or_404(Appeal, pk=appeal_id).get_latest_revision_as_object()
    today = SystemClock().now().astimezone(current_paper().zone).date()
    first: dict[str, Any] = {"article": newest_article(appeal.locale.language_code), "reader": "new", "day": today}
    form = WhyForm(request.GET) if "article" in request.GET else WhyForm(initial=first)
    asked = first if not form.is_bound else form.cleaned_data if form.is_valid() else {}
    answer = why(appeal, asked["article"], reader=asked["reader"], day=asked["day"]) if asked.get("article") else None
    edit = {"url": reverse(EDIT, args=[appeal.pk]), "label": appeal.name}
    context = {"form": form, "appeal": appeal, "answer": answer, "article": asked.get("article")}
    return render(request, "appeals/why.html", {**context, **_head(_("Why is this not shown?"), [*_crumbs(), edit])})


def _who_may(request: HttpRequest, permission: str) -> Any:
    """The editor, who has to be allowed to do it."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    return request.user


def _crumbs() -> list[dict[str, str]]:
    return [{"url": reverse(INDEX), "label": _("Appeals")}]


def _head(title: str, before: list[dict[str, str]]) -> dict[str, object]:
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, *before, {"url": "", "label": title}]
    return {"header_title": title, "page_title": title, "header_icon": "openquote", "breadcrumbs_items": crumbs}
