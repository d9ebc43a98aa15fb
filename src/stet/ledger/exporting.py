"""The ledger for the books: facts and plans as CSV.

The rules:
 * One line a fact, or a plan. Amounts are decimal strings, months the only time.
 * No address is in it. Plans can be had with the addresses that were given for them, for moving to another provider:
   that needs the opening key, and is asked for by name.
"""

import csv
from collections.abc import Iterator
from datetime import date
from typing import Protocol, TextIO
from uuid import UUID

from stet.kit.money import Money, write_decimal
from stet.ledger.models import Contact, Fact, Plan
from stet.ledger.status import plan_statuses
from stet.readers.addresses import Address

FACT_COLUMNS = (
    "month", "kind", "amount", "currency", "provider", "provider_id", "of", "interval", "campaign", "language",
    "contribution", "plan", "why",
)  # fmt: skip
PLAN_COLUMNS = (
    "month", "status", "interval", "amount", "currency", "provider", "provider_id", "customer_id", "campaign",
    "language", "plan",
)  # fmt: skip
ADDRESS_COLUMN = "address"


class ContactOpener(Protocol):
    """What opens sealed addresses."""

    def open(self, sealed: bytes, *, uid: UUID) -> Address:
        """The address."""


def export_facts(into: TextIO, *, since: date | None = None, until: date | None = None) -> int:
    """Write facts, those of months from `since` to `until`; how many."""
    facts = Fact.objects.select_related("contribution", "plan").order_by("month", "pk")
    if since:
        facts = facts.filter(month__gte=since.replace(day=1))
    if until:
        facts = facts.filter(month__lte=until)
    return _write(into, FACT_COLUMNS, (_fact_line(fact) for fact in facts.iterator(chunk_size=1000)))


def _fact_line(fact: Fact) -> tuple[str, ...]:
    about = fact.contribution or fact.plan
    assert about is not None
    return (
        f"{fact.month:%Y-%m}",
        fact.kind,
        decimal(fact.minor, fact.currency),
        fact.currency,
        fact.provider,
        fact.provider_id,
        fact.of,
        about.interval,
        about.campaign,
        about.language,
        str(fact.contribution.uid) if fact.contribution else "",
        str(fact.plan.uid) if fact.plan else "",
        fact.why,
    )


def export_plans(into: TextIO, *, opener: ContactOpener | None = None) -> int:
    """Write plans; with `opener`, with the addresses that were given for them. How many."""
    plans = list(Plan.objects.select_related("contact").order_by("pk"))
    statuses = plan_statuses(plans)
    columns = PLAN_COLUMNS if opener is None else (*PLAN_COLUMNS, ADDRESS_COLUMN)
    return _write(into, columns, (_plan_line(plan, statuses[plan.pk], opener) for plan in plans))


def _plan_line(plan: Plan, status: str, opener: ContactOpener | None) -> tuple[str, ...]:
    line = (
        f"{plan.month:%Y-%m}",
        status,
        plan.interval,
        decimal(plan.minor, plan.currency),
        plan.currency,
        plan.provider,
        plan.provider_id,
        plan.customer_id,
        plan.campaign,
        plan.language,
        str(plan.uid),
    )
    return line if opener is None else (*line, _address(plan.contact, opener))


def _address(contact: Contact | None, opener: ContactOpener) -> str:
    return opener.open(bytes(contact.sealed), uid=contact.uid).text if contact else ""


def decimal(minor: int, currency: str) -> str:
    """An amount as a decimal string; "" for a fact without one."""
    return write_decimal(Money(minor, currency)) if currency else ""


def _write(into: TextIO, columns: tuple[str, ...], lines: Iterator[tuple[str, ...]]) -> int:
    writer = csv.writer(into, lineterminator="\n")
    writer.writerow(columns)
    count = 0
    for line in lines:
        writer.writerow(line)
        count += 1
    return count
