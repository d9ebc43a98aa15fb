"""A bank's statement and the ledger's rows: which references are ours, and of which payments."""

from uuid import UUID

from stet.ledger.models import Contribution, Fact
from stet.ledger.providers.bank import NAME, BankProvider, Matched
from stet.ledger.providers.statements import Statement

AT_ONCE = 500
"""How many references go into one query."""


def match_with_rows(bank: BankProvider, statement: Statement) -> Matched:
    """Find our contributions in a statement. Nothing is written: `taking.take_in` keeps the facts."""
    written = sorted({reference for entry in statement.entries for reference in entry.references})
    known: dict[str, UUID] = {}
    payments: dict[UUID, str] = {}
    for start in range(0, len(written), AT_ONCE):
        some = written[start : start + AT_ONCE]
        mine = Contribution.objects.filter(provider=NAME, reference__in=some).exclude(reference="")
        known.update(mine.values_list("reference", "uid"))
        came = Fact.objects.filter(provider=NAME, kind=Fact.Kind.SETTLED, contribution__in=mine).order_by("-pk")
        payments.update(came.values_list("contribution__uid", "provider_id"))
    return bank.match(statement, known, payments=payments)
