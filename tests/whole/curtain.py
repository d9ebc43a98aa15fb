"""A line that freezes: a relay between a browser and a server, with the two models of what throttled networks do.

 * `bytes`: after 16,384 bytes from the server nothing more passes, either way.
 * `packets`: after 25 packets both ways nothing more passes, either way.

A connection that is frozen stays open and silent; nobody is told. What a connection has used up it has used up for
good, so whoever asks for a second file on the same one meets what is left by the first.

A relay of sockets sees bytes and no packets, so it counts as the wire would: three packets to open, data in segments
of 1,448 bytes, and an acknowledgement for every second segment that comes without a pause. `make curtain` counts real
ones, by the kernel, between two network namespaces. Both are emulations of published models, and no censor's box.
"""

import socket
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock, Thread

SEGMENT_BYTES = 1_448
"""What a segment holds at an MTU of 1,500 with time stamps (RFC 9293, RFC 7323)."""
OPENING_PACKETS = 3
MOST_PACKETS = 25
MOST_BYTES = 16_384


@dataclass(slots=True)
class Flow:
    """What one connection has used up."""

    packets: int = OPENING_PACKETS
    from_server: int = 0
    unanswered: int = 0
    is_frozen: bool = False
    lock: Lock = field(default_factory=Lock)

    def passing(self, data: bytes, model: str, *, is_server: bool) -> int:
        """How many bytes of `data` still pass."""
        with self.lock:
            passed = 0
            while passed < len(data) and not self.is_frozen:
                size = min(SEGMENT_BYTES, len(data) - passed)
                if model == "packets" and self.packets >= MOST_PACKETS:
                    self.is_frozen = True
                    break
                if is_server and model == "bytes" and self.from_server + size > MOST_BYTES:
                    size, self.is_frozen = MOST_BYTES - self.from_server, True
                self._count(size, is_server=is_server)
                passed += size
            return passed

    def _count(self, size: int, *, is_server: bool) -> None:
        """A segment; every second one that comes without an answer in between is acknowledged by itself."""
        self.unanswered = self.unanswered + 1 if is_server else 0
        self.packets += 1 if self.unanswered % 2 or not is_server else 2
        self.from_server += size if is_server else 0


class Curtain:
    """The relay. `model` is "bytes", "packets", or "none", which only counts."""

    def __init__(self, target_port: int, model: str) -> None:
        self._target_port, self._model = target_port, model
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.flows: list[Flow] = []
        self._lines: list[socket.socket] = []
        self._threads = [Thread(target=self._accept)]

    def __enter__(self) -> "Curtain":
        self._threads[0].start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._threads[0].join(30)
        self._listening.close()
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(30)
        for line in self._lines:
            line.close()

    @property
    def frozen(self) -> int:
        """How many connections were frozen so far."""
        return sum(flow.is_frozen for flow in self.flows)

    def _accept(self) -> None:
        with suppress(OSError):  # nobody is met any more
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self._target_port))
                flow = Flow()
                self.flows.append(flow)
                self._lines += [client, server]
                for ends in ((client, server, False), (server, client, True)):
                    self._threads.append(Thread(target=self._pass, args=(flow, *ends)))
                    self._threads[-1].start()

    def _pass(self, flow: Flow, source: socket.socket, sink: socket.socket, is_server: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if passed := flow.passing(data, self._model, is_server=is_server):
                    sink.sendall(data[:passed])
        if not flow.is_frozen:  # what is frozen stays open and silent
            with suppress(OSError):
                sink.shutdown(socket.SHUT_WR)
