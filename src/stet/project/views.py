"""The desk's own views, beside Wagtail's."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.views.static import serve


@login_required
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """A photo or file as editors took it in. Originals hold more than readers may see, so staff only."""
    response = serve(request, name, document_root=settings.MEDIA_ROOT)
    response.headers["Cache-Control"] = "private, max-age=3600"
    # A file somebody uploaded must not run as a page of the desk.
    response.headers["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"
    )
    return response
