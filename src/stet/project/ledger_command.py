"""`stet ledger`: contributions on the command line: compare, replay, import, give back, end, export, designate.

Nothing here prints an address that was not asked for, nor an amount where a count will do.
"""

# ruff: noqa: FBT002 - a flag of the command line is a parameter with a default

import dataclasses
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from stet.kit.clock import SystemClock
from stet.kit.errors import RefusedError
from stet.kit.money import write_decimal
from stet.project.failures import FINDINGS
from stet.project.settings import Newsroom, open_newsroom
from stet.project.setup import VARIABLE, set_up_private_django
from stet.project.terminal import Terminal

if TYPE_CHECKING:
    from stet.ledger.designating import Report as Designated
    from stet.ledger.importing import Imported
    from stet.ledger.models import Contribution, Fact, Plan
    from stet.ledger.providers.base import Provider
    from stet.ledger.reconciling import Report as Compared

STAFF = "stet ledger"
"""Who did it, in the rows of what was done from here."""
RECONCILED_DAYS = 35
SHOWN = 20

ledger_app = typer.Typer(
    help="Contributions: where they stand, compare with providers, give back, export. Never a list of givers.",
    no_args_is_help=True,
)

NewsroomOption = Annotated[
    Path | None,
    typer.Option("--newsroom", "-n", help="The newsroom's folder.", envvar=VARIABLE, show_default="the current folder"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")]
ProviderOption = Annotated[
    str | None, typer.Option("--provider", "-p", help="One provider, such as stripe.", show_default="all")
]
ReasonOption = Annotated[
    str, typer.Option("--reason", "-r", help="Why: asked, provocation, mistake, country or other. It is kept.")
]


class Asking(StrEnum):
    """What becomes of the support page."""

    CLOSED = "closed"
    WARNING = "warning"


def opened(folder: Path | None) -> Newsroom:
    """The newsroom, with Django set up for the ledger."""
    newsroom = open_newsroom(folder or Path())
    set_up_private_django(newsroom, process="ledger")
    return newsroom


def providers_of(newsroom: Newsroom, name: str | None = None) -> "dict[str, Provider]":
    """The providers that are set up, or the one of this name."""
    from stet.ledger.errors import ProviderMissingError
    from stet.ledger.providers import setup

    found = setup.providers_of(newsroom)
    if name is None:
        return dict(found)
    if name not in found:
        known = f"Set up are: {', '.join(found)}." if found else "None is; keys of providers go into the keys folder."
        raise ProviderMissingError(f"No provider of that name is set up here. {known}")
    return {name: found[name]}


# --- Looking ---


@ledger_app.command(epilog="Examples: stet ledger status · stet ledger status 6f1c…-uid")
def status(
    uid: Annotated[
        str, typer.Argument(metavar="[UID]", help="A contribution or a plan; without one, the whole ledger.")
    ] = "",
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Say where the ledger stands, or one contribution or plan, with everything that providers told of it.

    Without UID: how many deliveries, orders and differences are open, and which providers are set up. Exit code 1 says
    that something is open.
    """
    room, terminal = opened(newsroom), Terminal(is_for_machines=is_json)
    if uid:
        values = account_of(uid)
        facts = values["facts"]
        assert isinstance(facts, list)
        lines = [f"{values['what']}: {values['status']}", *(" ".join(filter(None, one.values())) for one in facts)]
        terminal.result(values, "\n  ".join(lines))
        return
    from stet.ledger.counting import open_things

    counted = open_things(now=SystemClock().now())
    providers = sorted(providers_of(room))
    lines = [
        f"Providers: {', '.join(providers) or 'none is set up'}",
        f"{counted.deliveries:,} deliveries are open, {counted.long_open:,} of them for more than a day",
        f"{counted.orders:,} orders of the staff are open, {counted.refused:,} of them refused",
        f"{counted.differences:,} differences wait for somebody to settle them",
        f"{counted.designations:,} designations are not finished",
    ]
    terminal.result({"providers": providers, **dataclasses.asdict(counted)}, "\n".join(lines))
    if counted.is_anything:
        raise typer.Exit(FINDINGS)


def account_of(uid: str) -> dict[str, object]:
    """One contribution or plan, as plain values."""
    from stet.ledger.exporting import decimal
    from stet.ledger.models import Contribution
    from stet.ledger.status import facts_about, status_of, status_of_plan

    row = the_row(uid)
    if isinstance(row, Contribution):
        what, where, facts = "contribution", str(status_of(row)), facts_about(row)
    else:
        what, where, facts = "plan", str(status_of_plan(row)), list(row.facts.order_by("pk"))
    return {
        "what": what,
        "uid": str(row.uid),
        "status": where,
        "facts": [
            {
                "month": f"{one.month:%Y-%m}", "kind": one.kind, "amount": decimal(one.minor, one.currency),
                "currency": one.currency, "id": one.provider_id, "of": one.of, "why": one.why,
            }
            for one in facts
        ],
    }  # fmt: skip


def the_row(uid: str) -> "Contribution | Plan":
    """The contribution or plan of this uid."""
    from stet.ledger.models import Contribution, Plan

    number = the_uid(uid)
    found = Contribution.objects.filter(uid=number).first() or Plan.objects.filter(uid=number).first()
    if found is None:
        raise RefusedError(
            "There is no contribution or plan of that uid. The office and `stet ledger export` tell uids."
        )
    return found


def the_uid(text: str) -> UUID:
    """The uid that was typed."""
    try:
        return UUID(text)
    except ValueError:
        raise RefusedError("That is not a uid; one looks like 6f1c2d3e-0000-4000-8000-000000000000.") from None


# --- Comparing ---


@ledger_app.command(
    epilog="Examples: stet ledger reconcile · stet ledger reconcile -p stripe --since 2026-01-01 --json"
)
def reconcile(
    provider: ProviderOption = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Since which day.", show_default=f"{RECONCILED_DAYS} days ago"),
    ] = None,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Compare the ledger with what providers list; every difference is told, none is left silently.

    What was missing here is added. What belongs to nobody here, has another amount, or is not listed there is kept
    until somebody settles it in the office. The process `ledger` does this every night. Exit code 1 says that there are
    differences to settle.
    """
    room, terminal = opened(newsroom), Terminal(is_for_machines=is_json)
    from stet.ledger.reconciling import reconcile as compare

    now = SystemClock().now()
    day = since.date() if since else now.date() - timedelta(days=RECONCILED_DAYS)
    reports = [compare(one, day, now=now) for one in providers_of(room, provider).values()]
    lines = [line for report in reports for line in compared_words(report)]
    terminal.result(
        {"reports": [{**dataclasses.asdict(report), "open": report.open} for report in reports]},
        "\n".join(lines) or "No provider is set up.",
    )
    if any(report.open for report in reports):
        raise typer.Exit(FINDINGS)


KINDS = {
    "missing_here": "was missing here",
    "missing_there": "is not listed there",
    "amount": "has another amount there",
    "unknown": "belongs to nobody here",
}


def compared_words(report: "Compared") -> list[str]:
    """A comparison for people."""
    lines = [
        f"{report.provider}: {report.compared:,} facts since {report.since}, {len(report.differences):,} differences, "
        f"{report.open:,} to settle."
    ]
    for one in report.differences[:SHOWN]:
        state = "added" if one.is_mended else "settled" if one.is_settled else "to settle"
        lines.append(f"  {one.fact_kind:<10} {one.provider_id}  {KINDS[one.kind]}; {state}")
    if len(report.differences) > SHOWN:
        lines.append(f"  … and {len(report.differences) - SHOWN:,} more; --json tells all.")
    return lines


@ledger_app.command(epilog="Examples: stet ledger replay · stet ledger replay evt_1 · stet ledger replay --all")
def replay(
    event: Annotated[
        str, typer.Argument(metavar="[EVENT]", help="The provider's number of one delivery; without it, open ones.")
    ] = "",
    is_all: Annotated[bool, typer.Option("--all", help="Every delivery there is, done ones too.")] = False,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Work deliveries off once more: ask the provider what they are about, and take that in.

    Nothing is counted twice, however often this is done. Exit code 1 says that some still did not work.
    """
    room, terminal = opened(newsroom), Terminal(is_for_machines=is_json)
    from stet.ledger.working import Worker
    from stet.ledger.working import replay as work_off

    worked, failed = work_off(Worker(room, providers_of(room)), event_id=event, is_all=is_all, now=SystemClock().now())
    terminal.result({"worked": worked, "failed": failed}, f"{worked:,} deliveries were worked off, {failed:,} not.")
    if failed:
        raise typer.Exit(FINDINGS)


# --- Statements ---

WHY_NOT = {
    "no_reference": "no reference is written on it",
    "unknown_reference": "its reference is none of ours",
    "several_references": "several of our references are written on it",
    "not_ours": "it left the account, without a reference of ours",
}


@ledger_app.command(
    name="import", epilog="Examples: stet ledger import 2026-11.xml --dry-run · stet ledger import 2026-11.csv"
)
def import_statement(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The bank's statement, as CAMT.053 or CSV.")],
    is_dry: Annotated[bool, typer.Option("--dry-run", help="Say what would come of it, and keep nothing.")] = False,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Take a bank's statement in: transfers are matched by the reference that givers wrote on them.

    Everything that is not matched is listed, with its day, its amount, the bank's own number, and why; no name is read.
    Brought twice, or overlapping another, a statement counts once. Exit code 1 says that something was not matched.
    """
    room, terminal = opened(newsroom), Terminal(is_for_machines=is_json)
    from stet.ledger import importing
    from stet.ledger.providers.bank import NAME, BankProvider

    [bank] = providers_of(room, NAME).values()
    assert isinstance(bank, BankProvider)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise RefusedError(f"{file} cannot be read ({error.strerror}).") from None
    report = importing.import_statement(bank, data, now=SystemClock().now(), is_dry=is_dry)
    unmatched = [
        {
            "number": one.number, "why": one.why, "day": one.day.isoformat(), "amount": write_decimal(one.money),
            "currency": one.money.currency,
        }
        for one in report.unmatched
    ]  # fmt: skip
    counts = {
        "new": report.new, "known": report.known, "differing": report.differing, "unreadable": report.unreadable
    }  # fmt: skip
    terminal.result({"dry_run": is_dry, **counts, "unmatched": unmatched}, imported_words(report, is_dry=is_dry))
    if report.is_anything_left:
        raise typer.Exit(FINDINGS)


def imported_words(report: "Imported", *, is_dry: bool) -> str:
    """What came of a statement, for people; every line that was not matched."""
    lines = [
        f"{report.new:,} payments {'would be' if is_dry else 'are'} new, {report.known:,} were known before, "
        f"{report.differing:,} differ from what is known; {report.unreadable:,} lines cannot be read.",
        f"{len(report.unmatched):,} entries are not matched{':' if report.unmatched else '.'}",
    ]
    for one in report.unmatched:
        amount = f"{write_decimal(one.money)} {one.money.currency}"
        lines.append(f"  {one.day}  {amount:>14}  {one.number}  {WHY_NOT[one.why]}")
    return "\n".join([*lines, *(["Nothing was kept."] if is_dry else [])])


# --- Acting ---


@ledger_app.command(
    epilog="Examples: stet ledger refund UID -r asked · stet ledger refund UID --amount 2.50 -r mistake"
)
def refund(
    uid: Annotated[str, typer.Argument(metavar="UID", help="The contribution.")],
    reason: ReasonOption,
    amount: Annotated[
        str | None, typer.Option(help="How much, such as 2.50, in the payment's currency.", show_default="all of it")
    ] = None,
    payment: Annotated[
        str | None,
        typer.Option(help="Of a plan: the provider's number of the payment.", show_default="the only one"),
    ] = None,
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask once more.")] = False,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Give a payment back, whole or in part, by the way in which it came.

    The order is kept first: cut off, it is finished by itself, and done once. A refund is visible in the giver's
    account too: where a trace is the danger, think twice.
    """
    room, terminal = opened(newsroom), Terminal(is_for_machines=is_json)
    from stet.kit.money import read_decimal
    from stet.ledger import acting

    paid = the_payment(uid, payment)
    [provider] = providers_of(room, paid.provider).values()
    money = read_decimal(amount, paid.currency) if amount else None
    if not is_sure:
        typer.confirm("The money goes back, and that cannot be undone. Give it back?", abort=True, err=True)
    act = acting.refund(provider, paid, money, reason=reason, by=STAFF, now=SystemClock().now())
    terminal.result({"act": str(act.uid), "done": act.done}, "The payment is given back.")


def the_payment(uid: str, number: str | None) -> "Fact":
    """The payment that is meant."""
    row = the_row(uid)
    payments = row.facts.filter(kind="settled")
    if number:
        payments = payments.filter(provider_id=number)
    found = list(payments[:2])
    if not found:
        raise RefusedError("There is no such payment.")
    if len(found) > 1:
        raise RefusedError("There are several payments; name one with --payment. `stet ledger status UID` tells them.")
    return found[0]


@ledger_app.command(epilog="Example: stet ledger cancel UID -r asked")
def cancel(
    uid: Annotated[str, typer.Argument(metavar="UID", help="The plan.")],
    reason: ReasonOption,
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask once more.")] = False,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """End a plan now: nothing more is collected. What came in stays."""
    room, terminal = opened(newsroom), Terminal(is_for_machines=is_json)
    from stet.ledger import acting
    from stet.ledger.models import Contribution

    row = the_row(uid)
    plan = row.plan if isinstance(row, Contribution) else row
    if plan is None:
        raise RefusedError("This contribution has no plan to end.")
    [provider] = providers_of(room, plan.provider).values()
    if not is_sure:
        typer.confirm("The provider collects nothing more, and that cannot be undone. End it?", abort=True, err=True)
    act = acting.cancel(provider, plan, reason=reason, by=STAFF, now=SystemClock().now())
    terminal.result({"act": str(act.uid), "done": act.done}, "The plan has ended.")


# --- Out ---


class What(StrEnum):
    """What is exported."""

    FACTS = "facts"
    PLANS = "plans"


@ledger_app.command(epilog="Examples: stet ledger export > 2026.csv · stet ledger export plans --contacts > move.csv")
def export(
    what: Annotated[What, typer.Argument(help="Facts, for the books; plans, for moving to another provider.")] = (
        What.FACTS
    ),
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m"], help="The first month.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m"], help="The last month.")] = None,
    has_contacts: Annotated[
        bool, typer.Option("--contacts", help="Of plans: with the addresses that were given. Needs the opening key.")
    ] = False,
    newsroom: NewsroomOption = None,
) -> None:
    """Write CSV to standard output: amounts as decimals, months, providers' numbers; nobody's name or address."""
    room = opened(newsroom)
    from stet.ledger import exporting
    from stet.project.readers_command import the_opener

    if what is What.FACTS:
        if has_contacts:
            raise RefusedError("Facts have no contacts. Plans do: `stet ledger export plans --contacts`.")
        exporting.export_facts(sys.stdout, since=since.date() if since else None, until=until.date() if until else None)
    else:
        exporting.export_plans(sys.stdout, opener=the_opener(room) if has_contacts else None)


# --- The designation switch ---


@ledger_app.command(
    epilog="Examples: stet ledger designate --country RU -l ru --dry-run · stet ledger designate --country RU -l ru"
)
def designate(
    country: Annotated[str, typer.Option("--country", "-c", help="The country, by two letters, such as RU.")],
    language: Annotated[
        list[str] | None,
        typer.Option("--language", "-l", help="A language in which asking stops; give it once for each."),
    ] = None,
    asking: Annotated[Asking, typer.Option(help="What becomes of the support page in these languages.")] = (
        Asking.CLOSED
    ),
    notice: Annotated[
        list[str] | None,
        typer.Option(metavar="LANGUAGE=FILE", help="A text file with the public notice in a language."),
    ] = None,
    is_dry: Annotated[bool, typer.Option("--dry-run", help="Count what would be done, and change nothing.")] = False,
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask once more.")] = False,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """The switch for the day on which giving to you becomes a crime somewhere. Try it with --dry-run first.

    Asking stops in the languages named, or the page opens with the warning; a public notice is printed; contacts and
    reminders in these languages are deleted; plans paid with cards of the country are ended, asked live of each
    provider. Cut off, run it again: nothing is done twice. Exit code 1 says that something is left to do.
    """
    room, terminal = opened(newsroom), Terminal(is_for_machines=is_json)
    from stet.ledger import designating

    if not re.fullmatch(r"[A-Z]{2}", country):
        raise RefusedError("A country is named by two capital letters, such as RU.")
    unknown = [one for one in language or () if one not in room.settings.site.languages]
    if unknown:
        raise RefusedError(
            f"The paper has no language of that code. It has: {', '.join(room.settings.site.languages)}."
        )
    order = designating.Order(
        country=country, languages=tuple(language or ()), asking=asking.value, notices=notices_in(notice or ())
    )
    if not is_dry and not is_sure:
        typer.confirm("Plans end and contacts are deleted; that cannot be undone. Do it?", abort=True, err=True)
    with terminal.steps() as step:
        report = designating.designate(
            room.folder,
            order,
            providers_of(room),
            is_dry=is_dry,
            now=datetime.now(UTC),
            progress=lambda so_far: step("Plans", so_far.tried, so_far.plans),
        )
    terminal.result(
        {"dry_run": is_dry, **dataclasses.asdict(report), "whole": report.is_whole},
        designated_words(report, is_dry=is_dry),
    )
    if not report.is_whole:
        raise typer.Exit(FINDINGS)


def notices_in(given: "list[str] | tuple[str, ...]") -> Mapping[str, str]:
    """The public notices by language, from LANGUAGE=FILE."""
    found = {}
    for one in given:
        language, _, file = one.partition("=")
        try:
            found[language] = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise RefusedError(f"The notice for {language} cannot be read; write it as LANGUAGE=FILE.") from None
    return found


def designated_words(report: "Designated", *, is_dry: bool) -> str:
    """The report for people."""
    if is_dry:
        return (
            f"Would end {report.plans:,} plans (some may have ended already) and delete {report.contacts:,} contacts, "
            f"{report.reminders:,} of them reminders, with {report.notices:,} mails that wait. Nothing was changed."
            + (f"\n{by_hand_words(report)}" if report.by_hand else "")
        )
    lines = [
        f"{report.plans:,} plans: {report.ended:,} ended now, {report.already:,} before.",
        f"{report.contacts:,} contacts are deleted, {report.reminders:,} of them reminders, and {report.notices:,} "
        "mails that waited for them.",
        "The press prints the notice and the support page anew.",
    ]
    if report.by_hand:
        lines.append(by_hand_words(report))
    if report.left:
        lines.append(f"{report.left:,} could not be done now. Run the same command again.")
    return "\n".join(lines)


def by_hand_words(report: "Designated") -> str:
    """What nobody but a person at the provider's own pages can do."""
    return (
        f"{report.by_hand:,} plans run at a provider that cannot tell a card's country (PayPal). Look through them on "
        "its own pages, and end those of the country: `stet ledger cancel UID -r other`."
    )
