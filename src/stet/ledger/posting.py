"""Mails that givers are owed, where they gave an address for them.

The rules:
 * A payment that came in: one receipt. A first payment that failed: none, for whoever tried is at the page still.
 * A plan whose payment failed: a mail with the link to mend it, at most three while it goes on failing. None once a
   payment of the same month came in, none where the plan has ended, none while one is waiting to be sent.
 * The link to change or end a plan: asked for, at most once a day.
 * What a provider tells late (an import, a comparison) makes no mail about months gone by.
 * A mail is known by what it is about; told again, nothing follows.

What a mail says is the mailroom's. What its link shows is asked here: for thirty days, for a link that was asked for
three.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max

from stet.kit.money import Money
from stet.ledger.contacts import MAILS, NOTICE_DAYS, about_of, contact_of, contact_of_plan, keep_for, let_go_of, owe
from stet.ledger.models import Contribution, Fact, Interval, Plan
from stet.ledger.months import month_of
from stet.readers.models import Notice

MOST_FAILED_MAILS = 3
"""How many mails say that a plan's payment failed, until one comes in again."""
PORTAL_DAYS = 3
"""How long a link that was asked for is good: past a weekend and a mail server that puts strangers off."""


def after_facts(facts: Sequence[Fact], *, now: datetime) -> None:
    """Owe the mails that follow from new facts. Inside the transaction that takes them in."""
    for fact in facts:
        match fact.kind:
            case Fact.Kind.SETTLED:
                owe_receipt(fact, now=now)
            case Fact.Kind.FAILED:
                owe_failed(fact, now=now)
            case Fact.Kind.ENDED if fact.plan is not None and (contact := contact_of_plan(fact.plan)):
                let_go_of(contact, now=now)


def owe_receipt(fact: Fact, *, now: datetime) -> None:
    """A payment came in: one receipt, where there is an address for it, which is then kept for the next payment too."""
    contact = contact_of(fact)
    if contact is None:
        return
    if fact.plan is not None:
        keep_for(fact.plan, contact, now=now)
    if _is_recent(fact.month, now):
        owe(contact, Notice.Kind.RECEIPT, fact.uid, now=now)


def owe_failed(fact: Fact, *, now: datetime) -> None:
    """A payment of a plan failed: a mail to mend it, unless there were three, or one is still to be sent."""
    plan = fact.plan
    if plan is None or fact.contribution_id is not None or not _is_recent(fact.month, now):
        return
    contact = contact_of_plan(plan)
    failed = _failed_since_last_payment(plan)
    if contact is None or fact.uid not in failed or len(failed) > MOST_FAILED_MAILS:
        return
    waiting = Notice.objects.filter(kind=Notice.Kind.PAYMENT_FAILED, about__in=failed, state=Notice.State.WAITING)
    if not waiting.exists():
        owe(contact, Notice.Kind.PAYMENT_FAILED, fact.uid, now=now)


def _failed_since_last_payment(plan: Plan) -> list[UUID]:
    """The failures of months after the last one with a payment; none where the plan has ended.

    Time is kept by the month, and facts come in any order: a failure and a payment of one month are one that was
    mended.
    """
    facts = Fact.objects.filter(plan=plan)
    if facts.filter(kind=Fact.Kind.ENDED).exists():
        return []
    paid: date | None = facts.filter(kind=Fact.Kind.SETTLED).aggregate(last=Max("month"))["last"]
    failed = facts.filter(kind=Fact.Kind.FAILED)
    return list((failed.filter(month__gt=paid) if paid else failed).values_list("uid", flat=True))


def _is_recent(month: date, now: datetime) -> bool:
    """Whether this is the month of `now` or the one before."""
    return month >= month_of(month_of(now) - timedelta(days=1))


def owe_portal(plan: Plan, *, now: datetime) -> None:
    """Owe the mail with the link to change or end `plan`, once a day. Inside the caller's transaction."""
    contact = contact_of_plan(plan)
    if contact is None:
        return
    asked = Notice.objects.filter(kind=Notice.Kind.PORTAL, about=plan.uid).first()
    if asked is not None:
        if asked.state == Notice.State.WAITING or asked.asked.date() >= now.date():
            return
        asked.delete()
    owe(contact, Notice.Kind.PORTAL, plan.uid, now=now)


# --- What the links lead to ---


def plan_of_portal(notice: UUID, *, now: datetime) -> Plan | None:
    """The plan that a mail's link is about; None where the link is too old or nothing is there any more."""
    found = _mail(notice, now)
    if found is None:
        return None
    if found.kind == Notice.Kind.PORTAL:
        return Plan.objects.filter(uid=about_of(found)).first()
    fact = Fact.objects.select_related("plan", "contribution__plan").filter(uid=about_of(found)).first()
    return _plan_of(fact) if fact else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A payment, as the one who made it is shown it."""

    money: Money
    month: date
    interval: str
    language: str
    number: str
    """What it is called when somebody asks about it."""
    has_plan: bool


def receipt_behind(notice: UUID, *, now: datetime) -> Receipt | None:
    """What a receipt's link shows; None where the link is too old."""
    found = _mail(notice, now)
    if found is None or found.kind != Notice.Kind.RECEIPT:
        return None
    fact = Fact.objects.select_related("plan", "contribution__plan").filter(uid=about_of(found)).first()
    if fact is None:
        return None
    plan = _plan_of(fact)
    return Receipt(
        money=Money(fact.minor, fact.currency),
        month=fact.month,
        interval=plan.interval if plan else Interval.ONCE,
        language=found.language,
        number=number_of(fact),
        has_plan=plan is not None,
    )


def number_of(fact: Fact) -> str:
    """A payment's number, for people: the beginning of our uid of what it belongs to."""
    owner: Contribution | Plan | None = fact.contribution or fact.plan
    return str(owner.uid)[:8].upper() if owner else ""


def _mail(uid: UUID, now: datetime) -> Notice | None:
    found = Notice.objects.filter(uid=uid, kind__in=MAILS).first()
    if found is None:
        return None
    days = PORTAL_DAYS if found.kind == Notice.Kind.PORTAL else NOTICE_DAYS
    return found if found.asked > now - timedelta(days=days + 1) else None


def _plan_of(fact: Fact) -> Plan | None:
    return fact.plan or (fact.contribution.plan if fact.contribution else None)
