"""An invented ledger for tests and pictures: facts of several months, in several currencies. Nobody gave any of it."""

from datetime import UTC, date, datetime
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from stet.ledger.models import Act, Contribution, Difference, Fact, Inbox, Plan, ReconcileRun
from stet.ledger.reporting import every_month

NOW = datetime(2026, 11, 25, 20, 17, tzinfo=UTC)
NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
_NUMBERS = count(1)


def a_gift(
    *, minor: int = 500, currency: str = "USD", month: date = NOVEMBER, settled: bool = True, **changes: Any
) -> Contribution:
    """A contribution, paid in the month in which it was begun."""
    number = next(_NUMBERS)
    row = Contribution.objects.create(
        **{
            "provider": "practice", "session_id": f"cs_{number}", "interval": "once", "minor": minor,
            "currency": currency, "language": "en", "month": month, **changes,
        }
    )  # fmt: skip
    if settled:
        a_fact(row, number=f"ch_{number}")
    return row


def a_plan(
    *, minor: int = 700, currency: str = "USD", month: date = NOVEMBER, interval: str = "monthly", **changes: Any
) -> Plan:
    """A plan with its contribution and first payment."""
    number = next(_NUMBERS)
    plan = Plan.objects.create(
        **{
            "provider": "practice", "provider_id": f"sub_{number}", "interval": interval, "minor": minor,
            "currency": currency, "language": "en", "month": month, **changes,
        }
    )  # fmt: skip
    began = a_gift(
        minor=minor, currency=currency, month=month, interval=interval, plan=plan, settled=False,
        provider=plan.provider, campaign=plan.campaign,
    )  # fmt: skip
    a_fact(began, plan=plan)
    return plan


def a_fact(about: Contribution | Plan, kind: str = "settled", *, number: str = "", **changes: Any) -> Fact:
    """Something that the provider told, in the month of what it is about."""
    is_plan = isinstance(about, Plan)
    values = {
        "provider": about.provider, "kind": kind, "provider_id": number or f"{kind}_{next(_NUMBERS)}",
        "contribution": None if is_plan else about, "plan": about if is_plan else None, "minor": about.minor,
        "currency": about.currency, "month": about.month, **changes,
    }  # fmt: skip
    if kind == "ended":
        values |= {"minor": 0, "currency": ""}
    return Fact.objects.create(**values)


def a_delivery(**changes: Any) -> Inbox:
    """One that could not be worked off."""
    number = next(_NUMBERS)
    values = {
        "provider": "practice", "event_id": f"evt_{number}", "sealed": b"",
        "reference": f"checkout.session:cs_{number}", "came": date(2026, 11, 22),
        "tries": 3, "next_try": datetime(2026, 11, 26, tzinfo=UTC),
        "why_open": "ProviderAwayError",
    }  # fmt: skip
    return Inbox.objects.create(**{**values, **changes})


def a_difference(**changes: Any) -> Difference:
    """Something that a comparison found and could not mend."""
    run = ReconcileRun.objects.create(provider="stripe", began=NOW, ended=NOW, since=OCTOBER, compared=1240)
    values = {
        "run": run, "provider": "stripe", "kind": "unknown", "fact_kind": "settled",
        "provider_id": f"ch_foreign_{next(_NUMBERS)}", "minor": 4200, "currency": "EUR", "month": NOVEMBER,
    }  # fmt: skip
    return Difference.objects.create(**{**values, **changes})


def a_year_of_giving(seed: int = 4) -> UUID:
    """Some hundreds of facts, always the same; answers the uid of a contribution with a whole history."""
    chance = Random(seed)
    months = every_month(date(2025, 12, 1), NOVEMBER)
    campaigns = ("", "spring-a", "spring-b", "autumn-a", "autumn-b")
    for place, month in enumerate(months):
        for _ in range(14 + place * 2):
            a_gift(minor=chance.choice((200, 500, 1000, 2500)), month=month, campaign=chance.choice(campaigns))
        for _ in range(chance.choice((4, 13, 18))):
            a_gift(minor=chance.choice((500, 1500)), currency="EUR", month=month, campaign=chance.choice(campaigns[:3]))
        for _ in range(chance.choice((6, 12, 16))):
            plan = a_plan(minor=chance.choice((300, 500, 1000)), month=month, campaign=chance.choice(campaigns))
            for later in months[place + 1 :]:
                if chance.random() < 0.06:
                    a_fact(plan, "ended", number=plan.provider_id, month=later)
                    break
                kind = "failed" if chance.random() < 0.05 else "settled"
                why = chance.choice(("card_declined", "insufficient_funds")) if kind == "failed" else ""
                a_fact(plan, kind, month=later, why=why)
        a_plan(minor=6000, month=month, interval="annual")
        a_plan(minor=900, currency="EUR", month=month, provider="stripe")
    for _ in range(14):
        a_fact(a_gift(settled=False), "failed", why="card_declined")
    return a_whole_history().uid


def a_whole_history() -> Contribution:
    """Declined, paid, given back in part, disputed, won again."""
    row = a_gift(
        minor=2500, month=OCTOBER, settled=False, campaign="autumn-b", provider="stripe", session_id="cs_test_71"
    )
    a_fact(row, "failed", why="insufficient_funds", number="pi_71a")
    paid = a_fact(row, number="ch_71")
    a_fact(row, "refunded", number="re_71", of="ch_71", minor=500)
    a_fact(row, "disputed", number="dp_71", of="ch_71", minor=2000, month=NOVEMBER)
    a_fact(row, "reinstated", number="dp_71", of="ch_71", minor=2000, month=NOVEMBER)
    Act.objects.create(
        kind="refund", contribution=row, fact=paid, minor=500, reason="asked", by="lada", month=OCTOBER, done=True
    )
    return row
