"""A statement meets the ledger's rows."""

from datetime import date
from uuid import uuid4

import pytest

from stet.ledger.models import Contribution, Fact
from stet.ledger.providers.bank import BankProvider
from stet.ledger.providers.bank_rows import match_with_rows
from stet.ledger.providers.references import reference_of
from tests.ledger.providers.test_bank import bank, camt, entry  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(databases=["readers"])


def a_contribution(**values: object) -> Contribution:
    uid = uuid4()
    common = {"interval": "once", "minor": 500, "currency": "EUR", "language": "en", "month": date(2026, 11, 1)}
    told = {"uid": uid, "provider": "bank", "reference": reference_of(uid), **common, **values}
    return Contribution.objects.create(**told)


def test_a_statement_finds_its_contributions(bank: BankProvider, django_assert_num_queries) -> None:  # noqa: F811
    mine, back, other = a_contribution(), a_contribution(), a_contribution(provider="stripe")
    Fact.objects.create(
        provider="bank",
        kind="settled",
        provider_id="B0",
        contribution=back,
        minor=500,
        currency="EUR",
        month=back.month,
    )
    statement = bank.read_statement(
        camt(
            entry(text=f"<Ustrd>{mine.reference}</Ustrd>", number="B1"),
            entry(text=f"<Ustrd>{back.reference}</Ustrd>", number="R1", sign="DBIT"),
            entry(text=f"<Ustrd>{other.reference}</Ustrd>", number="N1"),
        )
    )
    with django_assert_num_queries(2, using="readers"):
        matched = match_with_rows(bank, statement)
    assert [(one.kind, one.uid, one.of) for one in matched.facts] == [
        ("settled", mine.uid, ""),
        ("refunded", back.uid, "B0"),
    ]
    assert [one.why for one in matched.unmatched] == ["unknown_reference"]
