"""A mailroom that is killed at random moments loses nothing, repeats nothing, and says what is uncertain."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tools.crash_mail import Crashes, Relay
from tools.mail.newsroom import fill, make_keys, newsroom_at

from stet.mailroom.accounts import account_of
from stet.mailroom.addressing import Addressing
from stet.mailroom.claiming import claim
from stet.mailroom.folding import fold_replay
from stet.mailroom.journal import Journal, Key, Place, Told
from stet.mailroom.models import JournalEntry, Mailroom, Recipient
from stet.mailroom.resolving import resolve
from stet.mailroom.running import recover
from stet.mailroom.states import Event
from stet.mailroom.steering import give_up_mailroom
from stet.readers.models import Reader
from tests.mailroom.dispatches import FRIDAY, a_dispatch, a_mailroom, a_reader, a_sender

pytestmark = pytest.mark.django_db(databases=["readers"], transaction=True)

CONNECTIONS = 3


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Relay]:
    """A mail server in another process."""
    relay = Relay(tmp_path)
    yield relay
    relay.end()


@pytest.mark.parametrize("with_relay_log", [False, True])
def test_twenty_kills_lose_nothing_and_repeat_nothing(tmp_path: Path, relay: Relay, with_relay_log: bool) -> None:
    newsroom = newsroom_at(tmp_path, port=relay.port, connections=CONNECTIONS)
    make_keys(newsroom)
    dispatch = fill(newsroom, 1_000)
    crashes = Crashes(newsroom, relay, dispatch, connections=CONNECTIONS, with_relay_log=with_relay_log, seed=3)
    found = crashes.run(20)
    assert found.kills >= 15
    assert (found.lost, found.skipped, found.duplicate) == (0, 0, 0)
    assert found.most_uncertain_after_a_kill <= CONNECTIONS
    assert found.uncertain <= (0 if with_relay_log else CONNECTIONS * found.kills)
    assert found.balances
    assert found.state == "finished"


# --- The replay, step by step ---


def claimed(tmp_path: Path, count: int = 3) -> tuple[Mailroom, Journal, list[Key]]:
    """A mailroom that has claimed every copy."""
    for number in range(count):
        a_reader(f"reader{number}@example.org")
    dispatch = a_dispatch()
    row, journal, _place = a_mailroom(tmp_path, now=FRIDAY)
    copies = claim(row.pk, dispatch.pk, "other", most=10, now=FRIDAY).copies
    return row, journal, [Key("r", copy.id, copy.attempt) for copy in copies]


def states() -> list[str]:
    return list(Recipient.objects.order_by("pk").values_list("state", flat=True))


def test_after_a_crash_each_claimed_copy_is_told_of_or_goes_back(tmp_path: Path) -> None:
    row, journal, keys = claimed(tmp_path)
    pen = journal.pen()
    pen.hand_over(keys[0])
    pen.tell(Told(keys[0], Event.ACCEPTED, int(FRIDAY.timestamp()), "", "q1"))
    pen.hand_over(keys[1])
    journal.close()  # as the kernel does at the end of a process
    assert recover(Place(tmp_path), now=FRIDAY) == 1
    assert states() == ["accepted", "uncertain", "waiting"]
    assert recover(Place(tmp_path), now=FRIDAY) == 0
    assert Mailroom.objects.get(pk=row.pk).ended is not None
    assert account_of(Recipient.objects.all()[0].dispatch).balances


def test_a_replay_that_was_cut_off_before_the_journal_went_is_repeated_without_harm(tmp_path: Path) -> None:
    row, journal, keys = claimed(tmp_path)
    pen = journal.pen()
    pen.hand_over(keys[0])
    pen.tell(Told(keys[0], Event.DEFERRED, int(FRIDAY.timestamp()), "450 4.2.0"))
    pen.hand_over(keys[1])
    journal.close()
    for orphan in Place(tmp_path).orphans():
        replay = orphan.replay()
        for _time in range(2):
            fold_replay(row.pk, replay.told, replay.unanswered, now=FRIDAY)
    told = JournalEntry.objects.count()
    recover(Place(tmp_path), now=FRIDAY)
    assert states() == ["deferred", "uncertain", "waiting"]
    assert JournalEntry.objects.count() == told == 3


def test_a_claim_that_the_database_forgot_is_told_of_by_the_journal(tmp_path: Path) -> None:
    """Power was lost: the last transaction is gone, the journal is not."""
    _row, journal, keys = claimed(tmp_path)
    journal.pen().hand_over(keys[0])
    journal.close()
    Recipient.objects.update(state="waiting", event=0, attempt=0, claim=None)
    recover(Place(tmp_path), now=FRIDAY)
    assert states() == ["uncertain", "waiting", "waiting"]


def test_a_mailroom_whose_journal_is_lost_leaves_uncertain_copies(tmp_path: Path) -> None:
    row, journal, _keys = claimed(tmp_path)
    journal.close()
    shutil.rmtree(tmp_path / "journals")
    assert give_up_mailroom(row, now=FRIDAY + timedelta(minutes=11)) == 3
    assert states() == ["uncertain"] * 3


# --- The relay's log ---


def test_the_relays_log_settles_what_is_uncertain(tmp_path: Path) -> None:
    _row, journal, keys = claimed(tmp_path, count=2)
    pen, other = journal.pen(), journal.pen()
    pen.hand_over(keys[0])
    other.hand_over(keys[1])
    journal.close()
    recover(Place(tmp_path), now=FRIDAY)
    assert states() == ["uncertain", "uncertain"]
    addressing = Addressing(a_sender())
    recipient = Recipient.objects.order_by("pk")[0]
    Reader.objects.get(pk=recipient.reader_id).delete()  # Erased in the meantime: the account is settled all the same.
    taken = {addressing.message_id(recipient.dispatch.letter, recipient.pk): "4F2A"}
    young = resolve(recipient.dispatch, taken, addressing, now=FRIDAY + timedelta(minutes=1))
    assert (young.arrived, young.again, young.left) == (1, 0, 1)
    old = resolve(recipient.dispatch, taken, addressing, now=FRIDAY + timedelta(minutes=16))
    assert (old.arrived, old.again, old.left) == (0, 1, 0)
    assert states() == ["accepted", "waiting"]
    assert JournalEntry.objects.get(event=Event.ACCEPTED).queue_id == "4F2A"


def test_a_log_that_lacks_what_the_relay_took_sends_nothing_again(tmp_path: Path) -> None:
    _row, journal, keys = claimed(tmp_path, count=3)
    pen, other = journal.pen(), journal.pen()
    pen.hand_over(keys[0])
    pen.tell(Told(keys[0], Event.ACCEPTED, int(FRIDAY.timestamp()), "250 2.0.0", "4F2A"))
    pen.hand_over(keys[1])
    other.hand_over(keys[2])
    journal.close()
    recover(Place(tmp_path), now=FRIDAY)
    assert states() == ["accepted", "uncertain", "uncertain"]
    addressing = Addressing(a_sender())
    dispatch = Recipient.objects.all()[0].dispatch
    ids = [addressing.message_id(dispatch.letter, key.id) for key in keys]
    late = FRIDAY + timedelta(hours=1)
    for part in ({}, {"<another@example.org>": "4A"}):
        resolution = resolve(dispatch, part, addressing, now=late)
        assert (resolution.arrived, resolution.again, resolution.left, resolution.is_whole) == (0, 0, 2, False)
    found = resolve(dispatch, {ids[1]: "4F2B"}, addressing, now=late)
    assert (found.arrived, found.again, found.left, found.is_whole) == (1, 0, 1, False), "What stands there is true."
    whole = resolve(dispatch, {ids[0]: "4F2A", ids[1]: "4F2B"}, addressing, now=late)
    assert (whole.arrived, whole.again, whole.left, whole.is_whole) == (0, 1, 0, True)
    assert states() == ["accepted", "accepted", "waiting"]
