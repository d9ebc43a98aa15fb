"""What somebody outside gets: the only pages of the desk that ask for no sign-in.

The rules:
 * A link is opened in two steps: messengers fetch what is sent through them to show a preview, and they do not press
   buttons. Until the button is pressed nothing of the draft is said, not even that there is one.
 * No cookie, no script, no other host, nothing kept by browser or proxy, no referrer, no index.
 * A link that ended, was never one, or is under embargo says so in the same way to everybody.
 * The token stands in no log: an answer that refuses is not logged by Django either.
"""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from stet.kit.clock import SystemClock
from stet.newsroom.embargo.rules import said
from stet.newsroom.models import SharedDraft
from stet.newsroom.sharing import marks
from stet.newsroom.sharing.links import count_opening, embargo_on, found

log = logging.getLogger("stet.newsroom")

TEXT = "stet.press.sharing.shared_text"
"""Sets a draft's text. Named here, not imported: the press stands above the newsroom."""
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
LINE_AFTER = 4
"""Paragraphs and other pieces between two lines that say whose copy it is."""


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """A draft, once the button is pressed. The token is all that lets somebody in, so no form needs another."""
    now = SystemClock().now()
    try:
        row = found(token)
        if row is None or not row.is_open(now=now):
            return _closed(_("This link does not work any more. Ask whoever sent it for another one."), 404)
        until = embargo_on(row, now=now)
        if until is not None:
            return _closed(_("There is nothing to read here before %(hour)s.") % {"hour": said(until)}, 403)
        if request.method != "POST":
            return _answer("newsroom/sharing/outside.html", {"is_open": True})
        answer = _answer("newsroom/sharing/draft.html", _draft(row))
        count_opening(row, now=now)
    except Exception as error:  # Django would log the address, and the token is in it.
        log.error("A shared draft could not be shown: %s", type(error).__name__)
        return _closed(_("This draft can't be shown just now. Try again in a few minutes."), 503)
    return answer


def _draft(row: SharedDraft) -> dict[str, Any]:
    assert row.revision is not None, "A link without its revision is not open."
    text = import_string(TEXT)(row.revision.as_object())
    pieces = [mark_safe(marks.marked(piece, row.mark)) for piece in text.pieces]  # noqa: S308 - set by the press
    with translation.override(text.language):
        day = date_format(timezone.localdate(row.made), "DATE_FORMAT")
        line = _("Draft, not for publication. Copy of %(recipient)s, %(day)s.") % {
            "recipient": row.recipient,
            "day": day,
        }
    return {
        "text": text,
        "standfirst": marks.marked(text.standfirst, row.mark),
        "line": line,
        "groups": [pieces[start : start + LINE_AFTER] for start in range(0, len(pieces), LINE_AFTER)],
    }


def _closed(sentence: str, status: int) -> HttpResponse:
    answer = _answer("newsroom/sharing/outside.html", {"is_open": False, "sentence": sentence}, status=status)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark; else it logs the address
    return answer


def _answer(template: str, values: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """An answer made without the request: what is not in the template can get into no log of it."""
    answer = HttpResponse(render_to_string(template, values), status=status)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "no-store, private"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
