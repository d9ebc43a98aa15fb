"""Refunds and cancellations: kept first, done once, finished when they were cut off."""

import pytest

from stet.kit.money import Money
from stet.ledger import acting
from stet.ledger.errors import ActRefusedError, ProviderAwayError, ProviderRefusedError
from stet.ledger.models import Act, Fact, Plan
from stet.ledger.providers.base import Capabilities
from stet.ledger.status import status_of, status_of_plan
from tests.ledger.builders import NOW, House

pytestmark = pytest.mark.django_db(databases=["readers"])


def paid(house: House, **changes: object) -> Fact:
    row = house.gives(**changes)
    house.work(house.shop.pay(row.session_id))
    return house.payment(row)


def refund(house: House, payment: Fact, minor: int | None = None, reason: str = "asked") -> Act:
    money = Money(minor, payment.currency) if minor is not None else None
    return acting.refund(house.provider, payment, money, reason=reason, by="timur", now=NOW)


def test_a_payment_is_given_back_whole(house: House) -> None:
    payment = paid(house)
    act = refund(house, payment)
    assert (act.done, act.minor, act.by, act.reason) == (True, 500, "timur", "asked")
    assert payment.contribution is not None
    assert status_of(payment.contribution) == "refunded"


def test_a_payment_is_given_back_in_parts_and_no_more_than_it_was(house: House) -> None:
    payment = paid(house)
    refund(house, payment, 200)
    assert payment.contribution is not None
    assert status_of(payment.contribution) == "partly_refunded"
    with pytest.raises(ActRefusedError, match="More would be given back"):
        refund(house, payment, 301)
    refund(house, payment)
    assert status_of(payment.contribution) == "refunded"
    with pytest.raises(ActRefusedError, match="Nothing of this payment is left"):
        refund(house, payment)


def test_a_renewal_is_given_back(house: House) -> None:
    row = house.gives(interval="monthly")
    house.work(house.shop.pay(row.session_id), house.shop.pay(row.session_id))
    refund(house, house.payment(row, 2))
    assert Fact.objects.get(kind="refunded").plan == Plan.objects.get()


REFUSED = {
    "no such reason": {"reason": "because"},
    "nothing": {"minor": 0},
    "below zero": {"minor": -1},
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refund_that_makes_no_sense_is_no_row(house: House, case: str) -> None:
    payment = paid(house)
    with pytest.raises(ActRefusedError):
        refund(house, payment, **REFUSED[case])  # type: ignore[arg-type]
    assert not Act.objects.exists()


def test_only_a_payment_in_its_own_currency_is_given_back(house: House) -> None:
    payment = paid(house)
    with pytest.raises(ActRefusedError, match="currency"):
        acting.refund(house.provider, payment, Money(100, "EUR"), reason="asked", by="timur", now=NOW)
    refund(house, payment)
    with pytest.raises(ActRefusedError, match="Only a payment"):
        refund(house, Fact.objects.get(kind="refunded"))


def test_a_refund_that_was_cut_off_is_finished_and_done_once(house: House) -> None:
    payment = paid(house)
    house.provider.is_away = True
    with pytest.raises(ProviderAwayError):
        refund(house, payment)
    act = Act.objects.get()
    assert (act.done, act.why_open) == (False, "ProviderAwayError")
    # It counts already: nobody gives the same money back twice meanwhile.
    house.provider.is_away = False
    with pytest.raises(ActRefusedError, match="Nothing"):
        refund(house, payment)
    assert acting.finish({"practice": house.provider}, now=NOW) == 1
    assert acting.finish({"practice": house.provider}, now=NOW) == 0
    assert Fact.objects.filter(kind="refunded").count() == 1


def test_a_refund_whose_answer_was_lost_is_the_same_refund(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = paid(house)

    def answer_is_lost(_session: str) -> object:
        raise ProviderAwayError("The line broke.")

    monkeypatch.setattr(house.provider, "facts_of", answer_is_lost)
    with pytest.raises(ProviderAwayError):
        refund(house, payment)
    monkeypatch.undo()
    acting.finish({"practice": house.provider}, now=NOW)
    assert len(house.shop.keys) == 1
    assert Fact.objects.filter(kind="refunded").count() == 1


def test_what_the_provider_refuses_stays_and_is_not_tried_again_by_itself(house: House) -> None:
    payment = paid(house)
    house.provider.refuses = True
    with pytest.raises(ProviderRefusedError):
        refund(house, payment)
    house.provider.refuses = False
    assert acting.finish({"practice": house.provider}, now=NOW) == 0
    assert Act.objects.get().why_open == "ProviderRefusedError"
    assert refund(house, payment).done


def test_a_plan_is_ended_once(house: House) -> None:
    row = house.gives(interval="monthly")
    house.work(house.shop.pay(row.session_id))
    plan = Plan.objects.get()
    house.provider.is_away = True
    with pytest.raises(ProviderAwayError):
        acting.cancel(house.provider, plan, reason="asked", by="timur", now=NOW)
    house.provider.is_away = False
    acting.cancel(house.provider, plan, reason="asked", by="timur", now=NOW)
    assert Act.objects.get().done
    assert status_of_plan(plan) == "ended"
    assert status_of(row) == "settled"
    with pytest.raises(ActRefusedError, match="ended already"):
        acting.cancel(house.provider, plan, reason="asked", by="timur", now=NOW)


def test_a_provider_without_refunds_or_plans_says_so(house: House) -> None:
    payment = paid(house, interval="monthly")
    house.provider.capabilities = Capabilities(recurring=False, refunds=False, portal=False)
    with pytest.raises(ActRefusedError, match="gives nothing back"):
        refund(house, payment)
    assert payment.plan is not None
    with pytest.raises(ActRefusedError, match="keeps no plans"):
        acting.cancel(house.provider, payment.plan, reason="asked", by="timur", now=NOW)
