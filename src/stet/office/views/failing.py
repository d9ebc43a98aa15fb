"""What the office says where it has no page, or may not show one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def _say(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    return render(request, "office/failing.html", {"title": title, "sentence": sentence}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django calls it so
    """400."""
    return _say(request, 400, _("That did not work"), _("The office could not read what the browser sent."))


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the refusal's own sentence if it has one."""
    sentence = str(exception or "") or _("This account may look here, and not decide this.")
    return _say(request, 403, _("Not with this account"), sentence)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django calls it so
    """403, because a form is older than the sign-in, or came from another site."""
    return _say(request, 403, _("That form is too old"), _("Go back, load the page again, and send it once more."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django calls it so
    """404."""
    return _say(request, 404, _("There is no such page"), _("It may be gone. The sections above lead on."))


def broken(_request: HttpRequest) -> HttpResponse:
    """500. The template knows nothing of the request that failed."""
    return HttpResponse(
        f"<!doctype html><meta charset=utf-8><title>{_('The office failed')}</title><h1>{_('The office failed')}</h1>"
        f"<p>{_('The details are in the log. Try again in a moment.')}</p>",
        status=500,
    )
