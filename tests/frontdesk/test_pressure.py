"""Slower, never shut: tokens, networks, declines; and ten thousand attempts beside ten readers."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from django.test import Client

from stet.frontdesk.desk import Desk
from stet.frontdesk.pressure import LONGEST_TOLD_SECONDS, MOST_IN_LINE, Level, Pressure, Watch
from stet.frontdesk.tokens import LIFE_SECONDS, Ticket, Tokens
from stet.kit.networks import HERE, Place, place_of
from stet.ledger.giving import Outcomes
from stet.ledger.models import Contribution, Fact
from tests.frontdesk.conftest import Ticks
from tests.frontdesk.paying import Till, giving_form

A, B = "192.0.2.0/24", "198.51.100.0/24"
AT_A, AT_B = Place(A, "192.0.2.7/32"), Place(B, "198.51.100.7/32")


@pytest.fixture
def pressure(ticks: Ticks) -> Pressure:
    return Pressure(ticks)


def a_ticket(age: float = 600.0) -> Ticket:
    return Ticket(uuid4(), age)


# --- Tokens ---


def test_a_token_says_how_old_it_is_for_an_hour(ticks: Ticks) -> None:
    tokens = Tokens(ticks)
    token = tokens.issue(b"values")
    ticks.now += 7
    ticket = tokens.read(token, b"values")
    assert ticket
    assert ticket.age_seconds == 7
    ticks.now += LIFE_SECONDS
    assert tokens.read(token, b"values") is None


TOKENS = {
    "nothing": "",
    "words": "let me in",
    "another process's": Tokens(lambda: 1_000.0).issue(b"values"),
    "too short": "AAAA",
    "too long": "A" * 400,
    "another alphabet": "ж" * 54,
}


@pytest.mark.parametrize("case", TOKENS)
def test_what_is_not_ours_is_no_token(ticks: Ticks, case: str) -> None:
    assert Tokens(ticks).read(TOKENS[case], b"values") is None


def test_every_changed_character_makes_it_none(ticks: Ticks) -> None:
    tokens = Tokens(ticks)
    token = tokens.issue(b"values")
    for place, character in enumerate(token):
        changed = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        assert tokens.read(changed, b"values") is None


def test_a_token_for_values_is_none_for_others_and_one_for_any_takes_them_all(ticks: Ticks) -> None:
    tokens = Tokens(ticks)
    assert tokens.read(tokens.issue(b"ten"), b"twenty") is None
    free = tokens.issue()
    assert tokens.read(free, b"ten")
    ticket = tokens.read(free, b"twenty")
    assert ticket
    tokens.use(ticket, b"twenty", "https://pay.example.org/1")
    assert tokens.read(free, b"ten") is None
    again = tokens.read(free, b"twenty")
    assert again
    assert tokens.led_to(again) == "https://pay.example.org/1"


def test_used_tokens_are_forgotten_after_an_hour(ticks: Ticks) -> None:
    tokens = Tokens(ticks)
    for _ in range(3):
        tokens.use(a_ticket(), b"", "https://pay.example.org/1")
        ticks.now += LIFE_SECONDS
    assert len(tokens._used) == 1


# --- Networks ---


def test_ten_begin_at_once_and_then_one_in_six_minutes(pressure: Pressure, ticks: Ticks) -> None:
    assert [pressure.may_begin_at_once(A) for _ in range(11)] == [True] * 10 + [False]
    assert pressure.may_begin_at_once(B)
    ticks.now += 360
    assert [pressure.may_begin_at_once(A) for _ in range(2)] == [True, False]


def test_beyond_a_hundred_and_twenty_from_everywhere_the_slow_way_begins(pressure: Pressure, ticks: Ticks) -> None:
    begun = [pressure.may_begin_at_once(f"network {number}") for number in range(130)]
    assert begun == [True] * 120 + [False] * 10
    ticks.now += 5
    assert pressure.may_begin_at_once("another")


def test_whoever_comes_without_a_network_of_their_own_shares_ten_times_as_much(pressure: Pressure) -> None:
    assert sum(pressure.may_begin_at_once(HERE) for _ in range(110)) == 100


def test_a_fresh_page_waits_for_its_age_and_then_goes(pressure: Pressure) -> None:
    assert pressure.seconds_to_wait(AT_A, a_ticket(age=1.5)) == 4
    assert pressure.seconds_to_wait(AT_A, a_ticket(age=5.0)) == 0


def test_one_network_begins_one_in_ten_seconds_and_another_does_not_wait_for_it(
    pressure: Pressure, ticks: Ticks
) -> None:
    assert pressure.seconds_to_wait(AT_A, a_ticket()) == 0
    assert pressure.seconds_to_wait(AT_A, a_ticket()) == 10
    assert pressure.seconds_to_wait(AT_B, a_ticket()) == 0


def test_whoever_waited_longest_and_still_presses_is_next(pressure: Pressure, ticks: Ticks) -> None:
    assert pressure.seconds_to_wait(AT_A, a_ticket()) == 0
    old, new = a_ticket(age=100), a_ticket(age=50)
    assert pressure.seconds_to_wait(AT_A, old) == 10
    assert pressure.seconds_to_wait(AT_A, new) == 20
    ticks.now += 10
    assert pressure.seconds_to_wait(AT_A, Ticket(new.uid, 60)) == 10
    assert pressure.seconds_to_wait(AT_A, Ticket(old.uid, 110)) == 0
    ticks.now += 10
    assert pressure.seconds_to_wait(AT_A, Ticket(new.uid, 70)) == 0


def test_whoever_presses_no_more_holds_nobody_up(pressure: Pressure, ticks: Ticks) -> None:
    assert pressure.seconds_to_wait(AT_A, a_ticket()) == 0
    for _ in range(20):
        assert pressure.seconds_to_wait(AT_A, a_ticket(age=100)) > 0
    ticks.now += LONGEST_TOLD_SECONDS + 61
    assert pressure.seconds_to_wait(AT_A, a_ticket(age=90)) == 0


def test_an_address_where_nothing_began_goes_before_those_that_had_their_turn(pressure: Pressure, ticks: Ticks) -> None:
    programs = [a_ticket(age=600) for _ in range(40)]
    assert pressure.seconds_to_wait(AT_A, programs.pop()) == 0
    for one in programs:
        assert pressure.seconds_to_wait(AT_A, one) >= 10
    reader, there = a_ticket(age=6), Place(A, "192.0.2.99/32")
    assert pressure.seconds_to_wait(there, reader) == 10
    ticks.now += 10
    assert pressure.seconds_to_wait(AT_A, programs[0]) > 0
    assert pressure.seconds_to_wait(there, Ticket(reader.uid, 16)) == 0
    ticks.now += 10
    assert pressure.seconds_to_wait(AT_A, Ticket(programs[0].uid, 620)) == 0


def test_addresses_take_turns_however_many_stand_behind_each(pressure: Pressure, ticks: Ticks) -> None:
    lines = {Place(A, f"192.0.2.{number}/32"): [a_ticket(age=1_000 - number) for _ in range(9)] for number in range(5)}
    begun: list[Place] = []
    for _second in range(200):
        for place, line in lines.items():
            for one in list(line):
                if pressure.seconds_to_wait(place, one) == 0:
                    begun.append(place)
                    line.remove(one)
        ticks.now += 1
    assert len(begun) == 20
    assert begun == list(lines) * 4


def test_a_line_of_one_address_holds_so_many_and_no_place_of_another(pressure: Pressure, ticks: Ticks) -> None:
    assert pressure.seconds_to_wait(AT_A, a_ticket()) == 0
    for _ in range(MOST_IN_LINE + 20):
        pressure.seconds_to_wait(AT_A, a_ticket(age=100))
    assert {len(line) for known in pressure._networks.values() for line in known.lines.values()} == {MOST_IN_LINE}
    reader, there = a_ticket(age=6), Place(A, "192.0.2.99/32")
    pressure.seconds_to_wait(there, reader)
    ticks.now += 10
    assert pressure.seconds_to_wait(there, Ticket(reader.uid, 16)) == 0


def test_where_somebody_is_in_a_network_is_known_by_256_places_at_most() -> None:
    assert place_of({"REMOTE_ADDR": "192.0.2.77"}) == (A, "192.0.2.77/32")
    assert place_of({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "2001:db8:1:2ff::7"}) == (
        "2001:db8:1::/48", "2001:db8:1:200::/56",
    )  # fmt: skip
    assert place_of({"REMOTE_ADDR": "127.0.0.1"}) == (HERE, HERE)


def test_nobody_is_told_to_wait_longer_than_two_minutes_at_a_time(pressure: Pressure) -> None:
    waits = [pressure.seconds_to_wait(AT_A, a_ticket(age=600 - number)) for number in range(100)]
    assert max(waits) == LONGEST_TOLD_SECONDS


def test_networks_are_kept_as_digests_for_an_hour(pressure: Pressure, ticks: Ticks) -> None:
    pressure.may_begin_at_once(A)
    kept = repr(pressure._networks) + repr(pressure._slow)
    assert "192" not in kept
    ticks.now += 3_601
    pressure.may_begin_at_once(B)
    assert len(pressure._networks) == 1


# --- Declines ---

OUTCOMES = {
    "nothing": ((0, 0), Level.CALM),
    "a few declines": ((0, 19), Level.CALM),
    "some of many": ((60, 40), Level.CALM),
    "half": ((10, 10), Level.DECLINED),
    "most, of few": ((1, 20), Level.DECLINED),
    "four fifths of forty": ((8, 32), Level.MOSTLY_DECLINED),
    "all of many": ((0, 500), Level.MOSTLY_DECLINED),
}


@pytest.mark.parametrize("case", OUTCOMES)
def test_the_share_of_declines_sets_the_level_for_ten_minutes(pressure: Pressure, ticks: Ticks, case: str) -> None:
    (settled, failed), level = OUTCOMES[case]
    pressure.note_outcomes(settled=settled, failed=failed)
    assert pressure.level is level
    assert pressure.may_begin_at_once(A) is (level is Level.CALM)
    ticks.now += 600
    assert pressure.level is level
    ticks.now += 1
    assert pressure.level is Level.CALM


def test_the_more_networks_are_on_the_slow_way_the_longer_each_waits(pressure: Pressure, ticks: Ticks) -> None:
    pressure.note_outcomes(settled=0, failed=100)
    for number in range(50):
        assert pressure.seconds_to_wait(Place(f"network {number}", "x"), a_ticket()) == 0
    ticks.now += 199
    assert pressure.seconds_to_wait(Place("network 0", "x"), a_ticket()) == 1
    assert pressure.seconds_to_wait(Place("a new one", "x"), a_ticket(age=44)) == 1
    assert pressure.seconds_to_wait(Place("a new one", "x"), a_ticket(age=45)) == 0


def test_outcomes_are_looked_up_every_ten_seconds_at_most(pressure: Pressure, ticks: Ticks) -> None:
    asked: list[int | None] = []

    def outcomes_since(place: int | None) -> Outcomes:
        asked.append(place)
        return Outcomes(place=len(asked), failed=0 if place is None else 30)

    watch = Watch(pressure, outcomes_since, ticks)
    for _ in range(3):
        watch.look()
    assert asked == [None]
    ticks.now += 10
    watch.look()
    watch.look()
    assert asked == [None, 1]
    assert pressure.level is Level.DECLINED


# --- Ten thousand attempts ---

ATTEMPTS, PREFIXES, SECONDS = 10_000, 50, 600
READERS = [f"203.0.{5 * number}.251" for number in range(10)]
"""Each comes from a network of the programs'."""


