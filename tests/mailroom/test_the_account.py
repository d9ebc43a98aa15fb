"""Whatever happens in whatever order, the account of a dispatch balances, and entries lead to the states that stand."""

import random
from collections import defaultdict
from datetime import timedelta
from functools import reduce

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stet.mailroom.accounts import account_of
from stet.mailroom.claiming import claim
from stet.mailroom.errors import DispatchRefusedError
from stet.mailroom.folding import fold, fold_replay
from stet.mailroom.journal import Key, Told
from stet.mailroom.models import Dispatch, JournalEntry, Mailroom, Recipient
from stet.mailroom.planning import settle
from stet.mailroom.states import Event, Standing, State, after
from stet.mailroom.steering import (
    cancel,
    leave_out_held,
    pause,
    release_uncertain,
    resume,
    retry_refused,
    send_held,
)
from stet.readers.models import Reader
from tests.mailroom.dispatches import FRIDAY, LETTER, a_dispatch, a_letter, a_reader

pytestmark = pytest.mark.django_db(databases=["readers"])

OUTCOMES = [Event.ACCEPTED, Event.DEFERRED, Event.REFUSED, Event.UNCERTAIN, Event.RETURNED, Event.SKIPPED]


class World:
    """A dispatch with two mailrooms; each of them may claim, tell late or twice, or end without a word."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.now = FRIDAY
        for number in range(8):
            if not Reader.objects.filter(pk=number + 1).exists():
                a_reader(f"reader{seed % 1000}-{number}@example.org", state=self.dice.choice(["active"] * 5 + ["left"]))
        self.dispatch = a_dispatch(now=FRIDAY + timedelta(hours=13 if self.dice.random() < 0.2 else 0))
        self.rooms = [Mailroom.objects.create(place="p" * 32, started=FRIDAY, seen=FRIDAY) for _number in range(2)]
        self.told: list[Told] = []
        self.hands: dict[int, list[Key]] = defaultdict(list)

    def step(self) -> None:
        """Do one thing."""
        self.now += timedelta(hours=self.dice.uniform(0, 3))
        self.dice.choice(
            [self.claim, self.claim, self.tell, self.tell, self.tell, self.crash, self.steer, self.repeat]
        )()
        account = account_of(self.dispatch)
        assert account.balances, account

    def claim(self) -> None:
        room = self.dice.choice(self.rooms)
        self.dispatch.refresh_from_db()
        if self.dispatch.state in ("planned", "sending"):
            found = claim(room.pk, self.dispatch.pk, "other", most=self.dice.randrange(1, 5), now=self.now)
            self.hands[room.pk] += [Key("r", copy.id, copy.attempt) for copy in found.copies]

    def tell(self) -> None:
        room = self.dice.choice(self.rooms)
        keys = self.hands[room.pk]
        if keys:
            key = keys.pop(self.dice.randrange(len(keys)))
            told = Told(key, self.dice.choice(OUTCOMES), int(self.now.timestamp()), self.dice.choice(["", "left"]))
            self.told.append(told)
            fold([told], now=self.now)

    def repeat(self) -> None:
        if self.told:
            fold(self.dice.sample(self.told, self.dice.randrange(1, len(self.told) + 1)), now=self.now)

    def crash(self) -> None:
        room = self.dice.choice(self.rooms)
        keys, self.hands[room.pk] = self.hands[room.pk], []
        unanswered = keys[: self.dice.randrange(0, 2)]
        for _time in range(self.dice.randrange(1, 3)):
            fold_replay(room.pk, self.told[-3:], unanswered, now=self.now)

    def steer(self) -> None:
        acts = [
            lambda: pause(self.dispatch),
            lambda: resume(self.dispatch, now=self.now),
            lambda: retry_refused(self.dispatch, now=self.now),
            lambda: release_uncertain(self.dispatch, "again", now=self.now),
            lambda: release_uncertain(self.dispatch, "arrived", now=self.now),
            lambda: send_held(self.dispatch, now=self.now),
            lambda: leave_out_held(self.dispatch, now=self.now),
            lambda: settle(Dispatch.objects.get(pk=self.dispatch.pk), now=self.now),
        ]
        if self.dice.random() < 0.05:
            acts = [lambda: cancel(self.dispatch, now=self.now)]
        try:
            self.dice.choice(acts)()
        except DispatchRefusedError:
            return


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_the_account_balances_after_every_step_and_states_follow_from_entries(seed: int) -> None:
    Dispatch.objects.all().delete()
    Reader.objects.all().delete()
    world = World(seed)
    for _number in range(40):
        world.step()
    told: dict[int, list[Standing]] = defaultdict(list)
    for recipient, attempt, event in JournalEntry.objects.values_list("recipient_id", "attempt", "event"):
        told[recipient].append(Standing(attempt, Event(event)))
    for pk, state, attempt in Recipient.objects.values_list("pk", "state", "attempt"):
        follows = reduce(after, told[pk], Standing(0, Event.PLANNED))
        # A claim is the one thing that its own row tells, and no entry.
        is_claimed = state == State.CLAIMED and attempt > follows.attempt
        assert is_claimed or state == follows.state, (state, attempt, told[pk])


def test_what_does_not_go_with_where_a_dispatch_stands_is_refused() -> None:
    a_reader()
    dispatch = a_dispatch()
    with pytest.raises(DispatchRefusedError, match="Only a paused dispatch"):
        resume(dispatch, now=FRIDAY)
    cancel(dispatch, now=FRIDAY)
    with pytest.raises(DispatchRefusedError, match="over already"):
        cancel(dispatch, now=FRIDAY)
    with pytest.raises(DispatchRefusedError, match="cancelled"):
        retry_refused(dispatch, now=FRIDAY)
    with pytest.raises(DispatchRefusedError, match="planned or being sent"):
        pause(dispatch)


def test_leaving_out_what_was_held_finishes_the_dispatch() -> None:
    a_reader()
    dispatch = a_dispatch(a_letter(), now=FRIDAY + timedelta(hours=13))
    assert leave_out_held(dispatch, now=FRIDAY + timedelta(hours=14)) == 1
    dispatch.refresh_from_db()
    assert (dispatch.state, account_of(dispatch).skipped, dispatch.letter) == ("finished", {"late": 1}, LETTER)
