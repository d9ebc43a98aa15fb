"""Measure the attribution assistant; prints one JSON object.

    python tools/bench_sourcing.py                          the set in tests/sourcing/labelled
    python tools/bench_sourcing.py test.txt --language en   labelled files of others

Such a file has a token and its label on each line, or a JSON object with `tokens` and `labels`. Printed are exact and
Jaccard precision, recall and F1 of sources, cues and contents, as CofeNet measures them, and CPU for an article of 900
words. `--statements` leaves out beliefs, wishes and plans, as editors get it. docs/measurements.md explains it.
"""

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tools.sourcing.measuring import measure, of_the_sample, shipped  # noqa: E402 - the path comes first


def main() -> None:
    """Measure what the command line asks for."""
    asked = arguments()
    attitudes = not asked.statements
    if asked.paths:
        found = [measure(path, language=asked.language, attitudes=attitudes) for path in asked.paths]
    else:
        found = shipped(attitudes=attitudes)
    print(json.dumps({"sourcing": found, "ordinary_articles": of_the_sample(attitudes=attitudes)}))


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, help="labelled files; without one, the shipped set")
    parser.add_argument("--language", default="en", help="the language of the files (default: en)")
    parser.add_argument("--statements", action="store_true", help="statements only")
    return parser.parse_args()


if __name__ == "__main__":
    main()
