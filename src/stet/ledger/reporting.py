"""Giving in numbers, for staff who see no giver.

The rules:
 * Money is told by currency, never converted, never added across currencies.
 * What is told of a month is what came in, less what went back or was taken back in it.
 * A group of fewer than ten people is not told, neither its number nor its sum. Where the sum of all would give it
   away, the smallest of the other groups is not told either. Of a currency in which fewer than ten gave, nothing is.
 * A plan, or a contribution without one, counts as one person: as near as the ledger comes. Somebody who gives twice
   counts twice, so a group may be smaller than it seems, never larger.
 * Groups that overlap are not offered: months are all months, appeals are over all time. Plans that run are told in
   tens, so that no two months tell how many began and ended between them.

Sums are made by the database; rows of single gifts never leave it, but for plans.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import BigIntegerField, Case, Count, Max, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

from stet.ledger.models import Fact, Interval, Plan
from stet.ledger.months import month_of
from stet.readers.counting import LEAST, shown

K = TypeVar("K")

ADDED = (Fact.Kind.SETTLED, Fact.Kind.REINSTATED)
TAKEN = (Fact.Kind.REFUNDED, Fact.Kind.DISPUTED)
OTHER_WORD = "other"
"""What a failure without a word of the provider's is counted under."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Money of so many people in one currency; both None where they are too few, or would give others away."""

    name: str
    people: int | None
    minor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSum:
    """What one month came to in one currency."""

    month: date
    people: int | None
    minor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """One currency over all months, the oldest first; a month in which nothing happened has its place."""

    currency: str
    months: tuple[MonthSum, ...]

    def of(self, month: date) -> MonthSum:
        """One month; nobody and nothing where it lies outside."""
        return next((one for one in self.months if one.month == month), MonthSum(month=month, people=0, minor=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """One currency in groups; none where all together are too few."""

    currency: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """Plans of one currency that have not ended."""

    currency: str
    monthly: Group
    annual: Group
    failing: Group
    """Whose last payment failed, monthly and annual together: counted in no other group."""

    @property
    def annual_by_month(self) -> int | None:
        """A twelfth of what annual plans bring in a year, rounded down."""
        return None if self.annual.minor is None else self.annual.minor // 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Churn:
    """What became of plans in one month. None: too few to be told."""

    month: date
    running: int | None
    """Plans at its beginning, rounded down to tens."""
    began: int | None
    ended: int | None
    percent: int | None
    """Ended of those that ran; where `ended` is not told, what it is below. None where it would tell of too few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Payments that failed in one month, by the people they failed for."""

    month: date
    people: int | None
    percent: int | None
    """Of all who tried or were charged; None where it would tell of too few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Why payments failed in one month: people by the provider's word; None: too few."""

    words: tuple[tuple[str, int | None], ...]


# --- What may be told ---


def told(people: Mapping[K, int]) -> frozenset[K]:
    """Which of the groups that together make a known total may be told.

    >>> sorted(told({"spring-a": 40, "spring-b": 3, "autumn-a": 25}))
    ['spring-a']
    """
    groups = shown({str(place): count for place, count in enumerate(people.values())})
    return frozenset(key for key, group in zip(people, groups, strict=True) if group.readers is not None)


def _or_few(count: int) -> int | None:
    """A number of people that stands alone: zero is told, one to nine are not."""
    return count if count >= LEAST or count == 0 else None


# --- Months ---


def _person() -> Case:
    """One number for each plan and each contribution without one: even for plans, odd for the others."""
    plan = Coalesce("plan_id", "contribution__plan_id", output_field=BigIntegerField())
    return Case(
        When(Q(plan_id__isnull=False) | Q(contribution__plan_id__isnull=False), then=plan * 2),
        default=Cast("contribution_id", BigIntegerField()) * 2 + 1,
        output_field=BigIntegerField(),
    )


def _sums(facts: QuerySet[Fact], *by: str, **named: Any) -> list[dict[str, Any]]:
    """Money and people of facts in groups."""
    rows = (
        facts.filter(kind__in=(*ADDED, *TAKEN))
        .values(*by, **named)
        .annotate(
            people=Count(_person(), distinct=True),
            added=Coalesce(Sum("minor", filter=Q(kind__in=ADDED)), Value(0)),
            taken=Coalesce(Sum("minor", filter=Q(kind__in=TAKEN)), Value(0)),
        )
    )
    return list(rows.order_by(*by, *named))


def months(*, now: datetime) -> tuple[Months, ...]:
    """Every currency over all months up to now, the one in which most people gave first."""
    found: dict[str, dict[date, dict[str, Any]]] = defaultdict(dict)
    for row in _sums(Fact.objects.all(), "currency", "month"):
        found[row["currency"]][row["month"]] = row
    return tuple(
        _currency(currency, found[currency], now)
        for currency in sorted(found, key=lambda code: (-sum(row["people"] for row in found[code].values()), code))
    )


def _currency(currency: str, rows: Mapping[date, dict[str, Any]], now: datetime) -> Months:
    may_be_told = told({month: row["people"] for month, row in rows.items()})
    made = []
    for month in every_month(min(rows), max(*rows, month_of(now))):
        row = rows.get(month)
        if row is None:
            made.append(MonthSum(month=month, people=0, minor=0))
        elif month in may_be_told:
            made.append(MonthSum(month=month, people=row["people"], minor=row["added"] - row["taken"]))
        else:
            made.append(MonthSum(month=month, people=None, minor=None))
    return Months(currency=currency, months=tuple(made))


def every_month(first: date, last: date) -> list[date]:
    """All months from one to another, each by its first day.

    >>> [f"{one:%Y-%m}" for one in every_month(date(2026, 11, 1), date(2027, 2, 1))]
    ['2026-11', '2026-12', '2027-01', '2027-02']
    """
    places = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(place // 12, place % 12 + 1, 1) for place in places]


# --- Groups of money ---


def by_interval(month: date, currencies: Iterable[Months]) -> tuple[Groups, ...]:
    """One month by how often it is given, for each currency that is told of that month."""
    open_ones = {one.currency for one in currencies if one.of(month).people}
    interval = Coalesce("plan__interval", "contribution__interval")
    rows = _sums(Fact.objects.filter(month=month, currency__in=open_ones), "currency", name=interval)
    return _grouped(rows, order=[one.value for one in Interval])


def by_campaign() -> tuple[Groups, ...]:
    """All that was ever given, by the appeal and its variant that led to it; "" for none."""
    campaign = Coalesce("plan__campaign", "contribution__campaign")
    return _grouped(_sums(Fact.objects.all(), "currency", name=campaign))


def _grouped(rows: Iterable[dict[str, Any]], order: Collection[str] = ()) -> tuple[Groups, ...]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["currency"]].append(row)
    places = {name: place for place, name in enumerate(order)}
    made = []
    for currency, group in sorted(found.items()):
        is_open = sum(row["people"] for row in group) >= LEAST
        may_be_told = told({row["name"]: row["people"] for row in group})
        group.sort(key=lambda row: (places.get(row["name"], 0), row["name"]))
        groups = tuple(_group(row, is_told=row["name"] in may_be_told) for row in group) if is_open else ()
        made.append(Groups(currency=currency, groups=groups))
    return tuple(made)


def _group(row: dict[str, Any], *, is_told: bool) -> Group:
    return Group(
        name=row["name"],
        people=row["people"] if is_told else None,
        minor=row["added"] - row["taken"] if is_told else None,
    )


# --- Plans ---


@dataclass(frozen=True, slots=True)
class _Life:
    """One plan, as far as numbers ask. `ended` is the month in which it did."""

    currency: str
    interval: str
    minor: int
    began: date
    ended: date | None
    is_failing: bool


def _lives() -> list[_Life]:
    """Every plan. Where it stands follows the rules of `stet.ledger.status`, in one query."""
    kinds = {
        kind: Max("facts__month", filter=Q(facts__kind=kind))
        for kind in (Fact.Kind.ENDED, Fact.Kind.FAILED, Fact.Kind.SETTLED)
    }
    rows: Any = Plan.objects.annotate(**{f"last_{kind}": value for kind, value in kinds.items()})
    return [
        _Life(currency, interval, minor, began, ended, failed is not None and (settled is None or failed > settled))
        for currency, interval, minor, began, ended, failed, settled in rows.values_list(
            "currency", "interval", "minor", "month", "last_ended", "last_failed", "last_settled"
        )
    ]


def recurring() -> tuple[Recurring, ...]:
    """What plans that run bring, by currency; the one with most plans first."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for life in _lives():
        if life.ended is None:
            group = sums[life.currency, "failing" if life.is_failing else life.interval]
            group[0] += 1
            group[1] += life.minor
    # All groups of all currencies make one whole: the number of plans that have not ended.
    may_be_told = told({key: people for key, (people, _minor) in sums.items()})

    def made(currency: str, name: str) -> Group:
        people, minor = sums.get((currency, name), (0, 0))
        is_told = people == 0 or (currency, name) in may_be_told
        return Group(name=name, people=people if is_told else None, minor=minor if is_told else None)

    plans: dict[str, int] = defaultdict(int)
    for (currency, _name), (people, _minor) in sums.items():
        plans[currency] += people
    return tuple(
        Recurring(
            currency=currency,
            monthly=made(currency, Interval.MONTHLY),
            annual=made(currency, Interval.ANNUAL),
            failing=made(currency, "failing"),
        )
        for currency in sorted(plans, key=lambda code: (-plans[code], code))
    )


def churn(*, now: datetime) -> tuple[Churn, ...]:
    """Plans that began and ended, by month, the oldest first."""
    lives = _lives()
    if not lives:
        return ()
    began: dict[date, int] = defaultdict(int)
    ended: dict[date, int] = defaultdict(int)
    for life in lives:
        began[life.began] += 1
        if life.ended is not None:
            ended[life.ended] += 1
    made, running = [], 0
    for month in every_month(min(began), max(*began, *ended, month_of(now))):
        made.append(_churn(month, running, began[month], ended[month]))
        running += began[month] - ended[month]
    return tuple(made)


def _churn(month: date, running: int, began: int, ended: int) -> Churn:
    told_ended = _or_few(ended)
    return Churn(
        month=month,
        running=running // 10 * 10 if running >= LEAST or running == 0 else None,
        began=_or_few(began),
        ended=told_ended,
        percent=_percent(LEAST if told_ended is None else ended, running),
    )


def _percent(part: int, whole: int) -> int | None:
    """A share in whole percent; None where the whole, or what is left of it, is fewer than ten and more than none."""
    if whole < LEAST or _or_few(whole - part) is None:
        return None
    return round(100 * part / whole)


# --- Failures ---


def failures(*, now: datetime) -> tuple[Failures, ...]:
    """For how many a payment failed, by month, the oldest first."""
    kinds = (Fact.Kind.FAILED, Fact.Kind.SETTLED)
    rows = (
        Fact.objects.filter(kind__in=kinds)
        .values("month")
        .annotate(
            tried=Count(_person(), distinct=True),
            failed=Count(_person(), distinct=True, filter=Q(kind=Fact.Kind.FAILED)),
        )
    )
    found = {row["month"]: row for row in rows.order_by("month")}
    if not found:
        return ()
    return tuple(
        _failures(month, found.get(month, {"tried": 0, "failed": 0}))
        for month in every_month(min(found), max(*found, month_of(now)))
    )


def _failures(month: date, row: Mapping[str, Any]) -> Failures:
    people = _or_few(row["failed"])
    percent = None if people is None else _percent(people, row["tried"])
    return Failures(month=month, people=people, percent=percent)


def failure_words(month: date) -> Words:
    """Why payments failed in a month; nothing where fewer than ten people are concerned."""
    rows = Fact.objects.filter(kind=Fact.Kind.FAILED, month=month)
    if rows.aggregate(people=Count(_person(), distinct=True))["people"] < LEAST:
        return Words(words=())
    people: dict[str, int] = defaultdict(int)
    for row in rows.values("why").annotate(people=Count(_person(), distinct=True)).order_by("-people", "why"):
        people[row["why"] or OTHER_WORD] += row["people"]
    may_be_told = told(people)
    return Words(words=tuple((word, count if word in may_be_told else None) for word, count in people.items()))
