"""What a provider tells is kept once, attached to what it belongs to, and never lost."""

import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stet.kit.money import Money
from stet.ledger.models import Contribution, Difference, Fact, Inbox, Plan
from stet.ledger.providers.base import Delivery
from stet.ledger.status import plan_statuses, statuses
from stet.ledger.taking import take_in
from stet.readers.errors import SealBrokenError
from tests.ledger.builders import NOW, OPENER, SEALER, House, a_contact, a_contribution, order_of
from tests.ledger.shop import NOVEMBER, Shop

pytestmark = pytest.mark.django_db(databases=["readers"])


# --- The inbox ---


def test_a_delivery_is_one_row_however_often_it_comes(house: House) -> None:
    paid = house.shop.pay(house.gives().session_id)
    house.receive(paid, paid)
    house.receive(paid)
    row = Inbox.objects.get()
    assert (row.provider, row.event_id, row.reference, row.done) == ("practice", "evt_1", paid.reference, False)


def test_a_body_is_kept_sealed(house: House) -> None:
    house.receive(house.shop.pay(house.gives().session_id))
    sealed = bytes(Inbox.objects.get().sealed)
    assert b"7391" not in sealed
    assert OPENER.open_bytes(sealed) == b'{"canary": 7391}'
    with pytest.raises(SealBrokenError):
        OPENER.open_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(SealBrokenError):
        OPENER.open_bytes(SEALER.seal_bytes(b"x")[:20])


def test_a_delivery_of_no_concern_is_kept_and_done(house: House) -> None:
    house.work(Delivery(event_id="evt_unheard_of", reference=""))
    assert Inbox.objects.get().done
    assert house.provider.calls == []


# --- Facts ---


def test_a_payment_settles_its_contribution(house: House) -> None:
    row = house.gives(minor=250, currency="EUR")
    house.work(house.shop.pay(row.session_id))
    fact = Fact.objects.get()
    assert (fact.contribution, fact.plan, fact.kind) == (row, None, "settled")
    assert (fact.minor, fact.currency, fact.month) == (250, "EUR", NOVEMBER)
    assert Inbox.objects.get().done


def test_told_again_a_fact_changes_nothing(house: House) -> None:
    row = house.gives()
    house.shop.pay(row.session_id)
    facts = house.provider.facts_of(row.session_id)
    assert take_in(facts, provider="practice", now=NOW) == 1
    assert take_in([*facts, *facts], provider="practice", now=NOW) == 0
    assert Fact.objects.count() == 1


def test_another_amount_is_a_difference_and_overwrites_nothing(house: House) -> None:
    row = house.gives()
    house.shop.pay(row.session_id)
    [told] = house.provider.facts_of(row.session_id)
    take_in([told], provider="practice", now=NOW)
    other = replace(told, money=Money(900, "USD"))
    assert take_in([other], provider="practice", now=NOW) == 0
    assert Fact.objects.get().minor == 500
    difference = Difference.objects.get()
    assert (difference.kind, difference.provider_id, difference.minor) == ("amount", told.provider_id, 900)
    assert (difference.run, difference.mended) == (None, False)
    Difference.objects.update(settled_by="timur")
    take_in([other], provider="practice", now=NOW)
    assert Difference.objects.get().settled_by == "timur"
    take_in([replace(told, money=Money(901, "USD"))], provider="practice", now=NOW)
    assert Difference.objects.get().settled_by == ""


def test_an_amount_below_zero_is_no_fact(house: House) -> None:
    row = house.gives()
    house.shop.pay(row.session_id)
    [told] = house.provider.facts_of(row.session_id)
    assert take_in([replace(told, money=Money(-500, "USD"))], provider="practice", now=NOW) == 0
    assert Difference.objects.get().minor == -500


def test_a_payment_of_nobody_here_is_never_lost_and_never_attached_to_somebody_else(house: House) -> None:
    """An empty number once matched every row that had none, and gave them all to one giver."""
    for _number in range(3):
        a_contribution()
    elsewhere = Shop()
    row = a_contribution()
    elsewhere.pay(elsewhere.start(order_of(row)).session_id)
    [told] = [one.fact for one in elsewhere.told() if one.fact]
    Contribution.objects.filter(pk=row.pk).delete()
    for uid in (told.uid, None):
        assert take_in([replace(told, uid=uid)], provider="practice", now=NOW) == 0
    difference = Difference.objects.get()
    assert (difference.kind, difference.minor, difference.currency) == ("unknown", 500, "USD")
    assert Fact.objects.count() == 0


def test_a_uid_counts_for_its_own_provider_alone(house: House) -> None:
    row = a_contribution(house.shop, provider="stripe")
    house.work(house.shop.pay(row.session_id))
    assert Fact.objects.count() == 0
    assert Difference.objects.get().kind == "unknown"


