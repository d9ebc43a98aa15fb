"""What a provider tells becomes rows: deliveries into the inbox, facts into the ledger.

The rules:
 * A delivery is one row however often it comes. It is sealed, and points at something; what is true, the provider is
   asked for (`stet.ledger.working`).
 * A fact is one row, known by the provider's own number. Told again it changes nothing; told with another amount, the
   row stays as it is and a difference is written down.
 * A contribution is found by the uid that the provider was given, a plan by the provider's number of it, the payment
   of a refund by its number. Nothing is ever looked up by what may be empty.
 * An amount below zero is no fact: it is a difference.
 * What belongs to nothing here is a difference, never lost and never attached to something else.
 * A plan is made when it is first told of, with the language, the campaign and the contact of the contribution that
   began it; its amount and interval are the provider's, as last told.

Taking in happens inside the caller's transaction, so that facts and "done" are one step. Each order of deliveries, with
any number of repetitions, ends in the same rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from stet.kit.money import Money
from stet.ledger import posting
from stet.ledger.models import Contribution, Difference, Fact, Inbox, Plan, ReconcileRun
from stet.ledger.months import midnight_of, month_of
from stet.ledger.providers.base import Delivery, FactTold, PlanTold, Provider
from stet.readers.joining import readers_transaction


class BytesSealer(Protocol):
    """What seals a delivery's body."""

    def seal_bytes(self, content: bytes) -> bytes:
        """The bytes, sealed."""


# --- Into the inbox ---


def receive(provider: Provider, delivery: Delivery, body: bytes, *, sealer: BytesSealer, now: datetime) -> bool:
    """Keep a proved delivery; whether it is a new one. What is of no concern is kept too, and is done at once."""
    row = Inbox(
        provider=provider.name,
        event_id=delivery.event_id,
        sealed=sealer.seal_bytes(body),
        reference=delivery.reference,
        came=now.date(),
        done=not delivery.reference,
        next_try=midnight_of(now.date()),
    )
    with readers_transaction():
        if Inbox.objects.filter(provider=row.provider, event_id=row.event_id).exists():
            return False
        Inbox.objects.bulk_create([row], ignore_conflicts=True)
    return True


# --- Into the ledger ---


@dataclass(slots=True)
class Taken:
    """What came of the facts that were told."""

    new: list[Fact] = field(default_factory=list)
    differing: list[FactTold] = field(default_factory=list)
    """Told with another amount than the row has."""
    unknown: list[FactTold] = field(default_factory=list)
    """Of no contribution or plan of ours."""


def take_in(facts: Sequence[FactTold], *, provider: str, now: datetime) -> int:
    """Keep what is told, each fact once; how many were new. Inside the caller's transaction."""
    return len(take(facts, provider=provider, now=now).new)


def take(facts: Sequence[FactTold], *, provider: str, now: datetime, run: ReconcileRun | None = None) -> Taken:
    """The same, and what differs or belongs to nothing; `run` is the comparison that told of it."""
    taken = Taken()
    with readers_transaction():
        known = _known_rows(facts, provider)
        # Payments before what gives them back, so that a refund finds its payment.
        for told in sorted(facts, key=lambda one: bool(one.of)):
            _take_one(told, known, provider, taken)
        for told in taken.unknown:
            note(Difference.Kind.UNKNOWN, told, provider=provider, run=run)
        for told in taken.differing:
            note(Difference.Kind.AMOUNT, told, provider=provider, run=run)
        if taken.new:
            _mend_unknown(taken.new, provider)
            posting.after_facts(taken.new, now=now)
    return taken


Rows = dict[tuple[str, str], Fact]
"""Facts by kind and number."""


def _known_rows(facts: Sequence[FactTold], provider: str) -> Rows:
    """Rows of these facts that are there already. The rows they belong to are locked until the transaction ends."""
    uids = {uid for told in facts for uid in (told.uid, told.plan and told.plan.uid) if uid}
    # Evaluated for the lock alone, in one order, so that two workers never wait for each other.
    list(Contribution.objects.select_for_update().filter(uid__in=uids).order_by("pk").values_list("pk"))
    numbers = {told.provider_id for told in facts}
    return {(row.kind, row.provider_id): row for row in Fact.objects.filter(provider=provider, provider_id__in=numbers)}


