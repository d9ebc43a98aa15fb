"""A mailroom at work: every planned copy is handed over once, and told of."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from stet.mailroom import stock
from stet.mailroom.accounts import account_of, lanes_of, rate_of
from stet.mailroom.addressing import Sender
from stet.mailroom.claiming import claim, gone, rewrap
from stet.mailroom.lanes import Lanes
from stet.mailroom.models import Dispatch, JournalEntry, LaneState, Recipient, Return
from stet.mailroom.pace import LaneRule
from stet.mailroom.planning import close_cancelled
from stet.mailroom.running import recover
from stet.mailroom.sending import Engine
from stet.mailroom.sink import Sink
from stet.mailroom.sink_script import At, Script, Scripted
from stet.mailroom.sink_session import Manners
from stet.mailroom.smtp import Connection, Server
from stet.mailroom.states import Event
from stet.mailroom.steering import (
    cancel,
    end_pause_of_lane,
    end_warm_up,
    pause,
    release_uncertain,
    resume,
    retry_refused,
    send_held,
)
from stet.readers.models import Reader, Subscription, Suppression
from tests.mailroom.dispatches import (
    FRIDAY,
    a_dispatch,
    a_letter,
    a_mailroom,
    a_reader,
    a_sender,
    many_readers,
    suppress_reader,
)
from tests.readers.builders import an_address, reader_keys

pytestmark = pytest.mark.django_db(databases=["readers"], transaction=True)

NOW = FRIDAY + timedelta(minutes=1)


def server_of(sink: Sink) -> Server:
    return Server(host="127.0.0.1", port=sink.port, security="none", timeout_seconds=10)


@contextmanager
def at_work(
    folder: Path, sink: Sink, *, connections: int = 2, sender: Sender | None = None, **more: Any
) -> Iterator[Engine]:
    """A mailroom that hands its copies to the sink, ended in order."""
    row, journal, _place = a_mailroom(folder)
    transports = [Connection(server_of(sink)) for _number in range(connections)]
    engine = Engine(mailroom=row, journal=journal, sender=sender or a_sender(), transports=transports, **more)
    try:
        yield engine
    finally:
        engine.stop()
        journal.close()


def work(engine: Engine, *, now: datetime = NOW, until: Any = None, seconds: float = 20.0) -> None:
    """Let the clerk work until nothing is being sent, or until something holds."""
    until = until or (lambda: not Dispatch.objects.filter(state__in=["planned", "sending"]).exists())
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, "It does not come to an end."
        if not engine.step(now=now):
            time.sleep(0.005)


def sink_that(*scripted: Scripted) -> Sink:
    return Sink(Manners(script=Script(scripted)))


def states() -> dict[str, int]:
    return dict(Counter(Recipient.objects.values_list("state", flat=True)))


def test_a_letter_reaches_every_reader_once(tmp_path: Path) -> None:
    for number in range(30):
        a_reader(f"reader{number}@example.org")
    dispatch = a_dispatch()
    with Sink() as sink, at_work(tmp_path, sink, connections=3) as engine:
        work(engine)
    told = sorted(one.envelope_to[0] for one in sink.received)
    assert told == sorted(f"reader{number}@example.org" for number in range(30))
    dispatch.refresh_from_db()
    assert dispatch.state == "finished"
    account = account_of(dispatch)
    assert (account.planned, account.accepted, account.balances) == (30, 30, True)
    assert list((tmp_path / "journals").iterdir()) == []
    entries = JournalEntry.objects.filter(event=Event.ACCEPTED)
    assert entries.count() == 30
    assert all(entry.queue_id for entry in entries)


def test_a_copy_holds_its_readers_links_and_names(tmp_path: Path) -> None:
    reader = a_reader()
    a_dispatch()
    with Sink() as sink, at_work(tmp_path, sink) as engine:
        work(engine)
    (received,) = sink.received
    text = received.message.decode()
    links = a_sender().links
    own = Subscription.objects.get()
    assert f"https://post.example.org/unsubscribe/{links.token('unsubscribe', own.uid)}" in text
    assert f"https://post.example.org/manage/{links.token('manage', reader.uid)}" in text
    assert re.search(r"^List-Id: ?(.*\r\n )?<en\.the-week\.example\.org>\r$", text, re.MULTILINE)
    assert "Feedback-ID: 2026-11-27:en.the-week:letter:stet-mail" in text
    assert re.fullmatch(r"bounces\+[0-9a-f]{32}@example\.org", received.envelope_from)
    assert "ada" not in received.envelope_from


def test_an_address_is_brought_into_the_form_that_opens_quickly(tmp_path: Path) -> None:
    reader = a_reader()
    assert bytes(reader.sealed)[:1] == b"\x01"
    a_dispatch()
    with Sink() as sink, at_work(tmp_path, sink) as engine:
        work(engine)
    reader.refresh_from_db()
    assert bytes(reader.sealed)[:1] == b"\x02"
    assert a_sender().opener.open(bytes(reader.sealed), uid=reader.uid).text == "ada@example.org"


def test_a_reader_who_changed_the_address_meanwhile_keeps_the_new_one() -> None:
    moved, stayed = a_reader(), a_reader("bo@example.org")
    was = [(reader.pk, bytes(reader.sealed), b"\x02 anew") for reader in (moved, stayed)]
    Reader.objects.filter(pk=moved.pk).update(sealed=b"\x01 another")
    rewrap(was)
    assert bytes(Reader.objects.get(pk=moved.pk).sealed) == b"\x01 another"
    assert bytes(Reader.objects.get(pk=stayed.pk).sealed) == b"\x02 anew"


# --- Who must not get it any more ---

WHO_LEFT = {
    "left": lambda reader: Subscription.objects.filter(reader=reader).update(state="left"),
    "suspended": lambda reader: Subscription.objects.filter(reader=reader).update(state="suspended"),
    "paused": lambda reader: Reader.objects.filter(pk=reader.pk).update(paused_until=date(2027, 1, 1)),
    "suppressed": suppress_reader,
    "erased": lambda reader: Reader.objects.get(pk=reader.pk).delete(),
}


@pytest.mark.parametrize("reason", WHO_LEFT)
def test_whoever_left_between_planning_and_sending_gets_nothing(tmp_path: Path, reason: str) -> None:
    reader = a_reader()
    a_reader("bo@example.org")
    dispatch = a_dispatch()
    WHO_LEFT[reason](reader)
    with Sink() as sink, at_work(tmp_path, sink) as engine:
        work(engine)
    assert [list(one.envelope_to) for one in sink.received] == [["bo@example.org"]]
    account = account_of(dispatch)
    assert account.skipped == {reason: 1}
    assert account.balances


def test_whoever_leaves_while_the_copy_is_at_hand_gets_nothing(tmp_path: Path) -> None:
    """Claimed, in the stock, waiting for a connection: the last look is a moment before it is handed over."""
    reader = a_reader("ada@gmail.com")
    dispatch = a_dispatch()
    rules = {"gmail": LaneRule(connections=1, per_second=0.5)}
    lanes = Lanes(rules)
    lanes.get("gmail").next_at = time.monotonic() + 1.0
    with Sink() as sink, at_work(tmp_path, sink, lanes=lanes) as engine:
        work(engine, until=lambda: engine.stock.total == 1)
        Subscription.objects.filter(reader=reader).update(state="left")
        work(engine)
    assert sink.count == 0
    assert account_of(dispatch).skipped == {"left": 1}


def test_whoever_moves_while_the_copy_is_at_hand_gets_it_at_the_new_address(tmp_path: Path) -> None:
    reader = a_reader("ada@gmail.com")
    dispatch = a_dispatch()
    lanes = Lanes({"gmail": LaneRule(connections=1, per_second=0.5)})
    lanes.get("gmail").next_at = time.monotonic() + 1.0
    with Sink() as sink, at_work(tmp_path, sink, lanes=lanes) as engine:
        work(engine, until=lambda: engine.stock.total == 1)
        sealed = reader_keys().sealer.seal(an_address("ada@example.org"))
        Reader.objects.filter(pk=reader.pk).update(uid=uuid4(), sealed=sealed)
        work(engine)
    assert [list(one.envelope_to) for one in sink.received] == [["ada@example.org"]]
    assert account_of(dispatch).accepted == 1


def test_a_copy_that_nobody_looked_at_lately_is_not_given_out() -> None:
    shelf = stock.Stock(Lanes({}), fresh_seconds=0.05)
    key = stock.Key("r", 1, 1)
    shelf.put([stock.Item(key, "other", 1, None, time.monotonic() - 1)])
    assert shelf.take() is None
    shelf.looked_at({key})
    assert shelf.take() is not None


# --- What servers answer ---


def test_a_copy_that_is_put_off_is_tried_again_later(tmp_path: Path) -> None:
    a_reader()
    dispatch = a_dispatch()
    with sink_that(Scripted(at=At.RCPT, says=b"452 4.2.2 Mailbox full\r\n")) as sink, at_work(tmp_path, sink) as engine:
        work(engine, until=lambda: account_of(dispatch).deferred == 1)
        recipient = Recipient.objects.get()
        assert (recipient.reason, recipient.next_try) == ("452 4.2.2", NOW + timedelta(minutes=5))
        assert not LaneState.objects.exclude(waits_until=None).exists()
        work(engine, now=NOW + timedelta(minutes=6))
    assert account_of(dispatch).accepted == 1


def test_a_copy_that_is_refused_is_not_tried_again_unless_an_editor_says_so(tmp_path: Path) -> None:
    a_reader()
    dispatch = a_dispatch()
    with sink_that(Scripted(at=At.RCPT, says=b"550 5.6.0 Not so\r\n")) as sink, at_work(tmp_path, sink) as engine:
        work(engine)
        account = account_of(dispatch)
        assert (account.refused, account.balances) == (1, True)
        assert retry_refused(dispatch, now=NOW) == 1
        work(engine)
    assert account_of(dispatch).accepted == 1
    told = JournalEntry.objects.order_by("pk").values_list("attempt", "event")
    assert list(told) == [(1, Event.REFUSED), (2, Event.RELEASED), (3, Event.ACCEPTED)]


def test_a_mailbox_that_the_server_does_not_know_is_not_written_to_again(tmp_path: Path) -> None:
    reader = a_reader()
    dispatch = a_dispatch()
    with sink_that(Scripted(at=At.RCPT, says=b"550 5.1.1 Unknown\r\n")) as sink, at_work(tmp_path, sink) as engine:
        work(engine)
        assert account_of(dispatch).refused == 1
        assert Subscription.objects.get(reader=reader).state == "suspended"
        assert Suppression.objects.get().reason == "hard_bounce"
        assert retry_refused(dispatch, now=NOW) == 1
        work(engine)
    account = account_of(dispatch)
    assert (account.accepted, account.skipped, account.balances) == (0, {"suppressed": 1}, True)
    assert Return.objects.get().status == "5.1.1"


def test_a_copy_that_is_put_off_for_days_counts_as_refused(tmp_path: Path) -> None:
    a_reader()
    dispatch = a_dispatch()
    always = Scripted(at=At.RCPT, says=b"450 4.2.0 Later\r\n", times=None)
    with sink_that(always) as sink, at_work(tmp_path, sink) as engine:
        work(engine, until=lambda: account_of(dispatch).deferred == 1)
        work(engine, now=NOW + timedelta(days=3, hours=1))
    assert account_of(dispatch).refused == 1


def test_a_policy_answer_makes_its_lane_wait_and_no_other(tmp_path: Path) -> None:
    for number in range(6):
        a_reader(f"reader{number}@gmail.com")
        a_reader(f"reader{number}@example.org")
    dispatch = a_dispatch()
    policy = Scripted(at=At.RCPT, who="@gmail.com", says=b"450 4.7.28 Too much\r\n", times=None)
    with sink_that(policy) as sink, at_work(tmp_path, sink, connections=1) as engine:
        work(engine, until=lambda: LaneState.objects.exclude(code="").exists())
        work(engine, until=lambda: account_of(dispatch).accepted >= 6)
    assert {one.envelope_to[0].partition("@")[2] for one in sink.received} == {"example.org"}
    (row,) = [one for one in lanes_of(dispatch) if one.lane == "gmail"]
    assert row.code == "450 4.7.28"
    assert row.waits_until is not None
    assert row.deferred < 6, "What was not sent before the lane had to wait is not put off one by one."


def test_what_the_server_says_of_the_sender_is_held_against_no_reader(tmp_path: Path) -> None:
    a_reader()
    dispatch = a_dispatch()
    refused = Scripted(at=At.MAIL, says=b"530 5.7.0 Sign in first\r\n", times=1)
    with sink_that(refused) as sink, at_work(tmp_path, sink) as engine:
        work(engine)
    assert account_of(dispatch).accepted == 1
    assert not JournalEntry.objects.filter(event=Event.REFUSED).exists()


def test_a_connection_that_breaks_after_the_body_leaves_an_uncertain_copy(
    tmp_path: Path,
) -> None:
    a_reader()
    dispatch = a_dispatch()
    cut = Scripted(at=At.BODY, closes=True, is_kept=True)
    with sink_that(cut) as sink, at_work(tmp_path, sink) as engine:
        work(engine)
        dispatch.refresh_from_db()
        account = account_of(dispatch)
        assert (account.uncertain, account.balances, dispatch.state) == (1, True, "finished")
        assert sink.count == 1
        assert release_uncertain(dispatch, "again", now=NOW) == 1
        work(engine)
        assert sink.count == 2
    assert account_of(dispatch).accepted == 1


def test_an_editor_can_count_an_uncertain_copy_as_arrived(tmp_path: Path) -> None:
    a_reader()
    dispatch = a_dispatch()
    with sink_that(Scripted(at=At.BODY, closes=True)) as sink, at_work(tmp_path, sink) as engine:
        work(engine)
    assert release_uncertain(dispatch, "arrived", now=NOW) == 1
    assert account_of(dispatch).accepted == 1
    assert account_of(dispatch).balances


def test_an_address_that_does_not_open_is_refused_here_and_stops_nobody(tmp_path: Path) -> None:
    reader = a_reader()
    Reader.objects.filter(pk=reader.pk).update(sealed=b"\x01 not sealed")
    a_reader("bo@example.org")
    dispatch = a_dispatch()
    with Sink() as sink, at_work(tmp_path, sink) as engine:
        work(engine)
    account = account_of(dispatch)
    assert (account.accepted, account.refused, account.balances) == (1, 1, True)
    assert Recipient.objects.get(state="refused").reason == "seal"


# --- Steering ---


def test_a_paused_dispatch_hands_over_nothing_until_it_is_resumed(tmp_path: Path) -> None:
    many_readers(60, domains=("gmail.com",))
    dispatch = a_dispatch()
    slowly = Lanes({"gmail": LaneRule(connections=2, per_second=40)})
    with Sink() as sink, at_work(tmp_path, sink, lanes=slowly) as engine:
        work(engine, until=lambda: sink.count >= 5)
        pause(dispatch)
        work(engine, until=lambda: engine.stock.total == 0, seconds=3)
        time.sleep(0.1)
        had = sink.count
        for _number in range(20):
            engine.step(now=NOW)
            time.sleep(0.01)
        assert sink.count == had < 60
        account = account_of(dispatch)
        assert (account.claimed, account.balances) == (0, True)
        resume(dispatch)
        work(engine)
    assert sorted(one.envelope_to[0] for one in sink.received) == sorted(f"reader{n}@gmail.com" for n in range(60))


def test_a_cancelled_dispatch_skips_what_is_left_and_balances(tmp_path: Path) -> None:
    many_readers(60, domains=("gmail.com",))
    dispatch = a_dispatch()
    slowly = Lanes({"gmail": LaneRule(connections=2, per_second=40)})
    with Sink() as sink, at_work(tmp_path, sink, lanes=slowly) as engine:
        work(engine, until=lambda: sink.count >= 5)
        cancel(dispatch, now=NOW)
        work(engine, until=lambda: account_of(dispatch).owed == 0)
    account = account_of(dispatch)
    assert account.accepted == sink.count
    assert account.skipped == {"cancelled": 60 - sink.count}
    assert account.balances


def test_held_copies_go_out_when_an_editor_says_so(tmp_path: Path) -> None:
    a_reader()
    dispatch = a_dispatch(now=FRIDAY + timedelta(hours=13))
    assert send_held(dispatch, now=FRIDAY + timedelta(hours=13)) == 1
    with Sink() as sink, at_work(tmp_path, sink) as engine:
        work(engine, now=FRIDAY + timedelta(hours=13, minutes=1))
    assert account_of(dispatch).accepted == 1
    assert sink.count == 1


def test_a_mailroom_that_is_told_to_stop_gives_back_what_it_has_at_hand(tmp_path: Path) -> None:
    many_readers(200, domains=("gmail.com",))
    dispatch = a_dispatch()
    slowly = Lanes({"gmail": LaneRule(connections=2, per_second=50)})
    with Sink() as sink, at_work(tmp_path, sink, lanes=slowly) as engine:
        work(engine, until=lambda: sink.count >= 10)
    account = account_of(dispatch)
    assert (account.claimed, account.uncertain, account.balances) == (0, 0, True)
    assert account.accepted == sink.count
    assert account.waiting == 200 - sink.count
    assert list((tmp_path / "journals").iterdir()) == []


# --- Several mailrooms, lanes ---


def test_two_mailrooms_share_a_dispatch_without_a_double(tmp_path: Path) -> None:
    many_readers(400)
    dispatch = a_dispatch()
    with (
        Sink() as sink,
        at_work(tmp_path / "one", sink, batch=20) as one,
        at_work(tmp_path / "two", sink, batch=20) as two,
    ):
        deadline = time.monotonic() + 20
        while Dispatch.objects.get(pk=dispatch.pk).state != "finished":
            assert time.monotonic() < deadline
            one.step(now=NOW)
            two.step(now=NOW)
            time.sleep(0.002)
    assert len({one.envelope_to for one in sink.received}) == len(sink.received) == 400
    assert dispatch.claims.values("mailroom").distinct().count() == 2


def test_a_claim_takes_each_copy_once_and_only_when_it_may_go(tmp_path: Path) -> None:
    many_readers(5)
    dispatch = a_dispatch(now=FRIDAY - timedelta(minutes=5))
    row, journal, _place = a_mailroom(tmp_path)
    assert claim(row.pk, dispatch.pk, "other", most=3, now=FRIDAY - timedelta(seconds=1)).copies == ()
    first = claim(row.pk, dispatch.pk, "other", most=3, now=FRIDAY).copies
    second = claim(row.pk, dispatch.pk, "other", most=3, now=FRIDAY).copies
    assert len({copy.id for copy in (*first, *second)}) == 5
    assert claim(row.pk, dispatch.pk, "other", most=3, now=FRIDAY).copies == ()
    assert gone({copy.id: copy.reader_uid for copy in first}, now=FRIDAY) == {}
    journal.close()


def test_a_lane_gets_no_more_a_day_than_its_warm_up_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stet.mailroom.pace.WARM_UP", (10, 20))
    many_readers(50, domains=("gmail.com",))
    dispatch = a_dispatch()
    with Sink() as sink, at_work(tmp_path, sink, lanes=Lanes({"gmail": LaneRule(warms_up=True)})) as engine:
        for day, expected in enumerate((10, 30, 50)):
            moment = NOW + timedelta(days=day)
            work(engine, now=moment, until=lambda expected=expected: sink.count >= expected)
            deadline = time.monotonic() + 0.7
            while time.monotonic() < deadline:
                engine.step(now=moment)
            assert sink.count == expected
    assert account_of(dispatch).accepted == 50


def test_a_late_copy_waits_for_its_readers_morning(tmp_path: Path) -> None:
    a_reader()
    dispatch = a_dispatch()
    night = FRIDAY + timedelta(hours=16)  # midnight in Riga
    with Sink() as sink, at_work(tmp_path, sink) as engine:
        deadline = time.monotonic() + 0.5
        while time.monotonic() < deadline:
            engine.step(now=night)
        assert sink.count == 0
        assert Recipient.objects.get().next_try == FRIDAY + timedelta(hours=22)
        work(engine, now=FRIDAY + timedelta(hours=22))
    assert account_of(dispatch).accepted == 1


def test_the_rate_is_of_the_last_minute(tmp_path: Path) -> None:
    many_readers(120)
    dispatch = a_dispatch()
    with Sink() as sink, at_work(tmp_path, sink) as engine:
        work(engine)
    assert rate_of(dispatch, now=datetime.now(UTC)) == pytest.approx(2.0)
    assert rate_of(dispatch, now=datetime.now(UTC) + timedelta(minutes=5)) == 0.0


def test_why_a_lane_gets_nothing_more_today_can_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stet.mailroom.pace.WARM_UP", (10, 20))
    many_readers(50, domains=("gmail.com",))
    dispatch = a_dispatch()
    with Sink() as sink, at_work(tmp_path, sink, lanes=Lanes({"gmail": LaneRule(warms_up=True)})) as engine:
        work(engine, until=lambda: sink.count >= 10)
        work(engine, until=lambda: LaneState.objects.get().sent_today == 10)
    (today,) = lanes_of(dispatch, now=NOW)
    (tomorrow,) = lanes_of(dispatch, now=NOW + timedelta(days=1))
    assert (today.left_today, tomorrow.left_today) == (0, 20)
    end_warm_up("gmail")
    (warm,) = lanes_of(dispatch, now=NOW)
    assert warm.left_today is None


def test_a_lane_that_waits_can_be_tried_again_at_once(tmp_path: Path) -> None:
    a_reader("ada@gmail.com")
    dispatch = a_dispatch()
    LaneState.objects.create(lane="gmail", waits_until=datetime.now(UTC) + timedelta(hours=1), setbacks=3, is_warm=True)
    with Sink() as sink, at_work(tmp_path, sink) as engine:
        deadline = time.monotonic() + 0.8
        while time.monotonic() < deadline:
            engine.step(now=NOW)
        assert sink.count == 0
        end_pause_of_lane("gmail")
        work(engine)
    assert account_of(dispatch).accepted == 1


def test_what_a_mailroom_gives_back_after_a_cancellation_is_skipped(tmp_path: Path) -> None:
    many_readers(5)
    dispatch = a_dispatch()
    row, journal, place = a_mailroom(tmp_path, now=NOW)
    claim(row.pk, dispatch.pk, "other", most=2, now=NOW)
    cancel(dispatch, now=NOW)
    close_cancelled(now=NOW)
    assert (account_of(dispatch).claimed, account_of(dispatch).skipped) == (2, {"cancelled": 3})
    assert Dispatch.objects.get().finished_at is None
    journal.close()
    (place.journals / row.uid.hex).mkdir(exist_ok=True)
    recover(place, now=NOW)
    close_cancelled(now=NOW)
    account = account_of(dispatch)
    assert (account.owed, account.skipped, account.balances) == (0, {"cancelled": 5}, True)
    assert Dispatch.objects.get().finished_at == NOW


def test_two_letters_go_out_side_by_side(tmp_path: Path) -> None:
    many_readers(300)
    large, small = a_dispatch(), a_dispatch(a_letter(id=str(uuid4())))
    with Sink() as sink, at_work(tmp_path, sink, batch=20) as engine:
        work(engine)
    assert (account_of(large).accepted, account_of(small).accepted) == (300, 300)
    addresses = [one.envelope_to[0] for one in sink.received]
    second = next(place for place, address in enumerate(addresses) if address in addresses[:place])
    assert 20 <= second < 250  # one letter after the other, nobody would get a second one before the 300th
