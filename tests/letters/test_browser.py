"""A letter at the desk, in a browser: begun, gathered into, its stories put in order by mouse and by keyboard."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer
from wagtail.users.models import UserProfile

from stet.letters.models import ListPage
from tests.letters.builders import a_letter, a_list
from tests.press.builders import a_paper, an_article, clear_newsroom

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
STORIES = ("first", "second", "third")


@pytest.fixture
def page(live_server: LiveServer, client: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A browser at the desk, with an editor signed in, a list, and three stories of today."""
    clear_newsroom()
    paper = a_paper()
    a_list(paper, "The Week")
    now = datetime.now(UTC)
    for hours, slug in enumerate(STORIES, start=1):
        an_article(paper.sections["en"][hours % 2], slug, published=now - timedelta(hours=hours))
    get_user_model().objects.create_superuser(username="lida", password="a long password")
    # Playwright runs a loop of its own, beside which Django would not let the test look into the database.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(viewport={"width": 1280, "height": 2400})
        tab.set_default_timeout(30_000)
        tab.goto(f"{live_server.url}/login/")
        tab.fill("[name=username]", "lida")
        tab.fill("[name=password]", "a long password")
        tab.click("button[type=submit]")
        tab.wait_for_url(f"{live_server.url}/")
        yield tab
        browser.close()
    clear_newsroom()


def order(page: Page) -> list[str]:
    """The stories' headlines as they stand in the form."""
    titles = page.locator("#panel-child-content-body-section .chooser__title").all_inner_texts()
    return [title.strip() for title in titles if title.strip()]  # A photo's chooser has none.


def test_an_editor_gathers_and_puts_stories_in_order(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/letters/")
    page.get_by_role("button", name="Write a letter").click()
    page.wait_for_url("**/edit/")
    page.get_by_text("3 stories were gathered below.").wait_for()
    assert order(page) == ["First", "Second", "Third"]

    page.get_by_role("button", name="Move down").first.press("Enter")
    page.wait_for_function("() => document.querySelector('[name=body-0-order]').value === '1'")
    assert order(page) == ["Second", "First", "Third"]

    handles = page.locator("#panel-child-content-body-section [title=Drag]")
    first, last = handles.first.bounding_box(), handles.last.bounding_box()
    assert first
    assert last
    page.mouse.move(first["x"] + 5, first["y"] + 5)
    page.mouse.down()
    page.mouse.move(first["x"] + 5, first["y"] + 60, steps=5)
    page.mouse.move(last["x"] + 5, last["y"] + 200, steps=30)
    page.mouse.up()
    page.wait_for_function("() => document.querySelector('[name=body-1-order]').value !== '0'")
    dragged = order(page)
    assert dragged[0] != "Second"
    assert sorted(dragged) == ["First", "Second", "Third"]

    page.fill("[name=title]", "Typed before gathering again")
    page.get_by_role("button", name="Gather stories").click()
    page.get_by_text("Nothing was added").wait_for()
    assert page.locator("[name=title]").input_value() == "Typed before gathering again"
    assert order(page) == dragged, "Their order was kept."


def test_what_is_to_be_mended_is_one_click_away(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/letters/")
    page.get_by_role("button", name="Write a letter").click()
    page.wait_for_url("**/edit/")
    page.fill("[name=preheader]", "It rose TKTK metres")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.locator(".messages").get_by_text("Something was left to be filled in").wait_for()
    page.get_by_role("listitem").filter(has_text="TKTK").get_by_role("link", name="Go there").click()
    assert page.url.endswith("#id_preheader")
    assert page.locator("#id_preheader").is_visible()


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_the_letters_of_a_list_can_be_read_on_a_phone(page: Page, live_server: LiveServer, language: str) -> None:
    week = ListPage.objects.get()
    a_letter(week, "Families take the verdict of the dam to the court in Harsk")
    UserProfile.objects.update_or_create(user=get_user_model().objects.get(), defaults={"preferred_language": language})
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{live_server.url}/letters/")
    facts = page.locator(".stet-list").bounding_box()
    assert facts
    assert facts["width"] <= 390
    page.goto(f"{live_server.url}/pages/{week.pk}/")
    title = page.locator("td.title").bounding_box()
    assert title
    assert title["width"] > 250, "It was squeezed beside three other columns."
    status = page.locator(".listing .w-status").bounding_box()
    assert status
    assert status["y"] >= title["y"] + title["height"]
    assert 0 <= status["x"] <= 390 - status["width"]
