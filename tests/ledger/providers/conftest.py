"""A practice provider, Stripe's class in front of it, and whoever is told of events."""

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from stripe import StripeClient

from stet.ledger.practice.account import SECRET_KEY
from stet.ledger.practice.server import Practice
from stet.ledger.providers.stripe import StripeProvider
from tests.ledger.providers.builders import a_provider


class Told:
    """A server that is told of events, and keeps what it gets."""

    def __init__(self) -> None:
        self.deliveries: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        """What the next deliveries are answered with; then 200."""
        told = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told.deliveries.append((dict(self.headers.items()), body))
                self.send_response(told.statuses.pop(0) if told.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hooks/practice"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self) -> "Told":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def told() -> Iterator[Told]:
    with Told() as told:
        yield told


@pytest.fixture
def practice() -> Iterator[Practice]:
    with Practice(pauses=(0.02,)) as practice:
        yield practice


@pytest.fixture
def stripe(practice: Practice) -> StripeProvider:
    """Stripe's class, speaking to the practice provider; it refuses cards of one country."""
    return a_provider(practice)


@pytest.fixture
def client(practice: Practice) -> StripeClient:
    """The library's own client, as whoever else uses the account."""
    return StripeClient(SECRET_KEY, base_addresses={"api": practice.url})


@pytest.fixture
def until() -> Callable[..., None]:
    """Wait until something holds."""

    def wait(holds: Callable[[], object], seconds: float = 10.0) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, "It did not happen in time."
            time.sleep(0.02)

    return wait
