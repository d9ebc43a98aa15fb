"""What providers sent and the ledger could not work off, and what a comparison with a provider found."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stet.kit.money import Money
from stet.ledger.models import Difference, Inbox, ReconcileRun
from stet.office import giving_words, moments

MOST_SHOWN = 200
RUNS_SHOWN = 20


# --- Deliveries ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One that is open."""

    number: int
    provider: str
    about: str
    days: int
    tries: int
    why: str


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Open deliveries, the oldest first."""
    today = datetime.now(UTC).date()
    rows = Inbox.objects.filter(done=False).order_by("came", "pk")
    lines = [
        Delivery(
            number=row.pk,
            provider=giving_words.provider_name(row.provider),
            about=row.reference,
            days=(today - row.came).days,
            tries=row.tries,
            why=giving_words.why_open(row.why_open),
        )
        for row in rows[:MOST_SHOWN]
    ]
    context = {"title": _("Deliveries"), "lines": lines, "count": rows.count(), "most": MOST_SHOWN}
    return render(request, "office/giving_inbox.html", context)


@require_POST
def retry(request: HttpRequest, number: int) -> HttpResponse:
    """Let the ledger try one again at once, whatever its pause."""
    if Inbox.objects.filter(pk=number, done=False).update(next_try=datetime.now(UTC)):
        messages.success(request, _("It is tried again at once, if the ledger runs. Load this page anew to see."))
    else:
        messages.info(request, _("It is done already."))
    return redirect("office:giving_inbox")


# --- Comparisons ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """One difference."""

    number: int
    provider: str
    kind: str
    what: str
    amount: str
    month: date
    about: str
    state: str
    is_open: bool


@require_safe
def comparisons(request: HttpRequest) -> HttpResponse:
    """What differs and is open, what was settled, and the last comparisons."""
    runs = [
        {
            "provider": giving_words.provider_name(run.provider),
            "day": moments.day(run.began.date()),
            "since": moments.month(run.since),
            "compared": run.compared,
            "is_whole": run.ended is not None,
        }
        for run in ReconcileRun.objects.order_by("-pk")[:RUNS_SHOWN]
    ]
    is_open = Difference.objects.filter(mended=False, settled_by="").order_by("-pk")
    others = Difference.objects.exclude(mended=False, settled_by="").order_by("-pk")
    return render(
        request,
        "office/giving_comparisons.html",
        {
            "title": _("Comparisons"),
            "runs": runs,
            "open": [differing(row) for row in is_open[:MOST_SHOWN]],
            "open_count": is_open.count(),
            "settled": [differing(row) for row in others[:RUNS_SHOWN]],
            "settlements": giving_words.settlements(),
            "most": MOST_SHOWN,
        },
    )


def differing(row: Difference) -> Differing:
    """A difference in words."""
    if row.settled_by:
        words = giving_words.settlements().get(row.settled_as, row.settled_as)
        state = f"{words} ({row.settled_by})" if words else row.settled_by
    else:
        state = _("Mended by itself") if row.mended else ""
    return Differing(
        number=row.pk,
        provider=giving_words.provider_name(row.provider),
        kind=giving_words.difference_name(row.kind),
        what=giving_words.fact_name(row.fact_kind)[0],
        amount=moments.money(Money(row.minor, row.currency)) if row.currency else "",
        month=row.month,
        about=row.provider_id,
        state=state,
        is_open=not row.mended and not row.settled_by,
    )


@require_POST
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """Say what became of a difference. What the ledger holds does not change by it."""
    row = get_object_or_404(Difference, pk=number)
    word = request.POST.get("word", "")
    if word not in giving_words.settlements():
        messages.error(request, _("Choose what became of it."))
    elif Difference.objects.filter(pk=row.pk, mended=False, settled_by="").update(
        settled_by=request.user.get_username(), settled_as=word
    ):
        messages.success(request, _("Settled."))
    else:
        messages.info(request, _("It was settled already."))
    return redirect("office:giving_comparisons")
