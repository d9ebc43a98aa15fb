"""A mailroom at work: every planned copy is handed over once, and told of."""

import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from stet.mailroom.accounts import account_of
from stet.mailroom.models import Dispatch
from stet.mailroom.sending import Engine
from stet.mailroom.sink import Sink
from stet.mailroom.smtp import Connection, Server
from tests.mailroom.builders import FRIDAY, a_dispatch, a_mailroom, a_reader, a_sender

pytestmark = pytest.mark.django_db(databases=["readers"], transaction=True)


def server_of(sink: Sink) -> Server:
    return Server(host="127.0.0.1", port=sink.port, security="none", timeout_seconds=10)


NOW = FRIDAY + timedelta(minutes=1)


def work(engine: Engine, *, now: datetime = NOW, until: float = 20.0) -> None:
    """Let the clerk work until nothing is being sent."""
    deadline = time.monotonic() + until
    while Dispatch.objects.filter(state__in=["planned", "sending"]).exists():
        assert time.monotonic() < deadline, "It does not come to an end."
        if not engine.step(now=now):
            time.sleep(0.01)


def test_a_letter_reaches_every_reader_once(tmp_path: Path) -> None:
    for number in range(30):
        a_reader(f"reader{number}@example.org")
    dispatch = a_dispatch()
    row, journal, _place = a_mailroom(tmp_path)
    with Sink() as sink:
        engine = Engine(
            mailroom=row, journal=journal, sender=a_sender(),
            transports=[Connection(server_of(sink)) for _ in range(3)],
        )  # fmt: skip
        work(engine)
        engine.stop()
        journal.close()
        assert sorted(one.envelope_to[0] for one in sink.received) == sorted(
            f"reader{n}@example.org" for n in range(30)
        )
    dispatch.refresh_from_db()
    assert dispatch.state == "finished"
    account = account_of(dispatch)
    assert (account.planned, account.accepted, account.balances) == (30, 30, True)
    assert list((tmp_path / "journals").iterdir()) == []
