"""Handing over: what each kind of interruption leaves behind, over real sockets."""

import socket
import threading
import time
from pathlib import Path

import pytest

from stet.mailroom.errors import MailAddressRefusedError, ServerRefusedError, ServerUnreachableError
from stet.mailroom.reply import Reply
from stet.mailroom.sink_script import At, Scripted
from stet.mailroom.smtp import Connection, Server, read_abilities
from stet.mailroom.transport import DryTransport, Job, Kind, Step, outcomes_of
from tests.mailroom.builders import a_certificate, a_job, a_sink, connection, jobs, run, tls_context

BIG = b"A line that is long enough to fill buffers on both sides, sooner or later.\r\n" * 200_000
MANY = None
"""As often as it comes."""

# What a server does; the outcomes of the copies for three readers that were pulled; whether that ends the run early.
ACCEPTED, DEFERRED, REFUSED, UNCERTAIN, NOT_SENT = (
    Kind.ACCEPTED,
    Kind.DEFERRED,
    Kind.REFUSED,
    Kind.UNCERTAIN,
    Kind.NOT_SENT,
)
FIRST = "reader0@example.com"
SECOND = "reader1@example.com"
CASES: dict[str, tuple[list[Scripted], list[Kind], bool]] = {
    "it closes before MAIL is answered": (
        [Scripted(at=At.MAIL, closes=True)], [NOT_SENT], True),
    "it closes before RCPT is answered": (
        [Scripted(at=At.RCPT, closes=True)], [NOT_SENT], True),
    "it closes before DATA is answered": (
        [Scripted(at=At.DATA, closes=True)], [NOT_SENT], True),
    "it closes after the dot and kept the message": (
        [Scripted(at=At.BODY, who=FIRST, closes=True, is_kept=True)], [UNCERTAIN, NOT_SENT], True),
    "it closes after the dot and kept nothing": (
        [Scripted(at=At.BODY, who=FIRST, closes=True)], [UNCERTAIN, NOT_SENT], True),
    "it closes after the second one's dot": (
        [Scripted(at=At.BODY, who=SECOND, closes=True, is_kept=True)], [ACCEPTED, UNCERTAIN, ACCEPTED], False),
    "it closes before the second one's MAIL is answered": (
        [Scripted(at=At.RCPT, who=SECOND, closes=True)], [ACCEPTED, ACCEPTED, ACCEPTED], False),
    "it always closes before the second one's RCPT is answered": (
        [Scripted(at=At.RCPT, who=SECOND, closes=True, times=MANY)], [ACCEPTED, NOT_SENT], True),
    "it defers MAIL": (
        [Scripted(at=At.MAIL, says=b"450 4.7.1 Slowly\r\n")], [DEFERRED, ACCEPTED, ACCEPTED], False),
    "it refuses MAIL": (
        [Scripted(at=At.MAIL, says=b"550 5.7.1 Not you\r\n")], [REFUSED, ACCEPTED, ACCEPTED], False),
    "it defers RCPT": (
        [Scripted(at=At.RCPT, says=b"450 4.2.1 Later\r\n")], [DEFERRED, ACCEPTED, ACCEPTED], False),
    "it refuses RCPT": (
        [Scripted(at=At.RCPT, says=b"550 5.1.1 Nobody\r\n")], [REFUSED, ACCEPTED, ACCEPTED], False),
    "it refuses every RCPT": (
        [Scripted(at=At.RCPT, says=b"550 5.1.1 Nobody\r\n", times=MANY)], [REFUSED, REFUSED, REFUSED], False),
    "it defers DATA": (
        [Scripted(at=At.DATA, says=b"451 4.3.0 Disk\r\n")], [DEFERRED, ACCEPTED, ACCEPTED], False),
    "it refuses DATA": (
        [Scripted(at=At.DATA, says=b"554 5.5.1 No\r\n")], [REFUSED, ACCEPTED, ACCEPTED], False),
    "it defers the body": (
        [Scripted(at=At.BODY, says=b"451 4.7.1 Greylisted\r\n")], [DEFERRED, ACCEPTED, ACCEPTED], False),
    "it refuses the body": (
        [Scripted(at=At.BODY, says=b"554 5.7.1 Spam\r\n")], [REFUSED, ACCEPTED, ACCEPTED], False),
    "it answers the dot with garbage": (
        [Scripted(at=At.BODY, says=b"HTTP/1.1 400 Bad Request\r\n", who=FIRST)], [UNCERTAIN, NOT_SENT], True),
    "it answers the dot with 354": (
        [Scripted(at=At.BODY, says=b"354 Go on\r\n", who=FIRST)], [UNCERTAIN, NOT_SENT], True),
    "it answers the dot with lines of different codes": (
        [Scripted(at=At.BODY, says=b"250-Ok\r\n550 No\r\n", who=FIRST)], [UNCERTAIN, NOT_SENT], True),
    "it answers the dot with a line of 1 MB": (
        [Scripted(at=At.BODY, says=b"250 " + b"x" * 1_000_000 + b"\r\n", who=FIRST)], [UNCERTAIN, NOT_SENT], True),
    "it answers MAIL with garbage": (
        [Scripted(at=At.MAIL, says=b"\0\1\2\r\n")], [NOT_SENT], True),
    "it says 421 to the first MAIL": (
        [Scripted(at=At.MAIL, says=b"421 4.7.0 Too many\r\n", closes=True)], [NOT_SENT], True),
    "it says 421 to the second RCPT": (
        [Scripted(at=At.RCPT, says=b"421 4.7.0 Too many\r\n", closes=True, who=SECOND)],
        [ACCEPTED, ACCEPTED, ACCEPTED], False),
    "it says 421 to the first dot": (
        [Scripted(at=At.BODY, says=b"421 4.3.2 Going down\r\n", closes=True)], [DEFERRED, NOT_SENT], True),
    "it says 421 to the second dot": (
        [Scripted(at=At.BODY, says=b"421 4.3.2 Going down\r\n", closes=True, who=SECOND)],
        [ACCEPTED, DEFERRED, ACCEPTED], False),
    "it is slow": (
        [Scripted(at=At.BODY, waits_seconds=0.2, who=FIRST)], [ACCEPTED, ACCEPTED, ACCEPTED], False),
    "it answers in many lines": (
        [Scripted(at=At.MAIL, says=b"250-2.1.0 Well\r\n250-2.1.0 why\r\n250 2.1.0 not\r\n", who="nobody")],
        [ACCEPTED, ACCEPTED, ACCEPTED], False),
}  # fmt: skip


