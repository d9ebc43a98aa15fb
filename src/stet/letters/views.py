"""The desk's pages of lists and letters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.models import Locale

from stet.kit.clock import SystemClock
from stet.kit.errors import RefusedError, StetError
from stet.letters.drafts import a_draft
from stet.letters.forms import ProofForm
from stet.letters.models import LetterPage, ListPage
from stet.letters.preflight import preflight
from stet.letters.proofs import send_test, weigh
from stet.letters.rows import Sketch, sketches, wall_clock
from stet.letters.writing import Gathering, begin
from stet.newsroom.models import FrontPage

Crumbs = list[dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A list on the desk's page of lists."""

    page: ListPage
    cadence: str
    next: Sketch | None
    next_state: str
    last: Sketch | None
    may_write: bool


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All lists that this editor may work on, each with its next and its last letter."""
    fronts = list(FrontPage.objects.select_related("locale").order_by("path"))
    context = {
        "shelves": shelves_of(request.user, now=SystemClock().now()),
        "fronts": [front for front in fronts if front.permissions_for_user(request.user).can_add_subpage()],
        "has_fronts": bool(fronts),
        "several_languages": Locale.objects.count() > 1,
        **_head(_("Letters"), []),
    }
    return render(request, "letters/overview.html", context)


def shelves_of(user: Any, *, now: datetime) -> list[Shelf]:
    """The lists that somebody may work on, each with its next and its last letter."""
    pages = list(ListPage.objects.select_related("locale").order_by("path"))
    allowed = [(page, page.permissions_for_user(user)) for page in pages]
    shown = [(page, may) for page, may in allowed if may.can_edit() or may.can_add_subpage()]
    letters = sketches([page for page, _may in shown])
    return [_shelf(page, letters, now=now, may_write=may.can_add_subpage()) for page, may in shown]


def _shelf(page: ListPage, letters: Iterable[Sketch], *, now: datetime, may_write: bool) -> Shelf:
    wall = wall_clock(page, now)
    of_it = (letter for letter in letters if letter.list_tree == page.path)
    own = sorted(of_it, key=lambda letter: (letter.due is None, letter.due or wall))
    gone = [letter for letter in own if letter.is_published and letter.due and letter.due <= wall]
    coming = [letter for letter in own if letter not in gone]
    return Shelf(
        page=page,
        cadence=cadence_of(page),
        next=coming[0] if coming else None,
        next_state=_state(coming[0], wall) if coming else "",
        last=gone[-1] if gone else None,
        may_write=may_write and page.live,
    )


def cadence_of(page: ListPage) -> str:
    """When the letters of a list come, as a phrase."""
    values = {"day": page.get_weekday_display(), "hour": time_format(page.hour, "H:i"), "zone": page.zone_name}
    if page.cadence == ListPage.Cadence.WEEKLY:
        return _("Every week, %(day)s at %(hour)s (%(zone)s)") % values
    if page.cadence == ListPage.Cadence.DAILY:
        return _("Every day at %(hour)s (%(zone)s)") % values
    return _("When there is something to say, at %(hour)s (%(zone)s)") % values


def _state(letter: Sketch, wall: datetime) -> str:
    if letter.is_published:
        return _("Printed, and only that") if not letter.is_sent else _("Printed, waits for its hour")
    if letter.is_scheduled:
        return _("Scheduled to be printed")
    return _("Draft, its hour has passed") if letter.due and letter.due <= wall else pgettext("of a letter", "Draft")


@require_POST
def write(request: HttpRequest, list_id: int) -> HttpResponse:
    """Begin the next letter of a list, and show it in its editor."""
    page = get_object_or_404(ListPage, pk=list_id)
    if not page.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    letter, gathering = begin(page, user=signed_in(request), now=SystemClock().now())
    tell(request, gathering)
    return redirect("wagtailadmin_pages:edit", letter.pk)


def tell(request: HttpRequest, gathering: Gathering) -> None:
    """Say what was gathered, and what not."""
    if gathering.added:
        sentences = [
            ngettext(
                "%(count)d story was gathered below. Change, move or delete it as you like.",
                "%(count)d stories were gathered below. Change, move or delete them as you like.",
                gathering.added,
            )
            % {"count": gathering.added}
        ]
    elif gathering.left:
        sentences = [_("Nothing was added: the letter has as many stories as are gathered. Add others by hand.")]
    else:
        sentences = [_("Nothing was added: no further story was published since the last letter.")]
    if gathering.added and gathering.left:
        sentences.append(
            ngettext(
                "%(count)d more was published; add it by hand if you want it.",
                "%(count)d more were published; add them by hand if you want them.",
                gathering.left,
            )
            % {"count": gathering.left}
        )
    if gathering.present:
        sentences.append(_("What stood in the letter stands there as before."))
    (messages.success if gathering.added else messages.warning)(request, " ".join(sentences))


@require_safe
def check(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Everything that preflight says of a letter as it was saved last, its mail included."""
    letter, page = _letter(request, letter_id)
    mail = weigh(letter)
    context = {
        "letter": letter,
        "due": letter.due if letter.due_date else None,
        "zone": page.zone_name,
        "findings": preflight(a_draft(letter, page, mail=mail), now=SystemClock().now()),
        "kilobytes": -(-mail.html_bytes // 1024) if mail.html_bytes else None,
        "form_url": reverse("wagtailadmin_pages:edit", args=[letter.pk]),
        **_head(_("Before it is sent"), _crumbs(letter)),
    }
    return render(request, "letters/check.html", context)


@sensitive_post_parameters("address")
@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Send a letter as it was saved last to the editor who asks for it."""
    letter, _page = _letter(request, letter_id)
    form = ProofForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            send_test(
                letter, address=form.cleaned_data["address"], editor=signed_in(request).pk, now=SystemClock().now()
            )
        except StetError as error:
            if isinstance(error, RefusedError):
                messages.warning(request, str(error))
            else:
                messages.error(request, str(error))
        else:
            messages.success(request, _("The test is on its way to the address you gave."))
            return redirect("wagtailadmin_pages:edit", letter.pk)
    context = {"letter": letter, "form": form, **_head(_("Send a test to myself"), _crumbs(letter))}
    return render(request, "letters/test.html", context)


def _letter(request: HttpRequest, letter_id: int) -> tuple[LetterPage, ListPage]:
    """A letter as its editor has it, for who may edit it."""
    page = get_object_or_404(LetterPage, pk=letter_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    letter: LetterPage = page.get_latest_revision_as_object()
    return letter, letter.list_page


def signed_in(request: HttpRequest) -> Any:
    """The editor; nobody else comes as far as a page of the desk."""
    return request.user


def _head(title: str, before: Crumbs) -> dict[str, object]:
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, *before, {"url": "", "label": title}]
    return {"header_title": title, "page_title": title, "header_icon": "mail", "breadcrumbs_items": crumbs}


def _crumbs(letter: LetterPage) -> Crumbs:
    return [
        {"url": reverse("letters_overview"), "label": _("Letters")},
        {"url": reverse("wagtailadmin_pages:edit", args=[letter.pk]), "label": letter.title},
    ]
