"""The mailroom's process, from a printed letter to a mailbox."""

import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from stet.mailroom.accounts import account_of
from stet.mailroom.anymail_transport import AnymailTransport
from stet.mailroom.dkim import make_key, write_key
from stet.mailroom.lanes import Lanes
from stet.mailroom.models import Dispatch, Mailroom, Recipient
from stet.mailroom.running import Room, bring_to_disk, note_work, run, sender_of, signer_of, transports_of
from stet.mailroom.sink import Sink
from stet.mailroom.smtp import Connection
from stet.readers.models import Notice
from tests.mailroom.dispatches import THE_WEEK, Printed, a_dispatch, a_letter, a_reader, an_opening_key
from tests.readers.builders import reader_keys

pytestmark = pytest.mark.django_db(databases=["readers"], transaction=True)


def a_newsroom(folder: Path, *, port: int = 25, **changes: Any) -> Any:
    """A newsroom's folder with the keys that the mailroom needs."""
    keys = folder / "keys"
    keys.mkdir(exist_ok=True)
    (keys / "readers-seal.pem").write_bytes(an_opening_key())
    (keys / "readers-links").write_text("a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s\n")
    mailroom = {
        "smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "smtp_user": "", "connections": 2,
        "sender": "letters@example.org", "bounces": "", "dkim_selector": "stet", "transport": "smtp", **changes,
    }  # fmt: skip
    return SimpleNamespace(
        folder=folder, edition=folder / "edition", keys=keys, frontdesk_url="https://post.example.org",
        onion_frontdesk_url="",
        opening_key=keys / "readers-seal.pem", link_key=keys / "readers-links",
        settings=SimpleNamespace(mailroom=SimpleNamespace(**mailroom)),
    )  # fmt: skip


