"""Writes into the log what was taken out of the desk as a file, whichever list it was."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.log_actions import log

from stet.newsroom.audit.actions import EXPORTED

Answer = Callable[[HttpRequest], HttpResponseBase]
FORMATS = ("csv", "xlsx", "json")


class ExportsLogged:
    """A middleware: an answer that hands a list out as a file leaves an entry, before its first byte."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        answer = self._get_response(request)
        form, match = request.GET.get("export"), request.resolver_match
        is_file = answer.status_code == 200 and "attachment" in answer.headers.get("Content-Disposition", "")
        if form in FORMATS and is_file and match is not None and request.user.is_authenticated:
            data = {"what": request.path, "format": form}
            log(request.user, EXPORTED, user=request.user, data=data)
        return answer
