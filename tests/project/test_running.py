"""A newsroom that runs: its processes start, come back, and end together, whatever happens to the one above them."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.project.conftest import STET, environment

READER, DESK = "http://127.0.0.1:18310", "http://127.0.0.1:18311"
LONGEST_WAIT_SECONDS = 60.0


@pytest.fixture
def running(newsroom_folder: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`stet up` in a process of its own; whatever is left of it ends with the test."""
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(
            [*STET, "up", "-n", str(newsroom_folder)], env=environment(), stdout=said, stderr=said, start_new_session=True
        )
        try:
            until(lambda: b"Readers:" in (tmp_path / "said").read_bytes(), (tmp_path / "said"))
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            until(lambda: not family(newsroom_folder))


def until(holds: Callable[[], object], said: Path | None = None) -> None:
    """Wait until something holds; fail with what was said if it does not in time."""
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while not holds():
        assert time.monotonic() < deadline, said.read_text() if said else "It did not happen in time."
        time.sleep(0.05)


def family(folder: Path) -> dict[int, str]:
    """The processes of the newsroom in `folder`: their ids and names."""
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            variables = (entry / "environ").read_bytes().split(b"\0")
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"STET_NEWSROOM={folder}".encode() in variables and b"stet.project.processes" in words:
            found[int(entry.name)] = words[words.index(b"stet.project.processes") + 1].decode()
    return found


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_everything_answers_and_ends_together(running: subprocess.Popen[bytes], newsroom_folder: Path) -> None:
    assert set(family(newsroom_folder).values()) == {"reader", "desk", "worker", "press"}
    until(lambda: status_of(f"{READER}/") == 200)
    assert status_of(f"{DESK}/login/") == 200
    assert status_of(f"{DESK}/static/wagtailadmin/css/core.css") == 200
    running.send_signal(signal.SIGINT)
    assert running.wait(LONGEST_WAIT_SECONDS) == 0
    assert family(newsroom_folder) == {}


def test_a_process_that_is_killed_comes_back(running: subprocess.Popen[bytes], newsroom_folder: Path) -> None:
    (worker,) = (pid for pid, name in family(newsroom_folder).items() if name == "worker")
    os.kill(worker, signal.SIGKILL)
    until(lambda: "worker" in family(newsroom_folder).values() and worker not in family(newsroom_folder))


def test_nothing_is_left_behind_when_the_one_above_is_killed(
    running: subprocess.Popen[bytes], newsroom_folder: Path
) -> None:
    running.kill()
    running.wait()
    until(lambda: not family(newsroom_folder))


def test_a_process_that_keeps_ending_is_started_again_more_and_more_slowly(tmp_path: Path) -> None:
    script = (
        "import os, sys, time; from threading import Event, Timer; from stet.project.supervisor import Child, Supervisor\n"
        "stop = Event(); Timer(4.5, stop.set).start()\n"
        "child = Child(name='The press', command=(sys.executable, '-c', 'import sys; sys.exit(3)'))\n"
        "Supervisor([child], say=print, environment=os.environ).run(stop)\n"
    )
    said = subprocess.run([sys.executable, "-c", script], env=environment(), capture_output=True, text=True, timeout=60)
    assert said.stdout.splitlines()[:2] == [
        "The press ended (exit code 3); it is started again in 1 s.",
        "The press ended (exit code 3); it is started again in 2 s.",
    ]


def test_a_process_that_does_not_end_when_told_is_stopped() -> None:
    script = (
        "import os, sys; from threading import Event, Timer; from stet.project.supervisor import Child, Supervisor\n"
        "stop = Event(); Timer(1.5, stop.set).start()\n"
        "stubborn = 'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)'\n"
        "child = Child(name='The desk', command=(sys.executable, '-c', stubborn))\n"
        "Supervisor([child], say=print, environment=os.environ, grace_seconds=0.5).run(stop)\n"
    )
    said = subprocess.run([sys.executable, "-c", script], env=environment(), capture_output=True, text=True, timeout=60)
    assert "The desk did not end within" in said.stdout
