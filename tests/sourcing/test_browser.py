"""A claim in a real browser: its chain is grown and put in order by keyboard, a new source made on the way."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from stet.sourcing.history import verify
from stet.sourcing.models import Claim, Record
from stet.sourcing.reading import read_claims
from stet.sourcing.terms import Status
from tests.press.builders import a_paper, clear_newsroom
from tests.sourcing.builders import a_claim, a_source

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A tab of an editor who is signed in."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in this thread.
    clear_newsroom()
    a_paper()
    get_user_model().objects.create_superuser("mira", password="a long password")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        tab = browser.new_page(viewport={"width": 1200, "height": 900})
        tab.set_default_timeout(60_000)
        tab.goto(f"{live_server.url}/login/")
        tab.fill("input[name=username]", "mira")
        tab.fill("input[name=password]", "a long password")
        tab.keyboard.press("Enter")
        tab.wait_for_url(f"{live_server.url}/")
        yield tab
        browser.close()


def test_a_chain_grows_by_a_new_source_and_is_put_in_order_by_keyboard(page: Page, live_server: LiveServer) -> None:
    claim = a_claim(chain=(a_source("Harbour Radio"), a_source("the Border Agency")))
    page.goto(f"{live_server.url}/snippets/sourcing/claim/edit/{claim.pk}/")
    page.locator("#id_chain-ADD").focus()
    page.keyboard.press("Enter")
    third = page.locator("#inline_child_chain-2")
    third.locator("button[data-chooser-action-choose]").first.click()
    page.get_by_role("tab", name="New source").click()
    page.select_option(".modal-body select[name=kind]", "body")
    page.fill(".modal-body input[name=name]", "the Statistics Office")
    page.get_by_role("button", name="Make it").click()
    third.get_by_text("the Statistics Office").wait_for()
    third.locator("[data-inline-panel-child-move-up]").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"{live_server.url}/snippets/sourcing/claim/")
    value = read_claims([claim.pk])[claim.pk]
    names = ["Harbour Radio", "the Statistics Office", "the Border Agency"]
    assert [link.source.text("en").name for link in value.chain] == names
    assert Record.objects.filter(claim=claim, kind=Record.Kind.CHAIN).count() == 2
    page.goto(f"{live_server.url}/sourcing/claims/{claim.pk}/status/")
    page.select_option("select[name=status]", "withdrawn")
    page.fill("textarea[name=reason]", "They took it back.")
    page.get_by_role("button", name="Add this status").click()
    page.get_by_text("Nobody altered this history").wait_for()
    assert read_claims([claim.pk])[claim.pk].status is Status.WITHDRAWN
    verify(Claim.objects.all())
