"""Plans where cards of some countries are refused: the card is looked at first, and a refused one is never charged."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe as library
from stripe import StripeClient

from stet.kit.money import Money
from stet.ledger.errors import ProviderAwayError, ProviderRefusedError
from stet.ledger.practice.fault import Fault
from stet.ledger.practice.server import Practice
from stet.ledger.providers.base import Agreed, Order
from stet.ledger.providers.stripe import OPEN_SECONDS, StripeProvider
from tests.ledger.providers.builders import a_provider, an_order, kinds, the

YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date()


def a_plan(**values: Any) -> Order:
    return an_order(interval="monthly", refused_countries=("BY",), **values)


def left(stripe: StripeProvider, practice: Practice, order: Order | None = None, **how: str) -> str:
    """Place an order for a plan, and leave a card on the provider's page; the page's number."""
    session_id = stripe.start(order or a_plan()).session_id
    practice.do("pay", session=session_id, **how)
    return session_id


def money_that_moved(practice: Practice) -> list[str]:
    return [one["id"] for kind in ("charge", "balance_transaction", "refund") for one in practice.store.all(kind)]


# --- The page ---


def test_the_page_collects_nothing_and_says_what_is_agreed_to(stripe: StripeProvider, practice: Practice) -> None:
    order = a_plan(says="$5.00 every month to Far Shore Trust")
    session = practice.store.get(stripe.start(order).session_id)
    assert session is not None
    assert (session["mode"], session["currency"], session["amount_total"]) == ("setup", "usd", None)
    assert session["custom_text"] == {"submit": {"message": order.says}}
    assert session["metadata"] == {"stet": str(order.uid)}
    setup = practice.store.get(session["setup_intent"])
    assert setup is not None
    assert setup["metadata"] == {"stet": str(order.uid)}


def test_without_a_rule_a_plan_is_paid_on_the_page_as_ever(stripe: StripeProvider, practice: Practice) -> None:
    session = practice.store.get(stripe.start(an_order(interval="monthly")).session_id)
    assert session is not None
    assert (session["mode"], session["setup_intent"]) == ("subscription", None)


def test_an_order_that_is_sent_again_after_a_while_is_the_same_page(practice: Practice) -> None:
    order, moment = a_plan(), datetime.now(UTC)
    first, later = (a_provider(practice, clock=lambda wait=wait: moment + timedelta(seconds=wait)) for wait in (0, 7))
    assert first.start(order) == later.start(order)
    with pytest.raises(ProviderRefusedError):
        later.start(a_plan(uid=order.uid, money=Money(500, "EUR")))


def test_a_page_that_nobody_left_a_card_on_expires(stripe: StripeProvider, practice: Practice) -> None:
    session_id = stripe.start(a_plan()).session_id
    assert stripe.facts_of(session_id) == []
    practice.do("clock", seconds=str(OPEN_SECONDS + 1))
    assert the("ended", stripe.facts_of(session_id)).why == "expired"


# --- What becomes of the card ---


def test_a_card_of_another_country_begins_the_plan(stripe: StripeProvider, practice: Practice) -> None:
    order = a_plan()
    session_id = left(stripe, practice, order, country="LV")
    assert money_that_moved(practice) == []
    for _time in range(3):
        settled = the("settled", stripe.facts_of(session_id))
        assert settled.plan is not None
        assert (settled.uid, settled.is_first, settled.money) == (order.uid, True, Money(500, "USD"))
        assert (settled.plan.interval, settled.plan.uid, settled.plan.money) == ("monthly", order.uid, settled.money)
    assert len(practice.store.all("subscription")) == len(practice.store.all("charge")) == 1
    practice.do("clock", days="32")
    assert kinds(stripe.facts(f"subscription:{settled.plan.provider_id}")) == ["settled"]
    assert len(practice.store.all("charge")) == 2


def test_a_card_of_a_refused_country_is_never_charged_and_nothing_of_it_is_kept(
    stripe: StripeProvider, practice: Practice
) -> None:
    order = a_plan()
    session_id = left(stripe, practice, order, country="BY")
    for _time in range(3):
        ended = the("ended", stripe.facts_of(session_id))
        assert (ended.uid, ended.why, ended.money, ended.plan) == (order.uid, "country", None, None)
    practice.do("clock", days="40")
    assert money_that_moved(practice) == []
    assert practice.store.all("subscription") == []
    assert [one["customer"] for one in practice.store.all("payment_method")] == [None]
    assert [set(one) for one in practice.store.all("customer")] == [{"id", "object", "deleted"}]


def test_a_card_that_was_let_go_stays_so_when_its_country_is_listed_no_more(practice: Practice) -> None:
    session_id = left(a_provider(practice), practice, country="BY")
    assert kinds(a_provider(practice).facts_of(session_id)) == ["ended"]
    assert kinds(a_provider(practice, refused_countries=tuple).facts_of(session_id)) == ["ended"]
    assert practice.store.all("subscription") == []


def test_a_country_that_is_listed_after_the_plan_began_changes_nothing(practice: Practice) -> None:
    session_id = left(a_provider(practice), practice, country="KZ")
    assert kinds(a_provider(practice).facts_of(session_id)) == ["settled"]
    days_later = a_provider(
        practice, refused_countries=lambda: ("KZ",), clock=lambda: datetime.now(UTC) + timedelta(days=4)
    )
    assert kinds(days_later.facts_of(session_id)) == ["settled"]


def test_a_card_that_is_declined_on_the_page_leaves_the_page_open(stripe: StripeProvider, practice: Practice) -> None:
    session_id = stripe.start(a_plan()).session_id
    with pytest.raises(Fault):
        practice.do("pay", session=session_id, how="decline")
    assert stripe.facts_of(session_id) == []
    practice.do("pay", session=session_id)
    assert kinds(stripe.facts_of(session_id)) == ["settled"]


def test_a_card_that_fails_when_it_is_charged_ends_in_a_day(stripe: StripeProvider, practice: Practice) -> None:
    session_id = left(stripe, practice, how="later")
    assert kinds(stripe.facts_of(session_id)) == ["failed"]
    practice.do("clock", days="1")
    assert kinds(stripe.facts_of(session_id)) == ["ended", "failed"]
    assert practice.store.all("balance_transaction") == []


def test_a_card_that_was_left_long_ago_begins_nothing(practice: Practice) -> None:
    session_id = left(a_provider(practice), practice)
    much_later = a_provider(practice, clock=lambda: datetime.now(UTC) + timedelta(days=8))
    assert the("ended", much_later.facts_of(session_id)).why == "expired"
    assert kinds(a_provider(practice).facts_of(session_id)) == ["ended"]
    assert money_that_moved(practice) == []


def test_a_plan_goes_on_when_the_card_was_changed_at_the_provider(
    stripe: StripeProvider, practice: Practice, client: StripeClient
) -> None:
    session_id = left(stripe, practice)
    stripe.facts_of(session_id)
    client.v1.payment_methods.detach(practice.store.all("payment_method")[0]["id"])
    assert kinds(stripe.facts_of(session_id)) == ["settled"]
    assert len(practice.store.all("subscription")) == 1


# --- What is not known ---


def test_nothing_begins_while_it_is_not_known_which_cards_are_refused(practice: Practice) -> None:
    session_id = left(a_provider(practice), practice)
    with pytest.raises(ProviderAwayError):
        a_provider(practice, refused_countries=lambda: None).facts_of(session_id)
    assert practice.store.all("subscription") == []
    assert kinds(a_provider(practice).facts_of(session_id)) == ["settled"]


def test_a_card_for_a_plan_that_no_row_of_ours_knows_is_left_alone(practice: Practice) -> None:
    session_id = left(a_provider(practice), practice)
    stranger = a_provider(practice, agreed=lambda _uid: None)
    assert stranger.facts_of(session_id) == []
    assert list(stranger.listing(YESTERDAY)) == []
    assert practice.store.all("subscription") == []


# --- Cut off, twice, in any order ---


@pytest.mark.parametrize("country", ["LV", "BY"])
@pytest.mark.parametrize("steps", range(16))
def test_cut_off_after_any_step_it_is_finished_by_the_next_who_asks(
    practice: Practice, stripe: StripeProvider, country: str, steps: int
) -> None:
    session_id = left(stripe, practice, country=country)
    practice.do("away", requests="99", after=str(steps), final="1")
    try:
        stripe.facts_of(session_id)
    except ProviderAwayError:
        assert steps < 15
    practice.do("away", requests="0")
    assert kinds(stripe.facts_of(session_id)) == (["settled"] if country == "LV" else ["ended"])
    assert len(practice.store.all("subscription")) == len(practice.store.all("charge")) == int(country == "LV")


def test_cut_off_before_the_customer_was_deleted_it_is_let_go_whatever_is_listed_then(
    practice: Practice, client: StripeClient
) -> None:
    session_id = left(a_provider(practice), practice, country="BY")
    client.v1.payment_methods.detach(practice.store.all("payment_method")[0]["id"])
    lenient = a_provider(practice, refused_countries=tuple)
    assert the("ended", lenient.facts_of(session_id)).why == "canceled"
    assert practice.store.all("subscription") == []


@pytest.mark.parametrize("country", ["LV", "BY"])
def test_several_who_ask_at_once_do_it_once(practice: Practice, country: str) -> None:
    session_id = left(a_provider(practice), practice, country=country)
    start, told, failed = threading.Barrier(6), [], []

    def ask() -> None:
        provider = a_provider(practice)
        start.wait()
        try:
            told.append(kinds(provider.facts_of(session_id)))
        except (ProviderAwayError, ProviderRefusedError) as error:
            failed.append(error)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told
    assert {*map(tuple, told)} == {("settled",) if country == "LV" else ("ended",)}
    assert len(practice.store.all("subscription")) == len(practice.store.all("charge")) == int(country == "LV")
    # Whoever stumbled over another's step finds it done.
    assert kinds(a_provider(practice).facts_of(session_id)) == list(told[0])


def test_what_is_delivered_and_what_is_listed_is_the_same(
    practice: Practice, stripe: StripeProvider, until: Callable[..., None]
) -> None:
    sessions = [left(stripe, practice, country=country) for country in ("LV", "BY", "LV")]
    sessions.append(left(stripe, practice, how="later"))
    stripe.facts_of(sessions[0])
    # The others are begun or let go by whoever compares.
    listed = {(fact.kind, fact.provider_id) for fact in stripe.listing(YESTERDAY)}
    told = {(fact.kind, fact.provider_id) for one in sessions for fact in stripe.facts_of(one)}
    assert {(fact.kind, fact.provider_id) for fact in stripe.listing(YESTERDAY)} == told
    assert listed <= told
    assert sorted(kind for kind, _number in told) == ["ended", "failed", "settled", "settled"]


def test_every_event_about_it_leads_to_the_same(practice: Practice, stripe: StripeProvider) -> None:
    session_id = left(stripe, practice)
    session = practice.store.get(session_id)
    assert session is not None
    by_setup = stripe.facts(f"setup_intent:{session['setup_intent']}")
    assert by_setup == stripe.facts_of(session_id)
    (plan,) = practice.store.all("subscription")
    assert stripe.facts(f"subscription:{plan['id']}") == stripe.facts(f"invoice:{plan['latest_invoice']}") == by_setup


# --- As strict as the real one ---


STRANGE: dict[str, dict[str, Any]] = {
    "something to pay": {"line_items": [{"quantity": 1, "price": "price_1"}]},
    "data of a subscription": {"subscription_data": {"metadata": {"a": "b"}}},
    "a word for the button": {"submit_type": "donate"},
    "no currency": {"currency": None},
    "a customer and a new one": {"customer": "cus_1"},
    "a text that is too long": {"custom_text": {"submit": {"message": "x" * 1201}}},
}


@pytest.mark.parametrize("values", STRANGE.values(), ids=STRANGE)
def test_what_stripe_refuses_of_a_setup_is_refused(
    client: StripeClient, practice: Practice, values: dict[str, Any]
) -> None:
    form: dict[str, Any] = {
        "mode": "setup", "currency": "usd", "customer_creation": "always", "success_url": "https://example.org/",
        **values,
    }  # fmt: skip
    with pytest.raises(library.InvalidRequestError):
        client.v1.checkout.sessions.create({name: value for name, value in form.items() if value is not None})  # type: ignore[arg-type]
    assert practice.store.all("checkout.session") == []


def test_a_customer_is_made_on_a_plans_page_by_itself(client: StripeClient) -> None:
    form: Any = {"mode": "subscription", "customer_creation": "always", "success_url": "https://example.org/"}
    with pytest.raises(library.InvalidRequestError):
        client.v1.checkout.sessions.create(form)


def test_a_card_that_was_detached_is_of_no_more_use(client: StripeClient) -> None:
    customer = client.v1.customers.create({"payment_method": "pm_card_visa"}).id
    (method,) = client.v1.payment_methods.list({"customer": customer}).data
    other = client.v1.customers.create().id
    with pytest.raises(library.InvalidRequestError):
        client.v1.payment_methods.attach(method.id, {"customer": other})
    with pytest.raises(library.InvalidRequestError):
        client.v1.subscriptions.create(_a_subscription(client, other, method.id))
    client.v1.payment_methods.detach(method.id)
    for attempt in (
        lambda: client.v1.payment_methods.detach(method.id),
        lambda: client.v1.payment_methods.attach(method.id, {"customer": customer}),
        lambda: client.v1.subscriptions.create(_a_subscription(client, customer, method.id)),
    ):
        with pytest.raises(library.InvalidRequestError):
            attempt()


def _a_subscription(client: StripeClient, customer: str, method: str) -> Any:
    product = client.v1.products.create({"name": "Far Shore Trust"}).id
    price = {"currency": "usd", "unit_amount": 500, "product": product, "recurring": {"interval": "month"}}
    return {"customer": customer, "default_payment_method": method, "items": [{"price_data": price}]}


def test_a_customer_that_was_deleted_is_gone_with_everything(client: StripeClient, practice: Practice) -> None:
    customer = client.v1.customers.create({"payment_method": "pm_card_visa"}).id
    (method,) = client.v1.payment_methods.list({"customer": customer}).data
    plan = client.v1.subscriptions.create(_a_subscription(client, customer, method.id))
    client.v1.customers.delete(customer)
    assert client.v1.customers.retrieve(customer).to_dict() == {"id": customer, "object": "customer", "deleted": True}
    assert client.v1.subscriptions.retrieve(plan.id).status == "canceled"
    assert client.v1.customers.list().data == []
    with pytest.raises(library.InvalidRequestError):
        client.v1.subscriptions.create(_a_subscription(client, customer, "pm_card_visa"))
    with pytest.raises(library.InvalidRequestError):
        client.v1.customers.delete(customer)


def test_a_plan_is_agreed_to_as_our_row_says(practice: Practice) -> None:
    agreed = Agreed(money=Money(9_000, "USD"), interval="annual", label="Far Shore Trust")
    yearly = a_provider(practice, agreed=lambda _uid: agreed)
    told = the("settled", yearly.facts_of(left(yearly, practice)))
    assert told.plan is not None
    assert (told.money, told.plan.interval) == (Money(9_000, "USD"), "annual")