@pytest.mark.parametrize("is_pipelining", [True, False], ids=["pipelined", "command by command"])
@pytest.mark.parametrize("case", CASES)
def test_each_interruption_has_its_outcome(case: str, is_pipelining: bool) -> None:
    scripted, kinds, is_ended_early = CASES[case]
    handed: list[int] = []
    pulled: list[int] = []

    def source():  # type: ignore[no-untyped-def]
        for job in jobs(3):
            pulled.append(job.key)
            yield job

    with a_sink(*scripted, is_pipelining=is_pipelining) as sink, _closing(connection(sink)) as opened:
        outcomes, failure = run(opened, source(), handed.append)

    by_key = {outcome.key: outcome.kind for outcome in outcomes}
    if not is_pipelining and NOT_SENT in kinds[1:]:
        kinds = [*kinds[: kinds.index(NOT_SENT)], NOT_SENT]
    assert [outcome.kind for outcome in outcomes] == kinds
    assert isinstance(failure, ServerUnreachableError) == is_ended_early
    assert sorted(by_key) == sorted(pulled), "each job pulled has one outcome"
    assert all(by_key[key] is not NOT_SENT for key in handed)
    stored = [received.envelope_to[0] for received in sink.received]
    assert all(stored.count(f"reader{key}@example.com") == 1 for key, kind in by_key.items() if kind is ACCEPTED)
    for key, kind in by_key.items():
        if kind in {NOT_SENT, DEFERRED, REFUSED}:
            assert f"reader{key}@example.com" not in stored


def _closing(opened: Connection):  # type: ignore[no-untyped-def]
    class Closing:
        def __enter__(self) -> Connection:
            return opened

        def __exit__(self, *_: object) -> None:
            opened.close()

    return Closing()


def test_the_step_and_codes_of_a_refusal_are_told() -> None:
    scripted = Scripted(at=At.RCPT, says=b"550-5.1.1 Nobody\r\n550 5.1.1 of that name\r\n")
    with a_sink(scripted) as sink, connection(sink) as opened:
        outcome = opened.send("b@example.org", "anna@example.com", (b"\r\n.\r\n",))
    assert (outcome.kind, outcome.step, outcome.code, outcome.enhanced) == (Kind.REFUSED, Step.RCPT, 550, "5.1.1")


