"""Many connections in one thread: none of them waits for another."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from stet.mailroom.accounts import account_of
from stet.mailroom.models import Dispatch
from stet.mailroom.sending import Engine
from stet.mailroom.sink import Sink
from stet.mailroom.sink_script import At, Script, Scripted
from stet.mailroom.sink_session import Manners
from stet.mailroom.smtp import Connection, Server
from stet.mailroom.transport import Capabilities, Job, Kind, OnHandingOver, Outcome, Steps
from tests.mailroom.dispatches import HTML, a_dispatch, a_letter, a_mailroom, a_sender, many_readers
from tests.mailroom.test_sending import work

pytestmark = pytest.mark.django_db(databases=["readers"], transaction=True)

READERS = 12
PARAGRAPH = b"<p>More than fits on the way to a server that does not read.</p>\n"
LARGE = HTML.replace(b"</body>", PARAGRAPH * 60_000 + b"</body>")


class Stalled(Script):
    """Falls silent at one moment until it is let go on."""

    def __init__(self, at: At) -> None:
        super().__init__()
        self.at, self.goes_on = at, threading.Event()

    def take(self, at: At, who: str) -> Scripted | None:
        if at is self.at:
            assert self.goes_on.wait(60)
        return super().take(at, who)


class Blocking:
    """A transport that gives out no wait, such as a provider's API that does not answer."""

    blocks = True
    capabilities = Capabilities(is_pipelined=False, keeps_bytes=False, keeps_return_address=False)

    def __init__(self) -> None:
        self.goes_on = threading.Event()
        self.count = 0

    def run(self, jobs: Iterable[Job], on_handing_over: OnHandingOver) -> Iterator[Outcome]:
        for job in jobs:
            on_handing_over(job.key)
            assert self.goes_on.wait(60)
            self.count += 1
            yield Outcome(key=job.key, kind=Kind.ACCEPTED)

    def leave(self) -> Steps[None]:
        yield from ()


def connection_to(sink: Sink, **changes: Any) -> Connection:
    return Connection(Server(**{"host": "127.0.0.1", "port": sink.port, "security": "none", **changes}))


@contextmanager
def a_mailroom_with(folder: Path, *transports: Any) -> Iterator[Engine]:
    row, journal, _place = a_mailroom(folder)
    engine = Engine(mailroom=row, journal=journal, sender=a_sender(), transports=list(transports))
    try:
        yield engine
    finally:
        engine.stop()
        journal.close()


STALLS = {
    "before it greets": At.CONNECT,
    "before it answers to EHLO": At.EHLO,
    "before it answers to an envelope": At.RCPT,
    "in the middle of a body, which it does not read": At.MIDDLE,
    "after the dot": At.BODY,
}


@pytest.mark.parametrize("moment", STALLS)
def test_a_server_that_falls_silent_holds_up_no_other_connection(tmp_path: Path, moment: str) -> None:
    many_readers(READERS)
    dispatch = a_dispatch(a_letter(html=LARGE) if STALLS[moment] is At.MIDDLE else None)
    script = Stalled(STALLS[moment])
    with Sink(Manners(script=script)) as silent, Sink() as brisk:
        try:
            with a_mailroom_with(tmp_path, connection_to(silent), connection_to(brisk)) as engine:
                # The silent one has the copy that it got, and the next one's envelope.
                work(engine, until=lambda: brisk.count >= READERS - 2)
                assert silent.count == 0
                script.goes_on.set()
                work(engine)
        finally:
            script.goes_on.set()
        told = sorted(one.envelope_to for one in (*silent.received, *brisk.received))
    assert len(told) == len(set(told)) == READERS
    account = account_of(dispatch)
    assert (account.accepted, account.uncertain, account.balances) == (READERS, 0, True)


def test_a_transport_that_blocks_holds_up_no_other(tmp_path: Path) -> None:
    many_readers(READERS)
    dispatch = a_dispatch()
    blocking = Blocking()
    with Sink() as brisk:
        try:
            with a_mailroom_with(tmp_path, blocking, connection_to(brisk)) as engine:
                work(engine, until=lambda: brisk.count >= READERS - 1)
                assert blocking.count == 0
                blocking.goes_on.set()
                work(engine)
        finally:
            blocking.goes_on.set()
        assert blocking.count + brisk.count == READERS
    assert account_of(dispatch).accepted == READERS


def test_an_answer_that_does_not_come_in_time_leaves_one_uncertain_copy(tmp_path: Path) -> None:
    many_readers(READERS)
    dispatch = a_dispatch()
    script = Stalled(At.BODY)
    with Sink(Manners(script=script)) as silent, Sink() as brisk:
        try:
            connections = connection_to(silent, timeout_seconds=1), connection_to(brisk)
            with a_mailroom_with(tmp_path, *connections) as engine:
                work(engine, until=lambda: account_of(dispatch).uncertain == 1 and brisk.count >= READERS - 2)
                work(engine)
        finally:
            script.goes_on.set()
    account = account_of(dispatch)
    assert (account.accepted, account.uncertain, account.balances) == (READERS - 1, 1, True)


def test_connections_that_close_again_and_again_are_not_mixed_up(tmp_path: Path) -> None:
    """The system gives a new connection the number of an old one."""
    many_readers(40)
    a_dispatch()
    with Sink(Manners(messages_per_connection=1)) as sink:
        with a_mailroom_with(tmp_path, *(connection_to(sink) for _number in range(4))) as engine:
            work(engine)
        assert len({one.envelope_to for one in sink.received}) == sink.count == 40
    assert Dispatch.objects.get().state == "finished"
