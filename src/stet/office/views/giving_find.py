"""Finding a contribution or a plan by a number, and looking at what happened to it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stet.ledger.models import Contribution, Plan
from stet.office import giving


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Look for a number. It is sent in the body, so that no log and no history has it."""
    lines: tuple[giving.Line, ...] = ()
    is_asked = request.method == "POST"
    if is_asked:
        lines = giving.find(request.POST.get("number", ""))
        if len(lines) == 1:
            return redirect(lines[0].path)
        if not lines:
            messages.error(request, _("Nothing has this number. Copy it whole: from the provider, or from the mail."))
    return render(request, "office/giving_find.html", {"title": _("Find"), "lines": lines, "most": giving.MOST_FOUND})


@require_safe
def contribution(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One contribution."""
    page = giving.contribution_page(get_object_or_404(Contribution.objects.select_related("plan"), uid=uid))
    return render(request, "office/giving_one.html", {"title": _("Contribution"), "page": page})


@require_safe
def plan(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One plan."""
    page = giving.plan_page(get_object_or_404(Plan, uid=uid))
    return render(request, "office/giving_one.html", {"title": _("Plan"), "page": page})
