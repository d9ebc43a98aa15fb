"""What the desk answers when it cannot do what it was asked: a page that says what happened and where the text is.

The rules:
 * Wagtail and Django trust what their own forms send. When they stumble over a form or an address that their forms
   cannot have sent, it is answered with 400 and noted in the log as a warning.
 * What is raised in Stet's own code, or where nothing was sent that could be wrong, is a bug: 500, and an error in
   the log.
 * A disk or a database that does not take what was written is neither: 503, and what to do.
 * Nothing is saved in any of these cases: what a form writes is one transaction.
 * The log gets the class and the place of what was raised, never its message: that may hold what an editor wrote.
   Page and log share a reference, so that an editor has something to tell.

The pages need no database and no session: those may be what failed.
"""

import errno
import logging
import secrets
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import (
    BadRequest,
    FieldError,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
    ValidationError,
)
from django.core.paginator import InvalidPage
from django.core.signals import got_request_exception
from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.template.loader import render_to_string
from django.urls import NoReverseMatch
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from modelsearch.backends.base import FieldError as SearchFieldError

from stet.newsroom.errors import NoFrontError
from stet.newsroom.row_counts import MOST_ROWS, counted_rows

log = logging.getLogger("stet.desk")

Answer = Callable[[HttpRequest], HttpResponse]

MALFORMED = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
    DataError, FieldError, IntegrityError, InvalidPage, NoReverseMatch, ObjectDoesNotExist, SearchFieldError,
    UnreadablePostError, ValidationError,
)  # fmt: skip
"""What Wagtail and Django were seen to raise over forms and addresses that are not theirs."""

STET = f"{Path(__file__).parents[1]}/"
FORM_READERS = tuple(f"{STET}newsroom/{name}" for name in ("blocks.py", "forms.py", "models/"))
"""Stet's own code that Wagtail calls while it reads a form."""

FORM_METHODS = ("GET", "HEAD", "OPTIONS", "POST")
SCRIPT_METHODS = {"DELETE": "preview_on_", "PATCH": "wagtailadmin_dismissibles"}
"""What only the desk's scripts send, and how the names of the views begin that they send it to. Django's own view that
deletes would answer DELETE everywhere else, and ask nothing of what Wagtail asks before."""

