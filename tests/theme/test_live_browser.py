"""Live coverage in a browser: what came since is added by itself, under the page's policy; nothing else is asked."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from stet.project.reader_site import page_policy
from stet.theme import live_script
from stet.theme.copy import Live, LiveEntry
from stet.theme.setting import Theme, load_theme
from tests.theme.builders import NOON, a_live, an_article_covered_live, full, live_news

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
QUIET_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
STORY = "https://paper.example.org/section-1/story-0/"
MINUTE = 60_000


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET_FLAGS)
        yield started
        started.close()


@dataclass
class Paper:
    """A place that serves the story and the sheet of what is new, and notes what it is asked for."""

    theme: Theme
    shown: Live
    news: Live
    language: str = "en"
    asked: list[str] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        self.asked.append(path)
        pages: dict[str, Any] = {
            "/section-1/story-0/": an_article_covered_live(self.language, live=self.shown),
            "/section-1/story-0/live/new/": live_news(self.language, live=self.news),
        }
        if path not in pages:
            return route.abort()
        headers = {"content-security-policy": page_policy("https://join.example.org/x", follows=True)}
        body = self.theme.set_page(pages[path])
        return route.fulfill(body=body, content_type="text/html; charset=utf-8", headers=headers)


def entries(*numbers: int) -> tuple[LiveEntry, ...]:
    return tuple(
        LiveEntry(
            number=n, path=f"/section-1/story-0/live/1/#e{n}", posted=NOON, headline=f"Entry {n}", text_html="<p>.</p>"
        )
        for n in numbers
    )


@pytest.fixture
def paper(theme: Theme) -> Paper:
    live = a_live(entries=entries(4, 3, 2))
    return Paper(theme, live, live)


@pytest.fixture
def page(browser: Browser, paper: Paper) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 700})
    context.route("**/*", paper.answer)
    opened = context.new_page()
    opened.clock.install()
    opened.goto(STORY)
    yield opened
    context.close()


def shown(page: Page) -> list[str]:
    return page.locator(".coverage > ol > li h3").all_inner_texts()


def a_minute_later(page: Page) -> None:
    with page.expect_response("**/live/new/"):
        page.clock.run_for(MINUTE)


def test_the_script_is_small_and_asks_only_its_own_place() -> None:
    assert len(live_script.SCRIPT.encode()) <= live_script.MOST_BYTES
    assert not any(word in live_script.SCRIPT for word in ("http", "cookie", "storage", "eval", "innerHTML"))
    assert f"'{live_script.SCRIPT_HASH}'" in page_policy(follows=True)
    assert live_script.SCRIPT_HASH not in page_policy()


def test_what_is_new_is_added_what_changed_is_replaced_what_is_gone_goes(page: Page, paper: Paper) -> None:
    changed = replace(entries(4)[0], correction="It was nine.", headline="Entry 4, corrected")
    paper.news = a_live(entries=(*entries(6, 5), changed, *entries(2)), points=())
    a_minute_later(page)
    expect(page.get_by_role("status")).to_have_text("New entries: 2")
    assert shown(page) == ["Entry 6", "Entry 5", "Entry 4, corrected", "Entry 2"]
    expect(page.locator(".points h2")).to_have_count(0)
    expect(page.locator("#e4")).to_contain_text("It was nine.")
    assert set(paper.asked) <= {"/section-1/story-0/", "/section-1/story-0/live/new/", "/media/dam-640.jpg"}


def test_an_entry_older_than_those_on_the_page_is_not_put_on_top(page: Page, paper: Paper) -> None:
    paper.news = a_live(entries=entries(5, 4, 3, 2, 1))
    a_minute_later(page)
    expect(page.get_by_role("status")).to_have_text("New entries: 1")
    assert shown(page) == ["Entry 5", "Entry 4", "Entry 3", "Entry 2"]


def test_where_more_came_than_the_sheet_holds_the_page_is_loaded_anew(page: Page, paper: Paper) -> None:
    paper.shown = paper.news = a_live(entries=entries(20, 19, 18))
    with page.expect_navigation():
        a_minute_later(page)
    assert shown(page) == ["Entry 20", "Entry 19", "Entry 18"]


def test_the_end_of_the_coverage_is_shown_and_nothing_more_is_asked_for(page: Page, paper: Paper) -> None:
    paper.news = a_live(entries=entries(4, 3, 2), is_on=False, ended=NOON)
    a_minute_later(page)
    expect(page.locator(".state")).to_contain_text("The live coverage ended")
    page.clock.run_for(5 * MINUTE)
    assert paper.asked.count("/section-1/story-0/live/new/") == 1


def test_a_place_that_fails_changes_nothing_and_is_asked_again(page: Page, paper: Paper) -> None:
    page.context.route("**/live/new/", lambda route: route.fulfill(status=404, body="<h1>Nothing</h1>"))
    a_minute_later(page)
    page.context.unroute("**/live/new/")
    paper.news = a_live(entries=entries(5, 4, 3, 2))
    a_minute_later(page)
    expect(page.locator("#e5")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
@pytest.mark.parametrize("name", ["article_covered_live", "live", "live_news"])
def test_pages_of_coverage_keep_to_the_rules_of_accessibility(
    theme: Theme, browser: Browser, name: str, language: str
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, color_scheme="dark" if language == "ru" else "light"
    )
    page = context.new_page()
    page.set_content(theme.set_page(full(name, language)).decode())
    found = Axe().run(page)
    assert [one["id"] for one in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
