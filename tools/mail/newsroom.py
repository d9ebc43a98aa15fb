"""A newsroom that has nothing but readers, a letter that is due, and a mailroom to send it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any


def set_up(folder: Path) -> None:
    """Django with the readers' database in this folder, which is made where it is not there."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    from stet.project.private_values import private_values
    from stet.project.settings import Newsroom, Settings

    values = private_values(Newsroom(folder=folder, settings=Settings()), "mailroom", secret="for this run only")
    values["LOGGING"] = {"version": 1, "disable_existing_loggers": False}
    settings.configure(**values)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    django.setup()
    call_command("migrate", database="readers", verbosity=0)


def newsroom_at(folder: Path, *, port: int, connections: int) -> Any:
    """A newsroom that sends to this port."""
    from stet.project.settings import Mailroom, Newsroom, Settings

    mailroom = Mailroom(
        smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", connections=connections,
        sender="letters@example.org",
    )  # fmt: skip
    return Newsroom(folder=folder, settings=Settings(mailroom=mailroom))


def make_keys(newsroom: Any) -> None:
    """The readers' keys."""
    from stet.readers.keys import KeyFiles, make_reader_keys

    newsroom.keys.mkdir(parents=True, exist_ok=True)
    make_reader_keys(
        KeyFiles(
            sealing=newsroom.sealing_key, opening=newsroom.opening_key, lookup=newsroom.lookup_key,
            links=newsroom.link_key,
        )
    )  # fmt: skip


def fill(newsroom: Any, count: int, **changes: Any) -> Any:
    """Readers, and a letter that is due now for all of them: its dispatch."""
    from stet.mailroom.planning import moments_of, plan
    from stet.readers.keys import load_lookup, load_opener
    from tests.mailroom.dispatches import a_letter, many_readers

    many_readers(count, opener=load_opener(newsroom.opening_key), lookup=load_lookup(newsroom.lookup_key))
    now = datetime.now(UTC)
    due = (now - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M")
    letter = a_letter(due=due, time_zone="UTC", has_photo=False, **changes)
    return plan(letter, moments=moments_of(letter, []), now=now)