FULL_DISK = {errno.ENOSPC, errno.EDQUOT}
LOCKED_DISK = {errno.EROFS, errno.EACCES, errno.EPERM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A page of the desk that says what went wrong."""

    code: str
    """For programs, such as the desk's own scripts."""
    status: int
    title: Promise
    sentence: Promise
    is_sent_again: bool = True
    """Whether a text may be waiting in the browser."""


UNREADABLE = Notice(
    code="unreadable_form",
    status=400,
    title=_("The desk could not read this form"),
    sentence=_("It arrived damaged, or the page in your browser is older than the desk. Nothing was saved."),
)
MISREAD = Notice(
    code="unreadable_address",
    status=400,
    title=_("The desk could not read this address"),
    sentence=_("It was cut off or mistyped, or it asks for something that is not there."),
    is_sent_again=False,
)
TOO_LARGE = Notice(
    code="too_large",
    status=400,
    title=_("This form is too large"),
    sentence=_("A text may have 10 MB, without its photos, and 10,000 fields. Nothing was saved. Split it in two."),
)
TOO_MANY_ROWS = Notice(
    code="too_many_rows",
    status=400,
    title=_("This form is too large"),
    sentence=_(
        "It says that its lists, such as bylines and comments, have more than 500 rows together. Nothing was saved. "
        "Shorten the longest one."
    ),
)
NOT_FOUND = Notice(
    code="not_found",
    status=404,
    title=_("There is no such page at the desk"),
    sentence=_("The address is wrong, or what stood here was deleted or moved."),
    is_sent_again=False,
)
NO_FRONT = Notice(
    code="no_front",
    status=409,
    title=_("There is nothing to see yet"),
    sentence=_(
        "What stands around a page comes from the front of its language, and that is not published. Publish the front, "
        "then look again."
    ),
    is_sent_again=False,
)
SIGNED_OUT = Notice(
    code="signed_out",
    status=403,
    title=_("The desk does not know this form any more"),
    sentence=_("You signed in again since the page was opened, or your browser keeps no cookies. Nothing was saved."),
)
NOT_ALLOWED = Notice(
    code="not_allowed",
    status=403,
    title=_("You may not do this"),
    sentence=_("Ask somebody who may do everything at the desk."),
    is_sent_again=False,
)
BROKEN = Notice(
    code="broken",
    status=500,
    title=_("Something broke at the desk"),
    sentence=_("This is a mistake in Stet, not yours. Nothing was saved."),
)
DISK_FULL = Notice(
    code="disk_full",
    status=503,
    title=_("The disk is full"),
    sentence=_("Nothing was saved. Whoever looks after the machine has to free some room first."),
)
DISK_LOCKED = Notice(
    code="disk_locked",
    status=503,
    title=_("The desk may not write to its disk"),
    sentence=_("Nothing was saved. Whoever looks after the machine has to make the newsroom's folder writable first."),
)
DATABASE_AWAY = Notice(
    code="database_away",
    status=503,
    title=_("The database does not answer"),
    sentence=_("Nothing was saved. Wait a minute, then send the form again."),
)


class DeskErrors:
    """The middleware that answers for views that raise."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; what it writes is kept only if it is not refused."""
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return self._get_response(request)
        with transaction.atomic():
            response = self._get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response

    def process_view(
        self, request: HttpRequest, _view: object, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> HttpResponse | None:
        """Nothing has a number that no database counts to, and no page so many rows; forms know few methods."""
        if not _is_method_known(request):
            return HttpResponseNotAllowed(FORM_METHODS)
        if any(isinstance(value, int) and value > BigIntegerField.MAX_BIGINT for value in (*args, *kwargs.values())):
            raise Http404
        return said(request, TOO_MANY_ROWS) if counted_rows(request.POST) > MOST_ROWS else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for a view that raised; None leaves what Django has answers for to Django."""
        is_djangos = isinstance(
            error, Http404 | PermissionDenied | SuspiciousOperation | BadRequest | MultiPartParserError
        )
        return None if is_djangos else answer_for(request, error)


def _is_method_known(request: HttpRequest) -> bool:
    """Whether a form, or a script of the desk's at this address, sends such a thing."""
    place = SCRIPT_METHODS.get(request.method or "")
    name = (request.resolver_match and request.resolver_match.url_name) or ""
    return request.method in FORM_METHODS or (place is not None and name.startswith(place))


def answer_for(request: HttpRequest, error: BaseException) -> HttpResponse:
    """Say on a page what `error` means for the editor, and in the log where it was raised."""
    notice = notice_for(request, error)
    reference = secrets.token_hex(4)
    level = logging.WARNING if notice.status < 500 else logging.ERROR
    log.log(
        level, "%s: %s on %s, %s", reference, request.method, request.path, place_of(error, is_whole=notice is BROKEN)
    )
    if notice is BROKEN:
        got_request_exception.send(sender=DeskErrors, request=request)
    return said(request, notice, reference=reference)


def notice_for(request: HttpRequest, error: BaseException) -> Notice:
    """What `error`, raised while `request` was answered, means."""
    if isinstance(error, NoFrontError):
        return NO_FRONT
    if isinstance(error, MALFORMED) and not is_bug(request, error):
        return UNREADABLE if request.method == "POST" else MISREAD
    if isinstance(error, OSError):
        return DISK_FULL if error.errno in FULL_DISK else DISK_LOCKED if error.errno in LOCKED_DISK else BROKEN
    if isinstance(error, DatabaseError):
        return _notice_for_database(error)
    return BROKEN


def _notice_for_database(error: DatabaseError) -> Notice:
    """SQLite has no codes in Django's errors, only words: https://www.sqlite.org/rescode.html."""
    words = str(error)
    if "disk is full" in words:
        return DISK_FULL
    if "readonly database" in words or "unable to open database" in words:
        return DISK_LOCKED
    is_away = "locked" in words or "disk I/O error" in words or "connection" in words
    return DATABASE_AWAY if is_away else BROKEN


def is_bug(request: HttpRequest, error: BaseException) -> bool:
    """Whether Stet raised this itself, or was past reading the form, or nothing was sent that could be wrong."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [n for n, frame in enumerate(frames) if frame.filename.startswith(STET)]
    is_raised_by_us = bool(ours) and ours[-1] == len(frames) - 1
    acting = [n for n in ours if not frames[n].filename.startswith(FORM_READERS)]
    is_past_reading = bool(acting) and not any(_is_reading(frame) for frame in frames[acting[-1] + 1 :])
    return is_raised_by_us or is_past_reading or not _has_input(request)


def _is_reading(frame: traceback.FrameSummary) -> bool:
    """Whether a form of Django's is reading its fields here; what it saves is another function's work."""
    return frame.name == "full_clean" and "/django/forms/" in frame.filename


def _has_input(request: HttpRequest) -> bool:
    """Whether anything was sent beside an address that leads to a view and the numbers in it."""
    found = request.resolver_match
    words = [value for value in (*found.args, *found.kwargs.values()) if isinstance(value, str)] if found else []
    return request.method == "POST" or bool(request.META.get("QUERY_STRING")) or bool(words)


def place_of(error: BaseException, *, is_whole: bool) -> str:
    """The class of an error and where it was raised; with `is_whole`, how it came there."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    shown = places if is_whole else places[-1:]
    return f"{type(error).__name__} at {' < '.join(reversed(shown))}"


def _short(file: str) -> str:
    return file.rpartition("site-packages/")[2] if "site-packages/" in file else file.removeprefix(STET)


def said(request: HttpRequest, notice: Notice, *, reference: str = "") -> HttpResponse:
    """The notice as a page, or as JSON for the desk's own scripts."""
    with translation.override(_language_of(request)):
        if _is_script(request):
            words = f"{notice.title}. {notice.sentence}"
            values = {"success": False, "error_code": notice.code, "error_message": words, "reference": reference}
            response: HttpResponse = JsonResponse(values, status=notice.status)
        else:
            page = render_to_string("newsroom/desk_error.html", {"notice": notice, "reference": reference})
            response = HttpResponse(page, status=notice.status)
    response.headers["Cache-Control"] = "no-store"
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django logs an answer once; this one is logged.
    return response


def _is_script(request: HttpRequest) -> bool:
    return not request.accepts("text/html") or request.headers.get("x-requested-with") == "XMLHttpRequest"


def _language_of(request: HttpRequest) -> str:
    """The editor's language, where it can still be read."""
    try:
        return str(request.user.wagtail_userprofile.get_preferred_language())  # type: ignore[union-attr]
    except Exception:
        # No user, no profile, no database: none of it may keep the page from being shown.
        return translation.get_language() or "en"


# --- What Django asks for by name ---


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400: what was sent is refused before a view sees it."""
    too_large = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
    if isinstance(exception, too_large):
        return said(request, TOO_LARGE)
    return said(request, UNREADABLE if request.method == "POST" else MISREAD)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Django's handler403."""
    return said(request, NOT_ALLOWED)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Django's handler404, where Wagtail does not answer itself."""
    return said(request, NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """Django's handler500: something failed outside of a view, or in a way that no form explains."""
    error = sys.exc_info()[1]
    return said(request, BROKEN) if error is None else answer_for(request, error)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A form whose token is not this session's."""
    return said(request, SIGNED_OUT)
