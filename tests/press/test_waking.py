"""The press sees at once that somebody wrote, and asks the outbox only then."""

import sqlite3
from contextlib import closing

import pytest
from django.db import connection

from stet.press.waking import Waker

pytestmark = pytest.mark.django_db(transaction=True)


def somebody_writes() -> None:
    """Write as the desk's process does: over another connection to the same file."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=20)) as other, other:
        other.execute("INSERT INTO newsroom_outbox (key) VALUES ('front')")


def a_waker() -> Waker:
    """One that has looked already."""
    waker = Waker()
    assert waker.is_time()
    return waker


def test_nothing_written_is_no_reason_to_look() -> None:
    waker = a_waker()
    assert [waker.is_time() for _ in range(5)] == [False] * 5


def test_each_change_is_a_reason_to_look_once() -> None:
    waker = a_waker()
    for _ in range(3):
        somebody_writes()
        assert (waker.is_time(), waker.is_time()) == (True, False)


def test_a_change_is_seen_over_a_new_connection_whose_count_begins_again() -> None:
    waker = a_waker()
    for _ in range(5):
        connection.close()
        somebody_writes()
        assert waker.is_time()
        connection.close()
        somebody_writes()
        assert waker.is_time()
