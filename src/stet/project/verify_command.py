"""`stet verify`: checks copies of a site. What is checked and said stands in `stet.edition.verify.command`."""

# ruff: noqa: FBT002 - a flag of the command line is a parameter with a default

import os
from pathlib import Path
from typing import Annotated

import typer

from stet.edition.verify import command
from stet.edition.verify.seen import default_file
from stet.edition.verify.web import SAMPLE
from stet.kit.clock import SystemClock
from stet.kit.errors import RefusedError
from stet.project.settings import open_newsroom
from stet.project.setup import VARIABLE
from stet.project.terminal import Terminal

EXAMPLES = (
    "Examples: stet verify ./mirror --key site.pub · stet verify https://mirror.example.org/ --key site.pub --all · "
    "stet verify story.html --key verify.html · stet verify --page verify.html"
)


class NothingToVerifyError(RefusedError):
    """No copy was named."""


def verify(
    copy: Annotated[
        str | None,
        typer.Argument(
            metavar="COPY",
            help="A folder that holds .well-known, a ZIP, an address with https://, or a page that was saved.",
            show_default=False,
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            "--key",
            "-k",
            metavar="KEY",
            help="site.pub, the newsroom's verify.html, its id or its fingerprint.",
            show_default="none: nothing can be called good",
        ),
    ] = None,
    at_least: Annotated[
        int | None,
        typer.Option(
            metavar="SEQ",
            min=1,
            help="The highest edition number that you have seen; an older edition is refused.",
            show_default="what is remembered",
        ),
    ] = None,
    path: Annotated[
        str | None, typer.Option(metavar="PATH", help="Where a saved page was found, such as /news/a-story/.")
    ] = None,
    roots: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A copy of the site by whose roots a saved page is judged.")
    ] = None,
    sample: Annotated[
        int, typer.Option(metavar="N", min=1, help="How many sheets of a site at an address are checked.")
    ] = SAMPLE,
    is_all: Annotated[bool, typer.Option("--all", help="Check every sheet of a site at an address.")] = False,
    proxy: Annotated[
        str | None, typer.Option(metavar="URL", help="An HTTP proxy to go through, such as http://127.0.0.1:8118.")
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The file that remembers the highest edition seen of each site.",
            show_default="~/.local/state/stet/seen.json",
        ),
    ] = None,
    has_no_state: Annotated[
        bool, typer.Option("--no-state", help="Remember nothing, and ask nothing that was remembered.")
    ] = False,
    page: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Check nothing; write a verify.html with the site's key in it, of the copy COPY or of the newsroom.",
        ),
    ] = None,
    newsroom: Annotated[
        Path | None,
        typer.Option(
            "--newsroom",
            "-n",
            help="The newsroom's folder, for --page.",
            envvar=VARIABLE,
            show_default="the current folder",
        ),
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")] = False,
) -> None:
    """Check that a copy of a site is what its newsroom signed: a folder, a ZIP, an address, a saved page.

    Needs no newsroom and no database. Exit code 1 says that something is wrong, or that the copy is older than an
    edition that was seen: whoever serves it hides what was printed since. Exit code 4 says that nothing is wrong, but
    that it could not be checked: a host did not answer, or there was no key to compare with.
    """
    now = SystemClock().now()
    if page is not None:
        place = copy or str(open_newsroom(newsroom or Path()).edition)
        command.write_page(page, command.page_of_folder(Path(place), key, now=now))
        Terminal(is_for_machines=is_json).result({"page": str(page)}, command.WRITTEN.format(page))
        return
    if copy is None:
        raise NothingToVerifyError("Name what is to be checked: a folder, a ZIP, an address or a saved page.")
    asked = command.Asked(
        copy=copy,
        key=key,
        at_least=at_least,
        path=path,
        roots_of=roots,
        sample=None if is_all else sample,
        proxy=proxy,
        state=None if has_no_state else state or default_file(os.environ),
    )
    terminal = Terminal(is_for_machines=is_json)
    with terminal.steps() as steps:
        report = command.check(asked, now=now, progress=lambda done, all_: steps("Checking sheets", done, all_))
    terminal.result(command.as_json(report, asked), command.said(report))
    if code := command.EXIT_CODES[report.verdict]:
        raise typer.Exit(code)
