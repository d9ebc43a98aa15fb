"""Measure the desk's home and lists with an archive of N articles; prints one line of JSON.

    python tools/bench_desk.py 100000
    python tools/bench_desk.py 100000 --newsroom /tmp/paper/100000/newsroom    one that this or `bench.py` left

Of each list as a reporter, an editor and a publisher see it: how often the database was asked, and the milliseconds of
server time of the whole answer (median of several; CPU beside the clock, for a machine that does other things too).
"""

import argparse
import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools.bench import number
from tools.benchmarks.errors import BenchmarkError
from tools.benchmarks.figures import machine
from tools.benchmarks.measuring import Order, at_desk, filled
from tools.benchmarks.processes import say
from tools.benchmarks.serving import free_port

MOST_QUERIES, MOST_MS = 30, 300


def main() -> None:
    """Measure what the command line asks for."""
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="stet-bench-", ignore_cleanup_errors=True) as made:
        order = Order(
            stories=asked.stories, publishes=0, with_hugo=False, with_check=False, folder=asked.keep or Path(made),
            newest=datetime.now(UTC), kept=asked.newsroom,
        )  # fmt: skip
        try:
            if asked.newsroom is None:
                say(f"{order.stories:,} articles: writing the archive")
                filled(order, free_port())
            say("asking for every list")
            found = json.loads(at_desk(order, "lists", str(asked.times)).output)
        except BenchmarkError as error:
            sys.exit(f"{error}")
    print(json.dumps({"machine": machine(), **found, "over": over(found["lists"])}), flush=True)


def over(lists: list[dict[str, object]]) -> list[str]:
    """The lists that ask more often, or take longer, than a list of the desk may."""
    return [
        f"{one['list']} ({one['who']}): {one['queries']} queries, {one['cpu_ms']} ms"
        for one in lists
        if int(str(one["queries"])) > MOST_QUERIES or int(str(one["cpu_ms"])) > MOST_MS
    ]


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stories", metavar="N", type=number, help="how many articles the archive has")
    parser.add_argument("--times", type=int, default=3, help="how many times each list is timed (default: 3)")
    parser.add_argument("--newsroom", type=Path, metavar="DIR", help="a newsroom that was made before")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make the newsroom in DIR and leave it there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
