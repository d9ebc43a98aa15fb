"""The tally: what the paper may print of giving, in a file that the press reads.

The rules:
 * It tells of the running month: how many gave, and how much is here in each currency.
 * Groups of fewer than ten people are not told, neither their number nor their sum.
 * Numbers are rounded down to two figures, and to tens, so that one gift more or less rarely shows.
 * Within a day no number falls: somebody who asks for their money back is not to be seen.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from stet.ledger.files import put_json
from stet.ledger.models import Fact
from stet.ledger.months import month_of
from stet.ledger.status import facts_of_payments, kept

PLACE = Path("data") / "tally.json"
LEAST_PEOPLE = 10


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """The file."""

    version: Literal[1]
    month: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}$")]
    day: str
    """The day on which the numbers do not fall."""
    supporters: int | None
    """How many gave this month, rounded down; None for fewer than ten."""
    by_currency: dict[str, int]
    """What is here of this month, in minor units, rounded down; only currencies in which ten people or more gave."""


def write(folder: Path, now: datetime) -> Tally:
    """Write the tally of the newsroom in `folder`; the file is touched only where it changes."""
    before = read(folder)
    tally = never_less(count(now), before)
    if tally != before:
        put_json(folder / PLACE, tally)
    return tally


def read(folder: Path) -> Tally | None:
    """The tally that stands; None where there is none, or none that can be read."""
    try:
        return msgspec.json.decode((folder / PLACE).read_bytes(), type=Tally)
    except (OSError, msgspec.DecodeError):
        return None


def count(now: datetime) -> Tally:
    """The tally of the month of `now`."""
    month = month_of(now)
    people, minor = _sums(month)
    everybody = {person for group in people.values() for person in group}
    return Tally(
        version=1,
        month=f"{month:%Y-%m}",
        day=now.date().isoformat(),
        supporters=rounded(len(everybody)) if len(everybody) >= LEAST_PEOPLE else None,
        by_currency={
            currency: rounded(minor[currency])
            for currency in sorted(people)
            if len(people[currency]) >= LEAST_PEOPLE and minor[currency] > 0
        },
    )


Person = tuple[str, int]
"""A plan or a contribution: as near to a person as the ledger comes."""


def _sums(month: date) -> tuple[Mapping[str, set[Person]], Mapping[str, int]]:
    """Who gave in each currency and what of it is here."""
    payments = list(Fact.objects.filter(kind=Fact.Kind.SETTLED, month=month))
    returns = defaultdict(list)
    for fact in facts_of_payments((one.provider, one.provider_id) for one in payments):
        returns[fact.provider, fact.of].append(fact)
    people: dict[str, set[Person]] = defaultdict(set)
    minor: dict[str, int] = defaultdict(int)
    for payment in payments:
        here = kept(payment, returns[payment.provider, payment.provider_id])
        if here:
            people[payment.currency].add(_person(payment))
            minor[payment.currency] += here
    return people, minor


def _person(payment: Fact) -> Person:
    return ("plan", payment.plan_id) if payment.plan_id else ("contribution", payment.contribution_id or 0)


def rounded(number: int) -> int:
    """`number`, rounded down to its first two figures and to tens.

    >>> [rounded(n) for n in (14, 99, 137, 1_994, 123_456)]
    [10, 90, 130, 1900, 120000]
    """
    return number - number % max(int(10 ** (len(str(number)) - 2)), 10)


def never_less(tally: Tally, before: Tally | None) -> Tally:
    """`tally`, with no number below what stood there earlier that day."""
    if before is None or (before.month, before.day) != (tally.month, tally.day):
        return tally
    currencies = sorted({*tally.by_currency, *before.by_currency})
    return Tally(
        version=1,
        month=tally.month,
        day=tally.day,
        supporters=max(tally.supporters or 0, before.supporters or 0) or None,
        by_currency={code: max(tally.by_currency.get(code, 0), before.by_currency.get(code, 0)) for code in currencies},
    )
