"""Plain builders for tests of what givers are mailed: contacts, gifts, plans, facts."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from stet.ledger.contacts import make_contact
from stet.ledger.models import Contact, Contribution, Fact, Plan
from stet.readers.models import Suppression
from tests.readers.builders import an_address, reader_keys

NOW = datetime(2026, 11, 25, 20, 17, 43, tzinfo=UTC)
NOVEMBER = date(2026, 11, 1)
ADA = "ada@example.org"
_numbers = count(1)


def a_contact(text: str = ADA, *, purpose: str = "receipts", language: str = "en", days: int = 60) -> Contact:
    return make_contact(
        an_address(text),
        Contact.Purpose(purpose),
        keys=reader_keys(),
        language=language,
        until=NOW.date() + timedelta(days=days),
    )


def a_gift(contact: Contact | None = None, **changes: Any) -> Contribution:
    usual = {"provider": "practice", "interval": "once", "minor": 1234, "currency": "EUR", "language": "en"}
    return Contribution.objects.create(contact=contact, month=NOVEMBER, **{**usual, **changes})


def a_plan(contact: Contact | None = None, **changes: Any) -> Plan:
    usual = {"provider": "practice", "interval": "monthly", "minor": 1234, "currency": "EUR", "language": "en"}
    number = f"plan_{next(_numbers)}"
    return Plan.objects.create(contact=contact, month=NOVEMBER, **{**usual, "provider_id": number, **changes})


def a_fact(of: Contribution | Plan, kind: str = "settled", month: date = NOVEMBER) -> Fact:
    owner = {"plan": of} if isinstance(of, Plan) else {"contribution": of}
    return Fact.objects.create(
        provider="practice",
        kind=kind,
        provider_id=f"fact_{next(_numbers)}",
        minor=of.minor,
        currency=of.currency,
        month=month,
        **owner,
    )


def suppress(text: str = ADA, reason: str = "complaint") -> None:
    lookup = reader_keys().lookup.of(an_address(text))
    Suppression.objects.create(lookup=lookup, reason=reason, since=NOW.date())
