"""The script itself, in a browser: it decides as Python does, and leaves one trace for all who close, give or wait."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from msgspec.structs import replace
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from stet.appeals import rules, script
from stet.press.appeals import SCRIPT_HTML, rule_text
from stet.project.reader_site import page_policy
from stet.theme.copy import AppealVariant, Asking, Giving, GivingAmount, PageAppeal
from stet.theme.setting import Theme, load_theme
from tests.appeals.cases import DAY, NEW_SALT, Case, all_cases
from tests.theme.asking import an_asking
from tests.theme.builders import a_front, an_article

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
QUIET_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PAPER, FRONTDESK = "https://paper.example.org", "https://join.example.org"
NOON = datetime(1970, 1, 1, 12, tzinfo=UTC)
A_HALF = "Math.random = () => 0.5"
NO_STORAGE = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('off') }})"
GIVING = Giving(
    action_url=f"{FRONTDESK}/en/give",
    interval="once",
    currency="EUR",
    method="card",
    amounts=(GivingAmount(minor=500, label="5 €"), GivingAmount(minor=1500, label="15 €")),
    more_path="/support/",
)


# --- The script as it is printed ---


def test_the_printed_script_is_made_of_the_one_people_read() -> None:
    assert script.shrunk(script.SOURCE.read_text("ascii")) == script.SCRIPT


def test_the_printed_script_is_small_and_asks_nobody() -> None:
    assert len(script.SCRIPT.encode()) <= 1_500
    assert not re.search(r"fetch|XMLHttp|WebSocket|sendBeacon|cookie|import|http|//", script.SCRIPT)


def test_a_page_may_run_this_script_and_no_other() -> None:
    assert f"script-src '{script.SCRIPT_HASH}' " in page_policy()


# --- A paper in a browser ---


class Site:
    """Pages at the paper's address, and a frontdesk that answers every form; anything else is written down."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.html = b""
        self.asked: list[str] = []
        self.posted: list[str] = []
        context.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        place = f"{address.scheme}://{address.netloc}"
        self.asked.append(f"{route.request.method} {place}{address.path}")
        if place == FRONTDESK:
            self.posted.append(route.request.post_data or "")
            route.fulfill(body="<!doctype html><title>Thanks</title>", content_type="text/html")
        elif place == PAPER:
            body = b"<!doctype html><title>Blank</title>" if address.path == "/blank/" else self.html
            headers = {"content-security-policy": page_policy(FRONTDESK)}
            route.fulfill(body=body, content_type="text/html; charset=utf-8", headers=headers)
        else:
            route.abort()


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET_FLAGS)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(timezone_id="UTC", reduced_motion="reduce")
    made.add_init_script(A_HALF)
    yield made
    made.close()


def asking(
    case_or_rules: Any, page: rules.Page, *, is_silent: bool = False, giving: Giving | None = GIVING
) -> Asking | None:
    """What the press would print."""
    stands = rules.printed(case_or_rules, page, is_silent=is_silent)
    if not stands:
        return None
    made = [(rule.slot, a_page_appeal(rule)) for rule in stands]
    return Asking(
        banner=tuple(appeal for slot, appeal in made if slot == "banner"),
        letter=tuple(appeal for slot, appeal in made if slot == "letter"),
        giving=giving,
        is_counted=page.kind == "article",
        script_html=SCRIPT_HTML,
    )


def a_page_appeal(rule: rules.Appeal) -> PageAppeal:
    variants = (
        AppealVariant(title=f"{rule.code}-{letter}", html="<p>Help us.</p>", campaign=f"{rule.code}-{letter}")
        for letter in rules.LETTERS[: rule.variants]
    )
    return PageAppeal(rule=rule_text(rule), variants=tuple(variants))


def printed(theme: Theme, asked: Asking | None, kind: str = "article", language: str = "en") -> bytes:
    if kind == "front":
        return theme.set_page(a_front(language, asking=asked))
    return theme.set_page(an_article(language, photo=None, asking=asked))


