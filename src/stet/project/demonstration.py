"""A sample newsroom that runs: made once, filled once, printed, served.

The first time takes a minute or two, so each part of it is said before it begins, to a terminal and to a file alike.
"""

import shlex
import sys
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from stet.kit.clock import SystemClock
from stet.project.founding import EDITOR, PASSWORD_FILE, found, write_once
from stet.project.ports import port_setting, port_value, refuse_occupied_ports
from stet.project.running import run as run_newsroom
from stet.project.settings import SETTINGS_FILE, Newsroom, open_newsroom
from stet.project.settings_file import change_setting, toml_value
from stet.project.terminal import Terminal

LANGUAGES = ("en", "ru", "fa")
MAIL = {
    "smtp_host": "127.0.0.1",
    "smtp_port": 8004,
    "smtp_security": "none",
    "sender": "letters@far-shore.example.org",
    "sink": "data/mailbox",
}
"""Letters of the sample newsroom go to a mail server of its own, which keeps them."""
STAGES = {
    "found": "1 of 4: settings, keys and two databases …",
    "fill": "2 of 4: stories, photos and letters of the sample paper …",
    "print": "3 of 4: printing the first edition; most of the time goes into photos …",
    "start": "4 of 4: starting the servers …",
}
"""What is said before each part of the work."""
PRACTICE = {"practice": "http://127.0.0.1:8005", "descriptor": "FAR SHORE COOP"}
"""Gifts to the sample newsroom go through a payment provider of its own, which takes no money."""
OFFERED = "offered"
"""Whoever walks through the sample newsroom need not set up a second factor."""
ACCOUNT = """\
{"holder": "Far Shore Coop", "iban": "LV80 BANK 0000 4351 9500 1", "bank": "Bank of Nowhere",
 "currencies": ["EUR", "USD", "JPY"]}
"""
"""The account for bank transfers: the specimen of the register of IBANs, at a bank that there is not."""


def run(folder: Path, *, ports: Mapping[str, int], terminal: Terminal) -> None:
    """Make the sample newsroom in `folder` if it is not there, and run it until it is told to stop.

    `ports` are those that were asked for, by section of the settings.
    """
    is_new = not (folder / SETTINGS_FILE).exists()
    terminal.say(f"Making a sample newsroom in {folder}: a minute or two, once." if is_new else f"Opening {folder} …")
    change_ports(folder, ports)
    paper = sample_paper()
    site = {name: paper["en"][name] for name in ("publisher", "contact_email", "licence") if name in paper["en"]}
    values: dict[str, dict[str, Any]] = {
        "site": {"languages": LANGUAGES, "time_zone": paper.get("time_zone", "UTC"), **site},
        "desk": {"second_factor": OFFERED},
        "mailroom": dict(MAIL),
        "ledger": dict(PRACTICE),
    }
    for section, port in ports.items():
        values.setdefault(section, {})[port_setting(section)] = port_value(section, port)
    if (folder / SETTINGS_FILE).exists():
        refuse_occupied_ports(open_newsroom(folder))
    if is_new:
        terminal.say(STAGES["found"])
    made = found(folder, values=values, now=SystemClock().now())
    refuse_occupied_ports(made.newsroom)
    dress(made.newsroom)
    write_once(made.newsroom.keys / "bank.json", ACCOUNT, mode=0o600)
    fill(made.newsroom, terminal=terminal)
    terminal.say(STAGES["start"])
    run_newsroom(
        made.newsroom,
        terminal=terminal,
        on_ready=lambda: terminal.say(where_everything_is(made.newsroom, program=sys.argv[0])),
        is_just_migrated=True,
    )


