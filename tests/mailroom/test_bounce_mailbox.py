"""A mailbox for bounces on a real IMAP server, Debian's Dovecot: each mail counts once, whatever ends when."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event

import msgspec
import pytest
from django.db import DatabaseError

from stet.mailroom import incoming
from stet.mailroom.bounce_mailbox import MOST_AT_ONCE, Mailbox, poll, read_mailbox, waiting
from stet.mailroom.errors import ServerRefusedError, ServerUnreachableError
from stet.mailroom.models import Return, ReturnCount
from tests.mailroom.imap_server import PASSWORDS, ImapServer, imap
from tests.mailroom.test_bounces import a_complaint, a_dsn, a_recipient, address, plain, returns, state_of
from tests.mailroom.test_postgresql import BEGIN, environment

__all__ = ["environment", "imap"]

rows = pytest.mark.django_db(databases=["readers"])


def mailbox_of(imap: ImapServer, **changes: object) -> Mailbox:
    values = {"host": "127.0.0.1", "port": imap.port, "user": "bounces", "password": PASSWORDS["bounces"], **changes}
    return msgspec.convert(values, Mailbox)


class Interrupted:
    """Takes mails in as the mailroom does, and lets something happen after each of them, or before."""

    def __init__(
        self, *, after: Callable[[int], None] = lambda _: None, before: Callable[[int], None] = lambda _: None
    ):
        self.count = 0
        self._after, self._before = after, before

    def take(self, data: bytes) -> None:
        self.count += 1
        self._before(self.count)
        returns().take(data)
        self._after(self.count)


@rows
def test_mails_are_taken_in_and_removed(imap: ImapServer) -> None:
    recipient = a_recipient()
    assert recipient.reader
    soft = a_dsn("5.2.2", to=address("r", recipient.pk))
    imap.deliver(soft, a_complaint(quoted=address("u", recipient.pk)), plain("Buy now", to="postmaster@example.org"))
    assert (waiting(mailbox_of(imap)), imap.mails()) == (3, ["", "", ""])
    assert poll(mailbox_of(imap), returns()) == 3
    assert imap.mails() == []
    assert state_of(recipient.reader) == "left"
    assert dict(ReturnCount.objects.values_list("kind", "count")) == {"soft": 1, "complaint": 1, "unknown": 1}
    assert poll(mailbox_of(imap), returns()) == 0


@rows
def test_a_mail_that_could_not_be_taken_in_stays_as_it_was(imap: ImapServer) -> None:
    recipient = a_recipient()
    imap.deliver(*(a_dsn("5.2.2", to=address("r", recipient.pk), diagnostic=word) for word in ("one", "two", "three")))

    def fail(number: int) -> None:
        if number == 2:
            raise DatabaseError

    with pytest.raises(DatabaseError):
        poll(mailbox_of(imap), Interrupted(before=fail))
    assert imap.mails() == ["T", "", ""], "The first is about to be removed, the others are not even seen."
    assert poll(mailbox_of(imap), returns()) == 2
    assert (imap.mails(), Return.objects.count()) == ([], 3)


@rows
def test_a_connection_that_breaks_costs_nothing_and_counts_nothing_twice(imap: ImapServer) -> None:
    recipient = a_recipient()
    imap.deliver(*(a_dsn("5.2.2", to=address("r", recipient.pk), diagnostic=word) for word in ("one", "two")))
    imap.deliver(plain("Buy now", to="postmaster@example.org"))
    for _time in range(2):
        with pytest.raises(ServerUnreachableError):
            poll(mailbox_of(imap), Interrupted(after=lambda _number: imap.drop_connections()))
        assert imap.mails() == ["", "", ""]
    assert poll(mailbox_of(imap), returns()) == 3
    assert imap.mails() == []
    assert dict(ReturnCount.objects.values_list("kind", "count")) == {"soft": 2, "unknown": 1}


@rows
def test_two_mailrooms_that_read_at_once_count_each_mail_once(imap: ImapServer) -> None:
    recipient = a_recipient()
    imap.deliver(*(a_dsn("5.2.2", to=address("r", recipient.pk), diagnostic=word) for word in ("one", "two", "three")))
    imap.deliver(plain("Buy now", to="postmaster@example.org"))

    def let_another_read(number: int) -> None:
        if number == 2:
            poll(mailbox_of(imap), returns())

    poll(mailbox_of(imap), Interrupted(before=let_another_read))
    assert imap.mails() == []
    assert dict(ReturnCount.objects.values_list("kind", "count")) == {"soft": 3, "unknown": 1}


SECURED = {
    "TLS from the first byte": {"security": "tls"},
    "TLS after a greeting": {"security": "starttls"},
}


@pytest.mark.parametrize("case", SECURED)
def test_a_connection_is_encrypted_and_the_server_known(
    imap: ImapServer, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = imap.tls_port if case == "TLS from the first byte" else imap.port
    mailbox = mailbox_of(imap, host="localhost", port=port, **SECURED[case])
    with pytest.raises(ServerUnreachableError, match="SSLCertVerificationError"):
        waiting(mailbox)
    monkeypatch.setenv("SSL_CERT_FILE", str(imap.certificate))
    assert waiting(mailbox) == 0
    with pytest.raises(ServerUnreachableError, match="SSLCertVerificationError"):
        waiting(mailbox_of(imap, port=port, **SECURED[case]))  # 127.0.0.1 is not the name in the certificate


def test_names_and_passwords_of_any_letters_and_folders_with_blanks_are_possible(imap: ImapServer) -> None:
    imap.drop_connections()
    user, password = list(PASSWORDS.items())[1]
    other = mailbox_of(imap, user=user, password=password)
    assert waiting(other) == 0
    with pytest.raises(ServerUnreachableError, match="no folder of the name"):
        waiting(mailbox_of(imap, folder='Came "back"'))
    imap.make_folder('Came "back"')
    assert waiting(mailbox_of(imap, folder='Came "back"')) == 0


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"user": "nobody", "password": "пароль"}])
def test_a_wrong_password_is_said_without_it(imap: ImapServer, wrong: dict[str, str]) -> None:
    with pytest.raises(ServerUnreachableError) as raised:
        waiting(mailbox_of(imap, **wrong))
    assert str(raised.value) == "The mailbox for bounces could not be read (error). Check its host, name and password."


def test_a_server_that_is_away_is_said_and_tried_again(imap: ImapServer) -> None:
    imap.stop()
    with pytest.raises(ServerUnreachableError, match="ConnectionRefusedError"):
        waiting(mailbox_of(imap))
    imap.start()
    assert waiting(mailbox_of(imap)) == 0


REFUSED = {
    "a password for all to read": {"host": "imap.example.org", "security": "none"},
    "a folder in other letters": {"folder": "Возвраты"},
    "a folder that ends the line": {"folder": "INBOX\r\nX"},
    "a setting that is none": {"folders": "INBOX"},
    "a port that is none": {"port": "many"},
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_mailbox_that_is_badly_set_up_is_refused_without_its_password(case: str, tmp_path: Path) -> None:
    file = tmp_path / "bounce-mailbox.json"
    values = {"host": "127.0.0.1", "user": "bounces", "password": "secret-word", **REFUSED[case]}
    file.write_text(json.dumps(values))
    with pytest.raises(ServerRefusedError) as raised:
        read_mailbox(file)
    assert "secret-word" not in str(raised.value)


# --- A kill at the worst moment ---

PREPARE = """
from django.core.management import call_command
from tools.crash_mail import fill, make_keys
from stet.mailroom.models import Recipient
from stet.mailroom.running import bounces_of, secret_of
from stet.mailroom.tokens import Tokens

