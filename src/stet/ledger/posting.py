"""Mails that givers are owed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from stet.ledger.models import Fact, Plan


def after_facts(facts: Sequence[Fact], *, now: datetime) -> None:
    """Owe the mails that follow from new facts. Inside the transaction that takes them in."""


def owe_portal(plan: Plan, *, now: datetime) -> None:
    """Owe the mail with the link to change or end `plan`. Inside the caller's transaction."""


def plan_of_portal(notice: UUID, *, now: datetime) -> Plan | None:  # noqa: ARG001 - the mails builder fills it
    """The plan that a link of such a mail is about; None where it is too old or not there any more."""
    return Plan.objects.filter(uid=notice).first()
