"""The lanes of a mailroom at work: what each may send now, and what made it wait. For several threads.

What other mailrooms need to know (that a provider asked for a pause, how much it got today) is in the database and is
exchanged a few times a second; what only paces this one (connections, rate) is not.
"""

import threading
from datetime import UTC, datetime

from django.db.models import F

from stet.mailroom.models import LaneState
from stet.mailroom.pace import FREE, RULES, LaneRule, Scope, lane_pause, most_today, scope_of

NOTICES = "notices"
"""The lane of notices: first in turn, without limits."""


class Lane:
    """One group of receiving domains, as this mailroom deals with it."""

    __slots__ = (
        "allowance", "code", "has_changed", "in_flight", "most_in_flight", "name", "next_at", "pause_seconds", "rule",
        "sent", "setbacks", "waits_until",
    )  # fmt: skip

    def __init__(self, name: str, rule: LaneRule) -> None:
        self.name = name
        self.rule = rule
        self.most_in_flight = 2 * rule.connections
        """A connection has the copy that it hands over, and the next one."""
        self.pause_seconds = 1 / rule.per_second if rule.per_second else 0.0
        self.in_flight = 0
        self.next_at = 0.0
        """By the monotonic clock: when the rate allows the next copy."""
        self.waits_until: datetime | None = None
        self.setbacks = 0
        self.code = ""
        self.sent = 0
        """Accepted since it was last written down."""
        self.allowance: int | None = 0 if rule.warms_up else None
        """How many more it may get today; None for no limit. Nothing until the database said what it got already."""
        self.has_changed = False


class Lanes:
    """All lanes."""

    def __init__(self, rules: dict[str, LaneRule] | None = None) -> None:
        self._rules = RULES if rules is None else rules
        self._lanes: dict[str, Lane] = {}
        self._lock = threading.Lock()

    def get(self, name: str) -> Lane:
        """The lane of this name."""
        found = self._lanes.get(name)
        if found is None:
            with self._lock:
                found = self._lanes.setdefault(name, Lane(name, self._rules.get(name, FREE)))
        return found

    def is_open(self, lane: Lane, *, at: float) -> bool:
        """Whether it may be given a copy now. `at` is the monotonic clock's."""
        if lane.in_flight >= lane.most_in_flight or lane.next_at > at:
            return False
        if lane.allowance is not None and lane.in_flight >= lane.allowance:
            return False
        return lane.waits_until is None or lane.waits_until <= datetime.now(UTC)

    def given(self, lane: Lane, *, at: float) -> None:
        """Note that it was given a copy."""
        with self._lock:
            lane.in_flight += 1
            if lane.pause_seconds:
                lane.next_at = max(at, lane.next_at) + lane.pause_seconds

    def answered(self, lane: Lane, *, code: int, enhanced: str) -> None:
        """Note what became of it: a reply's codes, or 0 where there was none."""
        with self._lock:
            lane.in_flight -= 1
            if 200 <= code < 300:
                lane.sent += 1
                if lane.allowance is not None:
                    lane.allowance -= 1
                if lane.setbacks:
                    lane.setbacks, lane.waits_until, lane.code, lane.has_changed = 0, None, "", True
            elif code >= 400 and scope_of(lane.name, code=code, enhanced=enhanced) is Scope.LANE:
                self._set_back(lane, f"{code} {enhanced}".strip(), datetime.now(UTC))

    def _set_back(self, lane: Lane, code: str, now: datetime) -> None:
        if lane.waits_until is not None and lane.waits_until > now:
            return  # Copies that were on their way already are no new setback.
        lane.setbacks += 1
        lane.waits_until, lane.code, lane.has_changed = now + lane_pause(lane.setbacks), code, True

    def exchange(self, *, now: datetime) -> None:
        """Tell the database what happened here, and learn what happened elsewhere."""
        today = now.astimezone(UTC).date()
        rows = {row.lane: row for row in LaneState.objects.all()}
        for lane in list(self._lanes.values()):
            if lane.name == NOTICES:
                continue
            self._tell(lane, rows, today)
            row = rows.get(lane.name)
            if row is not None:
                self._learn(lane, row, today)

    def _tell(self, lane: Lane, rows: dict[str, LaneState], today: object) -> None:
        with self._lock:
            sent, lane.sent = lane.sent, 0
            has_changed, lane.has_changed = lane.has_changed, False
        if not (sent or has_changed or (lane.rule.warms_up and lane.name not in rows)):
            return
        row, _made = LaneState.objects.get_or_create(lane=lane.name)
        own = LaneState.objects.filter(pk=row.pk)
        if sent and row.day != today:
            # Whoever is first on a new day begins it; a second mailroom finds it begun.
            own.filter(day=row.day).update(day=today, days=F("days") + 1, sent_today=0)
        if sent:
            own.update(sent_today=F("sent_today") + sent)
        if has_changed:
            own.update(waits_until=lane.waits_until, setbacks=lane.setbacks, code=lane.code)
        row.refresh_from_db()
        rows[lane.name] = row

    def _learn(self, lane: Lane, row: LaneState, today: object) -> None:
        is_new_day = row.day != today
        most = most_today(lane.rule, days=row.days + is_new_day, is_warm=row.is_warm)
        with self._lock:
            if not lane.has_changed:
                lane.waits_until, lane.setbacks, lane.code = row.waits_until, row.setbacks, row.code
            lane.allowance = None if most is None else most - (0 if is_new_day else row.sent_today) - lane.sent
