"""The mailbox of the demo: what the mail server for trials has kept. Where none runs, these pages do not exist."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from stet.office import mailbox


def folder() -> Path:
    """Where the mails are."""
    found: Path | None = settings.STET.sink
    if found is None:
        raise Http404
    return found


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """The newest mails."""
    place = folder()
    return render(
        request,
        "office/mailbox.html",
        {
            "title": _("Mailbox (demo)"),
            "mails": mailbox.listed(place),
            "count": mailbox.count(place),
            "most": mailbox.MOST_LISTED,
        },
    )


@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail."""
    found = mailbox.mail(folder(), name)
    if found is None:
        raise Http404
    return render(request, "office/mail.html", {"title": found.envelope.subject or _("No subject"), "mail": found})


@require_safe
@xframe_options_sameorigin
def html(_request: HttpRequest, name: str) -> HttpResponse:
    """The HTML of one mail, for the frame in its page: nothing in it runs or is loaded."""
    found = mailbox.mail(folder(), name)
    if found is None or found.html is None:
        raise Http404
    return HttpResponse(found.html, headers={"Content-Security-Policy": mailbox.SHOWN_POLICY})


@require_safe
def raw(_request: HttpRequest, name: str) -> HttpResponse:
    """One mail as it came."""
    found = mailbox.raw(folder(), name)
    if found is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{name}.eml"', "Content-Security-Policy": "sandbox"}
    return HttpResponse(found, content_type="message/rfc822", headers=headers)