def test_an_accepted_copy_has_the_servers_queue_id() -> None:
    with a_sink() as sink, connection(sink) as opened:
        ((outcome,), failure) = run(opened, [a_job()])
        assert failure is None
        assert outcome.queue_id == sink.received[0].queue_id


def test_the_next_envelope_leaves_with_the_body() -> None:
    """The server sees MAIL of the second copy before it has answered the first one's dot."""
    slow = Scripted(at=At.BODY, who=FIRST, waits_seconds=0.3)
    with a_sink(slow) as sink, connection(sink) as opened:
        run(opened, jobs(2))
        session = sink.sessions[0]
    assert len(sink.received) == 2
    assert session.early_commands == 3


def test_at_most_one_copy_is_handed_over_without_an_outcome() -> None:
    log: list[tuple[str, object]] = []
    with a_sink() as sink, connection(sink) as opened:
        for outcome in outcomes_of(opened.run(jobs(5), lambda key: log.append(("handed over", key)))):
            log.append(("outcome", outcome.key))
    assert log == [entry for key in range(5) for entry in (("handed over", key), ("outcome", key))]


def test_the_journal_is_written_before_the_first_byte_of_the_body() -> None:
    with a_sink() as sink, connection(sink) as opened:
        seen: list[int] = []

        def note(key: object) -> None:
            time.sleep(0.1)
            seen.append(len(sink.received))

        run(opened, jobs(3), note)
    assert seen == [0, 1, 2]


def test_a_server_that_closes_after_some_messages_is_connected_to_anew() -> None:
    with a_sink(messages_per_connection=3) as sink, connection(sink) as opened:
        outcomes, failure = run(opened, jobs(10))
    assert failure is None
    assert [outcome.kind for outcome in outcomes] == [Kind.ACCEPTED] * 10
    assert len(sink.received) == 10
    assert len(sink.sessions) == 4


def test_a_connection_stays_between_runs() -> None:
    with a_sink() as sink, connection(sink) as opened:
        run(opened, jobs(2))
        run(opened, jobs(2))
        assert len(sink.sessions) == 1


def test_a_connection_closed_while_idle_is_opened_anew() -> None:
    with a_sink(messages_per_connection=2) as sink, connection(sink) as opened:
        run(opened, jobs(2))
        time.sleep(0.1)
        outcomes, failure = run(opened, jobs(2))
        assert failure is None
        assert [outcome.kind for outcome in outcomes] == [Kind.ACCEPTED] * 2
        assert len(sink.sessions) == 2


def test_a_body_cut_off_before_its_last_piece_left_is_not_sent() -> None:
    closes = Scripted(at=At.MIDDLE, closes=True)
    with a_sink(closes, largest_bytes=100_000_000) as sink, _closing(connection(sink)) as opened:
        outcomes, _ = run(opened, [a_job(body=BIG)])
    assert [outcome.kind for outcome in outcomes] == [Kind.NOT_SENT]
    assert sink.received == []


def test_a_small_body_cut_off_is_uncertain_because_all_of_it_had_left() -> None:
    closes = Scripted(at=At.MIDDLE, closes=True)
    with a_sink(closes) as sink, _closing(connection(sink)) as opened:
        outcomes, _ = run(opened, [a_job()])
    assert [outcome.kind for outcome in outcomes] == [Kind.UNCERTAIN]


def test_a_server_that_hangs_up_in_the_middle_is_heard_if_it_said_why() -> None:
    with _TalkingServer({b"BIG ": b"552 5.3.4 Too large\r\n"}, hangs_up_after=b"BIG ") as port:
        opened = Connection(Server(host="127.0.0.1", port=port, security="none", timeout_seconds=5))
        outcomes, _ = run(opened, [a_job(body=b"BIG one\r\n" + BIG)])
        opened.close()
    # Whether the reply is still there depends on what the system does with a connection that was reset.
    assert outcomes[0].kind in {Kind.REFUSED, Kind.NOT_SENT}


