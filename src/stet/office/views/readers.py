"""Readers in numbers; and the two questions that may be asked about one address."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stet.office import asking, moments, naming, plots
from stet.office.deciding import steers
from stet.readers.counting import LEAST, Counts, Group, counts
from stet.readers.errors import AddressRefusedError, ReaderKeyRefusedError


@require_safe
def readers(request: HttpRequest) -> HttpResponse:
    """Counts by list, language, provider and week."""
    found = counts()
    return render(
        request,
        "office/readers.html",
        {
            "title": _("Readers"),
            "counts": found,
            "least": LEAST,
            "tables": tables(found),
            "plot": plot(found),
            "is_partly_told": any(week.readers is None for week in found.weeks),
        },
    )


def tables(found: Counts) -> list[dict[str, object]]:
    """Each grouping with its title and rows."""
    names = naming.list_names()
    return [
        {"title": _("By list"), "rows": [(naming.list_name(one.name, names), told(one)) for one in found.lists]},
        {"title": _("By language"), "rows": [(naming.language_name(one.name), told(one)) for one in found.languages]},
        {"title": _("By provider"), "rows": [(naming.lane_name(one.name), told(one)) for one in found.lanes]},
    ]


def told(group: Group) -> str:
    """The number, or that it is too small to be told."""
    return moments.number(group.readers) if group.readers is not None else _("few")


FEWEST_WEEKS = 12
"""So many weeks a plot shows at least: one bar alone says nothing."""


def plot(found: Counts) -> str:
    """Readers by the week in which they came; a week in which nobody came has its place."""
    if not found.weeks:
        return ""
    came = {date.fromisoformat(week.name): week for week in found.weeks}
    last = max(came)
    first = min(min(came), last - timedelta(weeks=FEWEST_WEEKS - 1))
    rows = []
    for passed in range((last - first).days // 7 + 1):
        monday = first + timedelta(weeks=passed)
        week = came.get(monday, Group(name="", readers=0))
        rows.append(
            plots.Bar(name=moments.day(monday), value=week.readers, words=f"{moments.day(monday)}: {told(week)}")
        )
    return plots.bars(rows, label=_("Readers by the week in which they came"))


@require_POST
def suppressed(request: HttpRequest) -> HttpResponse:
    """Say whether an address is suppressed."""
    try:
        is_there = asking.is_suppressed(request.POST.get("address", ""))
    except (AddressRefusedError, ReaderKeyRefusedError) as error:
        messages.error(request, str(error))
    else:
        messages.info(
            request,
            _("Yes: nothing is sent to that address.") if is_there else _("No: that address is not suppressed."),
        )
    return redirect("office:readers")


@require_POST
@steers
def erase(request: HttpRequest) -> HttpResponse:
    """Erase whoever has an address."""
    if not request.POST.get("is_sure"):
        messages.error(request, _("Nothing was erased: say that you are sure."))
        return redirect("office:readers")
    try:
        erased = asking.erase_address(request.POST.get("address", ""))
    except (AddressRefusedError, ReaderKeyRefusedError) as error:
        messages.error(request, str(error))
        return redirect("office:readers")
    messages.success(
        request,
        _("Erased. Nothing is sent to that address, unless somebody signs up with it anew and confirms.")
        if erased.was_there
        else _("Nobody had that address. Nothing is sent to it, unless somebody signs up with it and confirms."),
    )
    return redirect("office:readers")
