"""The `stet` command: reads the command line, calls one room, tells what came of it.

Exit codes stand in `stet.project.failures`. Each command finds its newsroom by --newsroom, by STET_NEWSROOM, or in the
current folder.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from stet.kit.clock import SystemClock
from stet.project.backup_command import backup, restore
from stet.project.bundle_command import bundle
from stet.project.deploy_command import deploy_app
from stet.project.failures import FINDINGS, explained
from stet.project.keys_command import keys_app
from stet.project.ledger_command import ledger_app
from stet.project.letters_command import letters_app
from stet.project.mirrors_command import mirrors_app
from stet.project.onion_command import make_onion_key, onion
from stet.project.photos_command import photos_app
from stet.project.readers_command import readers_app
from stet.project.settings import Newsroom, open_newsroom
from stet.project.setup import VARIABLE, set_up_django
from stet.project.sign_in_command import add_to as add_sign_in_commands
from stet.project.sourcing_command import evidence_app, sourcing_app
from stet.project.terminal import Terminal
from stet.project.verify_command import EXAMPLES, verify

EPILOG = (
    "Exit codes: 0 done · 1 done, with findings · 2 refused: something for you to mend · "
    "3 broken: data is wrong, or Stet failed · 4 unreachable: try again later."
)

app = typer.Typer(
    name="stet",
    help="Publish a newsroom that somebody wants silent: a desk to write at, a signed edition that anybody can mirror.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
user_app = typer.Typer(help="Who may sign in at the desk and at the office.", no_args_is_help=True)
import_app = typer.Typer(help="Take in an archive. Running it twice takes nothing twice.", no_args_is_help=True)
app.add_typer(user_app, name="user")
app.add_typer(keys_app, name="keys")
app.add_typer(import_app, name="import")
app.add_typer(letters_app, name="letters")
doctor_app = typer.Typer(invoke_without_command=True)
app.add_typer(doctor_app, name="doctor")
app.add_typer(readers_app, name="readers")
app.add_typer(ledger_app, name="ledger")
app.add_typer(sourcing_app, name="sourcing")
app.add_typer(evidence_app, name="evidence")
app.add_typer(photos_app, name="photos")
app.command("bundle", epilog="Example: stet bundle --days 7 --language ru")(bundle)
app.command(epilog="Example: stet backup /mnt/backups --keys /mnt/keys --keep 14")(backup)
app.command(epilog="Example: stet restore /mnt/backups/paper-20261126T090500Z.age ~/paper")(restore)
app.add_typer(deploy_app, name="deploy")
app.command(epilog="Example: stet onion")(onion)
app.add_typer(mirrors_app, name="mirrors")

NewsroomOption = Annotated[
    Path | None,
    typer.Option("--newsroom", "-n", help="The newsroom's folder.", envvar=VARIABLE, show_default="the current folder"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")]
LanguageOption = Annotated[
    list[str] | None,
    typer.Option(
        "--language", "-l", help="A language of the paper, such as en; give it once for each, the main one first."
    ),
]
ReaderPortOption = Annotated[int | None, typer.Option(help="The port of the reader site.", show_default="8000")]
DeskPortOption = Annotated[int | None, typer.Option(help="The port of the desk.", show_default="8001")]
FrontdeskPortOption = Annotated[int | None, typer.Option(help="The port of the frontdesk.", show_default="8002")]
OfficePortOption = Annotated[int | None, typer.Option(help="The port of the office.", show_default="8003")]
MailPortOption = Annotated[
    int | None, typer.Option(help="The port of the mail server that keeps what it gets.", show_default="8004")
]
PracticePortOption = Annotated[
    int | None, typer.Option(help="The port of the payment provider that takes no money.", show_default="8005")
]
RoleOption = Annotated[
    list[str] | None,
    typer.Option(
        "--role",
        help="At the desk: reporter, editor, publisher, photo, letters, appeals, finance or admin; "
        "give it once for each.",
    ),
]
AtOfficeOption = Annotated[bool, typer.Option("--office", help="At the office, where letters and readers are.")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; ends the process with an exit code that means something."""
    with explained():
        app(args=None if arguments is None else list(arguments), prog_name="stet")


