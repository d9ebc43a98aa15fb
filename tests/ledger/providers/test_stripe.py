"""Stripe's class against the practice provider: orders, what is true of them, and what it refuses."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import requests
from stripe import StripeClient
from stripe.params.checkout import SessionCreateParams

from stet.kit.money import Money
from stet.ledger.errors import DeliveryRefusedError, ProviderAwayError, ProviderRefusedError
from stet.ledger.practice.account import HOOK_SECRET, SECRET_KEY
from stet.ledger.practice.fault import Fault
from stet.ledger.practice.hooks import signed
from stet.ledger.practice.payments import PERSON
from stet.ledger.practice.server import Practice
from stet.ledger.practice.words import WORDS
from stet.ledger.providers.base import FactTold, Order, Started
from stet.ledger.providers.keys import StripeKeys
from stet.ledger.providers.stripe import CHECKOUT_LOCALES, EVENTS, OPEN_SECONDS, StripeProvider
from tests.ledger.providers.builders import a_provider, an_order, kinds, the, uids
from tests.ledger.providers.conftest import Told

YESTERDAY = date.today() - timedelta(days=1)


def paid(stripe: StripeProvider, practice: Practice, order: Order, **how: str) -> Started:
    """Place an order, and pay it on the provider's page."""
    started = stripe.start(order)
    practice.do("pay", session=started.session_id, **how)
    return started


def session_of(practice: Practice, started: Started) -> dict:
    found = practice.store.get(started.session_id)
    assert found is not None
    return found


# --- Orders ---


def test_a_gift_is_paid_on_the_providers_page_and_settles(stripe: StripeProvider, practice: Practice) -> None:
    order = an_order()
    started = stripe.start(order)
    assert started.url.startswith(f"{practice.url}/c/pay/")
    assert stripe.facts_of(started.session_id) == []
    practice.do("pay", session=started.session_id)
    settled = the("settled", stripe.facts_of(started.session_id))
    assert (settled.uid, settled.money, settled.plan) == (order.uid, Money(500, "USD"), None)
    assert settled.month == datetime.now(UTC).date().replace(day=1)


def test_the_provider_is_told_our_uid_and_nothing_else_of_ours(stripe: StripeProvider, practice: Practice) -> None:
    for interval in ("once", "monthly", "annual"):
        order = an_order(interval=interval)
        session = session_of(practice, paid(stripe, practice, order))
        assert session["client_reference_id"] == str(order.uid)
        assert session["metadata"] == {"stet": str(order.uid)}
        assert session["customer_email"] is None
        for kind in ("payment_intent", "charge", "subscription"):
            for thing in practice.store.all(kind):
                assert set(thing["metadata"]) <= {"stet"}, kind


def test_an_order_that_is_sent_twice_is_one_order(stripe: StripeProvider, practice: Practice) -> None:
    order = an_order()
    assert stripe.start(order) == stripe.start(order)
    assert len(practice.store.all("checkout.session")) == 1


def test_an_order_that_is_sent_again_after_a_while_is_found(practice: Practice) -> None:
    order, moment = an_order(), datetime.now(UTC)
    first, later = (at(practice, lambda wait=wait: moment + wait) for wait in (timedelta(0), timedelta(seconds=7)))
    assert first.start(order) == later.start(order)
    assert len(practice.store.all("checkout.session")) == 1


def test_an_order_that_is_sent_again_with_another_amount_is_refused(stripe: StripeProvider, practice: Practice) -> None:
    order = an_order()
    stripe.start(order)
    with pytest.raises(ProviderRefusedError):
        stripe.start(an_order(uid=order.uid, money=Money(900, "USD")))


def test_a_page_closes_after_half_an_hour(stripe: StripeProvider, practice: Practice) -> None:
    order = an_order()
    started = stripe.start(order)
    practice.do("clock", seconds=str(OPEN_SECONDS + 1))
    ended = the("ended", stripe.facts_of(started.session_id))
    assert (ended.uid, ended.why, ended.money) == (order.uid, "expired", None)


@pytest.mark.parametrize(("language", "locale"), [("ru", "ru"), ("fa", "auto"), ("pt-BR", "pt-BR"), ("de-AT", "de")])
def test_the_page_is_in_the_readers_language(
    stripe: StripeProvider, practice: Practice, language: str, locale: str
) -> None:
    assert session_of(practice, stripe.start(an_order(language=language)))["locale"] == locale


