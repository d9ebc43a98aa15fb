"""Contributions and plans as pages show them: found by a number, and as a line of what happened.

Nothing here says who gave: there is no name, and the sealed address is not read. The month is as exact as time gets.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from stet.kit.money import Money
from stet.ledger import acting
from stet.ledger.models import Act, Contribution, Fact, Plan
from stet.ledger.providers.references import references_in, shown
from stet.ledger.status import PlanStatus, facts_about, facts_of_payments, kept, statuses
from stet.ledger.status import contribution_status as status_of_facts
from stet.ledger.status import plan_status as plan_status_of_facts
from stet.office import giving_words, moments, naming
from stet.office.dashboards import dashboard_url

MOST_FOUND = 20
MOST_LETTERS = 255
_UID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")


# --- Copy ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A contribution or a plan in a list."""

    path: str
    is_plan: bool
    provider: str
    interval: str
    amount: str
    month: date
    state_words: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened, or that somebody of the staff ordered."""

    month: date
    words: str
    tone: str
    amount: str = ""
    number: str = ""
    """The provider's."""
    note: str = ""
    link: str = ""
    """The provider's page about it."""
    refund_path: str = ""
    """Where it is given back, if something of it is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One contribution or plan."""

    line: Line
    uid: str
    campaign: str
    language_name: str
    reference: str
    """What is written on a bank transfer."""
    session_id: str
    steps: tuple[Step, ...]
    link: str
    other: Line | None
    """The plan that a contribution began, or the contribution that began a plan."""
    end_path: str
    """Where the plan is ended, if it runs."""

    @property
    def others(self) -> tuple[Line, ...]:
        """`other` as a list of one or none."""
        return (self.other,) if self.other else ()


# --- Finding ---


def find(text: str) -> tuple[Line, ...]:
    """Contributions and plans with this number: ours, the provider's, or what stands on a bank transfer."""
    number = text.strip()[:MOST_LETTERS]
    if not number:
        return ()
    facts = Fact.objects.filter(Q(provider_id=number) | Q(of=number))[: MOST_FOUND * 5]
    of_contribution = Q(session_id=number) | Q(reference__in=references_in(number) or [number])
    of_plan = Q(provider_id=number) | Q(customer_id=number)
    if _UID.fullmatch(number):
        of_contribution |= Q(uid=UUID(number))
        of_plan |= Q(uid=UUID(number))
    of_contribution |= Q(pk__in={fact.contribution_id for fact in facts})
    of_plan |= Q(pk__in={fact.plan_id for fact in facts if fact.contribution_id is None})
    contributions = Contribution.objects.filter(of_contribution).order_by("-pk")[:MOST_FOUND]
    plans = Plan.objects.filter(of_plan).order_by("-pk")[:MOST_FOUND]
    return (*contribution_lines(contributions), *(plan_line(plan) for plan in plans))


def contribution_lines(rows: Iterable[Contribution]) -> list[Line]:
    """Contributions in a list."""
    rows = list(rows)
    known = statuses(rows)
    return [_contribution_line(row, known[row.pk]) for row in rows]


def plan_line(plan: Plan) -> Line:
    """A plan in a list."""
    return _plan_line(plan, plan_status_of_facts(plan.facts.all()))


def _contribution_line(row: Contribution, status: str) -> Line:
    words, tone = giving_words.status(status)
    return Line(
        path=reverse("office:giving_contribution", args=[row.uid]), is_plan=False,
        provider=giving_words.provider_name(row.provider), interval=giving_words.interval_name(row.interval),
        amount=moments.money(Money(row.minor, row.currency)), month=row.month, state_words=words, tone=tone,
    )  # fmt: skip


