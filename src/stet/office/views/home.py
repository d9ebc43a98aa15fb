"""What now: letters on their way, and what waits for a decision."""

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stet.office import dispatches
from stet.readers.counting import counts
from stet.readers.models import Notice

FINISHED_SHOWN = 5
LATE_MINUTES = 15
"""A notice that waits longer than this waits for something that somebody should look at."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
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
            "notices": {
                "waiting": waiting.count(),
                "late": waiting.filter(asked__lt=late).count(),
                "failed": Notice.objects.filter(state=Notice.State.FAILED).count(),
                "uncertain": Notice.objects.filter(state=Notice.State.UNCERTAIN).count(),
            },
        },
    )
