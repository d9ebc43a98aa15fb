"""Giving in a browser without script: to another host, on a phone, right to left, dark, with the keyboard alone."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.frontdesk.paying import a_pay_page, put_support
from tests.frontdesk.serving import SERVE, Served, a_frontdesk
from tests.frontdesk.test_browser import ARGUMENTS, CHROMIUM, PHONE

GIVING = SERVE.replace(
    "from stet.frontdesk.wsgi", "from tests.frontdesk.paying import use_tills\nuse_tills()\nfrom stet.frontdesk.wsgi"
)


@pytest.fixture(scope="module")
def pay_url() -> Iterator[str]:
    with a_pay_page() as url:
        yield url


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, pay_url: str) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("giving") / "paper"
    with a_frontdesk(folder, serve=GIVING, PAY_URL=pay_url) as frontdesk:
        put_support(frontdesk.newsroom.site)
        yield frontdesk


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "These tests need Chromium. Run: sudo apt-get install -y chromium"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser without script."""
    context = browser.new_context(java_script_enabled=False)
    yield context
    assert context.cookies() == []
    context.close()


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f'label:has(input[name="{name}"][value="{value}"])').click()


def fill_in(page: Page, *, interval: str = "once", amount: str = "1000", method: str = "card") -> None:
    choose(page, "interval", interval)
    choose(page, f"amount-{interval}", amount)
    choose(page, "method", method)


def newest(served: Served) -> tuple:
    columns = "interval, minor, currency, language, campaign, provider"
    return served.ask(f"SELECT {columns} FROM ledger_contribution ORDER BY id DESC LIMIT 1")[0]


GIFTS = {
    "once": ("en", "USD", "once", "1000", "", 1_000),
    "monthly in lari": ("ru", "GEL", "monthly", "600", "", 600),
    "annual in euro": ("fa", "EUR", "annual", "6000", "", 6_000),
    "other in dollars": ("en", "USD", "monthly", "other", "12.34", 1_234),
    "other in euro, with a comma": ("ru", "EUR", "once", "other", "12,34", 1_234),
    "other in lari, in Persian digits": ("fa", "GEL", "annual", "other", "۴۵٫۶۷", 4_567),
}


@pytest.mark.parametrize("case", GIFTS)
def test_a_gift_goes_to_the_providers_page_on_another_host(
    context: BrowserContext, served: Served, pay_url: str, case: str
) -> None:
    language, currency, interval, amount, typed, minor = GIFTS[case]
    page = context.new_page()
    page.goto(f"{served.url}/{language}/give?currency={currency}&campaign=spring-b")
    fill_in(page, interval=interval, amount=amount)
    if typed:
        page.fill("#other", typed)
    page.click("form > button:visible")
    assert page.url.startswith(f"{pay_url}/pay/cs_"), page.content()
    assert page.inner_text("h1") == "Pay here"
    assert newest(served) == (interval, minor, currency, language, "spring-b", "practice")


def test_a_form_on_another_origin_gets_there_too(context: BrowserContext, served: Served, pay_url: str) -> None:
    """As printed: the page's policy names the frontdesk and the provider's page."""
    page = context.new_page()
    form = "".join(
        f'<input name="{name}" value="{value}">'
        for name, value in {"interval": "once", "currency": "USD", "amount": "2500", "method": "card"}.items()
    )
    policy = f"default-src 'none'; form-action {served.url} {pay_url}"
    page.route(
        "https://example.org/support/",
        lambda route: route.fulfill(
            headers={"Content-Security-Policy": policy, "Content-Type": "text/html"},
            body=f'<form method="post" action="{served.url}/en/give">{form}<button>Go on</button></form>',
        ),
    )
    page.goto("https://example.org/support/")
    page.click("button")
    assert page.url.startswith(f"{pay_url}/pay/cs_")