@contextmanager
def at_work(newsroom: Any) -> Iterator[None]:
    """A mailroom at work in a thread, ended in order."""
    stop = threading.Event()
    thread = threading.Thread(target=lambda: Room(newsroom, lanes=lambda: Lanes({})).work(stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=20)


def until(condition: Any, *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It does not come to an end."
        time.sleep(0.02)


def test_a_printed_letter_is_sent_when_it_is_due_and_a_notice_at_once(tmp_path: Path) -> None:
    reader = a_reader()
    now = datetime.now(UTC)
    Notice.objects.create(reader=reader, kind="manage", list_key=THE_WEEK, asked=now, next_try=now)
    printed = Printed(tmp_path / "edition")
    printed.print(due=(now - timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M"), time_zone="UTC")
    stop = threading.Event()
    with Sink() as sink:
        newsroom = a_newsroom(tmp_path, port=sink.port)
        thread = threading.Thread(target=run, args=(newsroom, stop))
        thread.start()
        try:
            until(lambda: sink.count == 2 and Dispatch.objects.filter(state="finished").exists())
        finally:
            stop.set()
            thread.join(timeout=20)
        assert not thread.is_alive()
        subjects = sorted(
            line for one in sink.received for line in one.message.split(b"\r\n") if line[:8] == b"Subject:"
        )
    assert subjects == [b"Subject: The dam", b"Subject: Your letters from The Far Shore"]
    assert account_of(Dispatch.objects.get()).accepted == 1
    assert Notice.objects.get().state == "sent"
    assert Mailroom.objects.get().ended is not None
    assert list((tmp_path / "data" / "mailroom" / "journals").iterdir()) == []


def test_without_a_mail_server_no_letter_is_taken_up(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    a_reader()
    stop = threading.Event()
    stop.set()
    Room(a_newsroom(tmp_path, smtp_host="")).work(stop)
    assert "sends nothing" in caplog.text
    assert not Mailroom.objects.exists()


def test_a_mail_server_that_comes_back_gets_everything(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    reader = a_reader()
    now = datetime.now(UTC)
    Notice.objects.create(reader=reader, kind="manage", list_key=THE_WEEK, asked=now, next_try=now)
    with Sink() as sink:
        port = sink.port
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(a_newsroom(tmp_path, port=port), stop))
    thread.start()
    try:
        until(lambda: "mail server" in caplog.text)
        with Sink(port=port) as sink:
            until(lambda: sink.count == 1)
            until(lambda: Notice.objects.get().state == "sent")
    finally:
        stop.set()
        thread.join(timeout=20)
    assert "@" not in caplog.text


@pytest.mark.parametrize("was_alive", [False, True])
def test_what_an_earlier_mailroom_missed_for_a_day_is_held(tmp_path: Path, *, was_alive: bool) -> None:
    a_reader()
    now = datetime.now(UTC)
    due = now - timedelta(days=1)
    a_dispatch(a_letter(due=due.strftime("%Y-%m-%dT%H:%M"), time_zone="UTC"), now=due - timedelta(minutes=5))
    earlier = {"seen": now, "worked": due} if was_alive else {"seen": due}
    Mailroom.objects.create(place="a" * 32, started=now - timedelta(days=3), ended=now, **earlier)
    with Sink() as sink, at_work(a_newsroom(tmp_path, port=sink.port)):
        until(lambda: Dispatch.objects.get().state == "held")
        assert sink.count == 0
    assert Recipient.objects.get().state == "held"


@pytest.mark.parametrize(("hours", "held"), [(11, 0), (13, 1)])
def test_a_mail_server_that_was_away_for_too_long_is_an_outage(hours: int, held: int) -> None:
    a_reader()
    now = datetime.now(UTC)
    due = now - timedelta(hours=hours)
    a_dispatch(a_letter(due=due.strftime("%Y-%m-%dT%H:%M"), time_zone="UTC"), now=due)
    row = Mailroom(place="a" * 32, started=due, seen=now, worked=due)
    note_work(row, can_send=False, now=now)
    assert Recipient.objects.filter(state="held").count() == held
    assert row.worked == due
    note_work(row, can_send=True, now=now)
    assert row.worked == now


def test_what_is_told_is_in_the_database_file_before_the_journal_goes(tmp_path: Path) -> None:
    a_reader()
    with connections["readers"].cursor() as cursor:
        cursor.execute("PRAGMA database_list")
        file = next(Path(name) for _number, schema, name in cursor.fetchall() if schema == "main")
    bring_to_disk()
    alone = tmp_path / "without-its-log.sqlite3"
    shutil.copyfile(file, alone)
    with closing(sqlite3.connect(alone)) as copy:
        assert copy.execute("SELECT count(*) FROM readers_reader").fetchone() == (1,)


def test_a_letter_whose_bytes_are_gone_is_paused_and_stops_no_other(tmp_path: Path) -> None:
    a_reader()
    now = datetime.now(UTC)
    wall = now.strftime("%Y-%m-%dT%H:%M")
    broken = a_dispatch(a_letter(due=wall, time_zone="UTC"), now=now)
    broken.enclosures.get(name="mail.txt").delete()
    whole = a_dispatch(a_letter(id=str(uuid4()), due=wall, time_zone="UTC"), now=now)
    with Sink() as sink, at_work(a_newsroom(tmp_path, port=sink.port)):
        until(lambda: sink.count == 1 and Dispatch.objects.get(pk=whole.pk).state == "finished")
        broken.refresh_from_db()
        assert broken.state == "paused"
        assert "not whole" in broken.reason


# --- Settings ---


def test_letters_are_signed_with_the_keys_that_are_there(tmp_path: Path) -> None:
    newsroom = a_newsroom(tmp_path)
    assert signer_of(newsroom, "example.org") is None
    (newsroom.keys / "dkim-ed25519.pem").write_bytes(write_key(make_key("ed25519")))
    signer = signer_of(newsroom, "example.org")
    assert signer is not None
    assert [key.selector for key in signer.keys] == ["stet-ed"]


def test_a_provider_signs_for_itself(tmp_path: Path) -> None:
    newsroom = a_newsroom(tmp_path, transport="anymail")
    (newsroom.keys / "dkim-ed25519.pem").write_bytes(write_key(make_key("ed25519")))
    (newsroom.keys / "anymail.json").write_text('{"backend": "anymail.backends.test.EmailBackend"}')
    assert sender_of(newsroom).signer is None
    assert [type(one) for one in transports_of(newsroom)] == [AnymailTransport] * 2


def test_connections_are_as_many_as_are_set(tmp_path: Path) -> None:
    assert [type(one) for one in transports_of(a_newsroom(tmp_path, connections=3))] == [Connection] * 3


def test_bounces_go_to_the_senders_domain_unless_set(tmp_path: Path) -> None:
    assert sender_of(a_newsroom(tmp_path)).bounces == "bounces@example.org"
    assert sender_of(a_newsroom(tmp_path, bounces="back@example.com")).bounces == "back@example.com"


def test_links_lead_to_the_frontdesk(tmp_path: Path) -> None:
    sender = sender_of(a_newsroom(tmp_path))
    reader = a_reader()
    link = sender.link("manage", reader.uid)
    assert link == f"https://post.example.org/manage/{reader_keys().links.token('manage', reader.uid)}"
