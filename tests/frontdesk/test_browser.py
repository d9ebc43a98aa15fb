"""The frontdesk in a browser, without script: keyboard, phone, right to left, dark; and a whole reader's life."""

import json
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from stet.project.founding import reader_key_files
from stet.readers.keys import load_reader_keys
from tests.frontdesk.serving import Served, a_frontdesk

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with a_frontdesk(tmp_path_factory.mktemp("frontdesk") / "paper") as frontdesk:
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


def sign_up(page: Page, served: Served, address: str, language: str = "en") -> None:
    page.goto(f"{served.url}/{language}/join")
    page.fill("#email", address)
    page.click("button")


def test_a_reader_signs_up_confirms_changes_and_erases(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    before = served.ask("SELECT count(*) FROM readers_reader")
    sign_up(page, served, "whole.life@gmail.com")
    assert page.inner_text("h1") == "Look into your mailbox"
    page.goto(served.link("confirm"))
    page.click("text=Yes, send it to me")
    assert page.inner_text("h1") == "You are signed up: The Week"

    page.click("text=Choose your time zone")
    page.check("text=Daily brief")
    page.click("text=Save newsletters")
    assert page.inner_text(".done") == "Saved: these are your newsletters from now on."
    page.select_option("#time_zone", "Europe/Riga")
    page.click("text=Save language and time")
    page.select_option("#pause", "14")
    page.click("text=Save pause")
    assert "as it is now" in page.inner_text("#pause option:checked")
    page.fill("#email", "other.life@mail.ru")
    page.click("text=Ask the new address")
    assert "on its way" in page.inner_text(".done")
    page.goto(served.link("change"))
    page.click("text=Yes, write to this address")
    assert page.inner_text("h1") == "Your new address counts"
    assert served.ask("SELECT lane, time_zone FROM readers_reader ORDER BY id DESC LIMIT 1") == [
        ("mailru", "Europe/Riga")
    ]
    states = served.ask("SELECT list_key, state FROM readers_subscription ORDER BY id DESC LIMIT 2")
    assert states == [("en.daily", "active"), ("en.the-week", "active")]

    with page.expect_download() as kept:
        page.goto(served.link("manage"))
        page.click("text=Download everything")
    lists = json.loads(Path(kept.value.path()).read_text())["lists"]
    assert {on["list"] for on in lists} == {"en.the-week", "en.daily"}

    page.goto(served.link("unsubscribe"))
    page.click("text=Yes, take me off the list")
    assert page.inner_text("h1") == "You no longer get Daily brief"
    page.goto(served.link("manage"))
    page.click("text=Erase everything about me")
    page.click("button.grave")
    assert page.inner_text("h1") == "You are erased"
    assert served.ask("SELECT count(*) FROM readers_reader") == before
    assert served.said.read_text() == ""


def test_a_form_is_filled_in_with_the_keyboard_alone(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    page.goto(f"{served.url}/en/join")
    for key in ("Tab", "Tab", "ArrowDown", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("keyboard@example.org")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.inner_text("h1") == "Look into your mailbox"
    assert served.ask("SELECT list_key FROM readers_subscription ORDER BY id DESC LIMIT 1") == [("en.daily",)]


def test_the_summary_of_mistakes_leads_to_the_field(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    sign_up(page, served, "no address")
    assert page.title().startswith("Please look at this once more: ")
    page.click(".summary a")
    assert page.url == f"{served.url}/en/join#email"
    assert page.inner_text("h1") == "Sign up for a newsletter"
    assert page.get_attribute("#email", "aria-describedby") == "email-fault"
    assert page.locator("#email-fault").is_visible()


def test_a_domain_in_letters_that_look_alike_is_found_though_the_browser_rewrites_it(
    context: BrowserContext, served: Served
) -> None:
    page = context.new_page()
    sign_up(page, served, "ada@exаmple.org")
    assert "look alike" in page.inner_text("#email-fault")


def test_somebody_is_reminded_by_mail_or_by_a_calendar_and_forgotten(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    page.goto(f"{served.url}/en/remind")
    with page.expect_download() as taken:
        page.click("text=In three months >> nth=-1")
    assert Path(taken.value.path()).read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    page.fill("#email", "later@example.org")
    page.select_option("#when", "week")
    page.click("button")
    assert page.inner_text("h1") == "Look into your mailbox"
    uid = UUID(served.ask("SELECT uid FROM ledger_reminder")[0][0])
    token = load_reader_keys(reader_key_files(served.newsroom)).links.token("remind", uid)
    page.goto(f"{served.url}/remind/{token}")
    page.click("text=Yes, remind me")
    assert page.inner_text("h1") == "You will be reminded"
    assert served.ask("SELECT confirmed FROM ledger_reminder") == [(1,)]
    page.click("text=I changed my mind")
    page.click("text=Yes, delete it")
    assert page.inner_text("h1") == "Your address is deleted"
    assert served.ask("SELECT count(*) FROM ledger_contact") == [(0,)]


@pytest.fixture(scope="module")
def pages(served: Served, browser: Browser) -> dict[str, str]:
    """Every page that a reader meets, by name; one reader is there for them."""
    page = browser.new_page()
    addresses = {"join": f"{served.url}/{{language}}/join", "link": f"{served.url}/{{language}}/manage-link"}
    addresses["remind"] = f"{served.url}/{{language}}/remind"
    sign_up(page, served, "looker@example.org")
    addresses["confirm"] = served.link("confirm")
    page.goto(addresses["confirm"])
    page.click("button")
    addresses |= {"manage": served.link("manage"), "unsubscribe": served.link("unsubscribe")}
    addresses |= {"erase": f"{addresses['manage']}/erase", "nothing": f"{served.url}/nothing"}
    page.close()
    return addresses


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_pages_are_accessible_and_fit_a_phone(
    browser: Browser, served: Served, pages: dict[str, str], language: str, scheme: str
) -> None:
    context = browser.new_context(viewport=PHONE, color_scheme=scheme, locale=language)
    page = context.new_page()
    page.goto(pages["manage"])
    page.select_option("#language", language)
    page.locator("form:has(#language) button").click()
    axe = Axe()
    for name, address in pages.items():
        page.goto(address.format(language=language))
        assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "fa" else "ltr"), name
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
        small = page.evaluate(
            "[...document.querySelectorAll('button,select,input[type=email]')]"
            ".filter(e => e.getBoundingClientRect().height < 44).length"
        )
        assert small == 0, name
        found = axe.run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    page.goto(f"{served.url}/{language}/join")
    page.fill("#email", "nothing")
    page.click("button")
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()


def test_a_page_fetches_nothing(browser: Browser, served: Served, pages: dict[str, str]) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in pages.values():
        page.goto(address.format(language="en"))
    page.close()
    wanted = [address.format(language="en") for address in pages.values()]
    assert [url for url in asked if url not in wanted and not url.endswith("/favicon.ico")] == []


def test_one_click_is_answered_at_once_and_without_a_cookie(served: Served, pages: dict[str, str]) -> None:
    """As a mailbox provider asks: no browser, no redirect is followed."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    opener = urllib.request.build_opener(Stay)
    for content_type, body in {
        "application/x-www-form-urlencoded": b"List-Unsubscribe=One-Click",
        "multipart/form-data; boundary=b": (
            b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
        ),
    }.items():
        request = urllib.request.Request(pages["unsubscribe"], data=body, headers={"Content-Type": content_type})
        with opener.open(request, timeout=60) as answer:
            assert (answer.status, answer.read()) == (200, b"Unsubscribed.\n")
            assert answer.headers["Set-Cookie"] is None


def test_nothing_that_was_asked_here_stands_in_a_log(served: Served, pages: dict[str, str]) -> None:
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{served.url}/{re.sub('.*/', 'x/', pages['manage'])}", timeout=60)
    logged = "".join(file.read_text() for file in served.newsroom.logs.iterdir()) + served.said.read_text()
    assert logged == ""