def test_what_belonged_to_nothing_is_mended_when_it_belongs_to_something(house: House) -> None:
    row = house.gives()
    house.shop.pay(row.session_id)
    house.shop.give_back(f"ch_{row.uid.hex}_1", Money(500, "USD"))
    paid, back = house.provider.facts_of(row.session_id)
    take_in([back], provider="practice", now=NOW)
    assert not Difference.objects.get().mended
    take_in([back, paid], provider="practice", now=NOW)
    assert Difference.objects.get().mended
    assert statuses([row]) == {row.pk: "refunded"}


# --- Plans ---


def test_a_plan_is_made_when_it_is_first_told_of(house: House) -> None:
    contact = a_contact()
    row = house.gives(interval="monthly", campaign="spring-b", language="ru", contact=contact)
    house.work(house.shop.pay(row.session_id))
    plan = Plan.objects.get()
    assert (plan.interval, plan.minor, plan.currency, plan.month) == ("monthly", 500, "USD", NOVEMBER)
    assert (plan.campaign, plan.language, plan.contact) == ("spring-b", "ru", contact)
    row.refresh_from_db()
    assert row.plan == plan


def test_the_first_payment_is_the_contributions_and_the_next_the_plans(house: House) -> None:
    row = house.gives(interval="monthly")
    house.work(house.shop.pay(row.session_id), house.shop.pay(row.session_id))
    first, second = Fact.objects.order_by("pk")
    plan = Plan.objects.get()
    assert (first.contribution, first.plan) == (row, plan)
    assert (second.contribution, second.plan) == (None, plan)


def test_a_refund_of_a_renewal_is_the_plans(house: House) -> None:
    row = house.gives(interval="monthly")
    house.work(house.shop.pay(row.session_id), house.shop.pay(row.session_id))
    house.work(house.shop.give_back(f"ch_{row.uid.hex}_2", Money(500, "USD")))
    back = Fact.objects.get(kind="refunded")
    assert (back.contribution, back.plan) == (None, Plan.objects.get())
    assert statuses([row]) == {row.pk: "settled"}


def test_a_plan_says_what_the_provider_says_now(house: House) -> None:
    row = house.gives(interval="monthly")
    house.work(house.shop.pay(row.session_id))
    session = row.session_id
    house.shop.orders[session] = replace(house.shop.orders[session], money=Money(900, "USD"))
    house.work(house.shop.pay(session))
    assert Plan.objects.get().minor == 900
    assert sorted(Fact.objects.values_list("minor", flat=True)) == [500, 900]


def test_ended_ends_the_plan_and_not_the_contribution(house: House) -> None:
    row = house.gives(interval="annual")
    house.work(house.shop.pay(row.session_id), house.shop.end(row.session_id))
    assert plan_statuses([Plan.objects.get()]) == {Plan.objects.get().pk: "ended"}
    assert statuses([row]) == {row.pk: "settled"}


def test_new_facts_are_told_to_those_who_owe_mails_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("stet.ledger.posting.after_facts", lambda facts, *, now: told.extend(f.kind for f in facts))
    row = house.gives()
    paid = house.shop.pay(row.session_id)
    house.work(paid, paid, house.shop.opens(row.session_id))
    assert told == ["settled"]


# --- Any order of deliveries, one end state ---


def declined_then_paid(shop: Shop, session: str, _other: str) -> list[Delivery]:
    return [shop.opens(session), shop.decline(session), shop.pay(session)]


def paid_then_given_back(shop: Shop, session: str, _other: str) -> list[Delivery]:
    return [shop.pay(session), shop.opens(session), shop.give_back(shop.payments()[0].provider_id, Money(200, "USD"))]


def monthly_fails_and_is_mended(shop: Shop, _session: str, monthly: str) -> list[Delivery]:
    return [shop.pay(monthly), shop.pay(monthly), shop.decline(monthly), shop.pay(monthly)]


def monthly_is_cancelled(shop: Shop, _session: str, monthly: str) -> list[Delivery]:
    return [shop.opens(monthly), shop.pay(monthly), shop.end(monthly)]


def monthly_gives_back_the_first_and_goes_on(shop: Shop, _session: str, monthly: str) -> list[Delivery]:
    paid = [shop.pay(monthly), shop.pay(monthly)]
    return [*paid, shop.give_back(shop.payments()[0].provider_id, Money(500, "USD")), shop.pay(monthly)]


