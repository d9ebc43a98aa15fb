"""What comes back is read whatever it holds, and counts once."""

import io
import logging
import os
import random
import smtplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st

from stet.mailroom.bounce_mailbox import Mailbox, read_mailbox
from stet.mailroom.bounces import Verdict, read_returned
from stet.mailroom.errors import ServerRefusedError
from stet.mailroom.journal import Key, Told
from stet.mailroom.lmtp import LmtpServer, probe
from stet.mailroom.models import Recipient, Return, ReturnCount
from stet.mailroom.returning import Returns, apply_refusals
from stet.mailroom.states import Event
from stet.mailroom.tokens import TokenKind, Tokens
from stet.readers.models import Notice, Reader, Subscription, Suppression
from tests.mailroom.dispatches import FRIDAY, a_dispatch, a_reader
from tests.mailroom.test_notices import a_notice

SECRET = b"s" * 32
BASE = "bounces@example.org"


def address(kind: TokenKind = "r", id_: int = 1) -> str:
    return f"bounces+{Tokens(SECRET).token(kind, id_)}@example.org"


def a_dsn(status: str, *, action: str = "failed", diagnostic: str = "", to: str = "", quoted: str = "") -> bytes:
    """A delivery status notification as Postfix writes one."""
    return (
        f"From: MAILER-DAEMON@mx.example.net\r\nTo: {to or address()}\r\nSubject: Undelivered\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI could not deliver it.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
        f"Final-Recipient: rfc822; reader@example.net\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {diagnostic}\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nReturn-Path: <{quoted}>\r\nSubject: The dam\r\n\r\n"
        "Text\r\n--b--\r\n"
    ).encode()


def a_complaint(kind: str = "abuse", *, quoted: str = "") -> bytes:
    """A report of a feedback loop."""
    return (
        "From: feedback@arf.example.net\r\nTo: abuse@example.org\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nA complaint.\r\n"
        f"--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: {kind}\r\nUser-Agent: Loop/1\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nList-Unsubscribe: <https://post.example.org/u>,\r\n"
        f" <mailto:{quoted or address('u')}>\r\nSubject: The dam\r\n\r\nText\r\n--b--\r\n"
    ).encode()


def plain(text: str, *, to: str = "", headers: str = "") -> bytes:
    return f"From: somebody@example.net\r\nTo: {to or address()}\r\n{headers}\r\n{text}\r\n".encode()


SIMPLE_SUSPICIOUS = (
    "From: MAILER-DAEMON@mx.example.net\r\nTo: {to}\r\nSubject: failure notice\r\n\r\n"
    "Hi. This is the qmail-send program at mx.example.net.\r\n"
    "I'm afraid I wasn't able to deliver your message to the following addresses.\r\n"
    "This is a permanent error; I've given up. Sorry it didn't work out.\r\n\r\n"
    "<reader@example.net>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n"
    "--- Below this line is a copy of the message.\r\n"
)

READ: dict[str, tuple[bytes, Verdict]] = {
    "no such mailbox": (a_dsn("5.1.1"), Verdict.HARD),
    "no such domain": (a_dsn("5.1.2"), Verdict.HARD),
    "switched off": (a_dsn("5.2.1"), Verdict.HARD),
    "a status that says nothing, with a diagnosis": (a_dsn("5.0.0", diagnostic="550 5.1.1 unknown"), Verdict.HARD),
    "a status that says nothing": (a_dsn("5.0.0", diagnostic="550 no"), Verdict.SOFT),
    "a full mailbox": (a_dsn("5.2.2"), Verdict.SOFT),
    "a policy against us": (a_dsn("5.7.26"), Verdict.OTHER),
    "a policy in the diagnosis": (a_dsn("5.0.0", diagnostic="550 5.7.515 Access denied"), Verdict.OTHER),
    "given up after days": (a_dsn("4.4.7"), Verdict.SOFT),
    "only late so far": (a_dsn("4.4.1", action="delayed"), Verdict.OTHER),
    "delivered after all": (a_dsn("2.0.0", action="delivered"), Verdict.OTHER),
    "a complaint": (a_complaint(), Verdict.COMPLAINT),
    "taken back": (a_complaint("not-spam"), Verdict.OTHER),
    "opted out": (a_complaint("opt-out"), Verdict.UNSUBSCRIBE),
    "on holiday": (plain("I am away.", headers="Auto-Submitted: auto-replied\r\n"), Verdict.OTHER),
    "somebody answers": (plain("Thank you for the letter!"), Verdict.OTHER),
    "leaves by mail": (plain("", to=address("u")), Verdict.UNSUBSCRIBE),
    "an old server": (SIMPLE_SUSPICIOUS.format(to=address()).encode(), Verdict.SOFT),
}