def test_the_languages_of_a_page_are_those_of_the_library() -> None:
    hint = SessionCreateParams.__annotations__["locale"]
    named = set(re.findall(r"'([A-Za-z0-9-]+)'", getattr(hint, "__forward_arg__", str(hint))))
    assert named - {"auto"} == CHECKOUT_LOCALES
    assert "auto" in named


PAGES = {
    "the paper's language, whatever the browser's": ("ru", "en-US,en", "ru", "ltr", "Оплатить"),
    "one that Stripe has not: the browser's": ("fa", "fa-IR,fa;q=0.9,en", "fa", "rtl", "پرداخت"),
    "one that Stripe has not, in another browser": ("fa", "en-US,en", "en", "ltr", "Pay"),
}


@pytest.mark.parametrize("case", PAGES)
def test_the_practice_page_obeys_the_language_that_it_is_given(
    stripe: StripeProvider, practice: Practice, case: str
) -> None:
    language, accepted, shown, direction, says = PAGES[case]
    for values in ({}, {"interval": "monthly", "refused_countries": ("BY",)}):
        url = stripe.start(an_order(language=language, **values)).url
        page = requests.get(url, headers={"Accept-Language": accepted}, timeout=10).text
        assert f'<html lang="{shown}" dir="{direction}">' in page
        assert WORDS[shown].leave_card in page if values else says in page


@pytest.mark.parametrize("money", [Money(200, "USD"), Money(500, "JPY"), Money(1_500, "KWD"), Money(20_000, "HUF")])
def test_currencies_keep_their_own_minor_units(stripe: StripeProvider, practice: Practice, money: Money) -> None:
    started = paid(stripe, practice, an_order(money=money))
    assert the("settled", stripe.facts_of(started.session_id)).money == money


def test_one_way_to_pay_can_be_offered_alone(stripe: StripeProvider, practice: Practice) -> None:
    def offered(method: str) -> list[str]:
        return session_of(practice, stripe.start(an_order(method=method)))["payment_method_types"]

    assert offered("sepa") == ["sepa_debit"]
    assert offered("card") == offered("") == ["card", "sepa_debit"]


# --- What becomes of them ---


def test_a_decline_and_then_a_payment_are_both_facts(stripe: StripeProvider, practice: Practice) -> None:
    order = an_order()
    started = stripe.start(order)
    with pytest.raises(Fault):
        practice.do("pay", session=started.session_id, how="decline")
    practice.do("pay", session=started.session_id)
    facts = stripe.facts_of(started.session_id)
    assert kinds(facts) == ["failed", "settled"]
    assert the("failed", facts).why == "card_declined"
    assert uids(facts) == {order.uid}


def test_a_bank_debit_counts_when_it_has_arrived(stripe: StripeProvider, practice: Practice) -> None:
    started = paid(stripe, practice, an_order(money=Money(500, "EUR")), how="debit")
    assert stripe.facts_of(started.session_id) == []
    practice.do("clock", days="6")
    assert kinds(stripe.facts_of(started.session_id)) == ["settled"]


def test_a_bank_debit_that_comes_back_never_counted(stripe: StripeProvider, practice: Practice) -> None:
    started = paid(stripe, practice, an_order(money=Money(500, "EUR")), how="debit")
    intent = session_of(practice, started)["payment_intent"]
    practice.do("arrive", intent=intent, succeeds="0")
    assert kinds(stripe.facts_of(started.session_id)) == ["failed"]


def test_a_plan_tells_its_first_payment_from_the_others(stripe: StripeProvider, practice: Practice) -> None:
    order = an_order(interval="monthly")
    paid(stripe, practice, order)
    practice.do("clock", days="70")
    facts = list(stripe.listing(YESTERDAY))
    assert kinds(facts) == ["settled"] * 3
    assert sorted(fact.is_first for fact in facts) == [False, False, True]
    (first,) = [fact for fact in facts if fact.is_first]
    assert first.uid == order.uid
    assert {fact.uid for fact in facts if not fact.is_first} == {None}
    for fact in facts:
        assert fact.plan is not None
        assert (fact.plan.interval, fact.plan.money, fact.plan.uid) == ("monthly", Money(500, "USD"), order.uid)
        assert fact.plan.customer_id.startswith("cus_")


