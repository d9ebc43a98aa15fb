"""What sending costs: wall time, the sender's CPU time, memory."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.mail.dispatch import dispatched
from tools.mail.letter import a_letter
from tools.mail.readers import Vault
from tools.mail.senders import a_message, ready, sealed, send_with_aiosmtplib, send_with_smtplib, send_with_stet

LIBRARIES = {"smtplib": send_with_smtplib, "aiosmtplib": send_with_aiosmtplib}
LIBRARY_CONNECTIONS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be measured."""

    readers: int
    signed_readers: int
    peer_readers: int
    connections: tuple[int, ...]
    """The mailroom is measured with each."""


def measure(order: Order) -> dict[str, Any]:
    """All figures of one run against one sink, each after the other."""
    vault, letter = Vault(), a_letter()
    addresses = [f"reader-{number:07d}@example.com" for number in range(max(order.readers, order.peer_readers))]
    found: dict[str, Any] = {"load_before": os.getloadavg()[0], "message_bytes": letter.size_bytes}
    with a_sink() as port:
        message = a_message(vault, letter)
        found["stet"] = [
            a_dispatch(readers=order.readers, port=port, connections=connections) for connections in order.connections
        ]
        for kind in ("rsa", "ed25519"):
            found[f"stet_dkim_{kind}"] = a_dispatch(
                readers=order.signed_readers, port=port, connections=order.connections[0], dkim=kind
            )
        share = ready(message, addresses[: order.readers], order.connections[0])
        found["stet_client_alone"] = _timed(order.readers, lambda: send_with_stet(port, share, order.connections[0]))
        some = order.peer_readers
        for name, send in LIBRARIES.items():
            share = ready(message, addresses[:some], LIBRARY_CONNECTIONS)
            found[f"{name}_alone"] = _timed(some, lambda send=send, share=share: send(port, share, LIBRARY_CONNECTIONS))
            share = sealed(vault, letter, list(vault.sealed(some)), LIBRARY_CONNECTIONS)
            found[name] = _timed(some, lambda send=send, share=share: send(port, share, LIBRARY_CONNECTIONS))
    best = max(found["stet"], key=lambda one: one["messages_per_second"])
    found["beside_the_better_library"] = {
        "whole_job": _beside(best, [found[name] for name in LIBRARIES]),
        "client_alone": _beside(found["stet_client_alone"], [found[f"{name}_alone"] for name in LIBRARIES]),
    }
    found["load_after"] = os.getloadavg()[0]
    return found


def _beside(ours: dict[str, Any], theirs: list[dict[str, Any]]) -> dict[str, float]:
    """How many times more messages, and how many times less CPU, than the better of the two libraries."""
    fastest = max(one["messages_per_second"] for one in theirs)
    cheapest = min(one["cpu_microseconds_per_message"] for one in theirs)
    return {
        "times_the_messages": round(ours["messages_per_second"] / fastest, 1),
        "times_less_cpu": round(cheapest / ours["cpu_microseconds_per_message"], 1),
    }


def a_dispatch(*, readers: int, port: int, connections: int, dkim: str = "") -> dict[str, Any]:
    """Figures of one letter sent by a mailroom; with the port 0, of one that is made for all and sent to nobody."""
    with tempfile.TemporaryDirectory(prefix="stet-letter-") as folder:
        return dispatched(Path(folder), readers=readers, port=port, connections=connections, dkim=dkim)


def _timed(messages: int, send: Callable[[], object]) -> dict[str, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    send()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "messages": messages,
        "messages_per_second": round(messages / wall),
        "cpu_microseconds_per_message": round(cpu / messages * 1e6, 1),
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
