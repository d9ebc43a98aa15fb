"""Sums that staff see: right, by currency, and silent about fewer than ten."""

from datetime import date

import pytest

from stet.ledger import reporting
from tests.office.giving_rows import NOVEMBER, NOW, OCTOBER, a_fact, a_gift, a_plan

pytestmark = pytest.mark.django_db(databases=["default", "readers"])

SEPTEMBER = date(2026, 9, 1)


def gifts(count: int, **changes: object) -> None:
    for _ in range(count):
        a_gift(**changes)  # type: ignore[arg-type]


def plans(count: int, **changes: object) -> list[object]:
    return [a_plan(**changes) for _ in range(count)]  # type: ignore[arg-type]


def month(currency: str = "USD", of: date = NOVEMBER) -> tuple[int | None, int | None]:
    found = next(one for one in reporting.months(now=NOW) if one.currency == currency).of(of)
    return found.people, found.minor


# --- Months ---


def test_nothing_given_is_nothing_told() -> None:
    assert reporting.months(now=NOW) == ()
    assert reporting.recurring() == reporting.churn(now=NOW) == reporting.failures(now=NOW) == ()
    assert reporting.by_campaign() == reporting.by_interval(NOVEMBER, ()) == ()


def test_a_month_is_what_came_in_less_what_went_back_in_it() -> None:
    gifts(10, minor=500)
    back = a_gift(minor=2000, month=OCTOBER)
    gifts(11, minor=100, month=OCTOBER)
    payment = back.facts.get().provider_id
    a_fact(back, "refunded", of=payment, minor=300, month=NOVEMBER)
    a_fact(back, "disputed", of=payment, minor=1700, month=NOVEMBER)
    a_fact(back, "reinstated", of=payment, minor=1700, month=NOVEMBER)
    assert month() == (11, 5000 - 300)
    assert month(of=OCTOBER) == (12, 3100)


def test_a_failed_payment_is_no_money() -> None:
    gifts(10)
    a_fact(a_gift(settled=False), "failed")
    assert month() == (10, 5000)


def test_currencies_are_never_added_up() -> None:
    gifts(12, minor=500)
    gifts(10, minor=300, currency="JPY")
    assert [one.currency for one in reporting.months(now=NOW)] == ["USD", "JPY"]
    assert month("JPY") == (10, 3000)


def test_nine_people_are_not_told_and_ten_are() -> None:
    gifts(9, month=OCTOBER)
    gifts(10, currency="EUR")
    assert month("USD", OCTOBER) == (None, None)
    assert month("EUR") == (10, 5000)


def test_the_smallest_other_month_is_hidden_with_the_only_small_one() -> None:
    gifts(3, month=SEPTEMBER)
    gifts(12, month=OCTOBER)
    gifts(20, month=NOVEMBER)
    assert month(of=SEPTEMBER) == month(of=OCTOBER) == (None, None)
    assert month(of=NOVEMBER) == (20, 10_000)


def test_a_month_in_which_nothing_happened_has_its_place() -> None:
    gifts(10, month=SEPTEMBER)
    found = reporting.months(now=NOW)[0]
    assert [(one.month, one.people, one.minor) for one in found.months] == [
        (SEPTEMBER, 10, 5000), (OCTOBER, 0, 0), (NOVEMBER, 0, 0),
    ]  # fmt: skip


def test_payments_of_one_plan_are_one_person() -> None:
    for plan in plans(5):
        for _ in range(3):
            a_fact(plan)  # type: ignore[arg-type]
    assert month() == (None, None)


# --- Groups ---


def test_a_month_is_told_by_how_often_it_is_given() -> None:
    gifts(12, minor=500)
    plans(10, minor=700)
    plans(11, minor=6000, interval="annual")
    (found,) = reporting.by_interval(NOVEMBER, reporting.months(now=NOW))
    assert [(one.name, one.people, one.minor) for one in found.groups] == [
        ("once", 12, 6000), ("monthly", 10, 7000), ("annual", 11, 66_000),
    ]  # fmt: skip


def test_a_month_that_is_not_told_is_not_told_by_groups_either() -> None:
    gifts(6)
    plans(3)
    assert reporting.by_interval(NOVEMBER, reporting.months(now=NOW)) == ()


def test_a_small_variant_cannot_be_had_from_the_whole_less_the_others() -> None:
    gifts(30, campaign="spring-a")
    gifts(4, campaign="spring-b", minor=9900)
    gifts(15, campaign="")
    (found,) = reporting.by_campaign()
    assert [(one.name, one.people, one.minor) for one in found.groups] == [
        ("", None, None), ("spring-a", 30, 15_000), ("spring-b", None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ({"a": 40, "b": 3, "c": 25}, {"a"}),
        ({"a": 40, "b": 3, "c": 4}, {}),
        ({"a": 40, "b": 6, "c": 7}, {"a"}),
        ({"a": 40, "b": 25}, {"a", "b"}),
        ({"a": 9}, {}),
        ({"a": 12, "b": 9}, {}),
        ({}, {}),
    ],
)
def test_what_is_not_told_is_ten_people_or_more_together(people: dict[str, int], expected: set[str]) -> None:
    told = reporting.told(people)
    assert told == frozenset(expected)
    hidden = sum(count for name, count in people.items() if name not in told)
    assert hidden == 0 or hidden >= 10 or sum(people.values()) < 10


