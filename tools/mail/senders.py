"""Ways to send the same letter to the same sink: Stet's, and the two libraries, each used as well as it can be.

The libraries get a message that is ready, the same for all readers, and addresses in the clear; their connections stay
open. Stet opens each address and makes each copy, so the comparison is in favour of the libraries.
`send_ready_with_stet` gets what they get: that compares the clients alone.
"""

import asyncio
import smtplib
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import aiosmtplib
from tools.mail.readers import Sealed, Vault

from stet.mailroom.frozen import FrozenMessage, as_message, as_wire
from stet.mailroom.smtp import Connection, Server
from stet.mailroom.transport import DryTransport, Job, Kind, Transport

_SENDER = "bounces@example.org"
_OPTIONS = ["BODY=8BITMIME"]


def send_with_stet(
    port: int, vault: Vault, letter: FrozenMessage, readers: Sequence[Sealed], connections: int
) -> Counter[Kind]:
    """A bare loop over Stet's transport, in as many threads as there are connections."""
    server = Server(host="127.0.0.1", port=port, security="none")

    def share(first: int) -> Counter[Kind]:
        connection = Connection(server)
        counted = _run(connection, vault, letter, readers[first::connections])
        connection.close()
        return counted

    with ThreadPoolExecutor(connections) as threads:
        return sum(threads.map(share, range(connections)), Counter())


def send_ready_with_stet(port: int, message: bytes, addresses: Sequence[str], connections: int) -> None:
    """Stet's client with what the libraries get: one message, ready, and addresses in the clear."""
    server, wire = Server(host="127.0.0.1", port=port, security="none"), as_wire(message)

    def share(first: int) -> None:
        with Connection(server) as connection:
            jobs = (
                Job(key=address, envelope_from=_SENDER, envelope_to=address, make=lambda: wire)
                for address in addresses[first::connections]
            )
            for _ in connection.run(jobs):
                continue

    with ThreadPoolExecutor(connections) as threads:
        list(threads.map(share, range(connections)))


def rehearse_with_stet(vault: Vault, letter: FrozenMessage, count: int) -> Counter[Kind]:
    """Make all copies and send none."""
    return _run(DryTransport(), vault, letter, vault.sealed(count))


def _run(transport: Transport, vault: Vault, letter: FrozenMessage, readers: object) -> Counter[Kind]:
    counted: Counter[Kind] = Counter()
    for outcome in transport.run(vault.jobs(letter, readers)):  # type: ignore[arg-type]
        counted[outcome.kind] += 1
    return counted


def a_message(vault: Vault, letter: FrozenMessage) -> bytes:
    """One copy as bytes, for the libraries."""
    (reader,) = vault.sealed(1)
    return as_message(vault.job(letter, reader).make())


def send_with_smtplib(port: int, message: bytes, addresses: Sequence[str], connections: int) -> None:
    """Threads, each with a connection of its own."""

    def share(first: int) -> None:
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.ehlo()
            for address in addresses[first::connections]:
                client.sendmail(_SENDER, [address], message, mail_options=_OPTIONS)

    with ThreadPoolExecutor(connections) as threads:
        list(threads.map(share, range(connections)))


def send_with_aiosmtplib(port: int, message: bytes, addresses: Sequence[str], connections: int) -> None:
    """A pool of connections in one event loop."""

    async def share(first: int) -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False)
        await client.connect()
        for address in addresses[first::connections]:
            await client.sendmail(_SENDER, [address], message, mail_options=_OPTIONS)
        await client.quit()

    async def all_shares() -> None:
        await asyncio.gather(*map(share, range(connections)))

    asyncio.run(all_shares())
