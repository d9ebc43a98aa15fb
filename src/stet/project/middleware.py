"""What every answer of the desk carries."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

DESK_POLICY = (
    "default-src 'self'; "
    # Wagtail writes some of its scripts and styles into the page.
    "script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
"""A page of the desk may load from the desk and from nobody else."""


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Add the desk's policy to each answer that has none of its own."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", DESK_POLICY)
        return response

    return answer


SHARED = "/shared/"


def only_shared_drafts(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Under the name that people outside know, answer for shared drafts and for nothing else of the desk."""

    def answer(request: HttpRequest) -> HttpResponse:
        newsroom = settings.STET
        outside = urlsplit(newsroom.settings.desk.shared_url).netloc
        is_outside = bool(outside) and outside != urlsplit(newsroom.desk_url).netloc and request.get_host() == outside
        if is_outside and not request.path.startswith(SHARED):
            return HttpResponseNotFound("Not found.", content_type="text/plain; charset=utf-8")
        return get_response(request)

    return answer