def opened(folder: Path | None) -> Newsroom:
    """The newsroom that a command is about, with Django set up for it."""
    newsroom = open_newsroom(folder or Path())
    set_up_django(newsroom)
    return newsroom


# --- A newsroom begins ---


@app.command(epilog="Example: stet init ~/paper --name 'The Far Shore' --language en --language ru")
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the newsroom is to live.")],
    name: Annotated[str, typer.Option(help="The paper's name.")] = "Our paper",
    language: LanguageOption = None,
    base_url: Annotated[str | None, typer.Option(help="The paper's address, such as https://example.org.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="The paper's time zone, such as Europe/Riga.")] = None,
    reader_port: ReaderPortOption = None,
    desk_port: DeskPortOption = None,
    frontdesk_port: FrontdeskPortOption = None,
    office_port: OfficePortOption = None,
    is_json: JsonOption = False,
) -> None:
    """Make a newsroom: settings, keys, media, a place for its theme, two databases and one editor.

    Run again on the same folder, it makes what is missing and brings the databases up to date.
    """
    from stet.project.founding import EDITOR, PASSWORD_FILE, found, lay_fronts

    site = {"languages": tuple(language) if language else None, "base_url": base_url, "time_zone": time_zone}
    values = given(
        site=site,
        reader={"port": reader_port},
        desk={"port": desk_port},
        frontdesk={"port": frontdesk_port},
        office={"port": office_port},
    )
    made = found(folder, values=values, now=SystemClock().now())
    lay_fronts(made.newsroom, name=name)
    here = made.newsroom.folder
    editor = (
        f"Sign in at the desk and at the office as {EDITOR}; the password is in {here / 'keys' / PASSWORD_FILE}."
        if made.password
        else "Its editors, keys and texts are as they were."
    )
    Terminal(is_for_machines=is_json).result(
        {"newsroom": str(here), "is_new": made.password is not None, "user": EDITOR},
        f"The newsroom stands in {here}. {editor}\nStart it with: stet up -n {folder}",
    )


@app.command(epilog="Example: stet demo ~/try-stet")
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the sample newsroom is to live.")] = Path("demo"),
    reader_port: ReaderPortOption = None,
    desk_port: DeskPortOption = None,
    frontdesk_port: FrontdeskPortOption = None,
    office_port: OfficePortOption = None,
    mail_port: MailPortOption = None,
    practice_port: PracticePortOption = None,
) -> None:
    """Run a sample newsroom: an invented paper in three languages, printed, served, with desk and office open.

    Its letters go nowhere: a mail server of its own keeps them, and the office shows them. No money moves: a payment
    provider of its own takes none. The first time the command
    makes and fills the folder; from then on it goes on where it was left.
    """
    from stet.project import demonstration

    ports = {
        "reader": reader_port,
        "desk": desk_port,
        "frontdesk": frontdesk_port,
        "office": office_port,
        "mailroom": mail_port,
        "ledger": practice_port,
    }
    demonstration.run(folder, ports={section: port for section, port in ports.items() if port}, terminal=Terminal())


# --- A newsroom works ---


@app.command(epilog="Example: stet up -n ~/paper")
def up(newsroom: NewsroomOption = None) -> None:
    """Run the newsroom: reader site, desk, worker, press, frontdesk, mailroom, ledger and office, until Ctrl-C."""
    from stet.project.running import run

    terminal = Terminal()
    make_onion_key(newsroom)
    room = opened(newsroom)
    readers = f"Readers: {room.base_url}/" + (f"   In the Tor Browser: {room.onion_url}/" if room.onion_url else "")
    run(room, terminal=terminal, on_ready=lambda: terminal.say(
        f"{readers}   Desk: {room.desk_url}/   Office: {room.office_url}/   End it with Ctrl-C."
    ))  # fmt: skip


