"""A bank's statement becomes facts: matched by references, each entry once however often it is brought.

The file is read in memory and kept nowhere. What is not matched is told to whoever brought it, line by line, with the
reason; nothing of it is written down here.
"""

from dataclasses import dataclass
from datetime import datetime

from stet.ledger.models import Fact
from stet.ledger.providers.bank import BankProvider, Matched, Unmatched
from stet.ledger.providers.bank_rows import match_with_rows
from stet.ledger.taking import take
from stet.readers.joining import readers_transaction

AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of a statement."""

    new: int
    known: int
    differing: int
    """Known with another amount. Each is a difference for somebody in the office to settle."""
    unreadable: int
    """Lines that could not be read."""
    unmatched: tuple[Unmatched, ...]

    @property
    def is_anything_left(self) -> bool:
        """Whether somebody has to look at it."""
        return bool(self.differing or self.unreadable or self.unmatched)


def import_statement(bank: BankProvider, data: bytes, *, now: datetime, is_dry: bool = False) -> Imported:
    """Take a statement in; with `is_dry`, only say what would come of it. Raises StatementRefusedError."""
    statement = bank.read_statement(data)
    if is_dry:
        matched = match_with_rows(bank, statement)
        new, differing = _compared(bank.name, matched)
    else:
        with readers_transaction():
            matched = match_with_rows(bank, statement)
            taken = take(matched.facts, provider=bank.name, now=now)
        new, differing = len(taken.new), len(taken.differing) + len(taken.unknown)
    return Imported(
        new=new,
        known=len(matched.facts) - new - differing,
        differing=differing,
        unreadable=matched.unreadable,
        unmatched=matched.unmatched,
    )


def _compared(provider: str, matched: Matched) -> tuple[int, int]:
    """How many facts are not there yet, and how many are there with another amount."""
    numbers = sorted({fact.provider_id for fact in matched.facts})
    there: dict[tuple[str, str], tuple[int, str]] = {}
    for start in range(0, len(numbers), AT_ONCE):
        rows = Fact.objects.filter(provider=provider, provider_id__in=numbers[start : start + AT_ONCE])
        there |= {(row.kind, row.provider_id): (row.minor, row.currency) for row in rows}
    new = differing = 0
    for fact in matched.facts:
        assert fact.money
        told = (fact.money.minor, fact.money.currency)
        known = there.setdefault((str(fact.kind), fact.provider_id), (-1, ""))
        if known == (-1, ""):
            new += 1
            there[str(fact.kind), fact.provider_id] = told
        elif known != told:
            differing += 1
    return new, differing
