"""A name server that knows a few names, over real UDP. Strict: it takes one plain question, and says NXDOMAIN else."""

import socket
import threading
from collections.abc import Mapping

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

Zone = Mapping[tuple[str, str], tuple[str, ...]]


class SmallNameServer:
    """Answers from a zone of (name, kind) -> values as zone files have them."""

    def __init__(self, zone: Zone, *, fails: bool = False) -> None:
        self._zone = {(name.lower().rstrip("."), kind): values for (name, kind), values in zone.items()}
        self._names = {name for name, _kind in self._zone}
        self._fails = fails
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.asked: list[tuple[str, str]] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def at(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> "SmallNameServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self._socket.getsockname())
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            asked, sender = self._socket.recvfrom(4096)
            if not asked:
                return
            self._socket.sendto(self._answer(asked), sender)

    def _answer(self, wire: bytes) -> bytes:
        query = dns.message.from_wire(wire)
        assert len(query.question) == 1, "One question at a time."
        assert not query.answer, "A question holds no answers."
        question = query.question[0]
        name, kind = question.name.to_text().lower().rstrip("."), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        if self._fails:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif values := self._zone.get((name, kind)):
            response.answer.append(dns.rrset.from_text(question.name, 300, "IN", kind, *values))
        elif name not in self._names:
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire(max_size=max(query.payload, 512))


class KnownAnswers:
    """The same answers without a network, for tests of rules alone."""

    def __init__(self, zone: Zone) -> None:
        self._zone = zone

    def texts(self, name: str) -> tuple[str, ...]:
        return self._zone.get((name, "TXT"), ())

    def addresses(self, name: str) -> tuple[str, ...]:
        return self._zone.get((name, "A"), ()) + self._zone.get((name, "AAAA"), ())

    def exchanges(self, name: str) -> tuple[str, ...]:
        return self._zone.get((name, "MX"), ())

    def names_of(self, address: str) -> tuple[str, ...]:
        return self._zone.get((address, "PTR"), ())
