"""Passkeys in a real browser, with an authenticator that the browser pretends: set up, used, used alone, taken away."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.newsroom.signing_in.builders import PASSWORD, an_editor, code_of, events
from tests.press.builders import a_paper, clear_newsroom

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PHONE = {"width": 390, "height": 800}

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Desk:
    """A browser at the desk, by this machine's name."""

    page: Page
    url: str
    keys: CDPSession
    said: list[str]
    """What the browser complained about."""

    def sign_in(self) -> None:
        """Send name and password."""
        self.page.goto(f"{self.url}/login/")
        self.page.fill("[name=username]", "mira")
        self.page.fill("[name=password]", PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()

    def sign_out(self) -> None:
        """Forget the session, as a browser of somebody else's."""
        self.page.context.clear_cookies()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all tests here."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in this thread.
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """A window with nothing remembered in it."""
    clear_newsroom()
    a_paper()
    opened = browser.new_context(viewport={"width": 1000, "height": 900})
    yield opened
    opened.close()


@pytest.fixture
def desk(context: BrowserContext, live_server: LiveServer) -> Desk:
    """A tab with a device that makes passkeys and says yes to each."""
    an_editor()
    page = context.new_page()
    page.set_default_timeout(60_000)
    keys = context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    keys.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return Desk(page, re.sub(r"//[^:/]+", "//localhost", live_server.url), keys, said)


def test_an_editor_sets_up_a_passkey_and_opens_the_desk_with_it(desk: Desk, settings: LazySettings) -> None:
    settings.STET_SECOND_FACTOR = "required"
    page = desk.page
    desk.sign_in()
    page.get_by_role("heading", name="Set up a second factor").wait_for()
    page.goto(f"{desk.url}/pages/")
    assert page.url == f"{desk.url}/second-factor/", "Nothing else is shown before."

    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What you call it").fill("laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    codes = page.locator("ol code").all_inner_texts()
    assert len(set(codes)) == 10
    page.get_by_role("link", name="I have written them down").click()
    page.wait_for_url(f"{desk.url}/")

    desk.sign_out()
    page.goto(f"{desk.url}/images/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{desk.url}/images/")

    desk.sign_out()
    desk.sign_in()
    page.get_by_role("heading", name="Prove that it is you").wait_for()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{desk.url}/")

    desk.sign_out()
    desk.sign_in()
    page.get_by_label("Code").fill(codes[3])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{desk.url}/")

    page.goto(f"{desk.url}/second-factor/")
    page.get_by_text("9 codes are left").wait_for()
    page.get_by_role("link", name="Remove laptop").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("The passkey opens nothing any more.").wait_for()
    assert not Authenticator.objects.exists(), "Recovery codes alone are no second factor."
    page.goto(f"{desk.url}/")
    page.get_by_role("heading", name="Set up a second factor").wait_for()
    assert desk.said == [], "The desk's policy forbids none of it."
    assert events() == [
        "signed_in", "factor_added", "factor_added", "signed_in", "signed_in", "signed_in",
        "factor_removed", "factor_removed",
    ]  # fmt: skip


def test_an_editor_sets_up_an_app_by_its_key(desk: Desk) -> None:
    page = desk.page
    desk.sign_in()
    page.wait_for_url(f"{desk.url}/")
    page.goto(f"{desk.url}/second-factor/totp/activate/")
    assert page.get_by_alt_text("The key below as a QR code").evaluate("image => image.naturalWidth > 0")
    page.get_by_label("Code").fill(code_of(page.locator("#totp-key").inner_text()))
    page.get_by_role("button", name="Set up").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    page.goto(f"{desk.url}/second-factor/recovery-codes/")
    page.get_by_text("Codes are shown only once").wait_for()


def test_where_the_address_is_a_number_the_page_says_what_helps(desk: Desk, live_server: LiveServer) -> None:
    page, number = desk.page, desk.url.replace("localhost", "127.0.0.1")
    page.goto(f"{number}/login/")
    assert page.get_by_role("button", name="Sign in with a passkey").count() == 0
    page.get_by_role("link", name="localhost").click()
    page.get_by_role("button", name="Sign in with a passkey").wait_for()
    assert page.url == f"{desk.url}/login/"


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_the_page_to_sign_in_at_fits_a_phone(context: BrowserContext, live_server: LiveServer, language: str) -> None:
    an_editor()
    page = context.new_page()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.set_extra_http_headers({"Accept-Language": language})
    page.goto(f"{live_server.url}/login/")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("() => document.documentElement.dir") == ("rtl" if language == "fa" else "ltr")
