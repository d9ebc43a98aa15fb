"""How fast and when copies go to each group of receiving domains, and what an answer means for those that follow.

The rules:
 * An answer about one mailbox (full, greylisted, unknown) puts off that reader alone. An answer about us (policy,
   reputation, rate: enhanced codes x.7.y and 421) makes the whole lane wait, longer each time, until one is taken.
 * In the lane "other" each domain is somebody else's, so there only the relay's own trouble makes the lane wait.
 * A provider that does not know a sender yet gets a little more each day (the warm-up).
 * A copy that is late is not sent in its reader's night.

Everything here is a function of its arguments and of what a newsroom has set (`use`). The figures are ours, on the
careful side; codes are from the providers' pages as of November 2026.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from django.utils.translation import gettext_lazy as _

OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneRule:
    """What one lane is given."""

    connections: int = 64
    """How many connections may carry it at once."""
    per_second: float | None = None
    """How many copies a second, of one mailroom; None for no limit."""
    warms_up: bool = False
    warm_up_days: int = 0
    """Over how many days the warm-up is stretched; 0 for as many as it has steps."""


BIG = LaneRule(connections=4, per_second=20.0, warms_up=True)
SMALL = LaneRule(connections=2, per_second=10.0, warms_up=True)
FREE = LaneRule()

RULES: dict[str, LaneRule] = {
    "gmail": BIG, "outlook": BIG, "yahoo": BIG, "apple": SMALL, "mailru": SMALL, "yandex": SMALL, "rambler": SMALL,
    "proton": SMALL, "gmx": SMALL, "tutanota": SMALL, "ukrnet": SMALL, OTHER: FREE,
}  # fmt: skip
"""Each lane's rule; a lane that stands here with nothing has none."""

WARM_UP = (1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 50_000, 75_000, 100_000)
"""How many copies a lane gets on the first day on which it gets any, on the second, and so on; then no limit."""

LANE_PAUSES_SECONDS = (60, 120, 300, 600, 1_200, 1_800, 3_600)
"""How long a lane waits after its first setback, its second in a row, and so on."""
COPY_PAUSES_SECONDS = (300, 900, 1_800, 3_600, 7_200, 14_400)
"""How long a copy waits after its first attempt, its second, and so on."""
GIVE_UP_AFTER = timedelta(days=3)
"""When a copy that is put off again counts as refused. RFC 5321 section 4.5.4.1 asks relays for four to five days;
a letter is stale before that."""

NIGHT = {"from": 23 * 60, "to": 6 * 60}
"""The reader's night, in minutes of the day; where both are the same, there is none."""
LATE = timedelta(hours=1)
"""What is later than this is late, and waits for the morning."""


class Pace(Protocol):
    """What a newsroom has set for one lane."""

    @property
    def connections(self) -> int:
        """How many connections may carry it at once."""

    @property
    def per_hour(self) -> int:
        """How many copies an hour; 0 for no limit."""

    @property
    def warm_up_days(self) -> int:
        """Over how many days it warms up; 0 for not at all."""


def use(lanes: Mapping[str, Pace], *, quiet_hours: str) -> None:
    """Go by what a newsroom has set, from now on; once, when a process starts.

    `quiet_hours` are two times of day, "23:00-06:00", or "" for none.
    """
    RULES.update({name: _rule_of(pace) for name, pace in lanes.items()})
    begin, _dash, end = quiet_hours.partition("-")
    NIGHT.update({"from": _minutes(begin), "to": _minutes(end)} if end else {"from": 0, "to": 0})


def _rule_of(pace: Pace) -> LaneRule:
    return LaneRule(
        connections=pace.connections,
        per_second=pace.per_hour / 3_600 if pace.per_hour else None,
        warms_up=pace.warm_up_days > 0,
        warm_up_days=0 if pace.warm_up_days == len(WARM_UP) else pace.warm_up_days,
    )


