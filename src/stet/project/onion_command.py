"""`stet onion`: where the paper stands for readers with the Tor Browser."""

from pathlib import Path
from typing import Annotated

import typer

from stet.project.errors import SettingError
from stet.project.settings import SETTINGS_FILE, open_newsroom
from stet.project.setup import VARIABLE
from stet.project.terminal import Terminal


def make_onion_key(folder: Path | None) -> None:
    """Make the onion service's key where the service is on: its address stands on pages before tor ever ran."""
    newsroom = open_newsroom(folder or Path())
    if newsroom.settings.onion.is_on:
        from stet.project.onion import make_key

        make_key(newsroom)


def onion(
    newsroom: Annotated[
        Path | None,
        typer.Option(
            "--newsroom", "-n", help="The newsroom's folder.", envvar=VARIABLE, show_default="the current folder"
        ),
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")] = False,
) -> None:
    """Say at which onion address the paper stands; make its key first where it has none.

    Copy keys/onion to where keys are kept: whoever has it is the paper at that address, and without it the address is
    lost.
    """
    make_onion_key(newsroom)
    room = open_newsroom(newsroom or Path())
    if not room.onion_address:
        raise SettingError(
            f"The paper has no onion service. Set `is_on = true` under [onion] in {room.folder / SETTINGS_FILE}."
        )
    Terminal(is_for_machines=is_json).result(
        {"address": room.onion_address, "paper": f"{room.onion_url}/", "frontdesk": f"{room.onion_frontdesk_url}/"},
        f"{room.onion_url}/",
    )
