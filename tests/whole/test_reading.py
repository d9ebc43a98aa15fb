"""The sample newsroom in a browser: sound for everyone, one connection, no cookie, nobody else asked."""

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.whole.conftest import SampleNewsroom
from tests.whole.kinds import different_pages

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = {
    "light, on a desktop": {"viewport": DESKTOP, "color_scheme": "light"},
    "dark, on a phone": {"viewport": PHONE, "color_scheme": "dark"},
}
"""Each colour scheme and each width once: the one decides what is readable, the other what is there."""
NARROWEST = {"width": 320, "height": 640}

pytestmark = pytest.mark.usefixtures("running")


@contextmanager
def a_page(browser: Browser, **options: object) -> Iterator[Page]:
    """A window with nothing remembered in it."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    try:
        yield context.new_page()
    finally:
        context.close()


def address_of(path: str) -> str:
    """What a reader asks for, for a file of the edition."""
    return path.removesuffix("index.html")


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_any_kind_of_page(sample: SampleNewsroom, browser: Browser, look: str) -> None:
    axe = Axe()
    found = set()
    with a_page(browser, **LOOKS[look]) as page:
        for path in different_pages(sample):
            page.goto(sample.reader + address_of(path), wait_until="load")
            for violation in axe.run(page).response["violations"]:
                found.add((path, violation["id"], violation["nodes"][0]["html"][:120]))
    assert found == set()


@dataclass(frozen=True, slots=True)
class Walk:
    """What a browser met that looked at every kind of page with the smallest phone, one after the other."""

    widths: dict[str, int]
    asked: set[str]
    left: dict[str, Any]
    """What stays on the device, by where it is kept."""
    persian: dict[str, dict[str, Any]]


LEFT = """async () => ({
  local: Object.keys(localStorage),
  session: sessionStorage.length,
  caches: await caches.keys(),
  databases: await indexedDB.databases(),
})"""
PERSIAN = {"direction": "rtl", "lang": "fa", "heading": True}
DIRECTION = """() => ({
  direction: getComputedStyle(document.body).direction,
  lang: document.documentElement.lang,
  heading: document.querySelector("h1").getClientRects().length > 0,
})"""


@pytest.fixture(scope="module")
def walk(sample: SampleNewsroom, browser: Browser, running: object) -> Walk:
    """One walk for all that is asked of each page alike."""
    widths, asked, persian = {}, set(), {}
    with a_page(browser, viewport=NARROWEST) as page:
        page.on("request", lambda request: asked.add(request.url))
        for path in different_pages(sample):
            page.goto(sample.reader + address_of(path), wait_until="load")
            widths[path] = page.evaluate("document.documentElement.scrollWidth")
            if path.startswith("/fa/"):
                persian[path] = page.evaluate(DIRECTION)
        left = {"cookies": page.context.cookies(), **page.evaluate(LEFT)}
    return Walk(widths, asked, left, persian)


def test_no_page_is_wider_than_the_smallest_phone(walk: Walk) -> None:
    assert {(path, width) for path, width in walk.widths.items() if width > NARROWEST["width"]} == set()


def test_a_reader_asks_this_site_only_and_keeps_nothing_but_what_appeals_and_the_worker_need(
    sample: SampleNewsroom, walk: Walk
) -> None:
    assert walk.left["cookies"] == []
    assert walk.left["local"] in ([], ["stet"])
    assert walk.left["session"] == 0
    assert set(walk.left["caches"]) <= {"stet-pages", "stet-parts", "stet-state"}
    assert walk.left["databases"] == []
    hosts = {urlsplit(url).netloc for url in walk.asked if not url.startswith("data:")}
    assert hosts == {urlsplit(sample.reader).netloc}


def test_the_server_sets_no_cookie(sample: SampleNewsroom) -> None:
    for path in ("/", "/rss.xml", "/.well-known/stet/edition.json"):
        with urllib.request.urlopen(sample.reader + path, timeout=30) as answer:
            assert answer.headers.get_all("Set-Cookie") is None
            assert answer.headers["Cache-Control"], path


def test_without_scripts_nothing_is_missing_but_what_would_be_asked(sample: SampleNewsroom, browser: Browser) -> None:
    texts = []
    for is_on in (True, False):
        with a_page(browser, viewport=DESKTOP, java_script_enabled=is_on) as page:
            page.goto(sample.reader + "/", wait_until="load")
            texts.append([page.locator(part).inner_text() for part in ("header", "main", "footer")])
    assert texts[0] == texts[1]


def test_persian_pages_read_from_right_to_left(walk: Walk) -> None:
    assert len(walk.persian) > 20
    assert {path: seen for path, seen in walk.persian.items() if seen != PERSIAN} == {}


def test_a_keyboard_reaches_the_text_first(sample: SampleNewsroom, browser: Browser) -> None:
    with a_page(browser, viewport=DESKTOP) as page:
        page.goto(sample.reader + "/", wait_until="load")
        page.keyboard.press("Tab")
        target = page.evaluate("document.activeElement.getAttribute('href')")
        assert target.startswith("#")
        assert page.locator(target).count() == 1
        assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
