"""Cut off syncs to mirrors at random moments, and count what stands there then.

    python tools/cut_mirrors.py [--cuts 500] [--seed N] [KIND …]

prints a line of JSON for each kind of place. What is done and what has to hold: tests/mirrors/cuts.py. As root the
place's disk is a small one of its own that is filled; else only places over HTTP are told that there is no room.
"""

import argparse
import json
import os
import secrets
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.mirrors.cuts import cut  # noqa: E402 - the path comes first
from tests.mirrors.gathering_cuts import cut as cut_gathering  # noqa: E402
from tests.mirrors.stands import STANDS  # noqa: E402

GATHERING = ("git", "car")
"""Kinds that show everything at once: what has to hold of them is more (tests/mirrors/gathering_cuts.py)."""


def main() -> int:
    """Cut, and say whether everything held."""
    parser = argparse.ArgumentParser(description="Cut off syncs to mirrors, and count what stands there then.")
    kinds = (*STANDS, *GATHERING)
    parser.add_argument("kinds", nargs="*", help=f"of {', '.join(kinds)}; none: all")
    parser.add_argument("--cuts", type=int, default=500)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    options = parser.parse_args()
    if unknown := set(options.kinds) - set(kinds):
        parser.error(f"there is no kind called {', '.join(sorted(unknown))}")
    bad = 0
    for kind in options.kinds or kinds:
        if kind in GATHERING:
            with tempfile.TemporaryDirectory() as folder:
                found = cut_gathering(kind, Path(folder), options.cuts, seed=options.seed)
            print(json.dumps({"kind": kind, **found, "seed": options.seed, "load": os.getloadavg()[0]}), flush=True)
            continue
        figures = cut(kind, options.cuts, seed=options.seed)
        bad += figures.does_not_verify + figures.not_mended + figures.crashed
        print(json.dumps({**asdict(figures), "seed": options.seed, "load": os.getloadavg()[0]}), flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