def test_a_renewal_counts_for_the_appeal_that_began_its_plan() -> None:
    for plan in plans(10, campaign="autumn-a", month=OCTOBER):
        a_fact(plan, month=NOVEMBER)  # type: ignore[arg-type]
    (found,) = reporting.by_campaign()
    assert [(one.name, one.people, one.minor) for one in found.groups] == [("autumn-a", 10, 14_000)]


def test_a_currency_of_few_is_not_told_by_appeal() -> None:
    gifts(5, currency="KWD")
    assert [(one.currency, one.groups) for one in reporting.by_campaign()] == [("KWD", ())]


# --- Plans ---


def test_annual_plans_stand_apart_with_a_twelfth() -> None:
    plans(10, minor=500)
    plans(11, minor=6000, interval="annual")
    (found,) = reporting.recurring()
    assert (found.monthly.people, found.monthly.minor) == (10, 5000)
    assert (found.annual.people, found.annual.minor, found.annual_by_month) == (11, 66_000, 5500)
    assert found.failing.people == 0


def test_what_ended_or_fails_brings_nothing() -> None:
    plans(10, minor=500)
    for plan in plans(10, month=SEPTEMBER):
        a_fact(plan, "ended", month=OCTOBER)  # type: ignore[arg-type]
    for plan in plans(10, month=SEPTEMBER):
        a_fact(plan, "failed", month=NOVEMBER)  # type: ignore[arg-type]
    (found,) = reporting.recurring()
    assert (found.monthly.people, found.monthly.minor, found.failing.people) == (10, 5000, 10)


def test_few_plans_are_hidden_over_currencies_and_intervals_together() -> None:
    plans(30)
    plans(2, interval="annual", minor=6000)
    plans(12, currency="EUR")
    usd, eur = reporting.recurring()
    assert (usd.monthly.people, usd.annual.people, usd.annual_by_month) == (30, None, None)
    assert (eur.monthly.people, eur.monthly.minor) == (None, None)


def test_churn_is_what_ended_of_what_ran() -> None:
    began = plans(43, month=SEPTEMBER)
    plans(12, month=OCTOBER)
    for plan in began[:11]:
        a_fact(plan, "ended", month=OCTOBER)  # type: ignore[arg-type]
    a_fact(began[-1], "ended", month=NOVEMBER)  # type: ignore[arg-type]
    told = [(one.month, one.running, one.began, one.ended, one.percent) for one in reporting.churn(now=NOW)]
    assert told == [(SEPTEMBER, 0, 43, 0, None), (OCTOBER, 40, 12, 11, 26), (NOVEMBER, 40, 0, None, 23)]


def test_churn_of_few_tells_no_share() -> None:
    plans(7, month=OCTOBER)
    assert [(one.running, one.began, one.ended, one.percent) for one in reporting.churn(now=NOW)] == [
        (0, None, 0, None), (None, 0, 0, None),
    ]  # fmt: skip


# --- Failures ---


def test_failures_are_told_by_people_and_as_a_share() -> None:
    gifts(30)
    for _ in range(10):
        row = a_gift(settled=False)
        a_fact(row, "failed", why="card_declined")
        a_fact(row, "failed", why="card_declined")
    (found,) = reporting.failures(now=NOW)
    assert (found.people, found.percent) == (10, 25)
    assert reporting.failure_words(NOVEMBER).words == (("card_declined", 10),)


def test_failures_of_few_are_not_told_nor_why() -> None:
    gifts(30)
    for _ in range(4):
        a_fact(a_gift(settled=False), "failed", why="expired_card")
    (found,) = reporting.failures(now=NOW)
    assert (found.people, found.percent) == (None, None)
    assert reporting.failure_words(NOVEMBER).words == ()


def test_a_share_does_not_tell_of_the_few_who_paid() -> None:
    gifts(3)
    for _ in range(20):
        a_fact(a_gift(settled=False), "failed")
    (found,) = reporting.failures(now=NOW)
    assert (found.people, found.percent) == (20, None)


def test_rare_words_take_the_smallest_other_with_them() -> None:
    for why, number in (("card_declined", 20), ("insufficient_funds", 12), ("expired_card", 2), ("", 0)):
        for _ in range(number):
            a_fact(a_gift(settled=False), "failed", why=why)
    assert reporting.failure_words(NOVEMBER).words == (
        ("card_declined", 20), ("insufficient_funds", None), ("expired_card", None),
    )  # fmt: skip


def test_reports_ask_the_database_a_few_times_however_much_is_in_it(django_assert_num_queries: object) -> None:
    gifts(30)
    plans(30)
    with django_assert_num_queries(5, using="readers"):  # type: ignore[operator]
        found = reporting.months(now=NOW)
        reporting.by_interval(NOVEMBER, found)
        reporting.by_campaign()
        reporting.recurring()
        reporting.churn(now=NOW)
