"""`stet readers`: what the newsroom does for a reader who asks, and taking readers over from elsewhere.

An address is better not typed on the command line, where the shell keeps it: give "-" and type it when asked, or send
it in on standard input. The passphrase of the opening key comes from the file that STET_PASSPHRASE_FILE names, or is
asked for. Nothing here prints an address that was not asked for.
"""

# ruff: noqa: FBT002 - a flag of the command line is a parameter with a default

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stet.kit.clock import SystemClock
from stet.project.failures import FINDINGS
from stet.project.passphrases import PASSPHRASE_FILE, named_passphrase
from stet.project.settings import Newsroom, open_newsroom
from stet.project.setup import VARIABLE, set_up_private_django
from stet.project.terminal import Terminal

if TYPE_CHECKING:
    from stet.readers.addresses import Address
    from stet.readers.counting import Counts, Group
    from stet.readers.importing import ImportReport
    from stet.readers.sealing import Opener

STANDARD_INPUT = "-"
SHOWN_ROWS = 20
FEWER = "fewer than 10"

readers_app = typer.Typer(help="Readers: erase, export, import, count. Never a list of them.", no_args_is_help=True)

NewsroomOption = Annotated[
    Path | None,
    typer.Option("--newsroom", "-n", help="The newsroom's folder.", envvar=VARIABLE, show_default="the current folder"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")]
AddressArgument = Annotated[
    str, typer.Argument(metavar="ADDRESS", help='The address; "-" to type it when asked, so that the shell keeps none.')
]


def opened(folder: Path | None) -> Newsroom:
    """The newsroom, with Django set up for the mailroom's side."""
    newsroom = open_newsroom(folder or Path())
    set_up_private_django(newsroom, process="mailroom")
    return newsroom


@readers_app.command(epilog="Example: stet readers erase -")
def erase(address: AddressArgument, newsroom: NewsroomOption = None, is_json: JsonOption = False) -> None:
    """Erase a reader, here and as a giver: nothing stays but a digest that says to write to them no more.

    The database's file is written anew, so that nothing of it is left there. They can sign up again like anybody.
    """
    room, terminal = opened(newsroom), Terminal(is_for_machines=is_json)
    from stet.ledger import keeping
    from stet.readers import erasing
    from stet.readers.keys import load_lookup

    digest = load_lookup(room.lookup_key).of(asked_address(address))
    was_contact = keeping.forget([digest]) > 0
    was_there = erasing.erase(digest, now=SystemClock().now()) or was_contact
    traces = erasing.wipe_traces(is_thorough=True)
    said = "The reader is erased." if was_there else "There was no reader with this address; nothing is sent to it now."
    terminal.result(
        {"erased": was_there, "suppressed": True, "traces_are_gone": traces.are_gone, "traces": traces.sentence},
        f"{said} {traces.sentence}",
    )


@readers_app.command(epilog="Example: stet readers lift -")
def lift(address: AddressArgument, newsroom: NewsroomOption = None, is_json: JsonOption = False) -> None:
    """Let somebody sign up again who complained, or whose mail came back of late. Only when they ask.

    Who was erased needs no lifting: they sign up and confirm.
    """
    room, terminal = opened(newsroom), Terminal(is_for_machines=is_json)
    from stet.readers import erasing
    from stet.readers.keys import load_lookup

    was_there = erasing.lift(load_lookup(room.lookup_key).of(asked_address(address)))
    said = "The address can sign up again." if was_there else "Nothing kept this address from signing up."
    terminal.result({"lifted": was_there}, said)


@readers_app.command(epilog="Example: stet readers export - > for-the-reader.json")
def export(address: AddressArgument, newsroom: NewsroomOption = None) -> None:
    """Print everything that is kept about a reader, as JSON. Needs the opening key.

    Exit code 1 says that nothing is kept.
    """
    room = opened(newsroom)
    from stet.readers import exporting
    from stet.readers.keys import load_lookup

    wanted = asked_address(address)
    kept = exporting.export(wanted, lookup=load_lookup(room.lookup_key), opener=the_opener(room))
    if kept is None:
        Terminal(is_for_machines=True).say("Nothing is kept about this address.")
        raise typer.Exit(FINDINGS)
    sys.stdout.write(json.dumps(kept, ensure_ascii=False, indent=2) + "\n")


@readers_app.command(
    "import", epilog='Example: stet readers import old.csv --consent "Sign-up form of the old site, 2019-2026"'
)
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file; its first line names the columns.")],
    consent: Annotated[
        str, typer.Option("--consent", help="Where and when these readers agreed; it is kept with each.")
    ],
    list_key: Annotated[
        str | None, typer.Option("--list", help="The list of rows that name none, such as en.the-week.")
    ] = None,
    is_dry: Annotated[bool, typer.Option("--dry-run", help="Only say what would be taken.")] = False,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Take in readers of another system: columns email, and if you like list, language, time_zone.

    Exit code 1 says that some rows were not taken; each is told by its number and a reason.
    """
    room, terminal = opened(newsroom), Terminal(is_for_machines=is_json)
    from stet.project.founding import reader_key_files
    from stet.readers.importing import Source, import_readers
    from stet.readers.keys import load_reader_keys
    from stet.readers.lists import read_lists

    rows = count_lines(file)
    with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as opened_file, terminal.steps() as step:
        report = import_readers(
            opened_file,
            Source(consent=consent, list_key=list_key),
            lists=read_lists(room.site),
            keys=load_reader_keys(reader_key_files(room)),
            now=SystemClock().now(),
            is_dry=is_dry,
            progress=lambda done: step("Readers", done, max(rows, done)),
        )
    terminal.result(import_values(report, is_dry=is_dry), import_words(report, is_dry=is_dry))
    if report.left_out:
        raise typer.Exit(FINDINGS)


@readers_app.command(epilog="Example: stet readers stats --json")
def stats(newsroom: NewsroomOption = None, is_json: JsonOption = False) -> None:
    """Count readers by list, language, mail provider and week. Groups of fewer than ten are not told."""
    opened(newsroom)
    from stet.readers.counting import counts

    counted = counts()
    Terminal(is_for_machines=is_json).result(asdict(counted), stats_words(counted))


# --- What comes in ---


def asked_address(given: str) -> "Address":
    """The address in the argument, on standard input, or typed when asked."""
    from stet.readers.addresses import checked_address

    if given == STANDARD_INPUT:
        is_person = sys.stdin.isatty()
        given = typer.prompt("Address", err=True) if is_person else sys.stdin.readline(1_000).rstrip("\r\n")
    return checked_address(given)


def the_opener(newsroom: Newsroom) -> "Opener":
    """The opening key, with its passphrase where it has one."""
    from stet.readers.errors import ReaderKeyRefusedError
    from stet.readers.keys import load_opener

    if os.environ.get(PASSPHRASE_FILE):
        return load_opener(newsroom.opening_key, passphrase=named_passphrase())
    try:
        return load_opener(newsroom.opening_key)
    except ReaderKeyRefusedError as error:
        if "needs a passphrase" not in str(error) or not sys.stdin.isatty():
            raise
    typed = typer.prompt("Passphrase of the opening key", hide_input=True, err=True)
    return load_opener(newsroom.opening_key, passphrase=typed.encode())


def count_lines(file: Path) -> int:
    """About how many rows there are, for the progress bar."""
    with file.open("rb") as opened_file:
        return sum(block.count(b"\n") for block in iter(lambda: opened_file.read(1 << 20), b"")) - 1


# --- What is told ---


def import_values(report: "ImportReport", *, is_dry: bool) -> Mapping[str, object]:
    """The report for machines."""
    return {
        "dry_run": is_dry,
        "rows": report.rows,
        "taken": report.taken,
        "left_out": [{"row": row, "reason": reason} for row, reason in report.left_out],
        "by_reason": report.by_reason(),
    }


def import_words(report: "ImportReport", *, is_dry: bool) -> str:
    """The report for people: sums, then rows by number and reason."""
    from stet.readers.importing import REASONS

    verb = "would be taken" if is_dry else "taken"
    lines = [f"{report.rows:,} rows: {report.taken:,} {verb}, {len(report.left_out):,} not."]
    for reason, number in report.by_reason().items():
        rows = [row for row, why in report.left_out if why == reason]
        named = ", ".join(map(str, rows[:SHOWN_ROWS])) + (" …" if len(rows) > SHOWN_ROWS else "")
        lines.append(f"{number:>9,}  {REASONS[reason]} (line {named})")
    if report.left_out:
        lines.append("With --json every line is named.")
    return "\n".join(lines)


def stats_words(counted: "Counts") -> str:
    """The numbers for people."""
    total = FEWER if counted.readers is None else f"{counted.readers:,}"
    lines = [f"{total} readers get letters."]
    sections = {"By list": counted.lists, "By language": counted.languages, "By mail provider": counted.lanes,
                "By first week": counted.weeks}  # fmt: skip
    for title, groups in sections.items():
        lines += ["", title, *map(_line, groups)] if groups else []
    return "\n".join(lines)


def _line(group: "Group") -> str:
    number = FEWER if group.readers is None else f"{group.readers:,}"
    return f"  {group.name:<40} {number:>14}"