def visible(page: Page) -> dict[str, str]:
    """The titles of what shows, by place."""
    found: dict[str, str] = {}
    for slot, marked in (("banner", "1"), ("letter", "0")):
        for title in page.locator(f"[data-asks='{marked}'] :is(summary, h2)").all():
            if title.is_visible():
                assert slot not in found, "Only one shows in a place."
                found[slot] = title.inner_text()
    return found


def visit(page: Page, *, day: int, path: str = "/story/") -> None:
    page.clock.set_fixed_time(NOON + timedelta(days=day))
    page.goto(PAPER + path)


def stored(page: Page) -> str | None:
    found: str | None = page.evaluate("localStorage.getItem('stet')")
    return found


# --- One table, two judges ---


def test_the_browser_decides_every_case_as_python_does(theme: Theme, browser: Browser) -> None:
    different = []
    for case in all_cases():
        context = browser.new_context(timezone_id="UTC")
        context.add_init_script(A_HALF)
        if not case.has_storage:
            context.add_init_script(NO_STORAGE)
        different += _differences(case, Site(context), theme)
        context.close()
    assert different == []


def _differences(case: Case, site: Site, theme: Theme) -> list[str]:
    site.html = printed(theme, asking(case.appeals, case.page, is_silent=case.is_silent), case.page.kind)
    page = site.context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"{case.name}: {error}"))
    page.goto(f"{PAPER}/blank/")
    if case.has_storage and case.stored is not None:
        page.evaluate("stored => localStorage.setItem('stet', stored)", case.stored)
    visit(page, day=case.day)
    decision = case.decide()
    wanted = {slot: f"{one.code}-{rules.LETTERS[one.variant]}" for slot, one in decision.shown.items()}
    marked = {mark["code"]: mark["no"] for mark in page.evaluate(MARKS)}
    bits = {code: str(rules.refusals(decision.verdicts[code])) for code in marked} if case.has_storage else {}
    after = (decision.device.write() if site.html.count(b"data-ask=") else case.stored) if decision.device else None
    for what, is_, should in (
        ("shows", visible(page), wanted),
        ("refusals", {code: no for code, no in marked.items() if case.has_storage}, bits),
        ("storage", stored(page) if case.has_storage else None, after),
    ):
        if is_ != should:
            faults.append(f"{case.name}: {what} {is_!r}, not {should!r}")
    return faults


MARKS = """[...document.querySelectorAll("[data-ask]")].map(
    one => ({code: one.dataset.ask.split(" ")[0], no: one.dataset.no ?? ""}))"""


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Anchorage"])
def test_a_day_is_the_readers_own(theme: Theme, browser: Browser, zone: str) -> None:
    rule = rules.Appeal(code="a", language="en", slot="letter", first_day=DAY, last_day=DAY, most_views=1)
    context = browser.new_context(timezone_id=zone)
    site = Site(context)
    site.html = printed(theme, asking([rule], rules.Page(language="en")))
    page = context.new_page()
    is_ahead = zone.startswith("Pacific")
    # At noon in Greenwich it is the next day in Auckland; at four in the morning still the day before in Anchorage.
    moment = NOON + timedelta(days=DAY - 1) if is_ahead else NOON + timedelta(days=DAY + 1, hours=-8)
    page.clock.set_fixed_time(moment)
    page.goto(f"{PAPER}/story/")
    assert visible(page) == {"letter": "a-a"}
    assert json.loads(stored(page) or "")[3][0][1] == DAY
    context.close()


# --- One trace for all ---

BOTH = [
    rules.Appeal(code="top", language="en", slot="banner", most_views=4, gap_days=1),
    rules.Appeal(code="end", language="en", slot="letter", most_views=4, variants=2),
]


