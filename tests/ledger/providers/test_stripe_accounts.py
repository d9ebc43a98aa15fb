"""One suite, against the practice provider and, where STRIPE_TEST_KEY is set, against Stripe's test mode.

Nobody presses buttons on Stripe's pages here: the API does what they would.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import stripe as library

from stet.kit.money import Money
from stet.ledger.errors import ProviderRefusedError
from stet.ledger.providers.stripe import CHECKOUT_LOCALES
from tests.ledger.providers import accounts
from tests.ledger.providers.accounts import Account
from tests.ledger.providers.builders import an_order, kinds, the

YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    metafunc.parametrize("name", accounts.names())


@pytest.fixture
def account(name: str, request: pytest.FixtureRequest) -> Iterator[Account]:
    if name == "stripe":
        request.getfixturevalue("socket_enabled")
    with accounts.account(name) as account:
        yield account


@pytest.mark.parametrize("interval", ["once", "monthly", "annual"])
@pytest.mark.parametrize("refused", [(), ("BR",)])
def test_every_order_is_taken(account: Account, interval: str, refused: tuple[str, ...]) -> None:
    started = account.provider.start(an_order(interval=interval, refused_countries=refused))
    assert started.session_id.startswith("cs_test_")
    assert started.url
    assert account.provider.facts_of(started.session_id) == []


def test_every_language_and_currency_is_taken(account: Account) -> None:
    for language in sorted(CHECKOUT_LOCALES)[:: 1 if account.patience_seconds == 0 else 8]:
        assert account.provider.start(an_order(language=language)).url
    for money in (Money(50_000, "JPY"), Money(20_000, "HUF"), Money(500, "EUR"), Money(2_000, "CZK")):
        assert account.provider.start(an_order(money=money)).url


def test_the_same_order_is_the_same_page(account: Account) -> None:
    order = an_order()
    assert account.provider.start(order) == account.provider.start(order)


def test_a_page_that_is_closed_is_told(account: Account) -> None:
    order = an_order()
    started = account.provider.start(order)
    account.client.v1.checkout.sessions.expire(started.session_id)
    ended = the("ended", account.provider.facts_of(started.session_id))
    assert (ended.uid, ended.why) == (order.uid, "expired")


def test_a_payment_and_its_refund(account: Account) -> None:
    uid, provider = uuid4(), account.provider
    intent = account.pay(uid)
    reference = f"payment_intent:{intent.id}"
    settled = the("settled", account.until(lambda: provider.facts(reference)))
    assert (settled.uid, settled.money) == (uid, Money(500, "USD"))
    key = uuid4()
    for _time in range(2):
        provider.refund(settled.provider_id, Money(200, "USD"), key=key)
    facts = account.until(lambda: found if len(found := provider.facts(reference)) > 1 else None)
    assert (the("refunded", facts).money, the("refunded", facts).of) == (Money(200, "USD"), settled.provider_id)
    with pytest.raises(ProviderRefusedError):
        provider.refund(settled.provider_id, Money(400, "USD"), key=uuid4())


def test_a_decline(account: Account) -> None:
    uid = uuid4()
    with pytest.raises(library.CardError) as refusal:
        account.pay(uid, token="pm_card_visa_chargeDeclined")
    charge = refusal.value.error.charge  # type: ignore[union-attr]
    failed = the("failed", account.provider.facts(f"charge:{charge}"))
    assert (failed.uid, failed.why) == (uid, "card_declined")


@pytest.mark.parametrize(("token", "kind"), [("pm_card_br", "failed"), ("pm_card_visa", "settled")])
def test_a_card_is_looked_at_before_it_is_charged(account: Account, token: str, kind: str) -> None:
    intent = account.pay(uuid4(), token=token, capture_method="manual")
    assert kinds(account.until(lambda: account.provider.facts(f"payment_intent:{intent.id}"))) == [kind]


@pytest.mark.parametrize(("token", "kind"), [("pm_card_br", "ended"), ("pm_card_visa", "settled")])
def test_a_card_that_is_left_for_a_plan_is_looked_at_before_it_is_charged(
    account: Account, token: str, kind: str
) -> None:
    uid = uuid4()
    setup = account.leave_a_card(uid, token=token)
    for _time in range(2):
        found = the(kind, account.until(lambda: account.provider.facts(f"setup_intent:{setup.id}")))
        assert found.uid == uid


def test_a_dispute(account: Account) -> None:
    intent = account.pay(uuid4(), token="pm_card_createDispute")
    reference = f"charge:{intent.latest_charge}"
    facts = account.until(lambda: found if "disputed" in kinds(found := account.provider.facts(reference)) else None)
    assert the("disputed", facts).of == intent.latest_charge


def test_a_plan_from_its_first_payment_to_its_end(account: Account) -> None:
    uid, provider = uuid4(), account.provider
    subscription = account.subscribe(uid)
    reference = f"subscription:{subscription.id}"
    settled = the("settled", account.until(lambda: provider.facts(reference)))
    assert settled.plan is not None
    assert (settled.uid, settled.is_first, settled.plan.uid) == (uid, True, uid)
    assert (settled.plan.interval, settled.plan.money) == ("monthly", Money(500, "USD"))
    assert provider.facts(f"charge:{settled.provider_id}") == [settled]
    for _time in range(2):
        provider.cancel(subscription.id, key=uuid4())
    assert kinds(provider.facts(reference)) == ["ended", "settled"]


def test_plans_of_a_country(account: Account) -> None:
    mine, _other = account.subscribe(uuid4(), token="pm_card_visa"), account.subscribe(uuid4(), token="pm_card_mx")
    found = list(account.provider.plans_of_country("US"))
    assert mine.id in found
    assert _other.id not in found


def test_what_happened_is_listed(account: Account) -> None:
    uid, provider = uuid4(), account.provider
    account.pay(uid)
    account.subscribe(uid)
    listed = account.until(
        lambda: found if len(found := [one for one in provider.listing(YESTERDAY) if one.uid == uid]) == 2 else None
    )
    assert kinds(listed) == ["settled", "settled"]
    assert sorted(one.plan is not None for one in listed) == [False, True]
