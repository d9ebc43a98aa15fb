"""The processes of a newsroom: what each one runs, and how it is started on its own.

`stet up` starts them all; a service manager may start each by itself: `python -m stet.project.processes desk`.
"""

import signal
import sys
from collections.abc import Callable
from functools import partial
from threading import Event

from stet.project.failures import explained
from stet.project.parents import die_with_parent
from stet.project.settings import Newsroom
from stet.project.setup import newsroom_of_environment, set_up_django
from stet.project.supervisor import Child

NAMES = {"reader": "The reader site", "press": "The press", "worker": "The worker", "desk": "The desk"}
"""Every process with its name in messages, in the order of their start; they end in the opposite order."""


def children(newsroom: Newsroom) -> list[Child]:
    """The processes as a supervisor starts them."""
    return [
        Child(name=name, short_name=f"stet-{key}", run=partial(run_explained, key, newsroom))
        for key, name in NAMES.items()
    ]


def run_explained(key: str, newsroom: Newsroom) -> None:
    """Run one process; what goes wrong ends it with a sentence and an exit code."""
    with explained(log_folder=newsroom.logs):
        RUNS[key](newsroom)


def run_reader(newsroom: Newsroom) -> None:
    """Serve the printed edition; needs no database and no Django."""
    from stet.project.reader_server import serve

    serve(newsroom)


def run_desk(newsroom: Newsroom) -> None:
    """Serve the desk."""
    set_up_django(newsroom)
    from stet.project.desk_server import serve

    serve(newsroom)


def run_worker(newsroom: Newsroom) -> None:
    """Do what was put off, and what is due by the clock."""
    set_up_django(newsroom)
    from django.core.management import call_command

    from stet.project import scheduler

    scheduler.start(Event())  # a thread that ends with the process
    call_command("db_worker", queue_name="*", verbosity=0)


def run_press(newsroom: Newsroom) -> None:
    """Follow the database with the edition."""
    set_up_django(newsroom)
    from stet.press.run import follow

    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    follow(newsroom, stop)


RUNS: dict[str, Callable[[Newsroom], None]] = {
    "reader": run_reader,
    "press": run_press,
    "worker": run_worker,
    "desk": run_desk,
}


def main() -> None:
    """Run the process that the command line names, for the newsroom of STET_NEWSROOM."""
    die_with_parent()
    names = sys.argv[1:]
    if len(names) != 1 or names[0] not in RUNS:
        sys.exit(f"Name one process: {', '.join(RUNS)}.")
    with explained():
        run_explained(names[0], newsroom_of_environment())


if __name__ == "__main__":
    main()
