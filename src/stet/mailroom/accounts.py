"""The account of a dispatch: candidates = planned + left out, and planned = what became of each copy.

Both sides are counted, by different means, at different times: the left one when readers were counted, the right one
now, from the recipients as they stand. A dispatch is finished only where they agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q

from stet.mailroom.models import Dispatch, JournalEntry, LaneState, Recipient
from stet.mailroom.pace import FREE, RULES, most_today
from stet.mailroom.states import Event, State

RATE_OVER = timedelta(seconds=60)
RATE_ENTRIES = 20_000
"""How many of the newest entries are looked at for a rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where every copy of a dispatch stands, in numbers."""

    candidates: int
    planned: int
    excluded: dict[str, int] = field(default_factory=dict)
    accepted: int = 0
    deferred: int = 0
    refused: int = 0
    uncertain: int = 0
    waiting: int = 0
    claimed: int = 0
    held: int = 0
    skipped: dict[str, int] = field(default_factory=dict)

    @property
    def copies(self) -> int:
        """All copies, whatever became of them."""
        under_way = self.deferred + self.waiting + self.claimed + self.held
        return self.accepted + self.refused + self.uncertain + sum(self.skipped.values()) + under_way

    @property
    def owed(self) -> int:
        """What the mailroom still has to do by itself."""
        return self.waiting + self.deferred + self.claimed

    @property
    def balances(self) -> bool:
        """Whether both equations hold."""
        return self.candidates == self.planned + sum(self.excluded.values()) and self.planned == self.copies


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneRow:
    """One group of receiving domains in a dispatch."""

    lane: str
    planned: int
    accepted: int
    deferred: int
    refused: int
    uncertain: int
    owed: int
    waits_until: datetime | None = None
    code: str = ""
    """The answer that makes it wait."""
    next_try: datetime | None = None
    """When the next of its copies may go."""
    left_today: int | None = None
    """How many more copies the warm-up allows today; None where it limits nothing."""


def account_of(dispatch: Dispatch) -> Account:
    """The account as it stands now."""
    counts: dict[str, int] = {}
    skipped: dict[str, int] = {}
    rows = Recipient.objects.filter(dispatch=dispatch).values_list("state").annotate(Count("id")).order_by()
    for state, count in rows:
        counts[state] = count
    if counts.pop(State.SKIPPED, 0):
        of_skipped = Recipient.objects.filter(dispatch=dispatch, state=State.SKIPPED)
        skipped = dict(of_skipped.values_list("reason").annotate(Count("id")).order_by())
    return Account(
        candidates=dispatch.candidates,
        planned=dispatch.planned,
        excluded=dict(dispatch.excluded),
        skipped=skipped,
        **counts,
    )


def lanes_of(dispatch: Dispatch, *, now: datetime | None = None) -> list[LaneRow]:
    """The lanes of a dispatch, the largest first."""
    states = {one.lane: one for one in LaneState.objects.all()}
    owed = Q(state__in=[State.WAITING, State.DEFERRED, State.CLAIMED])
    rows = (
        Recipient.objects.filter(dispatch=dispatch)
        .values("lane")
        .annotate(
            planned=Count("id"),
            accepted=Count("id", filter=Q(state=State.ACCEPTED)),
            deferred=Count("id", filter=Q(state=State.DEFERRED)),
            refused=Count("id", filter=Q(state=State.REFUSED)),
            uncertain=Count("id", filter=Q(state=State.UNCERTAIN)),
            owed=Count("id", filter=owed),
            next_try=Min("next_try", filter=owed),
        )
        .order_by("-planned")
    )
    return [_lane_row(row, states.get(row["lane"]), now or datetime.now(UTC)) for row in rows]


def _lane_row(row: Mapping[str, Any], state: LaneState | None, now: datetime) -> LaneRow:
    rule = RULES.get(row["lane"], FREE)
    is_new_day = state is None or state.day != now.astimezone(UTC).date()
    days = (state.days if state else 0) + is_new_day
    most = most_today(rule, days=days, is_warm=bool(state and state.is_warm))
    sent = 0 if state is None or is_new_day else state.sent_today
    return LaneRow(
        **row,
        waits_until=state.waits_until if state else None,
        code=state.code if state else "",
        left_today=None if most is None else max(most - sent, 0),
    )


def rate_of(dispatch: Dispatch, *, now: datetime) -> float:
    """Accepted copies a second, over the last minute, or over as much of it as the latest entries tell."""
    newest = JournalEntry.objects.aggregate(Max("pk"))["pk__max"] or 0
    latest = JournalEntry.objects.filter(pk__gt=newest - RATE_ENTRIES, moment__gt=now - RATE_OVER)
    of_it = latest.filter(event=Event.ACCEPTED, recipient__dispatch=dispatch).aggregate(Count("pk"), Min("moment"))
    if not of_it["pk__count"]:
        return 0.0
    is_cut = latest.count() == RATE_ENTRIES
    seconds = (now - of_it["moment__min"]).total_seconds() if is_cut else RATE_OVER.total_seconds()
    return float(of_it["pk__count"] / max(seconds, 1.0))
