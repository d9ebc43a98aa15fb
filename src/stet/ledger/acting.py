"""What the staff does at a provider: give money back, end a plan.

The rules:
 * The act is a row first, committed; then the provider is told, with the act's uid as the key; then it is asked what is
   true, and what it tells becomes facts. Cut off anywhere, the same act is finished later, and done once.
 * No more is given back than is there: facts and other acts count, under a lock.
 * What the provider refuses stays a row, says so, and is not tried again by itself.
"""

import logging
from collections.abc import Mapping
from datetime import datetime

from stet.kit.money import Money
from stet.ledger.errors import ActRefusedError, ProviderAwayError, ProviderRefusedError
from stet.ledger.models import Act, Contribution, Fact, Plan
from stet.ledger.months import month_of
from stet.ledger.providers.base import Provider
from stet.ledger.status import PlanStatus, facts_of_payments, kept, status_of_plan
from stet.ledger.taking import take_in
from stet.readers.joining import readers_transaction

log = logging.getLogger("stet.ledger")

REASONS = ("asked", "provocation", "mistake", "country", "other")
REFUSED = ProviderRefusedError.__name__


# --- Giving back ---


def refund(
    provider: Provider,
    payment: Fact,
    money: Money | None = None,
    *,
    reason: str,
    by: str,
    now: datetime,
    seen_left: int | None = None,
) -> Act:
    """Give back a payment, or the part `money` of it. Raises ActRefusedError, and what the provider raises.

    `seen_left`: how much was left of it when somebody decided; a button that is pressed twice gives back once.
    """
    if not provider.capabilities.refunds:
        raise ActRefusedError("This provider gives nothing back by itself. Send the money back as it came.")
    with readers_transaction():
        payment = Fact.objects.select_for_update().get(pk=payment.pk)
        left = left_of(payment)
        if seen_left is not None and seen_left != left:
            raise ActRefusedError("Something of this payment was given back since you looked. Look again, then decide.")
        money = money or Money(left, payment.currency)
        _refuse_bad_refund(payment, money, left, reason)
        act = Act.objects.create(
            kind=Act.Kind.REFUND, contribution=payment.contribution, plan=payment.plan, fact=payment,
            minor=money.minor, reason=reason, by=by, month=month_of(now),
        )  # fmt: skip
    carry_out(act, provider, now=now)
    return act


def left_of(payment: Fact) -> int:
    """How much of a payment can still be given back, in minor units."""
    here = kept(payment, facts_of_payments([(payment.provider, payment.provider_id)]))
    promised = sum(payment.acts.exclude(why_open=REFUSED).values_list("minor", flat=True))
    return max(min(here, payment.minor - promised), 0)


def _refuse_bad_refund(payment: Fact, money: Money, left: int, reason: str) -> None:
    if payment.kind != Fact.Kind.SETTLED:
        raise ActRefusedError("Only a payment that came in can be given back.")
    if reason not in REASONS:
        raise ActRefusedError(f"Say why, in one of these words: {', '.join(REASONS)}.")
    if money.currency != payment.currency:
        raise ActRefusedError("A payment is given back in the currency in which it came.")
    if left == 0:
        raise ActRefusedError("Nothing of this payment is left to give back.")
    if not 0 < money.minor <= left:
        raise ActRefusedError("More would be given back than is left of this payment.")


# --- Ending ---


def cancel(provider: Provider, plan: Plan, *, reason: str, by: str, now: datetime) -> Act:
    """End a plan now. Raises ActRefusedError, and what the provider raises."""
    if not provider.capabilities.recurring:
        raise ActRefusedError("This provider keeps no plans.")
    if reason not in REASONS:
        raise ActRefusedError(f"Say why, in one of these words: {', '.join(REASONS)}.")
    with readers_transaction():
        plan = Plan.objects.select_for_update().get(pk=plan.pk)
        if status_of_plan(plan) == PlanStatus.ENDED:
            raise ActRefusedError("This plan has ended already.")
        # Ordered before and cut off: the same order is finished.
        act = plan.acts.filter(kind=Act.Kind.CANCEL, done=False).first() or Act.objects.create(
            kind=Act.Kind.CANCEL, plan=plan, reason=reason, by=by, month=month_of(now)
        )
    carry_out(act, provider, now=now)
    return act


# --- At the provider ---


def carry_out(act: Act, provider: Provider, *, now: datetime) -> None:
    """Tell the provider, ask it what is true, keep that. Raises what the provider raises; the act stays open then."""
    try:
        _order(act, provider)
        began = _contribution_of(act)
        facts = provider.facts_of(began.session_id) if began and began.session_id else ()
    except (ProviderAwayError, ProviderRefusedError) as error:
        Act.objects.filter(pk=act.pk).update(why_open=type(error).__name__)
        raise
    with readers_transaction():
        take_in(facts, provider=provider.name, now=now)
        Act.objects.filter(pk=act.pk).update(done=True, why_open="")
    act.done, act.why_open = True, ""


def _order(act: Act, provider: Provider) -> None:
    if act.kind == Act.Kind.REFUND:
        assert act.fact is not None
        provider.refund(act.fact.provider_id, Money(act.minor, act.fact.currency), key=act.uid)
    else:
        assert act.plan is not None
        provider.cancel(act.plan.provider_id, key=act.uid)


def _contribution_of(act: Act) -> Contribution | None:
    """The contribution whose order the act is about: of a plan, the one that began it."""
    if act.contribution is not None:
        return act.contribution
    return act.plan.contributions.order_by("pk").first() if act.plan else None


def finish(providers: Mapping[str, Provider], *, now: datetime) -> int:
    """Carry out what was cut off; how many were. What a provider refused is left to the staff."""
    finished = 0
    for act in Act.objects.filter(done=False).exclude(why_open=REFUSED).select_related("fact", "plan", "contribution"):
        about = act.fact or act.plan
        provider = providers.get(about.provider) if about else None
        if provider is None:
            continue
        try:
            carry_out(act, provider, now=now)
            finished += 1
        except (ProviderAwayError, ProviderRefusedError) as error:
            log.warning("An order to %s stays open (%s).", provider.name, type(error).__name__)
    return finished