@app.command("print", epilog="Examples: stet print · stet print --all · stet print --check --json")
def print_edition(
    newsroom: NewsroomOption = None,
    is_all: Annotated[
        bool, typer.Option("--all", help="Set every sheet anew, and forget what the press remembers.")
    ] = False,
    is_check: Annotated[
        bool, typer.Option("--check", help="Print nothing; compare what stands with what a full print would make.")
    ] = False,
    is_json: JsonOption = False,
) -> None:
    """Make the edition follow the database.

    With --check, exit code 1 says that something differs.
    """
    room, terminal = opened(newsroom), Terminal(is_for_machines=is_json)
    from stet.press import run

    with terminal.steps() as steps:
        report = run.check(room, steps) if is_check else run.print_all(room, steps, is_anew=is_all, packs=True)
    terminal.result(report.as_json(), report.sentence)
    if is_check and not report.ok:
        raise typer.Exit(FINDINGS)


app.command(epilog=EXAMPLES)(verify)


# --- Archives come in ---


@import_app.command("wordpress", epilog="Example: stet import wordpress export.xml --media ./wp-content/uploads")
def import_wordpress(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What WordPress writes under Tools → Export.")],
    media: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the site's uploaded files lie.")] = None,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Take in a WordPress export, and say what was taken, changed and left out, and why."""
    opened(newsroom)
    from stet.intake.importing import import_wordpress as take

    terminal = Terminal(is_for_machines=is_json)
    with terminal.steps() as steps:
        report = take(file, media=media, progress=steps)
    terminal.result(report.as_json(), report.as_text())


@import_app.command("stet", epilog="Example: stet import stet ./archive")
def import_stet(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="An archive in Stet's own format.")],
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Take in an archive in Stet's own format: texts, people, topics and photos as files."""
    opened(newsroom)
    from stet.intake.importing import import_stet_archive

    terminal = Terminal(is_for_machines=is_json)
    with terminal.steps() as steps:
        report = import_stet_archive(folder, progress=steps)
    terminal.result(report.as_json(), report.as_text())


# --- A newsroom is looked after ---


@doctor_app.callback(epilog="Examples: stet doctor --json · stet doctor mail")
def doctor(context: typer.Context, newsroom: NewsroomOption = None, is_json: JsonOption = False) -> None:
    """Look the newsroom over: databases, keys, disk, edition, photos, letters. Changes nothing.

    Exit code 1 says that there is something to mend.
    """
    if context.invoked_subcommand:
        return
    import dataclasses

    from stet.project.doctor import examine

    terminal = Terminal(is_for_machines=is_json)
    findings = list(examine(opened(newsroom), now=SystemClock().now()))
    has_problems = any(finding.level == "problem" for finding in findings)
    lines = [
        f"{finding.level:<8} {finding.what}{f'  {finding.next_step}' if finding.next_step else ''}"
        for finding in findings
    ]
    terminal.result(
        {"ok": not has_problems, "findings": [dataclasses.asdict(finding) for finding in findings]}, "\n".join(lines)
    )
    if has_problems:
        raise typer.Exit(FINDINGS)


