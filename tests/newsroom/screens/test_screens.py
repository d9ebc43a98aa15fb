"""The desk's own screens keep to the rules of accessibility, as far as a program can tell, and fit their windows.

In the suite each screen is looked at once, by turns on a wide screen, on a phone, in the dark, and in Persian. `make
looks` looks at each in each of the four ways; with a folder in STET_LOOKS, each look leaves a picture there.
"""

import inspect
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import URLResolver, get_resolver
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError
from pytest_django.live_server_helper import LiveServer
from wagtail.users.models import UserProfile

from stet.newsroom.home import panels
from stet.newsroom.mirrors import views
from stet.newsroom.signing_in.adapters import DeskAccounts
from tests.newsroom.roles.world import World
from tests.newsroom.screens.listed import NO_SCREENS, NOBODY, Screen, screens
from tests.newsroom.screens.world import a_full_world
from tests.press.builders import clear_newsroom

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": WIDE, "color_scheme": "light"},
    "phone": {"viewport": NARROW, "color_scheme": "light"},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "persian": {"viewport": WIDE, "color_scheme": "light", "locale": "fa-IR"},
}
ENGLISH = ("wide", "dark", "phone")
PICTURES = os.environ.get("STET_LOOKS", "")
Part = Callable[[list[Screen]], list[tuple[tuple[str, ...], list[Screen]]]]


def by_turns(some: list[Screen]) -> list[tuple[tuple[str, ...], list[Screen]]]:
    """Each of these screens in one of the looks."""
    return [((look,), some[turn :: len(LOOKS)]) for turn, look in enumerate(LOOKS)]


PARTS: dict[str, Part] = (
    {
        "english, odd": lambda all_screens: [(ENGLISH, all_screens[::2])],
        "english, even": lambda all_screens: [(ENGLISH, all_screens[1::2])],
        "persian, odd": lambda all_screens: [(("persian",), all_screens[::2])],
        "persian, even": lambda all_screens: [(("persian",), all_screens[1::2])],
    }
    if PICTURES
    else {
        "by turns, first half": lambda all_screens: by_turns(all_screens[: len(all_screens) // 2]),
        "by turns, second half": lambda all_screens: by_turns(all_screens[len(all_screens) // 2 :]),
    }
)
"""What one test looks at, and how. In parts, so that several processors can share it."""
AT_REST = """() => document.getAnimations().forEach((one) => {
  try { one.finish(); } catch { one.cancel(); }
})"""
"""What moves is where it will be; what moves without end is where it began."""


class Desk:
    """The desk in a browser, in one of the looks; each who looks is signed in."""

    def __init__(self, browser: Browser, url: str, world: World, look: str) -> None:
        self.context: BrowserContext = browser.new_context(**LOOKS[look])
        self._open()
        self._url, self._world, self._look = url, world, look
        self._cookies: dict[str, str] = {}
        self._who: str | None = None

    def _open(self) -> None:
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(180_000)  # a machine may have much else to do

    def faults(self, screen: Screen, looks: tuple[str, ...]) -> list[str]:
        """What is wrong with a screen, in each of these looks."""
        try:
            self._become(screen.who)
            self._take(looks[0])
            answer = self.page.goto(f"{self._url}{screen.url}", wait_until="load")
            if answer is None or answer.status != screen.status:
                return [f"{looks[0]} {screen.name}: answered with {answer and answer.status}"]
            if screen.act:
                screen.act(self.page)
                self._who = None  # whoever signed in there
            return [f"{look} {screen.name}: {fault}" for look in looks for fault in self._looked_at(screen, look)]
        except PlaywrightError as error:  # the others are looked at all the same
            self.page.close()
            self._open()
            return [f"{looks[0]} {screen.name}: {error}"]

    def _looked_at(self, screen: Screen, look: str) -> Iterator[str]:
        self._take(look)
        self.page.evaluate(AT_REST)
        violations = Axe().run(
            self.page, context=screen.within, options={"resultTypes": ["violations"], "iframes": False}
        )
        for one in violations.response["violations"]:
            yield from (f"{one['id']}: {node['html'][:240]}" for node in one["nodes"])
        if self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            yield "wider than its window"
        if PICTURES:
            self.page.screenshot(path=f"{PICTURES}/{look}-{screen.name}.png", full_page=True)

    def _take(self, look: str) -> None:
        if self._look != look:
            self._look = look
            self.page.emulate_media(color_scheme=LOOKS[look]["color_scheme"])
            self.page.set_viewport_size(LOOKS[look]["viewport"])

    def _become(self, who: str) -> None:
        if who == self._who:
            return
        self._who = who
        self.context.clear_cookies()
        if who == NOBODY:
            return
        if who not in self._cookies:
            client = Client()
            client.force_login(self._world.people[who])
            self._cookies[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": self._cookies[who], "url": self._url}])


@pytest.fixture
def make_world(
    live_server: LiveServer, keys: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], World]]:
    """Make the newsroom; its mirrors stand in a folder of their own, and nobody is asked twice who they are."""
    for module in (views, panels):
        monkeypatch.setattr(module, "newsroom_folder", lambda: tmp_path)
    monkeypatch.setattr(DeskAccounts, "is_reauthentication_required", lambda *_args, **_kwargs: False)
    monkeypatch.setattr(settings, "WAGTAIL_AUTOSAVE_INTERVAL", 0, raising=False)
    yield lambda language: a_full_world(tmp_path, language=language)
    clear_newsroom()


@pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")  # Wagtail's, of a photo that it makes smaller
@pytest.mark.parametrize("part", PARTS)
def test_each_screen_keeps_to_the_rules_of_accessibility_and_fits_its_window(
    browser: Browser, live_server: LiveServer, make_world: Callable[[str], World], part: str
) -> None:
    world = make_world("fa" if "persian" in part else "en")
    looked_at = list(screens(world))
    assert len({screen.name for screen in looked_at}) == len(looked_at)
    faults: list[str] = []
    for looks, some in PARTS[part](looked_at):
        UserProfile.objects.update(preferred_language="fa" if looks == ("persian",) else "en")
        desk = Desk(browser, live_server.url, world, looks[0])
        for screen in some:
            faults += desk.faults(screen, looks)
        desk.context.close()
    assert not faults, "\n".join(faults)


def test_each_address_of_the_desks_own_is_a_screen_of_the_list_or_none_for_a_reason(
    make_world: Callable[[str], World],
) -> None:
    listed_here = {screen.address for screen in screens(make_world("en"))}
    missing = {name for name in own_addresses() if name not in listed_here and not fits(name, NO_SCREENS)}
    assert not missing, "Put these into tests/newsroom/screens/listed.py."
    both = {name for name in listed_here if fits(name, NO_SCREENS)}
    assert not both


def fits(name: str, table: dict[str, str]) -> bool:
    return any(re.fullmatch(pattern, name) for pattern in table)


def own_addresses() -> set[str]:
    """The names of addresses whose view is of these rooms or allauth's, or that are called like theirs."""
    own_names = re.compile("(newsroom|letters|appeals|sourcing|desk|mfa|account)_.*")
    named = dict(_views(get_resolver(), ()))
    return {name for name, view in named.items() if own_names.fullmatch(name) or _is_ours(view)}


def _is_ours(view: Any) -> bool:
    inner = inspect.unwrap(view)
    return any(getattr(one, "view_class", one).__module__.startswith(("stet.", "allauth.")) for one in (view, inner))


def _views(resolver: Any, space: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _views(one, (*space, *([one.namespace] if one.namespace else [])))
        elif one.name:
            yield ":".join((*space, one.name)), one.callback
