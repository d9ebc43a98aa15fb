"""How the frontdesk answers: every page in the paper's shell, with headers that let nothing be kept, framed or fetched.

The rules:
 * No cookie, no session, no script, nothing from anywhere but the paper.
 * No record in any log holds an address, a token, a network or what somebody typed. Django's own lines would hold the
   path, and with it the token, so none is written for an answer; a failure is told by its kind and the place in the
   code, never by its message.
 * Whatever goes wrong is answered with a page that says what to do now.
"""

import logging
import traceback
from collections.abc import Callable, Collection
from functools import wraps
from pathlib import Path
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from stet.frontdesk.desk import Desk, the_desk
from stet.frontdesk.shell import plain_shell, set_answer
from stet.kit.errors import StetError
from stet.readers.errors import ReaderGoneError

MOST_BODY_BYTES = 16_000
PLAIN = "text/plain; charset=utf-8"

View = Callable[..., HttpResponse]
log = logging.getLogger(__name__)


def page(*methods: str, most_bytes: int = MOST_BODY_BYTES) -> Callable[[View], View]:
    """A view that is asked with these methods alone, and that answers with a page whatever happens."""

    def decorate(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in (*methods, "HEAD" if "GET" in methods else ""):
                answer = sorry(request, 405)
                answer["Allow"] = ", ".join(methods)
                return answer
            if _is_longer(request, most_bytes):
                return sorry(request, 413)
            try:
                return sealed(view(request, *args, **kwargs))
            except Exception as error:  # nothing else may answer, or the path would be logged
                failure = error
            # Outside the handler, so that no record made from here on carries the exception along.
            return _failed(request, failure)

        return asked

    return decorate


def answer(
    request: HttpRequest,
    template: str,
    values: dict[str, Any],
    *,
    language: str,
    status: int = 200,
    leads_to: Collection[str] = (),
    is_nowhere: bool = False,
) -> HttpResponse:
    """A page of the frontdesk's in the paper's shell. `values` need a "title".

    `leads_to`: the other origins that forms on it lead to; a browser holds a form's redirects to them too.
    `is_nowhere`: the page is not to say its own address, which somebody may have got wrong.
    """
    desk = the_desk()
    here = "" if is_nowhere else f"{desk.own_url}{request.path}"
    with translation.override(language):
        common = {"here": here, "own_url": desk.own_url, "language": language, "faults": {}}
        html = render_to_string(f"frontdesk/{template}", {**common, **values})
        shell, name = _shell(desk, language)
        title = f"{values['title']} — {name}" if name else str(values["title"])
        if values.get("faults"):
            title = f"{_('Please look at this once more')}: {title}"
    whole = set_answer(shell, html, title=title, paper_url=desk.paper_url, here=here)
    response = HttpResponse(whole, status=status)
    response._leads_to = tuple(leads_to)  # type: ignore[attr-defined]
    return sealed(response)


def say(
    request: HttpRequest,
    title: str,
    *paragraphs: str,
    language: str,
    status: int = 200,
    leads_to: Collection[str] = (),
    is_nowhere: bool = False,
    **values: Any,
) -> HttpResponse:
    """A page that says something, and offers one thing to do at most: `button`, or `link_url` with `link`."""
    said = {"title": title, "paragraphs": paragraphs, "button": "", "link": "", "link_url": "", "choices": (), **values}
    return answer(
        request, "said.html", said, language=language, status=status, leads_to=leads_to, is_nowhere=is_nowhere
    )


def sealed(response: HttpResponse) -> HttpResponse:
    """The answer with the headers that all of them have, and kept out of Django's log of requests."""
    desk = the_desk()
    forms = " ".join(("'self'", desk.own_url, *getattr(response, "_leads_to", ())))
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; "
        f"img-src 'self' data: {desk.paper_url}; form-action {forms}; "
        f"base-uri {desk.paper_url}; frame-ancestors 'none'"
    )
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "DENY"
    response["X-Robots-Tag"] = "noindex"
    response["Cross-Origin-Opener-Policy"] = "same-origin"
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


