"""`stet backup` and `stet restore`: a newsroom in sealed files, and back."""

# ruff: noqa: FBT002 - a flag of the command line is a parameter with a default

from pathlib import Path
from typing import Annotated

import typer

from stet.kit.clock import SystemClock
from stet.project.passphrases import named_passphrase, new_passphrase
from stet.project.settings import open_newsroom
from stet.project.setup import VARIABLE
from stet.project.terminal import Terminal

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")]


def backup(
    to: Annotated[Path, typer.Argument(metavar="DIR", help="Where the backup goes; on another disk, best elsewhere.")],
    keys_to: Annotated[
        Path | None,
        typer.Option("--keys", metavar="DIR", help="Where the file with the keys goes.", show_default="DIR"),
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(
            "--keep", min=1, metavar="N", help="Remove all but the newest N backups afterwards.", show_default="all"
        ),
    ] = None,
    newsroom: Annotated[
        Path | None,
        typer.Option(
            "--newsroom", "-n", help="The newsroom's folder.", envvar=VARIABLE, show_default="the current folder"
        ),
    ] = None,
    is_json: JsonOption = False,
) -> None:
    """Copy the newsroom, while it runs, into files that nobody reads without the backup key and its passphrase.

    One file holds databases, media, evidence, theme, settings and the edition; another one the keys. Both open with
    the backup key, a third file, which is locked with a passphrase that is asked for the first time only. From then on
    backups can be made by a timer: this machine seals them and cannot open them again.

    Files are in age's format: Debian's `age` opens them too.
    """
    from stet.project import backing_up

    here = open_newsroom(newsroom or Path())
    terminal = Terminal(is_for_machines=is_json)
    if not backing_up.has_key(here):
        terminal.warn("This is the first backup. Choose a passphrase; who forgets it has no backup.")
        backing_up.make_key(here, passphrase=new_passphrase())
    apart = keys_to or to
    with terminal.steps() as steps:
        made = backing_up.back_up(here, to, keys_to=apart, now=SystemClock().now(), steps=steps)
    gone = backing_up.forget_old(to, apart, name=here.folder.name, keep=keep) if keep else 0
    sentence = f"{made.file} holds {made.files:,} files in {made.size_bytes / 1e6:,.1f} MB."
    if made.vanished:
        sentence += f" {made.vanished} were deleted while it was made."
    sentence += (
        f"\nKeys: {made.keys_file}. Carry that one elsewhere: with the passphrase it is the newsroom itself."
        f"\nBackup key: {made.key_file}. Without it and its passphrase nothing here opens."
    )
    values = {
        "file": str(made.file), "keys_file": str(made.keys_file), "key_file": str(made.key_file), "files": made.files,
        "bytes": made.size_bytes, "vanished": made.vanished, "removed": gone,
    }  # fmt: skip
    terminal.result(values, sentence)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup, such as paper-20261126T090500Z.age.")],
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="An empty folder for the newsroom.", show_default=False)
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option("--keys", metavar="FILE", help="The file with the keys.", show_default="the one beside FILE"),
    ] = None,
    has_keys: Annotated[
        bool, typer.Option("--with-keys/--no-keys", help="Whether to take in the keys; without, new ones are made.")
    ] = True,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="The backup key.", show_default="the one beside FILE")
    ] = None,
    newsroom_dsn: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Another connection string for the newsroom's database.")
    ] = None,
    readers_dsn: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Another connection string for the readers' database.")
    ] = None,
    is_check: Annotated[bool, typer.Option("--check", help="Write nothing; read the backup from end to end.")] = False,
    is_json: JsonOption = False,
) -> None:
    """Make a newsroom anew out of its backup, in an empty folder.

    Afterwards `stet up` goes on where it was left. The edition's number goes on too, so that no reader is shown an
    older one as new.
    """
    from stet.project import restoring
    from stet.project.backing_up import BackupRefusedError, unlock

    terminal = Terminal(is_for_machines=is_json)
    key_file = key or restoring.key_file_of(file)
    keys_file = keys or restoring.keys_file_of(file)
    if folder is None and not is_check:
        raise BackupRefusedError("Name an empty folder for the newsroom after the backup, or ask for --check.")
    if has_keys and not is_check and not keys_file.exists():
        raise BackupRefusedError(
            f"The keys are not there: {keys_file}. Name their file with --keys, or go on with --no-keys; `stet init` "
            "then makes new ones, and readers must be told of a new identity."
        )
    asked = (
        named_passphrase() or str(typer.prompt(f"Passphrase of {key_file.name}", hide_input=True, err=True)).encode()
    )
    identity = unlock(key_file, passphrase=asked)
    with terminal.steps() as steps:
        if is_check or folder is None:
            about, files = restoring.check(file, identity, steps=steps)
        else:
            dsn = {name: given for name, given in (("newsroom", newsroom_dsn), ("readers", readers_dsn)) if given}
            about, files = restoring.restore(
                file, folder, identity, keys_file=keys_file if has_keys else None, dsn=dsn, steps=steps
            )
    values = {"name": about.name, "made": about.made, "seq": about.seq, "files": files, "is_restored": not is_check}
    of = f"the backup of {about.made}, edition {about.seq}, {files:,} files"
    if is_check:
        terminal.result(values, f"Whole and readable: {of}.")
        return
    next_step = f"Start it with: stet up -n {folder}" if has_keys else f"Make new keys with: stet init {folder}"
    terminal.result(values, f"The newsroom stands in {folder}: {of}.\n{next_step}")
