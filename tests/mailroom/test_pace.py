"""What an answer means for the copies that follow, how long they wait, and what is said of it."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from stet.mailroom.pace import (
    BIG,
    FREE,
    NIGHT,
    OTHER,
    RULES,
    WARM_UP,
    Scope,
    cause_of,
    copy_pause,
    lane_pause,
    most_today,
    quiet_until,
    scope_of,
    use,
)
from stet.project.settings import Lanes, Pace
from stet.readers.lanes import LANES

SCOPES = {
    "a full mailbox": ("gmail", 452, "4.2.2", Scope.COPY),
    "a greylist": ("yandex", 450, "4.2.0", Scope.COPY),
    "one reader who gets too much": ("gmail", 450, "4.2.1", Scope.COPY),
    "our reputation": ("gmail", 421, "4.7.28", Scope.LANE),
    "our PTR record": ("gmail", 450, "4.7.23", Scope.LANE),
    "our signature, refused": ("gmail", 550, "5.7.26", Scope.LANE),
    "our authentication, at Microsoft": ("outlook", 550, "5.7.515", Scope.LANE),
    "no such mailbox": ("gmail", 550, "5.1.1", Scope.COPY),
    "a pause without a reason": ("yahoo", 421, "", Scope.LANE),
    "a policy of somebody's own server": ("other", 450, "4.7.1", Scope.COPY),
    "a full disk of our relay": ("other", 452, "4.3.1", Scope.LANE),
    "no code that says anything": ("gmail", 451, "", Scope.COPY),
}


@pytest.mark.parametrize("case", SCOPES)
def test_whom_an_answer_concerns(case: str) -> None:
    lane, code, enhanced, scope = SCOPES[case]
    assert scope_of(lane, code=code, enhanced=enhanced) is scope


def test_pauses_grow_and_then_stay() -> None:
    for pause in (lane_pause, copy_pause):
        pauses = [pause(number) for number in range(1, 12)]
        assert pauses == sorted(pauses)
        assert pauses[-1] == pauses[-2] <= timedelta(hours=4)
    assert (lane_pause(1), copy_pause(1)) == (timedelta(minutes=1), timedelta(minutes=5))


def test_a_lane_gets_more_each_day_until_it_is_warm() -> None:
    days = [most_today(BIG, days=day, is_warm=False) for day in range(1, len(WARM_UP) + 2)]
    assert days == [*WARM_UP, None]
    assert most_today(BIG, days=1, is_warm=True) is None
    assert most_today(FREE, days=1, is_warm=False) is None


DUE = datetime(2026, 11, 27, 6, tzinfo=UTC)
NIGHTS = {
    "in time, at any hour": (3, timedelta(0), None),
    "a little late, at night": (23, timedelta(minutes=59), None),
    "late by day": (8, timedelta(hours=12), None),
    "late at eleven in the evening": (8, timedelta(hours=15), timedelta(hours=7)),
    "late at midnight": (8, timedelta(hours=16), timedelta(hours=6)),
    "late at one minute to six": (8, timedelta(hours=21, minutes=59), timedelta(minutes=1)),
    "late at six": (8, timedelta(hours=22), None),
    "late by days, at night": (8, timedelta(days=2, hours=16), timedelta(hours=6)),
}


@pytest.mark.parametrize("case", NIGHTS)
def test_a_late_copy_is_not_sent_in_its_readers_night(case: str) -> None:
    hour, late, waits = NIGHTS[case]
    now = DUE + late
    assert quiet_until(DUE, hour=hour, minute=0, now=now) == (None if waits is None else now + waits)


@pytest.fixture
def _shipped() -> Iterator[None]:
    """What the test sets is taken back."""
    rules, night = dict(RULES), dict(NIGHT)
    yield
    RULES.update(rules)
    NIGHT.update(night)


def test_what_ships_is_what_the_settings_say() -> None:
    lanes = Lanes()
    assert {field.name for field in fields(lanes)} == {*RULES} == {*LANES, OTHER}
    for name, rule in RULES.items():
        pace = getattr(lanes, name)
        assert (rule.connections, rule.per_second or 0, rule.warms_up) == (
            pace.connections, pace.per_hour / 3_600, pace.warm_up_days > 0
        )  # fmt: skip
        assert pace.warm_up_days in (0, len(WARM_UP))


@pytest.mark.usefixtures("_shipped")
def test_a_newsroom_sets_the_pace_of_a_lane_and_its_quiet_hours() -> None:
    use({"gmail": Pace(connections=1, per_hour=1_800, warm_up_days=3)}, quiet_hours="20:00-10:30")
    rule = RULES["gmail"]
    assert (rule.connections, rule.per_second) == (1, 0.5)
    assert [most_today(rule, days=day, is_warm=False) for day in (1, 2, 3, 4)] == [1_000, 8_000, 50_000, None]
    assert RULES["yahoo"] == BIG
    late = DUE + timedelta(hours=14)  # due at eight: ten in the evening
    assert quiet_until(DUE, hour=8, minute=0, now=late) == late + timedelta(hours=12, minutes=30)
    use({"gmail": Pace(connections=1, per_hour=0, warm_up_days=18)}, quiet_hours="")
    assert RULES["gmail"].per_second is None
    slow = [most_today(RULES["gmail"], days=day, is_warm=False) for day in range(1, 20)]
    assert slow == [step for step in WARM_UP for _day in (1, 2)] + [None]
    assert quiet_until(DUE, hour=8, minute=0, now=DUE + timedelta(hours=18)) is None
    use({}, quiet_hours="01:00-05:00")
    late = DUE + timedelta(hours=18)  # two at night
    assert quiet_until(DUE, hour=8, minute=0, now=late) == late + timedelta(hours=3)
    assert quiet_until(DUE, hour=8, minute=0, now=DUE + timedelta(hours=16)) is None


CAUSES = {
    "450 4.7.23": "PTR",
    "550 5.7.515": "SPF, DKIM and DMARC",
    "452 4.2.2": "mailbox is full",
    "421 4.7.99": "rule of its own",
    "421": "busy",
    "550 5.1.1": "no such mailbox",
    "451": "",
}


@pytest.mark.parametrize("answer", CAUSES)
def test_an_answer_is_explained(answer: str) -> None:
    said = cause_of(answer)
    assert CAUSES[answer] in said
    assert bool(said) is bool(CAUSES[answer])


def test_a_cause_is_explained_in_the_editors_language() -> None:
    with translation.override("ru"):
        assert cause_of("452 4.2.2") == "Ящик читателя переполнен."