def _plan_line(plan: Plan, status: str) -> Line:
    words, tone = giving_words.status(status)
    return Line(
        path=reverse("office:giving_plan", args=[plan.uid]), is_plan=True,
        provider=giving_words.provider_name(plan.provider), interval=giving_words.interval_name(plan.interval),
        amount=moments.money(Money(plan.minor, plan.currency)), month=plan.month, state_words=words, tone=tone,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrder:
    """Something that somebody ordered and that is not carried out."""

    path: str
    words: str
    state: str
    tone: str


def open_orders() -> list[OpenOrder]:
    """The newest orders that are open or refused."""
    made = []
    for act in Act.objects.filter(done=False).select_related("contribution", "plan").order_by("-pk")[:MOST_FOUND]:
        state, tone = giving_words.act_state(is_done=False, why_open=act.why_open)
        if act.contribution is not None:
            path = reverse("office:giving_contribution", args=[act.contribution.uid])
        else:
            assert act.plan is not None
            path = reverse("office:giving_plan", args=[act.plan.uid])
        made.append(OpenOrder(path=path, words=giving_words.act_name(act.kind, act.by), state=state, tone=tone))
    return made


# --- One of them ---


def contribution_page(row: Contribution) -> Page:
    """A contribution with its facts and what was ordered."""
    facts = facts_about(row)
    payments = {fact.pk for fact in facts if fact.kind == Fact.Kind.SETTLED}
    acts = Act.objects.filter(Q(contribution=row) | Q(fact__in=payments)).select_related("fact")
    return Page(
        line=_contribution_line(row, status_of_facts(facts)),
        uid=str(row.uid),
        campaign=giving_words.campaign_name(row.campaign),
        language_name=naming.language_name(row.language),
        reference=shown(row.reference),
        session_id=row.session_id,
        steps=_steps(facts, acts, is_plan=False, session_id=row.session_id),
        link="",
        other=plan_line(row.plan) if row.plan else None,
        end_path="",
    )


def plan_page(plan: Plan) -> Page:
    """A plan with its payments and what was ordered."""
    own = list(plan.facts.all())
    payments = [(fact.provider, fact.provider_id) for fact in own if fact.kind == Fact.Kind.SETTLED]
    facts = list({fact.pk: fact for fact in (*own, *facts_of_payments(payments))}.values())
    status = plan_status_of_facts(own)
    began = plan.contributions.order_by("pk").first()
    acts = Act.objects.filter(Q(plan=plan) | Q(fact__in=[fact.pk for fact in own])).select_related("fact")
    return Page(
        line=_plan_line(plan, status),
        uid=str(plan.uid),
        campaign=giving_words.campaign_name(plan.campaign),
        language_name=naming.language_name(plan.language),
        reference="",
        session_id=plan.provider_id,
        steps=_steps(facts, acts, is_plan=True, session_id=began.session_id if began else ""),
        link=dashboard_url(plan.provider, plan.provider_id, keys=_keys(), is_plan=True),
        other=contribution_lines([began])[0] if began else None,
        end_path="" if status == PlanStatus.ENDED else reverse("office:giving_end", args=[plan.uid]),
    )


def _keys() -> Path:
    folder: Path = settings.STET.keys
    return folder


def _steps(facts: Iterable[Fact], acts: Iterable[Act], *, is_plan: bool, session_id: str) -> tuple[Step, ...]:
    """What happened, the oldest month first; within a month in the order in which it became known, orders last."""
    facts, acts = list(facts), list({act.pk: act for act in acts}.values())
    made = [(act.month, 1, act.pk, _act_step(act)) for act in acts]
    for fact in facts:
        has_left = fact.kind == Fact.Kind.SETTLED and _left(fact, facts, acts) > 0
        step = _fact_step(fact, is_plan=is_plan, session_id=session_id, has_left=has_left)
        made.append((fact.month, 0, fact.pk, step))
    return tuple(step for _month, _kind, _pk, step in sorted(made, key=lambda one: one[:3]))


def _left(payment: Fact, facts: list[Fact], acts: list[Act]) -> int:
    """As `acting.left_of`, from rows that are at hand; that one decides."""
    promised = sum(act.minor for act in acts if act.fact_id == payment.pk and act.why_open != acting.REFUSED)
    return min(kept(payment, facts), payment.minor - promised)


def _fact_step(fact: Fact, *, is_plan: bool, session_id: str, has_left: bool) -> Step:
    words, tone = giving_words.fact_name(fact.kind, is_plan=is_plan)
    is_payment = fact.kind == Fact.Kind.SETTLED
    return Step(
        month=fact.month,
        words=words,
        tone=tone,
        amount=moments.money(Money(fact.minor, fact.currency)) if fact.currency else "",
        number=fact.provider_id,
        note=giving_words.failure_name(fact.why) or fact.why,
        link=dashboard_url(fact.provider, fact.provider_id, keys=_keys(), session_id=session_id) if is_payment else "",
        refund_path=reverse("office:giving_refund", args=[fact.pk]) if has_left else "",
    )


def _act_step(act: Act) -> Step:
    words = giving_words.act_name(act.kind, act.by)
    state, tone = giving_words.act_state(is_done=act.done, why_open=act.why_open)
    return Step(
        month=act.month,
        words=words,
        tone=tone,
        amount=moments.money(Money(act.minor, act.fact.currency)) if act.fact and act.minor else "",
        note=f"{giving_words.reasons().get(act.reason, act.reason)} · {state}",
    )
