"""Measure how letters leave; prints one JSON object.

    python tools/bench_mail.py                       20,000 sealed readers of a 32 KB letter, to a sink beside it
    python tools/bench_mail.py --only-dry --dry N     a letter to so many readers, made for each and sent to nobody

The mailroom is the whole of it, in a process of its own: claims, opening addresses, copies, journal, connections,
folding, account. Beside it, in the same run against the same sink: smtplib in ten threads and aiosmtplib with ten
connections, once given what is ready ("..._alone"), once opening addresses and making copies as the mailroom does. CPU
is the sender's alone. Times depend on the machine and on what else it does: compare figures of one run, and look at the
load average beside them. docs/measurements.md explains them.
"""

import argparse
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ["PYTHONPATH"] = str(ROOT / "src")

from tools.mail.measuring import Order, a_dispatch, measure  # noqa: E402 - the path comes first


def main() -> None:
    """Measure what the command line asks for."""
    asked = arguments()
    found = {}
    if not asked.only_dry:
        order = Order(
            readers=asked.readers, signed_readers=min(asked.readers, asked.signed), peer_readers=asked.libraries,
            connections=tuple(asked.connections),
        )  # fmt: skip
        found = measure(order)
    if asked.dry:
        found["stet_dry"] = a_dispatch(readers=asked.dry, port=0, connections=asked.connections[0])
    print(json.dumps(found))


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=20_000, help="how many readers get the letter (default: 20,000)")
    parser.add_argument("--signed", type=int, default=5_000, help="how many of them get it signed (default: 5,000)")
    parser.add_argument("--libraries", type=int, default=5_000, help="how many the libraries send to (default: 5,000)")
    parser.add_argument(
        "--connections", type=int, nargs="+", default=[1, 4, 16],
        help="the mailroom's connections, each number measured (default: 1, 4 and 16)",
    )  # fmt: skip
    parser.add_argument(
        "--dry", type=int, default=0, metavar="N", help="then also N readers whose copies are sent to nobody"
    )
    parser.add_argument("--only-dry", action="store_true", help="that alone")
    return parser.parse_args()


if __name__ == "__main__":
    main()
