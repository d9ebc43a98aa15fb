"""Run a practice provider until it is ended: `python -m stet.ledger.practice --port 8005 --file practice.sqlite3`."""

import argparse
import signal
import threading
from pathlib import Path

from stet.ledger.practice.account import SECRET_KEY
from stet.ledger.practice.server import Practice


def main() -> None:
    """Read the command line, print the address, serve."""
    parser = argparse.ArgumentParser(
        prog="python -m stet.ledger.practice", description="A payment provider that takes no money."
    )
    parser.add_argument("--port", type=int, default=0, help="0 for any that is free")
    parser.add_argument("--file", type=Path, metavar="FILE", help="keep everything here; unless given, in memory")
    parser.add_argument("--hook", default="", metavar="URL", help="tell events to this address")
    parser.add_argument("--descriptor", default="PRACTICE", help="what stands on statements")
    asked = parser.parse_args()
    stop = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stop.set())
    with Practice(port=asked.port, file=asked.file, hook=asked.hook, descriptor=asked.descriptor) as practice:
        print(f"{practice.url} (key {SECRET_KEY})", flush=True)  # noqa: T201 - the caller reads it
        stop.wait()


if __name__ == "__main__":
    main()
