"""Giving back and ending a plan: asked twice, ordered once, under a name and a word."""

import logging
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client

from stet.ledger.models import Act, Contribution, Fact, Plan
from stet.ledger.practice.server import Practice
from stet.ledger.providers.base import Capabilities
from stet.ledger.providers.stripe import StripeProvider
from stet.ledger.status import status_of, status_of_plan
from stet.ledger.taking import take_in
from stet.office import paying
from stet.project.settings import Newsroom
from stet.readers.joining import readers_transaction
from tests.ledger.builders import NOW, House
from tests.ledger.providers.builders import KEYS, an_order
from tests.office.test_giving import text_of

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


@pytest.fixture
def house(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> House:
    """A provider that exists only here, and the ledger's side of it."""
    made = House(newsroom.folder)
    monkeypatch.setitem(paying._MADE, str(newsroom.folder), {"practice": made.provider})
    return made


def paid(house: House, **changes: object) -> Contribution:
    row = house.gives(minor=2500, **changes)
    house.work(house.shop.pay(row.session_id))
    row.refresh_from_db()
    return row


def refund_path(row: Contribution) -> str:
    return f"/giving/payments/{row.facts.get(kind='settled').pk}/refund/"


def wish(**changes: str) -> dict[str, str]:
    return {"how": "whole", "amount": "", "reason": "asked", "left": "2500", **changes}


# --- Giving back ---


def test_a_payment_is_given_back_after_asking_how_much_and_why_and_once_more(house: House, finance: Client) -> None:
    row = paid(house)
    assert refund_path(row) in finance.get(f"/giving/contributions/{row.uid}/").content.decode()
    assert "US$25.00 is left of a payment of November 2026 by Practice" in text_of(finance.get(refund_path(row)))
    once_more = text_of(finance.post(refund_path(row), wish()))
    assert "You give back US$25.00 of US$25.00 ." in once_more
    assert Act.objects.count() == 0
    said = text_of(finance.post(refund_path(row), wish(is_sure="yes"), follow=True))
    assert "Given back. The provider sends it on its way" in said
    assert "finance ordered to give it back · US$25.00 Whoever gave asked for it · carried out" in said
    assert status_of(row) == "refunded"
    act = Act.objects.get()
    assert (act.by, act.reason, act.done, act.minor) == ("finance", "asked", True, 2500)
    assert "Give back …" not in said


def test_a_part_is_given_back_as_it_is_written_in_the_readers_language(house: House, finance: Client) -> None:
    row = paid(house)
    part = wish(how="part", amount="۲٫۵۰", reason="mistake")
    persian = {"accept-language": "fa"}
    assert "۲٫۵۰" in text_of(finance.post(refund_path(row), part, headers=persian))
    finance.post(refund_path(row), {**part, "is_sure": "yes"}, headers=persian)
    assert Fact.objects.get(kind="refunded").minor == 250
    assert status_of(row) == "partly_refunded"
    assert "US$22.50 is left" in text_of(finance.get(refund_path(row)))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": ""}, "Choose why."),
        ({"reason": "he is a crook"}, "Choose why."),
        ({"how": "part", "amount": ""}, "Write an amount."),
        ({"how": "part", "amount": "much"}, "This is not an amount."),
        ({"how": "part", "amount": "25.01"}, "That is more than is left of this payment."),
        ({"how": "part", "amount": "1.999"}, "This is more exact than the currency can be charged."),
        ({"left": "9900"}, "Something of this payment was given back since you looked."),
        ({"left": ""}, "Something of this payment was given back since you looked."),
    ],
)
def test_what_cannot_be_given_back_is_said_and_not_ordered(
    house: House, finance: Client, changes: dict[str, str], sentence: str
) -> None:
    row = paid(house)
    said = text_of(finance.post(refund_path(row), wish(is_sure="yes", **changes)))
    assert sentence in said
    assert Act.objects.count() == 0


def test_a_button_that_is_pressed_twice_gives_back_once(house: House, finance: Client) -> None:
    row = paid(house)
    part = wish(how="part", amount="5", is_sure="yes")
    for _ in range(2):
        finance.post(refund_path(row), part)
    assert Act.objects.count() == 1
    assert [call for call in house.provider.calls if call.startswith("refund")] == [
        f"refund {row.facts.get(kind='settled').provider_id}"
    ]


def test_a_provider_that_does_not_answer_leaves_the_order_to_the_ledger(house: House, finance: Client) -> None:
    row = paid(house)
    house.provider.is_away = True
    said = text_of(finance.post(refund_path(row), wish(is_sure="yes"), follow=True))
    assert "Ordered, but the provider does not answer." in said
    assert "open; the ledger tries again within the hour" in said
    first = finance.get("/giving/")
    assert "1 order of yours not carried out finance ordered to give it back · open" in text_of(first)
    assert f'href="/giving/contributions/{row.uid}/"' in first.content.decode()
    assert Act.objects.get().done is False


