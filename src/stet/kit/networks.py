"""The network that somebody comes from: as much of an address as it takes to slow down whoever asks too often.

The rules:
 * A network is a /24 (IPv4) or a /48 (IPv6); an IPv4 address in IPv6's form counts as what it is.
 * Where a server on this machine stands in front, the network it names in X-Forwarded-For counts; from elsewhere the
   header is not believed.
 * What comes from this machine itself, or is no address, is HERE.
"""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple

HERE = "here"


class Place(NamedTuple):
    """Where somebody comes from."""

    network: str
    address: str
    """Within the network: one of at most 256 addresses (IPv4) or sites of a /56 (IPv6)."""


def place_of(environment: Mapping[str, object]) -> Place:
    """The network that a request comes from, and where in it, by its WSGI environment.

    >>> place_of({"REMOTE_ADDR": "192.0.2.77"}).address, place_of({"REMOTE_ADDR": "2001:db8:1:2ff::7"}).address
    ('192.0.2.77/32', '2001:db8:1:200::/56')
    """
    text = _told_by(environment)
    return Place(_network(text), _network(text, (32, 56)))


def network_of(environment: Mapping[str, object]) -> str:
    """The network that a request comes from, by its WSGI environment.

    >>> network_of({"REMOTE_ADDR": "192.0.2.77"}), network_of({"REMOTE_ADDR": "2001:db8:1:2::7"})
    ('192.0.2.0/24', '2001:db8:1::/48')
    >>> network_of({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9, 192.0.2.77"})
    '192.0.2.0/24'
    """
    return _network(_told_by(environment))


def _told_by(environment: Mapping[str, object]) -> str:
    peer = str(environment.get("REMOTE_ADDR", ""))
    forwarded = str(environment.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2]
    return forwarded.strip() if forwarded and _network(peer) == HERE else peer


def _network(text: str, prefixes: tuple[int, int] = (24, 48)) -> str:
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return HERE
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback:
        return HERE
    return str(ip_network((address, prefixes[address.version == 6]), strict=False))
