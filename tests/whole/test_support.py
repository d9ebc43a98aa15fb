"""Giving, from the printed page over the provider's to the books and back, in a browser on a newsroom that runs.

The provider is the practice one: it speaks Stripe's protocol, and takes no money.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from stet.project.settings import Newsroom
from tests.whole.conftest import stet, until
from tests.whole.support import (
    DECLINED,
    SUBMIT,
    Gift,
    a_reader,
    fill_in,
    give,
    go_to_pay,
    happens,
    is_booked,
    look_up,
    mail_to,
    pay,
    session_of,
    sign_in_at_office,
    support_url,
    words,
)

FORMS = "form[action$='/give']"
SEED = "Math.random = () => 0.5"
"""The one dice of the script, so that two devices can be compared."""


@pytest.fixture(scope="module")
def office(up: Newsroom, browser: Browser) -> Iterator[Page]:
    """Somebody who keeps the books, signed in."""
    context = a_reader(browser)
    page = context.new_page()
    sign_in_at_office(page, up)
    yield page
    context.close()


@pytest.fixture
def reader(browser: Browser) -> Iterator[Page]:
    """Somebody with a browser that has nothing in it."""
    context = a_reader(browser)
    yield context.new_page()
    context.close()


# --- To the books ---

GIFTS = {
    "ten dollars once": (Gift(minor=1000), "US$10.00"),
    "euros a month, in Russian": (Gift(language="ru", currency="EUR", interval="monthly", minor=1000), "€10.00"),
    "yen a year, an amount of one's own": (Gift(currency="JPY", interval="annual", other="4321"), "¥4,321"),
    "an amount of one's own with a comma, in Russian": (Gift(language="ru", other="2,50"), "US$2.50"),
    "euros once, an amount of one's own": (Gift(currency="EUR", other="3.75"), "€3.75"),
}


@pytest.mark.parametrize("case", GIFTS)
def test_a_gift_comes_from_the_printed_page_to_the_books(up: Newsroom, reader: Page, office: Page, case: str) -> None:
    gift, amount = GIFTS[case]
    number = give(reader, up, gift)
    assert reader.context.cookies() == []
    is_booked(office, up, number, "Came in", amount)


@pytest.mark.parametrize("interval", ["once", "monthly"])
def test_without_javascript_it_is_the_same(up: Newsroom, browser: Browser, office: Page, interval: str) -> None:
    context = a_reader(browser, java_script_enabled=False)
    number = give(context.new_page(), up, Gift(interval=interval, minor=1000))
    is_booked(office, up, number, "Came in", "US$10.00")
    context.close()


ARTICLE = "/2025/02/11/vel-dam-breaks-at-tolv/"


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_letter_under_an_article_leads_straight_to_paying(
    up: Newsroom, browser: Browser, office: Page, has_javascript: bool
) -> None:
    context = a_reader(browser, java_script_enabled=has_javascript)
    page = context.new_page()
    page.goto(up.base_url + ARTICLE)
    page.locator("aside.asks:not(.top-ask) form.give:visible button").first.click()
    number = session_of(page, up)
    pay(page, up)
    is_booked(office, up, number, "Came in", "forty-minutes-")
    context.close()


def test_after_a_card_that_is_declined_another_one_is_taken(up: Newsroom, reader: Page, office: Page) -> None:
    number = go_to_pay(reader, up, Gift(minor=1000))
    pay(reader, up, DECLINED)
    reader.get_by_role("alert").wait_for()
    assert "Came in" not in look_up(office, up, number)
    pay(reader, up)
    is_booked(office, up, number, "Came in")


def test_whoever_turns_back_at_the_provider_is_at_the_support_page_again(up: Newsroom, reader: Page) -> None:
    go_to_pay(reader, up, Gift(language="ru", minor=1000))
    reader.locator("a.button").click()
    reader.wait_for_url(support_url(up, "ru"))


# --- Back again ---


def test_a_payment_is_given_back_in_the_office(up: Newsroom, reader: Page, office: Page) -> None:
    number = give(reader, up, Gift(currency="EUR", minor=1000))
    is_booked(office, up, number, "Came in")
    office.get_by_role("link", name="Give back").click()
    office.locator("[name=reason][value=asked]").check()
    office.get_by_role("button", name="Go on").click()
    office.get_by_role("button", name="Yes, give it back").click()
    office.get_by_text("Given back. The provider sends it").wait_for()
    is_booked(office, up, number, "Given back €10.00")


def test_a_bank_takes_a_payment_back_and_loses(up: Newsroom, reader: Page, office: Page) -> None:
    number = give(reader, up, Gift(minor=1000))
    is_booked(office, up, number, "Came in")
    charge = office.locator("code", has_text="ch_").first.inner_text()
    happens(up, "dispute", charge=charge)
    is_booked(office, up, number, "Taken back by the bank US$10.00")


# --- Regularly ---


def test_a_monthly_gift_has_receipts_and_is_ended_by_its_giver(up: Newsroom, reader: Page, office: Page) -> None:
    address = "monthly@example.org"
    number = give(reader, up, Gift(interval="monthly", minor=1000, email=address))
    is_booked(office, up, number, "Came in", "Running")
    reader.goto(mail_to(office, up, address, "receipt"))
    assert "10" not in words(reader), "The link alone shows nothing: mailbox providers follow links."
    reader.get_by_role("button", name="Show it").click()
    reader.get_by_text("Amount: US$10").wait_for()
    reader.get_by_role("link", name="Change or end it").click()
    reader.get_by_role("button", name="To the payment provider’s page").click()
    reader.wait_for_url(f"{up.settings.ledger.practice}/p/session/**")
    reader.get_by_role("button", name="End it").click()
    reader.get_by_text("You give nothing regularly.").wait_for()
    reader.get_by_role("link", name="Return").click()
    reader.wait_for_url(f"{up.base_url}/")
    is_booked(office, up, number, "Ended")


def test_a_plan_is_renewed_and_when_its_card_fails_a_mail_says_so(up: Newsroom, reader: Page, office: Page) -> None:
    address = "renewed@example.org"
    number = give(reader, up, Gift(interval="monthly", other="25", email=address))
    is_booked(office, up, number, "Came in", "Running")
    office.get_by_role("link", name="Plan").last.click()
    plan = office.locator("code", has_text="sub_").first.inner_text()
    happens(up, "clock", days="32")
    until(lambda: look_up(office, up, plan).count("Came in · US$25.00") == 2, "a second payment came in")
    happens(up, "card", subscription=plan, fails="1")
    happens(up, "clock", days="32")
    is_booked(office, up, plan, "A payment failed", "The last payment failed")
    reader.goto(mail_to(office, up, address, "my-gift"))
    reader.get_by_role("button", name="To the payment provider’s page").click()
    reader.get_by_role("button", name="Put in a card that works").click()
    until(lambda: look_up(office, up, plan).count("Came in · US$25.00") == 3, "what was open came in")


# --- By the bank ---


def test_a_transfer_is_found_on_the_banks_statement(up: Newsroom, reader: Page, office: Page) -> None:
    fill_in(reader, up, Gift(currency="EUR", minor=2500, method="bank"))
    reader.locator(SUBMIT).click()
    reader.get_by_role("heading", name="Your bank transfer").wait_for()
    assert "LV80 BANK 0000 4351 9500 1" in words(reader)
    reference = reader.locator("dd bdi").last.inner_text()
    is_booked(office, up, reference, "Not paid")
    statement = f"date;amount;currency;text\n2026-11-02;25,00;EUR;{reference}\n"
    office.goto(f"{up.office_url}/giving/bank/")
    office.set_input_files("[name=statement]", {"name": "s.csv", "mimeType": "text/csv", "buffer": statement.encode()})
    office.locator("main form button[type=submit]").click()
    office.get_by_role("heading", name="What came of it").wait_for()
    is_booked(office, up, reference, "Came in", "€25.00")


# --- Later ---


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_mail_and_a_calendar_remind_later(up: Newsroom, browser: Browser, office: Page, has_javascript: bool) -> None:
    address = f"later-{has_javascript}@example.org".lower()
    context = a_reader(browser, java_script_enabled=has_javascript)
    page = context.new_page()
    page.goto(support_url(up))
    with page.expect_download() as coming:
        page.locator(".later").get_by_role("link", name="Next month").click()
    calendar = coming.value.path().read_text()
    assert calendar.startswith("BEGIN:VCALENDAR")
    assert not any(word in calendar.lower() for word in ("shore", "give", "gift", "support", "http"))
    page.fill(".later [name=email]", address)
    page.locator(".later").get_by_role("button", name="Remind me").click()
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    page.goto(mail_to(office, up, address, "remind"))
    page.get_by_role("button", name="Yes, remind me").click()
    page.get_by_role("heading", name="You will be reminded").wait_for()
    assert context.cookies() == []
    context.close()


# --- Traces ---


def visit(page: Page, newsroom: Newsroom) -> None:
    """An article, then the support page."""
    page.goto(newsroom.base_url + ARTICLE)
    page.goto(support_url(newsroom))


def give_something(page: Page, newsroom: Newsroom) -> None:
    visit(page, newsroom)
    give(page, newsroom, Gift(minor=1000))


def close_the_appeal(page: Page, newsroom: Newsroom) -> None:
    page.goto(newsroom.base_url + ARTICLE)
    page.locator("aside.asks button[data-later]:visible").click()
    assert page.locator("aside.asks:visible").count() == 0
    page.goto(support_url(newsroom))


def be_reminded_on_this_device(page: Page, newsroom: Newsroom) -> None:
    visit(page, newsroom)
    page.locator(".later button[data-later]").click()


def test_giving_closing_and_being_reminded_leave_one_trace(up: Newsroom, browser: Browser) -> None:
    left = {}
    for does in (give_something, close_the_appeal, be_reminded_on_this_device):
        context = a_reader(browser)
        context.add_init_script(SEED)
        page = context.new_page()
        does(page, up)
        page.goto(f"{up.base_url}/robots.txt")
        left[does.__name__] = page.evaluate("JSON.stringify(Object.entries(localStorage))")
        page.goto(up.base_url + ARTICLE)
        assert page.locator("aside.asks:visible").count() == 0, does
        context.close()
    assert len(set(left.values())) == 1, left
    assert "stet" in next(iter(left.values()))


@pytest.mark.parametrize("path", [ARTICLE, "/support/", "/ru/support/", "/fa/support/"])
def test_pages_ask_nobody_else_and_set_no_cookie(up: Newsroom, browser: Browser, path: str) -> None:
    context = a_reader(browser)
    asked: list[str] = []
    cookies: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("response", lambda response: cookies.extend([response.url] * ("set-cookie" in response.headers)))
    page = context.new_page()
    page.goto(up.base_url + path)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith((f"{up.base_url}/", "data:"))] == []
    assert (cookies, context.cookies()) == ([], [])
    context.close()


def test_an_address_and_a_token_are_nowhere_but_in_the_mail(up: Newsroom, reader: Page, office: Page) -> None:
    address = "canary-7f3a@example.org"
    give(reader, up, Gift(minor=1000, email=address))
    link = mail_to(office, up, address, "receipt")
    token = link.rstrip("/").rpartition("/")[2]
    reader.goto(link)
    reader.get_by_role("button", name="Show it").click()
    reader.get_by_text("Amount:").wait_for()
    reader.goto(f"{link}x")
    assert token not in reader.content().replace(reader.url, ""), "A page tells nothing of a link but its own address."
    reader.goto(support_url(up))
    reader.fill(".later [name=email]", address)
    reader.locator(".later").get_by_role("button", name="Remind me").click()
    remind = mail_to(office, up, address, "remind").rpartition("/")[2]
    found = [
        str(file.relative_to(up.folder))
        for file in up.folder.rglob("*")
        if file.is_file() and up.sink not in file.parents and has_any(file, address, token, remind)
    ]
    assert found == []


def has_any(file: Path, *words: str) -> bool:
    """Whether a file holds one of these, in bytes or as a database keeps text."""
    content = file.read_bytes()
    return any(word.encode() in content or word.encode("utf-16-le") in content for word in words)


# --- The switch ---


def test_the_switch_ends_plans_and_closes_the_page(up: Newsroom, reader: Page, office: Page) -> None:
    gift = Gift(language="fa", interval="monthly", other="۱۲", email="far@example.org")
    number = go_to_pay(reader, up, gift)
    reader.locator("summary").click()
    reader.select_option("[name=country]", "BR")
    pay(reader, up)
    is_booked(office, up, number, "Came in", "US$12.00", "Running")
    words_of_it = ("ledger", "designate", "--country", "BR", "-l", "fa", "-n", up.folder)
    assert "Would end 1 plans" in stet(*words_of_it, "--dry-run").stdout
    reader.goto(support_url(up, "fa"))
    assert reader.locator(FORMS).count()
    assert "1 plans: 1 ended now" in stet(*words_of_it, "--yes").stdout
    is_booked(office, up, number, "Ended")

    def is_closed() -> bool:
        reader.goto(support_url(up, "fa"))
        return reader.locator(FORMS).count() == 0

    until(is_closed, "the page in this language asks for nothing", within_seconds=300)  # the whole paper is set anew
    reader.goto(support_url(up, "ru"))
    assert reader.locator(FORMS).count()
    reader.goto(f"{up.frontdesk_url}/fa/give")
    assert reader.locator(FORMS).count() == 0