newsroom.folder.joinpath("data").mkdir()
call_command("migrate", database="readers", verbosity=0)
make_keys(newsroom)
fill(newsroom, 1)
print(Tokens(secret_of(newsroom)).token("r", Recipient.objects.get().pk))
"""
KILLED = """
import os, signal
from stet.mailroom.bounce_mailbox import poll, read_mailbox
from stet.mailroom.running import returns_of

class Killed:
    def take(self, data):
        returns_of(newsroom).take(data)
        os.kill(os.getpid(), signal.SIGKILL)

poll(read_mailbox(newsroom.keys / "bounce-mailbox.json"), Killed())
"""
LOOK = """
import json
from stet.mailroom.incoming import MailboxReader
from stet.mailroom.models import Return, ReturnCount
from stet.mailroom.running import returns_of

print(json.dumps({
    "taken": MailboxReader(newsroom, returns_of(newsroom)).look(),
    "returns": Return.objects.exclude(reader=None).count(),
    "counts": dict(ReturnCount.objects.values_list("kind", "count")),
    "arrived": [file.name for file in (newsroom.folder / "data" / "mailroom" / "returns").iterdir()],
}))
"""


def test_a_mail_counts_once_though_its_reader_is_killed_before_it_is_marked(
    imap: ImapServer, tmp_path: Path, environment: dict[str, str]
) -> None:
    begin = BEGIN.replace('database=Database(readers="readers.dsn"),', "")

    def tell(code: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", begin + code, str(tmp_path), "25"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)

    prepared = tell(PREPARE)
    assert prepared.returncode == 0, prepared.stderr
    token = prepared.stdout.split()[-1]
    file = tmp_path / "keys" / "bounce-mailbox.json"
    file.write_bytes(msgspec.json.encode(mailbox_of(imap)))
    imap.deliver(a_dsn("5.2.2", to=f"bounces+{token}@example.org"), plain("Buy now", to="postmaster@example.org"))
    for _time in range(3):
        assert tell(KILLED).returncode == -signal.SIGKILL
        assert imap.mails() == ["", ""]
    said = tell(LOOK)
    assert json.loads(said.stdout.splitlines()[-1]) == {
        "taken": 2, "returns": 1, "counts": {"soft": 1, "unknown": 1}, "arrived": ["mailbox"],
    }, said.stderr  # fmt: skip
    assert imap.mails() == []


# --- The process that reads it ---


class Place:
    """As much of a newsroom as the reader of a mailbox asks for."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.keys = folder, folder