def test_who_gave_who_closed_and_who_waits_leave_the_same_bytes(theme: Theme, browser: Browser) -> None:
    traces = {}
    for who, act in ACTS.items():
        context = browser.new_context(timezone_id="UTC")
        context.add_init_script(A_HALF)
        site = Site(context)
        site.html = printed(theme, asking(BOTH, rules.Page(language="en")))
        page = context.new_page()
        visit(page, day=DAY)
        act(page)
        page.goto(f"{PAPER}/blank/")
        everything = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
        traces[who] = (
            everything,
            json.dumps(context.cookies()),
            page.evaluate("indexedDB.databases().then(d => d.length)"),
        )
        assert all(asked.partition(" ")[2].startswith((f"{PAPER}/", f"{FRONTDESK}/en/give")) for asked in site.asked)
        assert context.cookies() == []
        context.close()
    assert len(set(traces.values())) == 1, traces
    expected = rules.decide(BOTH, rules.Page(language="en"), rules.Device(salt=NEW_SALT), DAY).device
    assert expected is not None
    assert json.loads(json.loads(traces["gave"][0])[0]["stet"]) == json.loads(
        rules.quiet_from(expected, DAY, weeks=4).write()
    )


def _give(page: Page) -> None:
    with page.expect_navigation(url=f"{FRONTDESK}/**"):
        page.locator(".top-ask button[name=amount]").first.click()


def _give_by_letter(page: Page) -> None:
    with page.expect_navigation(url=f"{FRONTDESK}/**"):
        page.locator("[data-asks='0'] button[name=amount]:visible").last.click()


ACTS = {
    "gave": _give,
    "gave by the letter": _give_by_letter,
    "closed": lambda page: page.locator(".top-ask [data-later='4']").click(),
    "closed the letter": lambda page: page.locator("[data-asks='0'] [data-later='4']").click(),
    "waits": lambda page: page.locator(".top-ask [data-later='4']").press("Enter"),
}


def test_closing_hides_all_that_asks_and_leaves_the_keyboard_at_the_text(theme: Theme, context: BrowserContext) -> None:
    site = Site(context)
    site.html = printed(theme, asking(BOTH, rules.Page(language="en")))
    page = context.new_page()
    visit(page, day=DAY)
    assert visible(page) == {"banner": "top-a", "letter": page.locator("[data-asks='0'] h2:visible").inner_text()}
    page.locator("[data-asks='0'] [data-later='1']").press("Enter")
    assert visible(page) == {}
    assert page.evaluate("document.activeElement.id") == "main"
    visit(page, day=DAY + 6)
    assert visible(page) == {}
    visit(page, day=DAY + 7)
    assert "banner" in visible(page), "A week later it asks once."
    assert json.loads(stored(page) or "")[1] == 0


def test_the_form_carries_the_variant_that_showed_and_nothing_of_the_reader(
    theme: Theme, context: BrowserContext
) -> None:
    site = Site(context)
    site.html = printed(theme, asking([BOTH[1]], rules.Page(language="en")))
    page = context.new_page()
    visit(page, day=DAY)
    shown = page.locator("[data-asks='0'] h2:visible").inner_text()
    _give_by_letter(page)
    assert site.posted == [f"interval=once&currency=EUR&method=card&campaign={shown}&website=&amount=1500"]


def test_a_form_elsewhere_that_names_its_weeks_leaves_the_same_trace(theme: Theme, context: BrowserContext) -> None:
    site = Site(context)
    form = f'<form method=post action="{FRONTDESK}/en/give"><button name=amount value=500>Give</button></form>'
    later = "<p><button type=button data-later=13>In three months</button></p>"
    main = f"<main id=main tabindex=-1><div data-weeks=4>{form}</div>{later}</main>"
    site.html = f"<!doctype html><title>Support</title>{main}{SCRIPT_HTML}".encode()
    page = context.new_page()
    visit(page, day=DAY, path="/support/")
    page.locator("[data-later]").click()
    new = rules.Device(salt=NEW_SALT)
    assert stored(page) == rules.quiet_from(new, DAY, weeks=13).write()
    with page.expect_navigation(url=f"{FRONTDESK}/**"):
        page.locator("[name=amount]").click()
    page.goto(f"{PAPER}/blank/")
    assert stored(page) == rules.quiet_from(new, DAY, weeks=4).write()


