"""The practice provider as a process of the newsroom: only where it is set, and on its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from stripe import StripeClient

from stet.ledger.practice.account import SECRET_KEY
from stet.project.errors import SettingError
from stet.project.ports import servers
from stet.project.processes import children
from stet.project.settings import open_newsroom, read_settings
from tests.ports import free_ports
from tests.project.conftest import environment


def a_newsroom(folder: Path, lines: str) -> Path:
    folder.mkdir()
    (folder / "stet.toml").write_text(lines)
    return folder


def test_it_runs_where_it_is_set_alone(tmp_path: Path) -> None:
    with_one = open_newsroom(a_newsroom(tmp_path / "with", '[ledger]\npractice = "http://127.0.0.1:8005"\n'))
    without = open_newsroom(a_newsroom(tmp_path / "without", ""))
    assert "The practice provider" in [child.name for child in children(with_one)]
    assert "The practice provider" not in [child.name for child in children(without)]
    assert ("ledger", "127.0.0.1", 8005) in servers(with_one)
    assert "ledger" not in [name for name, _host, _port in servers(without)]


@pytest.mark.parametrize(
    "line",
    [
        'practice = "http://0.0.0.0:8005"',
        'practice = "http://127.0.0.1"',
        'practice = "https://pay.example.org"',
        'descriptor = "ABC"',
        'descriptor = "РЕДАКЦИЯ"',
        'descriptor = "A NAME THAT IS FAR TOO LONG"',
        'descriptor = "STAR*PAPER"',
    ],
)
def test_what_cannot_be_is_refused(line: str) -> None:
    with pytest.raises(SettingError):
        read_settings(f"[ledger]\n{line}\n")


def test_it_answers_keeps_what_it_knows_and_ends_in_order(tmp_path: Path, until: Callable[..., None]) -> None:
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    lines = f'[ledger]\npractice = "{url}"\ndescriptor = "FAR SHORE TRUST"\n'
    folder = a_newsroom(tmp_path / "paper", lines)
    command = [sys.executable, "-P", "-m", "stet.project.processes", "practice"]
    process = subprocess.Popen(command, env={**environment(), "STET_NEWSROOM": str(folder)})
    try:
        until(lambda: is_there(url), 60)
        opened = "\n".join(os.readlink(one) for one in Path(f"/proc/{process.pid}/fd").iterdir())
        assert "practice.sqlite3" in opened
        assert "readers.sqlite3" not in opened
        hooks = StripeClient(SECRET_KEY, base_addresses={"api": url}).v1.webhook_endpoints.list().data
        assert [hook.url for hook in hooks] == ["http://127.0.0.1:8002/hooks/practice"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
    assert (folder / "data/practice.sqlite3").is_file()


def test_it_loads_no_django() -> None:
    lines = "import sys, stet.project.practice_server; print('django' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", lines], env=environment(), capture_output=True, text=True, timeout=60)
    assert said.stdout.strip() == "False", said.stderr


def is_there(url: str) -> bool:
    try:
        return requests.get(url, timeout=1).ok
    except requests.RequestException:
        return False
