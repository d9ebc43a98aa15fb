"""Processes of a benchmark: started, watched for memory and CPU time, and ended again, by their own ids only.

Memory is read from /proc every 50 ms. `rss` counts a page that two processes share twice; `pss` shares it out, and is
read less often because the kernel walks all pages for it. Files mapped into memory, such as databases, count as well.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.benchmarks.errors import BenchmarkError

ROOT = Path(__file__).parents[2]
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
SAMPLE_SECONDS, PSS_EVERY = 0.05, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A command that ended: its output, and what it took."""

    output: str
    wall_seconds: float
    cpu_seconds: float
    memory: dict[str, float]


class Memory(threading.Thread):
    """Notes the largest memory of a process with all its descendants."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._end = threading.Event()
        self._rss = self._pss = self._single = 0
        self.start()

    def run(self) -> None:
        """Sample until told to stop."""
        turn = 0
        while not self._end.wait(SAMPLE_SECONDS):
            self.sample(is_exact=turn % PSS_EVERY == 0)
            turn += 1

    def sample(self, *, is_exact: bool = True) -> None:
        """Look once."""
        pids = family(self._pid)
        sizes = [rss_bytes(pid) for pid in pids]
        self._rss, self._single = max(self._rss, sum(sizes)), max(self._single, *sizes, 0)
        if is_exact:
            self._pss = max(self._pss, sum(pss_bytes(pid) for pid in pids))

    def stop(self) -> dict[str, float]:
        """The peaks, in MB (millions of bytes)."""
        self._end.set()
        self.join()
        return {
            "rss_sum_mb": round(self._rss / 1e6, 1),
            "pss_sum_mb": round(self._pss / 1e6, 1),
            "largest_process_mb": round(self._single / 1e6, 1),
        }


def run(command: Sequence[str], *, timeout_seconds: float, environment: Mapping[str, str] | None = None) -> Ran:
    """Run a command to its end and measure it; raises BenchmarkError where it fails or takes too long."""
    began = time.monotonic()
    process = start(command, environment=environment, stdout=subprocess.PIPE)
    memory = Memory(process.pid)
    timer = threading.Timer(timeout_seconds, kill, [process.pid])
    timer.start()
    try:
        assert process.stdout is not None
        with process.stdout as stdout:
            output = stdout.read()
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        is_late = not timer.is_alive()
        timer.cancel()
        peaks = memory.stop()
    if process.returncode != 0:
        why = f"took longer than {timeout_seconds:,.0f} s" if is_late else f"ended with code {process.returncode}"
        raise BenchmarkError(f"{' '.join(command[:4])} {why}.")
    return Ran(
        output=output,
        wall_seconds=round(time.monotonic() - began, 2),
        cpu_seconds=round(usage.ru_utime + usage.ru_stime, 2),
        memory=peaks,
    )


def start(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None, stdin: int | None = None,
    stdout: int | None = None,
) -> subprocess.Popen[str]:  # fmt: skip
    """Start a command in a session of its own. It finds Stet where this process finds it."""
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": path, **(environment or {})}, cwd=ROOT, stdin=stdin, stdout=stdout,
        text=True, start_new_session=True,
    )  # fmt: skip


def end(process: subprocess.Popen[str], *, within_seconds: float = 15) -> None:
    """Tell a process that was started here to end; make it, where it does not."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(within_seconds)
    except subprocess.TimeoutExpired:
        kill(process.pid)
        process.wait(within_seconds)


def kill(pid: int) -> None:
    """End a process and its descendants at once."""
    for one in family(pid):
        try:
            os.kill(one, signal.SIGKILL)
        except ProcessLookupError:
            continue


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for one in found:
        for task in _names(f"/proc/{one}/task"):
            found += [int(child) for child in _read(f"/proc/{one}/task/{task}/children").split()]
    return found


def rss_bytes(pid: int) -> int:
    """The memory of one process; 0 where it is gone."""
    fields = _read(f"/proc/{pid}/statm").split()
    return int(fields[1]) * PAGE_BYTES if fields else 0


def pss_bytes(pid: int) -> int:
    """The same, what it shares with others shared out."""
    for line in _read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _read(file: str) -> str:
    try:
        return Path(file).read_text()
    except OSError:
        return ""


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def say(sentence: str) -> None:
    """Tell the person who waits."""
    print(f"{time.strftime('%H:%M:%S')}  {sentence}", file=sys.stderr, flush=True)
