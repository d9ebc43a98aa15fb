"""What places that are reached over a network have in common: connections that are lent, and an end to waiting.

A server that stops in the middle, or sends a byte a minute, is met by `ended_after`: when the time is over, whatever
the call waits for is closed under it.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from threading import Lock, Timer
from typing import Generic, Protocol, TypeVar

from stet.mirrors.errors import MirrorRefusedError, MirrorUnreachableError


class Connection(Protocol):
    """What can be lent."""

    def close(self) -> None:
        """End it, from any thread, also while another one waits in it."""


C = TypeVar("C", bound=Connection)


class Pool(Generic[C]):
    """Connections of one kind, each used by one thread at a time and kept for the next one."""

    def __init__(self, connect: Callable[[], C]) -> None:
        self._connect = connect
        self._idle: deque[C] = deque()
        self._lock = Lock()

    @contextmanager
    def lent(self, seconds: float) -> Iterator[C]:
        """A connection, for `seconds` at most. One in which something went wrong is not kept.

        A file that is not there has to be told by a value inside, not by an error that passes here.
        """
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        connection = connection or self._connect()
        try:
            with ended_after(seconds, connection.close):
                yield connection
        except BaseException:
            connection.close()
            raise
        with self._lock:
            self._idle.append(connection)

    def close(self) -> None:
        """End all that are idle."""
        with self._lock:
            idle, self._idle = self._idle, deque()
        for connection in idle:
            connection.close()


@contextmanager
def ended_after(seconds: float, end: Callable[[], None]) -> Iterator[None]:
    """Call `end` from another thread unless what is inside is over by then; then raises MirrorUnreachableError."""
    is_late: list[bool] = []

    def come_to_an_end() -> None:
        is_late.append(True)
        end()

    timer = Timer(seconds, come_to_an_end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception:
        if is_late:
            raise MirrorUnreachableError("The mirror is too slow: it took longer than a file may take.") from None
        raise
    finally:
        timer.cancel()
    if is_late:
        raise MirrorUnreachableError("The mirror is too slow: it took longer than a file may take.")


def is_local_or_onion(host: str) -> bool:
    """Whether what is told to a host without encryption stays on this machine, or is encrypted by Tor."""
    if host == "localhost" or host.endswith(".onion"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def text_or_file(value: str, what: str) -> str:
    """A secret that is given as text of several lines or as the path of a file that holds it."""
    if "\n" in value.strip() or value.startswith("-----BEGIN"):
        return value
    try:
        return Path(value).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError):
        raise MirrorRefusedError(f"The {what} of this mirror is neither a text nor a file that can be read.") from None
