"""The sample newsroom, made and printed once by the real commands, and a browser to read it with.

Nothing here opens a database in the test's process: every test looks at what a reader or an editor sees.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

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
set_up_django(newsroom_of_environment())
from stet.appeals.sample import lay_appeals
from stet.appeals.support_sample import lay_support
from stet.letters.sample import lay_sample
from stet.sourcing.sample import lay_sourcing
lay_sample()
lay_support()
lay_appeals()
lay_sourcing()
"""


def lay_letters(folder: Path) -> None:
    """Give the newsroom the sample's lists and letters, its support pages and appeals."""
    command = [sys.executable, "-c", LAY_LETTERS]
    subprocess.run(command, check=True, env={**environment(), "STET_NEWSROOM": str(folder)}, timeout=300)


def until(holds: Callable[[], object], what: str, *, within_seconds: float = LONGEST_WAIT_SECONDS) -> None:
    """Wait until something holds; fail where it does not in time."""
    deadline = time.monotonic() + within_seconds
    while not holds():
        assert time.monotonic() < deadline, f"In {within_seconds:.0f} s it did not come to this: {what}."
        time.sleep(0.05)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleNewsroom:
    """The sample newsroom, filled and printed."""
    return made_in(tmp_path_factory.mktemp("sample") / "paper")


def made_in(folder: Path) -> SampleNewsroom:
    """The same in a folder that is not there yet."""
    reader, desk, frontdesk, office = free_ports(4)
    languages = [word for code in ("en", "ru", "fa") for word in ("--language", code)]
    ports = {"reader": reader, "desk": desk, "frontdesk": frontdesk, "office": office}
    words = [word for name, port in ports.items() for word in (f"--{name}-port", str(port))]
    stet("init", folder, "--name", "The Far Shore", *languages, *words)
    change_setting(folder / "stet.toml", "desk", "second_factor", "offered")
    stet("import", "stet", SAMPLE, "-n", folder)
    lay_letters(folder)
    stet("print", "-n", folder)
    addresses = {name: f"http://127.0.0.1:{port}" for name, port in ports.items() if name != "office"}
    return SampleNewsroom(folder=folder, **addresses)


@pytest.fixture(scope="module")
def running(sample: SampleNewsroom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[bytes]]:
    """`stet up`, on a copy of the sample: what is done to it there, other tests do not see."""
    place = tmp_path_factory.mktemp("up")
    said = place / "said"
    copied(sample.folder, place / "paper")
    with said.open("wb") as output:
        process = subprocess.Popen(
            [*STET, "up", "-n", str(place / "paper")],
            env=environment(),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            until(lambda: b"Readers:" in said.read_bytes() or process.poll() is not None, "stet up answers")
            assert process.poll() is None, said.read_text()
            yield process
        finally:
            process.terminate()
            process.wait(LONGEST_WAIT_SECONDS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. It runs for a module, so that its event loop is gone where others use the database."""
    assert CHROMIUM, "These tests need Chromium. Run: sudo apt-get install -y chromium"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=BROWSER_ARGUMENTS)
        yield found
        found.close()
