"""`stet photos`: reading the originals of photos that are kept sealed."""

# ruff: noqa: FBT002 - a flag of the command line is a parameter with a default

from pathlib import Path
from typing import Annotated

import typer

from stet.kit.digests import is_hex_digest
from stet.project.errors import SettingError
from stet.project.passphrases import passphrase_of
from stet.project.settings import open_newsroom
from stet.project.setup import VARIABLE
from stet.project.sourcing_command import write_new
from stet.project.terminal import Terminal

photos_app = typer.Typer(help="Originals of photos: the desk keeps them sealed and cannot read them.")

NewsroomOption = Annotated[
    Path | None,
    typer.Option("--newsroom", "-n", help="The newsroom's folder.", envvar=VARIABLE, show_default="the current folder"),
]


@photos_app.callback(no_args_is_help=True)
def _group() -> None:
    """Without this, a group of one command would be that command."""


@photos_app.command(
    "open",
    epilog="Examples: stet photos open 6f1c….sealed --key evidence.pem --out original.jpg · "
    "stet photos open 6f1c… --newsroom ~/paper --key evidence.pem --out original.jpg",
)
def open_original(
    which: Annotated[
        str, typer.Argument(metavar="DIGEST|FILE", help="A sealed original; or what the desk shows beside the photo.")
    ],
    key: Annotated[Path, typer.Option("--key", "-k", metavar="FILE", help="The private half of the evidence key.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Where the photo is to be put; a new file.")],
    newsroom: NewsroomOption = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")] = False,
) -> None:
    """Open the original of a photo, on the machine where the key is. Needs no desk, no database and no network.

    What comes out is the file as it was uploaded, with everything that its camera wrote into it, and nothing blurred.
    """
    from stet.kit.sealing import load_private_key, open_sealed
    from stet.newsroom.photos.originals import INFO

    private_key = load_private_key(key, passphrase=passphrase_of(key))
    opened = open_sealed(sealed_file(which, newsroom).read_bytes(), private_key=private_key, info=INFO)
    write_new(out, opened.body)
    Terminal(is_for_machines=is_json).result(
        {"name": opened.name, "media_type": opened.media_type, "sha256": opened.sha256, "out": str(out)},
        f"{out} is {opened.name}, {opened.media_type}, {len(opened.body):,} bytes.\nSHA-256: {opened.sha256}",
    )


def sealed_file(which: str, newsroom: Path | None) -> Path:
    """The sealed original that is meant: a path, or a digest in a newsroom."""
    if Path(which).is_file():
        return Path(which)
    if is_hex_digest(which):
        room = open_newsroom(newsroom or Path())
        file = room.originals / which[:2] / f"{which}.sealed"
        if file.is_file():
            return file
        raise SettingError(f"{room.folder} holds no sealed original of that digest. The desk shows it at the photo.")
    raise SettingError("There is no such file, and that is no digest. Give a sealed file, or its digest.")
