"""Mails that givers are owed."""

from collections.abc import Sequence
from datetime import datetime

from stet.ledger.models import Fact


def after_facts(facts: Sequence[Fact], *, now: datetime) -> None:
    """Owe the mails that follow from new facts. Inside the transaction that takes them in."""