def always(appeal: PageAppeal) -> PageAppeal:
    """The same appeal, without any limit."""
    return replace(appeal, rule=f"{appeal.rule.split()[0]} 0 0 0 30 0 0 12")


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_axe_finds_nothing_on_a_page_that_asks(theme: Theme, browser: Browser, language: str) -> None:
    found = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(timezone_id="UTC", color_scheme=scheme, bypass_csp=True)
        site = Site(context)
        asked = an_asking(language)
        banner, letter = (tuple(map(always, place)) for place in (asked.banner, asked.letter))
        site.html = printed(theme, replace(asked, banner=banner, letter=letter), language=language)
        page = context.new_page()
        visit(page, day=DAY)
        assert page.locator(".asks:visible").count() == 2
        for violation in Axe().run(page).response["violations"]:
            found.add((scheme, violation["id"], violation["nodes"][0]["html"][:120]))
        context.close()
    assert found == set()


# --- Without a script ---


def test_without_a_script_the_letter_stands_there_and_the_banner_is_closed(theme: Theme, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    site = Site(context)
    more = [
        *BOTH,
        rules.Appeal(code="zeta", language="en", slot="letter"),
        rules.Appeal(code="zulu", language="en", slot="banner"),
    ]
    site.html = printed(theme, asking(more, rules.Page(language="en")))
    page = context.new_page()
    page.goto(f"{PAPER}/story/")
    assert visible(page) == {"banner": "top-a", "letter": "end-a"}
    assert page.locator(".top-ask form:visible").count() == 0, "It is closed."
    assert page.locator(".later:visible").count() == 0, "There is nothing that could be closed."
    page.locator(".top-ask summary:visible").click()
    with page.expect_navigation(url=f"{FRONTDESK}/**"):
        page.locator(".top-ask button[name=amount]:visible").first.click()
    assert "campaign=top-a" in site.posted[0]
    assert [asked for asked in site.asked if PAPER not in asked and FRONTDESK not in asked] == []
    context.close()


def test_nothing_of_it_is_printed_on_paper(theme: Theme, context: BrowserContext) -> None:
    site = Site(context)
    site.html = printed(theme, asking(BOTH, rules.Page(language="en")))
    page = context.new_page()
    visit(page, day=DAY)
    page.emulate_media(media="print")
    assert page.locator(".asks:visible").count() == 0


def test_the_skip_link_passes_the_banner_and_tab_comes_to_it_in_order(theme: Theme, context: BrowserContext) -> None:
    site = Site(context)
    site.html = printed(theme, asking(BOTH, rules.Page(language="en")))
    page = context.new_page()
    visit(page, day=DAY)
    order = page.evaluate(
        """[...document.querySelectorAll("a[href], button, summary, input")]
        .filter(e => e.offsetParent && e.tabIndex >= 0)
        .map(e => e.closest(".top-ask, main, footer"))
        .map(e => !e ? "head" : e.localName == "main" ? "text" : e.localName == "footer" ? "foot" : "banner")"""
    )
    groups = [one for number, one in enumerate(order) if number == 0 or order[number - 1] != one]
    assert groups == ["head", "banner", "text", "foot"]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_an_appeal_fits_the_screen_either_way_of_writing(
    theme: Theme, context: BrowserContext, language: str, width: int
) -> None:
    site = Site(context)
    rule = rules.Appeal(code="top", language=language, slot="banner")
    both = [rule, rules.Appeal(code="end", language=language, slot="letter")]
    site.html = printed(theme, asking(both, rules.Page(language=language)), language=language)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    visit(page, day=DAY)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".asks:visible").count() == 2
