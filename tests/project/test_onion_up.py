"""`stet up` with the onion service on, with Debian's tor, which is told to reach for no network."""

import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stet.project.settings_file import change_setting
from tests.folders import copied
from tests.project.conftest import STET, environment, port
from tests.project.test_running import LONGEST_WAIT_SECONDS, family, living, until

WITHOUT_TOR = """
import shutil
which = shutil.which
shutil.which = lambda name, *rest, **more: None if name == "tor" else which(name, *rest, **more)
from stet.project.command import main
main()
"""


@pytest.fixture(scope="module")
def folder(newsroom_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom of its own with the onion service on."""
    folder = tmp_path_factory.mktemp("onion") / "a paper"
    copied(newsroom_folder, folder)
    (folder / "offline").write_text("DisableNetwork 1\n")
    change_setting(folder / "stet.toml", "onion", "is_on", True)
    change_setting(folder / "stet.toml", "onion", "more", "offline")
    return folder


@contextmanager
def up(folder: Path, said: Path, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """`stet up`, as soon as it answers."""
    with said.open("wb") as file:
        process = subprocess.Popen(
            [*command, "up", "-n", str(folder)], env=environment(), stdout=file, stderr=file, start_new_session=True
        )
    try:
        until(lambda: b"Readers:" in said.read_bytes() or process.poll() is not None, said)
        assert process.poll() is None, said.read_text()
        yield process
    finally:
        process.kill()
        process.wait()


def front(folder: Path, language: str = "") -> tuple[str, str]:
    """What a front's header and page say of the onion address; nothing while it is not printed."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port(folder, 'reader')}/{language}", timeout=10) as answer:
            return str(answer.headers["Onion-Location"]), answer.read().decode()
    except urllib.error.HTTPError as error:
        return f"none: {error.code}", ""


def test_stet_up_runs_tor_says_the_address_and_ends_with_it(folder: Path, tmp_path: Path) -> None:
    said = tmp_path / "said"
    with up(folder, said, STET) as process:
        below = family(process)
        assert "tor" in below.values()
        address = (folder / "keys/onion/hostname").read_text().strip()
        assert f"In the Tor Browser: http://{address}/" in said.read_text()
        meta = f'<meta http-equiv="onion-location" content="http://{address}/ru/">'
        until(lambda: meta in front(folder, "ru/")[1], said)
        assert front(folder, "ru/")[0] == f"http://{address}/ru/"
        process.send_signal(signal.SIGINT)
        assert process.wait(LONGEST_WAIT_SECONDS) == 0
        assert living(below) == []
    assert "did not end" not in said.read_text()


def test_without_tor_it_is_said_the_paper_stands_and_the_address_stays(folder: Path, tmp_path: Path) -> None:
    said = tmp_path / "said"
    stands = subprocess.run([*STET, "onion", "-n", str(folder)], env=environment(), capture_output=True, text=True)
    with up(folder, said, [sys.executable, "-c", WITHOUT_TOR]) as process:
        until(lambda: b"The onion service ended (exit code 3)" in said.read_bytes(), said)
        assert "The onion service needs tor, which is not here. Install it: apt install tor." in said.read_text()
        assert "Traceback" not in said.read_text()
        until(lambda: front(folder)[0] == stands.stdout.strip(), said)
        below = family(process)
        assert "tor" not in below.values()
        process.send_signal(signal.SIGINT)
        assert process.wait(LONGEST_WAIT_SECONDS) == 0
        assert living(below) == []
