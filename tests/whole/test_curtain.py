"""Pages through a line that freezes after 25 packets or 16,384 bytes, with a real browser.

The connection is what counts: a page that comes first arrives, and what comes second on the same connection hangs. So the
servers that `stet deploy` sets up end each connection after one answer, over HTTP/2 too.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.whole.conftest import BROWSER_ARGUMENTS, CHROMIUM, SampleNewsroom
from tests.whole.curtain import Curtain
from tests.whole.serving import HOST, Server, certificate_in, served

WITHIN_MS = 10_000
LANGUAGES = ("en", "ru", "fa")
SERVERS = {"HTTP/2": ("nginx", False), "one answer a connection": ("nginx", True), "HTTP/2 of Caddy": ("caddy", False)}


@pytest.fixture(scope="module", params=SERVERS.values(), ids=SERVERS.keys())
def server(
    request: pytest.FixtureRequest, sample: SampleNewsroom, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    name, is_mirror = request.param
    folder = tmp_path_factory.mktemp("curtain")
    with served(sample.folder, folder, name, is_mirror=is_mirror, certificate=certificate_in(folder)) as one:
        yield one


@pytest.fixture(scope="module")
def curious() -> Iterator[Browser]:
    """Chromium that takes the tests' own certificate; the host's name leads to this machine."""
    assert CHROMIUM, "These tests need Chromium. Run: sudo apt-get install -y chromium"
    own = ["--ignore-certificate-errors", f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=[*BROWSER_ARGUMENTS, *own])
        yield found
        found.close()


def articles(site: Path, language: str) -> list[str]:
    """Addresses of all articles in a language, parts of long ones included."""
    root = site if language == "en" else site / language
    found = [file.parent for year in sorted(root.glob("20[0-9][0-9]")) for file in year.rglob("index.html")]
    pages = [folder for folder in found if len(folder.relative_to(root).parts) >= 4]
    return ["/" + page.relative_to(site).as_posix() + "/" for page in pages]


def view(page: Page, curtain: Curtain, path: str) -> str:
    """Open a page and look at its lead photo; "" where all of it is there, else what is missing."""
    response = page.goto(f"https://{HOST}:{curtain.port}{path}", wait_until="load", timeout=WITHIN_MS)
    if response is None or response.status != 200:
        return "no answer"
    lead = page.locator("figure img, picture img").first
    if lead.count() and not lead.evaluate("i => (i.src || '').length > 0 && i.decode().then(() => true, () => false)"):
        return "no photo"
    return "" if page.locator("footer").count() else "no end"


@pytest.mark.parametrize("model", ["bytes", "packets"])
def test_pages_arrive_one_after_the_other_with_their_photos(
    server: Server, sample: SampleNewsroom, curious: Browser, model: str
) -> None:
    context = curious.new_context(ignore_https_errors=True)
    missing = {}
    with Curtain(server.port, model) as curtain:
        page = context.new_page()
        for language in LANGUAGES:
            for path in articles(sample.site, language)[::12]:
                if what := view(page, curtain, path):
                    missing[path] = what
        context.close()
        assert missing == {}
        assert curtain.frozen == 0
