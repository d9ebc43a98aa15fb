"""A mailroom's journal tells, after any end, what was handed over and what was heard."""

import os
import signal
import time
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stet.mailroom.errors import JournalUnreachableError
from stet.mailroom.journal import Journal, Key, Place, Told, handing_over_line, replayed, told_line
from stet.mailroom.states import Event

KEY = Key("r", 12, 1)


def a_journal(folder: Path, *, rotate_bytes: int = 4_000_000) -> tuple[Place, Journal]:
    place = Place(folder)
    place.name()
    return place, Journal(place, uuid4(), rotate_bytes=rotate_bytes)


keys = st.builds(Key, st.sampled_from(["r", "n"]), st.integers(0, 2**40), st.integers(0, 999))
words = st.from_regex(r"[!-.0-~]{0,30}", fullmatch=True)
events = st.builds(Told, keys, st.sampled_from(list(Event)), st.integers(0, 2**33), words, words)


@given(st.lists(events))
def test_what_is_written_is_read(told: list[Told]) -> None:
    assert replayed(map(told_line, told)).told == tuple(told)


@given(events, st.data())
def test_a_line_that_was_not_written_whole_says_nothing(told: Told, data: st.DataObject) -> None:
    line = told_line(told)
    cut = data.draw(st.integers(0, len(line) - 1))
    assert replayed([line[:cut]]).told == ()


def test_what_was_handed_over_without_an_answer_is_unanswered() -> None:
    other = Key("n", 3, 2)
    lines = [handing_over_line(KEY), handing_over_line(other), told_line(Told(KEY, Event.ACCEPTED, 5, "", "q1"))]
    replay = replayed(lines)
    assert replay.unanswered == (other,)
    assert replay.told == (Told(KEY, Event.ACCEPTED, 5, "", "q1"),)


def test_a_codes_blank_comes_back_and_a_line_end_in_it_does_not_make_a_line() -> None:
    replay = replayed([told_line(Told(KEY, Event.DEFERRED, 5, "452 4.2.2", "a\n= r1 1 9 1  "))])
    assert replay.told[0].code == "452 4.2.2"
    assert len(replay.told) == 1


def test_handing_over_is_on_disk_before_it_returns_together_with_what_was_heard_before(tmp_path: Path) -> None:
    place, journal = a_journal(tmp_path)
    pen = journal.pen()
    pen.hand_over(KEY)
    pen.tell(Told(KEY, Event.ACCEPTED, 5))
    pen.hand_over(Key("r", 13, 1))
    (folder,) = place.journals.iterdir()
    assert (folder / "1").read_bytes() == b"> r12 1\n= r12 1 9 5  \n> r13 1\n"


def test_a_journal_of_a_mailroom_that_lives_is_nobodys_orphan(tmp_path: Path) -> None:
    place, journal = a_journal(tmp_path)
    assert list(place.orphans()) == []
    journal.pen().hand_over(KEY)
    journal.close()
    (orphan,) = list(place.orphans())
    assert orphan.folder.name


def test_a_journal_that_is_done_leaves_nothing(tmp_path: Path) -> None:
    place, journal = a_journal(tmp_path)
    pen = journal.pen()
    pen.hand_over(KEY)
    pen.tell(Told(KEY, Event.ACCEPTED, 5))
    pen.flush()
    journal.folded(journal.take())
    journal.close()
    assert list(place.journals.iterdir()) == []


def test_files_go_when_the_database_has_them_and_not_before(tmp_path: Path) -> None:
    place, journal = a_journal(tmp_path, rotate_bytes=100)
    pen = journal.pen()
    pen.hand_over(Key("r", 1, 1))  # stays open all the time
    for number in range(2, 60):
        pen.hand_over(Key("r", number, 1))
        pen.tell(Told(Key("r", number, 1), Event.ACCEPTED, 5))
        pen.flush()
        journal.folded(journal.take())
    (folder,) = place.journals.iterdir()
    assert len(list(folder.iterdir())) > 5
    pen.tell(Told(Key("r", 1, 1), Event.ACCEPTED, 5))
    pen.flush()
    journal.folded(journal.take())
    journal.folded(journal.take())
    assert len(list(folder.iterdir())) <= 4  # the lock, the current file, the one before, one just begun
    journal.close()


def test_events_that_the_database_did_not_take_come_again_and_keep_their_file(tmp_path: Path) -> None:
    place, journal = a_journal(tmp_path, rotate_bytes=10)
    pen = journal.pen()
    first, second = Told(KEY, Event.ACCEPTED, 5), Told(Key("r", 13, 1), Event.REFUSED, 6)
    pen.tell(first)
    pen.flush()
    batch = journal.take()
    journal.put_back(batch)
    pen.tell(second)
    pen.flush()
    assert journal.take().told == (first, second)
    (folder,) = place.journals.iterdir()
    assert (folder / "1").exists()
    journal.close()


def test_a_kill_between_two_lines_leaves_whole_lines(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.name()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        pen = Journal(place, uuid4()).pen()
        os.write(writing, b"x")
        number = 0
        while True:
            number += 1
            pen.hand_over(Key("r", number, 1))
            pen.tell(Told(Key("r", number, 1), Event.ACCEPTED, 5))
    os.read(reading, 1)
    time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    (replay,) = [orphan.replay() for orphan in place.orphans()]
    assert [told.key.id for told in replay.told] == list(range(1, len(replay.told) + 1))
    assert len(replay.unanswered) == 1


def test_without_room_on_the_disk_nothing_is_handed_over(tmp_path: Path) -> None:
    _place, journal = a_journal(tmp_path)
    os.dup2(os.open("/dev/full", os.O_WRONLY), journal._file)
    with pytest.raises(JournalUnreachableError, match="Nothing is sent without it"):
        journal.pen().hand_over(KEY)
    assert not journal.is_open(KEY)


def test_a_place_has_one_name_for_ever(tmp_path: Path) -> None:
    assert Place(tmp_path).name() == Place(tmp_path).name()
    assert len(Place(tmp_path).name()) == 32