@pytest.mark.parametrize("is_handed_over", [True, False])
def test_a_run_can_be_interrupted_from_another_thread(is_handed_over: bool) -> None:
    slow = Scripted(at=At.BODY if is_handed_over else At.RCPT, waits_seconds=1.5, closes=True)
    with a_sink(slow) as sink:
        opened = connection(sink)
        threading.Timer(0.2, opened.interrupt).start()
        begun = time.monotonic()
        outcomes, failure = run(opened, jobs(3))
        assert time.monotonic() - begun < 1.4
    assert outcomes[0].kind is (Kind.UNCERTAIN if is_handed_over else Kind.NOT_SENT)
    assert isinstance(failure, ServerUnreachableError)
    assert not opened.is_open


def test_a_name_for_this_machine_that_breaks_out_is_refused() -> None:
    with pytest.raises(ServerRefusedError, match="no host's name"):
        Server(host="127.0.0.1", name="x\r\nMAIL FROM:<eve@example.org>")


def test_a_large_body_goes_through_in_pieces() -> None:
    with a_sink(largest_bytes=100_000_000) as sink, connection(sink) as opened:
        outcomes, _ = run(opened, [a_job(1, body=BIG), a_job(2)])
    assert [outcome.kind for outcome in outcomes] == [Kind.ACCEPTED] * 2
    assert sink.received[0].message.endswith(BIG)


def test_what_is_larger_than_the_server_takes_is_refused_at_mail() -> None:
    with a_sink(largest_bytes=1000) as sink, connection(sink) as opened:
        outcomes, _ = run(opened, [a_job(body=b"x\r\n" * 1000)])
    assert [(outcome.kind, outcome.step, outcome.code) for outcome in outcomes] == [(Kind.REFUSED, Step.MAIL, 552)]


def test_a_server_that_wants_a_body_for_nobody_gets_an_empty_one() -> None:
    with _TalkingServer({b"RCPT": b"550 5.1.1 Nobody\r\n", b".\r\n": b"554 5.5.1 No readers\r\n"}) as port:
        opened = Connection(Server(host="127.0.0.1", port=port, security="none", timeout_seconds=5))
        outcomes, failure = run(opened, jobs(1))
        opened.close()
    assert failure is None
    assert [outcome.kind for outcome in outcomes] == [Kind.REFUSED]


def test_a_reader_who_is_forwarded_to_is_taken() -> None:
    with _TalkingServer({b"RCPT": b"251 2.1.5 Elsewhere\r\n"}) as port:
        opened = Connection(Server(host="127.0.0.1", port=port, security="none", timeout_seconds=5))
        outcomes, failure = run(opened, jobs(2))
        opened.close()
    assert failure is None
    assert [outcome.kind for outcome in outcomes] == [Kind.ACCEPTED] * 2


class _TalkingServer:
    """Answers each line by its first four letters: with 354 to DATA whatever was before, and then waits for a dot."""

    def __init__(self, answers: dict[bytes, bytes], hangs_up_after: bytes = b"never") -> None:
        self._hangs_up_after = hangs_up_after
        self._answers = {
            b"EHLO": b"250-x\r\n250-PIPELINING\r\n250 8BITMIME\r\n", b"MAIL": b"250 Ok\r\n", b"DATA": b"354 Go on\r\n",
            b".\r\n": b"250 Ok\r\n", b"QUIT": b"221 Bye\r\n", b"RSET": b"250 Ok\r\n", **answers,
        }  # fmt: skip

    def __enter__(self) -> int:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return int(self._listener.getsockname()[1])

    def _serve(self) -> None:
        peer, _ = self._listener.accept()
        with peer, peer.makefile("rb") as lines:
            peer.sendall(b"220 x\r\n")
            for line in lines:
                peer.sendall(self._answers.get(line[:4] if len(line) > 4 else line, b""))
                if line.startswith(self._hangs_up_after):
                    return

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self._thread.join(timeout=5)


def test_a_source_that_fails_leaves_nothing_handed_over_half() -> None:
    def source():  # type: ignore[no-untyped-def]
        yield a_job(1)
        raise LookupError("the database is gone")

    handed: list[object] = []
    with a_sink() as sink, _closing(connection(sink)) as opened:
        outcomes, failure = run(opened, source(), handed.append)
    assert isinstance(failure, LookupError)
    assert (outcomes, handed, sink.received) == ([], [], [])


