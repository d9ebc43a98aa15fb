"""Where a contribution or a plan stands follows from its facts, in whatever order they came."""

from datetime import date
from itertools import permutations

import pytest

from stet.ledger.models import Fact
from stet.ledger.status import (
    contribution_status,
    facts_about,
    kept,
    plan_status,
    plan_statuses,
    status_of,
    statuses,
)
from tests.ledger.builders import a_contribution
from tests.ledger.shop import NOVEMBER

OCTOBER, DECEMBER = date(2026, 10, 1), date(2026, 12, 1)


def a_fact(kind: str, number: str = "x", minor: int = 500, *, of: str = "", month: date = NOVEMBER) -> Fact:
    return Fact(kind=kind, provider_id=number, minor=minor, currency="USD", of=of, month=month)


PAID = a_fact("settled", "p")
CONTRIBUTIONS = {
    "nothing is known": ([], "waiting"),
    "paid": ([PAID], "settled"),
    "declined": ([a_fact("failed")], "failed"),
    "declined, then paid": ([a_fact("failed"), PAID], "settled"),
    "the page expired": ([a_fact("ended", minor=0)], "expired"),
    "declined, then the page expired": ([a_fact("failed"), a_fact("ended", minor=0)], "failed"),
    "paid, and the page expired": ([PAID, a_fact("ended", minor=0)], "settled"),
    "given back": ([PAID, a_fact("refunded", of="p")], "refunded"),
    "a part given back": ([PAID, a_fact("refunded", minor=499, of="p")], "partly_refunded"),
    "given back in parts": (
        [PAID, a_fact("refunded", "r", 200, of="p"), a_fact("refunded", "s", 300, of="p")],
        "refunded",
    ),
    "a refund of another payment": ([PAID, a_fact("refunded", of="q")], "settled"),
    "disputed": ([PAID, a_fact("disputed", of="p")], "disputed"),
    "disputed and won": ([PAID, a_fact("disputed", of="p"), a_fact("reinstated", of="p")], "settled"),
    "won, and disputed again": (
        [PAID, a_fact("disputed", "d", of="p"), a_fact("reinstated", "d", of="p"), a_fact("disputed", "e", of="p")],
        "disputed",
    ),
    "partly given back, then disputed": (
        [PAID, a_fact("refunded", minor=100, of="p"), a_fact("disputed", of="p")],
        "disputed",
    ),
    "paid in two parts, one given back": (
        [PAID, a_fact("settled", "q"), a_fact("refunded", of="q")],
        "partly_refunded",
    ),
}


@pytest.mark.parametrize("case", CONTRIBUTIONS)
def test_a_contribution_stands_where_its_facts_say(case: str) -> None:
    facts, status = CONTRIBUTIONS[case]
    assert {contribution_status(order) for order in permutations(facts)} == {status}


PLANS = {
    "nothing yet": ([], "running"),
    "paid": ([PAID], "running"),
    "failed at once": ([a_fact("failed")], "failing"),
    "failed, then worked in the same month": ([PAID, a_fact("failed")], "running"),
    "failed in a later month": ([PAID, a_fact("failed", month=DECEMBER)], "failing"),
    "failed long ago": ([a_fact("failed", month=OCTOBER), PAID], "running"),
    "ended": ([PAID, a_fact("ended")], "ended"),
    "ended, with a late payment": ([a_fact("ended"), a_fact("settled", "q", month=DECEMBER)], "ended"),
    "a refund changes nothing": ([PAID, a_fact("refunded", of="p", month=DECEMBER)], "running"),
}


@pytest.mark.parametrize("case", PLANS)
def test_a_plan_stands_where_its_facts_say(case: str) -> None:
    facts, status = PLANS[case]
    assert {plan_status(order) for order in permutations(facts)} == {status}


def test_what_is_kept_of_a_payment_is_never_below_zero() -> None:
    assert kept(PAID, []) == 500
    assert kept(PAID, [a_fact("refunded", minor=200, of="p"), a_fact("refunded", "o", 100, of="other")]) == 300
    assert kept(PAID, [a_fact("refunded", minor=900, of="p")]) == 0
    assert kept(PAID, [a_fact("disputed", of="p")]) == 0


@pytest.mark.django_db(databases=["readers"])
def test_a_refund_counts_wherever_its_row_hangs() -> None:
    """A refund may name the payment alone, and come before anybody knew whose it is."""
    given, other = a_contribution(), a_contribution()
    paid = Fact.objects.create(
        contribution=given, provider="practice", kind="settled", provider_id="p", minor=500, currency="USD",
        month=NOVEMBER,
    )  # fmt: skip
    back = Fact.objects.create(
        contribution=other, provider="practice", kind="refunded", provider_id="r", of="p", minor=500, currency="USD",
        month=NOVEMBER,
    )  # fmt: skip
    Fact.objects.create(
        contribution=other, provider="stripe", kind="refunded", provider_id="r", of="p", minor=500, currency="USD",
        month=NOVEMBER,
    )  # fmt: skip
    assert facts_about(given) == [paid, back]
    assert status_of(given) == "refunded"
    assert statuses([given, other]) == {given.pk: "refunded", other.pk: "waiting"}


@pytest.mark.django_db(databases=["readers"])
def test_many_are_asked_about_with_a_few_queries(django_assert_max_num_queries) -> None:
    given = [a_contribution() for _number in range(30)]
    for row in given:
        Fact.objects.create(
            contribution=row, provider="practice", kind="settled", provider_id=f"p{row.pk}", minor=500,
            currency="USD", month=NOVEMBER,
        )  # fmt: skip
    with django_assert_max_num_queries(2, using="readers"):
        assert set(statuses(given).values()) == {"settled"}
    assert plan_statuses([]) == {}
