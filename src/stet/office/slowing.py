"""Slows down who guesses passwords.

The rules:
 * After five failures for one account from one network, each further try has to wait: 1, 2, 4 … seconds, 15 minutes at
   most.
 * The same after twenty failures from one network, whatever the account.
 * A try that comes too early is not looked at, so a right password says nothing then either.
 * A success clears the account's count there. What was quiet for an hour is forgotten, and nothing is written down.

A network is the first 24 bits of an IPv4 address, the first 48 of an IPv6 one. The clock is the caller's.
"""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass

from stet.kit.waiting import LONGEST_SECONDS, seconds_after

FREE_FOR_ACCOUNT = 5
FREE_FOR_NETWORK = 20
LONGEST_WAIT_SECONDS = LONGEST_SECONDS
FORGOTTEN_AFTER_SECONDS = 60 * 60
MOST_KEPT = 10_000
"""Counts beyond this push out the one that was quiet longest."""

Key = tuple[str, str]


@dataclass(slots=True)
class _Count:
    failures: int = 0
    last: float = 0.0


class Slowing:
    """Failures so far, in this process's memory."""

    def __init__(self) -> None:
        self._counts: OrderedDict[Key, _Count] = OrderedDict()

    def seconds_to_wait(self, account: str, address: str, *, now: float) -> int:
        """How long this try has to wait; 0 where it may be looked at."""
        return max(self._wait(key, free, now) for key, free in _keys(account, address))

    def failed(self, account: str, address: str, *, now: float) -> None:
        """Count a failure."""
        for key, _free in _keys(account, address):
            count = self._counts.setdefault(key, _Count())
            if now - count.last > FORGOTTEN_AFTER_SECONDS:
                count.failures = 0
            count.failures, count.last = count.failures + 1, now
            self._counts.move_to_end(key)
        while len(self._counts) > MOST_KEPT:
            self._counts.popitem(last=False)

    def succeeded(self, account: str, address: str) -> None:
        """Forget the failures of this account from this network."""
        self._counts.pop((account.casefold(), network(address)), None)

    def _wait(self, key: Key, free: int, now: float) -> int:
        count = self._counts.get(key)
        if count is None or count.failures < free or now - count.last > FORGOTTEN_AFTER_SECONDS:
            return 0
        wait = seconds_after(count.failures, free=free)
        return int(max(0.0, count.last + wait - now + 0.999))


def _keys(account: str, address: str) -> tuple[tuple[Key, int], ...]:
    here = network(address)
    return ((account.casefold(), here), FREE_FOR_ACCOUNT), (("", here), FREE_FOR_NETWORK)


def network(address: str) -> str:
    """The network that an address is in; of what is no address, itself.

    >>> network("192.0.2.77"), network("2001:db8:1:2::7"), network("")
    ('192.0.2.0/24', '2001:db8:1::/48', '')
    """
    try:
        bits = 24 if ipaddress.ip_address(address).version == 4 else 48
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))