def test_a_provider_that_refuses_is_said_to_have_refused(house: House, finance: Client) -> None:
    row = paid(house)
    house.provider.refuses = True
    said = text_of(finance.post(refund_path(row), wish(is_sure="yes"), follow=True))
    assert "The provider refused it." in said
    assert "The shop said no." not in said
    assert "refused by the provider, and not tried again" in said
    assert "Give back …" in said


def test_what_this_host_has_no_keys_of_is_not_ordered_from_here(house: House, finance: Client) -> None:
    row = paid(house)
    Fact.objects.update(provider="stripe")
    said = text_of(finance.post(refund_path(row), wish(is_sure="yes"), follow=True))
    assert "This host has no keys of the provider." in said
    assert Act.objects.count() == 0


def test_what_a_provider_does_not_do_is_not_offered(house: House, finance: Client) -> None:
    row = paid(house)
    house.provider.capabilities = Capabilities(recurring=False, refunds=False, portal=False)
    said = text_of(finance.get(refund_path(row), follow=True))
    assert "This provider does not do that by itself." in said


def test_keys_that_are_not_right_are_said_to_be_so(finance: Client, house: House, newsroom: Newsroom) -> None:
    row = paid(house)
    paying._MADE.clear()
    (newsroom.keys / "stripe.json").write_text('{"key": 7391}')
    said = text_of(finance.get(refund_path(row), follow=True))
    assert "The keys of a provider are not right." in said
    assert "7391" not in said


def test_only_a_payment_can_be_given_back(house: House, finance: Client) -> None:
    row = paid(house)
    finance.post(refund_path(row), wish(is_sure="yes"))
    back = Fact.objects.get(kind="refunded")
    assert finance.get(f"/giving/payments/{back.pk}/refund/").status_code == 404
    assert "Nothing of this payment is left" in text_of(finance.get(refund_path(row), follow=True))


# --- Ending a plan ---


def test_a_plan_is_ended_with_a_reason_by_somebody_who_is_sure(house: House, finance: Client) -> None:
    row = paid(house, interval="monthly")
    plan = Plan.objects.get()
    path = f"/giving/plans/{plan.uid}/end/"
    assert path in finance.get(f"/giving/plans/{plan.uid}/").content.decode()
    assert "US$25.00 · Every month · Practice" in text_of(finance.get(path))
    assert "Choose why." in text_of(finance.post(path, {"is_sure": "yes"}))
    assert "say that you are sure" in text_of(finance.post(path, {"reason": "country"}))
    assert Act.objects.count() == 0
    said = text_of(finance.post(path, {"reason": "country", "is_sure": "yes"}, follow=True))
    assert "Ended. Nothing more is collected." in said
    assert "finance ordered to end the plan The country makes giving dangerous · carried out" in said
    assert status_of_plan(plan) == "ended"
    assert "End this plan …" not in said
    assert "This plan has ended already." in text_of(finance.post(path, {"reason": "asked"}, follow=True))
    assert row.facts.filter(kind="settled").exists()


def test_a_plans_renewal_is_given_back_from_the_plans_page(house: House, finance: Client) -> None:
    row = paid(house, interval="monthly")
    house.work(house.shop.pay(row.session_id))
    renewal = Fact.objects.get(kind="settled", contribution=None)
    answer = finance.post(f"/giving/payments/{renewal.pk}/refund/", wish(is_sure="yes"))
    assert answer.headers["Location"] == f"/giving/plans/{Plan.objects.get().uid}/"
    assert Act.objects.get().plan == Plan.objects.get()


# --- Over the wire ---


@pytest.fixture
def practice(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> Iterator[Practice]:
    """The practice provider on a port of its own."""
    with Practice() as running:
        provider = StripeProvider(KEYS, name="practice", base_url=running.url, refused_countries=tuple)
        monkeypatch.setitem(paying._MADE, str(newsroom.folder), {"practice": provider})
        yield running


def test_a_refund_and_an_end_reach_the_practice_provider(
    practice: Practice, finance: Client, newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    provider = paying.providers()["practice"]
    order = an_order(uid=uuid4(), interval="monthly")
    row = Contribution.objects.create(
        uid=order.uid, provider="practice", interval="monthly", minor=500, currency="USD", language="en",
        month=NOW.date().replace(day=1), session_id=provider.start(order).session_id,
    )  # fmt: skip
    practice.do("pay", session=row.session_id)
    with readers_transaction():
        take_in(provider.facts_of(row.session_id), provider="practice", now=NOW)
    with caplog.at_level(logging.DEBUG, logger="stet"):
        finance.post(refund_path(row), wish(left="500", is_sure="yes"))
        finance.post(f"/giving/plans/{Plan.objects.get().uid}/end/", {"reason": "asked", "is_sure": "yes"})
    assert status_of(row) == "refunded"
    assert status_of_plan(Plan.objects.get()) == "ended"
    assert list(Act.objects.values_list("done", flat=True)) == [True, True]
    assert "500" not in caplog.text
