"""The script itself, in a browser: it decides as Python does, and leaves one trace for all who close, give or wait."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from msgspec.structs import replace
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from stet.appeals import rules, script
from stet.press.appeals import SCRIPT_HTML, rule_text
from stet.press.support import SUPPORT_SCRIPTS_HTML
from stet.project.reader_site import page_policy
from stet.theme.copy import AppealVariant, Asking, Giving, GivingAmount, PageAppeal
from stet.theme.setting import Theme, load_theme
from tests.appeals.cases import DAY, NEW_SALT, Case, all_cases
from tests.theme.asking import an_asking
from tests.theme.builders import a_front, a_support_page, an_article

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


PRINTED = {"script": script.SCRIPT, "support": script.SUPPORT_SCRIPT}
MOST_BYTES = {"script": 1_500, "support": 150}


@pytest.mark.parametrize("name", PRINTED)
def test_a_printed_script_is_made_of_the_one_people_read(name: str) -> None:
    assert script.shrunk(script.source(name).read_text("ascii")) == PRINTED[name]


@pytest.mark.parametrize("name", PRINTED)
def test_a_printed_script_is_small_and_asks_nobody(name: str) -> None:
    assert 100 < len(PRINTED[name].encode()) <= MOST_BYTES[name]
    assert not re.search(r"fetch|XMLHttp|WebSocket|sendBeacon|cookie|import|http|//", PRINTED[name])


def test_a_page_may_run_these_scripts_and_no_other() -> None:
    own, support = (script.hash_of(text) for text in PRINTED.values())
    assert f"script-src '{own}' '{support}' " in page_policy()


# --- A paper in a browser ---


class Site:
    """Pages at the paper's address, and a frontdesk that answers every form; anything else is written down."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.html = b""
        self.support = b""
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
            body = {"/blank/": b"<!doctype html><title>Blank</title>", "/support/": self.support}.get(
                address.path, self.html
            )
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


FORGET = "() => { localStorage.clear(); sessionStorage.clear() }"
"""What makes a browser a new one, as far as the script can tell: a context of its own costs a second."""


def test_the_browser_decides_every_case_as_python_does(theme: Theme, browser: Browser) -> None:
    different, count = [], 0
    for has_storage in (True, False):
        context = browser.new_context(timezone_id="UTC")
        context.add_init_script(A_HALF)
        if not has_storage:
            context.add_init_script(NO_STORAGE)
        site, page = Site(context), context.new_page()
        for case in [case for case in all_cases() if case.has_storage is has_storage]:
            different += _differences(case, site, page, theme)
            count += 1
        context.close()
    assert different == []
    assert count == len(all_cases())


def _differences(case: Case, site: Site, page: Page, theme: Theme) -> list[str]:
    site.html = printed(theme, asking(case.appeals, case.page, is_silent=case.is_silent), case.page.kind)
    faults: list[str] = []

    def note(error: object) -> None:
        faults.append(f"{case.name}: {error}")

    page.goto(f"{PAPER}/blank/")
    if case.has_storage:
        page.evaluate(FORGET)
        if case.stored is not None:
            page.evaluate("stored => localStorage.setItem('stet', stored)", case.stored)
    page.on("pageerror", note)
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
    page.remove_listener("pageerror", note)
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


Act = Callable[[Page], None]


def _send(page: Page, button: str) -> None:
    with page.expect_navigation(url=f"{FRONTDESK}/**"):
        page.locator(button).first.click()


def _at_support(act: Act) -> Act:
    """The act, on the support page, where an appeal's link leads."""

    def go(page: Page) -> None:
        with page.expect_navigation(url=f"{PAPER}/support/**"):
            page.locator(".top-ask:visible a[href^='/support/']").first.click()
        act(page)

    return go


def _give(currency: str, interval: str) -> Act:
    def give(page: Page) -> None:
        page.click(f"label[for={currency}-]")
        page.click(f"label[for={currency}-{interval}]")
        page.locator(".chips label:visible").first.click()
        _send(page, ".give form button:visible")

    return give


def _mail(when: str) -> Act:
    def ask(page: Page) -> None:
        page.locator("#later input[name=email]").fill("reader@example.org")
        page.select_option("#later select", when)
        if when == "date":
            page.locator("#later input[name=date]").fill("2027-09-30")
        _send(page, "#later form button")

    return ask


def _calendar(when: str) -> Act:
    return lambda page: _send(page, f"#later a[href$='={when}']")


