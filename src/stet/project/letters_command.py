"""`stet letters`: dispatches on the command line, where the office is not at hand."""

# ruff: noqa: FBT002 - a flag of the command line is a parameter with a default

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stet.kit.errors import RefusedError
from stet.project.failures import FINDINGS
from stet.project.settings import Newsroom, open_newsroom
from stet.project.setup import VARIABLE, set_up_private_django
from stet.project.terminal import Terminal

if TYPE_CHECKING:
    from stet.mailroom.models import Dispatch

letters_app = typer.Typer(help="Letters on their way: see them, steer them.", no_args_is_help=True)

NewsroomOption = Annotated[
    Path | None,
    typer.Option("--newsroom", "-n", help="The newsroom's folder.", envvar=VARIABLE, show_default="the current folder"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")]
NumberArgument = Annotated[int, typer.Argument(metavar="NUMBER", help="The dispatch; `stet letters list` numbers it.")]


class DispatchMissingError(RefusedError):
    """There is no dispatch of that number."""


def opened(folder: Path | None) -> Newsroom:
    """The newsroom, with Django set up for the mailroom's side."""
    newsroom = open_newsroom(folder or Path())
    set_up_private_django(newsroom, process="mailroom")
    return newsroom


@letters_app.command("list", epilog="Example: stet letters list --json")
def list_letters(newsroom: NewsroomOption = None, is_json: JsonOption = False) -> None:
    """Say where each dispatch stands, the newest first, and whether its account balances.

    Exit code 1 says that something waits for a decision: a dispatch is paused or held, or copies are uncertain.
    """
    opened(newsroom)
    from stet.mailroom.models import Dispatch

    found = [account(one) for one in Dispatch.objects.order_by("-planned_at", "-pk")[:100]]
    lines = [
        f"{one['number']:>5}  {one['state']:<10} {one['accepted']:>7,} of {one['planned']:,} accepted"
        f"{'' if one['balances'] else ', DOES NOT BALANCE'}"
        f"{', {:,} uncertain'.format(one['uncertain']) if one['uncertain'] else ''}"
        f"  {one['list']}  {one['due']}  {one['reason']}".rstrip()
        for one in found
    ]
    Terminal(is_for_machines=is_json).result({"dispatches": found}, "\n".join(lines) or "No letter was planned yet.")
    if any(one["state"] in ("paused", "held") or one["uncertain"] or not one["balances"] for one in found):
        raise typer.Exit(FINDINGS)


def account(dispatch: "Dispatch") -> dict[str, Any]:
    """A dispatch with its account, as plain values."""
    from stet.mailroom.accounts import account_of

    found = account_of(dispatch)
    return {
        "number": dispatch.pk,
        "letter": str(dispatch.letter),
        "list": dispatch.list_key,
        "subject": dispatch.subject,
        "state": str(dispatch.state),
        "reason": dispatch.reason,
        "due": dispatch.due,
        **dataclasses.asdict(found),
        "balances": found.balances,
    }


@letters_app.command(epilog="Example: stet letters pause 7")
def pause(number: NumberArgument, newsroom: NewsroomOption = None, is_json: JsonOption = False) -> None:
    """Stop sending a letter. What is handed over already cannot be taken back."""
    from_steering("pause", number, newsroom, is_json=is_json)


@letters_app.command(epilog="Example: stet letters resume 7")
def resume(number: NumberArgument, newsroom: NewsroomOption = None, is_json: JsonOption = False) -> None:
    """Go on sending a letter that is paused."""
    from_steering("resume", number, newsroom, is_json=is_json)


@letters_app.command(epilog="Example: stet letters cancel 7 --yes")
def cancel(
    number: NumberArgument,
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask once more.")] = False,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Send no more of a letter, now or later."""
    if not is_sure:
        typer.confirm("What is not sent yet will never be. Cancel it?", abort=True, err=True)
    from_steering("cancel", number, newsroom, is_json=is_json)


@letters_app.command(epilog="Example: stet letters resolve 7 /var/log/mail.log")
def resolve(
    number: NumberArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The relay's log, whole since the letter went out.")],
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Settle uncertain copies by the mail server's own log: what it took arrived, the rest is sent again.

    Exit code 1 says that some are uncertain still: a quarter of an hour has to pass before a copy counts as not taken.
    """
    opened(newsroom)
    from stet.office.settling import settle_by_log

    with file.open("rb") as lines:
        settled = settle_by_log(the_dispatch(number), lines)
    not_whole = " The log lacks copies that the mail server took: give all of it since the letter went out."
    Terminal(is_for_machines=is_json).result(
        dataclasses.asdict(settled),
        f"{settled.arrived:,} arrived, {settled.again:,} are sent again, {settled.left:,} are still uncertain."
        f"{'' if settled.is_whole else not_whole}",
    )
    if settled.left:
        raise typer.Exit(FINDINGS)


def from_steering(name: str, number: int, newsroom: Path | None, *, is_json: bool) -> None:
    """Do with a dispatch what the function of this name does, and say where it stands then."""
    opened(newsroom)
    from stet.mailroom import steering

    step: Callable[[Dispatch], object] = getattr(steering, name)
    step(the_dispatch(number))
    now = account(the_dispatch(number))
    Terminal(is_for_machines=is_json).result(
        now, f"Dispatch {number} is {now['state']}: {now['accepted']:,} of {now['planned']:,} copies were accepted."
    )


def the_dispatch(number: int) -> "Dispatch":
    """The dispatch of this number."""
    from stet.mailroom.models import Dispatch

    found = Dispatch.objects.filter(pk=number).first()
    if found is None:
        raise DispatchMissingError(f"There is no dispatch {number}. `stet letters list` numbers them.")
    return found