def test_an_annual_plan_is_paid_once_a_year(stripe: StripeProvider, practice: Practice) -> None:
    paid(stripe, practice, an_order(interval="annual"))
    practice.do("clock", days="300")
    assert kinds(stripe.listing(YESTERDAY)) == ["settled"]
    practice.do("clock", days="70")
    assert kinds(stripe.listing(YESTERDAY)) == ["settled"] * 2


def test_a_renewal_that_fails_is_mended_or_ends_the_plan(stripe: StripeProvider, practice: Practice) -> None:
    for _plan in range(2):
        paid(stripe, practice, an_order(interval="monthly"))
    mended, left = [one["id"] for one in practice.store.all("subscription")]
    for plan in (mended, left):
        practice.do("card", subscription=plan, fails="1")
    practice.do("clock", days="31")
    assert kinds(stripe.facts(f"subscription:{left}")) == ["failed"]
    practice.do("card", subscription=mended, fails="0")
    practice.do("clock", days="20")
    assert kinds(stripe.facts(f"subscription:{mended}")) == ["failed", "settled"]
    facts = stripe.facts(f"subscription:{left}")
    assert kinds(facts) == ["ended", "failed", "failed", "failed", "failed"]
    assert the("ended", facts).why == "payment_failed"


def test_a_plan_is_ended_once_however_often_it_is_asked(stripe: StripeProvider, practice: Practice) -> None:
    started = paid(stripe, practice, an_order(interval="monthly"))
    (plan,) = practice.store.all("subscription")
    for _time in range(2):
        stripe.cancel(plan["id"], key=uuid4())
    assert kinds(stripe.facts_of(started.session_id)) == ["ended", "settled"]
    practice.do("clock", days="100")
    assert len(practice.store.all("invoice")) == 1


def test_a_refund_is_made_once_and_never_of_more_than_there_was(stripe: StripeProvider, practice: Practice) -> None:
    started = paid(stripe, practice, an_order())
    payment, key = the("settled", stripe.facts_of(started.session_id)).provider_id, uuid4()
    for _time in range(2):
        stripe.refund(payment, Money(200, "USD"), key=key)
    back = the("refunded", stripe.facts_of(started.session_id))
    assert (back.money, back.of) == (Money(200, "USD"), payment)
    with pytest.raises(ProviderRefusedError) as refusal:
        stripe.refund(payment, Money(301, "USD"), key=uuid4())
    assert "301" not in str(refusal.value)
    stripe.refund(payment, Money(300, "USD"), key=uuid4())
    assert kinds(stripe.facts_of(started.session_id)) == ["refunded", "refunded", "settled"]


def test_a_refund_that_did_not_arrive_is_no_fact(stripe: StripeProvider, practice: Practice) -> None:
    started = paid(stripe, practice, an_order())
    charge = the("settled", stripe.facts_of(started.session_id)).provider_id
    stripe.refund(charge, Money(500, "USD"), key=uuid4())
    (refund,) = practice.store.all("refund")
    practice.do("refund/fail", refund=refund["id"])
    assert kinds(stripe.facts(f"refund:{refund['id']}")) == ["settled"]


def test_a_dispute_takes_the_money_and_winning_gives_it_back(stripe: StripeProvider, practice: Practice) -> None:
    order = an_order(interval="monthly")
    started = paid(stripe, practice, order)
    charge = the("settled", stripe.facts_of(started.session_id)).provider_id
    practice.do("dispute", charge=charge)
    (dispute,) = practice.store.all("dispute")
    facts = stripe.facts(f"dispute:{dispute['id']}")
    assert kinds(facts) == ["disputed", "settled"]
    assert (the("disputed", facts).of, the("disputed", facts).uid) == (charge, order.uid)
    practice.do("close", dispute=dispute["id"], won="1")
    assert kinds(stripe.facts(f"charge:{charge}")) == ["disputed", "reinstated", "settled"]


