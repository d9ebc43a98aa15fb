"""Giving in numbers: by month, by plan, by appeal. What is too small is not told (`stet.ledger.reporting`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stet.kit.money import Money
from stet.ledger import reporting
from stet.ledger.models import Act, Difference, Inbox
from stet.ledger.months import month_of
from stet.office import giving_words, moments, plots
from stet.office.giving import open_orders
from stet.readers.counting import LEAST

MONTHS_SHOWN = 12


def few() -> str:
    """What stands where a number is not told."""
    return _("few")


def people(count: int | None) -> str:
    """A number of people, or that they are few."""
    return few() if count is None else moments.number(count)


def sum_of(minor: int | None, currency: str) -> str:
    """A sum, or that too few people stand behind it."""
    return few() if minor is None else moments.money(Money(minor, currency))


def percent(value: int | None) -> str:
    """A share."""
    return few() if value is None else moments.percent(value)


def clock() -> datetime:
    """The moment of a request."""
    return datetime.now(UTC)


# --- By month ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One currency in one month."""

    currency: str
    figure: str
    people: int | None
    rows: tuple[tuple[str, str, str], ...]
    """By how often it is given: name, people, sum."""


@require_safe
def giving(request: HttpRequest) -> HttpResponse:
    """One month, and the months before it."""
    now = clock()
    found = reporting.months(now=now)
    known = [one.month for one in found[0].months] if found else []
    for one in found:
        known = reporting.every_month(min(known[0], one.months[0].month), max(known[-1], one.months[-1].month))
    month = asked_month(request, known) or month_of(now)
    last = reporting.every_month(known[0], month_of(now))[-MONTHS_SHOWN:] if known else []
    drawn = [month_plot(one, last) for one in found]
    return render(
        request,
        "office/giving.html",
        {
            "title": _("Giving"),
            "month": month,
            "earlier": before(month, known),
            "later": after(month, known),
            "cards": cards(month, found),
            "plots": drawn,
            "has_drawn": any(plot["svg"] for plot in drawn),
            "currencies": [one.currency for one in found],
            "rows": [
                (moments.month(one), [(of.currency, sum_of(of.of(one).minor, of.currency)) for of in found])
                for one in reversed(last)
            ],
            "open": open_matters(),
            "orders": open_orders(),
            "least": LEAST,
        },
    )


def asked_month(request: HttpRequest, known: list[date]) -> date | None:
    """The month that the address names, if there is one of that name."""
    asked = request.GET.get("month", "")
    return next((month for month in known if f"{month:%Y-%m}" == asked), None)


def before(month: date, known: list[date]) -> date | None:
    """The month before, if anything is known of it."""
    return max((one for one in known if one < month), default=None)


def after(month: date, known: list[date]) -> date | None:
    """The month after."""
    return min((one for one in known if one > month), default=None)


def cards(month: date, found: Iterable[reporting.Months]) -> list[Card]:
    """What a month came to, by currency; a currency in which nobody gave in it has no card."""
    groups = {one.currency: one.groups for one in reporting.by_interval(month, found)}
    made = []
    for one in found:
        of_month = one.of(month)
        if of_month.people == 0:
            continue
        rows = tuple(
            (giving_words.interval_name(group.name), people(group.people), sum_of(group.minor, one.currency))
            for group in groups.get(one.currency, ())
        )
        figure = sum_of(of_month.minor, one.currency)
        made.append(Card(currency=one.currency, figure=figure, people=of_month.people, rows=rows))
    return made


def month_plot(one: reporting.Months, last: list[date]) -> dict[str, Any]:
    """A currency over months; nothing is drawn where no month has a sum that may be told."""
    rows = []
    for month in last:
        found, name = one.of(month), moments.month(month)
        value = None if found.minor is None else max(found.minor, 0)
        rows.append(plots.Bar(name=name, value=value, words=f"{name}: {sum_of(found.minor, one.currency)}"))
    label = _("%(currency)s by month") % {"currency": one.currency}
    if not any(row.value for row in rows):
        return {"label": label, "svg": ""}
    return {"label": label, "svg": plots.bars(rows, label=label, words=lambda minor: sum_of(minor, one.currency))}


def open_matters() -> dict[str, int]:
    """What waits for somebody: deliveries that failed, differences, orders that are not carried out."""
    return {
        "deliveries": Inbox.objects.filter(done=False, tries__gt=0).count(),
        "differences": Difference.objects.filter(mended=False, settled_by="").count(),
        "orders": Act.objects.filter(done=False).count(),
    }


# --- Plans ---


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """What plans bring, how many begin and end, and for how many a payment failed."""
    now = clock()
    lives, failed = reporting.churn(now=now), reporting.failures(now=now)
    months = reporting.every_month(date(now.year - 1, now.month, 1), month_of(now))[-2:]
    return render(
        request,
        "office/giving_plans.html",
        {
            "title": _("Plans"),
            "recurring": [recurring_row(one) for one in reporting.recurring()],
            "plot": running_plot(lives[-MONTHS_SHOWN * 2 :]),
            "churn": [churn_row(one) for one in reversed(lives[-MONTHS_SHOWN:])],
            "failures": [
                (moments.month(one.month), people(one.people), percent(one.percent))
                for one in reversed(failed[-MONTHS_SHOWN:])
            ],
            "words": [words_table(month) for month in reversed(months)] if failed else [],
            "least": LEAST,
        },
    )


def recurring_row(one: reporting.Recurring) -> dict[str, str]:
    """One currency's plans in words."""
    return {
        "currency": one.currency,
        "monthly": sum_of(one.monthly.minor, one.currency),
        "monthly_people": people(one.monthly.people),
        "annual": sum_of(one.annual.minor, one.currency),
        "annual_by_month": sum_of(one.annual_by_month, one.currency),
        "annual_people": people(one.annual.people),
        "failing_people": people(one.failing.people),
    }


def running_plot(lives: Iterable[reporting.Churn]) -> str:
    """Plans that ran at the beginning of each month."""
    rows = [
        plots.Bar(name=name, value=one.running, words=f"{name}: {people(one.running)}")
        for one, name in ((one, moments.month(one.month)) for one in lives)
    ]
    return plots.bars(rows, label=_("Plans that ran when each month began")) if rows else ""


def churn_row(one: reporting.Churn) -> dict[str, str]:
    """One month of plans in words."""
    share = percent(one.percent) if one.running != 0 else "–"
    if one.ended is None and one.percent is not None:
        share = _("under %(share)s") % {"share": share}
    return {
        "month": moments.month(one.month),
        "running": people(one.running),
        "began": people(one.began),
        "ended": people(one.ended),
        "share": share,
    }


def words_table(month: date) -> dict[str, Any]:
    """Why payments failed in a month."""
    rows = [
        (word, giving_words.failure_name(word), people(count)) for word, count in reporting.failure_words(month).words
    ]
    return {"month": month, "rows": rows}


# --- Appeals ---


@require_safe
def appeals(request: HttpRequest) -> HttpResponse:
    """What was given by the appeal and the variant that led to it."""
    tables = [
        {
            "currency": one.currency,
            "rows": [
                (giving_words.campaign_name(group.name), people(group.people), sum_of(group.minor, one.currency))
                for group in one.groups
            ],
        }
        for one in reporting.by_campaign()
    ]
    return render(request, "office/giving_appeals.html", {"title": _("Appeals"), "tables": tables, "least": LEAST})
