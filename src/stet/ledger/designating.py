"""The designation switch: what is done on the day on which giving to the newsroom becomes a crime somewhere.

The rules, in this order:
 1. Asking stops: a file says so, which the press prints: the support page in these languages is closed, or opens with
    the warning; with it goes a public notice.
 2. Contacts and reminders in these languages are deleted, with the mails that still wait for them: whoever is searched
    gets no mail from the newsroom any more.
 3. Plans that are paid with cards of the country are ended. Which these are, each provider is asked live; nothing here
    holds the country of a card, and the rows of what was done say no reason that would tell. A provider that cannot
    tell is not waited for: the report says how many plans run there, for somebody to look at its own pages.

It is tried first: a dry run counts and changes nothing. Cut off, it goes on where it was: what is done is not done
twice, and what a provider could not do is left, said, and done by the next run. The report is counts only.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal
from uuid import NAMESPACE_URL, uuid5

import msgspec

from stet.ledger import acting, keeping
from stet.ledger.errors import ActRefusedError, ProviderAwayError, ProviderRefusedError
from stet.ledger.files import put_json
from stet.ledger.models import Contact, Designation, Fact, Plan
from stet.ledger.months import month_of
from stet.ledger.providers.base import Provider
from stet.ledger.status import PlanStatus, status_of_plan
from stet.readers.erasing import wipe_traces
from stet.readers.joining import readers_transaction

log = logging.getLogger("stet.ledger")

PLACE = Path("data") / "designation.json"
AT_ONCE = 500
REASON, BY = "other", "stet ledger"
"""What the rows of ended plans say: nothing that tells a designation from a plan that somebody asked to end."""

Asking = Literal["closed", "warning"]


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """One designation, as the press reads it."""

    country: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]
    languages: tuple[str, ...]
    asking: Asking
    """What becomes of the support page in these languages."""
    month: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}$")]
    notices: dict[str, str]
    """A public notice by language, as the newsroom wrote it; the theme has one of its own for the others."""


class DesignationFile(msgspec.Struct, frozen=True, kw_only=True):
    """All designations."""

    version: Literal[1]
    designations: tuple[Stopped, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be done."""

    country: str
    languages: tuple[str, ...]
    asking: Asking = "closed"
    notices: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Report:
    """Counts of what was done, or would be."""

    plans: int = 0
    """Plans of the country that the providers told."""
    ended: int = 0
    already: int = 0
    """Had ended before."""
    left: int = 0
    """Could not be ended now; run it again."""
    by_hand: int = 0
    """Plans of ours that still run at providers that cannot tell a card's country: somebody looks there."""
    contacts: int = 0
    reminders: int = 0
    notices: int = 0
    """Mails that were owed."""

    @property
    def tried(self) -> int:
        """Plans that were looked at until now."""
        return self.ended + self.already + self.left

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to do."""
        return not self.left


def designate(
    folder: Path,
    order: Order,
    providers: Mapping[str, Provider],
    *,
    is_dry: bool,
    now: datetime,
    progress: Callable[[Report], None] = lambda _: None,
) -> Report:
    """Do it, or with `is_dry` count what it would come to. `folder` is the newsroom's."""
    report = Report()
    if is_dry:
        _count(order, report)
        for _provider, _number in _plans(order, providers, report):
            progress(report)
        return report
    row = _begun(order, now)
    stop_asking(folder, order, now)
    _purge(order, report)
    for provider, number in _plans(order, providers, report):
        _end(provider, number, report, now)
        progress(report)
    wipe_traces()
    _keep(row, report)
    return report


def _begun(order: Order, now: datetime) -> Designation:
    """The row of this run: that of one that was cut off, or a new one."""
    found = Designation.objects.filter(country=order.country, ended=None).order_by("-pk").first()
    return found or Designation.objects.create(country=order.country, languages=list(order.languages), began=now)


