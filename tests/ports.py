"""Ports for the servers that tests start."""

import secrets
import socket
from contextlib import suppress

FROM, TO = 20_000, 30_000
"""Below the ports that Linux lends to connections (net.ipv4.ip_local_port_range), so that none of those is met."""


def free_ports(count: int) -> list[int]:
    """Ports that nobody uses now. Chosen by the system's dice: pytest-randomly gives all processes the same ones."""
    found: list[int] = []
    while len(found) < count:
        port = FROM + secrets.randbelow(TO - FROM)
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            found += {port} - set(found)
    return found
