"""A reader at the support page, in a browser without scripts: what is posted, where it leads, what it asks of others.

The page comes from the reader site with its own policy. Two small servers stand for the frontdesk, which leads on with
a redirect as it does, and for the payment provider.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from stet.project.reader_site import ReaderSite
from tests.press.builders import House, a_paper, clear_newsroom
from tests.press.support_builders import BANK, CARD, EUR, JPY, USD, a_support_page, currencies, methods, warnings

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
PHONE = {"width": 360, "height": 740}
LEAST_TAP = 44
"""Height of a target in CSS pixels (WCAG 2.2, 2.5.5)."""


@dataclass(slots=True)
class Place:
    """A server on the loopback, and what it was sent."""

    server: ThreadingHTTPServer
    posts: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    gets: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


Answer = Callable[[str, str], tuple[int, list[tuple[str, str]], bytes]]
"""(method, path) → (status, headers, body)."""


def serve(answer: Answer) -> Place:
    """A server with these answers, which keeps what it was sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            place.gets.append(self.path)
            self._send()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            place.posts.append((self.path, parse_qsl(body, keep_blank_values=True)))
            self._send()

        def _send(self) -> None:
            status, headers, body = answer(self.command, self.path)
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            if "content-length" not in dict(headers):
                self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    place = Place(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    threading.Thread(target=place.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return place


def reading(site: ReaderSite) -> Answer:
    """How the reader site answers, with its own headers."""

    def answer(method: str, path: str) -> tuple[int, list[tuple[str, str]], bytes]:
        found = site.answer(method, urlsplit(path).path, {})
        return found.status, found.headers, found.body or b""

    return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Three places and a browser."""

    reader: Place
    frontdesk: Place
    provider: Place
    browser: Browser
    folder: Path
    """The printed tree."""
    asked: list[str]
    """Every address that the browser asked for."""

    def page(self, *, scripts: bool = False, **options: Any) -> Page:
        """A new reader's page."""
        context = self.browser.new_context(java_script_enabled=scripts, **options)
        context.set_default_timeout(30_000)
        context.on("request", lambda request: self.asked.append(request.url))
        return context.new_page()


@pytest.fixture
def world(tmp_path: Path, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A paper in English and Persian whose support page is printed and served."""
    clear_newsroom()
    paper = a_paper(("en", "fa"))
    provider = serve(lambda _method, _path: (200, [("content-type", "text/html")], b"<h1>Pay here</h1>"))
    frontdesk = serve(lambda _method, _path: (303, [("location", f"{provider.url}/pay")], b""))
    before = settings.STET_PAPER
    settings.STET_PAPER = replace(before, languages=("en", "fa"), frontdesk_url=frontdesk.url)
    house = House(tmp_path / "paper")
    for front in paper.fronts.values():
        a_support_page(
            front, currencies=currencies(USD, EUR, JPY), methods=methods(CARD, BANK), warnings=warnings("XV")
        )
    house.print()
    reader = serve(reading(ReaderSite(house.site, form_urls=(frontdesk.url, provider.url))))
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
                "--disable-sync",
            ],
        )  # fmt: skip
        yield World(reader=reader, frontdesk=frontdesk, provider=provider, browser=browser, folder=house.site, asked=[])
        browser.close()
    for place in (reader, frontdesk, provider):
        place.server.shutdown()
        place.server.server_close()
    settings.STET_PAPER = before
    clear_newsroom()


def choose(page: Page, currency: str, interval: str, amount: str, other: str = "") -> None:
    """Tap what a reader taps; `amount` is what stands on the chip, or "" for another."""
    page.click(f"label[for={currency}-]")
    page.click(f"label[for={currency}-{interval}]")
    if other:
        page.click(f"label[for={currency}{interval}]")
        page.locator("input[name=other]:visible").fill(other)
    else:
        page.locator(".chips label:visible", has_text=amount).first.click()


CHOICES = {
    ("en", "USD", "once"): ("US$10", "1000", "2.50"),
    ("en", "USD", "monthly"): ("US$5", "500", "7"),
    ("en", "USD", "annual"): ("US$50", "5000", "75"),
    ("en", "EUR", "once"): ("€12.50", "1250", "3"),
    ("en", "EUR", "monthly"): ("€5", "500", "3.33"),
    ("en", "EUR", "annual"): ("€50", "5000", "99"),
    ("en", "JPY", "once"): ("¥1,500", "1500", "2000"),
    ("en", "JPY", "monthly"): ("¥500", "500", "700"),
    ("en", "JPY", "annual"): ("¥6,000", "6000", "7,000"),
    ("fa", "USD", "once"): ("۱۰", "1000", "۲٫۵۰"),
    ("fa", "USD", "monthly"): ("۵", "500", "۷"),
    ("fa", "USD", "annual"): ("۵۰", "5000", "۷۵"),
    ("fa", "EUR", "once"): ("۱۲٫۵۰", "1250", "۳"),
    ("fa", "EUR", "monthly"): ("۵", "500", "3,33"),
    ("fa", "EUR", "annual"): ("۵۰", "5000", "۹۹"),
    ("fa", "JPY", "once"): ("۱٬۵۰۰", "1500", "۲۰۰۰"),
    ("fa", "JPY", "monthly"): ("۵۰۰", "500", "۷۰۰"),
    ("fa", "JPY", "annual"): ("۶٬۰۰۰", "6000", "۷۰۰۰"),
}
"""(language, currency, interval): what stands on a chip, what it posts, and another amount as it is typed."""


def test_a_form_posts_what_was_chosen_and_leads_to_the_provider(world: World) -> None:
    page = world.page()
    for (language, currency, interval), (chip, minor, typed) in CHOICES.items():
        for other in ("", typed):
            page.goto(f"{world.reader.url}{'' if language == 'en' else '/fa'}/support/")
            choose(page, currency, interval, chip, other)
            page.locator("form button:visible").first.click()
            page.wait_for_url(f"{world.provider.url}/pay")
            path, fields = world.frontdesk.posts[-1]
            assert path == f"/{language}/give"
            assert fields == [
                ("interval", interval), ("currency", currency), ("campaign", ""), ("website", ""),
                ("amount", "other" if other else minor), ("other", other), ("method", "card"), ("email", ""),
            ]  # fmt: skip
    assert len(world.frontdesk.posts) == 36


def test_a_form_that_is_led_anywhere_else_stays_where_it_is(world: World) -> None:
    strict = serve(reading(ReaderSite(world.folder, form_urls=(world.frontdesk.url,))))
    page = world.page()
    page.goto(f"{strict.url}/support/")
    choose(page, "USD", "once", "US$10")
    page.locator("form button:visible").first.click()
    page.wait_for_timeout(500)
    strict.server.shutdown()
    strict.server.server_close()

    assert len(world.frontdesk.posts) == 1
    assert world.provider.gets == [], "The policy of the page with the form holds for the redirect too."


def test_an_address_and_a_receipt_are_posted_where_they_are_wanted(world: World) -> None:
    page = world.page()
    page.goto(f"{world.reader.url}/support/")
    choose(page, "EUR", "once", "€30")
    page.get_by_label("Bank transfer").and_(page.locator(":visible")).check()
    page.locator("input[name=email]:visible").first.fill("reader@example.org")
    page.locator("input[name=receipts]:visible").check()
    page.locator("form button:visible").first.click()
    page.wait_for_url(f"{world.provider.url}/pay")

    fields = dict(world.frontdesk.posts[-1][1])
    assert (fields["method"], fields["email"], fields["receipts"]) == ("bank", "reader@example.org", "yes")


def test_nothing_is_posted_before_an_amount_was_chosen(world: World) -> None:
    page = world.page()
    page.goto(f"{world.reader.url}/support/")
    page.locator("form button:visible").first.click()
    page.wait_for_timeout(300)

    assert world.frontdesk.posts == []


def test_an_amount_out_of_sight_is_never_posted(world: World) -> None:
    page = world.page()
    page.goto(f"{world.reader.url}/support/")
    choose(page, "USD", "once", "US$50")
    page.click("label[for=USD-monthly]")
    page.locator("form button:visible").first.click()
    page.wait_for_timeout(300)
    assert world.frontdesk.posts == [], "What was chosen for once does not become a monthly plan."

    page.click("label[for=USD-once]")
    page.locator("form button:visible").first.click()
    page.wait_for_url(f"{world.provider.url}/pay")
    assert dict(world.frontdesk.posts[-1][1])["amount"] == "5000"


def test_a_reminder_is_asked_for_in_a_form_of_its_own(world: World) -> None:
    page = world.page()
    page.goto(f"{world.reader.url}/support/")
    page.locator("#later input[name=email]").fill("reader@example.org")
    assert not page.locator("#later input[name=date]").is_visible()
    page.select_option("#later select", "date")
    page.locator("#later input[name=date]").fill("2027-01-15")
    page.locator("#later form button").click()
    page.wait_for_url(f"{world.provider.url}/pay")

    path, fields = world.frontdesk.posts[-1]
    assert path == "/en/remind"
    assert fields == [("website", ""), ("email", "reader@example.org"), ("when", "date"), ("date", "2027-01-15")]
    assert world.browser.contexts[0].cookies() == []


def test_the_calendar_file_is_a_link(world: World) -> None:
    page = world.page()
    page.goto(f"{world.reader.url}/fa/support/")

    links = [link.get_attribute("href") for link in page.locator("#later a").all()]
    assert links == [f"{world.frontdesk.url}/fa/remind.ics?when={when}" for when in ("week", "month", "quarter")]
    page.locator("#later a").first.click()
    page.wait_for_url(f"{world.provider.url}/pay")
    assert world.frontdesk.gets == ["/fa/remind.ics?when=week"]


def test_the_page_asks_nobody_else_and_sets_no_cookie(world: World) -> None:
    page = world.page(scripts=True)
    for path in ("/support/", "/fa/support/", "/"):
        page.goto(world.reader.url + path)
        page.wait_for_load_state("networkidle")

    assert {urlsplit(url).netloc for url in world.asked} == {urlsplit(world.reader.url).netloc}
    assert len(world.asked) == 3, "One response holds a page."
    assert page.context.cookies() == []
    assert page.evaluate("[Object.keys(localStorage), sessionStorage.length]") == [["stet"], 0]
    assert page.evaluate("JSON.parse(localStorage.stet).slice(1)") == [0, [], []], "Nothing was seen, read or given."


@pytest.mark.parametrize("path", ["/support/", "/fa/support/"])
def test_a_phone_shows_it_whole_with_large_targets(world: World, path: str) -> None:
    page = world.page(scripts=True, viewport=PHONE, has_touch=True)
    page.goto(world.reader.url + path)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    targets = page.locator(".tabs > label:visible, .chips > label:visible, main button:visible, .links a").all()
    assert len(targets) >= 14
    for target in targets:
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= LEAST_TAP
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]


def test_a_screen_reader_is_told_what_belongs_together(world: World) -> None:
    page = world.page()
    page.goto(f"{world.reader.url}/support/")

    amount = page.get_by_role("group", name="Amount", exact=True)
    expect(amount).to_have_count(1)  # Those of other forms are out of its sight too.
    expect(amount.get_by_role("radio", name="US$10", exact=True)).to_have_count(1)
    expect(page.get_by_role("group", name="How often")).to_have_count(1)
    expect(page.get_by_role("group", name="Currency")).to_have_count(1)
    expect(page.get_by_role("radio", name="Once", exact=True)).to_be_checked()
    expect(page.get_by_role("note")).to_contain_text("Danger in XV.")


def test_everything_can_be_done_with_the_keyboard(world: World) -> None:
    page = world.page()
    page.goto(f"{world.reader.url}/support/")
    page.focus("#USD-")
    page.keyboard.press("ArrowRight")  # euros
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")  # monthly
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # the first amount
    page.keyboard.press("ArrowLeft")  # round to the last: another one
    page.keyboard.press("Tab")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{world.provider.url}/pay")

    fields = dict(world.frontdesk.posts[-1][1])
    assert [fields[name] for name in ("currency", "interval", "amount", "other")] == ["EUR", "monthly", "other", "4"]
