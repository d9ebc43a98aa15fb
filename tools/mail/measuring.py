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
        addresses = [f"reader-{number:07d}@example.com" for number in range(order.peer_readers)]
        for name, send in (("smtplib", send_with_smtplib), ("aiosmtplib", send_with_aiosmtplib)):
            found[name] = _timed(
                order.peer_readers, lambda send=send: send(port, message, addresses, order.peer_connections)
            )
    better = max(found["smtplib"]["messages_per_second"], found["aiosmtplib"]["messages_per_second"])
    found["times_the_better_library"] = round(found["stet"]["messages_per_second"] / better, 1)
    found["load_after"] = os.getloadavg()[0]
    return found


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