@dataclass
class Somebody:
    """A person or a program at the form, with their network."""

    address: str
    due: float
    is_reader: bool = False
    form: dict[str, str] = field(default_factory=giving_form)
    uid: UUID = field(default_factory=uuid4)
    presses: int = 0
    waited: float | None = None
    came: float = 0.0

    def __post_init__(self) -> None:
        self.came = self.due

    @property
    def place(self) -> Place:
        return place_of({"REMOTE_ADDR": self.address})


@dataclass
class Attack:
    """What came of it."""

    begun: int
    most_in_a_network: int
    waits: list[int]
    """Of the readers who got through within the time that is looked at."""


def attack(
    press: Callable[[Somebody], int],
    tell: Callable[[int], None],
    ticks: Ticks,
    *,
    presses: int,
    places: int = 5,
    hours: float = 1 / 3,
) -> Attack:
    """Ten minutes of programs, evenly; and a reader each minute, in networks of theirs.

    The programs of a network sit at so many `places` of it; it is looked at for some `hours` at most.
    `press` sends somebody's form and answers how long they are told to wait; `tell` is given how many have begun.
    """
    start = ticks.now
    programs = [
        Somebody(f"203.0.{number % PREFIXES}.{number // PREFIXES % places}", start + number * SECONDS / ATTEMPTS)
        for number in range(ATTEMPTS)
    ]
    readers = [Somebody(address, start + 60 * number + 30, is_reader=True) for number, address in enumerate(READERS)]
    waiting, begun = sorted([*programs, *readers], key=lambda one: one.due), 0
    while ticks.now < start + SECONDS or any(reader.waited is None for reader in readers):
        ticks.now += 1
        if ticks.now >= start + hours * 3_600:
            break
        for one in [one for one in waiting if one.due <= ticks.now]:
            one.presses += 1
            told = press(one)
            one.due = ticks.now + told
            one.waited = ticks.now - one.came if told == 0 else None
            begun += told == 0
        waiting = [one for one in waiting if one.waited is None and (one.is_reader or one.presses < presses)]
        tell(begun)
    most = Counter(one.place.network for one in programs if one.waited is not None).most_common(1)[0][1]
    found = Attack(begun, most, sorted(round(reader.waited) for reader in readers if reader.waited is not None))
    print(f"\n{presses} presses each, {ticks.now - start:.0f} s: {found}")
    return found


