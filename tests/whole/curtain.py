"""A line that freezes: a relay between a browser and a server, with the two models of what throttled networks do.

 * `bytes`: after 16,384 bytes from the server nothing more passes, either way.
 * `packets`: after 25 packets both ways nothing more passes, either way.

A connection that is frozen stays open and silent; nobody is told. What a connection has used up it has used up for good,
so whoever asks for a second file on the same one meets what is left by the first.

A relay of sockets sees bytes and no packets, so it counts as the wire would: three packets to open, data in segments of
1,448 bytes, and an acknowledgement for every second segment that comes without a pause. `make curtain` counts real ones,
by the kernel, between two network namespaces. Both are emulations of published models, and no censor's box.
"""

import asyncio
import threading
from dataclasses import dataclass, field

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
    is_frozen: bool = False


@dataclass(slots=True)
class Curtain:
    """The relay. `model` is "bytes", "packets", or "none", which only counts."""

    target_port: int
    model: str
    port: int = 0
    flows: list[Flow] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _thread: threading.Thread | None = None

    def __enter__(self) -> "Curtain":
        self._thread = threading.Thread(target=self._loop.run_forever, name="curtain")
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(30)
        return self

    def __exit__(self, *_error: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread is not None:
            self._thread.join(30)
        self._loop.close()

    @property
    def frozen(self) -> int:
        """How many connections were frozen so far."""
        return sum(flow.is_frozen for flow in self.flows)

    async def _open(self) -> None:
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _meet(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        flow = Flow()
        self.flows.append(flow)
        server, to_server = await asyncio.open_connection("127.0.0.1", self.target_port)
        try:
            await asyncio.gather(
                self._pass(client, to_server, flow, is_server=False),
                self._pass(server, to_client, flow, is_server=True),
            )
        except (ConnectionError, TimeoutError):
            pass
        finally:
            for writer in (to_client, to_server):
                writer.transport.abort()

    async def _pass(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, flow: Flow, *, is_server: bool
    ) -> None:
        while data := await source.read(65_536):
            passing = self._count(flow, data, is_server=is_server)
            if passing:
                sink.write(data[:passing])
                await sink.drain()
            if flow.is_frozen:
                await asyncio.Event().wait()  # silent, until somebody gives up
        if not flow.is_frozen and sink.can_write_eof():
            sink.transport.close()

    def _count(self, flow: Flow, data: bytes, *, is_server: bool) -> int:
        """How many bytes of `data` still pass."""
        passing = 0
        for n, start in enumerate(range(0, len(data), SEGMENT_BYTES)):
            size = min(SEGMENT_BYTES, len(data) - start)
            if flow.is_frozen or (self.model == "packets" and flow.packets >= MOST_PACKETS):
                flow.is_frozen = True
                break
            if is_server and self.model == "bytes" and flow.from_server + size > MOST_BYTES:
                passing += MOST_BYTES - flow.from_server
                flow.from_server, flow.is_frozen = MOST_BYTES, True
                break
            flow.packets += 1 + n % 2  # the segment, and every second time its acknowledgement
            flow.from_server += size if is_server else 0
            passing += size
        return passing