def _keep(row: Designation, report: Report) -> None:
    """Add what this run did to what earlier ones did; with nothing left, the designation has ended."""
    adds = ("ended", "contacts", "reminders", "notices")
    before = row.report or {}
    row.report = {name: count + (before.get(name, 0) if name in adds else 0) for name, count in asdict(report).items()}
    row.ended = datetime.now(UTC) if report.is_whole else None
    row.save(update_fields=["report", "ended"])


# --- 1. Asking stops ---


def read_designations(folder: Path) -> DesignationFile:
    """What stands in the file; nothing, where there is none."""
    try:
        return msgspec.json.decode((folder / PLACE).read_bytes(), type=DesignationFile)
    except FileNotFoundError:
        return DesignationFile(version=1, designations=())


def stop_asking(folder: Path, order: Order, now: datetime) -> None:
    """Write what the press prints. One of the same country is replaced; its month stays."""
    before = read_designations(folder).designations
    same = next((one for one in before if one.country == order.country), None)
    stopped = Stopped(
        country=order.country,
        languages=order.languages,
        asking=order.asking,
        month=same.month if same else f"{month_of(now):%Y-%m}",
        notices=dict(order.notices),
    )
    others = tuple(one for one in before if one.country != order.country)
    put_json(folder / PLACE, DesignationFile(version=1, designations=(*others, stopped)))


# --- 2. Nobody gets mail ---


def _count(order: Order, report: Report) -> None:
    contacts = Contact.objects.filter(language__in=order.languages)
    report.contacts = contacts.count()
    report.reminders = contacts.filter(purpose=Contact.Purpose.REMINDER).count()
    report.notices = len(keeping.owed(_lookups(order)))


def _purge(order: Order, report: Report) -> None:
    with readers_transaction():
        _count(order, report)
        # Of whoever is among them, contacts in other languages go too.
        lookups = _lookups(order)
        for start in range(0, len(lookups), AT_ONCE):
            keeping.forget(lookups[start : start + AT_ONCE])


def _lookups(order: Order) -> list[bytes]:
    found = Contact.objects.filter(language__in=order.languages).values_list("lookup", flat=True)
    return sorted({bytes(lookup) for lookup in found})


# --- 3. Plans end ---


def _plans(order: Order, providers: Mapping[str, Provider], report: Report) -> Iterator[tuple[Provider, str]]:
    """Plans of the country, asked live. What a provider that goes away did not tell is left to the next run."""
    for provider in providers.values():
        if not provider.capabilities.recurring:
            continue
        if not provider.capabilities.finds_countries:
            report.by_hand += running_plans(provider.name)
            continue
        told: list[str] = []
        try:
            # All of them first: a list that shrinks while it is read in pages skips some.
            for number in provider.plans_of_country(order.country):
                told.append(number)
        except (ProviderAwayError, ProviderRefusedError) as error:
            log.warning("%s did not tell all plans (%s).", provider.name, type(error).__name__)
            report.left += 1
        report.plans += len(told)
        for number in told:
            yield provider, number


def running_plans(provider: str) -> int:
    """How many plans run at a provider, as far as is known here."""
    return Plan.objects.filter(provider=provider).exclude(facts__kind=Fact.Kind.ENDED).count()


def _end(provider: Provider, number: str, report: Report, now: datetime) -> None:
    plan = Plan.objects.filter(provider=provider.name, provider_id=number).select_related("contact").first()
    try:
        if plan is None:
            # The provider's account holds a plan that is not ours to know: it is ended all the same, once.
            provider.cancel(number, key=uuid5(NAMESPACE_URL, f"stet:plan:{provider.name}:{number}"))
        elif status_of_plan(plan) == PlanStatus.ENDED:
            report.already += 1
            return
        else:
            acting.cancel(provider, plan, reason=REASON, by=BY, now=now)
            if plan.contact is not None:
                report.contacts += keeping.forget([bytes(plan.contact.lookup)])
        report.ended += 1
    except ActRefusedError:
        report.already += 1
    except (ProviderAwayError, ProviderRefusedError) as error:
        log.warning("A plan of %s was not ended (%s).", provider.name, type(error).__name__)
        report.left += 1
