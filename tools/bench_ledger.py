"""Measure the ledger with many gifts; prints one JSON object.

    python tools/bench_ledger.py                     10,000 payments compared, 10,000 plans ended
    python tools/bench_ledger.py --payments 1000 --plans 500

The provider is the practice provider in a process of its own, over HTTP, with its lists of a hundred a page. It stands
for one that answers at once: a real one is as far away as it is, and has a limit of requests a second.

reconcile: 10,000 payments, with differences of every kind injected; compared twice. designate: 10,000 plans with cards
of one country and some of another; cut off in the middle, run again to the end, and once more with nothing left to do.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

COUNTRY = "KZ"


class CutOffError(Exception):
    """Somebody pulled the plug."""


@contextmanager
def provider_at(file: Path) -> Iterator[tuple[Any, Counter[str]]]:
    """Stripe's class in front of a practice provider with this file, and how many requests it sent."""
    from tools.ledger.practice_server import PracticeShop

    process = subprocess.Popen(
        [sys.executable, "-m", "stet.ledger.practice", "--file", str(file)], stdout=subprocess.PIPE, text=True,
        env={"PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert process.stdout
    sent: Counter[str] = Counter()

    def point(name: str) -> None:
        sent["requests"] += name.startswith("before")

    try:
        yield PracticeShop(process.stdout.readline().split()[0], point=point), sent
    finally:
        process.terminate()
        process.communicate(timeout=60)


def timed(sent: Counter[str], work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What `work` answers, how long it took, how much of it this process was at work, and how many requests it sent."""
    sent.clear()
    started, worked = time.monotonic(), time.process_time()
    answer = work()
    return answer, {
        "seconds": round(time.monotonic() - started, 1),
        "own_cpu_seconds": round(time.process_time() - worked, 1),
        "requests": sent["requests"],
    }


def reconciled(folder: Path, count: int) -> dict[str, Any]:
    """A comparison of so many payments, and a second one."""
    from tools.ledger.many import Injected, gifts

    from stet.ledger.reconciling import reconcile

    wrong = Injected.among(count)
    gifts(folder / "payments.sqlite3", count, wrong)
    with provider_at(folder / "payments.sqlite3") as (provider, sent):
        now = datetime.now(UTC)
        since = (now - timedelta(days=35)).date()
        report, first = timed(sent, lambda: reconcile(provider, since, now=now))
        _again, second = timed(sent, lambda: reconcile(provider, since, now=now))
    found = Counter(one.kind for one in report.differences)
    return {
        "payments": count,
        "compared": report.compared,
        "injected": asdict(wrong),
        "found": {kind: found[kind] for kind in asdict(wrong)},
        "found_equals_injected": dict(found) == asdict(wrong),
        "first": first,
        "second": second,
    }


def designated(folder: Path, count: int) -> dict[str, Any]:
    """The switch thrown over so many plans, cut off on the way, and thrown again."""
    from tools.ledger.many import running_plans

    from stet.ledger.designating import Order, designate
    from stet.ledger.models import Act, Designation

    running_plans(folder / "plans.sqlite3", count, country=COUNTRY, others=count // 10)
    order = Order(country=COUNTRY, languages=("ru",))
    with provider_at(folder / "plans.sqlite3") as (provider, sent):

        def throw(*, cut_at: int = 0, is_dry: bool = False) -> Any:
            def progress(report: Any) -> None:
                if cut_at and report.tried >= cut_at:
                    raise CutOffError

            try:
                return designate(
                    folder, order, {"practice": provider}, is_dry=is_dry, now=datetime.now(UTC), progress=progress
                )
            except CutOffError:
                return None

        dry, dry_run = timed(sent, lambda: throw(is_dry=True))
        _none, cut = timed(sent, lambda: throw(cut_at=count * 3 // 10))
        ended_before = Act.objects.filter(done=True).count()
        whole, rest = timed(sent, lambda: throw())
        again, once_more = timed(sent, lambda: throw())
        left = sum(1 for _plan in provider.plans_of_country("LV"))
    return {
        "plans": count,
        "dry_run": {"plans": dry.plans, **dry_run},
        "cut_off_after": ended_before,
        "cut_off": cut,
        "then_ended": whole.ended,
        "rest": rest,
        "once_more": {"plans": again.plans, **once_more},
        "plans_of_another_country_left": left,
        "orders": Act.objects.count(),
        "open": Designation.objects.filter(ended=None).count(),
        "each_ended_once": ended_before + whole.ended == count == Act.objects.filter(done=True).count(),
    }


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--payments", type=int, default=10_000)
    parser.add_argument("--plans", type=int, default=10_000)
    asked = parser.parse_args()
    from tools.mail.newsroom import set_up

    with tempfile.TemporaryDirectory(prefix="stet-bench-") as name:
        folder = Path(name)
        set_up(folder)
        found = {}
        if asked.payments:
            found["reconcile"] = reconciled(folder, asked.payments)
        if asked.plans:
            found["designate"] = designated(folder, asked.plans)
        print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
