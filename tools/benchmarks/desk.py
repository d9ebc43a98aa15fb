"""The desk's side of a benchmark, in a process of its own. It answers with lines of JSON.

python -m tools.benchmarks.desk FOLDER fill ORDER  founds the newsroom and fills it; the order is JSON
python -m tools.benchmarks.desk FOLDER print       prints everything, as the press does when it remembers nothing
python -m tools.benchmarks.desk FOLDER check       compares the edition with a full print
python -m tools.benchmarks.desk FOLDER lists TIMES  asks for every list of the desk, with a day's work in it
python -m tools.benchmarks.desk FOLDER publish     publishes whatever comes in, a line each
"""

import json
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

NEWEST_BEFORE = timedelta(minutes=10)
SAMPLED_PATHS = 1000


def fill(folder: Path) -> None:
    """Found a newsroom and fill it with an archive."""
    from stet.project.founding import found, lay_fronts

    order = json.loads(sys.argv[3])
    values = {
        "site": {"base_url": "https://paper.example.org"},
        "reader": {"port": order["reader_port"]},
        "desk": {"port": order["desk_port"], "second_factor": "offered"},
    }
    newsroom = found(folder, values=values, now=datetime.now(UTC)).newsroom
    lay_fronts(newsroom, name="The Long Record")
    from tools.benchmarks.archive import Archive, render_photos
    from tools.benchmarks.processes import say

    archive = Archive()
    newest = datetime.fromisoformat(order["newest"])
    for done in archive.fill(order["articles"], newest=newest):
        if done % 5000 == 0:
            say(f"{done:,} stories written")
    render_photos(newsroom.folder, newsroom.media)
    answer({"paths": sampled_paths()})


def sampled_paths() -> list[str]:
    """The printed paths of at most a thousand articles, all over the archive."""
    from stet.newsroom.models import ArticlePage

    ids = list(ArticlePage.objects.values_list("pk", flat=True))
    chosen = random.Random(3).sample(ids, min(SAMPLED_PATHS, len(ids)))
    found = []
    for start in range(0, len(chosen), 500):
        pages = ArticlePage.objects.filter(pk__in=chosen[start : start + 500]).select_related("locale")
        found += [str(page.printed_path()) for page in pages.defer("body")]
    return found


def opened(folder: Path) -> Any:
    """The newsroom, with Django set up."""
    from stet.project.settings import open_newsroom
    from stet.project.setup import set_up_django

    newsroom = open_newsroom(folder)
    set_up_django(newsroom)
    return newsroom


def print_everything(folder: Path) -> None:
    """Print everything from the database alone, without compressed copies, which are made in the background."""
    newsroom = opened(folder)
    from stet.press.run import print_all

    began = time.monotonic()
    report = print_all(newsroom, lambda *_: None, is_anew=True)
    answer({**report.as_json(), "seconds": time.monotonic() - began})


def check(folder: Path) -> None:
    """Compare the edition with a full print."""
    newsroom = opened(folder)
    from stet.press.run import check

    answer(check(newsroom, lambda *_: None).as_json())


def lists(folder: Path) -> None:
    """Ask for every list of the desk; the first time, the day's work is made before."""
    opened(folder)
    from django.core.management import call_command
    from tools.benchmarks.desk_day import fill_once, measure

    call_command("migrate", verbosity=0)
    answer({"day": fill_once(), "lists": list(measure(int(sys.argv[3])))})


def publish(folder: Path) -> None:
    """Do what comes in: create a story, edit one, or send the desk's own form."""
    opened(folder)
    from tools.benchmarks.publishing import Editor

    editor = Editor()
    answer({"ready": True})
    for line in sys.stdin:
        order = json.loads(line)
        answer(getattr(editor, order.pop("do"))(**order))


def answer(values: dict[str, Any]) -> None:
    """Answer with one line."""
    print(json.dumps(values, default=str), flush=True)


ORDERS = {"fill": fill, "print": print_everything, "check": check, "lists": lists, "publish": publish}


if __name__ == "__main__":
    from stet.project.parents import die_with_parent

    die_with_parent()
    ORDERS[sys.argv[2]](Path(sys.argv[1]))
