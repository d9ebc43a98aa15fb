"""Measure how publishes reach a mirror, with an archive of N stories; prints one line of JSON.

    python tools/bench_mirrors.py 100000                          to a folder of this machine
    python tools/bench_mirrors.py 1000 --target sftp://… --secrets FILE    to any place that `stet mirrors add` takes
    python tools/bench_mirrors.py 1000 --newsroom /tmp/paper/1000/newsroom   with one that `bench.py --keep` left

    python tools/bench_mirrors.py 100000 --only-differences --target gzip+folder:/tmp/mirror    without the archive

The mirror is read back after each publish: pointer, signature, the page's line in the manifest, its bytes.
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
from tools.benchmarks.mirroring import measure_mirroring
from tools.benchmarks.processes import say
from tools.benchmarks.serving import free_port

from stet.mirrors.places import open_place


def main() -> None:
    """Measure what the command line asks for."""
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="stet-bench-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        order = Order(
            stories=asked.stories, publishes=asked.publishes, with_hugo=False, with_check=False, folder=folder,
            newest=datetime.now(UTC),
        )  # fmt: skip
        try:
            newsroom = asked.newsroom or made_newsroom(order)
            target = asked.target or f"folder:{folder / 'mirror'}"
            place = open_place(target, json.loads(asked.secrets.read_text()) if asked.secrets else {})
            found = measure_mirroring(
                newsroom, place, folder / "held", asked.publishes, only_differences=asked.only_differences
            )
        except BenchmarkError as error:
            sys.exit(f"{error}")
    kind = target.partition(":")[0]
    print(json.dumps({"stories": asked.stories, "machine": machine(), "kind": kind, **found}), flush=True)


def made_newsroom(order: Order) -> Path:
    """A newsroom with an archive, printed once."""
    say(f"{order.stories:,} stories: writing the archive")
    filled(order, free_port())
    say("printing everything")
    at_desk(order, "print")
    return order.newsroom


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stories", metavar="N", type=number, help="how many stories the archive has")
    parser.add_argument("--publishes", type=int, default=30, help="how many times to publish (default: 30)")
    parser.add_argument("--newsroom", type=Path, metavar="DIR", help="a newsroom that is there already, with N stories")
    parser.add_argument("--target", help="where the mirror is (default: a folder)")
    parser.add_argument(
        "--only-differences",
        action="store_true",
        help="don't carry the archive first: what a publish moves is the same",
    )
    parser.add_argument("--secrets", type=Path, metavar="FILE", help="JSON with what the place asks for")
    return parser.parse_args()


if __name__ == "__main__":
    main()
