"""Ways to send the same letter to the same sink beside the mailroom's: its client alone, and two libraries.

The libraries are used as well as they can be: connections stay open, messages are bytes. They are measured twice. With
a message that is ready, the same for all, and addresses in the clear: this is the library alone. And with what a letter
needs (open the sealed address, make the reader's own copy): this is what a sender built on the library would do at
least. It keeps no journal and no account, which the mailroom does.
"""

import asyncio
import smtplib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import aiosmtplib
from tools.mail.readers import Sealed, Vault

from stet.mailroom.frozen import FrozenMessage, as_message, as_wire
from stet.mailroom.smtp import Connection, Server
from stet.mailroom.transport import Job, outcomes_of

_SENDER = "bounces@example.org"
_OPTIONS = ["BODY=8BITMIME"]


class Mail(NamedTuple):
    """What a library is given."""

    sender: str
    reader: str
    message: bytes


Share = Callable[[int], Iterable[Mail]]
"""What one of several connections sends; its number decides."""


def ready(message: bytes, addresses: Sequence[str], connections: int) -> Share:
    """One message, ready, for all these."""
    return lambda first: (Mail(_SENDER, address, message) for address in addresses[first::connections])


def sealed(vault: Vault, letter: FrozenMessage, readers: Sequence[Sealed], connections: int) -> Share:
    """Addresses to be opened, copies to be made."""

    def share(first: int) -> Iterable[Mail]:
        for job in vault.jobs(letter, readers[first::connections]):
            yield Mail(job.envelope_from, job.envelope_to, as_message(job.make()))

    return share


def send_with_stet(port: int, share: Share, connections: int) -> None:
    """The mailroom's client alone."""
    server = Server(host="127.0.0.1", port=port, security="none")
    wires: dict[bytes, Sequence[bytes]] = {}

    def job(mail: Mail) -> Job:
        # As the libraries get the message anew each time, but it is the same: prepared once.
        wire = wires.get(mail.message) or wires.setdefault(mail.message, as_wire(mail.message))
        return Job(key=mail.reader, envelope_from=mail.sender, envelope_to=mail.reader, make=lambda: wire)

    def one(number: int) -> None:
        with Connection(server) as connection:
            for _ in outcomes_of(connection.run(map(job, share(number)))):
                continue

    _in_threads(one, connections)


def send_with_smtplib(port: int, share: Share, connections: int) -> None:
    """Threads, each with a connection of its own."""

    def one(number: int) -> None:
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.ehlo()
            for mail in share(number):
                client.sendmail(mail.sender, [mail.reader], mail.message, mail_options=_OPTIONS)

    _in_threads(one, connections)


def send_with_aiosmtplib(port: int, share: Share, connections: int) -> None:
    """A pool of connections in one event loop."""

    async def one(number: int) -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False)
        await client.connect()
        for mail in share(number):
            await client.sendmail(mail.sender, [mail.reader], mail.message, mail_options=_OPTIONS)
        await client.quit()

    async def all_of_them() -> None:
        await asyncio.gather(*map(one, range(connections)))

    asyncio.run(all_of_them())


def _in_threads(one: Callable[[int], None], connections: int) -> None:
    with ThreadPoolExecutor(connections) as threads:
        list(threads.map(one, range(connections)))


def a_message(vault: Vault, letter: FrozenMessage) -> bytes:
    """One copy as bytes, for the libraries."""
    (reader,) = vault.sealed(1)
    return as_message(vault.job(letter, reader).make())
