"""What `make bench-mail` reports rests on these."""

import email
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tools.mail.letter import a_letter
from tools.mail.readers import Vault
from tools.mail.senders import a_message, send_ready_with_stet, send_with_aiosmtplib, send_with_smtplib, send_with_stet

from stet.mailroom.frozen import as_message
from stet.mailroom.sink import Sink
from stet.mailroom.transport import Kind

ROOT = Path(__file__).parents[2]


def test_the_letter_is_32_kb_of_russian_with_four_places_for_links() -> None:
    vault = Vault()
    (reader,) = vault.sealed(1)
    message = as_message(vault.job(a_letter(), reader).make())
    assert 32_000 < len(message) < 34_000
    assert message.count(b"https://post.example.org/") == 4 + 1
    plain, html = email.message_from_bytes(message).get_payload()
    assert "о воде и реке" in plain.get_payload(decode=True).decode()
    assert "о воде и реке" in html.get_payload(decode=True).decode()


def test_each_reader_gets_their_own_copy_once_from_sealed_addresses() -> None:
    vault = Vault()
    readers = list(vault.sealed(20))
    assert not any(b"example.com" in reader.address for reader in readers)
    with Sink() as sink:
        counted = send_with_stet(sink.port, vault, a_letter(), readers, 4)
    assert counted == {Kind.ACCEPTED: 20}
    assert {received.envelope_to[0] for received in sink.received} == {f"reader-{n:07d}@example.com" for n in range(20)}
    assert len({received.message for received in sink.received}) == 20


@pytest.mark.parametrize("send", [send_with_smtplib, send_with_aiosmtplib, send_ready_with_stet])
def test_the_ways_compared_reuse_their_connections_and_send_the_same_letter(send: object) -> None:
    message = a_message(Vault(), a_letter())
    with Sink() as sink:
        send(sink.port, message, [f"reader-{n}@example.com" for n in range(9)], 3)  # type: ignore[operator]
    assert len(sink.sessions) == 3
    assert [received.message for received in sink.received] == [message] * 9


def test_it_prints_one_json_object() -> None:
    few = ["--readers", "40", "--signed", "20", "--peers", "20", "--rehearsed", "50"]
    command = [sys.executable, str(ROOT / "tools" / "bench_mail.py"), *few]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    printed = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    found = json.loads(printed.stdout)
    assert found["stet"]["outcomes"] == {"accepted": 40}
    assert found["rehearsal"]["outcomes"] == {"accepted": 50}
    for name in ("stet", "stet_dkim_rsa", "stet_dkim_ed25519", "stet_ready_message", "smtplib", "aiosmtplib"):
        assert found[name]["messages_per_second"] > 0
        assert found[name]["cpu_microseconds_per_message"] > 0