def test_the_listing_tells_the_same_facts_as_asking_one_by_one(stripe: StripeProvider, practice: Practice) -> None:
    refunded, disputed = (paid(stripe, practice, an_order()) for _order in range(2))
    stripe.refund(the("settled", stripe.facts_of(refunded.session_id)).provider_id, Money(100, "USD"), key=uuid4())
    charge = the("settled", stripe.facts_of(disputed.session_id)).provider_id
    practice.do("dispute", charge=charge)
    practice.do("close", dispute=practice.store.all("dispute")[0]["id"], won="1")
    declined = stripe.start(an_order())
    with pytest.raises(Fault):
        practice.do("pay", session=declined.session_id, how="decline")
    left = stripe.start(an_order())
    plan = paid(stripe, practice, an_order(interval="monthly"))
    reserved = paid(stripe, practice, an_order(refused_countries=("BY",)), country="BY")
    asked = {fact for one in (refunded, disputed, declined, plan, reserved) for fact in stripe.facts_of(one.session_id)}
    practice.do("end", subscription=practice.store.all("subscription")[0]["id"])
    practice.do("clock", seconds=str(OPEN_SECONDS + 1))
    asked |= {fact for one in (declined, plan, left) for fact in stripe.facts_of(one.session_id)}
    assert set(stripe.listing(YESTERDAY)) == asked
    assert list(stripe.listing(date.today() + timedelta(days=30))) == []


def test_every_fact_is_pointed_at_by_some_delivery(stripe: StripeProvider, practice: Practice) -> None:
    """Whatever happens, an event that the webhook is registered for leads to it: the nightly listing adds nothing."""
    practice.tell("http://127.0.0.1:9/hooks/practice", events=EVENTS)
    practice.do("hooks", hold="1")
    refunded, disputed, declined = (stripe.start(an_order()) for _order in range(3))
    stripe.start(an_order())
    with pytest.raises(Fault):
        practice.do("pay", session=declined.session_id, how="decline")
    debits = [paid(stripe, practice, an_order(money=Money(500, "EUR")), how="debit") for _order in range(2)]
    paid(stripe, practice, an_order(refused_countries=("BY",)), country="BY")
    paid(stripe, practice, an_order(refused_countries=("BY",)), country="LV")
    for _plan in range(3):
        paid(stripe, practice, an_order(interval="monthly"))
    paid(stripe, practice, an_order(interval="monthly"), country="BY")
    ended, failing, _good = [one["id"] for one in practice.store.all("subscription")][1:]
    for started in (refunded, disputed):
        practice.do("pay", session=started.session_id)
    first, second = practice.store.all("charge")[1]["id"], practice.store.all("charge")[0]["id"]
    practice.do("refund", charge=first, amount="200")
    practice.do("refund", charge=first)
    practice.do("dispute", charge=second)
    practice.do("close", dispute=practice.store.all("dispute")[0]["id"], won="1")
    practice.do("end", subscription=ended)
    practice.do("card", subscription=failing, fails="1")
    practice.do("arrive", intent=session_of(practice, debits[0])["payment_intent"], succeeds="0")
    # What is only reserved is decided when a delivery is taken in.
    asked = asked_of_deliveries(stripe, practice)
    practice.do("clock", days="60")
    asked |= asked_of_deliveries(stripe, practice)
    listed = set(stripe.listing(YESTERDAY))
    assert {(one.kind, one.provider_id) for one in listed} == {(one.kind, one.provider_id) for one in asked}
    assert set(kinds(listed)) == {"settled", "failed", "refunded", "disputed", "reinstated", "ended"}
    assert listed == {one for one in asked if one in listed}


def asked_of_deliveries(stripe: StripeProvider, practice: Practice) -> set[FactTold]:
    """The facts that all deliveries lead to, repeated and in any order."""
    references = {
        f"{event['data']['object']['object']}:{event['data']['object']['id']}"
        for event in practice.store.all("event")
        if event["type"] in EVENTS
    }
    return {fact for reference in references for fact in stripe.facts(reference)}


def test_a_payment_that_is_nobodys_here_is_listed_and_else_left_alone(
    stripe: StripeProvider, practice: Practice, client: StripeClient
) -> None:
    sold = client.v1.payment_intents.create(
        {"amount": 900, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}
    )
    assert stripe.facts(f"payment_intent:{sold.id}") == []
    (fact,) = stripe.listing(YESTERDAY)
    assert (fact.kind, fact.uid, fact.plan) == ("settled", None, None)


