"""What `stet doctor mail` found last. The office itself asks no name server."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stet.office.mail_findings import load


@require_safe
def mail_check(request: HttpRequest) -> HttpResponse:
    """The findings as they were stored."""
    report = load(settings.STET.mail_findings)
    return render(request, "office/mail_check.html", {"title": _("Mail check"), "report": report})
