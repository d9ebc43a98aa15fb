"""Measure how letters leave; prints one JSON object.

    python tools/bench_mail.py                       20,000 sealed readers of a 32 KB letter, to a sink beside it
    python tools/bench_mail.py --rehearse 1000000    make so many copies, send none, and say how much memory that took

Beside Stet, in the same run against the same sink: smtplib in ten threads and aiosmtplib with ten connections, each
given a message that is ready. Stet is measured twice: with all it does for a reader ("stet"), and with what the
libraries get ("stet_ready_message"). CPU is the sender's alone. Times depend on the machine and on what else it does:
compare figures of one run, and look at the load average beside them. docs/measurements.md explains them.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools.mail.measuring import Order, measure, rehearse

REHEARSED_READERS = 1_000_000


def main() -> None:
    """Measure what the command line asks for."""
    asked = arguments()
    if asked.rehearse:
        print(json.dumps(rehearse(asked.rehearse)))
        return
    order = Order(
        readers=asked.readers, signed_readers=min(asked.readers, asked.signed), peer_readers=asked.peers,
        connections=asked.connections, peer_connections=10,
    )  # fmt: skip
    found = measure(order)
    if asked.rehearsed:
        # In a process of its own, whose memory holds nothing else.
        command = [sys.executable, __file__, "--rehearse", str(asked.rehearsed)]
        found["rehearsal"] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    print(json.dumps(found))


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=20_000, help="how many readers get the letter (default: 20,000)")
    parser.add_argument("--signed", type=int, default=5_000, help="how many of them get it signed (default: 5,000)")
    parser.add_argument("--peers", type=int, default=5_000, help="how many the libraries send to (default: 5,000)")
    parser.add_argument("--connections", type=int, default=4, help="Stet's connections (default: 4)")
    parser.add_argument(
        "--rehearsed", type=int, default=REHEARSED_READERS,
        help="for how many readers copies are made without sending, at last; 0 for none (default: 1,000,000)",
    )  # fmt: skip
    parser.add_argument("--rehearse", type=int, default=0, help="only this, for so many readers")
    return parser.parse_args()


if __name__ == "__main__":
    main()
