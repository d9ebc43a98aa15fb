"""The practice provider is as strict as the real one, keeps what it knows, and tells of it as disorderly as asked."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests
import stripe
from stripe import StripeClient

from stet.ledger.practice import shapes
from stet.ledger.practice.account import API_VERSION, HOOK_SECRET, SECRET_KEY
from stet.ledger.practice.server import Practice
from tests.ledger.providers.conftest import Told

REMOVED = {
    "invoice": {"subscription", "payment_intent", "charge", "paid"},
    "subscription": {"current_period_end", "current_period_start", "plan"},
    "charge": {"invoice"},
}
"""Fields that older versions had; whoever reads them reads nothing at Stripe."""


def a_session(**values: Any) -> dict[str, Any]:
    """Parameters of a page to pay on."""
    price = {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Far Shore Trust"}}
    return {
        "mode": "payment",
        "success_url": "https://paper.example.org/thanks",
        "cancel_url": "https://paper.example.org/support",
        "line_items": [{"quantity": 1, "price_data": price | values.pop("price", {})}],
        **values,
    }


def test_objects_have_the_fields_of_the_pinned_version_and_no_others(practice: Practice, client: StripeClient) -> None:
    session = client.v1.checkout.sessions.create(
        a_session(mode="subscription", price={"recurring": {"interval": "month"}})
    )
    practice.do("pay", session=session.id)
    practice.do("dispute", charge=practice.store.all("charge")[0]["id"])
    for kind in ("charge", "dispute", "invoice", "invoice_payment", "payment_intent", "subscription", "event"):
        for thing in practice.store.all(kind):
            assert set(thing) == shapes.fields_of(kind)
            assert not set(thing) & REMOVED.get(kind, set())


STRANGE = {
    "a name that nobody knows": {"colour": "blue"},
    "a name within": {"price": {"shade": "dark"}},
    "a name of an older version": {"payment_method_types": ["card"]},
    "a word that is none of the list": {"mode": "gift"},
    "a number that is none": {"expires_at": "soon"},
    "a page that closes too soon": {"expires_at": 1},
    "a page that never closes": {"expires_at": 99_999_999_999},
    "an amount below the smallest": {"price": {"unit_amount": 49}},
    "an amount of nothing": {"price": {"unit_amount": 0}},
    "an amount above the largest": {"price": {"unit_amount": 100_000_000}},
    "a currency that there is not": {"price": {"currency": "zzz"}},
    "a fraction of a krona": {"price": {"currency": "isk", "unit_amount": 50_001}},
    "a subscription without a period": {"mode": "subscription"},
    "a payment with a period": {"price": {"recurring": {"interval": "month"}}},
    "data of the other mode": {"subscription_data": {"metadata": {"a": "b"}}},
    "no address": {"success_url": "paper"},
    "nothing to pay": {"line_items": []},
    "an empty text": {"client_reference_id": ""},
}


@pytest.mark.parametrize("values", STRANGE.values(), ids=STRANGE)
def test_what_stripe_refuses_is_refused(client: StripeClient, practice: Practice, values: dict[str, Any]) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(a_session(**values))
    assert practice.store.all("checkout.session") == []
    assert practice.store.all("price") == []


def test_a_strange_key_or_version_is_refused(practice: Practice) -> None:
    address = {"api": practice.url}
    with pytest.raises(stripe.AuthenticationError):
        StripeClient("sk_test_other", base_addresses=address).v1.charges.list()
    with pytest.raises(stripe.InvalidRequestError):
        StripeClient(SECRET_KEY, base_addresses=address, stripe_version="2020-08-27").v1.charges.list()
    answer = requests.get(f"{practice.url}/v1/charges", timeout=5)
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "invalid_request_error")


def test_an_idempotency_key_stands_for_one_order(client: StripeClient) -> None:
    once: Any = {"idempotency_key": "k1"}
    form: Any = {"amount": 500, "currency": "usd"}
    assert client.v1.payment_intents.create(form, once).id == client.v1.payment_intents.create(form, once).id
    with pytest.raises(stripe.IdempotencyError):
        client.v1.payment_intents.create({**form, "amount": 600}, once)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.create({**form, "amount": 1}, {"idempotency_key": "k2"})
    assert client.v1.payment_intents.create(form, {"idempotency_key": "k2"}).amount == 500


def test_a_decline_is_kept_under_its_key_too(client: StripeClient, practice: Practice) -> None:
    form: Any = {"amount": 500, "currency": "usd", "payment_method": "pm_card_visa_chargeDeclined", "confirm": True}
    for _time in range(2):
        with pytest.raises(stripe.CardError) as refusal:
            client.v1.payment_intents.create(form, {"idempotency_key": "k"})
        assert refusal.value.code == "card_declined"
    assert len(practice.store.all("charge")) == 1


def test_no_more_is_given_back_than_came_in(client: StripeClient, practice: Practice) -> None:
    form: Any = {"amount": 500, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}
    charge = str(client.v1.payment_intents.create(form).latest_charge)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"charge": charge, "amount": 501})
    client.v1.refunds.create({"charge": charge, "amount": 500})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"charge": charge})
    assert refusal.value.code == "charge_already_refunded"
    assert sum(line["amount"] for line in practice.store.all("balance_transaction")) == 0


def test_a_page_of_plans_is_full_however_many_were_canceled_before_it(client: StripeClient) -> None:
    product = client.v1.products.create({"name": "Far Shore Trust"}).id
    price: Any = {"currency": "usd", "unit_amount": 500, "product": product, "recurring": {"interval": "month"}}
    made = []
    for _ in range(6):
        customer = client.v1.customers.create({"payment_method": "pm_card_visa"}).id
        (method,) = client.v1.payment_methods.list({"customer": customer}).data
        form: Any = {"customer": customer, "default_payment_method": method.id, "items": [{"price_data": price}]}
        made.append(client.v1.subscriptions.create(form).id)
    for number in made[3:]:
        client.v1.subscriptions.cancel(number)
    assert [one.id for one in client.v1.subscriptions.list({"limit": 2}).auto_paging_iter()] == made[2::-1]
    every: Any = {"limit": 2, "status": "all"}
    assert [one.id for one in client.v1.subscriptions.list(every).auto_paging_iter()] == made[::-1]


def test_lists_come_in_pages_the_newest_first(client: StripeClient) -> None:
    made = [client.v1.customers.create({"name": str(number)}).id for number in range(7)]
    assert [one.id for one in client.v1.customers.list({"limit": 3}).auto_paging_iter()] == made[::-1]
    page = client.v1.customers.list({"limit": 2, "ending_before": made[3]})
    assert ([one.id for one in page.data], page.has_more) == ([made[5], made[4]], True)
    for wrong in ({"limit": 101}, {"starting_after": "cus_nobody"}):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.customers.list(wrong)  # type: ignore[arg-type]


def test_what_cannot_be_expanded_is_refused(client: StripeClient) -> None:
    form: Any = {"amount": 500, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}
    number = client.v1.payment_intents.create(form).id
    deep = client.v1.payment_intents.retrieve(number, {"expand": ["latest_charge.balance_transaction"]})
    assert deep.to_dict()["latest_charge"]["balance_transaction"]["amount"] == 500
    for wrong in ("charges", "amount", "a.b.c.d.e"):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.payment_intents.retrieve(number, {"expand": [wrong]})


@pytest.mark.parametrize(
    ("began", "expected"),
    [("2027-01-31", ["02-28", "03-31", "04-30"]), ("2028-01-30", ["02-29", "03-30", "04-30"])],
)
def test_a_month_is_a_month_on_the_calendar(began: str, expected: list[str]) -> None:
    from datetime import UTC, datetime

    from stet.ledger.practice.plans import _later

    anchor = int(datetime.fromisoformat(began).replace(tzinfo=UTC).timestamp())
    found = [_later(anchor, {"interval": "month", "interval_count": 1}, times) for times in (1, 2, 3)]
    assert [f"{datetime.fromtimestamp(one, UTC):%m-%d}" for one in found] == expected


def test_what_it_knows_survives_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "data" / "practice.sqlite3"
    with Practice(file=file) as practice:
        client = StripeClient(SECRET_KEY, base_addresses={"api": practice.url})
        session = client.v1.checkout.sessions.create(a_session(), {"idempotency_key": "k"})
        practice.do("clock", days="0", seconds="60")
    with Practice(file=file) as practice:
        client = StripeClient(SECRET_KEY, base_addresses={"api": practice.url})
        assert client.v1.checkout.sessions.create(a_session(), {"idempotency_key": "k"}).id == session.id
        practice.do("pay", session=session.id)
        assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
        assert practice.account.ahead() == 60


def test_after_a_move_only_the_new_address_is_told(tmp_path: Path, told: Told, until: Callable[..., None]) -> None:
    file = tmp_path / "practice.sqlite3"
    with Practice(file=file, hook="http://127.0.0.1:9/hooks/practice", pauses=(60.0,)) as practice:
        gift(StripeClient(SECRET_KEY, base_addresses={"api": practice.url}))
    with Practice(file=file, hook=told.url, pauses=(0.02,)) as practice:
        gift(StripeClient(SECRET_KEY, base_addresses={"api": practice.url}))
        until(lambda: len(told.deliveries) == 3)


def test_it_listens_on_this_machine_alone(practice: Practice) -> None:
    assert practice._server.server_address[0] == "127.0.0.1"


# --- Events ---


def gift(client: StripeClient) -> None:
    form: Any = {"amount": 500, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}
    client.v1.payment_intents.create(form)


def events(told: Told) -> list[str]:
    return [msgspec.json.decode(body)["id"] for _headers, body in told.deliveries]


def test_a_delivery_that_fails_is_tried_again(
    client: StripeClient, practice: Practice, told: Told, until: Callable[..., None]
) -> None:
    practice.tell(told.url)
    told.statuses = [500, 302, 503]
    gift(client)
    until(lambda: len(set(events(told))) == 3 and len(events(told)) == 6 and not practice.store.owed())
    for headers, body in told.deliveries:
        stripe.WebhookSignature.verify_header(body, headers["Stripe-Signature"], HOOK_SECRET, 300)


def test_deliveries_can_be_held_repeated_and_shuffled(
    client: StripeClient, practice: Practice, told: Told, until: Callable[..., None]
) -> None:
    practice.tell(told.url)
    practice.do("hooks", hold="1", copies="2", shuffle="1")
    for _gift in range(10):
        gift(client)
    time.sleep(0.2)
    assert told.deliveries == []
    practice.do("hooks", hold="0")
    until(lambda: len(told.deliveries) == 60)
    order = list(dict.fromkeys(events(told)))
    assert sorted(order) == sorted(one["id"] for one in practice.store.all("event"))
    assert order != [one["id"] for one in practice.store.all("event")][::-1]


def test_an_endpoint_gets_what_it_asked_for_in_its_own_secret(
    client: StripeClient, practice: Practice, told: Told, until: Callable[..., None]
) -> None:
    hook = client.v1.webhook_endpoints.create(
        {"url": told.url, "enabled_events": ["charge.succeeded"], "api_version": API_VERSION}  # type: ignore[typeddict-item]
    )
    gift(client)
    until(lambda: not practice.store.owed())
    ((headers, body),) = told.deliveries
    stripe.WebhookSignature.verify_header(body, headers["Stripe-Signature"], str(hook.secret), 300)
    event = msgspec.json.decode(body)
    assert (event["type"], event["api_version"], event["livemode"]) == ("charge.succeeded", API_VERSION, False)


# --- Pages ---


def page_of(client: StripeClient, **values: Any) -> str:
    return str(client.v1.checkout.sessions.create(a_session(**values)).url)


def test_the_page_is_paid_with_one_button_and_leads_back(client: StripeClient, practice: Practice) -> None:
    url = page_of(client)
    page = requests.get(url, timeout=5)
    assert "US$5" in page.text
    assert "Far Shore Trust" in page.text
    assert not re.search(r"<script|https?://(?!paper\.example\.org)", page.text)
    declined = requests.post(url, {"how": "decline"}, timeout=5)
    assert "was declined" in declined.text
    answer = requests.post(url, {"how": "card"}, timeout=5, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "https://paper.example.org/thanks")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    again = requests.get(url, timeout=5, allow_redirects=False)
    assert again.headers["Location"] == "https://paper.example.org/thanks"
    assert len(practice.store.all("balance_transaction")) == 1


@pytest.mark.parametrize(
    ("locale", "accepted", "expected"),
    [("ru", "en", 'lang="ru" dir="ltr"'), ("auto", "fa-IR,en;q=0.5", 'lang="fa" dir="rtl"'), ("de", "fa", 'lang="en"')],
)
def test_the_page_speaks_the_readers_language(client: StripeClient, locale: str, accepted: str, expected: str) -> None:
    answer = requests.get(page_of(client, locale=locale), headers={"Accept-Language": accepted}, timeout=5)
    assert expected in answer.text


def test_what_is_typed_into_pages_stays_text(client: StripeClient) -> None:
    url = page_of(client, price={"product_data": {"name": "<script>alert(1)</script>"}})
    assert "<script" not in requests.get(url, timeout=5).text


def test_a_page_that_is_over_says_so(client: StripeClient, practice: Practice) -> None:
    url = page_of(client)
    practice.do("clock", days="2")
    for answer in (requests.get(url, timeout=5), requests.post(url, {"how": "card"}, timeout=5)):
        assert answer.status_code == 410
    assert practice.store.all("charge") == []


def test_the_portal_ends_a_plan_of_its_own_customer_alone(client: StripeClient, practice: Practice) -> None:
    for _plan in range(2):
        session = client.v1.checkout.sessions.create(
            a_session(mode="subscription", price={"recurring": {"interval": "month"}})
        )
        practice.do("pay", session=session.id)
    other, mine = practice.store.all("subscription")
    portal = client.v1.billing_portal.sessions.create(
        {"customer": mine["customer"], "return_url": "https://a.example.org"}
    )
    assert requests.get(portal.url, timeout=5).text.count("<li>") == 1
    assert requests.post(portal.url, {"plan": other["id"], "how": "end"}, timeout=5).status_code == 404
    assert (
        "You give nothing regularly." in requests.post(portal.url, {"plan": mine["id"], "how": "end"}, timeout=5).text
    )
    assert [one["status"] for one in practice.store.all("subscription")] == ["active", "canceled"]


def test_the_counter_makes_things_happen(client: StripeClient, practice: Practice) -> None:
    gift(client)
    charge = practice.store.all("charge")[0]["id"]
    assert charge in requests.get(practice.url, timeout=5).text
    assert requests.post(f"{practice.url}/practice/refund", {"charge": charge}, timeout=5).status_code == 200
    assert practice.store.all("refund")[0]["charge"] == charge
    assert requests.post(f"{practice.url}/practice/refund", {"charge": charge}, timeout=5).status_code == 400
    assert requests.post(f"{practice.url}/practice/refund", {}, timeout=5).status_code == 400