@pytest.mark.django_db(databases=["readers"])
@pytest.mark.usefixtures("support")
def test_ten_thousand_attempts_from_fifty_networks_begin_few_gifts_and_ten_readers_get_through(
    the: Desk, browser: Client, ticks: Ticks
) -> None:
    """Over WSGI; the programs wait for the button and press it once."""
    till = the.providers["practice"]
    assert isinstance(till, Till)

    def press(one: Somebody) -> int:
        answer = browser.post("/en/give", one.form, REMOTE_ADDR=one.address)
        if answer.status_code == 303:
            return 0
        page = answer.content.decode()
        one.form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
        found = re.search(r"appears in (\d+) second", page)
        assert found
        return int(found[1])

    def tell(begun: int) -> None:
        told = Fact.objects.count()
        gifts = Contribution.objects.order_by("pk")[told:]
        Fact.objects.bulk_create(
            Fact(
                provider="practice",
                kind="failed" if number % 10 else "settled",
                provider_id=f"ch_{number}",
                contribution=gift,
                month=gift.month,
            )
            for number, gift in enumerate(gifts, told)
        )

    found = attack(press, tell, ticks, presses=2)
    assert found.begun == len(till.orders) == Contribution.objects.count() <= 250
    assert found.most_in_a_network <= 10
    assert len(found.waits) == len(READERS)
    assert max(found.waits) <= 600


