"""Who says this, in a browser: with and without scripts, by keyboard, in three languages, under the page's policy."""

import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from stet.project.reader_site import page_policy
from stet.theme import claim_script
from stet.theme.setting import Theme, load_theme
from tests.theme.builders import full

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
QUIET_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PAPER = "https://paper.example.org"
LANGUAGES = ["en", "ru", "fa"]
PAGES = ["article_with_claims", "question", "questions", "source"]


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET_FLAGS)
        yield started
        started.close()


def shown(context: BrowserContext, html: bytes) -> tuple[Page, list[str]]:
    """A page at the paper's address, with the paper's policy, and everything that is asked for."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if urlsplit(route.request.url).path == "/story/":
            headers = {"content-security-policy": page_policy("https://join.example.org/x")}
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)
        else:
            route.abort()

    context.route("**/*", answer)
    page = context.new_page()
    page.goto(f"{PAPER}/story/")
    return page, asked


def is_in_sight(page: Page, selector: str) -> bool:
    """Whether an element is readable where the reader is now."""
    return bool(
        page.locator(selector).evaluate(
            "e => { const r = e.getBoundingClientRect(); return e.checkVisibility({contentVisibilityAuto: true}) && "
            "r.height > 0 && r.top < innerHeight && r.bottom > 0 }"
        )
    )


def test_the_script_is_small_and_asks_nobody() -> None:
    assert len(claim_script.SCRIPT.encode()) <= claim_script.MOST_BYTES
    assert not any(word in claim_script.SCRIPT for word in ("fetch", "XMLHttp", "cookie", "storage", "http", "eval"))


def test_a_page_may_run_this_script(theme: Theme) -> None:
    assert f"'{claim_script.SCRIPT_HASH}'" in page_policy()
    html = theme.set_page(full("article_with_claims")).decode()
    assert f"<script>{claim_script.SCRIPT}</script>" in html


def test_without_a_script_the_words_lead_to_the_list_and_back(theme: Theme, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 500})
    page, _asked = shown(context, theme.set_page(full("article_with_claims")))
    page.locator("#c2").click()
    assert page.url.endswith("#s2")
    expect(page.locator("#s2 s")).to_be_visible()
    page.locator('#s2 a[href="#c2"]').click()
    assert page.url.endswith("#c2")
    context.close()


def test_a_link_into_the_list_opens_it_where_a_reader_has_closed_it(theme: Theme, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 500})
    # Without popovers, as in an older browser, the script leaves the link alone.
    context.add_init_script("delete HTMLElement.prototype.showPopover")
    page, _asked = shown(context, theme.set_page(full("article_with_claims")))
    page.locator("summary").first.click()
    assert page.locator("details.says").get_attribute("open") is None
    page.locator("#c1").click()
    page.wait_for_function("location.hash == '#s1' && document.querySelector('details.says').open")
    assert is_in_sight(page, "#s1")
    context.close()


def test_with_a_script_it_opens_beside_the_words_and_escape_gives_the_focus_back(
    theme: Theme, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 700})
    faults: list[str] = []
    page, asked = shown(context, theme.set_page(full("article_with_claims")))
    page.on("console", lambda message: faults.append(message.text))
    page.locator("#c1").focus()
    page.keyboard.press("Enter")
    popover = page.get_by_role("dialog", name="600")
    expect(popover).to_be_visible()
    expect(popover).to_be_focused()
    expect(popover).to_contain_text("Lida Orsova")
    expect(popover.locator(".up")).to_have_count(2)
    expect(popover.locator(".up").first).to_be_hidden()
    assert is_in_sight(page, ".who")
    page.keyboard.press("Escape")
    expect(popover).to_be_hidden()
    expect(page.locator("#c1")).to_be_focused()
    assert "#" not in page.url
    assert [address for address in asked if address != f"{PAPER}/story/"] == []
    assert faults == []
    context.close()


def test_a_touch_elsewhere_closes_it(theme: Theme, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    page, _asked = shown(context, theme.set_page(full("article_with_claims")))
    page.locator("#c1").click()
    expect(page.locator(".who")).to_be_visible()
    page.locator("h1").click()
    expect(page.locator(".who")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_claims_does_not_scroll_sideways_on_a_phone(
    theme: Theme, browser: Browser, name: str, language: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 700})
    page, _asked = shown(context, theme.set_page(full(name, language)))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_a_page_of_claims(theme: Theme, browser: Browser, name: str, language: str) -> None:
    found = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, bypass_csp=True)
        page, _asked = shown(context, theme.set_page(full(name, language)))
        if name == "article_with_claims":
            page.locator("#c1").click()
        for violation in Axe().run(page).response["violations"]:
            found.add((scheme, violation["id"], violation["nodes"][0]["html"][:120]))
        context.close()
    assert found == set()
