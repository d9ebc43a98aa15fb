"""A line with a delay between this machine's network and a namespace's, which freezes connections by what passed.

Two TUN devices of the kernel, one on each side, and a thread that carries whole IP packets from one to the other. The
kernels of both sides think that there is a network between them: they segment, acknowledge and send again as on one.
Needs root.
"""

import fcntl
import heapq
import os
import selectors
import struct
import time
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Thread

TUN = "/dev/net/tun"
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x1, 0x1000
TCP = 6
SYN, ACK = 2, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One that came to the line. Seconds are those since its connection's first."""

    seconds: float
    is_server: bool
    size_bytes: int
    """Of what it carries, without headers."""
    flags: int
    sequence: int


@dataclass(slots=True)
class Flow:
    """One connection."""

    began: float
    packets: list[Packet] = field(default_factory=list)
    passed_packets: int = 0
    passed_bytes: int = 0
    """From the server."""
    is_frozen: bool = False

    @property
    def sent_again(self) -> int:
        """Packets that passed with bytes that had passed before. Nothing is lost on the line: an end answered late."""
        passed = self.packets[: self.passed_packets]
        sent = [(packet.is_server, packet.sequence) for packet in passed if packet.size_bytes]
        return len(sent) - len(set(sent))


class SlowLine:
    """The line. `most_packets` both ways and `most_bytes` from the server pass on each connection, then nothing."""

    def __init__(self, here: str, there: str, *, delay_seconds: float, most_packets: int, most_bytes: int) -> None:
        self._ends = (_opened(here), _opened(there))
        self._delay_seconds, self._most_packets, self._most_bytes = delay_seconds, most_packets, most_bytes
        self._stop_read, self._stop = os.pipe()
        self.flows: dict[tuple[bytes, bytes], Flow] = {}
        self._thread = Thread(target=self._carry)
        self._thread.start()

    def close(self) -> None:
        """End; the devices go with it."""
        os.write(self._stop, b".")
        self._thread.join()
        for end in (*self._ends, self._stop_read, self._stop):
            os.close(end)

    def _carry(self) -> None:
        waiting: list[tuple[float, int, int, bytes]] = []
        number = 0
        with selectors.DefaultSelector() as selector:
            for index, end in enumerate(self._ends):
                selector.register(end, selectors.EVENT_READ, index)
            selector.register(self._stop_read, selectors.EVENT_READ)
            while True:
                timeout = max(0.0, waiting[0][0] - time.perf_counter()) if waiting else None
                for key, _events in selector.select(timeout):
                    if key.fd == self._stop_read:
                        return
                    packet = os.read(key.fd, 65_536)
                    now = time.perf_counter()
                    if self._passes(packet, now, is_server=key.data == 1):
                        number += 1
                        heapq.heappush(waiting, (now + self._delay_seconds, number, self._ends[1 - key.data], packet))
                while waiting and waiting[0][0] <= time.perf_counter():
                    _due, _number, end, packet = heapq.heappop(waiting)
                    with suppress(OSError):  # the other side is not up yet, or no more: lost, as on any network
                        os.write(end, packet)

    def _passes(self, packet: bytes, now: float, *, is_server: bool) -> bool:
        """Whether a packet goes on; one that is no TCP always does."""
        if packet[0] >> 4 != 4 or packet[9] != TCP:
            return True
        header = (packet[0] & 15) * 4
        source, target, sequence = struct.unpack_from(">2s2sI", packet, header)
        offset, flags = (packet[header + 12] >> 4) * 4, packet[header + 13]
        size = int.from_bytes(packet[2:4], "big") - header - offset
        ends = (target, source) if is_server else (source, target)
        flow = self.flows.get(ends)
        if flow is None or (flags & (SYN | ACK) == SYN and flow.packets[0].sequence != sequence):
            flow = self.flows[ends] = Flow(now)
        flow.packets.append(
            Packet(seconds=now - flow.began, is_server=is_server, size_bytes=size, flags=flags, sequence=sequence)
        )
        from_server = flow.passed_bytes + (size if is_server else 0)
        if flow.passed_packets >= self._most_packets or from_server > self._most_bytes:
            flow.is_frozen = True
        if flow.is_frozen:
            return False
        flow.passed_packets, flow.passed_bytes = flow.passed_packets + 1, from_server
        return True


def _opened(name: str) -> int:
    """A TUN device of this name; it lives as long as the file."""
    end = os.open(TUN, os.O_RDWR)
    fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    return end
