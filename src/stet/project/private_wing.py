"""What the command does in the private wing: always in a process of its own, which knows no newsroom's database.

python -m stet.project.private_wing migrate    brings the readers' database up to date
python -m stet.project.private_wing pending    says how many steps it lacks
"""

import os
import subprocess
import sys

from stet.kit.errors import UnreachableError
from stet.project.errors import DatabaseAwayError
from stet.project.failures import explained
from stet.project.settings import SETTINGS_FILE, Newsroom
from stet.project.setup import VARIABLE, newsroom_of_environment, set_up_private_django

AWAY = (
    "The readers database could not be read or brought up to date. Check that it answers and may be written to; "
    f"`database.readers` in {SETTINGS_FILE} says where it is."
)


def migrate_readers(newsroom: Newsroom) -> None:
    """Bring the readers' database to what this version of Stet expects. Raises DatabaseAwayError."""
    _ask(newsroom, "migrate")


def pending_of_readers(newsroom: Newsroom) -> int:
    """How many steps the readers' database lacks. Raises DatabaseAwayError."""
    return int(_ask(newsroom, "pending"))


def _ask(newsroom: Newsroom, order: str) -> str:
    environment = {**os.environ, VARIABLE: str(newsroom.folder)}
    command = [sys.executable, "-m", "stet.project.private_wing", order]
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)  # noqa: S603 - Stet itself
    if done.returncode:
        raise DatabaseAwayError(done.stderr.strip() or AWAY)
    return done.stdout.strip()


def _migrate() -> None:
    from django.core.management import call_command

    if _pending():
        call_command("migrate", database="readers", interactive=False, verbosity=0)


def _pending() -> int:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["readers"])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def main() -> None:
    """Do what the command line says."""
    order = sys.argv[1]
    with explained():
        set_up_private_django(newsroom_of_environment(), process="mailroom")
        from django.db import DatabaseError

        try:
            if order == "migrate":
                _migrate()
            else:
                print(_pending())  # noqa: T201 - the answer
        except DatabaseError as error:
            raise UnreachableError(f"{AWAY} ({type(error).__name__})") from error


if __name__ == "__main__":
    main()
