"""What is told of a copy, in whatever order, leads to one state."""

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from stet.mailroom.states import STATE_AFTER, Event, Standing, State, after

BEGINNING = Standing(0, Event.PLANNED)
told = st.builds(Standing, st.integers(0, 4), st.sampled_from(list(Event)))


@given(st.lists(told), st.randoms())
def test_any_order_of_events_leads_to_one_standing(events: list[Standing], dice: object) -> None:
    shuffled = list(events)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert reduce(after, events, BEGINNING) == reduce(after, shuffled, BEGINNING)


@given(st.lists(told), told)
def test_what_is_told_twice_changes_nothing(events: list[Standing], again: Standing) -> None:
    once = reduce(after, [*events, again], BEGINNING)
    assert after(once, again) == once


@given(st.lists(told))
def test_what_was_accepted_stays_accepted(events: list[Standing]) -> None:
    is_accepted = any(one.event is Event.ACCEPTED for one in events)
    assert (reduce(after, events, BEGINNING).state == State.ACCEPTED) is is_accepted


def test_every_event_has_a_state() -> None:
    assert set(STATE_AFTER) == set(Event)


CASES = {
    "an answer heard after all": ([(1, Event.UNCERTAIN), (1, Event.ACCEPTED)], State.ACCEPTED),
    "a late word of an earlier attempt": ([(2, Event.CLAIMED), (1, Event.RETURNED)], State.CLAIMED),
    "a late acceptance of an earlier attempt": ([(2, Event.CLAIMED), (1, Event.ACCEPTED)], State.ACCEPTED),
    "a replay of what was folded already": ([(1, Event.DEFERRED), (1, Event.UNCERTAIN)], State.DEFERRED),
    "a doubt told again after an editor's word": (
        [(1, Event.UNCERTAIN), (2, Event.RELEASED), (1, Event.UNCERTAIN)], State.WAITING,
    ),
    "put off once too often": ([(3, Event.DEFERRED), (3, Event.REFUSED)], State.REFUSED),
}  # fmt: skip


def test_cases() -> None:
    for case, (events, state) in CASES.items():
        assert reduce(after, [Standing(*one) for one in events], BEGINNING).state == state, case
