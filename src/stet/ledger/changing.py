"""How somebody who gives regularly changes that or ends it, with the address they gave for receipts.

The rules:
 * Whoever has the mailbox gets a link for each plan that runs; nobody else learns whether there is one.
 * Where the provider has a page for it, that page does everything. Where it has none, the plan can be ended here.
 * An end is noted first, then ordered with the note's uid as the key: ordered again, it is the same order. That the
   plan has ended is true once the provider tells the fact.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from stet.kit.money import Money
from stet.ledger import posting
from stet.ledger.models import Act, Contact, Fact, Plan
from stet.ledger.months import month_of
from stet.ledger.providers.base import Provider
from stet.readers.addresses import Address
from stet.readers.apps import DATABASE
from stet.readers.joining import count_form
from stet.readers.keys import ReaderKeys

GIVER = "giver"
"""Who did it, in the ledger's acts; no account of the office is called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningPlan:
    """A plan as its giver sees it."""

    uid: UUID
    provider: str
    customer_id: str
    interval: str
    money: Money
    language: str
    has_ended: bool
    """It has ended, or its end was ordered."""


def ask_links(address: Address, *, keys: ReaderKeys, now: datetime) -> None:
    """Owe a mail with a link for each running plan of `address`; answers nothing, whoever it is."""
    lookup = keys.lookup.of(address)
    with transaction.atomic(using=DATABASE):
        count_form(now)
        for plan in _running_of(lookup):
            posting.owe_portal(plan, now=now)


def plan_behind(notice: UUID, *, now: datetime) -> RunningPlan | None:
    """The plan that a mailed link is about; None where the link is too old or the plan is not there."""
    plan = posting.plan_of_portal(notice, now=now)
    if plan is None:
        return None
    return RunningPlan(
        uid=plan.uid,
        provider=plan.provider,
        customer_id=plan.customer_id,
        interval=plan.interval,
        money=Money(plan.minor, plan.currency),
        language=plan.language,
        has_ended=plan.facts.filter(kind=Fact.Kind.ENDED).exists() or plan.acts.filter(done=True).exists(),
    )


def end(plan: UUID, *, provider: Provider, now: datetime) -> None:
    """End a plan because its giver wants it. Raises ProviderAwayError or ProviderRefusedError."""
    with transaction.atomic(using=DATABASE):
        row = Plan.objects.select_for_update().get(uid=plan)
        act, _ = Act.objects.get_or_create(
            kind=Act.Kind.CANCEL,
            plan=row,
            by=GIVER,
            defaults={"reason": "asked", "month": month_of(now)},
        )
    if not act.done:
        provider.cancel(row.provider_id, key=act.uid)
        Act.objects.filter(pk=act.pk).update(done=True)


def _running_of(lookup: bytes) -> list[Plan]:
    receipts = Contact.Purpose.RECEIPTS
    own = Q(contact__lookup=lookup, contact__purpose=receipts)
    begun = Q(contributions__contact__lookup=lookup, contributions__contact__purpose=receipts)
    return list(Plan.objects.filter(own | begun).exclude(facts__kind=Fact.Kind.ENDED).distinct().order_by("pk"))
