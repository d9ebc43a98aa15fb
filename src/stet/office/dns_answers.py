"""Asks a name server. Only `stet doctor mail` does, and only about the newsroom's own mail.

A name that does not exist and one without such a record are the same here: nothing. A server that does not answer, or
says that it failed, is DnsUnreachableError.
"""

from typing import Any, Protocol

import dns.exception
import dns.resolver
import dns.reversename

from stet.office.errors import DnsUnreachableError

LONGEST_WAIT_SECONDS = 8.0
LARGEST_UDP_BYTES = 1232
"""What passes unfragmented nearly everywhere (dnsflagday.net/2020)."""


class Answers(Protocol):
    """Where answers come from."""

    def texts(self, name: str) -> tuple[str, ...]:
        """TXT records, each with its pieces joined."""

    def addresses(self, name: str) -> tuple[str, ...]:
        """A and AAAA records."""

    def exchanges(self, name: str) -> tuple[str, ...]:
        """MX records, the best first; "." means that the domain takes no mail (RFC 7505)."""

    def names_of(self, address: str) -> tuple[str, ...]:
        """PTR records of an IP address."""


class NameServer:
    """Answers of the system's name servers, or of the one at `at`, such as "127.0.0.1:5353"."""

    def __init__(self, at: str | None = None) -> None:
        self._resolver = dns.resolver.Resolver(configure=at is None)
        if at is not None:
            host, _, port = at.rpartition(":") if ":" in at and not at.endswith("]") else (at, "", "53")
            self._resolver.nameservers = [host.strip("[]")]
            self._resolver.port = int(port)
        self._resolver.lifetime = LONGEST_WAIT_SECONDS
        self._resolver.use_edns(0, 0, LARGEST_UDP_BYTES)

    def texts(self, name: str) -> tuple[str, ...]:
        """TXT records, each with its pieces joined."""
        return tuple(b"".join(one.strings).decode("utf-8", "replace") for one in self._ask(name, "TXT"))

    def addresses(self, name: str) -> tuple[str, ...]:
        """A and AAAA records."""
        return tuple(one.address for kind in ("A", "AAAA") for one in self._ask(name, kind))

    def exchanges(self, name: str) -> tuple[str, ...]:
        """MX records, the best first."""
        found = sorted((one.preference, one.exchange.to_text()) for one in self._ask(name, "MX"))
        return tuple(exchange if exchange == "." else exchange.rstrip(".") for _preference, exchange in found)

    def names_of(self, address: str) -> tuple[str, ...]:
        """PTR records of an IP address."""
        name = dns.reversename.from_address(address).to_text()
        return tuple(one.target.to_text().rstrip(".") for one in self._ask(name, "PTR"))

    def _ask(self, name: str, kind: str) -> list[Any]:
        try:
            return list(self._resolver.resolve(name, kind, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            raise DnsUnreachableError(
                f"The name server gave no answer about a {kind} record ({type(error).__name__}). Try again later, or "
                "name another with --resolver."
            ) from None
