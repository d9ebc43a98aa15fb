"""What sending costs: wall time, the sender's CPU time, memory."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tools.mail.letter import a_letter
from tools.mail.readers import Vault
from tools.mail.senders import (
    a_message,
    rehearse_with_stet,
    send_ready_with_stet,
    send_with_aiosmtplib,
    send_with_smtplib,
    send_with_stet,
)

from stet.mailroom.dkim import Signer, SigningKey, make_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be measured."""

    readers: int
    signed_readers: int
    peer_readers: int
    connections: int
    peer_connections: int


def measure(order: Order) -> dict[str, Any]:
    """All figures of one run against one sink, each after the other."""
    vault, letter = Vault(), a_letter()
    readers = list(vault.sealed(order.readers))
    found: dict[str, Any] = {"load_before": os.getloadavg()[0], "message_bytes": letter.size_bytes}
    with a_sink() as port:
        found["stet"] = _timed(order.readers, lambda: send_with_stet(port, vault, letter, readers, order.connections))
        for kind in ("rsa", "ed25519"):
            signer = Signer(domain="example.org", keys=(SigningKey(selector="stet", key=make_key(kind)),))
            signed, some = a_letter(signer), readers[: order.signed_readers]
            found[f"stet_dkim_{kind}"] = _timed(
                len(some), lambda signed=signed, some=some: send_with_stet(port, vault, signed, some, order.connections)
            )
        message = a_message(vault, letter)
        addresses = [f"reader-{number:07d}@example.com" for number in range(max(order.peer_readers, order.readers))]
        found["stet_ready_message"] = _timed(
            order.readers, lambda: send_ready_with_stet(port, message, addresses[: order.readers], order.connections)
        )
        for name, send in (("smtplib", send_with_smtplib), ("aiosmtplib", send_with_aiosmtplib)):
            some = addresses[: order.peer_readers]
            found[name] = _timed(
                len(some), lambda send=send, some=some: send(port, message, some, order.peer_connections)
            )
    found["beside_the_better_library"] = {name: _beside(found, name) for name in ("stet", "stet_ready_message")}
    found["load_after"] = os.getloadavg()[0]
    return found


def _beside(found: dict[str, Any], name: str) -> dict[str, float]:
    """How many times more messages, and how many times less CPU, than the better of the two libraries."""
    fastest = max(found[library]["messages_per_second"] for library in ("smtplib", "aiosmtplib"))
    cheapest = min(found[library]["cpu_microseconds_per_message"] for library in ("smtplib", "aiosmtplib"))
    return {
        "times_the_messages": round(found[name]["messages_per_second"] / fastest, 1),
        "times_less_cpu": round(cheapest / found[name]["cpu_microseconds_per_message"], 1),
    }


def rehearse(readers: int) -> dict[str, Any]:
    """Make copies for so many readers and send none: time, and the most memory that this process ever had."""
    vault, letter = Vault(), a_letter()
    found = _timed(readers, lambda: rehearse_with_stet(vault, letter, readers))
    return {**found, "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)}


def _timed(messages: int, send: Callable[[], object]) -> dict[str, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    outcome = send()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "messages": messages,
        "messages_per_second": round(messages / wall),
        "cpu_microseconds_per_message": round(cpu / messages * 1e6, 1),
        **({"outcomes": {kind.value: count for kind, count in outcome.items()}} if isinstance(outcome, dict) else {}),
    }


@contextmanager
def a_sink() -> Iterator[int]:
    """A sink in a process of its own, and its port."""
    with subprocess.Popen([sys.executable, "-m", "stet.mailroom.sink"], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()
