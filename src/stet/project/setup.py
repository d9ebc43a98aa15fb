"""Opens a newsroom for a process: finds its folder, and sets Django up with its settings."""

import os
from pathlib import Path

from stet.project.settings import Newsroom, open_newsroom

VARIABLE = "STET_NEWSROOM"


def newsroom_of_environment() -> Newsroom:
    """The newsroom that STET_NEWSROOM names, or the one in the current folder."""
    return open_newsroom(Path(os.environ.get(VARIABLE) or "."))


def set_up_django(newsroom: Newsroom) -> None:
    """Set Django up for `newsroom`; once in a process, or in the one it was forked from."""
    import django

    os.environ[VARIABLE] = str(newsroom.folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "stet.project.django_settings"
    django.setup()


def set_up_private_django(newsroom: Newsroom, *, process: str) -> None:
    """Set Django up for a process of the private wing: "frontdesk", "mailroom" or "office"."""
    import django

    os.environ[VARIABLE] = str(newsroom.folder)
    os.environ["STET_PROCESS"] = process
    os.environ["DJANGO_SETTINGS_MODULE"] = "stet.project.private_settings"
    django.setup()
