"""What the command does in the private wing: always in a process of its own, which knows no newsroom's database.

python -m stet.project.private_wing migrate           brings the readers' database up to date; says how many may sign in
python -m stet.project.private_wing pending           says how many steps it lacks
python -m stet.project.private_wing open              says what is open in the ledger, as JSON
python -m stet.project.private_wing create NAME ROLE  lets somebody sign in at the office, with the password on stdin
python -m stet.project.private_wing password NAME     gives somebody the password on stdin
"""

import json
import os
import subprocess
import sys

from stet.kit.errors import UnreachableError
from stet.project.errors import DatabaseAwayError, PersonError
from stet.project.failures import REFUSED, explained
from stet.project.settings import SETTINGS_FILE, Newsroom
from stet.project.setup import VARIABLE, newsroom_of_environment, set_up_private_django

AWAY = (
    "The readers database could not be read or brought up to date. Check that it answers and may be written to; "
    f"`database.readers` in {SETTINGS_FILE} says where it is."
)


def migrate_readers(newsroom: Newsroom) -> int:
    """Bring the readers' database to what this version of Stet expects; answer how many may sign in at the office.

    Raises DatabaseAwayError.
    """
    return int(_ask(newsroom, "migrate"))


def pending_of_readers(newsroom: Newsroom) -> int:
    """How many steps the readers' database lacks. Raises DatabaseAwayError."""
    return int(_ask(newsroom, "pending"))


def open_in_ledger(newsroom: Newsroom) -> dict[str, int]:
    """What is open in the ledger, in numbers (`stet.ledger.counting`). Raises DatabaseAwayError."""
    found: dict[str, int] = json.loads(_ask(newsroom, "open"))
    return found


def create_account(newsroom: Newsroom, name: str, *, role: str, password: str) -> None:
    """Let somebody sign in at the office. Raises PersonError where the name cannot be used."""
    _ask(newsroom, "create", name, role, told=password)


def set_password(newsroom: Newsroom, name: str, *, password: str) -> None:
    """Give somebody who signs in at the office another password. Raises PersonError where nobody has that name."""
    _ask(newsroom, "password", name, told=password)


def _ask(newsroom: Newsroom, *order: str, told: str = "") -> str:
    environment = {**os.environ, VARIABLE: str(newsroom.folder)}
    command = [sys.executable, "-P", "-m", "stet.project.private_wing", *order]
    done = subprocess.run(command, check=False, env=environment, input=told, capture_output=True, text=True)  # noqa: S603 - Stet itself
    if done.returncode == REFUSED:
        raise PersonError(done.stderr.strip())
    if done.returncode:
        raise DatabaseAwayError(done.stderr.strip() or AWAY)
    return done.stdout.strip()


def _migrate() -> int:
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    if _pending():
        call_command("migrate", database="readers", interactive=False, verbosity=0)
    return int(get_user_model().objects.filter(is_active=True).count())


def _pending() -> int:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["readers"])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _open() -> str:
    from dataclasses import asdict

    from stet.kit.clock import SystemClock
    from stet.ledger.counting import open_things

    return json.dumps(asdict(open_things(now=SystemClock().now())))


def main() -> None:
    """Do what the command line says."""
    order, *words = sys.argv[1:]
    with explained():
        set_up_private_django(newsroom_of_environment(), process="mailroom")
        from django.db import DatabaseError

        from stet.office import people

        try:
            match order:
                case "migrate":
                    print(_migrate())  # noqa: T201 - the answer
                case "pending":
                    print(_pending())  # noqa: T201 - the answer
                case "open":
                    print(_open())  # noqa: T201 - the answer
                case "create":
                    people.create(words[0], role=words[1], password=sys.stdin.read())
                case "password":
                    people.set_password(words[0], sys.stdin.read())
        except DatabaseError as error:
            raise UnreachableError(f"{AWAY} ({type(error).__name__})") from error


if __name__ == "__main__":
    main()
