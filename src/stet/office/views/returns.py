"""What came back, by kind and week."""

from collections import Counter, defaultdict
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stet.mailroom.models import ReturnCount
from stet.office import moments, plots

WEEKS = 26


@require_safe
def returns(request: HttpRequest) -> HttpResponse:
    """The last half year."""
    this_week = monday(date.today())  # noqa: DTZ011 - days are counted in UTC, which is this process's zone or near it
    first = this_week - timedelta(weeks=WEEKS - 1)
    weeks = by_week(ReturnCount.objects.filter(day__gte=first).values_list("day", "kind", "count"))
    shown = [(first + timedelta(weeks=n)) for n in range(WEEKS)]
    kinds = [kind for kind in kind_names() if any(weeks[week][kind] for week in weeks)]
    bars = [
        plots.Bar(name=name, value=weeks[week].total(), words=f"{name}: {moments.number(weeks[week].total())}")
        for week, name in ((week, week_name(week)) for week in shown)
    ]
    names = kind_names()
    rows = [
        (week_name(week), [(names[kind], weeks[week][kind]) for kind in kinds])
        for week in reversed(shown)
        if weeks[week].total()
    ]
    return render(
        request,
        "office/returns.html",
        {
            "title": _("Returns"),
            "plot": plots.bars(bars, label=_("Mails that came back, by week")) if rows else "",
            "kinds": [names[kind] for kind in kinds],
            "rows": rows,
        },
    )


def by_week(rows: object) -> defaultdict[date, Counter[str]]:
    """Counts by Monday and kind."""
    weeks: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for day, kind, count in rows:  # type: ignore[attr-defined]
        weeks[monday(day)][kind if kind in kind_names() else "other"] += count
    return weeks


def monday(day: date) -> date:
    """The Monday of the week that a day is in."""
    return day - timedelta(days=day.weekday())


def week_name(week: date) -> str:
    """The week as a page shows it."""
    return moments.day(week)


def kind_names() -> dict[str, str]:
    """What each kind is called, in the order of a table."""
    return {
        "hard": _("No such mailbox"),
        "soft": _("Not now"),
        "complaint": _("Complaint"),
        "unsubscribe": _("Unsubscribed by mail"),
        "other": _("Other answers"),
    }
