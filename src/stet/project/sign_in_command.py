"""`stet user list`, `reset-factor`, `end-sessions`: the server helps where nobody at the desk can get in any more.

Who may run these commands owns the newsroom's folder: no lost phone, and no mailbox, locks a newsroom out.
"""

# ruff: noqa: FBT002 - a flag of the command line is a parameter with a default

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from stet.project.errors import PersonError
from stet.project.settings import open_newsroom
from stet.project.setup import VARIABLE, set_up_django
from stet.project.terminal import Terminal

NewsroomOption = Annotated[
    Path | None,
    typer.Option("--newsroom", "-n", help="The newsroom's folder.", envvar=VARIABLE, show_default="the current folder"),
]
NameArgument = Annotated[str, typer.Argument(help="The name to sign in with at the desk.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")]


def list_people(newsroom: NewsroomOption = None, is_json: JsonOption = False) -> None:
    """List who may sign in at the desk, with what, and how often they are signed in now."""
    set_up_django(open_newsroom(newsroom or Path()))
    from stet.newsroom.signing_in.helping import accounts

    found = accounts()
    if is_json:
        typer.echo(json.dumps({"accounts": [asdict(account) for account in found]}, ensure_ascii=False))
        return
    for account in found:
        factors = [f"{account.passkeys} passkeys"] * bool(account.passkeys) + ["codes from an app"] * account.has_app
        role = "admin" if account.is_admin else ", ".join(account.groups) or "no group"
        closed = "" if account.is_active else " · closed"
        said = " and ".join(factors) or "no second factor"
        Terminal().say(f"{account.name} · {role}{closed} · {said} · signed in {account.sessions}×")


def reset_factor(name: NameArgument, newsroom: NewsroomOption = None) -> None:
    """Take all second factors from an account of the desk, and end its sessions.

    The password alone opens the desk then, until a new factor is set up: be sure who asks. The record keeps it.
    """
    set_up_django(open_newsroom(newsroom or Path()))
    from stet.newsroom.signing_in.helping import take_away_factors

    taken = take_away_factors(_account(name))
    Terminal().say(
        f"{name} has no second factor any more ({taken} taken away), and is signed in nowhere. "
        f"For another password: stet user password {name}"
    )


def end_sessions(name: NameArgument, newsroom: NewsroomOption = None) -> None:
    """End every session of an account at the desk. Password and second factors stay."""
    set_up_django(open_newsroom(newsroom or Path()))
    from stet.newsroom.signing_in.helping import end_sessions as end

    Terminal().say(f"{end(_account(name))} sessions of {name} ended.")


def _account(name: str) -> Any:
    from django.contrib.auth import get_user_model

    users: Any = get_user_model()
    account = users.objects.filter(username=name).first()
    if account is None:
        raise PersonError("Nobody signs in at the desk with that name; `stet user list` shows who does.")
    return account


def add_to(app: typer.Typer) -> None:
    """Put these commands beside the others of `stet user`."""
    app.command("list", epilog="Example: stet user list --json")(list_people)
    app.command("reset-factor", epilog="Example: stet user reset-factor mira")(reset_factor)
    app.command("end-sessions", epilog="Example: stet user end-sessions mira")(end_sessions)
