"""Pages through a line that freezes after 25 packets or 16,384 bytes, with a real browser.

The connection is what counts: a page that comes first arrives, and what comes second on the same connection hangs. So
the servers that `stet deploy` sets up end each connection after one answer, over HTTP/2 too. Every article, in more
ways: `make curtain`.
"""

import socket
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.whole.browsing import LANGUAGES, articles, resolving, view
from tests.whole.conftest import CHROMIUM, SampleNewsroom
from tests.whole.curtain import MOST_BYTES, SEGMENT_BYTES, Curtain
from tests.whole.serving import HOST, Server, certificate_in, served

SERVERS = {"HTTP/2": False, "one answer a connection": True}


@pytest.fixture(scope="module", params=SERVERS.values(), ids=SERVERS.keys())
def server(
    request: pytest.FixtureRequest, sample: SampleNewsroom, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("curtain")
    with served(sample.folder, folder, "nginx", is_mirror=request.param, certificate=certificate_in(folder)) as one:
        yield one


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's, which takes the tests' own certificate."""
    assert CHROMIUM, "These tests need Chromium. Run: sudo apt-get install -y chromium"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=resolving("127.0.0.1"))
        yield found
        found.close()


@pytest.mark.parametrize("model", ["bytes", "packets"])
def test_articles_arrive_one_after_the_other_with_their_photos(
    server: Server, sample: SampleNewsroom, chromium: Browser, model: str
) -> None:
    missing = {}
    with Curtain(server.port, model) as curtain:
        page = chromium.new_page(viewport={"width": 390, "height": 800})
        for language in LANGUAGES:
            for path in articles(sample.site, language)[::16]:
                if what := view(page, f"https://{HOST}:{curtain.port}{path}"):
                    missing[path] = what
        page.close()
    assert missing == {}
    assert model == "packets" or curtain.frozen == 0, "Only what follows the page may be frozen: a farewell."


LENGTHS = {
    "bytes": (MOST_BYTES, MOST_BYTES),
    "packets": (13 * SEGMENT_BYTES, 15 * SEGMENT_BYTES),
    "none": (40_000, 40_000),
}
"""What passes of 40,000 bytes, at least and at most. Of 25 packets four are gone before; two of three carry bytes."""


@pytest.mark.parametrize("model", LENGTHS)
def test_the_line_freezes_where_its_model_says(model: str) -> None:
    least, most = LENGTHS[model]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        sending = Thread(target=_send, args=(listening, 40_000))
        sending.start()
        with (
            Curtain(listening.getsockname()[1], model) as curtain,
            socket.create_connection(("127.0.0.1", curtain.port), timeout=30) as line,
        ):
            line.sendall(b"send")
            got = len(_read(line, least))
            line.settimeout(0.2)
            got += len(_read(line, 40_000))
            frozen = curtain.frozen
        sending.join(30)
    assert least <= got <= most
    assert frozen == (0 if model == "none" else 1)


def _send(listening: socket.socket, length: int) -> None:
    line, _ = listening.accept()
    with line:
        line.recv(100)
        line.sendall(b"x" * length)


def _read(line: socket.socket, length: int) -> bytes:
    """So many bytes, or what comes before the line ends or falls silent."""
    got = b""
    with suppress(TimeoutError):
        while len(got) < length and (more := line.recv(length - len(got))):
            got += more
    return got