def test_another_currency_keeps_what_was_chosen(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    page.goto(f"{served.url}/en/give")
    fill_in(page, interval="annual", amount="6000")
    page.fill("#email", "ada@example.org")
    page.check("input[name=receipts]")
    page.click('button[name="in"][value="GEL"]')
    assert page.input_value("#email") == "ada@example.org"
    assert page.is_checked("input[name=receipts]")
    assert page.is_checked("#interval-annual")
    assert page.input_value('input[name="currency"]') == "GEL"
    assert "GEL" in page.inner_text(".at-annual")


def test_only_the_amounts_of_the_chosen_interval_are_seen(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    page.goto(f"{served.url}/en/give")
    for interval, seen in {"monthly": "US$15", "annual": "US$120", "once": "US$100"}.items():
        choose(page, "interval", interval)
        shown = page.locator(".amounts:visible")
        assert shown.count() == 1
        assert seen in shown.inner_text()
    assert not page.locator("#other").is_visible()
    choose(page, "amount-once", "other")
    assert page.locator("#other").is_visible()
    assert page.locator("input[name=method][value=bank]").is_visible()
    choose(page, "interval", "monthly")
    assert not page.locator("input[name=method][value=bank]").is_visible()


def test_return_in_a_field_goes_on_and_does_not_change_the_currency(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    page.goto(f"{served.url}/en/give")
    choose(page, "amount-once", "other")
    page.fill("#other", "5")
    page.press("#other", "Enter")
    assert page.locator("#method-fault").is_visible()
    assert page.input_value('input[name="currency"]') == "USD"


def test_the_form_is_filled_in_with_the_keyboard_alone(context: BrowserContext, served: Served, pay_url: str) -> None:
    page = context.new_page()
    page.goto(f"{served.url}/en/give")
    page.focus("#interval-once")
    for key in ("ArrowRight", "Tab", "Space", "ArrowRight", "Tab", "Tab", "Tab", "Space", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(f"{pay_url}/pay/cs_*")
    assert newest(served)[:3] == ("monthly", 500, "USD")


def test_mistakes_are_said_at_their_fields_and_mended(context: BrowserContext, served: Served, pay_url: str) -> None:
    page = context.new_page()
    page.goto(f"{served.url}/en/give")
    fill_in(page, amount="other")
    page.fill("#other", "1")
    page.fill("#email", "nobody")
    page.click("form > button:visible")
    assert page.title().startswith("Please look at this once more: ")
    assert "US$2" in page.inner_text("#amount-fault")
    page.click(".summary a[href$='#amount']")
    assert page.url == f"{served.url}/en/give#amount"
    page.fill("#other", "3")
    page.fill("#email", "")
    page.click("form > button:visible")
    assert page.url.startswith(f"{pay_url}/pay/cs_")
    assert newest(served)[1] == 300


def test_the_slow_page_shows_its_button_in_time_and_leads_on(
    context: BrowserContext, served: Served, pay_url: str
) -> None:
    page = context.new_page()
    page.goto(f"{served.url}/en/give")
    fill_in(page, amount="2500")
    page.route(
        "**/en/give",
        lambda route: (
            route.continue_(post_data=(route.request.post_data or "").replace("website=", "website=x", 1))
            if route.request.method == "POST" and "One more" not in page.title()
            else route.continue_()
        ),
    )
    page.click("form > button:visible")
    assert page.inner_text("h1") == "One more moment"
    assert page.inner_text(".sum") == "US$25"
    page.unroute("**/en/give")
    button = page.locator("button.ready")
    assert not button.is_visible()
    button.wait_for(state="visible", timeout=20_000)
    button.click()
    assert page.url.startswith(f"{pay_url}/pay/cs_")


PAGES = {"give": "/{}/give", "thanks": "/{}/thanks", "my-gift": "/{}/my-gift"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_pages_are_accessible_and_fit_a_phone(
    browser: Browser,
    served: Served,
    language: str,
    scheme: str,
) -> None:
    context = browser.new_context(viewport=PHONE, color_scheme=scheme, locale=language)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    def looked_at(name: str) -> None:
        assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "fa" else "ltr"), name
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
        small = page.evaluate(
            "[...document.querySelectorAll('button,select,.tile,.choice,input[type=email],input.money')]"
            ".filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 44).length"
        )
        assert small == 0, name
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"

    for name, path in PAGES.items():
        page.goto(served.url + path.format(language))
        looked_at(name)
        assert page.locator("script").count() == 0
    page.goto(f"{served.url}/{language}/give")
    fill_in(page, amount="other", method="bank")
    page.click("form > button:visible")
    looked_at("faults")
    page.fill("#other", "12")
    page.click("form > button:visible")
    assert re.search(r"RF", page.inner_text("main"))
    looked_at("bank")
    assert [url for url in asked if not url.startswith(served.url)] == []
    assert context.cookies() == []
    context.close()
