"""Requests a second of the embedded server, with wrk on the same machine."""

import json
import re
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from tools.benchmarks.errors import BenchmarkError
from tools.benchmarks.processes import Memory, end, run, say, start

CONNECTIONS, THREADS, SECONDS = 64, 2, 10
READY_SECONDS = 30.0
SCRIPT = """\
local paths = {%s}
local turn = 0
request = function()
  turn = turn %% #paths + 1
  return wrk.format("GET", paths[turn])
end
"""
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def measure_serving(folder: Path, port: int, paths: Sequence[str]) -> dict[str, object]:
    """Ask the reader site for one article page again and again, then for a thousand in turn."""
    server = start(
        [sys.executable, "-m", "stet.project.processes", "reader"], environment={"STET_NEWSROOM": str(folder)}
    )
    memory = Memory(server.pid)
    found: dict[str, object] = {"connections": CONNECTIONS, "threads": THREADS, "seconds": SECONDS}
    try:
        _wait_for(f"http://127.0.0.1:{port}{paths[0]}")
        for name, some in (("one_url", paths[:1]), ("many_urls", paths[:1000])):
            found[name] = {"urls": len(some), **_load(port, some)}
            say(f"{name}: {found[name]}")
    finally:
        found["memory"] = memory.stop()
        end(server)
    return found


def _load(port: int, paths: Sequence[str]) -> dict[str, object]:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % ", ".join(json.dumps(path) for path in paths))
        script.flush()
        command = [
            "wrk", f"-c{CONNECTIONS}", f"-t{THREADS}", f"-d{SECONDS}s", "--latency", "-s", script.name,
            f"http://127.0.0.1:{port}",
        ]  # fmt: skip
        return read_wrk(run(command, timeout_seconds=SECONDS + 30).output)


def read_wrk(output: str) -> dict[str, object]:
    """What wrk found: requests a second, latencies in milliseconds, answers that were no success."""
    rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
    if rate is None:
        raise BenchmarkError("wrk said nothing of requests a second; run it by hand to see why.")
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    sockets = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", output)
    return {
        "requests_per_second": round(float(rate[1])),
        "p50_ms": _latency(output, 50),
        "p99_ms": _latency(output, 99),
        "failed": (int(failed[1]) if failed else 0) + (sum(map(int, sockets.groups())) if sockets else 0),
    }


def _latency(output: str, percent: int) -> float:
    found = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s|m)\b", output)
    if found is None:
        raise BenchmarkError(f"wrk said nothing of the latency at {percent} %.")
    return round(float(found[1]) * _UNITS[found[2]], 2)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2) as response:
                if response.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise BenchmarkError(f"{address} was not answered within {READY_SECONDS:.0f} s.")