def _take_one(told: FactTold, known: Rows, provider: str, taken: Taken) -> None:
    if told.money is not None and told.money.minor < 0:
        taken.differing.append(told)
        return
    plan = _plan_of(told.plan, told.plan.uid or told.uid, provider) if told.plan else None
    row = known.get((told.kind, told.provider_id))
    if row is None:
        row, is_new = _row_of(told, plan, provider)
        if row is None:
            taken.unknown.append(told)
            return
        known[told.kind, told.provider_id] = row
        if is_new:
            taken.new.append(row)
            return
    if (row.minor, row.currency) != _amount(told):
        taken.differing.append(told)


def _row_of(told: FactTold, plan: Plan | None, provider: str) -> tuple[Fact | None, bool]:
    """The row of a fact, made where it is not there; None where nothing is known that it could belong to."""
    contribution = None
    if told.uid is not None and (told.plan is None or told.is_first):
        contribution = Contribution.objects.filter(uid=told.uid, provider=provider).first()
    if contribution is None and plan is None and told.of:
        payment = Fact.objects.filter(provider=provider, kind=Fact.Kind.SETTLED, provider_id=told.of).first()
        contribution, plan = (payment.contribution, payment.plan) if payment else (None, None)
    if contribution is None and plan is None:
        return None, False
    minor, currency = _amount(told)
    return Fact.objects.get_or_create(
        provider=provider,
        kind=told.kind,
        provider_id=told.provider_id,
        defaults={
            "contribution": contribution,
            "plan": plan,
            "of": told.of,
            "minor": minor,
            "currency": currency,
            "month": month_of(told.month),
            "why": told.why[:40],
        },
    )


def _plan_of(told: PlanTold, uid: UUID | None, provider: str) -> Plan | None:
    """The row of a plan, made where it is first told of; None where no contribution of ours began it."""
    plan = Plan.objects.filter(provider=provider, provider_id=told.provider_id).first()
    began = Contribution.objects.filter(uid=uid, provider=provider).first() if uid is not None else None
    if plan is None:
        if began is None:
            return None
        plan, _is_new = Plan.objects.get_or_create(
            provider=provider,
            provider_id=told.provider_id,
            defaults={
                "customer_id": told.customer_id,
                "interval": told.interval,
                "minor": told.money.minor,
                "currency": told.money.currency,
                "campaign": began.campaign,
                "language": began.language,
                "month": began.month,
                "contact_id": began.contact_id,
            },
        )
    _follow(plan, told)
    if began is not None and began.plan_id is None:
        began.plan = plan
        began.save(update_fields=["plan"])
    return plan


def _follow(plan: Plan, told: PlanTold) -> None:
    """Let the row say what the provider says now."""
    said = (told.customer_id or plan.customer_id, told.interval, *told.money)
    if said != (plan.customer_id, plan.interval, plan.minor, plan.currency):
        plan.customer_id, plan.interval, plan.minor, plan.currency = said
        plan.save(update_fields=["customer_id", "interval", "minor", "currency"])


def _amount(told: FactTold) -> Money:
    return told.money or Money(0, "")


# --- Differences ---


def note(
    kind: Difference.Kind, told: FactTold, *, provider: str, run: ReconcileRun | None, is_mended: bool = False
) -> Difference:
    """Write down what differs, once however often it is seen. One that told another amount is open again."""
    minor, currency = _amount(told)
    return write_down(
        Difference(
            run=run, provider=provider, kind=kind, fact_kind=told.kind, provider_id=told.provider_id, minor=minor,
            currency=currency, month=month_of(told.month), mended=is_mended,
        )
    )  # fmt: skip


def write_down(difference: Difference) -> Difference:
    """Keep a difference, in the row that there may be of it already."""
    row, is_new = Difference.objects.get_or_create(
        provider=difference.provider,
        kind=difference.kind,
        fact_kind=difference.fact_kind,
        provider_id=difference.provider_id,
        defaults={name: getattr(difference, name) for name in ("run", "minor", "currency", "month", "mended")},
    )
    if is_new:
        return row
    if (row.minor, row.currency) != (difference.minor, difference.currency):
        row.settled_by = ""
    row.run = difference.run or row.run
    row.minor, row.currency, row.month = difference.minor, difference.currency, difference.month
    row.mended = difference.mended
    row.save()
    return row


def _mend_unknown(facts: Iterable[Fact], provider: str) -> None:
    """What belonged to nothing and now belongs to something is no difference any more."""
    numbers = {fact.provider_id for fact in facts}
    unknown = Difference.objects.filter(
        provider=provider, kind=Difference.Kind.UNKNOWN, provider_id__in=numbers, mended=False
    )
    kinds = {(fact.kind, fact.provider_id) for fact in facts}
    mended = [row.pk for row in unknown if (row.fact_kind, row.provider_id) in kinds]
    Difference.objects.filter(pk__in=mended).update(mended=True)