def test_a_full_mailbox_is_emptied_without_a_pause(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stop, found = Event(), [MOST_AT_ONCE, MOST_AT_ONCE, 7]
    pauses = []

    def wait(seconds: float) -> bool:
        pauses.append(seconds)
        return bool(found) or stop.set() is None

    monkeypatch.setattr(stop, "wait", wait)
    monkeypatch.setattr(incoming, "read_mailbox", lambda _file: True)
    monkeypatch.setattr(incoming, "poll", lambda *_: found.pop(0))
    monkeypatch.setattr(incoming, "close_old_connections", lambda: None)
    incoming.MailboxReader(Place(tmp_path), returns()).follow(stop)  # type: ignore[arg-type]
    assert pauses == [0, 0, incoming.LOOK_SECONDS]


def test_a_mailbox_that_cannot_be_read_is_said_once_for_each_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reasons = ["Away.", "Away.", "Full.", "", "Away."]

    def fail(*_words: object) -> int:
        reason = reasons.pop(0)
        if reason:
            raise ServerUnreachableError(reason)
        return 0

    monkeypatch.setattr(incoming, "read_mailbox", lambda _file: True)
    monkeypatch.setattr(incoming, "poll", fail)
    monkeypatch.setattr(incoming, "close_old_connections", lambda: None)
    reader = incoming.MailboxReader(Place(tmp_path), returns())  # type: ignore[arg-type]
    for _time in range(5):
        assert reader.look() == 0
    assert [record.message for record in caplog.records] == ["Away.", "Full.", "Away."]
