"""PayPal: orders that we collect, plans with their own list of payments, and proof by asking."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from stet.kit.money import Money
from stet.ledger.errors import DeliveryRefusedError, ProviderAwayError, ProviderRefusedError
from stet.ledger.providers.base import FactTold, Order, Started
from stet.ledger.providers.keys import PayPalKeys
from stet.ledger.providers.paypal import AUTOPAY, EVENTS, PayPalProvider
from tests.ledger.providers.builders import an_order, kinds, the
from tests.ledger.providers.paypal_double import CLIENT, SECRET, WEBHOOK, PayPal

YESTERDAY = date.today() - timedelta(days=1)
KEYS = PayPalKeys(client_id=CLIENT, secret=SECRET, webhook_id=WEBHOOK)


@pytest.fixture
def server() -> Iterator[PayPal]:
    with PayPal() as server:
        yield server


@pytest.fixture
def paypal(server: PayPal) -> PayPalProvider:
    return PayPalProvider(KEYS, base_url=server.url)


def number_of(started: Started) -> str:
    return started.session_id.partition(":")[2]


def begun(paypal: PayPalProvider, server: PayPal, order: Order) -> Started:
    started = paypal.start(order)
    server.approve(started.session_id)
    return started


def test_an_order_is_collected_once_it_is_approved(paypal: PayPalProvider, server: PayPal) -> None:
    order = an_order()
    started = paypal.start(order)
    assert started.url.startswith("https://www.example.org/checkoutnow")
    assert paypal.facts_of(started.session_id) == []
    server.approve(started.session_id)
    for _time in range(2):
        settled = the("settled", paypal.facts_of(started.session_id))
        assert (settled.uid, settled.money) == (order.uid, Money(500, "USD"))
    assert len(server.captures) == 1


def test_paypal_is_told_our_uid_and_nothing_else_of_ours(paypal: PayPalProvider, server: PayPal) -> None:
    order = an_order()
    (unit,) = server.things[number_of(paypal.start(order))]["purchase_units"]
    assert (unit["custom_id"], unit["description"]) == (str(order.uid), order.label)
    monthly = an_order(interval="monthly")
    plan = server.things[number_of(paypal.start(monthly))]
    assert plan["custom_id"] == str(monthly.uid)
    assert plan["application_context"]["shipping_preference"] == "NO_SHIPPING"


def test_an_order_that_is_sent_twice_is_one_order(paypal: PayPalProvider, server: PayPal) -> None:
    for interval in ("once", "monthly"):
        order = an_order(interval=interval)
        assert paypal.start(order) == paypal.start(order)
    with pytest.raises(ProviderRefusedError):
        paypal.start(an_order(uid=order.uid, interval="monthly", money=Money(900, "USD")))


@pytest.mark.parametrize(
    ("money", "value"), [(Money(250, "USD"), "2.50"), (Money(500, "JPY"), "500"), (Money(20_000, "HUF"), "200")]
)
def test_amounts_are_written_as_paypal_takes_them(
    paypal: PayPalProvider, server: PayPal, money: Money, value: str
) -> None:
    started = begun(paypal, server, an_order(money=money))
    assert server.things[number_of(started)]["purchase_units"][0]["amount"]["value"] == value
    assert the("settled", paypal.facts_of(started.session_id)).money == money


def test_a_fraction_that_paypal_does_not_take_is_refused(paypal: PayPalProvider) -> None:
    with pytest.raises(ProviderRefusedError):
        paypal.start(an_order(money=Money(20_050, "HUF")))


def test_a_declined_order_failed_and_a_pending_one_waits(paypal: PayPalProvider, server: PayPal) -> None:
    declined, pending = paypal.start(an_order()), paypal.start(an_order())
    server.approve(declined.session_id, will_be="DECLINED")
    server.approve(pending.session_id, will_be="PENDING")
    assert kinds(paypal.facts_of(declined.session_id)) == ["failed"]
    assert kinds(paypal.facts_of(pending.session_id)) == []


def test_an_order_that_paypal_has_forgotten_is_nothing(paypal: PayPalProvider) -> None:
    assert paypal.facts_of("order:5O99") == []


def test_an_order_that_was_collected_before_is_read(paypal: PayPalProvider, server: PayPal) -> None:
    started = begun(paypal, server, an_order())
    paypal.facts_of(started.session_id)
    # As if its answer had been lost, and the key forgotten.
    server.keys.clear()
    stale = dict(server.things[number_of(started)], status="APPROVED")
    assert paypal._reader.collect(stale)["status"] == "COMPLETED"


def test_a_refund_is_made_once_and_never_of_more_than_there_was(paypal: PayPalProvider, server: PayPal) -> None:
    started = begun(paypal, server, an_order())
    payment, key = the("settled", paypal.facts_of(started.session_id)).provider_id, uuid4()
    for _time in range(2):
        paypal.refund(payment, Money(200, "USD"), key=key)
    (refund,) = server.refunds
    for reference in (started.session_id, f"refund:{refund}", f"capture:{payment}"):
        back = the("refunded", paypal.facts(reference))
        assert (back.money, back.of, back.provider_id) == (Money(200, "USD"), payment, refund)
    with pytest.raises(ProviderRefusedError) as refusal:
        paypal.refund(payment, Money(301, "USD"), key=uuid4())
    assert "CANARY" not in str(refusal.value)
    assert "301" not in str(refusal.value)


# --- Plans ---


def test_one_plan_of_the_catalogue_serves_every_amount(paypal: PayPalProvider, server: PayPal) -> None:
    for minor in (500, 700, 900):
        paypal.start(an_order(interval="monthly", money=Money(minor, "USD")))
    paypal.start(an_order(interval="annual"))
    paypal.start(an_order(interval="monthly", money=Money(500, "EUR")))
    assert sorted(one for one in server.things if one.startswith("P-")) == sorted(
        {one["plan_id"] for number, one in server.things.items() if number.startswith("I-")}
    )
    assert len([one for one in server.things if one.startswith("P-")]) == 3


def test_a_plan_tells_its_first_payment_from_the_others(paypal: PayPalProvider, server: PayPal) -> None:
    order = an_order(interval="annual", money=Money(6_000, "EUR"))
    started = begun(paypal, server, order)
    server.bill(number_of(started), "DECLINED")
    server.bill(number_of(started))
    facts = paypal.facts_of(started.session_id)
    assert kinds(facts) == ["failed", "settled", "settled"]
    (first,) = [one for one in facts if one.is_first]
    assert (first.kind, first.uid) == ("settled", order.uid)
    for fact in facts:
        assert fact.plan is not None
        assert (fact.plan.interval, fact.plan.money, fact.plan.uid) == ("annual", Money(6_000, "EUR"), order.uid)
        assert fact.uid == (order.uid if fact.is_first else None)


def test_a_first_payment_that_failed_before_is_still_the_first(paypal: PayPalProvider, server: PayPal) -> None:
    started = paypal.start(an_order(interval="monthly"))
    server.bill(number_of(started), "DECLINED")
    server.bill(number_of(started))
    assert [one.is_first for one in paypal.facts_of(started.session_id)] == [True, True]


def test_a_plan_is_ended_once_however_often_it_is_asked(paypal: PayPalProvider, server: PayPal) -> None:
    started = begun(paypal, server, an_order(interval="monthly"))
    for _time in range(2):
        paypal.cancel(number_of(started), key=uuid4())
    ended = the("ended", paypal.facts_of(started.session_id))
    assert (ended.why, ended.provider_id) == ("cancelled", number_of(started))


def test_a_refund_of_a_renewal_is_the_plans(paypal: PayPalProvider, server: PayPal) -> None:
    started = begun(paypal, server, an_order(interval="monthly"))
    sale = server.bill(number_of(started))
    server.sale_refunds["1R"] = {
        "id": "1R",
        "sale_id": sale,
        "state": "completed",
        "amount": {"total": "5.00", "currency": "USD"},
        "create_time": "2026-11-25T10:00:00Z",
    }
    headers, body = server.event("PAYMENT.SALE.REFUNDED", id="1R", sale_id=sale)
    reference = paypal.read_delivery(headers, body).reference
    back = the("refunded", paypal.facts(reference))
    assert (back.of, back.uid, back.money) == (sale, None, Money(500, "USD"))
    assert back.plan is not None


def test_people_end_their_plans_at_paypal(paypal: PayPalProvider) -> None:
    assert paypal.portal_url("I-1", back_url="https://paper.example.org/", language="en") == AUTOPAY
    with pytest.raises(ProviderRefusedError):
        paypal.plans_of_country("RU")


# --- Disputes, the listing ---


def test_a_dispute_takes_the_money_and_winning_gives_it_back(paypal: PayPalProvider, server: PayPal) -> None:
    order = an_order()
    started = begun(paypal, server, order)
    settled = the("settled", paypal.facts_of(started.session_id))
    number = server.dispute(settled.provider_id, {"currency_code": "USD", "value": "5.00"}, str(order.uid))
    server.disputes[number]["dispute_life_cycle_stage"] = "INQUIRY"
    assert paypal.facts(f"dispute:{number}") == []
    server.disputes[number]["dispute_life_cycle_stage"] = "CHARGEBACK"
    disputed = the("disputed", paypal.facts(f"dispute:{number}"))
    assert (disputed.of, disputed.uid) == (settled.provider_id, order.uid)
    server.disputes[number] |= {"status": "RESOLVED", "dispute_outcome": {"outcome_code": "RESOLVED_SELLER_FAVOUR"}}
    assert kinds(paypal.facts(f"dispute:{number}")) == ["disputed", "reinstated"]


def test_the_listing_tells_the_same_facts_as_asking_one_by_one(paypal: PayPalProvider, server: PayPal) -> None:
    def in_short(facts: Iterable[FactTold]) -> set[tuple[str, str, Money | None]]:
        return {(one.kind, one.provider_id, one.money) for one in facts}

    once, plan = begun(paypal, server, an_order()), begun(paypal, server, an_order(interval="monthly"))
    server.bill(number_of(plan))
    payment = the("settled", paypal.facts_of(once.session_id)).provider_id
    paypal.refund(payment, Money(100, "USD"), key=uuid4())
    for _dispute in range(2):
        server.dispute(payment, {"currency_code": "USD", "value": "4.00"})
    asked = in_short(paypal.facts_of(once.session_id)) | in_short(paypal.facts_of(plan.session_id))
    for number in server.disputes:
        asked |= in_short(paypal.facts(f"dispute:{number}"))
    for since in (YESTERDAY, date.today() - timedelta(days=200)):
        assert in_short(paypal.listing(since)) == asked


def test_a_payment_that_is_nobodys_here_is_listed(paypal: PayPalProvider, server: PayPal) -> None:
    server.line("8X", {"currency_code": "USD", "value": "9.00"}, "T0000", custom="")
    (fact,) = paypal.listing(YESTERDAY)
    assert (fact.kind, fact.uid, fact.plan, fact.money) == ("settled", None, None, Money(900, "USD"))


# --- Webhooks, tokens, errors ---


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_points_at_something(paypal: PayPalProvider, server: PayPal, name: str) -> None:
    headers, body = server.event(name, id="X1", billing_agreement_id="I-1", dispute_id="PP-D-1")
    kind, _, number = paypal.read_delivery(headers, body).reference.partition(":")
    assert kind == EVENTS[name].replace("sale-refund", "~").replace("sale", "subscription").replace("~", "sale-refund")
    assert number in ("X1", "I-1", "PP-D-1")


def test_an_event_that_nobody_knows_points_at_nothing(paypal: PayPalProvider, server: PayPal) -> None:
    assert paypal.read_delivery(*server.event("SOMETHING.NEW", id="X1")).reference == ""
    assert paypal.read_delivery(*server.event("PAYMENT.CAPTURE.COMPLETED", id="../../x")).reference == ""
    assert paypal.facts("something:1") == []


def test_a_delivery_that_paypal_does_not_know_is_refused(paypal: PayPalProvider, server: PayPal) -> None:
    headers, body = server.event("PAYMENT.CAPTURE.COMPLETED", id="X1")
    wrong_signature = {**headers, "PayPal-Transmission-Sig": "forged"}
    for told in ((headers, body.replace(b"X1", b"X2")), (wrong_signature, body), ({}, body), (headers, b"[]")):
        with pytest.raises(DeliveryRefusedError):
            paypal.read_delivery(*told)
    server.away = 1
    with pytest.raises(ProviderAwayError):
        paypal.read_delivery(headers, body)


def test_a_token_is_asked_for_once_and_again_before_it_ends(paypal: PayPalProvider, server: PayPal) -> None:
    for _order in range(3):
        paypal.start(an_order())
    assert len(server.tokens) == 1
    short = PayPalProvider(KEYS, base_url=server.url)
    server.token_seconds = 30
    for _order in range(2):
        short.start(an_order())
    assert len(server.tokens) == 3


def test_errors_are_told_apart_and_say_nothing(paypal: PayPalProvider, server: PayPal) -> None:
    server.away = 1
    with pytest.raises(ProviderAwayError):
        paypal.start(an_order())
    keys = PayPalKeys(client_id="CANARY", secret="CANARY", webhook_id=WEBHOOK)
    with pytest.raises(ProviderRefusedError) as refusal:
        PayPalProvider(keys, base_url=server.url).start(an_order(money=Money(777, "USD")))
    assert not any(word in str(refusal.value) for word in ("CANARY", "777", "7.77"))
    with pytest.raises(ProviderAwayError):
        PayPalProvider(KEYS, base_url="http://127.0.0.1:9").start(an_order())
    with pytest.raises(ProviderRefusedError):
        paypal.refund("../../v1/secret", Money(1, "USD"), key=UUID(int=1))


def test_nothing_of_whoever_pays_is_in_facts(paypal: PayPalProvider, server: PayPal) -> None:
    for interval in ("once", "monthly"):
        facts = paypal.facts_of(begun(paypal, server, an_order(interval=interval)).session_id)
        assert facts
        assert "payer@example.org" not in repr(facts)
        assert "Pat" not in repr(facts)
