"""`stet bundle`: the paper to take along, where no network is."""

# ruff: noqa: FBT002 - a flag of the command line is a parameter with a default

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
import typer

from stet.kit.clock import SystemClock
from stet.project.errors import SettingError
from stet.project.settings import open_newsroom
from stet.project.setup import VARIABLE
from stet.project.terminal import Terminal

MOST_MEGABYTES = 5


def bundle(
    language: Annotated[
        list[str] | None,
        typer.Option("--language", "-l", help="A language; once for each.", show_default="all of the paper's"),
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="How many days, the last one included.")] = 7,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="The last day.", show_default="today")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Where to.", show_default="data/offline")
    ] = None,
    most: Annotated[
        float, typer.Option("--most", min=0.1, help="The most megabytes of a file; photos are left out to fit.")
    ] = MOST_MEGABYTES,
    has_pdf: Annotated[bool, typer.Option("--pdf/--no-pdf", help="Set a PDF too.")] = True,
    newsroom: Annotated[
        Path | None,
        typer.Option(
            "--newsroom", "-n", help="The newsroom's folder.", envvar=VARIABLE, show_default="the current folder"
        ),
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")] = False,
) -> None:
    """Pack the articles of some days into one ZIP, one EPUB and one PDF for each language.

    They are made of the printed edition alone, so they hold what readers may read and nothing else. The ZIP opens in a
    browser from the disk; each of its pages is signed, and can be checked with `stet verify` and with verify.html. Each
    file has a .minisig beside it. In data/offline they are printed with the next edition, and linked from the page
    that says where to find the paper.
    """
    from stet.edition.folder import EditionFolder
    from stet.edition.keys import PrivateKey
    from stet.press.errors import NothingToPackError
    from stet.press.packs.packed import MEDIA_TYPES, Pack
    from stet.press.packs.packing import pack
    from stet.press.packs.week import read_week
    from stet.theme.setting import load_theme

    room, terminal = open_newsroom(newsroom or Path()), Terminal(is_for_machines=is_json)
    paper = room.settings.site
    asked = language or list(paper.languages)
    if unknown := [one for one in asked if one not in paper.languages]:
        raise SettingError(f"The paper has no language {unknown[0]}; it has {', '.join(paper.languages)}.")
    last = until.date() if until else _today(paper.time_zone)
    edition, theme = EditionFolder(room.edition), load_theme(room.theme)
    signer = PrivateKey.load(room.edition_key)
    kinds = tuple(kind for kind in MEDIA_TYPES if has_pdf or kind != "pdf")
    here = out or room.offline
    made: list[Pack] = []
    empty: list[NothingToPackError] = []
    for one in asked:
        try:
            with terminal.steps() as steps:
                week = read_week(
                    edition, language=one, first=last - timedelta(days=days - 1), last=last,
                    time_zone=paper.time_zone, progress=steps,
                )  # fmt: skip
                made.append(pack(
                    week, theme, edition, here / one, signer=signer, most_bytes=int(most * 1_000_000), kinds=kinds,
                    progress=steps,
                ))  # fmt: skip
        except NothingToPackError as nothing:
            empty.append(nothing)
    if not made:
        raise empty[0]
    for error in empty:
        terminal.warn(str(error))
    terminal.result(
        {"offline": [{"folder": str(here / one.language), **msgspec.to_builtins(one)} for one in made]},
        "\n".join(
            f"{here / one.language / f'week.{file.kind}'}: {file.size_bytes / 1_000_000:.2f} MB, "
            f"{one.articles} articles, {file.photos} photos"
            for one in made
            for file in one.files
        ),
    )


def _today(time_zone: str) -> date:
    return SystemClock().now().astimezone(ZoneInfo(time_zone)).date()