# --- What went wrong ---


def sorry(request: HttpRequest, status: int, *, language: str | None = None, wait_seconds: int = 0) -> HttpResponse:
    """The page for an answer that is none."""
    desk = the_desk()
    language = language or _language_of(desk, request)
    with translation.override(language):
        title, *paragraphs = _apology(status, wait_seconds)
        if desk.contact_email and status in (429, 500, 503):
            paragraphs.append(_("If it does not get better, write to %(address)s.") % {"address": desk.contact_email})
    response = say(request, title, *paragraphs, language=language, status=status, is_nowhere=True)
    if wait_seconds:
        response["Retry-After"] = str(wait_seconds)
    return response


def _apology(status: int, wait_seconds: int) -> tuple[str, ...]:
    if status == 403:
        return (
            _("This form came from somewhere else"),
            _("A page that is not ours sent it, so nothing was done. Open your link again and use the form there."),
        )
    if status == 404:
        return (
            _("There is nothing here"),
            _(
                "The address is not complete, or what stood here is gone. Open the link in your letter once more; some "
                "mail programs break it in two."
            ),
        )
    if status == 405:
        return _("This cannot be done here"), _("Open your link again in a browser.")
    if status == 413:
        return _("This is too much"), _("More was sent than any form of ours holds. Nothing of it was kept.")
    if status == 429:
        minutes = max(1, -(-wait_seconds // 60))
        return (
            _("Please wait a minute"),
            translation.ngettext(
                "Many forms came from your network, which you may share with many people. Nothing was lost but this "
                "form: send it again in %(minutes)s minute.",
                "Many forms came from your network, which you may share with many people. Nothing was lost but this "
                "form: send it again in %(minutes)s minutes.",
                minutes,
            )
            % {"minutes": minutes},
        )
    if status == 503:
        return _("Please try again in a while"), _("We cannot take anything in at the moment. Nothing was changed.")
    if status == 500:
        return (
            _("Something went wrong here"),
            _("It is our mistake, and it was noted without anything about you. Please try again."),
        )
    return _("This could not be read"), _("The form did not arrive as it was sent. Please go back and send it again.")


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    if isinstance(error, ReaderGoneError):
        return sorry(request, 404)
    if isinstance(error, RequestDataTooBig):
        return sorry(request, 413)
    if isinstance(error, SuspiciousOperation | MultiPartParserError | BadRequest):
        return sorry(request, 400)
    log.error("An answer failed: %s at %s", type(error).__name__, _place_of(error))
    return sorry(request, 503 if isinstance(error, DatabaseError | StetError | OSError) else 500)


def _place_of(error: Exception) -> str:
    """Where in the code it happened, innermost first; neither values nor the message, which may hold them."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))


def _is_longer(request: HttpRequest, most_bytes: int) -> bool:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) > most_bytes
    except ValueError:
        return True


def _language_of(desk: Desk, request: HttpRequest) -> str:
    first = request.path_info.strip("/").partition("/")[0]
    if first in desk.languages():
        return first
    return desk.best_language(request.headers.get("Accept-Language", ""))


def _shell(desk: Desk, language: str) -> tuple[str, str]:
    """The shell in a language, and the paper's name in it."""
    printed = desk.with_shell(language)
    name = printed.name if printed else ""
    shell = desk.printed.shell(printed) if printed else None
    return shell or plain_shell(language, name=name, paper_url=desk.paper_url), name


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django gives it by name
    """Django's door for a request that cannot be read."""
    return sorry(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django gives it by name
    """Django's door for a request that is not allowed."""
    return sorry(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django gives it by name
    """Django's door for an address that does not exist."""
    return sorry(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    """Django's door for what nobody foresaw."""
    return sorry(request, 500)
