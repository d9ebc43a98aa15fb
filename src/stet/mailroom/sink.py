"""A mail server that delivers to nobody: for tests, for benchmarks, and as the mailbox of the demo.

    python -m stet.mailroom.sink --port 0 --store DIR --log FILE

prints its port and serves until it is ended. It is as strict as a server on the open net (`stet.mailroom.sink_session`)
and does what a script tells it (`stet.mailroom.sink_script`). It listens on this machine only.

A message is stored as `DIR/<queue id>.eml`, with Return-Path and Delivered-To in front as a delivery agent writes them.
A queue id grows with time, so that names sort by it. It is stored and logged before the sender hears that it was taken.
"""

import argparse
import os
import socket
import ssl
import threading
from contextlib import suppress
from pathlib import Path

from stet.kit.clock import Clock, SystemClock
from stet.mailroom.relay_log import RelayLogWriter, message_id_of
from stet.mailroom.sink_session import Manners, Received, Session

HOST = "127.0.0.1"


class Sink:
    """A sink in threads of this process, one for each connection.

    >>> with Sink() as sink:
    ...     sink.port > 0, sink.count
    (True, 0)
    """

    def __init__(
        self,
        manners: Manners | None = None,
        *,
        port: int = 0,
        store: Path | None = None,
        log: Path | None = None,
        keeps: bool = True,
        clock: Clock | None = None,
    ) -> None:
        """`keeps`: whether messages and commands are held in memory, for tests to look at."""
        self._manners = manners or Manners()
        self._store, self._keeps, self._clock = store, keeps, clock or SystemClock()
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.received: list[Received] = []
        self.count = 0
        """How many messages were taken."""
        self.sessions: list[Session] = []
        """All connections there were, the first one first; kept with `keeps`."""
        if store is not None:
            store.mkdir(parents=True, exist_ok=True)
        self._log = RelayLogWriter(log) if log else None
        self._listener = socket.create_server((HOST, port), backlog=128)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> "Sink":
        thread = threading.Thread(target=self.serve, name="sink", daemon=True)
        thread.start()
        self._threads.append(thread)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def serve(self) -> None:
        """Take connections until the sink is closed."""
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            thread = threading.Thread(target=self._serve_one, args=(connection,), daemon=True)
            with self._lock:
                self._sockets.add(connection)
                self._threads = [*(one for one in self._threads if one.is_alive()), thread]
            thread.start()

    def _serve_one(self, connection: socket.socket) -> None:
        session = Session(connection, self._manners, self._take, keeps=self._keeps)
        if self._keeps:
            self.sessions.append(session)
        try:
            session.run()
        finally:
            session.hang_up()
            with self._lock:
                self._sockets.discard(connection)

    def _take(self, received: Received) -> None:
        if self._store is not None:
            self._write(self._store, received)
        if self._log is not None:
            self._log.note(received.queue_id, message_id_of(received.message), self._clock.now())
        with self._lock:
            self.count += 1
            if self._keeps:
                self.received.append(received)

    def _write(self, store: Path, received: Received) -> None:
        lines = [f"Return-Path: <{received.envelope_from}>", *(f"Delivered-To: {to}" for to in received.envelope_to)]
        aside = store / f".{received.queue_id}"
        aside.write_bytes("".join(f"{line}\r\n" for line in lines).encode("ascii") + received.message)
        os.replace(aside, store / f"{received.queue_id}.eml")

    def close(self) -> None:
        """Hang up on everybody, and wait until that is done."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            sockets, threads = list(self._sockets), list(self._threads)
        for connection in sockets:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(timeout=5)
        if self._log is not None:
            self._log.close()


def main() -> None:
    """Run a sink until it is ended."""
    parser = argparse.ArgumentParser(
        prog="python -m stet.mailroom.sink", description="A mail server that delivers to nobody."
    )
    parser.add_argument("--port", type=int, default=0, help="0 for any that is free")
    parser.add_argument("--store", type=Path, metavar="DIR", help="keep messages here, as .eml files")
    parser.add_argument("--log", type=Path, metavar="FILE", help="write a line here for each message taken")
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="offer STARTTLS with this certificate and key")
    parser.add_argument("--per-connection", type=int, metavar="N", help="close each connection after N messages")
    asked = parser.parse_args()
    tls = None
    if asked.certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(asked.certificate)
    manners = Manners(tls=tls, messages_per_connection=asked.per_connection)
    sink = Sink(manners, port=asked.port, store=asked.store, log=asked.log, keeps=False)
    print(sink.port, flush=True)  # noqa: T201 - the caller reads it
    with suppress(KeyboardInterrupt):
        sink.serve()


if __name__ == "__main__":
    main()
