"""A morning at the desk: home, the list by keyboard, a saved view, several articles at once; in a browser."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from stet.newsroom.models import ArticlePage, SavedView
from tests.press.builders import SmallPaper, a_paper, an_article, by, clear_newsroom

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)


@pytest.fixture
def paper(live_server: LiveServer, keys: None) -> Iterator[SmallPaper]:
    """A small paper, an editor, and articles in two sections."""
    clear_newsroom()
    made = a_paper()
    lida: Any = get_user_model().objects.create_superuser(username="lida", password="a long password")
    for slug in ("one", "two"):
        by(an_article(made.sections["en"][0], slug, owner=lida), made.people["en"]).save_revision(clean=False).publish()
    an_article(made.sections["en"][1], "draft", published=None, owner=lida).save_revision(user=lida, clean=False)
    an_article(made.sections["ru"][0], "po-russki", title="По-русски", owner=lida)
    yield made
    clear_newsroom()


@pytest.fixture
def page(live_server: LiveServer, paper: SmallPaper, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A tab at the desk, signed in; it calls nobody."""
    # Playwright runs a loop of its own, beside which Django would not let the test look into the database.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        switches = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=[*switches, "--disable-sync"])
        tab = started.new_page(viewport={"width": 1280, "height": 1400})
        tab.set_default_timeout(60_000)
        tab.goto(f"{live_server.url}/login/")
        tab.fill("[name=username]", "lida")
        tab.fill("[name=password]", "a long password")
        tab.click("button[type=submit]")
        tab.wait_for_url(f"{live_server.url}/")
        yield tab
        started.close()


def test_an_editor_begins_the_day_and_sorts_the_archive(page: Page, paper: SmallPaper, live_server: LiveServer) -> None:
    page.get_by_role("heading", name="You are writing").wait_for()
    page.get_by_role("link", name="One, as readers have it").wait_for()
    page.get_by_label("In the section").select_option(str(paper.sections["ru"][0].pk))
    page.get_by_role("button", name="Write an article").click()
    page.wait_for_url(f"{live_server.url}/pages/add/newsroom/articlepage/{paper.sections['ru'][0].pk}/")

    # The list, narrowed as an editor does and kept under a name by keyboard alone.
    page.goto(f"{live_server.url}/articles/?section={paper.sections['en'][0].pk}")
    page.get_by_text("2 articles fit.").wait_for()
    page.locator("summary", has_text="Save this view").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Politics")
    page.keyboard.press("Enter")
    page.get_by_text("“Politics” is saved.").wait_for()
    assert SavedView.objects.get().query == f"section={paper.sections['en'][0].pk}"
    assert page.get_by_role("link", name="Politics", exact=True).get_attribute("aria-current") == "page"

    # Several at once.
    for box in page.locator("tbody [data-bulk-action-checkbox]").all():
        box.check()
    page.get_by_role("link", name="Move the chosen articles to another section").click()
    page.get_by_text("Where do these articles belong?").wait_for()
    page.locator("select[name=section]").select_option(label="culture en")
    page.get_by_role("button", name="Move them").click()
    page.get_by_text("2 articles stand in “culture en” now.").wait_for()
    culture = paper.sections["en"][1]
    assert ArticlePage.objects.child_of(culture).count() == 3
    page.get_by_role("link", name="Show them").click()
    page.get_by_text("Only the articles that were just changed.").wait_for()

    page.goto(f"{live_server.url}/articles/views/")
    page.get_by_role("button", name="Delete").click()
    page.get_by_text("“Politics” is deleted").wait_for()