ACTS: dict[str, Act] = {
    "closed the banner": lambda page: page.locator(".top-ask [data-later]").click(),
    "closed the letter": lambda page: page.locator("[data-asks='0'] [data-later]").click(),
    "closed it by the keyboard": lambda page: page.locator(".top-ask [data-later]").press("Enter"),
    "gave by the banner": lambda page: _send(page, ".top-ask button[name=amount]"),
    "gave by the letter": lambda page: _send(page, "[data-asks='0'] button[name=amount]:visible"),
    **{
        f"gave {currency} {interval}": _at_support(_give(currency, interval))
        for currency in ("USD", "EUR", "JPY")
        for interval in ("once", "monthly", "annual")
    },
    "waits on the device": _at_support(lambda page: page.locator("#later button[data-later]").click()),
    **{f"waits by the calendar: {when}": _at_support(_calendar(when)) for when in ("week", "month", "quarter")},
    **{f"waits by e-mail: {when}": _at_support(_mail(when)) for when in ("week", "month", "quarter", "date")},
}
"""Every way to close, to give and to be reminded, for every duration that is offered."""
EVERYTHING = """async () => JSON.stringify([
    {...localStorage}, {...sessionStorage}, await indexedDB.databases(), await caches.keys(), document.cookie])"""


@pytest.mark.parametrize("weeks", [4, 13])
def test_who_gave_who_closed_and_who_waits_leave_the_same_bytes(theme: Theme, browser: Browser, weeks: int) -> None:
    traces = {}
    context = browser.new_context(timezone_id="UTC")
    context.add_init_script(A_HALF)
    site, page = Site(context), context.new_page()
    asked = asking(BOTH, rules.Page(language="en"))
    assert asked is not None
    site.html = printed(theme, replace(asked, weeks=weeks))
    site.support = theme.set_page(a_support_page(quiet_weeks=weeks, script_html=SUPPORT_SCRIPTS_HTML))
    for who, act in ACTS.items():
        visit(page, day=DAY)
        act(page)
        page.goto(f"{PAPER}/blank/")
        traces[who] = page.evaluate(EVERYTHING)
        assert all(asked.partition(" ")[2].startswith((f"{PAPER}/", f"{FRONTDESK}/en/")) for asked in site.asked)
        assert context.cookies() == []
        page.evaluate(FORGET)
    context.close()
    assert len(traces) == 22
    assert len(set(traces.values())) == 1, traces
    expected = rules.decide(BOTH, rules.Page(language="en"), rules.Device(salt=NEW_SALT), DAY).device
    assert expected is not None
    assert json.loads(traces["waits on the device"])[0] == {
        "stet": rules.quiet_from(expected, DAY, weeks=weeks).write()
    }, "Nothing else is stored."


def test_whoever_only_looks_at_the_support_page_leaves_no_such_trace(theme: Theme, context: BrowserContext) -> None:
    site = Site(context)
    site.support = theme.set_page(a_support_page(script_html=SUPPORT_SCRIPTS_HTML))
    page = context.new_page()
    visit(page, day=DAY, path="/support/")
    page.locator("#later h2").click()
    page.locator("section.give").click(position={"x": 5, "y": 5})
    page.locator(".chips label:visible").first.click()
    assert stored(page) == rules.Device(salt=NEW_SALT).write()


def test_a_reader_who_waits_on_the_device_is_told_that_it_is_done(theme: Theme, context: BrowserContext) -> None:
    site = Site(context)
    site.support = theme.set_page(a_support_page(script_html=SUPPORT_SCRIPTS_HTML))
    page = context.new_page()
    visit(page, day=DAY, path="/support/")
    said = page.get_by_role("status")
    assert said.inner_text() == ""
    page.locator("#later button[data-later]").press("Enter")
    assert said.inner_text() == "Done. Nothing asks on this device now."
    assert page.evaluate("document.activeElement.dataset.later") == "1", "The keyboard stays where it was."


@pytest.mark.parametrize("weeks", [1, 4])
def test_on_the_day_one_page_asks_whoever_it_was(theme: Theme, browser: Browser, weeks: int) -> None:
    asked = asking(BOTH, rules.Page(language="en"))
    assert asked is not None
    for who in ("closed the banner", "gave USD monthly", "waits on the device", "waits by e-mail: quarter"):
        context = browser.new_context(timezone_id="UTC")
        site = Site(context)
        site.html = printed(theme, replace(asked, weeks=weeks))
        site.support = theme.set_page(a_support_page(quiet_weeks=weeks, script_html=SUPPORT_SCRIPTS_HTML))
        page = context.new_page()
        visit(page, day=DAY)
        ACTS[who](page)
        visit(page, day=DAY + 7 * weeks - 1)
        assert visible(page) == {}, who
        visit(page, day=DAY + 7 * weeks)
        assert "banner" in visible(page), who
        assert json.loads(stored(page) or "")[1] == 0, "It was asked once."
        context.close()


