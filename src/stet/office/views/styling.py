"""The office's one style sheet and its icon, from the package."""

from functools import cache
from hashlib import sha256
from importlib.resources import files

from django.http import Http404, HttpRequest, HttpResponse

from stet.office.middleware import open_to_strangers

KEPT = "public, max-age=31536000, immutable"
"""The style sheet's address holds the digest of its content."""
ICON = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#20313f"/>'
    b'<path d="M7 11h18v12H7z" fill="none" stroke="#f6f1e7" stroke-width="2"/>'
    b'<path d="m7 12 9 7 9-7" fill="none" stroke="#f6f1e7" stroke-width="2"/></svg>'
)


@cache
def sheet() -> bytes:
    """The style sheet's bytes."""
    return files("stet.office").joinpath("style.css").read_bytes()


@cache
def sheet_digest() -> str:
    """What the style sheet's address holds."""
    return sha256(sheet()).hexdigest()[:16]


@open_to_strangers
def style(_request: HttpRequest, digest: str) -> HttpResponse:
    """The style sheet."""
    if digest != sheet_digest():
        raise Http404
    return HttpResponse(sheet(), content_type="text/css; charset=utf-8", headers={"Cache-Control": KEPT})


@open_to_strangers
def icon(_request: HttpRequest) -> HttpResponse:
    """The icon."""
    return HttpResponse(ICON, content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})