@pytest.mark.parametrize("case", READ)
def test_what_a_mail_says(case: str) -> None:
    data, verdict = READ[case]
    returned = read_returned(data, base=BASE, tokens=Tokens(SECRET))
    assert returned.verdict is verdict
    assert returned.token is None if case == "taken back" else returned.token in (("r", 1), ("u", 1))


def test_the_envelope_counts_before_what_is_quoted() -> None:
    data = a_dsn("5.1.1", to="postmaster@example.org", quoted=address("r", 7))
    assert read_returned(data, base=BASE, tokens=Tokens(SECRET)).token == ("r", 7)
    returned = read_returned(data, base=BASE, tokens=Tokens(SECRET), delivered_to=address("n", 9))
    assert returned.token == ("n", 9)


def test_a_bounce_that_quotes_the_way_to_leave_takes_nobody_off_the_list() -> None:
    data = a_dsn("5.2.2", to="postmaster@example.org", quoted=address("u", 7))
    returned = read_returned(data, base=BASE, tokens=Tokens(SECRET))
    assert (returned.verdict, returned.token) == (Verdict.SOFT, None)


def test_a_token_that_somebody_made_up_is_nobodys() -> None:
    for token in ("0" * 32, "f" * 32, Tokens(b"another" * 5).token("r", 1)):
        data = a_dsn("5.1.1", to=f"bounces+{token}@example.org")
        assert read_returned(data, base=BASE, tokens=Tokens(SECRET)).token is None


def test_a_token_survives_a_server_that_writes_capitals() -> None:
    returned = read_returned(a_dsn("5.1.1", to=address().upper()), base=BASE, tokens=Tokens(SECRET))
    assert returned.token == ("r", 1)


def nested(depth: int) -> bytes:
    opened = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth))
    return f"To: {address()}\r\nMIME-Version: 1.0\r\n{opened}\r\nEnd".encode()


