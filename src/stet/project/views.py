"""The desk's own views, beside Wagtail's."""

import errno
import re

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.static import serve

from stet.newsroom.roles.files import may_see_file

PRINTED_PHOTO = re.compile(r"([0-9a-f]{2})([0-9a-f]{18})-([0-9]+\.(?:avif|webp|jpg))")
"""A photo as printed pages, and so previews, name it: the beginning of its digest, its width, its format."""


@login_required
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """A photo or file as editors took it in. Originals hold more than readers may see: only for who may choose it."""
    if not may_see_file(request.user, name):
        raise PermissionDenied
    rendered = rendered_place(name)
    root = settings.STET.folder / "renditions" if rendered else settings.MEDIA_ROOT
    try:
        response = serve(request, rendered or name, document_root=str(root))
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise Http404 from None
        raise
    response.headers["Cache-Control"] = "private, max-age=3600"
    # A file somebody uploaded must not run as a page of the desk.
    response.headers["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"
    )
    return response


def rendered_place(name: str) -> str | None:
    """Where a photo that a preview shows lies among the rendered ones; None for what is none."""
    found = PRINTED_PHOTO.fullmatch(name)
    if found is None:
        return None
    start, rest, file = found.groups()
    places = sorted((settings.STET.folder / "renditions" / start).glob(f"{start}{rest}*"))
    return f"{start}/{places[0].name}/{file}" if places else None
