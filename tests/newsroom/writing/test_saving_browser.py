"""Words that are saved by themselves, kept while the desk does not answer, and seen by who else is here."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from stet.newsroom.models import ArticlePage
from tests.newsroom.conftest import sign_in
from tests.newsroom.writing.conftest import Desk

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
    desk.stories["en"].save_revision()
    open_watched(desk)
    context = browser.new_context()
    sign_in(context, desk.url, "jonas")
    other = context.new_page()
    other.set_default_timeout(60_000)
    other.goto(f"{desk.url}/pages/{desk.stories['en'].pk}/edit/")
    other.locator(".w-editing-sessions__session").first.wait_for()
    with desk.page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith("/edit/")):
        write(desk, SECRET)
    desk.page.locator(".w-autosave-indicator__state--saved").wait_for()
    other.locator("[aria-label*='lida saved a new version']").wait_for(state="attached")
    context.close()
    assert SECRET in desk.body()
    assert desk.page.evaluate(COPIES) == []


def test_words_that_do_not_reach_the_desk_are_kept_sealed_for_their_writer_alone_and_brought_back(desk: Desk) -> None:
    open_watched(desk)
    tab, edit = desk.page, f"{desk.url}/pages/{desk.stories['en'].pk}/edit/"
    tab.context.set_offline(True)
    write(desk, SECRET)
    kept = tab.locator(".stet-kept")
    kept.get_by_text("is kept on this device").wait_for()
    (copy,) = tab.evaluate(COPIES)
    assert "spillway" not in copy
    assert "spillway" not in tab.evaluate("() => JSON.stringify(sessionStorage) + document.cookie")
    raw = tab.evaluate("() => JSON.stringify(localStorage)")
    tab.on("dialog", lambda dialog: dialog.accept())
    tab.goto("about:blank")  # The line comes back when the form is closed: open, it would save what it holds.
    tab.context.set_offline(False)

    # Whoever else signs in on this device is offered nothing.
    sign_in(tab.context, desk.url, "jonas")
    tab.goto(edit)
    tab.locator("[data-stet-words]").get_by_text("18", exact=True).wait_for(state="attached")
    assert kept.count() == 0

    # Its writer can throw it away, and bring it back as a new version.
    sign_in(tab.context, desk.url)
    tab.goto(edit)
    kept.get_by_text("did not reach the desk").wait_for()
    assert Axe().run(tab, context=".stet-kept").response["violations"] == []
    kept.get_by_role("button", name="Throw them away").click()
    kept.wait_for(state="detached")
    assert tab.evaluate(COPIES) == []
    assert SECRET not in desk.body()
    tab.evaluate(
        "raw => Object.entries(JSON.parse(raw)).forEach(([name, value]) => localStorage.setItem(name, value))", raw
    )
    tab.reload()
    versions = ArticlePage.objects.get(pk=desk.stories["en"].pk).revisions.count()
    kept.get_by_role("button", name="Save them as a new version").click()
    tab.get_by_text(SECRET).first.wait_for()
    assert SECRET in desk.body()
    assert ArticlePage.objects.get(pk=desk.stories["en"].pk).revisions.count() == versions + 1
    assert tab.evaluate(COPIES) == []
