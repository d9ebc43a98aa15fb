"""Every difference with a provider is listed, once, and none is left silently."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from stet.kit.money import Money
from stet.ledger.errors import ProviderAwayError
from stet.ledger.models import Contribution, Difference, Fact, ReconcileRun
from stet.ledger.providers.base import FactTold
from stet.ledger.reconciling import reconcile
from stet.ledger.status import status_of
from tests.ledger.builders import NOW, House, a_contribution
from tests.ledger.shop import NOVEMBER, ShopProvider

pytestmark = pytest.mark.django_db(databases=["readers"])

SINCE = date(2026, 10, 20)


def test_a_ledger_that_agrees_has_no_difference(house: House) -> None:
    row = house.gives(interval="monthly")
    house.work(house.shop.pay(row.session_id), house.shop.pay(row.session_id), house.shop.end(row.session_id))
    report = reconcile(house.provider, SINCE, now=NOW)
    assert (report.compared, report.differences, report.open) == (3, (), 0)
    assert ReconcileRun.objects.get().ended is not None


def test_what_was_missing_here_is_added_and_listed(house: House) -> None:
    row = house.gives()
    house.shop.pay(row.session_id)
    report = reconcile(house.provider, SINCE, now=NOW)
    assert [(one.kind, one.is_mended) for one in report.differences] == [("missing_here", True)]
    assert report.open == 0
    assert status_of(row) == "settled"
    assert reconcile(house.provider, SINCE, now=NOW).differences == ()


def test_orders_that_nothing_is_known_of_are_asked_for_one_by_one(house: House) -> None:
    """Where a listing is late, the page itself tells."""
    paid, waiting = house.gives(), house.gives()
    house.shop.pay(paid.session_id)
    a_contribution(session_id="cs_nowhere")
    a_contribution()  # cut off before the provider heard of it

    class LateListing(ShopProvider):
        def listing(self, since: date) -> object:  # type: ignore[override]
            del since
            return iter(())

    report = reconcile(LateListing(house.shop), SINCE, now=NOW)
    assert (report.asked, report.refused) == (3, 1)
    assert [one.kind for one in report.differences] == ["missing_here"]
    assert (status_of(paid), status_of(waiting)) == ("settled", "waiting")


def test_an_order_whose_page_number_was_never_stored_is_found_by_its_uid(house: House) -> None:
    row = house.gives()
    house.shop.pay(row.session_id)
    Contribution.objects.update(session_id="")
    reconcile(house.provider, SINCE, now=NOW)
    assert status_of(row) == "settled"


def test_what_is_not_listed_there_waits_for_somebody(house: House) -> None:
    row = house.gives()
    ghost = Fact.objects.create(
        contribution=row, provider="practice", kind="settled", provider_id="ch_ghost", minor=500, currency="USD",
        month=NOVEMBER,
    )  # fmt: skip
    report = reconcile(house.provider, SINCE, now=NOW)
    assert [(one.kind, one.provider_id) for one in report.differences] == [("missing_there", "ch_ghost")]
    assert report.open == 1
    assert Fact.objects.filter(pk=ghost.pk).exists()
    Difference.objects.update(settled_by="timur")
    again = reconcile(house.provider, SINCE, now=NOW)
    assert (len(again.differences), again.open, Difference.objects.count()) == (1, 0, 1)


def test_what_is_listed_after_all_is_no_difference_any_more(house: House) -> None:
    row = house.gives()
    house.work(house.shop.pay(row.session_id))
    house.shop.now = 0
    reconcile(house.provider, SINCE, now=NOW)
    assert not Difference.objects.get().mended
    house.shop.now = None
    assert reconcile(house.provider, SINCE, now=NOW).differences == ()
    assert Difference.objects.get().mended


def test_nothing_is_missing_there_that_may_lie_before_since(house: House) -> None:
    Fact.objects.create(
        contribution=house.gives(), provider="practice", kind="settled", provider_id="ch_old", minor=500,
        currency="USD", month=date(2026, 10, 1),
    )  # fmt: skip
    assert reconcile(house.provider, SINCE, now=NOW).differences == ()
    assert reconcile(house.provider, date(2026, 10, 1), now=NOW).open == 1


def test_other_providers_and_bank_transfers_are_not_asked_for_what_they_cannot_list(house: House) -> None:
    for provider in ("bank", "stripe"):
        Fact.objects.create(
            contribution=a_contribution(provider=provider), provider=provider, kind="settled", provider_id="p",
            minor=500, currency="USD", month=NOVEMBER,
        )  # fmt: skip
    house.shop.orders.clear()
    bank = ShopProvider(house.shop, name="bank", has_page=False)
    assert reconcile(bank, SINCE, now=NOW).differences == ()
    assert reconcile(house.provider, SINCE, now=NOW).differences == ()


def test_what_comes_in_while_the_provider_tells_is_not_missing_there(house: House) -> None:
    row = house.gives()

    class SlowListing(ShopProvider):
        def listing(self, since: date) -> object:  # type: ignore[override]
            told = list(super().listing(since))
            house.work(house.shop.pay(row.session_id))
            yield from told

    assert reconcile(SlowListing(house.shop), SINCE, now=NOW).differences == ()


def test_a_comparison_that_is_cut_off_keeps_what_it_found(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stet.ledger.reconciling.AT_ONCE", 1)
    for _number in range(2):
        house.shop.pay(house.gives().session_id)

    class BreaksOff(ShopProvider):
        def listing(self, since: date) -> object:  # type: ignore[override]
            yield next(super().listing(since))
            raise ProviderAwayError("The shop went away.")

    with pytest.raises(ProviderAwayError):
        reconcile(BreaksOff(house.shop), SINCE, now=NOW)
    assert ReconcileRun.objects.get().ended is None
    assert Fact.objects.count() == 1
    reconcile(house.provider, SINCE, now=NOW)
    assert Fact.objects.count() == 2


def test_of_many_payments_as_many_differences_are_found_as_there_are(house: House) -> None:
    """Injected: payments we lack, payments the provider lacks, other amounts, payments of nobody."""
    dice = random.Random(7)
    sessions = [house.gives(minor=dice.randint(200, 9_900)).session_id for _number in range(400)]
    for session in sessions:
        house.shop.pay(session)
    reconcile(house.provider, SINCE, now=NOW)
    Difference.objects.all().delete()
    facts = list(Fact.objects.order_by("pk"))
    dice.shuffle(facts)
    missing_here, other_amount, missing_there = facts[:31], facts[31:48], facts[48:55]
    Fact.objects.filter(pk__in=[one.pk for one in missing_here]).delete()
    for fact in other_amount:
        Fact.objects.filter(pk=fact.pk).update(minor=fact.minor + 1)
    gone = {one.provider_id for one in missing_there}
    house.shop.history = [one for one in house.shop.history if one.fact and one.fact.provider_id not in gone]
    nobody = [
        FactTold(kind="settled", provider_id=f"ch_nobody_{number}", month=NOVEMBER, money=Money(500, "USD"), uid=None)
        for number in range(5)
    ]
    for told in nobody:
        house.shop.happens(sessions[0], told)
    report = reconcile(house.provider, SINCE, now=NOW)
    assert Counter(one.kind for one in report.differences) == {
        "missing_here": 31, "amount": 17, "missing_there": 7, "unknown": 5,
    }  # fmt: skip
    assert report.open == 17 + 7 + 5
    again = reconcile(house.provider, SINCE, now=NOW + timedelta(days=1))
    assert Counter(one.kind for one in again.differences) == {"amount": 17, "missing_there": 7, "unknown": 5}
