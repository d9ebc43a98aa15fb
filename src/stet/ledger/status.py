"""Where a contribution or a plan stands: a function of its facts, in whatever order they came.

The rules of a contribution, the first that holds:
 * disputed: of one of its payments the bank took back more than it gave again.
 * refunded: as much went back as came in. partly_refunded: something went back.
 * settled: money came in.
 * failed: an attempt to pay failed, and no money came in.
 * expired: the page to pay on is closed, and nobody tried.
 * waiting: nothing is known yet.

The rules of a plan:
 * ended: the provider says that it collects no more. Nothing undoes that.
 * failing: a payment failed in a later month than any that came in. Time is kept by the month, so a failure and a
   payment of one month count as a failure that was mended.
 * running: everything else.

A refund or a dispute belongs to the payment that its `of` names, whatever else it says.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from stet.ledger.models import Contribution, Fact, Plan

T = TypeVar("T")

AT_ONCE = 500
"""How many numbers go into one query."""


class ContributionStatus(StrEnum):
    """Where a contribution stands."""

    WAITING = "waiting"
    SETTLED = "settled"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    FAILED = "failed"
    EXPIRED = "expired"


class PlanStatus(StrEnum):
    """Where a plan stands."""

    RUNNING = "running"
    FAILING = "failing"
    ENDED = "ended"


class Told(Protocol):
    """A fact, as far as status asks."""

    @property
    def kind(self) -> str:
        """What it says."""

    @property
    def provider_id(self) -> str:
        """The provider's number of what happened."""

    @property
    def of(self) -> str:
        """The payment that a refund or a dispute is about."""

    @property
    def minor(self) -> int:
        """The amount."""

    @property
    def month(self) -> date:
        """When."""


def contribution_status(facts: Iterable[Told]) -> ContributionStatus:
    """Where the contribution stands whose facts these are, refunds and disputes of its payments among them."""
    facts = list(facts)
    kinds = {fact.kind for fact in facts}
    payments = {fact.provider_id: fact.minor for fact in facts if fact.kind == Fact.Kind.SETTLED}
    if not payments:
        for kind, status in (
            (Fact.Kind.FAILED, ContributionStatus.FAILED),
            (Fact.Kind.ENDED, ContributionStatus.EXPIRED),
        ):
            if kind in kinds:
                return status
        return ContributionStatus.WAITING
    if any(_is_disputed(payment, facts) for payment in payments):
        return ContributionStatus.DISPUTED
    returned = sum(fact.minor for fact in facts if fact.kind == Fact.Kind.REFUNDED and fact.of in payments)
    if returned >= sum(payments.values()) and returned > 0:
        return ContributionStatus.REFUNDED
    return ContributionStatus.PARTLY_REFUNDED if returned else ContributionStatus.SETTLED


def _is_disputed(payment: str, facts: Collection[Told]) -> bool:
    disputes = sum(1 for fact in facts if fact.kind == Fact.Kind.DISPUTED and fact.of == payment)
    won = sum(1 for fact in facts if fact.kind == Fact.Kind.REINSTATED and fact.of == payment)
    return disputes > won


def plan_status(facts: Iterable[Told]) -> PlanStatus:
    """Where the plan stands whose facts these are."""
    months: dict[str, date] = {}
    for fact in facts:
        months[fact.kind] = max(fact.month, months.get(fact.kind, date.min))
    if Fact.Kind.ENDED in months:
        return PlanStatus.ENDED
    last_failed, last_settled = months.get(Fact.Kind.FAILED), months.get(Fact.Kind.SETTLED)
    is_failing = last_failed is not None and (last_settled is None or last_failed > last_settled)
    return PlanStatus.FAILING if is_failing else PlanStatus.RUNNING


def kept(payment: Told, facts: Iterable[Told]) -> int:
    """How much of a payment is here, in minor units: what came in, less what went back or is disputed."""
    facts = list(facts)
    if _is_disputed(payment.provider_id, facts):
        return 0
    returned = (one.minor for one in facts if one.kind == Fact.Kind.REFUNDED and one.of == payment.provider_id)
    return max(payment.minor - sum(returned), 0)


# --- From rows ---


def facts_about(contribution: Contribution) -> list[Fact]:
    """The contribution's facts, with all refunds and disputes of its payments, the oldest row first."""
    return facts_of_contributions([contribution])[contribution.pk]


def facts_of_contributions(contributions: Collection[Contribution]) -> dict[int, list[Fact]]:
    """The facts of each, with all refunds and disputes of its payments, the oldest row first."""
    found: dict[int, dict[int, Fact]] = {one.pk: {} for one in contributions}
    owners: dict[tuple[str, str], int] = {}
    for pks in _in_portions(found):
        for fact in Fact.objects.filter(contribution__in=pks):
            assert fact.contribution_id is not None
            found[fact.contribution_id][fact.pk] = fact
            if fact.kind == Fact.Kind.SETTLED:
                owners[fact.provider, fact.provider_id] = fact.contribution_id
    for fact in facts_of_payments(owners):
        found[owners[fact.provider, fact.of]][fact.pk] = fact
    return {pk: [facts[key] for key in sorted(facts)] for pk, facts in found.items()}


def facts_of_payments(payments: Iterable[tuple[str, str]]) -> list[Fact]:
    """Refunds, disputes and reinstatements of payments, each named by its provider and number."""
    by_provider: dict[str, list[str]] = defaultdict(list)
    for provider, number in payments:
        by_provider[provider].append(number)
    return [
        fact
        for provider, numbers in by_provider.items()
        for portion in _in_portions(numbers)
        for fact in Fact.objects.filter(provider=provider, of__in=portion).exclude(of="").order_by("pk")
    ]


def _in_portions(items: Iterable[T]) -> Iterable[list[T]]:
    items = list(items)
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))


def statuses(contributions: Collection[Contribution]) -> dict[int, ContributionStatus]:
    """Where each contribution stands, by its primary key."""
    return {pk: contribution_status(facts) for pk, facts in facts_of_contributions(contributions).items()}


def status_of(contribution: Contribution) -> ContributionStatus:
    """Where the contribution stands."""
    return contribution_status(facts_about(contribution))


def plan_statuses(plans: Collection[Plan]) -> dict[int, PlanStatus]:
    """Where each plan stands, by its primary key."""
    found: dict[int, list[Fact]] = {one.pk: [] for one in plans}
    for pks in _in_portions(found):
        for fact in Fact.objects.filter(plan__in=pks):
            assert fact.plan_id is not None
            found[fact.plan_id].append(fact)
    return {pk: plan_status(facts) for pk, facts in found.items()}


def status_of_plan(plan: Plan) -> PlanStatus:
    """Where the plan stands."""
    return plan_statuses([plan])[plan.pk]
