"""Ending a newsroom leaves nothing behind."""

import signal
from pathlib import Path

from tests.whole.conftest import LONGEST_WAIT_SECONDS, Running, until


def test_control_c_ends_every_process(running: Running) -> None:
    process = running.process
    assert process
    before = family(process.pid)
    assert len(before) >= 4
    process.send_signal(signal.SIGINT)
    assert process.wait(LONGEST_WAIT_SECONDS) == 0
    until(lambda: not [pid for pid in before if Path(f"/proc/{pid}").exists()], "all processes ended")


def family(parent: int) -> set[int]:
    """Every process below one."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = {parent}
    while more := {pid for pid, above in parents.items() if above in found} - found:
        found |= more
    return found - {parent}