HOSTILE = {
    "ten megabytes": b"To: " + address().encode() + b"\r\n\r\n" + b"x" * 10_000_000,
    "a header of a megabyte": b"To: " + b"a" * 1_000_000 + b"\r\n\r\nx",
    "a hundred thousand headers": b"X: y\r\n" * 100_000 + b"\r\nx",
    "parts inside parts": nested(2_000),
    "messages inside messages": b"Content-Type: message/rfc822\r\n\r\n" * 3_000,
    "a report without parts": b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b--",
    "a report of thousands": (
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\n" + b"Action: failed\r\nStatus: 5.1.1\r\n\r\n" * 20_000
    ),
    "a status of a megabyte": a_dsn("5." + "1" * 1_000_000),
    "an encoding that is none": (
        b"Content-Type: text/plain; charset=nonsense\r\nContent-Transfer-Encoding: base64\r\n\r\n====\xff\xfe"
    ),
    "broken words in headers": b"To: =?utf-8?b?////?= =?x?q?=ff?=\r\nAuto-Submitted: =?utf-7?q?+?=\r\n\r\nx",
    "zeros": b"\0" * 100_000,
    "nothing": b"",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_mails_lead_to_a_value_in_seconds(case: str) -> None:
    started = time.process_time()
    returned = read_returned(HOSTILE[case], base=BASE, tokens=Tokens(SECRET))
    assert returned.verdict in Verdict
    assert time.process_time() - started < 10


@given(st.binary(max_size=2_000))
def test_any_bytes_lead_to_a_value(data: bytes) -> None:
    assert read_returned(data, base=BASE, tokens=Tokens(SECRET)).verdict in Verdict


@given(st.integers(0, 2**32))
def test_any_damage_to_a_report_leads_to_a_value(seed: int) -> None:
    dice = random.Random(seed)
    data = bytearray(dice.choice([a_dsn("5.1.1"), a_complaint()]))
    for _number in range(dice.randrange(1, 30)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    assert read_returned(bytes(data), base=BASE, tokens=Tokens(SECRET)).verdict in Verdict


# --- What follows ---

rows = pytest.mark.django_db(databases=["readers"])
connected_rows = pytest.mark.django_db(databases=["readers"], transaction=True)


def returns() -> Returns:
    return Returns(base=BASE, secret=SECRET)


def a_recipient(text: str = "ada@example.org") -> Recipient:
    a_reader(text)
    a_dispatch()
    return Recipient.objects.get()


def state_of(reader: Reader) -> str:
    return str(Subscription.objects.get(reader=reader).state)


@rows
def test_three_soft_failures_in_thirty_days_suspend() -> None:
    recipient = a_recipient()
    assert recipient.reader
    for number, expected in enumerate(("active", "active", "suspended")):
        data = a_dsn("5.2.2", to=address("r", recipient.pk), diagnostic=f"at {number}")
        returns().take(data, now=FRIDAY + timedelta(days=7 * number))
        assert state_of(recipient.reader) == expected
    assert not Suppression.objects.exists()


@rows
def test_soft_failures_far_apart_do_not_suspend_and_the_same_mail_counts_once() -> None:
    recipient = a_recipient()
    assert recipient.reader
    for number in range(4):
        data = a_dsn("5.2.2", to=address("r", recipient.pk), diagnostic=f"at {number}")
        for _time in range(3):
            returns().take(data, now=FRIDAY + timedelta(days=20 * number))
    assert state_of(recipient.reader) == "active"
    assert Return.objects.count() == 4
    assert sum(ReturnCount.objects.values_list("count", flat=True)) == 4


@rows
def test_a_hard_failure_suspends_at_once_and_suppresses_the_address() -> None:
    recipient = a_recipient()
    assert recipient.reader
    returns().take(a_dsn("5.1.1", to=address("r", recipient.pk)), now=FRIDAY)
    assert state_of(recipient.reader) == "suspended"
    suppression = Suppression.objects.get()
    assert (bytes(suppression.lookup), suppression.reason) == (bytes(recipient.reader.lookup), "hard_bounce")


@rows
def test_a_complaint_takes_the_reader_off_the_list_and_suppresses_the_address() -> None:
    recipient = a_recipient()
    assert recipient.reader
    returns().take(a_complaint(quoted=address("u", recipient.pk)), now=FRIDAY)
    assert state_of(recipient.reader) == "left"
    assert Suppression.objects.get().reason == "complaint"


@rows
def test_a_feedback_loop_may_report_to_any_address_of_bounces() -> None:
    recipient = a_recipient()
    assert recipient.reader
    data = a_complaint(quoted=address("u", recipient.pk))
    returns().take(data, delivered_to="bounces+fbl@example.org", now=FRIDAY)
    assert state_of(recipient.reader) == "left"


@rows
def test_a_mail_to_the_leaving_address_takes_the_reader_off_the_list_and_no_more() -> None:
    recipient = a_recipient()
    assert recipient.reader
    returns().take(plain("", to=address("u", recipient.pk)), now=FRIDAY)
    assert state_of(recipient.reader) == "left"
    assert recipient.reader.consents.get().act == "left"
    assert not Suppression.objects.exists()


@rows
def test_a_notice_that_bounces_hard_suppresses_the_address() -> None:
    notice = a_notice()
    returns().take(a_dsn("5.1.1", to=address("n", notice.pk)), now=FRIDAY)
    assert Suppression.objects.get().reason == "hard_bounce"


def refused(notice_or_recipient: Notice | Recipient, code: str, attempt: int = 1) -> None:
    kind: TokenKind = "n" if isinstance(notice_or_recipient, Notice) else "r"
    told = Told(Key(kind, notice_or_recipient.pk, attempt), Event.REFUSED, int(FRIDAY.timestamp()), code)  # type: ignore[arg-type]
    for _time in range(2):
        apply_refusals([told], now=FRIDAY)


@rows
def test_a_refusal_says_the_same_as_a_bounce_and_counts_once() -> None:
    recipient = a_recipient()
    assert recipient.reader
    for attempt, expected in enumerate(("active", "active", "suspended"), 1):
        refused(recipient, "552 5.2.2", attempt)
        assert state_of(recipient.reader) == expected
    assert not Suppression.objects.exists()
    assert Return.objects.count() == 3


@rows
@pytest.mark.parametrize("code", ["550 5.7.1", "554", "550 5.4.1", "451 4.3.0", "seal", ""])
def test_a_refusal_that_says_nothing_of_the_mailbox_costs_the_reader_nothing(code: str) -> None:
    recipient = a_recipient()
    refused(recipient, code)
    assert not Return.objects.exists()


@rows
def test_a_notice_that_is_refused_for_good_suppresses_the_address() -> None:
    notice = a_notice()
    refused(notice, "550 5.1.1")
    assert Suppression.objects.get().reason == "hard_bounce"


@rows
def test_of_a_changed_address_a_bounce_concerns_the_new_one_alone() -> None:
    reader = a_reader()
    notice = a_notice(reader, kind="change", lookup=b"n" * 32, sealed=b"\x01")
    returns().take(a_dsn("5.1.1", to=address("n", notice.pk)), now=FRIDAY)
    assert state_of(reader) == "active"
    assert bytes(Suppression.objects.get().lookup) == b"n" * 32
    assert Notice.objects.get().state == "failed"


@rows
def test_what_is_about_an_erased_reader_or_nobody_is_counted_and_no_more() -> None:
    recipient = a_recipient()
    assert recipient.reader
    recipient.reader.delete()
    returns().take(a_dsn("5.1.1", to=address("r", recipient.pk)), now=FRIDAY)
    returns().take(a_dsn("5.1.1", to="postmaster@example.org"), now=FRIDAY)
    assert dict(ReturnCount.objects.values_list("kind", "count")) == {"hard": 1, "unknown": 1}
    assert not Suppression.objects.exists()


# --- The ways in ---


@pytest.fixture
def lmtp() -> Iterator[LmtpServer]:
    with LmtpServer(returns(), base=BASE) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@connected_rows
def test_a_mail_server_hands_bounces_over_lmtp(lmtp: LmtpServer) -> None:
    recipient = a_recipient()
    assert recipient.reader
    with smtplib.LMTP("127.0.0.1", lmtp.port) as client:
        client.sendmail("", [address("r", recipient.pk)], a_dsn("5.1.1", to="postmaster@example.org"))
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.sendmail("", ["ada@example.org"], b"Subject: x\r\n\r\nx")
    assert state_of(recipient.reader) == "suspended"


@connected_rows
def test_a_mail_that_is_too_long_is_refused_and_the_next_one_taken(lmtp: LmtpServer) -> None:
    recipient = a_recipient()
    line = b"x" * 998 + b"\r\n"
    with smtplib.LMTP("127.0.0.1", lmtp.port) as client:
        with pytest.raises(smtplib.SMTPDataError, match="552"):
            client.sendmail("", [address("r", recipient.pk)], b"Subject: x\r\n\r\n" + line * 10_001)
        client.sendmail("", [address("r", recipient.pk)], a_dsn("5.1.1", to=address("r", recipient.pk)))
    assert Return.objects.get().kind == "hard"


@connected_rows
def test_nonsense_on_the_line_is_answered_and_ends_nothing(lmtp: LmtpServer) -> None:
    with socket.create_connection(("127.0.0.1", lmtp.port)) as client:
        client.sendall(b"\xff\xfe nonsense\r\nDATA\r\nRCPT TO:<a@b>\r\nMAIL FROM:<\r\nQUIT\r\n")
        said = client.makefile("rb").read().decode()
    assert [line[:3] for line in said.splitlines()] == ["220", "500", "503", "503", "501", "221"]


class Failing:
    """Takes nothing in."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def take(self, data: bytes, *, delivered_to: str) -> None:
        raise self._error


@contextmanager
def served(taker: Failing, took: list[int]) -> Iterator[int]:
    with LmtpServer(taker, base=BASE, took=lambda: took.append(1)) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server.port
        server.shutdown()


def test_a_database_that_is_away_makes_the_mail_server_keep_the_mail(caplog: pytest.LogCaptureFixture) -> None:
    took: list[int] = []
    with (
        served(Failing(OperationalError("ada.secret@example.org")), took) as port,
        smtplib.LMTP("127.0.0.1", port) as client,
    ):
        with pytest.raises(smtplib.SMTPDataError) as raised:
            client.sendmail("", [address()], a_dsn("5.1.1"))
        assert client.noop()[0] == 250
    assert (raised.value.smtp_code, took) == (451, [])
    assert "secret" not in caplog.text


def test_a_fault_of_ours_ends_one_connection_and_tells_nothing(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with served(Failing(RuntimeError("ada.secret@example.org")), []) as port:
        with smtplib.LMTP("127.0.0.1", port) as client, pytest.raises(smtplib.SMTPServerDisconnected):
            client.sendmail("", [address()], a_dsn("5.1.1"))
        assert probe(BASE, port=port)
    assert "A mail that came back stumbled (RuntimeError)." in caplog.text
    assert "secret" not in caplog.text + capfd.readouterr().err


@rows
def test_nothing_is_logged_that_names_an_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    recipient = a_recipient("ada.secret@example.org")
    for data in (
        a_dsn("5.1.1", to=address("r", recipient.pk)),
        b"To: ada.secret@example.org\r\n\r\n\xff",
        nested(2_000),
    ):
        returns().take(data, now=FRIDAY)
    assert "secret" not in caplog.text
    assert "@" not in caplog.text


def test_a_pipe_that_finds_no_newsroom_asks_the_mail_server_to_keep_the_mail(tmp_path: Path) -> None:
    environment = {**os.environ, "STET_NEWSROOM": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-m", "stet.mailroom.bounce"], input=a_dsn("5.1.1"), env=environment, capture_output=True
    )
    assert done.returncode == 75
    assert b"@" not in done.stderr


PIPES: dict[str, tuple[list[str], dict[str, str]]] = {
    "Postfix's pipe": ([address("r", 1)], {"RECIPIENT": "bounces@example.org"}),
    "an alias of Postfix": ([], {"ORIGINAL_RECIPIENT": address("r", 1), "RECIPIENT": "bounces@example.org"}),
    "Exim's pipe": ([], {"RECIPIENT": address("r", 1)}),
}


@pytest.mark.parametrize("case", PIPES)
def test_a_pipe_takes_a_mail_and_knows_whom_it_was_delivered_to(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from stet.mailroom import arrivals, bounce, running

    arguments, environment = PIPES[case]
    arrived: list[arrivals.Way] = []
    monkeypatch.setattr(arrivals, "note_arrival", lambda _folder, way: arrived.append(way))
    taken: list[tuple[bytes, str]] = []

    class Taking:
        def take(self, data: bytes, *, delivered_to: str) -> None:
            taken.append((data, delivered_to))

    monkeypatch.setattr(running, "returns_of", lambda _newsroom: Taking())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a mail")))
    for name in ("ORIGINAL_RECIPIENT", "RECIPIENT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert bounce.main(arguments) == 0
    assert (taken, arrived) == ([(b"a mail", address("r", 1))], [arrivals.Way.PIPE])


def test_a_mailbox_is_set_up_in_a_file_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "bounce-mailbox.json"
    assert read_mailbox(file) is None
    file.write_text('{"host": "imap.example.org", "user": "bounces", "password": "right"}')
    assert read_mailbox(file) == Mailbox(host="imap.example.org", user="bounces", password="right")
    for text in ("{", '{"host": 3}', '{"host": "a", "user": "b", "password": "c", "more": 1}'):
        file.write_text(text)
        with pytest.raises(ServerRefusedError, match=r"bounce-mailbox\.json"):
            read_mailbox(file)