PROGRAMS = {"that send the form": 1, "that press three times": 4, "that never give up": 1_000_000}


@pytest.mark.parametrize(("kind", "places"), [(kind, places) for places in (1, 5) for kind in PROGRAMS])
def test_programs_of_every_patience_begin_few_gifts_and_readers_beside_them_get_through(
    pressure: Pressure, ticks: Ticks, kind: str, places: int
) -> None:
    """The same without pages between, for programs of other patience, at few or many addresses of each network."""
    told = 0

    def press(one: Somebody) -> int:
        if one.presses == 1 and pressure.may_begin_at_once(one.place.network):
            return 0
        if one.presses == 1:
            one.came = ticks.now
            return pressure.least_seconds()
        return pressure.seconds_to_wait(one.place, Ticket(one.uid, ticks.now - one.came))

    def tell(begun: int) -> None:
        nonlocal told
        failed = (begun - told) * 9 // 10
        pressure.note_outcomes(settled=begun - told - failed, failed=failed)
        told = begun

    start = ticks.now
    found = attack(press, tell, ticks, presses=PROGRAMS[kind], places=places, hours=3)
    assert found.begun <= 120 + 10 + PREFIXES * (1 + (ticks.now - start) / 200)
    # Each address of the programs' has one turn before a reader at most, and the turns are 200 seconds apart.
    assert len(found.waits) == len(READERS)
    assert max(found.waits) <= 45 + 200 * (1 + places)
