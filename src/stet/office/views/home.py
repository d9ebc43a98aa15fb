"""What now: letters on their way, and what waits for a decision."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return render(request, "office/home.html", {"title": _("Now")})