# --- What came by which appeal ---


def campaigns_of(page: Page) -> set[str]:
    found: list[str] = page.evaluate("[...document.getElementsByName('campaign')].map(one => one.value)")
    return set(found)


def test_an_appeals_link_is_counted_to_it_on_the_support_page(theme: Theme, context: BrowserContext) -> None:
    site = Site(context)
    site.html = printed(theme, asking(BOTH, rules.Page(language="en")))
    site.support = theme.set_page(a_support_page(script_html=SUPPORT_SCRIPTS_HTML))
    page = context.new_page()
    visit(page, day=DAY)
    shown = page.locator("[data-asks='0'] h2:visible").inner_text()
    with page.expect_navigation(url=f"{PAPER}/support/**"):
        page.locator("[data-asks='0'] a:visible").click()
    assert page.url == f"{PAPER}/support/#from={shown}"
    assert campaigns_of(page) == {shown}
    _give("EUR", "monthly")(page)
    assert f"campaign={shown}&" in site.posted[0]
    assert not any(shown in asked for asked in site.asked), "No address that is asked for names it."


@pytest.mark.parametrize(
    "fragment",
    [
        "",
        "#later",
        "#from=",
        "#from=UPPER",
        "#from=a b",
        "#from=%61",
        "#from=-a",
        "#from=a&amount=1",
        f"#from={'a' * 61}",
        "#from=<b>",
        "#x#from=a",
        "#from=a\n",
    ],
)
def test_a_fragment_of_another_form_is_counted_to_nothing(theme: Theme, context: BrowserContext, fragment: str) -> None:
    site = Site(context)
    site.support = theme.set_page(a_support_page(script_html=SUPPORT_SCRIPTS_HTML))
    page = context.new_page()
    page.goto(f"{PAPER}/support/{fragment.strip()}")
    page.evaluate("hash => { location.hash = hash }", fragment)
    page.reload()
    assert campaigns_of(page) == ({"a"} if fragment == "#from=a\n" else {""})


def test_where_nothing_can_be_stored_a_gift_is_still_counted(theme: Theme, context: BrowserContext) -> None:
    context.add_init_script(NO_STORAGE)
    site = Site(context)
    site.support = theme.set_page(a_support_page(script_html=SUPPORT_SCRIPTS_HTML))
    page = context.new_page()
    page.goto(f"{PAPER}/support/#from=spring-b")
    assert campaigns_of(page) == {"spring-b"}


def test_without_a_script_a_gift_is_counted_to_nothing_and_given_all_the_same(theme: Theme, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    site = Site(context)
    site.support = theme.set_page(a_support_page(script_html=SUPPORT_SCRIPTS_HTML))
    page = context.new_page()
    page.goto(f"{PAPER}/support/#from=spring-b")
    _give("USD", "once")(page)
    assert "campaign=&" in site.posted[0]
    context.close()


def test_closing_hides_all_that_asks_and_leaves_the_keyboard_at_the_text(theme: Theme, context: BrowserContext) -> None:
    site = Site(context)
    site.html = printed(theme, asking(BOTH, rules.Page(language="en")))
    page = context.new_page()
    visit(page, day=DAY)
    assert visible(page) == {"banner": "top-a", "letter": page.locator("[data-asks='0'] h2:visible").inner_text()}
    page.locator("[data-asks='0'] [data-later]").press("Enter")
    assert visible(page) == {}
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_form_carries_the_variant_that_showed_and_nothing_of_the_reader(
    theme: Theme, context: BrowserContext
) -> None:
    site = Site(context)
    site.html = printed(theme, asking([BOTH[1]], rules.Page(language="en")))
    page = context.new_page()
    visit(page, day=DAY)
    shown = page.locator("[data-asks='0'] h2:visible").inner_text()
    with page.expect_navigation(url=f"{FRONTDESK}/**"):
        page.locator("[data-asks='0'] button[name=amount]:visible").last.click()
    assert site.posted == [f"interval=once&currency=EUR&method=card&campaign={shown}&website=&amount=1500"]


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