def test_a_long_listing_is_read_to_its_end(stripe: StripeProvider, practice: Practice, client: StripeClient) -> None:
    for _payment in range(230):
        with practice.store.changing():
            from stet.ledger.practice import payments

            form = {"amount": 500, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}
            payments.create_intent(practice.account, {**form, "metadata": {"stet": str(uuid4())}})
    facts = list(stripe.listing(YESTERDAY))
    assert len({fact.uid for fact in facts}) == len(facts) == 230


# --- Countries ---


def test_a_card_of_a_refused_country_is_not_charged(stripe: StripeProvider, practice: Practice) -> None:
    started = paid(stripe, practice, an_order(refused_countries=("BY",)), country="BY")
    failed = the("failed", stripe.facts_of(started.session_id))
    assert failed.why == "country"
    assert practice.store.all("balance_transaction") == []
    assert [fact.why for fact in stripe.facts_of(started.session_id)] == ["country"]


def test_a_card_of_another_country_is_charged_after_a_look(stripe: StripeProvider, practice: Practice) -> None:
    started = paid(stripe, practice, an_order(refused_countries=("BY",)), country="LV")
    assert practice.store.all("balance_transaction") == []
    for _time in range(2):
        assert kinds(stripe.facts_of(started.session_id)) == ["settled"]
    assert len(practice.store.all("balance_transaction")) == 1


def test_a_plan_whose_page_was_open_before_its_country_was_listed_is_ended_and_given_back(
    stripe: StripeProvider, practice: Practice
) -> None:
    started = paid(stripe, practice, an_order(interval="monthly"), country="BY")
    for _time in range(2):
        facts = stripe.facts_of(started.session_id)
        assert kinds(facts) == ["ended", "refunded", "settled"]
        assert the("refunded", facts).why == "country"
    practice.do("clock", days="60")
    assert len(practice.store.all("refund")) == len(practice.store.all("charge")) == 1


def test_an_old_payment_of_a_country_that_was_listed_since_is_left_alone(practice: Practice) -> None:
    lenient = at(practice, lambda: datetime.now(UTC), refused=())
    started = paid(lenient, practice, an_order(interval="monthly"), country="BY")
    much_later = at(practice, lambda: datetime.now(UTC) + timedelta(days=4), refused=("BY",))
    assert kinds(much_later.facts_of(started.session_id)) == ["settled"]


def test_plans_of_a_country_are_asked_live(stripe: StripeProvider, practice: Practice) -> None:
    for country in ("KZ", "LV", "KZ", "KZ"):
        paid(stripe, practice, an_order(interval="monthly"), country=country)
    newest, *others = practice.store.all("subscription")
    stripe.cancel(newest["id"], key=uuid4())
    assert set(stripe.plans_of_country("KZ")) == {others[0]["id"], others[2]["id"]}


# --- The portal, webhooks ---


def test_the_portal_leads_to_a_page_of_the_providers(stripe: StripeProvider, practice: Practice) -> None:
    started = paid(stripe, practice, an_order(interval="monthly"))
    customer = the("settled", stripe.facts_of(started.session_id)).plan.customer_id  # type: ignore[union-attr]
    url = stripe.portal_url(customer, back_url="https://paper.example.org/", language="ru")
    assert url.startswith(practice.url)
    with pytest.raises(ProviderRefusedError):
        stripe.portal_url("cus_nobody", back_url="https://paper.example.org/", language="ru")


def test_every_event_of_a_gift_is_proved_and_points_at_it(
    stripe: StripeProvider, practice: Practice, told: Told, until: Callable[..., None]
) -> None:
    practice.tell(told.url)
    order = an_order()
    paid(stripe, practice, order)
    count = len(practice.store.all("event"))
    until(lambda: len(told.deliveries) == count)
    deliveries = [stripe.read_delivery(*one) for one in told.deliveries]
    assert len({one.event_id for one in deliveries}) == count
    references = {one.reference for one in deliveries} - {""}
    assert {one.partition(":")[0] for one in references} == {"charge", "checkout.session"}
    for reference in references:
        assert the("settled", stripe.facts(reference)).uid == order.uid


