"""Support pages as stored, read into frozen values. Pure.

What cannot be used is left out: a currency with an amount that is none, a way to pay that fits no interval, a warning
without words. The desk refuses all of that; a script may not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stet.appeals.currencies import INTERVALS, minor_of, minors_of
from stet.press.richtext import plain

RawBlocks = Iterable[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyRow:
    """What can be given in one currency, in minor units."""

    code: str
    smallest: int
    largest: int
    once: tuple[int, ...]
    monthly: tuple[int, ...]
    annual: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodRow:
    """One way to pay."""

    key: str
    provider: str
    name: str
    note: str
    intervals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningRow:
    """A country where giving is dangerous."""

    country: str
    text: str
    is_refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportRow:
    """A language's support page."""

    id: int
    language: str
    title: str
    path: str
    description: str
    letter: str
    pays_for: str
    other_ways: str
    intervals: tuple[str, ...]
    preselected: str
    currencies: tuple[CurrencyRow, ...]
    methods: tuple[MethodRow, ...]
    warnings: tuple[WarningRow, ...]
    label: str
    is_open: bool
    has_ticker: bool
    goal: int | None
    modified: datetime

    @property
    def can_be_given(self) -> bool:
        """Whether there is anything to choose."""
        return self.is_open and bool(self.currencies and self.methods and self.intervals)


def currency_rows(blocks: RawBlocks) -> tuple[CurrencyRow, ...]:
    """The currencies among stored blocks."""
    return tuple(_currencies(_values(blocks, "currency")))


def _currencies(values: Iterable[dict[str, Any]]) -> Iterator[CurrencyRow]:
    for value in values:
        code = str(value.get("currency") or "")
        smallest, largest = (minor_of(str(value.get(name) or "").strip(), code) for name in ("smallest", "largest"))
        lines = [minors_of(str(value.get(interval) or ""), code) for interval in INTERVALS]
        if smallest is None or largest is None or any(line is None for line in lines):
            continue
        once, monthly, annual = (tuple(a for a in line or () if smallest <= a <= largest) for line in lines)
        yield CurrencyRow(code=code, smallest=smallest, largest=largest, once=once, monthly=monthly, annual=annual)


def method_rows(blocks: RawBlocks, intervals: tuple[str, ...]) -> tuple[MethodRow, ...]:
    """The ways to pay among stored blocks that can do any of these intervals."""
    rows = (
        MethodRow(
            key=str(value["key"]),
            provider=str(value["provider"]),
            name=plain(value["name"]),
            note=plain(value.get("note")),
            intervals=tuple(interval for interval in intervals if value.get(f"has_{interval}")),
        )
        for value in _values(blocks, "method")
    )
    return tuple(row for row in rows if row.intervals)


def warning_rows(blocks: RawBlocks) -> tuple[WarningRow, ...]:
    """The warnings among stored blocks."""
    rows = (
        WarningRow(country=value["country"], text=plain(value["text"]), is_refused=bool(value.get("is_refused")))
        for value in _values(blocks, "warning")
    )
    return tuple(row for row in rows if row.text)


def _values(blocks: RawBlocks, kind: str) -> Iterator[dict[str, Any]]:
    values = (block.get("value") for block in blocks if block.get("type") == kind)
    return (value for value in values if isinstance(value, dict))
