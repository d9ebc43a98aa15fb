"""The desk's pages beside the forms of records: adding a status, and handing out copies of evidence."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.log_actions import log

from stet.kit.errors import StetError
from stet.sourcing import overview
from stet.sourcing.claim_forms import today
from stet.sourcing.copies import ORIGINAL, SEALED, WORKING, EvidenceFolder, current_folder
from stet.sourcing.models import Claim, Evidence
from stet.sourcing.reading import read_claims
from stet.sourcing.status_form import StatusForm
from stet.sourcing.terms import Visibility

EDIT = "wagtailsnippets_sourcing_{}:edit"
LIST = "wagtailsnippets_sourcing_{}:list"
STATUS_ADDED, COPY_TAKEN = "sourcing.status", "sourcing.copy"
NOTHING_RUNS = "sandbox; default-src 'none'"
"""What evidence may do in a browser that opens it all the same."""


@require_http_methods(["GET", "HEAD", "POST"])
def change_status(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Add a status to a claim's history."""
    editor = _who_may(request, "sourcing.change_claim")
    claim = get_object_or_404(Claim, pk=claim_id)
    form = StatusForm(request.POST) if request.method == "POST" else StatusForm(initial={"day": today()})
    if request.method == "POST" and form.is_valid() and form.add_to(claim, editor=editor):
        log(claim, STATUS_ADDED, user=editor, data={"status": form.cleaned_data["status"]})
        messages.success(request, _("The status was added. Whatever is printed with this claim follows."))
        return redirect(EDIT.format("claim"), claim.pk)
    value = read_claims([claim.pk])[claim.pk]
    context = {
        "form": form, "claim": claim, "last": value.events[-1] if value.events else None,
        "status_word": overview.STATUS_WORDS[value.status],
    }  # fmt: skip
    return render(request, "sourcing/status.html", {**context, **_head(claim, _("Change status"))})


@require_safe
def evidence_copy(request: HttpRequest, piece_id: int, copy: str) -> HttpResponseBase:
    """Hand out a copy of evidence, as a download that runs nothing."""
    editor = _who_may(request, "sourcing.change_evidence")
    piece = get_object_or_404(Evidence, pk=piece_id)
    is_sealed = piece.visibility == Visibility.SEALED
    if piece.size_bytes is None or is_sealed != (copy == SEALED) or (copy == WORKING and not piece.working_sha256):
        raise Http404
    try:
        file, name = _opened(piece, copy, folder=current_folder())
    except StetError as error:
        messages.error(request, str(error))
        return redirect(EDIT.format("evidence"), piece.pk)
    log(piece, COPY_TAKEN, user=editor, data={"copy": copy})
    answer = FileResponse(file, as_attachment=True, filename=name, content_type="application/octet-stream")
    answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _opened(piece: Evidence, copy: str, *, folder: EvidenceFolder) -> tuple[Any, str]:
    if copy == SEALED:
        return folder.open_sealed(piece.uid, piece.sha256), f"{piece.uid}.sealed"
    if copy == WORKING:
        return folder.open(WORKING, piece.working_sha256), f"working-{piece.file_name}"
    return folder.open(ORIGINAL, piece.sha256), piece.file_name


def _who_may(request: HttpRequest, permission: str) -> Any:
    """The editor, who has to be allowed to do it."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    return request.user


def _head(claim: Claim, title: str) -> dict[str, object]:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse(LIST.format("claim")), "label": capfirst(Claim._meta.verbose_name_plural)},
        {"url": reverse(EDIT.format("claim"), args=[claim.pk]), "label": str(claim)},
        {"url": "", "label": title},
    ]
    return {"header_title": title, "page_title": title, "header_icon": "openquote", "breadcrumbs_items": crumbs}
