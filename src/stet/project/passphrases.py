"""Passphrases of keys: from the file that STET_PASSPHRASE_FILE names, or asked for without showing them."""

import os
from pathlib import Path

import typer

from stet.project.errors import SettingError

PASSPHRASE_FILE = "STET_PASSPHRASE_FILE"  # noqa: S105 - a variable's name


def new_passphrase() -> bytes:
    """A passphrase for a new key; typed twice where no file is named."""
    return named_passphrase() or str(
        typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True)
    ).encode()  # fmt: skip


def passphrase_of(key: Path) -> bytes | None:
    """The passphrase of a key in a file; None where the key has none, or there is no such file."""
    if not key.is_file() or b"ENCRYPTED" not in key.read_bytes():
        return None
    return named_passphrase() or str(typer.prompt(f"Passphrase of {key.name}", hide_input=True, err=True)).encode()


def named_passphrase() -> bytes | None:
    """The first line of the file that is named; None where none is, or the line is empty."""
    named = os.environ.get(PASSPHRASE_FILE)
    if not named:
        return None
    try:
        lines = Path(named).read_bytes().splitlines()
    except OSError as error:
        raise SettingError(f"The file that {PASSPHRASE_FILE} names cannot be read ({error.strerror}).") from None
    return lines[0] if lines and lines[0] else None