def disputed_and_lost_while_another_is_won(shop: Shop, session: str, monthly: str) -> list[Delivery]:
    paid = [shop.pay(session), shop.pay(monthly)]
    lost, won = (one.provider_id for one in shop.payments())
    return [*paid, shop.dispute(lost), shop.dispute(won), shop.win(won)]


SCENARIOS: dict[str, Callable[[Shop, str, str], list[Delivery]]] = {
    "once: declined, then paid": declined_then_paid,
    "once: paid, then a part given back": paid_then_given_back,
    "monthly: paid, fails, is mended": monthly_fails_and_is_mended,
    "monthly: paid, then cancelled": monthly_is_cancelled,
    "monthly: paid, month one given back, goes on": monthly_gives_back_the_first_and_goes_on,
    "once and monthly: disputed and lost, disputed and won": disputed_and_lost_while_another_is_won,
}


def end_state() -> dict[str, Any]:
    """Everything that is there, without primary keys."""
    contributions, plans = list(Contribution.objects.order_by("pk")), list(Plan.objects.order_by("provider_id"))
    return {
        "facts": sorted(
            Fact.objects.values_list(
                "kind", "provider_id", "of", "minor", "currency", "month", "contribution__provider",
                "plan__provider_id", "contribution__interval",
            ),
            key=str,
        ),
        "plans": [(p.provider_id, p.customer_id, p.minor, p.currency, p.interval, p.month, p.language) for p in plans],
        "statuses": list(statuses(contributions).values()),
        "plan statuses": [plan_statuses(plans)[p.pk] for p in plans],
        "whose plans": [c.plan and c.plan.provider_id for c in contributions],
        "open": [row.event_id for row in Inbox.objects.filter(done=False)],
        "differences": list(Difference.objects.filter(mended=False).values_list("kind", "provider_id")),
    }  # fmt: skip


SHUFFLES = int(os.environ.get("STET_SHUFFLES", "170"))
"""Of each scenario, more than a thousand of all six; a thousand of each with `make shuffle-ledger`. A fault that shows
in three orders of a hundred is missed by 170 once in 170 runs; handlers that assign what they are told fail in 36 of a
hundred or more (decision 0025)."""


class Shuffles:
    """One scenario, worked off again and again from the same beginning."""

    def __init__(self, folder: Path, scenario: str) -> None:
        self.house = House(folder)
        self.once, self.monthly = self.house.gives(), self.house.gives(interval="monthly")
        self.deliveries = SCENARIOS[scenario](self.house.shop, self.once.session_id, self.monthly.session_id)
        self.ends: list[dict[str, Any]] = []

    def run(self, dice: random.Random, work: Callable[[Delivery], None]) -> None:
        """Deliver in any order, everything once or twice, and keep the state it ends in."""
        order = [one for one in self.deliveries for _copy in range(dice.randint(1, 2))]
        dice.shuffle(order)
        came_to, last = 0, len(self.house.shop.history)
        with transaction.atomic(using="readers"):
            mark = transaction.savepoint(using="readers")
            for delivery in order:
                # It is worked off at the earliest when what it tells of has happened, and maybe later.
                came_to = max(came_to, int(delivery.event_id.removeprefix("evt_")))
                came_to = dice.randint(came_to, last) if dice.random() < 0.3 else came_to
                self.house.shop.now = came_to
                work(delivery)
            self.ends.append(end_state())
            transaction.savepoint_rollback(mark, using="readers")

    def end_in_one_state(self) -> bool:
        told = sum(1 for one in self.house.shop.history if one.fact)
        first = self.ends[0]
        assert first["open"] == first["differences"] == []
        assert len(first["facts"]) == told
        return all(end == first for end in self.ends)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_any_order_of_deliveries_with_any_repetition_ends_in_one_state(scenario: str, tmp_path: Path) -> None:
    """More than a thousand shuffles of all, without the inbox, which would have spared the ledger the repetitions."""
    shuffles = Shuffles(tmp_path, scenario)

    def work(delivery: Delivery) -> None:
        take_in(shuffles.house.provider.facts(delivery.reference), provider="practice", now=NOW)

    @settings(max_examples=SHUFFLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.integers(min_value=0, max_value=2**63))
    def shuffled(seed: int) -> None:
        shuffles.run(random.Random(seed), work)

    shuffled()
    assert len(shuffles.ends) >= SHUFFLES
    assert shuffles.end_in_one_state()


def test_more_than_a_thousand_orders_are_tried() -> None:
    assert SHUFFLES * len(SCENARIOS) >= 1_000


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_same_goes_for_inbox_and_worker(scenario: str, tmp_path: Path) -> None:
    shuffles = Shuffles(tmp_path, scenario)
    for seed in range(20):
        shuffles.run(random.Random(seed), shuffles.house.work)
    assert shuffles.end_in_one_state()
