"""Writes the reference pages of settings, of commands and of the reader site's headers, from what the code declares.

`python -m stet.project.reference` writes them into docs/reference; a test fails where they are stale.
"""

import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from stet.appeals.script import SCRIPT, SUPPORT_SCRIPT, hash_of
from stet.project.command import app
from stet.project.reader_site import (
    ALWAYS_ASKED_PATHS,
    ARTICLE_PAGE,
    COMMON_HEADERS,
    FOREVER,
    FOREVER_PATHS,
    WORKER_POLICY,
    page_policy,
)
from stet.project.settings import SECTIONS, Kind, Reader
from stet.project.settings_file import toml_value
from stet.theme.live_script import SCRIPT_HASH as LIVE_SCRIPT_HASH
from stet.theme.search_script import SEARCH_SCRIPT_HASHES
from stet.theme.worker import PATH as WORKER_PATH
from stet.theme.worker import REGISTER

SETTINGS_LEAD = """\
# Settings

A newsroom's settings stand in `stet.toml` in its folder. Every setting is optional. Stet reads the file when it starts.
A setting that is unknown or not as expected is refused by name; its value is never shown. Secrets are no settings: they
are files in `keys/`.

This page is made from `stet.project.settings`.
"""

COMMANDS_LEAD = """\
# Commands

Each command finds its newsroom by `--newsroom`, by the environment variable `STET_NEWSROOM`, or in the current folder.
What goes wrong is said in one sentence on stderr; with `--json`, stdout holds one JSON object and nothing else.

| exit code | meaning |
| --- | --- |
| 0 | done, nothing found |
| 1 | done, with findings: a check or a verification found something |
| 2 | refused: the command, a setting or a file must be mended by a person |
| 3 | broken: data or an edition is wrong, or Stet itself failed |
| 4 | unreachable: a disk, a database or a host did not answer; try again later |

This page is made from the commands themselves.
"""


def settings_page() -> str:
    """The reference page of all settings, in Markdown."""
    return SETTINGS_LEAD + "".join(line for name, section in SECTIONS.items() for line in _section(name, section))


def _section(name: str, section: type) -> Iterator[str]:
    yield f"\n## [{name}]\n\n{section.__doc__}\n\n"
    yield "| setting | default | what it is | expected |\n| --- | --- | --- | --- |\n"
    for declared in dataclasses.fields(section):
        kind: Kind = declared.metadata["kind"]
        unit = f" In {declared.metadata['unit']}." if declared.metadata["unit"] else ""
        yield _row(
            f"`{declared.name}`", f"`{toml_value(declared.default)}`", declared.metadata["help"] + unit, kind.expected
        )


def commands_page() -> str:
    """The reference page of all commands, in Markdown."""
    command = typer.main.get_command(app)
    return COMMANDS_LEAD + "".join(_commands(command, "stet"))


def _commands(command: Any, name: str) -> Iterator[str]:
    if members := getattr(command, "commands", None):
        if command.invoke_without_command:
            yield from _command(command, name)
        for member, below in members.items():
            yield from _commands(below, f"{name} {member}")
    else:
        yield from _command(command, name)


def _command(command: Any, name: str) -> Iterator[str]:
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    words = [argument.metavar or argument.name.upper() for argument in arguments]
    yield f"\n## {' '.join([name, *words])}\n\n{command.help}\n"
    yield "\n| option | what it is |\n| --- | --- |\n"
    for argument, word in zip(arguments, words, strict=True):
        yield _row(f"`{word}`", argument.help or "")
    for option in command.params:
        if option.param_type_name == "option" and option.name != "help":
            yield _row(", ".join(f"`{flag}`" for flag in option.opts), option.help or "")
    if command.epilog:
        yield f"\n{command.epilog}\n"