BODY = b'{"id":"evt_1","type":"charge.succeeded","data":{"object":{"id":"ch_1","object":"charge"}}}'
Signing = Callable[[int], tuple[str, bytes]]

UNPROVED: dict[str, Signing] = {
    "another secret": lambda now: (signed(BODY, "whsec_other", moment=now), BODY),
    "another body": lambda now: (signed(BODY, HOOK_SECRET, moment=now), BODY + b" "),
    "six minutes old": lambda now: (signed(BODY, HOOK_SECRET, moment=now - 360), BODY),
    "from the future": lambda now: (signed(BODY, HOOK_SECRET, moment=now + 3600), BODY),
    "no header": lambda _now: ("", BODY),
    "no signature": lambda now: (f"t={now}", BODY),
    "no event": lambda now: (signed(b"[]", HOOK_SECRET, moment=now), b"[]"),
    "no text": lambda now: (f"t={now},v1=00", b"\xff\xfe"),
}


@pytest.mark.parametrize("sign", UNPROVED.values(), ids=UNPROVED)
def test_a_delivery_that_is_not_proved_is_refused(stripe: StripeProvider, sign: Signing) -> None:
    header, body = sign(int(datetime.now(UTC).timestamp()))
    with pytest.raises(DeliveryRefusedError):
        stripe.read_delivery({"stripe-signature": header}, body)


@pytest.mark.parametrize("kind", ["a.kind.nobody.knows", "customer.created", *EVENTS[:1]])
def test_events_and_fields_that_nobody_knows_break_nothing(stripe: StripeProvider, kind: str) -> None:
    body = BODY.replace(b"charge.succeeded", kind.encode()).replace(b'"id":"evt_1"', b'"id":"evt_1","new":{"x":[1]}')
    delivery = stripe.read_delivery(
        {"Stripe-Signature": signed(body, HOOK_SECRET, moment=int(datetime.now(UTC).timestamp()))}, body
    )
    assert delivery.reference == ("charge:ch_1" if kind in EVENTS else "")
    assert stripe.facts("something.new:xy_1") == []


# --- Errors, and what is not told ---


def test_a_provider_that_is_away_is_asked_again(stripe: StripeProvider, practice: Practice) -> None:
    order = an_order()
    practice.do("away", requests="2")
    assert stripe.start(order).url
    practice.do("away", requests="9")
    with pytest.raises(ProviderAwayError):
        stripe.start(order)
    gone = StripeProvider(StripeKeys(key=SECRET_KEY, webhook_secret=""), base_url="http://127.0.0.1:9")
    with pytest.raises(ProviderAwayError):
        gone.start(order)


def test_no_error_holds_a_key_or_an_amount(stripe: StripeProvider, practice: Practice) -> None:
    stranger = StripeProvider(
        StripeKeys(key="sk_test_CANARYKEY123456", webhook_secret="whsec_CANARY"), base_url=practice.url
    )
    for attempt in (
        lambda: stranger.start(an_order()),
        lambda: stripe.start(an_order(money=Money(12, "USD"))),
        lambda: stripe.start(an_order(money=Money(777, "XXX"))),
        lambda: stripe.facts("charge:ch_CANARY"),
        lambda: stripe.refund("ch_CANARY", Money(777, "USD"), key=uuid4()),
    ):
        with pytest.raises(ProviderRefusedError) as refusal:
            attempt()
        said = f"{refusal.value}{refusal.value.__cause__}"
        assert not any(one in said for one in ("CANARY", "777", "12"))
        assert refusal.value.__suppress_context__


def test_nothing_of_whoever_pays_is_in_facts(stripe: StripeProvider, practice: Practice) -> None:
    for interval in ("once", "monthly"):
        paid(stripe, practice, an_order(interval=interval))
    said = repr(list(stripe.listing(YESTERDAY)))
    for secret in (PERSON["email"], PERSON["name"], PERSON["phone"], "visa", "4242 "):
        assert str(secret) not in said


def at(practice: Practice, clock: Callable[[], datetime], *, refused: tuple[str, ...] = ("BY",)) -> StripeProvider:
    return a_provider(practice, refused_countries=lambda: refused, clock=clock)
