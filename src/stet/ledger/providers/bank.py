"""Bank transfers: a reference number to write on them, and statements to find them in.

There is no page, and nobody tells when money comes: somebody brings a statement. What is matched becomes facts; what is
not is reported by day, amount and the bank's own number, for whoever has the statement before them. Nothing of a payer
is read (`stet.ledger.providers.statements`).
"""
# ruff: noqa: ARG002 - most of what a provider is asked, nobody can ask a bank

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from stet.kit.money import Money
from stet.ledger.errors import DeliveryRefusedError, ProviderRefusedError
from stet.ledger.models import Fact
from stet.ledger.providers.base import Capabilities, Delivery, FactTold, Order, Started
from stet.ledger.providers.keys import BankKeys
from stet.ledger.providers.references import reference_of, shown
from stet.ledger.providers.statements import Entry, Statement, read_statement

NAME = "bank"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where a transfer goes, as it is shown to whoever makes one."""

    holder: str
    iban: str
    """In groups of four."""
    bic: str
    bank: str
    currencies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """An entry that became no fact."""

    why: Literal["no_reference", "unknown_reference", "several_references", "not_ours"]
    """"not_ours": money that left the account without a reference of ours."""
    day: date
    money: Money
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What came of a statement."""

    facts: tuple[FactTold, ...]
    unmatched: tuple[Unmatched, ...]
    unreadable: int


class BankProvider:
    """A bank account."""

    name = NAME

    def __init__(self, keys: BankKeys) -> None:
        self._keys = keys

    @property
    def capabilities(self) -> Capabilities:
        """Once, without a page; what is to go back, somebody sends back at the bank."""
        return Capabilities(
            recurring=False, refunds=False, portal=False, has_page=False, currencies=self._keys.currencies
        )

    @property
    def account(self) -> Account:
        """What is shown beside the reference."""
        keys = self._keys
        return Account(
            holder=keys.holder,
            iban=shown(keys.iban.replace(" ", "").upper()),
            bic=keys.bic,
            bank=keys.bank,
            currencies=keys.currencies,
        )

    def start(self, order: Order) -> Started:
        """The reference to write on the transfer, as the session's number."""
        if order.interval != "once":
            raise ProviderRefusedError("A bank transfer is given once; a standing order is made at one's own bank.")
        if order.money.currency not in self._keys.currencies:
            raise ProviderRefusedError("The bank account does not take this currency. Choose another way to pay.")
        return Started(session_id=reference_of(order.uid), url="")

    def read_statement(self, data: bytes) -> Statement:
        """A statement in a form of this bank's. Raises StatementRefusedError."""
        return read_statement(data, self._keys.csv)

    def match(
        self, statement: Statement, known: Mapping[str, UUID], *, payments: Mapping[UUID, str] | None = None
    ) -> Matched:
        """Find contributions in a statement.

        `known`: references of contributions, with their uids; `payments`: numbers of those that came in before, so that
        what goes back says of which it is.
        """
        came = dict(payments or {})
        facts: list[FactTold] = []
        unmatched: list[Unmatched] = []
        # What came in before what went back, in whatever order the bank lists them.
        for entry in sorted(statement.entries, key=lambda one: one.money.minor < 0):
            mine = [one for one in entry.references if one in known]
            if len(mine) == 1:
                fact = _fact(entry, known[mine[0]], came)
                if fact.kind == Fact.Kind.SETTLED:
                    came.setdefault(known[mine[0]], fact.provider_id)
                facts.append(fact)
            else:
                unmatched.append(
                    Unmatched(why=_why(entry, mine), day=entry.day, money=entry.money, number=entry.number)
                )
        return Matched(facts=tuple(facts), unmatched=tuple(unmatched), unreadable=statement.unreadable)

    # --- What a bank does not do ---

    def read_delivery(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        """A bank tells nothing by itself."""
        raise DeliveryRefusedError("No bank sends deliveries. Bring a statement.")

    def facts(self, reference: str) -> Sequence[FactTold]:
        """Nothing can be asked."""
        return ()

    def facts_of(self, session_id: str) -> Sequence[FactTold]:
        """Nothing can be asked."""
        return ()

    def listing(self, since: date) -> Iterator[FactTold]:
        """Nothing can be asked."""
        return iter(())

    def refund(self, payment_id: str, money: Money, *, key: UUID) -> None:
        """Somebody does it at the bank; the next statement tells."""
        raise ProviderRefusedError(
            "A transfer is sent back at the bank. Write its reference on it, and bring the next statement."
        )

    def cancel(self, plan_id: str, *, key: UUID) -> None:
        """There is nothing to end."""
        raise ProviderRefusedError("There are no plans by bank transfer.")

    def portal_url(self, customer_id: str, *, back_url: str, language: str) -> str:
        """There is none."""
        raise ProviderRefusedError("There is no portal for bank transfers.")

    def plans_of_country(self, country: str) -> Iterator[str]:
        """There are no plans."""
        return iter(())


def _why(
    entry: Entry, mine: list[str]
) -> Literal["no_reference", "unknown_reference", "several_references", "not_ours"]:
    if mine:
        return "several_references"
    if entry.references:
        return "unknown_reference"
    return "no_reference" if entry.money.minor > 0 else "not_ours"


def _fact(entry: Entry, uid: UUID, came: Mapping[UUID, str]) -> FactTold:
    """What an entry with our reference says: money came, money went back, or the bank took it back."""
    kind = Fact.Kind.SETTLED if entry.money.minor > 0 else Fact.Kind.DISPUTED if entry.is_return else Fact.Kind.REFUNDED
    return FactTold(
        kind=kind,
        provider_id=entry.number,
        month=entry.day.replace(day=1),
        money=Money(abs(entry.money.minor), entry.money.currency),
        uid=uid,
        of="" if kind == Fact.Kind.SETTLED else came.get(uid, ""),
    )
