"""Words that are saved by themselves, kept while the desk does not answer, and seen by who else is here."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from playwright.sync_api import Browser

from stet.newsroom.models import ArticlePage
from tests.newsroom.writing.conftest import Desk, sign_in

COPIES = (
    "() => Object.entries(localStorage).filter(([name]) => name.startsWith('stet-copy-')).map(([, value]) => value)"
)
SECRET = "The spillway was never built"


@pytest.fixture
def interval(settings: Any) -> None:
    """The desk saves by itself, and looks often who is here."""
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 300
    settings.WAGTAIL_EDITING_SESSION_PING_INTERVAL = 500


WATCHES = "document.addEventListener('w-unsaved:watch-edits', () => { window.stetWatched = true })"
"""Wagtail looks for changes from two seconds after a form was opened."""


def open_watched(desk: Desk) -> None:
    """Open a story and wait until the desk looks for changes."""
    desk.page.add_init_script(WATCHES)
    desk.open()
    desk.page.wait_for_function("() => Boolean(window.stetWatched)")


def write(desk: Desk, words: str) -> None:
    """Write at the end of the story."""
    desk.text.first.click()
    desk.page.keyboard.press("Control+End")
    desk.page.keyboard.type(words)


def test_words_are_saved_without_a_press_and_who_else_is_here_is_shown(desk: Desk, browser: Browser) -> None:
    get_user_model().objects.create_superuser(username="jonas", password="a long password")
    desk.stories["en"].save_revision()
    open_watched(desk)
    context = browser.new_context()
    other = context.new_page()
    sign_in(other, desk.url, "jonas")
    other.goto(f"{desk.url}/pages/{desk.stories['en'].pk}/edit/")
    other.locator(".w-editing-sessions__session").first.wait_for()
    with desk.page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith("/edit/")):
        write(desk, SECRET)
    desk.page.locator(".w-autosave-indicator__state--saved").wait_for()
    other.locator("[aria-label*='lida saved a new version']").wait_for(state="attached")
    context.close()
    assert SECRET in desk.body()
    assert desk.page.evaluate(COPIES) == []


def test_words_that_do_not_reach_the_desk_are_kept_sealed_and_brought_back_as_a_new_version(desk: Desk) -> None:
    open_watched(desk)
    tab, story = desk.page, desk.stories["en"]
    tab.context.set_offline(True)
    write(desk, SECRET)
    tab.locator(".stet-kept").get_by_text("is kept on this device").wait_for()
    (copy,) = tab.evaluate(COPIES)
    assert "spillway" not in copy
    assert "spillway" not in tab.evaluate("() => JSON.stringify(sessionStorage) + document.cookie")
    tab.close(run_before_unload=False)
    tab = desk.page.context.new_page()
    tab.context.set_offline(False)
    tab.set_default_timeout(30_000)
    tab.goto(f"{desk.url}/pages/{story.pk}/edit/")
    kept = tab.locator(".stet-kept")
    kept.get_by_text("did not reach the desk").wait_for()
    assert Axe().run(tab, context=".stet-kept").response["violations"] == []
    versions = ArticlePage.objects.get(pk=story.pk).revisions.count()
    kept.get_by_role("button", name="Save them as a new version").click()
    tab.get_by_text(SECRET).first.wait_for()
    assert SECRET in desk.body()
    assert ArticlePage.objects.get(pk=story.pk).revisions.count() == versions + 1
    assert tab.evaluate(COPIES) == []


def test_nobody_else_finds_or_opens_a_copy_and_its_writer_can_throw_it_away(desk: Desk) -> None:
    get_user_model().objects.create_superuser(username="jonas", password="a long password")
    open_watched(desk)
    tab, edit = desk.page, f"{desk.url}/pages/{desk.stories['en'].pk}/edit/"
    tab.context.set_offline(True)
    write(desk, SECRET)
    tab.locator(".stet-kept").wait_for()
    tab.wait_for_function(f"() => ({COPIES})().length === 1")
    tab.context.set_offline(False)
    tab.context.clear_cookies()
    tab.on("dialog", lambda dialog: dialog.accept())
    sign_in(tab, desk.url, "jonas")
    tab.goto(edit)
    tab.locator("[data-stet-words]").get_by_text("18", exact=True).wait_for(state="attached")
    assert tab.locator(".stet-kept").count() == 0
    tab.context.clear_cookies()
    sign_in(tab, desk.url)
    tab.goto(edit)
    tab.locator(".stet-kept").get_by_role("button", name="Throw them away").click()
    tab.locator(".stet-kept").wait_for(state="detached")
    assert tab.evaluate(COPIES) == []
    assert SECRET not in desk.body()
