"""A newsroom that is made once by the real command, and the command itself in a process of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from stet.project.settings_file import change_setting
from tests.ports import free_ports

Run = Callable[..., subprocess.CompletedProcess[str]]

STET = [sys.executable, "-c", "from stet.project.command import main; main()"]
SERVERS = ("reader", "desk", "frontdesk", "office")
STATE = tempfile.TemporaryDirectory(prefix="stet-state-")
"""Where `stet verify` remembers what it saw; it goes with the tests."""
SOURCE = Path(__file__).parents[2] / "src"


def environment() -> dict[str, str]:
    """The environment of a person's shell, without what the tests set for themselves."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "STET_", "PYTEST_", "COV"))
    }
    return {**kept, "PYTHONPATH": str(SOURCE), "COLUMNS": "120", "TERM": "dumb", "XDG_STATE_HOME": STATE.name}


@pytest.fixture(scope="session")
def stet() -> Run:
    """Run `stet` with these arguments and give back what it said."""

    def run(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        command = [*STET, *map(str, arguments)]
        return subprocess.run(command, env=environment(), cwd=cwd, capture_output=True, text=True, timeout=180)

    return run


@pytest.fixture(scope="session")
def newsroom_folder(stet: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom in two languages, made by `stet init`."""
    folder = tmp_path_factory.mktemp("made") / "paper"
    ports = [word for name, port in zip(SERVERS, free_ports(4), strict=True) for word in (f"--{name}-port", str(port))]
    made = stet("init", folder, "--name", "The Far Shore", "-l", "en", "-l", "ru", *ports)
    assert made.returncode == 0, made.stderr
    change_setting(folder / "stet.toml", "mailroom", "lmtp_port", free_ports(1)[0])
    return folder


@pytest.fixture(scope="module", autouse=True)
def _nothing_was_seen() -> None:
    """Forget what `stet verify` saw of copies that other modules made: they are of the same paper, with other keys."""
    shutil.rmtree(STATE.name, ignore_errors=True)
    Path(STATE.name).mkdir()


def ports(newsroom_folder: Path) -> tuple[int, int]:
    """Where the newsroom's reader site and desk answer."""
    return port(newsroom_folder, "reader"), port(newsroom_folder, "desk")


def port(newsroom_folder: Path, server: str) -> int:
    """Where one of the newsroom's servers answers."""
    settings = tomllib.loads((newsroom_folder / "stet.toml").read_text())
    return int(settings[server]["port"])
