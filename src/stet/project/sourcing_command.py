"""`stet sourcing` and `stet evidence`: proving that nobody altered what stories stand on, and reading what is sealed.

A key's passphrase comes from the file that STET_PASSPHRASE_FILE names, or is asked for.
"""

# ruff: noqa: FBT002 - a flag of the command line is a parameter with a default

import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from stet.project.errors import SettingError
from stet.project.failures import FINDINGS
from stet.project.passphrases import new_passphrase, passphrase_of
from stet.project.settings import Newsroom, open_newsroom
from stet.project.setup import VARIABLE, set_up_django
from stet.project.terminal import Terminal

SHOWN = 20

sourcing_app = typer.Typer(help="What stories stand on: claims, their histories, evidence.", no_args_is_help=True)
evidence_app = typer.Typer(help="Evidence that is sealed: the desk keeps it and cannot read it.", no_args_is_help=True)

NewsroomOption = Annotated[
    Path | None,
    typer.Option("--newsroom", "-n", help="The newsroom's folder.", envvar=VARIABLE, show_default="the current folder"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")]


@sourcing_app.command("verify", epilog="Examples: stet sourcing verify · stet sourcing verify --json")
def verify(newsroom: NewsroomOption = None, is_json: JsonOption = False) -> None:
    """Prove that nobody altered a claim's history or a copy of evidence. Changes nothing.

    Each record of a history carries the digest of the one before; a record that was changed, dropped or slipped in
    shows. Each copy of evidence is read and compared with its SHA-256. The last line is one digest over the ends of all
    histories: note it somewhere else, and a later run on a backup of that day has to print the same.

    Exit code 1 says that something was altered or is gone: restore it from a backup.
    """
    room, terminal = open_newsroom(newsroom or Path()), Terminal(is_for_machines=is_json)
    set_up_django(room)
    from stet.sourcing.copies import current_folder
    from stet.sourcing.verifying import look_over

    with terminal.steps() as steps:
        report = look_over(current_folder(), progress=lambda done, total: steps("Looking", done, total))
    lines = [
        f"{report.claims:,} claims and {report.copies:,} copies of {report.pieces:,} pieces of evidence were read.",
        *(report.problems[:SHOWN] or ("Nobody altered them.",)),
        *([f"… and {len(report.problems) - SHOWN:,} more."] if len(report.problems) > SHOWN else []),
        *([f"{report.strays:,} files belong to no evidence: an upload was cut off."] if report.strays else []),
        f"Ends of all histories: {report.heads}",
    ]
    values = {
        "ok": report.ok, "claims": report.claims, "evidence": report.pieces, "copies": report.copies,
        "problems": list(report.problems), "strays": report.strays, "heads": report.heads,
    }  # fmt: skip
    terminal.result(values, "\n".join(lines))
    if not report.ok:
        raise typer.Exit(FINDINGS)


@evidence_app.command(
    "open",
    epilog="Examples: stet evidence open 6f1c….sealed --key evidence.pem --out order.pdf · "
    "stet evidence open 6f1c… --newsroom ~/paper --key evidence.pem --out order.pdf",
)
def open_evidence(
    which: Annotated[
        str,
        typer.Argument(metavar="UID|FILE", help="A sealed file, as the desk hands it out; or its uid, in a newsroom."),
    ],
    key: Annotated[Path, typer.Option("--key", "-k", metavar="FILE", help="The private half of the evidence key.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Where the file is to be put; a new one.")],
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Open sealed evidence, on the machine where the key is. Needs no desk, no database and no network.

    Carry the sealed file there: the desk hands it out, and cannot read it. The key may have a passphrase.
    """
    from stet.sourcing.sealing import load_private_key, open_sealed

    private_key = load_private_key(key, passphrase=passphrase_of(key))
    opened = open_sealed(sealed_file(which, newsroom).read_bytes(), private_key=private_key)
    write_new(out, opened.body)
    Terminal(is_for_machines=is_json).result(
        {"name": opened.name, "media_type": opened.media_type, "sha256": opened.sha256, "out": str(out)},
        f"{out} is {opened.name}, {opened.media_type}, {len(opened.body):,} bytes.\nSHA-256: {opened.sha256}",
    )


def sealed_file(which: str, newsroom: Path | None) -> Path:
    """The sealed file that is meant: a path, or a uid in a newsroom."""
    if Path(which).is_file():
        return Path(which)
    with suppress(ValueError):
        room = open_newsroom(newsroom or Path())
        file = room.evidence / "sealed" / f"{UUID(which)}.sealed"
        if file.is_file():
            return file
        raise SettingError(
            f"{room.folder} holds no sealed evidence of that uid. The desk shows it beside the evidence."
        )
    raise SettingError("There is no such file, and that is no uid. Give a sealed file, or its uid with --newsroom.")


def make_evidence_key(newsroom: Newsroom, out: Path, *, has_passphrase: bool) -> None:
    """Make the pair that seals evidence: the public half for the desk, the private one into `out`."""
    from stet.sourcing.sealing import make_key

    if newsroom.evidence_key.exists():
        raise SettingError(
            f"{newsroom.evidence_key} is there already. What was sealed with it opens with its own private half only; "
            "move it away if you want a new one, and keep the old private half as long as there is evidence for it."
        )
    if out.resolve().is_relative_to(newsroom.folder):
        raise SettingError("The private half has no place in the newsroom's folder. Name a file on another disk.")
    private, public = make_key(passphrase=new_passphrase() if has_passphrase else None)
    write_new(out, private)
    write_new(newsroom.evidence_key, public)


def write_new(file: Path, content: bytes) -> None:
    """Write a file that was not there, for its owner alone."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SettingError(f"{file} is there already. Name a new file.") from None
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
    except OSError:
        file.unlink(missing_ok=True)
        raise
