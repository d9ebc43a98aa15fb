"""What now: letters on their way, and what waits for a decision."""

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stet.mailroom.models import Mailroom
from stet.mailroom.steering import SILENT_FOR
from stet.office import dispatches
from stet.office.middleware import open_to_all_staff
from stet.office.people import may_see_readers
from stet.readers.counting import counts
from stet.readers.models import Notice

FINISHED_SHOWN = 5
SILENT_SECONDS = 60
"""A mailroom says every ten seconds that it is at work."""
LATE_MINUTES = 15
"""A notice that waits longer than this waits for something that somebody should look at."""


def mailroom() -> dict[str, object]:
    """Whether a mailroom is at work, what keeps it from sending, and which ones went without a word."""
    newest = Mailroom.objects.filter(ended=None).order_by("-seen").first()
    is_at_work = newest is not None and newest.seen > datetime.now(UTC) - timedelta(seconds=SILENT_SECONDS)
    silent = Mailroom.objects.filter(ended=None, seen__lt=datetime.now(UTC) - SILENT_FOR).order_by("pk")
    return {
        "is_at_work": is_at_work,
        "reason": newest.reason if newest and is_at_work else "",
        "lost": [{"number": one.pk, "seen": one.seen} for one in silent],
    }


@open_to_all_staff
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page. Whoever sees no letters is led to what they see."""
    if not may_see_readers(request.user):
        return redirect("office:giving")
    late = datetime.now(UTC) - timedelta(minutes=LATE_MINUTES)
    waiting = Notice.objects.filter(state=Notice.State.WAITING)
    return render(
        request,
        "office/home.html",
        {
            "title": _("Now"),
            "undecided": dispatches.lines(dispatches.UNDECIDED),
            "on_the_way": dispatches.lines(dispatches.ON_THE_WAY),
            "finished": dispatches.lines(("finished", "cancelled"), most=FINISHED_SHOWN),
            "readers": counts().readers,
            "mailroom": mailroom(),
            "notices": {
                "waiting": waiting.count(),
                "late": waiting.filter(asked__lt=late).count(),
                "failed": Notice.objects.filter(state=Notice.State.FAILED).count(),
                "uncertain": Notice.objects.filter(state=Notice.State.UNCERTAIN).count(),
            },
        },
    )
