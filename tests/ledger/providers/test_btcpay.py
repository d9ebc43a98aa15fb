"""BTCPay Server: what came in is what counts, in one payment or several, too little, too much, or too late."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest

from stet.kit.money import Money
from stet.ledger.errors import DeliveryRefusedError, ProviderAwayError, ProviderRefusedError
from stet.ledger.providers.base import Order, Started
from stet.ledger.providers.btcpay import BtcpayProvider
from stet.ledger.providers.keys import BtcpayKeys
from tests.ledger.providers.btcpay_double import SECRET, STORE, TOKEN, Btcpay
from tests.ledger.providers.builders import an_order, kinds, the

YESTERDAY = date.today() - timedelta(days=1)


@pytest.fixture
def server() -> Iterator[Btcpay]:
    with Btcpay() as server:
        yield server


@pytest.fixture
def btcpay(server: Btcpay) -> BtcpayProvider:
    return BtcpayProvider(BtcpayKeys(url=server.url, store=STORE, token=TOKEN, webhook_secret=SECRET))


@pytest.fixture
def order() -> Order:
    return an_order(money=Money(500, "USD"))


@pytest.fixture
def started(btcpay: BtcpayProvider, order: Order) -> Started:
    return btcpay.start(order)


def told(btcpay: BtcpayProvider, started: Started) -> list[tuple[str, int]]:
    facts = btcpay.facts(f"invoice:{started.session_id}")
    return sorted((str(one.kind), one.money.minor if one.money else 0) for one in facts)


def test_an_invoice_says_what_is_needed_and_nothing_of_ours(server: Btcpay, order: Order, started: Started) -> None:
    invoice = server.invoices[started.session_id]
    assert started.url == f"{server.url}/i/{started.session_id}"
    assert (invoice["amount"], invoice["currency"]) == ("5.00", "USD")
    assert invoice["metadata"] == {"orderId": str(order.uid), "itemDesc": order.label}
    assert invoice["checkout"]["redirectURL"] == order.back_url


@pytest.mark.parametrize(("method", "expected"), [("lightning", ["BTC-LN"]), ("crypto", None)])
def test_one_coin_can_be_asked_for(btcpay: BtcpayProvider, server: Btcpay, method: str, expected: list[str]) -> None:
    invoice = server.invoices[btcpay.start(an_order(method=method)).session_id]
    assert invoice["checkout"].get("paymentMethods") == expected


def test_an_order_that_is_sent_twice_is_one_invoice(
    btcpay: BtcpayProvider, server: Btcpay, order: Order, started: Started
) -> None:
    assert btcpay.start(order) == started
    assert len(server.invoices) == 1
    with pytest.raises(ProviderRefusedError):
        btcpay.start(an_order(uid=order.uid, money=Money(600, "USD")))


def test_a_payment_settles_the_very_amount(
    btcpay: BtcpayProvider, server: Btcpay, order: Order, started: Started
) -> None:
    assert told(btcpay, started) == []
    payment = server.pay(started.session_id, "5.00")
    settled = the("settled", btcpay.facts_of(started.session_id))
    assert (settled.uid, settled.money, settled.provider_id) == (order.uid, Money(500, "USD"), payment)


def test_a_payment_on_its_way_does_not_count(btcpay: BtcpayProvider, server: Btcpay, started: Started) -> None:
    server.pay(started.session_id, "5.00", status="Processing")
    server.expire(started.session_id)
    assert told(btcpay, started) == []


def test_a_part_is_a_part(btcpay: BtcpayProvider, server: Btcpay, started: Started) -> None:
    server.pay(started.session_id, "2.00")
    server.expire(started.session_id)
    assert told(btcpay, started) == [("settled", 200)]


def test_several_payments_and_too_much_are_all_counted(
    btcpay: BtcpayProvider, server: Btcpay, started: Started
) -> None:
    server.pay(started.session_id, "2.00")
    server.pay(started.session_id, "4.00")
    assert told(btcpay, started) == [("settled", 200), ("settled", 400)]


def test_a_payments_amount_is_the_same_whatever_follows(
    btcpay: BtcpayProvider, server: Btcpay, started: Started
) -> None:
    server.pay(started.session_id, "5.00")
    assert told(btcpay, started) == [("settled", 500)]
    server.pay(started.session_id, "5.00", late=True)
    assert told(btcpay, started) == [("settled", 500), ("settled", 500)]


def test_a_late_payment_comes_after_the_end(btcpay: BtcpayProvider, server: Btcpay, started: Started) -> None:
    server.expire(started.session_id)
    assert told(btcpay, started) == [("ended", 0)]
    server.pay(started.session_id, "5.00", late=True)
    assert told(btcpay, started) == [("settled", 500)]


def test_a_payment_that_was_spent_twice_failed(btcpay: BtcpayProvider, server: Btcpay, started: Started) -> None:
    server.pay(started.session_id, "5.00", status="Invalid")
    server.invoices[started.session_id]["status"] = "Invalid"
    assert kinds(btcpay.facts_of(started.session_id)) == ["ended", "failed"]


def test_what_somebody_marks_as_settled_is(btcpay: BtcpayProvider, server: Btcpay, started: Started) -> None:
    server.invoices[started.session_id] |= {"status": "Settled", "additionalStatus": "Marked"}
    assert told(btcpay, started) == [("settled", 500)]


def test_what_happened_is_listed_to_its_end(btcpay: BtcpayProvider, server: Btcpay) -> None:
    for _number in range(105):
        server.pay(btcpay.start(an_order()).session_id, "5.00")
    server.invoices["Inv0"]["metadata"] = {"orderId": "somebody's shop"}
    assert kinds(btcpay.listing(YESTERDAY)) == ["settled"] * 104
    assert list(btcpay.listing(date.today() + timedelta(days=2))) == []


def test_a_delivery_is_proved_over_its_bytes(btcpay: BtcpayProvider, server: Btcpay, started: Started) -> None:
    headers, body = server.delivery(started.session_id, "InvoicePaymentSettled", afterExpiration=True)
    delivery = btcpay.read_delivery(headers, body)
    assert delivery.reference == f"invoice:{started.session_id}"
    for wrong in (({}, body), (headers, body + b"\n"), ({"BTCPay-Sig": "sha256="}, body)):
        with pytest.raises(DeliveryRefusedError):
            btcpay.read_delivery(*wrong)
    no_secret = BtcpayProvider(BtcpayKeys(url=server.url, store=STORE, token=TOKEN, webhook_secret=""))
    with pytest.raises(DeliveryRefusedError):
        no_secret.read_delivery(headers, body)


def test_a_redelivery_is_the_same_event(btcpay: BtcpayProvider, server: Btcpay, started: Started) -> None:
    again = server.delivery(
        started.session_id, "InvoiceSettled", deliveryId="d2", originalDeliveryId="d1", isRedelivery=True
    )
    assert btcpay.read_delivery(*again).event_id == "d1"


@pytest.mark.parametrize(
    "values",
    [{"storeId": "Another"}, {"type": "SomethingNew"}, {"invoiceId": "__test__1__test__"}, {"type": "InvoiceCreated"}],
)
def test_what_is_of_no_concern_points_at_nothing(
    btcpay: BtcpayProvider, server: Btcpay, started: Started, values: dict[str, str]
) -> None:
    headers, body = server.delivery(started.session_id, kind="InvoiceSettled", **values)
    assert btcpay.read_delivery(headers, body).reference == ""


def test_what_it_cannot_do_it_says(btcpay: BtcpayProvider) -> None:
    with pytest.raises(ProviderRefusedError):
        btcpay.start(an_order(interval="monthly"))
    with pytest.raises(ProviderRefusedError):
        btcpay.refund("p", Money(1, "USD"), key=uuid4())
    assert list(btcpay.plans_of_country("RU")) == []


def test_errors_are_told_apart_and_say_nothing(btcpay: BtcpayProvider, server: Btcpay) -> None:
    server.away = 1
    with pytest.raises(ProviderAwayError):
        btcpay.start(an_order())
    stranger = BtcpayProvider(BtcpayKeys(url=server.url, store=STORE, token="CANARY", webhook_secret=SECRET))
    with pytest.raises(ProviderRefusedError) as refusal:
        stranger.start(an_order(money=Money(777, "USD")))
    assert not any(word in str(refusal.value) for word in ("CANARY", "777", "7.77"))
