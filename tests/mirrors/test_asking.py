"""What the desk asks of the process that carries is never lost between the two."""

import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from stet.mirrors.asking import Wish, ask, asked, asked_since

TIMES = 2_000


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads that take turns a thousand times as often: what lies between two of one's steps happens."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(before)


def test_what_was_asked_for_is_told_once(newsroom: Path) -> None:
    assert asked(newsroom, "north") == frozenset()
    ask(newsroom, "north", Wish.CARRY)
    ask(newsroom, "north", Wish.CHECK)
    ask(newsroom, "north", Wish.CHECK)
    assert asked(newsroom, "south") == frozenset()
    assert asked(newsroom, "north") == {Wish.CARRY, Wish.CHECK}
    assert asked(newsroom, "north") == frozenset()


def test_since_when_something_is_asked_for_is_the_first_of_it(newsroom: Path) -> None:
    assert asked_since(newsroom, "north") is None
    ask(newsroom, "north", Wish.CHECK)
    first = asked_since(newsroom, "north")
    ask(newsroom, "north", Wish.CARRY)
    assert asked_since(newsroom, "north") == first
    asked(newsroom, "north")
    assert asked_since(newsroom, "north") is None


@pytest.mark.usefixtures("hasty_threads")
def test_a_wish_that_comes_while_somebody_looks_is_not_lost(newsroom: Path) -> None:
    ended, taken = Event(), Event()

    def follow() -> None:
        while not ended.is_set():
            if asked(newsroom, "north"):
                taken.set()

    follower = Thread(target=follow, daemon=True)
    follower.start()
    try:
        for _ in range(TIMES):
            ask(newsroom, "north", Wish.CHECK)
            assert taken.wait(20)
            taken.clear()
    finally:
        ended.set()
        follower.join()
