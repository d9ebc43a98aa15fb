"""A gift's beginning: the row first, one order whatever is cut off, an address apart."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from stet.kit.money import Money
from stet.ledger import changing
from stet.ledger.errors import ProviderAwayError, WishChangedError
from stet.ledger.giving import Outcomes, Urls, Wish, begin, outcomes_since
from stet.ledger.models import Act, Contact, Contribution, Fact, Plan
from tests.frontdesk.paying import Account, Till, away
from tests.readers.builders import an_address, an_opener, reader_keys

pytestmark = pytest.mark.django_db(databases=["readers"])
NOW = datetime(2026, 11, 25, 20, 17, 43, tzinfo=UTC)


def a_wish(**changes: Any) -> Wish:
    return replace(
        Wish(
            interval="once",
            money=Money(1_000, "USD"),
            method="card",
            campaign="spring-b",
            language="en",
            address=None,
            label="Far Shore Publishing",
            urls=Urls(back="https://letters.example.org/en/thanks", cancel="https://example.org/support/"),
            refused_countries=("XX",),
        ),
        **changes,
    )


def begun(wish: Wish, till: Till) -> str:
    return begin(wish, provider=till, keys=reader_keys(), now=NOW).url


def test_the_row_is_committed_before_the_provider_hears_of_it() -> None:
    seen: list[tuple[int, bool]] = []
    till = Till()
    till.on_start = lambda order: seen.append(
        (Contribution.objects.filter(uid=order.uid, session_id="").count(), _depth())
    )
    before = _depth()
    begun(a_wish(), till)
    assert seen == [(1, before)]
    row = Contribution.objects.get()
    assert (row.provider, row.interval, row.minor, row.currency) == ("practice", "once", 1_000, "USD")
    assert (row.campaign, row.language, row.month, row.session_id) == ("spring-b", "en", date(2026, 11, 1), "cs_1")
    assert (row.contact, row.plan, row.reference) == (None, None, "")


def _depth() -> int:
    """How many transactions and savepoints are open; the test itself holds one."""
    return len(connections["readers"].savepoint_ids)


def test_the_provider_is_told_our_uid_the_amount_and_where_to_lead_back_to_and_nothing_else() -> None:
    till = Till()
    wish = a_wish(address=an_address("canary@example.org"))
    begun(wish, till)
    (order,) = till.orders.values()
    assert order.uid == Contribution.objects.get().uid == wish.uid
    assert (order.money, order.interval, order.label, order.method) == (
        Money(1_000, "USD"), "once", "Far Shore Publishing", "card",
    )  # fmt: skip
    assert order.refused_countries == ("XX",)
    assert "canary" not in repr(order)
    assert "spring" not in repr(order)


def test_a_wish_that_is_sent_again_is_one_row_and_one_order() -> None:
    till, wish = Till(), a_wish(address=an_address())
    assert begun(wish, till) == begun(wish, till)
    assert (Contribution.objects.count(), Contact.objects.count(), len(till.orders)) == (1, 1, 1)


def test_where_the_provider_is_away_the_row_waits_for_the_next_try() -> None:
    till, wish = Till(fails=[away()]), a_wish()
    with pytest.raises(ProviderAwayError):
        begun(wish, till)
    assert Contribution.objects.get().session_id == ""
    begun(wish, till)
    assert Contribution.objects.get().session_id == "cs_1"


class Killed(BaseException):
    """The process ends here."""


def test_a_process_that_ends_after_the_order_was_placed_has_lost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    till, wish = Till(), a_wish()
    take = till.start

    def take_and_die(order: Any) -> Any:
        take(order)
        raise Killed

    monkeypatch.setattr(till, "start", take_and_die)
    with pytest.raises(Killed):
        begun(wish, till)
    assert list(till.orders) == [Contribution.objects.get().uid]
    monkeypatch.undo()
    begun(wish, till)
    assert (Contribution.objects.get().session_id, len(till.orders)) == ("cs_1", 1)


def test_a_uid_stands_for_one_wish() -> None:
    till, wish = Till(), a_wish()
    begun(wish, till)
    with pytest.raises(WishChangedError):
        begun(replace(wish, money=Money(2_000, "USD")), till)
    assert len(till.orders) == 1


@pytest.mark.parametrize(
    ("interval", "until"),
    [("once", date(2027, 1, 24)), ("monthly", date(2027, 3, 5)), ("annual", date(2028, 1, 29))],
)
def test_an_address_is_sealed_apart_and_has_an_end(interval: str, until: date) -> None:
    begun(a_wish(interval=interval, address=an_address("Ada@gmail.com")), Till())
    contact = Contribution.objects.get().contact
    assert contact
    assert b"ada" not in bytes(contact.sealed).lower()
    assert an_opener().open(contact.sealed, uid=uuid4()).text == "Ada@gmail.com"
    assert bytes(contact.lookup) == reader_keys().lookup.of(an_address("ada@gmail.com"))
    assert (contact.purpose, contact.lane, contact.language, contact.until) == ("receipts", "gmail", "en", until)
    contact.delete()
    assert Contribution.objects.get().contact is None


def test_a_bank_transfer_has_a_reference_and_no_page() -> None:
    assert begun(a_wish(method="bank"), Account()) == ""
    row = Contribution.objects.get()
    assert row.reference == row.session_id == "RF00000001"


# --- Outcomes ---


def a_fact(kind: str, number: str, **of: Any) -> Fact:
    return Fact.objects.create(provider="practice", kind=kind, provider_id=number, month=date(2026, 11, 1), **of)


def a_plan(**changes: Any) -> Plan:
    values: dict[str, Any] = {
        "provider": "practice", "provider_id": "sub_1", "customer_id": "cus_1", "interval": "monthly", "minor": 500,
        "currency": "USD", "language": "en", "month": date(2026, 11, 1), **changes,
    }  # fmt: skip
    return Plan.objects.create(**values)


def test_first_payments_are_counted_from_the_place_where_counting_began() -> None:
    begun(a_wish(), Till())
    gift = Contribution.objects.get()
    a_fact("settled", "ch_0", contribution=gift)
    start = outcomes_since(None)
    assert (start.settled, start.failed) == (0, 0)
    assert outcomes_since(start.place) == start
    a_fact("failed", "ch_1", contribution=gift)
    a_fact("failed", "ch_2", contribution=gift)
    a_fact("settled", "ch_3", contribution=gift)
    a_fact("refunded", "re_1", contribution=gift)
    a_fact("failed", "in_1", plan=a_plan())
    found = outcomes_since(start.place)
    assert (found.settled, found.failed) == (1, 2)
    assert outcomes_since(found.place) == Outcomes(place=found.place)


# --- Ending a plan ---


def test_a_plan_is_ended_once_under_one_key() -> None:
    till, plan = Till(fails=[away()]), a_plan()
    with pytest.raises(ProviderAwayError):
        changing.end(plan.uid, provider=till, now=NOW)
    act = Act.objects.get()
    assert (act.kind, act.by, act.reason, act.done) == ("cancel", "giver", "asked", False)
    changing.end(plan.uid, provider=till, now=NOW)
    changing.end(plan.uid, provider=till, now=NOW)
    assert till.cancelled == [("sub_1", act.uid)]
    assert Act.objects.get().done


def test_links_are_owed_for_the_running_plans_of_an_address_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    keys, owed = reader_keys(), []
    monkeypatch.setattr("stet.ledger.posting.owe_portal", lambda plan, *, now: owed.append(plan.provider_id))
    for number, address in {"sub_1": "ada", "sub_2": "ada", "sub_3": "bob"}.items():
        wish = a_wish(interval="monthly", address=an_address(f"{address}@example.org"))
        begun(wish, Till())
        gift = Contribution.objects.get(uid=wish.uid)
        plan = a_plan(provider_id=number, contact=gift.contact if number == "sub_1" else None)
        Contribution.objects.filter(uid=wish.uid).update(plan=plan)
    a_fact("ended", "sub_9", plan=a_plan(provider_id="sub_9", contact=Plan.objects.get(provider_id="sub_1").contact))
    changing.ask_links(an_address("ADA@example.org"), keys=keys, now=NOW)
    assert owed == ["sub_1", "sub_2"]
    changing.ask_links(an_address("nobody@example.org"), keys=keys, now=NOW)
    assert owed == ["sub_1", "sub_2"]