def change_ports(folder: Path, ports: Mapping[str, int]) -> None:
    """Write the ports into a sample newsroom that stands already.

    One that is older than its mail server, its payment provider or the desk's second factor gets them, or is asked for
    none.
    """
    file = folder / SETTINGS_FILE
    if not file.exists():
        return
    if not open_newsroom(folder).settings.mailroom.smtp_host:
        for name, value in MAIL.items():
            change_setting(file, "mailroom", name, value)
    if not open_newsroom(folder).settings.ledger.practice:
        for name, value in PRACTICE.items():
            change_setting(file, "ledger", name, value)
    if "\nsecond_factor" not in file.read_text(encoding="utf-8"):
        change_setting(file, "desk", "second_factor", OFFERED)
    for section, port in ports.items():
        change_setting(file, section, port_setting(section), port_value(section, port))


def sample_folder() -> Path:
    """Where the sample newsroom's archive lies in the package."""
    return Path(str(files("stet.newsroom"))) / "sample"


def sample_paper() -> dict[str, Any]:
    """What the sample archive says of its paper."""
    return tomllib.loads((sample_folder() / "paper.toml").read_text(encoding="utf-8"))


def dress(newsroom: Newsroom) -> None:
    """Give the sample newsroom its colours, once."""
    colours = dict(sample_paper().get("colours", {}))
    dark = {name.removesuffix("_dark"): colours.pop(name) for name in tuple(colours) if name.endswith("_dark")}
    lines = [
        f"[{table}]\n" + "".join(f"{name} = {toml_value(value)}\n" for name, value in values.items())
        for table, values in (("colours", colours), ("colours.dark", dark))
        if values
    ]
    write_once(newsroom.theme / "theme.toml", "\n".join(lines))


def fill(newsroom: Newsroom, *, terminal: Terminal) -> None:
    """Fill an empty newsroom with the sample and print its first edition."""
    from stet.appeals.sample import lay_appeals
    from stet.appeals.support_sample import lay_support
    from stet.intake.importing import import_stet_archive
    from stet.letters.sample import lay_sample
    from stet.newsroom.live.sample import lay_live
    from stet.newsroom.models import ArticlePage
    from stet.press.run import print_all
    from stet.sourcing.sample import lay_sourcing

    is_printed = (newsroom.site / ".well-known/stet/edition.json").exists()
    if ArticlePage.objects.exists() and is_printed:
        return
    with terminal.steps() as steps:
        if not ArticlePage.objects.exists():
            terminal.say(STAGES["fill"])
            import_stet_archive(sample_folder(), progress=steps)
        lay_sourcing()
        lay_live()
        lay_sample()
        lay_support()
        lay_appeals()
        terminal.say(STAGES["print"])
        print_all(newsroom, steps)


def where_everything_is(newsroom: Newsroom, *, program: str = "stet") -> str:
    """A few lines for somebody who has just started it."""
    file = newsroom.keys / PASSWORD_FILE
    password = (
        f"with the password {file.read_text().strip()}  (kept in {file})"
        if file.exists()
        else "with your own password (`stet user password` makes a new one)"
    )
    check = shlex.join([program, "verify", str(newsroom.site), "--key", str(newsroom.site_key)])
    practice = newsroom.settings.ledger.practice
    gifts = f"Gifts go to    {practice}/  a practice provider: no money moves\n" if practice else ""
    is_offered = newsroom.settings.desk.second_factor == OFFERED
    factor = "No second factor is asked for here; a newsroom of your own asks for one\n" if is_offered else ""
    return (
        f"Readers see    {newsroom.base_url}/  (also /ru/ and /fa/); the signed files are in {newsroom.site}\n"
        f"Check it with  {check}\n"
        f"Editors write  {newsroom.desk_url}/\n"
        f"The office     {newsroom.office_url}/  counts readers and gifts, and steers letters\n"
        f"Mail arrives   {newsroom.office_url}/mailbox/  whoever it is for: none leaves this machine\n"
        f"{gifts}"
        f"Sign in as     {EDITOR} at both, {password}\n"
        f"{factor}"
        f"End it         with Ctrl-C; the same command starts it again"
    )