def test_a_journal_that_fails_leaves_no_body_half_begun() -> None:
    def note(key: object) -> None:
        raise OSError("the disk is full")

    with a_sink() as sink, _closing(connection(sink)) as opened:
        _, failure = run(opened, jobs(1), note)
        assert isinstance(failure, OSError)
        outcomes, failure = run(opened, jobs(1))
        assert failure is None
        assert [outcome.kind for outcome in outcomes] == [Kind.ACCEPTED]
    assert len(sink.received) == 1


def test_who_stops_listening_in_the_middle_leaves_no_envelope_behind() -> None:
    with a_sink() as sink, _closing(connection(sink)) as opened:
        for _ in outcomes_of(opened.run(jobs(5))):
            break
        outcomes, failure = run(opened, jobs(1))
        assert failure is None
        assert [outcome.kind for outcome in outcomes] == [Kind.ACCEPTED]
    assert len(sink.received) == 2


# --- Opening ---


def test_nobody_there_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ServerUnreachableError, match="cannot be reached"):
        Connection(Server(host="127.0.0.1", port=port, security="none")).open()


def test_nothing_is_pulled_where_nobody_is_there() -> None:
    with a_sink(Scripted(at=At.CONNECT, says=b"421 4.3.2 Later\r\n", closes=True)) as sink:
        pulled: list[int] = []
        outcomes, failure = run(connection(sink), (pulled.append(1) or job for job in jobs(1)))
    assert (outcomes, pulled) == ([], [])
    assert isinstance(failure, ServerUnreachableError)
    assert failure.reply is not None
    assert failure.reply.code == 421


@pytest.mark.parametrize("says", [b"554 5.7.1 Go away\r\n", b"500 What\r\n"])
def test_a_greeting_that_refuses_is_said(says: bytes) -> None:
    with a_sink(Scripted(at=At.CONNECT, says=says)) as sink, pytest.raises(ServerRefusedError, match="greeting"):
        connection(sink).open()


def test_a_server_without_8bitmime_is_refused() -> None:
    with a_sink(is_8bit=False) as sink, pytest.raises(ServerRefusedError, match="8BITMIME"):
        connection(sink).open()


def test_a_silent_server_is_given_up() -> None:
    with a_sink(Scripted(at=At.EHLO, waits_seconds=1.5)) as sink, pytest.raises(ServerUnreachableError):
        connection(sink, timeout_seconds=1).open()


def test_starttls_is_verified_and_carries_the_letter(tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path)
    with a_sink(tls=tls_context(certificate), users={"desk": "secret"}) as sink:
        encrypted = connection(sink, security="starttls", ca_file=certificate, user="desk", password="secret")
        with encrypted:
            outcomes, _ = run(encrypted, [*jobs(2), a_job(2, body=BIG[:200_000])])
            run(encrypted, jobs(1))
    assert [outcome.kind for outcome in outcomes] == [Kind.ACCEPTED] * 3
    assert all(received.is_encrypted and received.user == "desk" for received in sink.received)
    assert len(sink.sessions) == 1


def test_a_large_body_goes_through_tls_in_pieces(tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path)
    with (
        a_sink(tls=tls_context(certificate), is_tls_first=True, largest_bytes=100_000_000) as sink,
        connection(sink, security="tls", ca_file=certificate) as opened,
    ):
        outcomes, _ = run(opened, [a_job(1, body=BIG), a_job(2)])
    assert [outcome.kind for outcome in outcomes] == [Kind.ACCEPTED] * 2
    assert sink.received[0].message.endswith(BIG)


def test_tls_from_the_first_byte(tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path)
    with (
        a_sink(tls=tls_context(certificate), is_tls_first=True) as sink,
        connection(sink, security="tls", ca_file=certificate) as opened,
    ):
        outcomes, _ = run(opened, jobs(2))
    assert [outcome.kind for outcome in outcomes] == [Kind.ACCEPTED] * 2


def test_a_connection_closed_after_the_dot_under_tls_is_uncertain(tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path)
    closes = Scripted(at=At.BODY, closes=True, is_kept=True)
    with a_sink(closes, tls=tls_context(certificate), is_tls_first=True) as sink:
        outcomes, failure = run(connection(sink, security="tls", ca_file=certificate), jobs(2))
    assert [outcome.kind for outcome in outcomes] == [Kind.UNCERTAIN, Kind.NOT_SENT]
    assert isinstance(failure, ServerUnreachableError)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with (
        a_sink(tls=tls_context(a_certificate(tmp_path))) as sink,
        pytest.raises(ServerRefusedError, match="certificate is not right"),
    ):
        connection(sink, security="starttls").open()


