"""The sample newsroom, made and printed once by the real commands, and a browser to read it with.

Its photos' files alone are rendered before, as quickly as the encoder can, within the same limits: at the press's own
speeds they would take longer than everything else in it. What stands in a page is what the press would put there, and
tests/press/test_photos.py renders all of it.

Nothing here opens a database in the test's process: every test looks at what a reader or an editor sees.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from stet.project.demonstration import ACCOUNT, MAIL, PRACTICE
from stet.project.settings import Newsroom, open_newsroom
from stet.project.settings_file import change_setting
from tests.folders import copied
from tests.ports import free_ports

STET = [sys.executable, "-c", "from stet.project.command import main; main()"]
STATE = tempfile.TemporaryDirectory(prefix="stet-state-")
"""Where `stet verify` remembers what it saw; it goes with the tests."""
SOURCE = Path(__file__).parents[2] / "src"
SAMPLE = SOURCE / "stet" / "newsroom" / "sample"
CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
BROWSER_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
LONGEST_WAIT_SECONDS = 90.0
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.05, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleNewsroom:
    """Where the sample newsroom stands."""

    folder: Path
    reader: str
    desk: str
    frontdesk: str

    @property
    def site(self) -> Path:
        """The printed tree."""
        return self.folder / "edition" / "site"

    @property
    def password(self) -> str:
        """The editor's."""
        return (self.folder / "keys" / "desk-password").read_text().strip()

    def pages(self) -> list[Path]:
        """Every page: a letter's mail is HTML too and no page."""
        return sorted(set(self.site.rglob("*.html")) - set(self.mails()))

    def mails(self) -> list[Path]:
        """The HTML of every letter's mail."""
        return sorted(self.site.rglob("mail.html"))


def environment() -> dict[str, str]:
    """A person's shell, without what the tests set for themselves."""
    ours = ("DJANGO_", "STET_", "PYTEST_", "COV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONPATH": str(SOURCE), "COLUMNS": "120", "TERM": "dumb", "XDG_STATE_HOME": STATE.name}


def stet(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `stet`; it has to succeed."""
    command = [*STET, *map(str, arguments)]
    done = subprocess.run(command, check=False, env=environment(), capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


LAY_LETTERS = """
from stet.project.setup import newsroom_of_environment, set_up_django
newsroom = newsroom_of_environment()
set_up_django(newsroom)
from stet.appeals.sample import lay_appeals
from stet.appeals.support_sample import lay_support
from stet.letters.sample import lay_sample
from stet.sourcing.sample import lay_sourcing
lay_sample()
lay_support()
lay_appeals()
lay_sourcing()
from django.core.management import call_command
call_command("db_worker", queue_name="*", batch=True, startup_delay=False, verbosity=0)
"""
RENDER_QUICKLY = """
from stet.newsroom.models import Photo
from stet.press import photos
from stet.press.rows import read_photos
slowly = photos._avif
photos._avif = lambda image, quality, speed: slowly(
    image, quality, speed if image.width <= photos.INLINE_WIDTH else photos.SKETCH_SPEED
)
rows = read_photos(Photo.objects.values_list("pk", flat=True)).values()
photos.PhotoStore(newsroom.folder / "renditions", newsroom.media).render_all(rows, processes=2)
"""


def lay_letters(folder: Path, *, is_quick: bool) -> None:
    """Give the newsroom the sample's lists and letters, its support pages and appeals.

    And work off what is left for the worker, once for all copies that run. With `is_quick`, render its photos as
    quickly as can be.
    """
    command = [sys.executable, "-c", LAY_LETTERS + RENDER_QUICKLY * is_quick]
    subprocess.run(command, check=True, env={**environment(), "STET_NEWSROOM": str(folder)}, timeout=300)


def until(holds: Callable[[], object], what: str, *, within_seconds: float = LONGEST_WAIT_SECONDS) -> None:
    """Wait until something holds; fail where it does not in time. A look that takes long is not taken as often."""
    deadline = time.monotonic() + within_seconds
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() < deadline, f"In {within_seconds:.0f} s it did not come to this: {what}."
        took = time.monotonic() - begun
        time.sleep(min(max(2 * took, SHORTEST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS))
        begun = time.monotonic()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleNewsroom:
    """The sample newsroom, filled and printed."""
    return made_in(tmp_path_factory.mktemp("sample") / "paper", is_quick=True)


def made_in(folder: Path, *, is_quick: bool = False) -> SampleNewsroom:
    """The same in a folder that is not there yet; its photos as the press renders them, unless it `is_quick`."""
    reader, desk, frontdesk, office = free_ports(4)
    languages = [word for code in ("en", "ru", "fa") for word in ("--language", code)]
    ports = {"reader": reader, "desk": desk, "frontdesk": frontdesk, "office": office}
    words = [word for name, port in ports.items() for word in (f"--{name}-port", str(port))]
    stet("init", folder, "--name", "The Far Shore", *languages, *words)
    change_setting(folder / "stet.toml", "desk", "second_factor", "offered")
    stet("import", "stet", SAMPLE, "-n", folder)
    lay_letters(folder, is_quick=is_quick)
    stet("print", "-n", folder)
    addresses = {name: f"http://127.0.0.1:{port}" for name, port in ports.items() if name != "office"}
    return SampleNewsroom(folder=folder, **addresses)


@dataclass(slots=True)
class Running:
    """`stet up`, on a copy of the sample with a mail server for trials, a practice provider and a bank account."""

    newsroom: Newsroom
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def begin(self) -> None:
        """Start it, where it does not run, and wait until it answers."""
        if self.process and self.process.poll() is None:
            return
        said = self.newsroom.folder.parent / "said"
        with said.open("wb") as output:
            process = self.process = subprocess.Popen(
                [*STET, "up", "-n", str(self.newsroom.folder)],
                env=environment(),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        until(lambda: b"Readers:" in said.read_bytes() or process.poll() is not None, "stet up answers")
        assert process.poll() is None, said.read_text()

    def end(self) -> None:
        """End it, where it runs."""
        if self.process:
            self.process.terminate()
            self.process.wait(LONGEST_WAIT_SECONDS)


RUNNING = pytest.StashKey[Running]()


@pytest.fixture(scope="session")
def _house(
    sample: SampleNewsroom, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Running]:
    """One for all modules: what is done to it there, the sample does not see."""
    folder = copied(sample.folder, tmp_path_factory.mktemp("up") / "paper")
    mail, practice = free_ports(2)
    for name, value in {**MAIL, "smtp_port": mail}.items():
        change_setting(folder / "stet.toml", "mailroom", name, value)
    for name, value in {**PRACTICE, "practice": f"http://127.0.0.1:{practice}"}.items():
        change_setting(folder / "stet.toml", "ledger", name, value)
    (folder / "keys/bank.json").write_text(ACCOUNT)
    house = request.config.stash[RUNNING] = Running(open_newsroom(folder))
    yield house
    house.end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    """End it where the next test stands elsewhere, so that it takes nothing from the others."""
    yield
    house = item.config.stash.get(RUNNING, None)
    if house and (nextitem is None or nextitem.path.parent != item.path.parent):
        house.end()


@pytest.fixture(scope="module")
def running(_house: Running) -> Running:
    """The newsroom that runs."""
    _house.begin()
    return _house


@pytest.fixture(scope="module")
def up(running: Running) -> Newsroom:
    """The same, as a newsroom."""
    return running.newsroom


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. It runs for a module, so that its event loop is gone where others use the database."""
    assert CHROMIUM, "These tests need Chromium. Run: sudo apt-get install -y chromium"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=BROWSER_ARGUMENTS)
        yield found
        found.close()
