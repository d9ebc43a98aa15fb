"""The loss report: what was read, taken, changed and left out of an archive, and why.

The rules:
 * Everything read is settled exactly once, under the kind it was read as.
 * For every kind, read = taken + changed + already here + left out; a report that does not add up is broken.
 * Whatever was changed or left out has a reason.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from stet.intake.errors import ReportError
from stet.intake.records import Loss

MAX_EXAMPLES = 3
"""How many details stand behind a reason in the printed report; the JSON has all of them."""


class Outcome(StrEnum):
    """What became of one thing that was read."""

    TAKEN = "taken"
    CHANGED = "changed"
    ALREADY = "already here"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that was read, and what became of it."""

    kind: str
    source_id: str
    name: str
    outcome: Outcome
    losses: tuple[Loss, ...] = ()


class LossReport:
    """Collects what was read and what became of it."""

    def __init__(self, archive: str) -> None:
        self.archive = archive
        self.notes: list[str] = []
        """Sentences about the archive as a whole."""
        self._read: Counter[str] = Counter()
        self._rows: list[Row] = []

    def read(self, kind: str, count: int = 1) -> None:
        """Count things as read."""
        self._read[kind] += count

    def settle(self, kind: str, source_id: str, name: str, outcome: Outcome, losses: Iterable[Loss] = ()) -> None:
        """Say what became of one thing that was read."""
        self._rows.append(Row(kind=kind, source_id=source_id, name=name, outcome=outcome, losses=tuple(losses)))

    def leave_out(self, kind: str, source_id: str, name: str, reason: str, detail: str = "") -> None:
        """Read one thing and leave it out at once."""
        self.read(kind)
        self.settle(kind, source_id, name, Outcome.LEFT_OUT, (Loss(reason=reason, detail=detail),))

    def note(self, sentence: str) -> None:
        """Say something about the archive as a whole."""
        self.notes.append(sentence)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Everything settled, in order."""
        return tuple(self._rows)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of things read, in the order in which they were met."""
        return tuple(self._read)

    def count(self, kind: str, outcome: Outcome | None = None) -> int:
        """How many of a kind were read, or ended so."""
        if outcome is None:
            return self._read[kind]
        return sum(row.kind == kind and row.outcome is outcome for row in self._rows)

    def reasons(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """(kind, reason) → the details, one for every loss, in order."""
        reasons: dict[tuple[str, str], list[str]] = {}
        for row in self._rows:
            for loss in row.losses:
                reasons.setdefault((row.kind, loss.reason), []).append(loss.detail or row.name)
        return {key: tuple(details) for key, details in reasons.items()}

    def check(self) -> "LossReport":
        """Return the report if it adds up.

        Raises ReportError where something was read and not settled, settled and not read, or lost without a reason.
        """
        settled = Counter(row.kind for row in self._rows)
        wrong = sorted(kind for kind in self._read.keys() | settled.keys() if self._read[kind] != settled[kind])
        if wrong:
            counts = ", ".join(f"{kind}: {self._read[kind]} read, {settled[kind]} accounted for" for kind in wrong)
            raise ReportError(
                f"The loss report does not add up ({counts}). What was taken stays; please report this as a bug."
            )
        for row in self._rows:
            if row.outcome in (Outcome.CHANGED, Outcome.LEFT_OUT) and not row.losses:
                raise ReportError(
                    f"The loss report gives no reason for {row.kind} {row.source_id}. Please report this as a bug."
                )
        return self

    def as_json(self) -> dict[str, Any]:
        """The whole report as plain values, for machines."""
        return {
            "archive": self.archive,
            "notes": self.notes,
            "kinds": {kind: self._figures(kind) for kind in self.kinds},
            "rows": [
                {
                    "kind": row.kind,
                    "source_id": row.source_id,
                    "name": row.name,
                    "outcome": row.outcome.value,
                    "losses": [{"reason": loss.reason, "detail": loss.detail} for loss in row.losses],
                }
                for row in self._rows
            ],
        }

    def _figures(self, kind: str) -> dict[str, int]:
        return {"read": self.count(kind)} | {outcome.value: self.count(kind, outcome) for outcome in Outcome}

    def __rich__(self) -> Group:
        """The report as it is printed in a terminal."""
        parts: list[Any] = [self._counts_table()]
        if reasons := self._reasons_table():
            parts += [Text(), reasons]
        if self.notes:
            parts += [Text(), *(Text(f"• {note}") for note in self.notes)]
        return Group(*parts)

    def _counts_table(self) -> Table:
        table = Table(title=Text(f"Loss report: {self.archive}"), title_justify="left", title_style="bold")
        table.add_column("")
        for heading in ("read", *(outcome.value for outcome in Outcome)):
            table.add_column(heading, justify="right")
        for kind in self.kinds:
            table.add_row(Text(kind), *(str(number) if number else "·" for number in self._figures(kind).values()))
        return table

    def _reasons_table(self) -> Table | None:
        reasons = self.reasons()
        if not reasons:
            return None
        table = Table(title="Why", title_justify="left", title_style="bold")
        table.add_column("")
        table.add_column("times", justify="right")
        table.add_column("reason", ratio=2, overflow="fold")
        table.add_column("such as", ratio=3, overflow="fold")
        order = {kind: place for place, kind in enumerate(self.kinds)}
        for (kind, reason), details in sorted(reasons.items(), key=lambda item: (order[item[0][0]], -len(item[1]))):
            table.add_row(Text(kind), str(len(details)), Text(reason), Text(_examples(details)))
        return table

    def as_text(self, *, width: int = 120) -> str:
        """The report as plain text of that many columns."""
        console = Console(width=width, record=True, file=None, force_terminal=False, no_color=True)
        with console.capture() as capture:
            console.print(self)
        return capture.get()


def _examples(details: tuple[str, ...]) -> str:
    different = list(dict.fromkeys(_shorten(detail) for detail in details))
    shown = "; ".join(different[:MAX_EXAMPLES])
    more = len(different) - MAX_EXAMPLES
    return f"{shown}; and {more} more" if more > 0 else shown


def _shorten(text: str, *, length: int = 70) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1] + "…"
