"""The sink is as strict as a server on the open net, and remembers what it took."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stet.kit.clock import FixedClock
from stet.mailroom.frozen import as_message
from stet.mailroom.relay_log import message_id_of, read_relay_log
from stet.mailroom.sink import Sink
from stet.mailroom.smtp import Connection, Server
from stet.mailroom.transport import outcomes_of
from tests.mailroom.builders import a_job, a_letter, a_sink, connection, jobs, run, tokens

ENVELOPE = b"EHLO x\r\nMAIL FROM:<b@example.org> BODY=8BITMIME\r\nRCPT TO:<anna@example.com>\r\nDATA\r\n"


@contextmanager
def talk(sink: Sink) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", sink.port), 10) as spoken:
        yield spoken


def replies(sink: Sink, *said: bytes) -> list[bytes]:
    """What comes back to all of this at once, up to QUIT's answer or the end."""
    with talk(sink) as spoken:
        for one in said:
            spoken.sendall(one)
        spoken.shutdown(socket.SHUT_WR)
        heard = b""
        while piece := spoken.recv(65_536):
            heard += piece
    return [line for line in heard.split(b"\r\n") if line and line[3:4] != b"-"]


ORDER: dict[str, tuple[bytes, bytes]] = {
    "MAIL before EHLO": (b"MAIL FROM:<a@example.org>\r\n", b"503 5.5.1"),
    "RCPT before MAIL": (b"EHLO x\r\nRCPT TO:<a@example.org>\r\n", b"503 5.5.1"),
    "DATA before MAIL": (b"EHLO x\r\nDATA\r\n", b"503 5.5.1"),
    "DATA before RCPT": (b"EHLO x\r\nMAIL FROM:<a@example.org>\r\nDATA\r\n", b"554 5.5.1"),
    "MAIL twice": (b"EHLO x\r\nMAIL FROM:<a@example.org>\r\nMAIL FROM:<a@example.org>\r\n", b"503 5.5.1"),
    "an unknown command": (b"EHLO x\r\nXYZZY\r\n", b"500 5.5.2"),
    "an unknown parameter": (b"EHLO x\r\nMAIL FROM:<a@example.org> SMTPUTF8\r\n", b"555 5.5.4"),
    "a sender that is none": (b"EHLO x\r\nMAIL FROM:<a b>\r\n", b"501 5.1.7"),
    "a reader that is none": (b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a>\r\n", b"501 5.1.3"),
    "EHLO without a name": (b"EHLO\r\n", b"501 5.5.4"),
    "AUTH where there is nobody": (b"EHLO x\r\nAUTH PLAIN AAAA\r\n", b"503 5.5.1"),
    "STARTTLS where there is none": (b"EHLO x\r\nSTARTTLS\r\n", b"503 5.5.1"),
    "a size that is too large": (b"EHLO x\r\nMAIL FROM:<a@example.org> SIZE=99999999\r\n", b"552 5.3.4"),
    "a line that is too long": (b"NOOP " + b"x" * 600 + b"\r\n", b"500 5.5.2"),
    "a lone LF": (b"EHLO x\n", b"521 5.5.2"),
    "a NUL": (b"NOOP \0\r\n", b"521 5.5.2"),
}


@pytest.mark.parametrize("case", ORDER)
def test_what_a_server_refuses_the_sink_refuses(case: str) -> None:
    said, refusal = ORDER[case]
    with a_sink() as sink:
        assert replies(sink, said)[-1].startswith(refusal)


BODIES: dict[str, tuple[bytes, bytes]] = {
    "a lone LF": (b"a\nb\r\n.\r\n", b"521 5.6.0"),
    "a lone CR": (b"a\rb\r\n.\r\n", b"521 5.6.0"),
    "a dot between lone LFs": (b"a\n.\nMAIL FROM:<x@example.org>\r\n.\r\n", b"521 5.6.0"),
    "a line of 1,001 octets": (b"x" * 999 + b"\r\n.\r\n", b"554 5.6.0"),
    "a NUL": (b"a\0b\r\n.\r\n", b"554 5.6.3"),
    "a line of 1,000 octets": (b"x" * 998 + b"\r\n.\r\n", b"250 2.0.0"),
    "8-bit text": ("Привет\r\n.\r\n".encode(), b"250 2.0.0"),
    "nothing": (b".\r\n", b"250 2.0.0"),
}


@pytest.mark.parametrize("case", BODIES)
def test_bodies_are_held_to_the_rules(case: str) -> None:
    body, answer = BODIES[case]
    with a_sink() as sink:
        assert replies(sink, ENVELOPE, body)[-1].startswith(answer)


def test_8_bit_text_has_to_be_announced() -> None:
    with a_sink() as sink:
        assert replies(sink, ENVELOPE.replace(b" BODY=8BITMIME", b""), "ж\r\n.\r\n".encode())[-1].startswith(
            b"554 5.6.3"
        )


def test_a_body_over_the_limit_is_refused_at_its_end() -> None:
    with a_sink(largest_bytes=100) as sink:
        assert replies(sink, ENVELOPE, b"x\r\n" * 50 + b".\r\n")[-1].startswith(b"552 5.3.4")


def test_a_body_may_come_in_any_pieces() -> None:
    body = b"one\r\n..two\r\n...\r\nthree\r\n.\r\n"
    with a_sink() as sink:
        for size in (1, 2, 3, 5, 100):
            with talk(sink) as spoken:
                spoken.sendall(ENVELOPE)
                for at in range(0, len(body), size):
                    spoken.sendall(body[at : at + size])
                spoken.sendall(b"QUIT\r\n")
                while spoken.recv(65_536):
                    continue
    assert [received.message for received in sink.received] == [b"one\r\n.two\r\n..\r\nthree\r\n"] * 5


def test_only_who_signed_in_sends_where_that_is_asked_for() -> None:
    with a_sink(users={"desk": "secret"}) as sink:
        assert replies(sink, b"EHLO x\r\nMAIL FROM:<a@example.org>\r\n")[-1].startswith(b"530 5.7.0")
        assert replies(sink, b"EHLO x\r\nAUTH PLAIN !!\r\n")[-1].startswith(b"501 5.5.2")
        assert replies(sink, b"EHLO x\r\nAUTH CRAM-MD5\r\n")[-1].startswith(b"504 5.5.4")


def test_every_copy_is_taken_as_it_was_made() -> None:
    letter = a_letter()
    with a_sink() as sink, connection(sink) as opened:
        opened.send("b@example.org", "anna@example.com", letter.copy_for(tokens()))
    assert sink.received[0].message == as_message(letter.copy_for(tokens()))
    assert (sink.received[0].envelope_from, sink.received[0].envelope_to) == ("b@example.org", ("anna@example.com",))


def test_messages_are_stored_and_logged_before_they_are_acknowledged(tmp_path: Path) -> None:
    clock = FixedClock(datetime(2026, 11, 27, 8, tzinfo=UTC))
    with Sink(store=tmp_path / "mail", log=tmp_path / "log", clock=clock) as sink, connection(sink) as opened:
        for outcome in outcomes_of(opened.run(jobs(3))):
            stored = (tmp_path / "mail" / f"{outcome.queue_id}.eml").read_bytes()
            assert stored.startswith(
                b"Return-Path: <b@example.org>\r\nDelivered-To: reader%d@example.com\r\n"
                b"Message-ID: <%d@example.org>\r\n" % (outcome.key, outcome.key)
            )
            logged = read_relay_log((tmp_path / "log").read_bytes().splitlines())
            assert logged[f"<{outcome.key}@example.org>"] == outcome.queue_id
    assert (tmp_path / "log").read_text().startswith("2026-11-27T08:00:00Z sink: ")
    assert [path.stem for path in sorted((tmp_path / "mail").iterdir())] == [one.queue_id for one in sink.received]
    assert "example.com" not in (tmp_path / "log").read_text()


POSTFIX = b"""\
Nov 27 08:00:00 mx postfix/cleanup[812]: 4Xa1: message-id=<one@example.org>
Nov 27 08:00:00 mx postfix/qmgr[99]: 4Xa1: from=<b@example.org>, size=33000, nrcpt=1 (queue active)
Nov 27 08:00:01 mx postfix/submission/cleanup[812]: 4Xb2: message-id=<two@example.org>
Nov 27 08:00:01 mx postfix/smtpd[811]: lost connection after DATA (0 bytes) from unknown[192.0.2.1]
Nov 27 08:00:02 mx postfix/qmgr[99]: 4Xc3: from=<c@example.org>, size=1, nrcpt=1 (queue active)
""".splitlines()


def test_postfix_took_what_it_queued() -> None:
    assert read_relay_log(POSTFIX) == {"<one@example.org>": "4Xa1"}


SEEN = "4jZZdn3WrCzJQC3: message-id=<one@example.org>"
QUEUED = "4jZZdn3WrCzJQC3: from=<bounces+a@example.org>, size=628, nrcpt=1 (queue active)"
FORMS: dict[str, tuple[str, str]] = {
    "syslog's old stamp": ("Nov  5 22:50:37 mail postfix/cleanup[12407]: ", "Nov  5 22:50:37 mail postfix/qmgr[12]: "),
    "rsyslog's RFC 3339": (
        "2026-11-25T22:50:37.216381+00:00 mail postfix/cleanup[12407]: ",
        "2026-11-25T22:50:37.218903+00:00 mail postfix/qmgr[12]: ",
    ),
    "RFC 5424": (
        "<22>1 2026-11-25T22:50:37.216381+00:00 mail postfix/cleanup 12407 - - ",
        "<22>1 2026-11-25T22:50:37.218903+00:00 mail postfix/qmgr 12 - - ",
    ),
    "the journal's short-iso": (
        "2026-11-25T22:50:37+0000 mail postfix/cleanup[12407]: ",
        "2026-11-25T22:50:37+0000 mail postfix/qmgr[12]: ",
    ),
    "the journal, with the service": (
        "Nov 25 22:50:37 mail postfix/submission/cleanup[12407]: ",
        "Nov 25 22:50:37 mail postfix/qmgr[12]: ",
    ),
    "Postfix's second instance": (
        "Nov 25 22:50:37 mail postfix-letters/cleanup[12407]: ",
        "Nov 25 22:50:37 mail postfix-letters/qmgr[12]: ",
    ),
    "Postfix's own file": ("Nov 25 22:50:37 mail postfix/cleanup[12407]: ", "Nov 25 22:50:37 mail postfix/qmgr[12]: "),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_stands_before_postfixs_words_does_not_matter(form: str) -> None:
    seen, queued = FORMS[form]
    lines = [f"{seen}{SEEN}\n".encode(), b"\xff\xfe nonsense\n", f"{queued}{QUEUED}\n".encode()]
    assert read_relay_log(lines) == {"<one@example.org>": "4jZZdn3WrCzJQC3"}
    assert read_relay_log(lines[:1]) == read_relay_log(lines[2:]) == read_relay_log(reversed(lines)) == {}


def test_the_journals_json_is_read() -> None:
    lines = [
        json.dumps({"MESSAGE": SEEN, "SYSLOG_PID": "12407", "SYSLOG_IDENTIFIER": "postfix/cleanup"}).encode(),
        b'{"MESSAGE": [1, 2], "SYSLOG_IDENTIFIER": "kernel"}', b"{", b'{"a": 1}',
        json.dumps({"SYSLOG_IDENTIFIER": "postfix/qmgr", "MESSAGE": QUEUED}).encode(),
    ]  # fmt: skip
    assert read_relay_log(lines) == {"<one@example.org>": "4jZZdn3WrCzJQC3"}


def test_a_subject_in_the_log_vouches_for_nothing() -> None:
    quoted = f"warning: header Subject: cleanup[1]: {SEEN} from unknown"
    line = f"Nov 25 22:50:37 mail postfix/cleanup[12407]: 4jZ: {quoted}"
    queued = f"Nov 25 22:50:37 mail postfix/qmgr[12]: {QUEUED}"
    assert read_relay_log([line.encode(), queued.encode()]) == {}


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (b"Subject: x\r\nMESSAGE-ID: <a@b>\r\n\r\n", "<a@b>"),
        (b"Message-ID:\r\n <a@b>\r\n\r\n", "<a@b>"),
        (b"Subject: x\r\n\r\nMessage-ID: <a@b>\r\n", ""),
        (b"nothing", ""),
    ],
)
def test_the_message_id_is_looked_for_in_the_headers_alone(message: bytes, found: str) -> None:
    assert message_id_of(message) == found


def test_a_sink_runs_as_a_program(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "stet.mailroom.sink",
        "--store",
        str(tmp_path / "mail"),
        "--log",
        str(tmp_path / "log"),
    ]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with Connection(Server(host="127.0.0.1", port=port, security="none")) as opened:
            outcomes, _ = run(opened, [a_job()])
        process.send_signal(signal.SIGTERM)
    assert [path.stem for path in (tmp_path / "mail").iterdir()] == [outcomes[0].queue_id]
