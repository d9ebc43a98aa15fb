"""The form that begins a gift: what is taken, what is said of the rest, and what nobody is told."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from stet.frontdesk.desk import Desk
from stet.ledger.errors import ProviderRefusedError
from stet.ledger.models import Contact, Contribution, Fact
from tests.frontdesk.conftest import OWN, PAPER, Ticks
from tests.frontdesk.paying import Till, away, giving_form, printed_support, put_support

pytestmark = [pytest.mark.django_db(databases=["readers"]), pytest.mark.usefixtures("support")]

PAY = "https://pay.example.org"


def till_of(the: Desk, name: str = "practice") -> Till:
    till = the.providers[name]
    assert isinstance(till, Till)
    return till


def text_of(answer: Any) -> str:
    return re.sub(r"<style>.*?</style>", "", answer.content.decode(), flags=re.DOTALL)


def field_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def without_tokens(page: str) -> str:
    return re.sub(r'name="token" value="[^"]*"', "", page)


# --- In order ---


def test_a_form_in_order_leads_to_the_providers_page_without_a_step_between(the: Desk, browser: Client) -> None:
    answer = browser.post("/en/give", giving_form())
    assert (answer.status_code, answer["Location"]) == (303, f"{PAY}/pay/cs_1")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    order = till_of(the).orders[Contribution.objects.get().uid]
    assert (order.back_url, order.cancel_url) == (f"{OWN}/en/thanks", f"{PAPER}/support/")
    assert (order.label, order.refused_countries) == ("Far Shore Publishing", ("XX",))


GIFTS = {
    "once, suggested": ("en", {}, ("once", 1_000, "USD")),
    "monthly": ("en", {"interval": "monthly", "amount": "500"}, ("monthly", 500, "USD")),
    "annual": ("ru", {"interval": "annual", "amount": "6000", "currency": "EUR"}, ("annual", 6_000, "EUR")),
    "from two dollars": ("en", {"amount": "200"}, ("once", 200, "USD")),
    "other, with a point": ("en", {"amount": "other", "other": "12.50"}, ("once", 1_250, "USD")),
    "other, with a comma": ("ru", {"amount": "other", "other": "12,50"}, ("once", 1_250, "USD")),
    "other, in Persian digits": ("fa", {"amount": "other", "other": "۱۲٫۵۰"}, ("once", 1_250, "USD")),
    "other, in lari": ("en", {"amount": "other", "other": "75", "currency": "GEL"}, ("once", 7_500, "GEL")),
    "an amount of one's own alone": ("en", {"amount": "", "other": "7"}, ("once", 700, "USD")),
    "amounts for each interval": (
        "en", {"amount": "", "interval": "monthly", "amount-once": "10000", "amount-monthly": "500"},
        ("monthly", 500, "USD"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", GIFTS)
def test_what_is_wanted_is_what_is_ordered(the: Desk, browser: Client, case: str) -> None:
    language, changes, (interval, minor, currency) = GIFTS[case]
    answer = browser.post(f"/{language}/give", giving_form(**changes))
    assert answer.status_code == 303, text_of(answer)
    (order,) = till_of(the).orders.values()
    assert (order.interval, *order.money, order.language) == (interval, minor, currency, language)


def test_a_campaign_that_is_not_printed_is_dropped_and_nobody_fails_at_it(browser: Client) -> None:
    browser.post("/en/give", giving_form(campaign="spring-b"))
    browser.post("/en/give", giving_form(campaign="' OR 1=1"))
    assert list(Contribution.objects.order_by("pk").values_list("campaign", flat=True)) == ["spring-b", ""]


def test_an_address_is_kept_for_receipts_alone(browser: Client) -> None:
    browser.post("/en/give", giving_form())
    assert Contact.objects.count() == 0
    browser.post("/en/give", giving_form(email="canary@example.org", receipts="yes"))
    assert Contact.objects.get().contributions.count() == 1


def test_a_bank_transfer_is_told_with_its_account_and_reference(the: Desk, browser: Client) -> None:
    answer = browser.post("/en/give", giving_form(method="bank", amount="2500"))
    page = text_of(answer)
    assert answer.status_code == 200
    assert Contribution.objects.get().reference == "RF00000001"
    for said in ("RF00 0000 01", "LV97 HABA 0012 3456 7891 0", "HABALV22", "US$25", "Account holder"):
        assert said in page
    assert "pay.example.org" not in answer["Content-Security-Policy"]


# --- Not in order ---

FAULTS = {
    "no interval": ({"interval": ""}, "interval"),
    "an interval that is not printed": ({"interval": "weekly"}, "interval"),
    "a currency that is not taken": ({"currency": "RUB"}, "currency"),
    "no amount": ({"amount": ""}, "amount"),
    "an amount that is none": ({"amount": "ten"}, "amount"),
    "a negative amount": ({"amount": "-1000"}, "amount"),
    "too little": ({"amount": "199"}, "amount"),
    "too much": ({"amount": "1000001"}, "amount"),
    "far too much": ({"amount": "9" * 40}, "amount"),
    "other without an amount": ({"amount": "other"}, "amount"),
    "other too little": ({"amount": "other", "other": "1.99"}, "amount"),
    "other with words": ({"amount": "other", "other": "ten"}, "amount"),
    "other too exact": ({"amount": "other", "other": "2.505"}, "amount"),
    "two amounts": ({"amount": "1000", "other": "5"}, "amount"),
    "a way to pay that is not printed": ({"method": "cash"}, "method"),
    "a way to pay that is not set up here": ({"method": "paypal"}, "method"),
    "a way to pay that cannot do this interval": ({"method": "bank", "interval": "monthly"}, "method"),
    "a currency that this way to pay does not take": (
        {"method": "bank", "currency": "GEL", "amount": "3000"},
        "method",
    ),
    "an address that is none": ({"email": "ada", "receipts": "yes"}, "email"),
    "receipts without an address": ({"receipts": "yes"}, "email"),
    "an address without a tick": ({"email": "ada@example.org"}, "email"),
}


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
@pytest.mark.parametrize("case", FAULTS)
def test_a_form_that_is_not_in_order_begins_nothing_and_says_what_is_wrong_at_its_field(
    the: Desk, browser: Client, case: str, language: str
) -> None:
    changes, field = FAULTS[case]
    answer = browser.post(f"/{language}/give", giving_form(**changes))
    page = text_of(answer)
    assert answer.status_code == 400
    assert f'id="{field}-fault"' in page
    assert f'href="{OWN}/{language}/give#{field}"' in page
    assert re.search(rf'id="{field}"', page)
    assert not till_of(the).orders
    assert not Contribution.objects.exists()


def test_everything_that_was_filled_in_is_there_again(browser: Client) -> None:
    form = giving_form(
        interval="monthly", amount="other", other="1,99 $", currency="EUR", email="ada@example.org", receipts="yes"
    )
    page = text_of(browser.post("/ru/give", form))
    assert re.search(r'value="monthly" required checked', page)
    assert re.search(r'name="amount-monthly" value="other" checked', page)
    assert 'name="other" value="1,99 $"' in page
    assert re.search(r'value="card" required checked', page)
    assert field_of(page, "currency") == "EUR"
    assert field_of(page, "email") == "ada@example.org"
    assert field_of(page, "campaign") == "spring-b"
    assert re.search(r'name="receipts" value="yes" checked', page)


def test_an_amount_that_is_not_suggested_is_offered_where_a_form_had_it(browser: Client) -> None:
    page = text_of(browser.post("/en/give", giving_form(amount="4200", method="cash")))
    assert re.search(r'name="amount-once" value="4200" checked', page)
    assert "US$42" in page


def test_another_currency_keeps_what_was_filled_in_and_finds_no_fault(browser: Client) -> None:
    form = giving_form(interval="annual", other="5", email="ada@", receipts="yes", **{"in": "GEL"})
    answer = browser.post("/en/give", form)
    page = text_of(answer)
    assert answer.status_code == 200
    assert field_of(page, "currency") == "GEL"
    assert field_of(page, "other") == ""
    assert field_of(page, "email") == "ada@"
    assert "fault" not in page
    assert "GEL" in page


def test_the_form_offers_what_is_printed_and_set_up_in_the_digits_of_the_language(browser: Client) -> None:
    page = text_of(browser.get("/fa/give"))
    assert re.findall(r'name="method" value="(\w+)"', page) == ["card", "bank"]
    assert 'class="choice not-monthly not-annual"' in page
    assert "۲۵" in page
    assert "US$25" not in page
    assert re.findall(r'name="in" value="(\w+)"', page) == ["EUR", "GEL"]


def test_the_form_offers_a_bank_transfer_only_in_the_currencies_of_the_account(the: Desk, browser: Client) -> None:
    for currency, expected in (("EUR", ["card", "bank"]), ("GEL", ["card"])):
        page = text_of(browser.get(f"/en/give?currency={currency}"))
        assert re.findall(r'name="method" value="(\w+)"', page) == expected
    answer = browser.post("/en/give", giving_form(method="bank", currency="GEL", amount="3000"))
    assert answer.status_code == 400


def test_a_way_to_pay_that_is_not_printed_for_a_currency_is_not_taken_in_it(the: Desk, browser: Client) -> None:
    changed = printed_support()
    for method in changed["languages"]["en"]["methods"]:
        method["currencies"] = ["USD"] if method["key"] == "card" else ["EUR"]
    put_support(the.printed._site, languages=changed["languages"])
    for currency, expected in (("USD", ["card"]), ("EUR", ["bank"]), ("GEL", [])):
        page = text_of(browser.get(f"/en/give?currency={currency}"))
        assert re.findall(r'name="method" value="(\w+)"', page) == expected
    assert browser.post("/en/give", giving_form(method="card", currency="EUR")).status_code == 400


def test_a_link_may_fill_the_form_in(browser: Client) -> None:
    page = text_of(browser.get("/en/give?interval=monthly&currency=EUR&amount=1500&campaign=spring-a"))
    assert re.search(r'name="amount-monthly" value="1500" checked', page)
    assert field_of(page, "campaign") == "spring-a"
    page = text_of(browser.get('/en/give?interval=%22&currency=ZZZ&amount=<b>&campaign="'))
    assert "<b>" not in page
    assert field_of(page, "campaign") == ""


def test_a_warning_stands_before_the_form(browser: Client, support: Path) -> None:
    changed = printed_support()
    changed["languages"]["en"]["warnings"] = [{"country": "XX", "text": "In Examplia giving to us is punished."}]
    put_support(support, **changed)
    page = text_of(browser.get("/en/give"))
    assert page.index("In Examplia giving to us is punished.") < page.index("<form")


def test_the_form_may_lead_to_the_providers_pages_and_nowhere_else(browser: Client) -> None:
    policy = browser.get("/en/give")["Content-Security-Policy"]
    assert f"form-action 'self' {OWN} {PAY};" in policy
    assert "script" not in policy


# --- Closed ---


def test_nothing_is_taken_in_a_language_that_is_closed(the: Desk, browser: Client, support: Path) -> None:
    changed = printed_support()
    changed["languages"]["ru"]["is_open"] = False
    put_support(support, **changed)
    for answer in (browser.get("/ru/give"), browser.post("/ru/give", giving_form())):
        assert answer.status_code == 404
        assert "не собираем" in text_of(answer)
    assert not till_of(the).orders
    assert browser.post("/en/give", giving_form()).status_code == 303


@pytest.mark.parametrize("broken", [None, "{", '{"version":2}'])
def test_without_a_printed_sheet_nothing_is_taken(browser: Client, support: Path, broken: str | None) -> None:
    file = support / "support" / "support.json"
    file.unlink() if broken is None else file.write_text(broken)
    answer = browser.post("/en/give", giving_form())
    assert answer.status_code == 404
    assert "We take no money here at the moment" in text_of(answer)
    assert browser.get("/en/thanks").status_code == 200


def test_a_language_that_the_paper_does_not_have_is_not_there(browser: Client) -> None:
    for path in ("/de/give", "/de/thanks", "/de/my-gift"):
        assert browser.get(path).status_code == 404


# --- The provider ---


def test_where_the_provider_is_away_the_form_is_there_again_and_the_next_try_is_the_same_order(
    the: Desk, browser: Client
) -> None:
    till_of(the).fails.append(away())
    answer = browser.post("/en/give", giving_form(email="ada@example.org", receipts="yes"))
    page = text_of(answer)
    assert answer.status_code == 503
    assert "Nothing was paid" in page
    assert re.search(r'name="amount-once" value="1000" checked', page)
    again = giving_form(email="ada@example.org", receipts="yes", token=field_of(page, "token"))
    assert browser.post("/en/give", again).status_code == 303
    assert (Contribution.objects.count(), Contact.objects.count()) == (1, 1)
    assert Contribution.objects.get().session_id == "cs_1"


def test_another_amount_after_the_provider_was_away_is_another_order(the: Desk, browser: Client) -> None:
    till_of(the).fails.append(away())
    token = field_of(text_of(browser.post("/en/give", giving_form())), "token")
    assert browser.post("/en/give", giving_form(amount="2500", token=token)).status_code == 303
    assert [order.money.minor for order in till_of(the).orders.values()] == [2_500]
    assert Contribution.objects.count() == 2


def test_a_form_gone_back_to_and_changed_is_another_order(the: Desk, browser: Client) -> None:
    till_of(the).fails.append(away())
    token = field_of(text_of(browser.get("/en/give")), "token")
    assert browser.post("/en/give", giving_form(token=token)).status_code == 503
    assert browser.post("/en/give", giving_form(token=token, amount="2500")).status_code == 303
    assert sorted(Contribution.objects.values_list("minor", "session_id")) == [(1_000, ""), (2_500, "cs_1")]


def test_where_the_provider_will_not_another_way_to_pay_is_offered(the: Desk, browser: Client) -> None:
    till_of(the).fails.append(ProviderRefusedError("No such parameter."))
    answer = browser.post("/en/give", giving_form())
    assert answer.status_code == 503
    assert "another way to pay" in text_of(answer)
    assert "parameter" not in text_of(answer)


def test_our_own_form_pressed_twice_begins_one_gift(the: Desk, browser: Client) -> None:
    token = field_of(text_of(browser.get("/en/give")), "token")
    answers = [browser.post("/en/give", giving_form(token=token)) for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {f"{PAY}/pay/cs_1"}
    assert till_of(the).asked == 1
    assert browser.post("/en/give", giving_form(token=token, amount="2500"))["Location"] == f"{PAY}/pay/cs_2"


# --- The slow way ---


def slow(browser: Client, **changes: str) -> str:
    """The slow page, once a network has begun as much as it may at once."""
    for _ in range(10):
        assert browser.post("/en/give", giving_form(**changes), REMOTE_ADDR="192.0.2.1").status_code == 303
    answer = browser.post("/en/give", giving_form(**changes), REMOTE_ADDR="192.0.2.99")
    assert answer.status_code == 200
    return text_of(answer)


def hidden_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def test_beyond_a_networks_ten_a_page_with_one_button_comes_between(the: Desk, browser: Client, ticks: Ticks) -> None:
    page = slow(browser, email="ada@example.org", receipts="yes")
    assert "One more moment" in page
    assert "US$10" in page
    form = hidden_of(page)
    assert form["email"] == "ada@example.org"
    early = browser.post("/en/give", form, REMOTE_ADDR="192.0.2.99")
    assert "not your turn yet" in text_of(early)
    assert hidden_of(text_of(early))["token"] == form["token"]
    ticks.now += 5
    assert browser.post("/en/give", form, REMOTE_ADDR="192.0.2.99").status_code == 303
    assert len(till_of(the).orders) == 11
    assert browser.post("/en/give", form, REMOTE_ADDR="192.0.2.99")["Location"] == f"{PAY}/pay/cs_11"
    assert len(till_of(the).orders) == 11


def test_a_bank_transfer_stands_in_the_same_line(the: Desk, browser: Client, ticks: Ticks) -> None:
    slow(browser)
    there = {"REMOTE_ADDR": "192.0.2.99"}
    form = hidden_of(text_of(browser.post("/en/give", giving_form(method="bank"), **there)))
    assert Contribution.objects.filter(provider="bank").count() == 0
    assert "not your turn yet" in text_of(browser.post("/en/give", form, **there))
    ticks.now += 5
    pages = [text_of(browser.post("/en/give", form, **there)) for _ in range(3)]
    assert all("RF00 0000 01" in page for page in pages)
    assert Contribution.objects.filter(provider="bank").count() == 1
    # A transfer counts as any other gift does: the next one waits for its gap.
    form = hidden_of(text_of(browser.post("/en/give", giving_form(method="bank"), **there)))
    ticks.now += 8
    assert "not your turn yet" in text_of(browser.post("/en/give", form, **there))
    assert Contribution.objects.filter(provider="bank").count() == 1


def test_another_network_notices_nothing(browser: Client) -> None:
    slow(browser)
    assert browser.post("/en/give", giving_form(), REMOTE_ADDR="198.51.100.1").status_code == 303


def test_a_token_counts_for_what_stood_on_its_page(browser: Client, ticks: Ticks) -> None:
    form = hidden_of(slow(browser))
    ticks.now += 60
    answer = browser.post("/en/give", {**form, "amount": "2500"}, REMOTE_ADDR="192.0.2.99")
    assert answer.status_code == 200
    assert hidden_of(text_of(answer))["token"] != form["token"]


def test_a_form_that_a_program_filled_in_goes_the_slow_way_and_a_person_gets_on_from_there(
    browser: Client, ticks: Ticks
) -> None:
    answer = browser.post("/en/give", giving_form(website="https://spam.example"))
    assert answer.status_code == 200
    form = hidden_of(text_of(answer))
    assert browser.post("/en/give", {**form, "website": "https://spam.example"}).status_code == 200
    assert not Contribution.objects.exists()
    assert browser.post("/en/give", form).status_code == 303


def test_when_most_cards_are_declined_everybody_goes_slower_and_gets_through(
    the: Desk, browser: Client, ticks: Ticks
) -> None:
    assert browser.post("/en/give", giving_form()).status_code == 303
    gift = Contribution.objects.get()
    for number in range(20):
        Fact.objects.create(
            provider="practice", kind="failed", provider_id=f"ch_{number}", contribution=gift, month=gift.month
        )
    ticks.now += 10
    answer = browser.post("/en/give", giving_form(), REMOTE_ADDR="203.0.113.5")
    assert "20 seconds" in text_of(answer)
    form = hidden_of(text_of(answer))
    ticks.now += 20
    assert browser.post("/en/give", form, REMOTE_ADDR="203.0.113.5").status_code == 303
    ticks.now += 601
    assert browser.post("/en/give", giving_form(), REMOTE_ADDR="203.0.113.5").status_code == 303


# --- Thanks ---


def test_the_page_that_thanks_is_the_same_whoever_comes(browser: Client) -> None:
    browser.post("/en/give", giving_form())
    answers = [
        browser.get("/en/thanks"),
        browser.get("/en/thanks?session_id=cs_1&status=declined"),
        browser.get("/en/thanks", HTTP_REFERER=f"{PAY}/pay/cs_1", REMOTE_ADDR="192.0.2.1"),
    ]
    assert len({answer.content for answer in answers}) == 1
    for answer in answers:
        assert answer.status_code == 200
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
    page = text_of(answers[0])
    assert "Leave no trace" in page
    assert f'href="{PAPER}/"' in page
    assert not re.search(r"US\$|card was|success", page)


def test_no_page_tells_a_decline_from_a_success(the: Desk, browser: Client) -> None:
    browser.post("/en/give", giving_form())
    gift = Contribution.objects.get()
    before = [browser.get(path) for path in ("/en/give", "/en/thanks")]
    Fact.objects.create(provider="practice", kind="failed", provider_id="ch", contribution=gift, month=gift.month)
    after = [browser.get(path) for path in ("/en/give", "/en/thanks")]
    assert [without_tokens(a.content.decode()) for a in before] == [without_tokens(a.content.decode()) for a in after]


def test_nothing_of_a_gift_is_logged(the: Desk, browser: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    till_of(the).fails.append(away())
    for _ in range(2):
        browser.post("/en/give", giving_form(email="canary@example.org", receipts="yes", amount="987321"))
    said = [record for record in caplog.records if record.name != "django.db.backends"]
    logged = " ".join(f"{record.getMessage()} {record.args} {record.exc_info}" for record in said)
    assert "canary" not in logged
    assert "987321" not in logged
    assert "987,321" not in logged
    assert "9,873" not in logged
