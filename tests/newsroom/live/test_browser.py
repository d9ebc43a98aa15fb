"""Live coverage and translations in a browser: an entry by keyboard, a translation brought up to date."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from django.utils.html import strip_tags
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from stet.newsroom.models import ArticlePage, LiveEntry
from tests.newsroom.translating.test_at_the_desk import a_pair, changed
from tests.press.builders import SmallPaper, a_paper, an_article, clear_newsroom

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)


@pytest.fixture
def paper(live_server: LiveServer, keys: None) -> Iterator[SmallPaper]:
    clear_newsroom()
    get_user_model().objects.create_superuser(username="lida", password="a long password")
    yield a_paper()
    clear_newsroom()


@pytest.fixture
def page(live_server: LiveServer, paper: SmallPaper, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A tab at the desk, signed in."""
    # Playwright runs a loop of its own, beside which Django would not let the test look into the database.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        switches = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=[*switches, "--disable-sync"])
        tab = started.new_page(viewport={"width": 1280, "height": 1000})
        tab.set_default_timeout(30_000)
        tab.goto(f"{live_server.url}/login/")
        tab.fill("[name=username]", "lida")
        tab.fill("[name=password]", "a long password")
        tab.click("button[type=submit]")
        tab.wait_for_url(f"{live_server.url}/")
        yield tab
        started.close()


def test_entries_are_posted_and_a_translation_is_brought_up_to_date(
    page: Page, paper: SmallPaper, live_server: LiveServer
) -> None:
    article = an_article(paper.sections["en"][0], "vote", title="The vote")
    page.goto(f"{live_server.url}/live/{article.pk}/")
    page.get_by_role("button", name="Cover it live").click()

    # Headline, tab, a sentence, send: no mouse.
    page.get_by_label("Headline").focus()
    page.keyboard.type("Polls open")
    page.keyboard.press("Tab")
    page.locator("[contenteditable=true]").focus()
    page.keyboard.type("At eight, in the rain.")
    page.get_by_role("button", name="Post the entry").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.get_by_text("Posted: “Polls open”.").wait_for()
    entry = LiveEntry.objects.get()
    assert (entry.number, strip_tags(entry.text).replace("\xa0", " ")) == (1, "At eight, in the rain.")

    page.get_by_role("link", name="Change “Polls open”").click()
    page.get_by_label("What was wrong, what is right").fill("It was nine.")
    page.get_by_role("button", name="Save").click()
    page.locator(".stet-live .w-status", has_text="corrected").wait_for()

    original, translation = a_pair(paper)
    changed(original)
    page.goto(f"{live_server.url}/translations/")
    page.get_by_role("link", name="На площади").click()
    page.locator("ins", has_text="Nine").wait_for()
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="This is up to date now").click()
    page.get_by_text("agrees with its original again").wait_for()
    assert not ArticlePage.objects.get(pk=translation.pk).is_behind_original