def _minutes(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


class Scope(Enum):
    """Whom an answer concerns."""

    COPY = "copy"
    LANE = "lane"


def scope_of(lane: str, *, code: int, enhanced: str) -> Scope:
    """Whom an answer of 4xx or 5xx concerns.

    >>> scope_of("gmail", code=452, enhanced="4.2.2"), scope_of("gmail", code=421, enhanced="4.7.28")
    (<Scope.COPY: 'copy'>, <Scope.LANE: 'lane'>)
    """
    subject = enhanced.split(".")[1] if enhanced.count(".") == 2 else ""
    if code < 500 and subject == "3":  # the mail system itself: the relay's disk, its load
        return Scope.LANE
    if lane == OTHER:
        return Scope.COPY
    return Scope.LANE if subject == "7" or code == 421 else Scope.COPY


def lane_pause(setbacks: int) -> timedelta:
    """How long a lane waits after this many setbacks in a row, the latest one counted."""
    return timedelta(seconds=_of(LANE_PAUSES_SECONDS, setbacks))


def copy_pause(attempt: int) -> timedelta:
    """How long a copy waits after this attempt."""
    return timedelta(seconds=_of(COPY_PAUSES_SECONDS, attempt))


def _of(steps: tuple[int, ...], number: int) -> int:
    return steps[min(max(number, 1), len(steps)) - 1]


def most_today(rule: LaneRule, *, days: int, is_warm: bool) -> int | None:
    """How many copies a lane may get on this day, which is the `days`-th on which it gets any; None for no limit."""
    in_all = rule.warm_up_days or len(WARM_UP)
    if not rule.warms_up or is_warm or days > in_all:
        return None
    return WARM_UP[(max(days, 1) - 1) * len(WARM_UP) // in_all]


def quiet_until(due: datetime, *, hour: int, minute: int, now: datetime) -> datetime | None:
    """When the reader's night ends, where it is night there now and the copy is late; None otherwise.

    `hour` and `minute` are what the reader's clock showed at `due`; so no zone is needed.
    """
    late = now - due
    if late <= LATE:
        return None
    minutes = (hour * 60 + minute + int(late.total_seconds() // 60)) % 1_440
    begin, end = NIGHT["from"], NIGHT["to"]
    if (minutes - begin) % 1_440 >= (end - begin) % 1_440:
        return None
    return now + timedelta(minutes=(end - minutes) % 1_440)


# --- What an answer means, for people ---

PTR = _("The mail server's address has no name that leads back to it. Ask its provider for a PTR record.")
SPF = _("The sender's domain does not name this mail server in its SPF record.")
TLS = _("The mail server does not encrypt its connection. Switch TLS on there.")
DKIM = _("The letter's DKIM signature is missing or does not match the key in the domain's records.")
DMARC = _("The sender's domain has no DMARC record, or the letter does not pass it.")
ALIGNED = _("The domain in From is not the one that SPF or DKIM vouches for.")
AUTHENTICATION = _("The provider wants SPF, DKIM and DMARC of the sender's domain, and misses one of them.")
RATE = _("The provider takes no more for now: too much at once, or too many readers who complained.")
FULL = _("The reader's mailbox is full.")
UNKNOWN = _("There is no such mailbox.")
BUSY = _("The mail server is busy or out of room.")
POLICY = _("The provider does not want this letter, by a rule of its own.")

CAUSES = {
    "4.7.23": PTR, "5.7.25": PTR, "4.7.27": SPF, "5.7.27": SPF, "4.7.29": TLS, "5.7.29": TLS,
    "4.7.30": DKIM, "5.7.30": DKIM, "4.7.31": DMARC, "5.7.31": DMARC, "4.7.32": ALIGNED, "5.7.32": ALIGNED,
    "4.7.26": AUTHENTICATION, "5.7.26": AUTHENTICATION, "5.7.515": AUTHENTICATION, "4.7.28": RATE, "5.7.28": RATE,
    "4.7.0": RATE, "4.2.1": RATE, "4.2.2": FULL, "5.2.2": FULL, "5.1.1": UNKNOWN, "5.1.10": UNKNOWN, "5.2.1": UNKNOWN,
}  # fmt: skip
"""What enhanced codes mean. Gmail: support.google.com/a/answer/14229414; Microsoft: "5.7.515", 2 May 2025."""


def cause_of(answer: str) -> str:
    """What an answer such as "421 4.7.28" means, in a sentence for an editor; "" where nothing is known.

    >>> str(cause_of("452 4.2.2"))
    "The reader's mailbox is full."
    """
    code, _blank, enhanced = answer.partition(" ")
    if enhanced in CAUSES:
        return str(CAUSES[enhanced])
    subject = enhanced[2:4]
    if subject == "7.":
        return str(POLICY)
    if subject == "3." or code == "421":
        return str(BUSY)
    return ""
