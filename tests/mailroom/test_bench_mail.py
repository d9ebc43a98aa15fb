"""What `make bench-mail` reports rests on these."""

import email
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tools.mail.letter import a_letter
from tools.mail.readers import Vault
from tools.mail.senders import Share, a_message, ready, sealed, send_with_aiosmtplib, send_with_smtplib, send_with_stet

from stet.mailroom.frozen import as_message
from stet.mailroom.sink import Sink

ROOT = Path(__file__).parents[2]
Send = Callable[[int, Share, int], None]


def test_the_letter_is_32_kb_of_russian_with_four_places_for_links() -> None:
    vault = Vault()
    (reader,) = vault.sealed(1)
    message = as_message(vault.job(a_letter(), reader).make())
    assert 32_000 < len(message) < 34_000
    assert message.count(b"https://post.example.org/") == 4 + 1
    plain, html = email.message_from_bytes(message).get_payload()
    assert "о воде и реке" in plain.get_payload(decode=True).decode()
    assert "о воде и реке" in html.get_payload(decode=True).decode()


@pytest.mark.parametrize("send", [send_with_smtplib, send_with_aiosmtplib])
def test_each_reader_gets_their_own_copy_once_from_sealed_addresses(send: Send) -> None:
    vault = Vault()
    readers = list(vault.sealed(20))
    assert not any(b"example.com" in reader.address for reader in readers)
    with Sink() as sink:
        send(sink.port, sealed(vault, a_letter(), readers, 4), 4)
    assert {received.envelope_to[0] for received in sink.received} == {f"reader-{n:07d}@example.com" for n in range(20)}
    assert len({received.message for received in sink.received}) == 20


@pytest.mark.parametrize("send", [send_with_smtplib, send_with_aiosmtplib, send_with_stet])
def test_the_ways_compared_reuse_their_connections_and_send_the_same_letter(send: Send) -> None:
    message = a_message(Vault(), a_letter())
    with Sink() as sink:
        send(sink.port, ready(message, [f"reader-{n}@example.com" for n in range(9)], 3), 3)
    assert len(sink.sessions) == 3
    assert [received.message for received in sink.received] == [message] * 9


def test_it_prints_one_json_object() -> None:
    few = ["--readers", "40", "--signed", "20", "--libraries", "20", "--dry", "50"]
    printed = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "bench_mail.py"), *few], check=True, capture_output=True, text=True
    )
    found = json.loads(printed.stdout)
    whole = [*found["stet"], found["stet_dkim_rsa"], found["stet_dkim_ed25519"], found["stet_dry"]]
    assert [one["messages"] for one in whole] == [40, 40, 40, 20, 20, 50]
    assert all(one["accepted"] == one["messages"] and one["balances"] and one["state"] == "finished" for one in whole)
    alone = [
        found[name] for name in ("stet_client_alone", "smtplib", "smtplib_alone", "aiosmtplib", "aiosmtplib_alone")
    ]
    for one in (*whole, *alone):
        assert one["messages_per_second"] > 0
        assert one["cpu_microseconds_per_message"] > 0
