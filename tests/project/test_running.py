"""A newsroom that runs: its processes start, come back, and end together, whatever happens to the one above them."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from stet.mailroom.lmtp import probe
from stet.project.settings import open_newsroom
from tests.project.conftest import STET, environment, port, ports

LONGEST_WAIT_SECONDS = 60.0


@pytest.fixture
def running(newsroom_folder: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`stet up` in a process of its own; whatever is left of it ends with the test."""
    said = tmp_path / "said"
    with said.open("wb") as file:
        command = [*STET, "up", "-n", str(newsroom_folder)]
        process = subprocess.Popen(command, env=environment(), stdout=file, stderr=file, start_new_session=True)
        below: dict[int, str] = {}
        try:
            until(lambda: b"Readers:" in said.read_bytes(), said)
            below = family(process)
            yield process
        finally:
            process.kill()
            process.wait()
            until(lambda: not living(below))


def until(holds: Callable[[], object], said: Path | None = None) -> None:
    """Wait until something holds; fail with what was said if it does not in time."""
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while not holds():
        assert time.monotonic() < deadline, said.read_text() if said else "It did not happen in time."
        time.sleep(0.05)


def family(process: subprocess.Popen[bytes]) -> dict[int, str]:
    """The processes below `process`, at any depth: their ids and names."""
    below: dict[int, str] = {}
    known = {process.pid}
    rows = [row for entry in Path("/proc").iterdir() if entry.name.isdigit() and (row := row_of(entry))]
    for pid, parent, name in sorted(rows):
        if parent in known:
            known.add(pid)
            below[pid] = name
    return below


def row_of(entry: Path) -> tuple[int, int, str] | None:
    """A process's id, its parent's, and its name; None where it is gone or only waits to be forgotten."""
    try:
        before, _, after = (entry / "stat").read_text().rpartition(")")
    except OSError:
        return None
    state, parent = after.split()[:2]
    return None if state == "Z" else (int(entry.name), int(parent), before.partition("(")[2])


def living(pids: Iterable[int]) -> list[int]:
    """Which of these processes still live."""
    return [pid for pid in pids if row_of(Path(f"/proc/{pid}"))]


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_everything_answers_and_ends_together(running: subprocess.Popen[bytes], newsroom_folder: Path) -> None:
    before = family(running)
    reader, desk = ports(newsroom_folder)
    assert set(before.values()) >= {"stet-reader", "stet-desk", "stet-worker", "stet-press"}
    assert set(before.values()) >= {"stet-frontdesk", "stet-mailroom", "stet-returns", "stet-ledger", "stet-office"}
    assert probe("bounces@example.org", port=lmtp_port(newsroom_folder)) is False, "No sender is set: nothing is ours."
    assert status_of(f"http://127.0.0.1:{port(newsroom_folder, 'office')}/sign-in/") == 200
    assert status_of(f"http://127.0.0.1:{port(newsroom_folder, 'frontdesk')}/nothing-is-here") == 404
    until(lambda: status_of(f"http://127.0.0.1:{reader}/") == 200)
    assert status_of(f"http://127.0.0.1:{desk}/login/") == 200
    assert status_of(f"http://127.0.0.1:{desk}/static/wagtailadmin/css/core.css") == 200
    files = [(name, open_files_of(pid)) for pid, name in before.items()]
    running.send_signal(signal.SIGINT)
    assert running.wait(LONGEST_WAIT_SECONDS) == 0
    assert living(before) == []
    for name, opened in files:
        is_private = name in ("stet-frontdesk", "stet-mailroom", "stet-returns", "stet-ledger", "stet-office")
        assert ("newsroom.sqlite3" if is_private else "readers.sqlite3") not in opened, name


def open_files_of(pid: int) -> str:
    """The files that a process holds open, in one string."""
    found = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            found.append(str(link.readlink()))
    return "\n".join(found)


def lmtp_port(folder: Path) -> int:
    """Where the newsroom takes bounces."""
    return open_newsroom(folder).settings.mailroom.lmtp_port


@pytest.mark.parametrize("name", ["stet-worker", "stet-mailroom", "stet-returns"])
def test_a_process_that_is_killed_comes_back(running: subprocess.Popen[bytes], name: str) -> None:
    killed = next(pid for pid, found in family(running).items() if found == name)
    os.kill(killed, signal.SIGKILL)
    until(lambda: name in family(running).values() and killed not in family(running))


def test_nothing_is_left_behind_when_the_one_above_is_killed(running: subprocess.Popen[bytes]) -> None:
    before = family(running)
    assert {"stet-frontdesk", "stet-mailroom", "stet-returns", "stet-ledger", "stet-office"} <= set(before.values())
    running.kill()
    running.wait()
    until(lambda: not living(before))


SUPERVISED = """
import signal, sys, time
from threading import Event
from stet.project.supervisor import Child, Supervisor
def end_at_once(): sys.exit(3)
def stay(): signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)
stop = Event()
signal.signal(signal.SIGALRM, lambda *_: stop.set())
"""


def supervise(lines: str) -> str:
    command = [sys.executable, "-u", "-c", SUPERVISED + lines]
    return subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60).stdout


def test_a_process_that_keeps_ending_is_started_again_more_and_more_slowly() -> None:
    said = supervise(
        "signal.setitimer(signal.ITIMER_REAL, 3)\n"
        "Supervisor([Child(name='The press', short_name='p', run=end_at_once)], say=print).run(stop)\n"
    )
    assert said.splitlines()[:2] == [
        "The press ended (exit code 3); it is started again in 1 s.",
        "The press ended (exit code 3); it is started again in 2 s.",
    ]


def test_a_process_that_does_not_end_when_told_is_stopped() -> None:
    said = supervise(
        "signal.setitimer(signal.ITIMER_REAL, 1)\n"
        "Supervisor([Child(name='The desk', short_name='d', run=stay)], say=print, grace_seconds=0.5).run(stop)\n"
    )
    assert "The desk did not end within" in said


def test_a_process_that_became_another_program_is_stopped_all_the_same() -> None:
    said = supervise(
        "import os\n"
        "stubborn = 'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)'\n"
        "def become(): os.execv(sys.executable, [sys.executable, '-c', stubborn])\n"
        "signal.setitimer(signal.ITIMER_REAL, 1)\n"
        "Supervisor([Child(name='The office', short_name='o', run=become)], say=print, grace_seconds=0.5).run(stop)\n"
    )
    assert "The office did not end within" in said