@doctor_app.command("mail", epilog="Example: stet doctor mail --address 192.0.2.7")
def doctor_mail(
    address: Annotated[
        list[str] | None,
        typer.Option(
            help="An address that mail leaves from, where that is not the mail server's; give it once for each.",
            show_default="those of smtp_host",
        ),
    ] = None,
    resolver: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="The name server to ask.", show_default="the system's")
    ] = None,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Check whether mail of the newsroom's domain is believed, and print the DNS records to paste.

    Looks at SPF, DKIM, DMARC, the names of addresses, MX and the mail server's TLS. It asks name servers and says hello
    to the mail server; nothing else of Stet does. The pace of each lane is shown with it. The office shows what was
    found last. Exit code 1 says that there is something to mend.
    """
    from stet.project.mail_check import check, lines_of_lanes, told

    terminal = Terminal(is_for_machines=is_json)
    room = open_newsroom(newsroom or Path())
    report = check(room, tuple(address or ()), resolver=resolver, now=SystemClock().now())
    lines = [*lines_of_mail(report), "\nHow fast letters go ([lanes] in stet.toml):", *lines_of_lanes(room)]
    terminal.result(told(report, room), "\n".join(lines))
    if not report.ok:
        raise typer.Exit(FINDINGS)


def lines_of_mail(report: Any) -> list[str]:
    """The findings and records of a check, in lines for a person."""
    lines = [f"Mail of {report.domain}"]
    for finding in report.findings:
        lines.append(f"{finding.level:<8} {finding.subject:<6} {finding.what}")
        lines += [f"{'':<15} {more}" for more in (finding.why, finding.next_step) if more]
    if report.records:
        lines.append("\nRecords to paste:")
        lines += [f"\n{record.name}. {record.kind} {record.value}" for record in report.records]
    return lines


@user_app.command(
    "create",
    epilog="Examples: stet user create mira --admin · stet user create ines --role reporter · "
    "stet user create timur --office --letters",
)
def user_create(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    is_admin: Annotated[bool, typer.Option("--admin", help="May do everything there.")] = False,
    role: RoleOption = None,
    is_at_office: AtOfficeOption = False,
    has_letters: Annotated[
        bool, typer.Option("--letters", help="At the office: may pause, resume and cancel letters, and erase a reader.")
    ] = False,
    has_finance: Annotated[
        bool, typer.Option("--finance", help="At the office: sees money, gives it back, and sees nothing of readers.")
    ] = False,
    newsroom: NewsroomOption = None,
) -> None:
    """Let somebody sign in at the desk, or at the office; a password is made up and shown once.

    The two have accounts of their own. Without a role, one is an editor at the desk, and sees counts at the office.
    """
    from stet.project import people
    from stet.project.errors import PersonError

    if is_at_office:
        if role:
            raise PersonError("--role is for the desk. At the office say --admin, --letters or --finance.")
        if is_admin + has_letters + has_finance > 1:
            raise PersonError("One person has one role: --admin, --letters or --finance. --admin is all of them.")
        theirs = "admin" if is_admin else "letters" if has_letters else "finance" if has_finance else "viewer"
        password = people.create_at_office(open_newsroom(newsroom or Path()), name, role=theirs)
    else:
        opened(newsroom)
        roles = (*(role or ()), *(("admin",) if is_admin else ()))
        password = people.create(name, roles=roles or ("editor",))
    Terminal().say(
        f"{name} can sign in with the password {password}\nIt is shown only now; ask for another one to be chosen."
    )


@user_app.command("role", epilog="Example: stet user role ines --role editor --role photo")
def user_role(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: RoleOption = None,
    newsroom: NewsroomOption = None,
) -> None:
    """Give somebody at the desk other roles in place of those they have; without any, the desk is closed to them."""
    from stet.project.desk_roles import change_roles

    opened(newsroom)
    change_roles(name, tuple(role or ()))
    Terminal().say(f"{name} has the roles: {', '.join(role)}." if role else f"{name} has no role at the desk any more.")


@user_app.command("forget", epilog="Example: stet user forget ines")
def user_forget(
    name: Annotated[str, typer.Argument(help="The name that somebody signed in with.")],
    newsroom: NewsroomOption = None,
) -> None:
    """Take the name of somebody who left out of the desk's log; what was done stays in it.

    The account has to be deleted or closed first. Exports and backups still have the name.
    """
    opened(newsroom)
    from stet.newsroom.audit.forgetting import forget

    changed = forget(name, now=SystemClock().now())
    Terminal().say(f"Entries of the log that no longer say that name: {changed}.")


@user_app.command("password", epilog="Examples: stet user password mira · stet user password timur --office")
def user_password(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    is_at_office: AtOfficeOption = False,
    newsroom: NewsroomOption = None,
) -> None:
    """Give somebody a new password, made up and shown once; the old one ends, and so do their sessions."""
    from stet.project import people

    if is_at_office:
        password = people.renew_password_at_office(open_newsroom(newsroom or Path()), name)
    else:
        opened(newsroom)
        password = people.renew_password(name)
    Terminal().say(f"{name} can sign in with the password {password}")


add_sign_in_commands(user_app)


def given(**sections: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Only what was given on the command line."""
    return {
        section: {name: value for name, value in values.items() if value is not None}
        for section, values in sections.items()
    }
