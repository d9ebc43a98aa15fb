"""The processes of a newsroom: what each one runs, and how it is started on its own.

`stet up` starts them all; a service manager may start each by itself: `python -m stet.project.processes desk`.

Those of the private wing are Pythons of their own even below `stet up`: what the supervisor has loaded of the desk is
not in their memory, and their Django knows the readers' database alone. So are the mail server for trials, the
practice provider and the mirrors' process, which need none.
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Any, cast

from stet.project.failures import explained
from stet.project.parents import die_with_parent
from stet.project.settings import Newsroom
from stet.project.setup import VARIABLE, newsroom_of_environment, set_up_django, set_up_private_django
from stet.project.supervisor import Child

NAMES = {
    "reader": "The reader site",
    "onion": "The onion service",
    "press": "The press",
    "worker": "The worker",
    "desk": "The desk",
    "frontdesk": "The frontdesk",
    "sink": "The mail server for trials",
    "practice": "The practice provider",
    "mailroom": "The mailroom",
    "returns": "The returns process",
    "ledger": "The ledger",
    "office": "The office",
    "mirrors": "The mirrors' process",
}
"""Every process with its name in messages, in the order of their start; they end in the opposite order."""
APART = frozenset({"frontdesk", "sink", "practice", "mailroom", "returns", "ledger", "office", "mirrors"})
"""Those that are started as a Python of their own."""


def children(newsroom: Newsroom) -> list[Child]:
    """The processes as a supervisor starts them."""
    return [
        Child(
            name=name,
            short_name=short_name(key),
            run=partial(become if key in APART else run_explained, key, newsroom),
        )
        for key, name in NAMES.items()
        if is_wanted(key, newsroom)
    ]


def is_wanted(key: str, newsroom: Newsroom) -> bool:
    """Whether this newsroom has something to do for a process."""
    match key:
        case "onion":
            return newsroom.settings.onion.is_on
        case "sink":
            return newsroom.sink is not None
        case "practice":
            return newsroom.practice_port is not None
        case "returns":
            return bool(newsroom.settings.mailroom.lmtp_port) or newsroom.bounce_mailbox.exists()
        case _:
            return True


def short_name(key: str) -> str:
    """What `ps` and `top` show."""
    return f"stet-{key}"


def run_explained(key: str, newsroom: Newsroom) -> None:
    """Run one process; what goes wrong ends it with a sentence and an exit code."""
    with explained(log_folder=newsroom.logs):
        RUNS[key](newsroom)


def become(key: str, newsroom: Newsroom) -> None:
    """Turn this process into a new Python that runs `key`. It still ends when its parent does: Linux keeps that."""
    environment = {**os.environ, VARIABLE: str(newsroom.folder)}
    os.execve(sys.executable, [sys.executable, "-P", "-m", "stet.project.processes", key], environment)  # noqa: S606 - Stet itself


def run_reader(newsroom: Newsroom) -> None:
    """Serve the printed edition; needs no database and no Django."""
    from stet.project.reader_server import serve

    serve(newsroom)


def run_onion(newsroom: Newsroom) -> None:
    """Turn into tor, which leads readers with the Tor Browser to the reader site and the frontdesk."""
    from stet.project.onion import become_tor

    become_tor(newsroom)


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

    follow(newsroom, told_to_stop())


def run_frontdesk(newsroom: Newsroom) -> None:
    """Serve the pages that take something from a reader."""
    set_up_private_django(newsroom, process="frontdesk")
    from stet.project.private_server import serve

    serve(newsroom.settings.frontdesk)


def run_mailroom(newsroom: Newsroom) -> None:
    """Send what is due: letters, and mails that readers asked for."""
    set_up_private_django(newsroom, process="mailroom")
    from stet.mailroom.running import run

    run(cast("Any", newsroom), told_to_stop())  # its protocol asks for values that may be set; ours are frozen


def run_returns(newsroom: Newsroom) -> None:
    """Take in what comes back, over LMTP and from a mailbox."""
    set_up_private_django(newsroom, process="mailroom")
    from stet.mailroom.incoming import run

    run(cast("Any", newsroom), newsroom.settings.mailroom, told_to_stop())


def run_ledger(newsroom: Newsroom) -> None:
    """Take in what payment providers tell, and compare with them."""
    set_up_private_django(newsroom, process="ledger")
    from stet.ledger.working import run

    run(newsroom, told_to_stop())


def run_office(newsroom: Newsroom) -> None:
    """Serve the staff screens of the private wing."""
    set_up_private_django(newsroom, process="office")
    from stet.project.private_server import serve

    serve(newsroom.settings.office)


def run_sink(newsroom: Newsroom) -> None:
    """Take mails and keep them, for trying things out; needs no database and no Django."""
    from stet.project.sink_server import serve

    serve(newsroom, told_to_stop())


def run_practice(newsroom: Newsroom) -> None:
    """Take no money, for trying things out; needs no database of the newsroom's and no Django."""
    from stet.project.practice_server import serve

    serve(newsroom, told_to_stop())


def run_mirrors(newsroom: Newsroom) -> None:
    """Carry the edition to its mirrors, and look at them; needs no database, no signing key and no Django."""
    from stet.mirrors.__main__ import leave
    from stet.mirrors.carrying import Home
    from stet.mirrors.following import follow
    from stet.project.logs import start_logging

    start_logging(newsroom.logs)
    leave(has_ended=follow(Home(folder=newsroom.folder, site=newsroom.site), told_to_stop()))


def told_to_stop() -> Event:
    """An event that is set by SIGTERM and by Ctrl-C."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


RUNS: dict[str, Callable[[Newsroom], None]] = {
    "reader": run_reader,
    "onion": run_onion,
    "press": run_press,
    "worker": run_worker,
    "desk": run_desk,
    "frontdesk": run_frontdesk,
    "sink": run_sink,
    "practice": run_practice,
    "mailroom": run_mailroom,
    "returns": run_returns,
    "ledger": run_ledger,
    "office": run_office,
    "mirrors": run_mirrors,
}


def main() -> None:
    """Run the process that the command line names, for the newsroom of STET_NEWSROOM."""
    names = sys.argv[1:]
    if len(names) != 1 or names[0] not in RUNS:
        sys.exit(f"Name one process: {', '.join(RUNS)}.")
    die_with_parent(name=short_name(names[0]))
    with explained():
        run_explained(names[0], newsroom_of_environment())


if __name__ == "__main__":
    main()