def test_a_certificate_of_another_host_is_refused(tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path, name="other.example.org")
    with (
        a_sink(tls=tls_context(certificate)) as sink,
        pytest.raises(ServerRefusedError, match="certificate is not right"),
    ):
        connection(sink, security="starttls", ca_file=certificate).open()


def test_starttls_stripped_on_the_way_is_refused() -> None:
    with a_sink() as sink:
        with pytest.raises(ServerRefusedError, match="offers no STARTTLS"):
            connection(sink, security="starttls", user="desk", password="secret").open()
        assert [command[:4] for command in sink.sessions[0].commands] == [b"EHLO"]


def test_a_reply_slipped_in_before_the_encryption_is_refused(tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path)
    slipped = Scripted(at=At.STARTTLS, says=b"220 Ready\r\n250 AUTH PLAIN\r\n")
    with (
        a_sink(slipped, tls=tls_context(certificate)) as sink,
        pytest.raises(ServerRefusedError, match="spoke on in the clear"),
    ):
        connection(sink, security="starttls", ca_file=certificate).open()


@pytest.mark.parametrize("way", ["PLAIN", "LOGIN"])
def test_signing_in(way: str) -> None:
    with a_sink(users={"desk": "пароль"}, ways_to_sign_in=(way,)) as sink:
        opened = connection(sink, user="desk", password="пароль")
        run(opened, jobs(1))
        opened.close()
    assert sink.received[0].user == "desk"


def test_a_way_to_sign_in_that_is_not_known_is_refused() -> None:
    with a_sink(users={"desk": "secret"}, ways_to_sign_in=("XOAUTH2",)) as sink:
        opened = connection(sink, user="desk", password="secret")
        with pytest.raises(ServerRefusedError, match="PLAIN or LOGIN"):
            opened.open()
        assert not opened.is_open


def test_a_wrong_password_is_said_without_telling_it() -> None:
    with a_sink(users={"desk": "secret"}) as sink, pytest.raises(ServerRefusedError) as caught:
        connection(sink, user="desk", password="not it").open()
    assert str(caught.value) == "The mail server answered 535 5.7.8 to the sign-in. Check the mailroom's settings."
    assert "not it" not in repr(connection(sink, user="desk", password="not it")._server)


def test_a_password_is_not_sent_in_the_clear_over_the_net(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.create_connection
    with a_sink(users={"desk": "secret"}) as sink:
        monkeypatch.setattr(
            socket, "create_connection", lambda _where, timeout: connect(("127.0.0.1", sink.port), timeout)
        )
        with pytest.raises(ServerRefusedError, match="not encrypted"):
            connection(sink, host="mail.example.org", user="desk", password="secret").open()
        assert [command[:4] for command in sink.sessions[0].commands] == [b"EHLO"]


def test_abilities_are_read_as_servers_write_them() -> None:
    text = "mail.example.org at your service\npipelining\nSIZE 35882577\n8BITMIME\nSTARTTLS\nAUTH=LOGIN PLAIN\nXODD\n"
    found = read_abilities(Reply(code=250, text=text))
    assert (found.is_pipelining, found.is_8bit, found.has_starttls) == (True, True, True)
    assert found.largest_bytes == 35_882_577
    assert found.auth == {"LOGIN", "PLAIN"}
    assert read_abilities(Reply(code=250, text="x\nSIZE 0")).largest_bytes is None
    assert read_abilities(Reply(code=250, text="x\nSIZE ²")).largest_bytes is None


@pytest.mark.parametrize("to", ["a@b>\r\nRCPT TO:<eve@example.org", "a b@example.org", "", "anna@", "анна@example.org"])
def test_an_envelope_cannot_be_broken_out_of(to: str) -> None:
    with pytest.raises(MailAddressRefusedError) as caught:
        a_job(to=to)
    assert "eve" not in str(caught.value)


def test_a_rehearsal_makes_each_copy_and_sends_none() -> None:
    made: list[int] = []
    wanted = [
        Job(key=key, envelope_from="", envelope_to="a@example.com", make=lambda key=key: made.append(key) or (b"",))
        for key in range(3)
    ]
    outcomes = list(DryTransport().run(wanted))
    assert made == [0, 1, 2]
    assert [outcome.kind for outcome in outcomes] == [Kind.ACCEPTED] * 3