HEADERS_LEAD = """\
# Headers of the reader site

What Stet's own reader site sends with what it serves. A web server or a mirror of your own sends the same: `stet
deploy` writes its configuration ([how to](../how-to/deploy.md)). The scripts of a page are allowed by their digests,
which change with Stet: after an update, look here again.

`access-control-allow-origin: *` lets the service worker of the newsroom's own address read a mirror: without it a
mirror is of no use to the worker. Everything here is public and no cookie is ever sent, so it gives nothing away.

This page is made from `stet.project.reader_site`, `stet.appeals.script` and `stet.theme.worker`.
"""

SEARCH_LEAD = """
The page that searches, `/search/` in each language, fetches the files of its index. Its policy has `connect-src 'self'`
besides, and these digests after the others under `script-src`, one for each stemmer and one for languages without:

| script |
| --- |
"""

LIVE_LEAD = f"""
The page of an article may be covered live, and then fetches what is new from beside it. Wherever a path ends as
`{ARTICLE_PAGE}` says, the policy has `connect-src 'self'` besides, and this digest
after the others under `script-src`:
"""

PLACEHOLDER = "https://join.example.org"
"""Stands for the frontdesk."""


def headers_page() -> str:
    """The reference page of what the reader site's answers carry, in Markdown."""
    policy = page_policy(PLACEHOLDER, *Reader().payment_pages)
    parts = [part.strip() for part in policy.split(";")]
    about = {
        "default-src": "nothing else is loaded, from anywhere",
        "script-src": "the scripts that stand in pages, each by its digest; no other runs",
        "style-src": "each page carries its own style, and in a `<meta>` allows that one alone, by its digest",
        "img-src": "photos beside the page and inside it",
        "media-src": "sound and film beside the page",
        "manifest-src": "the app's manifest, for who puts the paper on the home screen",
        "worker-src": "the service worker, at the newsroom's own address; pages may ask nobody",
        "form-action": (
            f"the frontdesk ({PLACEHOLDER} stands for yours) and the pages that it leads to: "
            "`payment_pages` under `[reader]`"
        ),
        "base-uri": "no page moves its own addresses",
        "frame-ancestors": "no page is shown inside another one",
    }
    scripts = {
        SCRIPT: "decides on the reader's device which appeal shows, and keeps quiet for who closed one, gave or waits",
        SUPPORT_SCRIPT: "on the support page: notes by which appeal somebody came",
        REGISTER: "asks the browser to run the service worker, at the newsroom's own address only",
    }
    lines = [HEADERS_LEAD, "\n## Content-Security-Policy\n\nOf everything but PDF files:\n"]
    lines.append(f"\n```\n{policy}\n```\n\n| part | what it allows |\n| --- | --- |\n")
    lines += [_row(f"`{part.split(' ')[0]}`", about[part.split(" ")[0]]) for part in parts]
    lines.append("\n| script | bytes | what it does |\n| --- | --- | --- |\n")
    lines += [_row(f"`{hash_of(text)}`", str(len(text)), does) for text, does in scripts.items()]
    lines.append(
        f"\n`{WORKER_PATH}` has a policy of its own, which says what the worker may ask:\n\n```\n{WORKER_POLICY}\n```\n"
    )
    lines.append(SEARCH_LEAD)
    lines += [_row(f"`{one}`") for one in SEARCH_SCRIPT_HASHES]
    lines.append(f"{LIVE_LEAD}\n```\n{LIVE_SCRIPT_HASH}\n```\n")
    lines.append("\n## The others\n\nOf everything:\n\n| header | value |\n| --- | --- |\n")
    lines += [_row(f"`{name}`", f"`{value}`") for name, value in COMMON_HEADERS]
    lines.append("\n## How long a copy is good\n\n| path | `cache-control` |\n| --- | --- |\n")
    lines.append(_row(f"`{FOREVER_PATHS.pattern}`", f"`{FOREVER}`"))
    lines.append(_row(f"`{ALWAYS_ASKED_PATHS.pattern}`", "`no-cache`"))
    lines.append(_row("all others", f"`public, max-age={Reader().page_seconds}`"))
    return "".join(lines)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


PAGES = {"settings.md": settings_page, "commands.md": commands_page, "headers.md": headers_page}
"""Every page of this reference by its file."""


def main(folder: Path) -> None:
    """Write all pages into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference"))
