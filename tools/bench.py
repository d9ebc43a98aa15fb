"""Measure Stet with archives of N stories; prints one line of JSON for each N, and tells how it gets on beside it.

    python tools/bench.py 1000 10000                 full print, publishing, weight of pages, requests a second
    python tools/bench.py 10000 --hugo               the same archive as a Hugo site, built in the same run
    python tools/bench.py 1000 --weigh               only what every article page weighs
    python tools/bench.py 1000 --keep /tmp/paper     leave the newsroom there, to look into it

Times depend on the machine and on what else it does: compare figures of one run. docs/measurements.md explains them.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools.benchmarks.errors import BenchmarkError
from tools.benchmarks.measuring import Order, measure

NEEDED = {"wrk": "wrk", "hugo": "hugo"}


def main() -> None:
    """Measure what the command line asks for."""
    asked = arguments()
    try:
        need(*([] if asked.weigh else ["wrk"]), *(["hugo"] if asked.hugo else []))
        for stories in asked.stories:
            with folder_for(stories, asked.keep) as folder:
                order = Order(
                    stories=stories, publishes=asked.publishes, with_hugo=asked.hugo, with_check=asked.check,
                    only_weight=asked.weigh,
                    folder=Path(folder), newest=datetime.now(UTC),
                )  # fmt: skip
                print(json.dumps(measure(order)), flush=True)
    except BenchmarkError as error:
        sys.exit(f"{error}")
    except KeyboardInterrupt:
        sys.exit(130)


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stories", metavar="N", type=number, nargs="+", help="how many stories the archive has")
    parser.add_argument("--publishes", type=number, default=50, help="how many times to publish (default: 50)")
    parser.add_argument("--hugo", action="store_true", help="build the same archive with Hugo, too")
    parser.add_argument("--check", action="store_true", help="compare the edition with a full print in the end")
    parser.add_argument("--weigh", action="store_true", help="print, weigh every article page, and nothing else")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make the newsrooms in DIR and leave them there")
    return parser.parse_args()


def number(text: str) -> int:
    """A whole number from 2 on, with or without separators."""
    value = int(text.replace(",", "").replace("_", ""))
    if value < 2:
        raise argparse.ArgumentTypeError("must be at least 2")
    return value


def folder_for(stories: int, keep: Path | None) -> "tempfile.TemporaryDirectory[str] | Kept":
    """Where a newsroom is made."""
    if keep is None:
        return tempfile.TemporaryDirectory(prefix="stet-bench-", ignore_cleanup_errors=True)
    return Kept(keep / str(stories))


class Kept:
    """A folder that stays."""

    def __init__(self, folder: Path) -> None:
        if folder.exists() and any(folder.iterdir()):
            raise BenchmarkError(f"{folder} is not empty. Remove it, or name another folder with --keep.")
        self._folder = folder

    def __enter__(self) -> str:
        self._folder.mkdir(parents=True, exist_ok=True)
        return str(self._folder.resolve())

    def __exit__(self, *_error: object) -> None:
        print(f"The newsroom stays in {self._folder / 'newsroom'}.", file=sys.stderr)


def need(*programs: str) -> None:
    """Install the programs that are missing where this may be done, else say how."""
    missing = [NEEDED[name] for name in programs if shutil.which(name) is None]
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {' '.join(missing)} ...", file=sys.stderr)
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *missing]):
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(["apt-get", *command], check=False, stdout=subprocess.DEVNULL, env=environment)
    if still := [NEEDED[name] for name in programs if shutil.which(name) is None]:
        raise BenchmarkError(f"A program is not here that measures. Run: sudo apt-get install -y {' '.join(still)}")


if __name__ == "__main__":
    main()
