"""What `make bench-ledger` reports: differences found are those injected, and plans end once, whatever cuts it off."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_many_are_compared_and_ended_as_they_should_be() -> None:
    command = [sys.executable, "tools/bench_ledger.py", "--payments", "130", "--plans", "50"]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
    found = json.loads(done.stdout)
    compared, ended = found["reconcile"], found["designate"]
    assert compared["found"] == compared["injected"]
    assert compared["found_equals_injected"]
    assert compared["compared"] == 131
    assert compared["first"]["requests"] < 30, "Lists are read a hundred a page."
    assert (ended["dry_run"]["plans"], ended["cut_off_after"], ended["then_ended"]) == (50, 15, 35)
    assert (ended["once_more"]["plans"], ended["open"], ended["orders"]) == (0, 0, 50)
    assert ended["plans_of_another_country_left"] == 5
    assert ended["each_ended_once"]
