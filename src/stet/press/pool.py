"""Several processes that set sheets. They are forked, so that each begins with everything loaded."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.pool import Pool
from types import TracebackType

from django.db import connections

from stet.press.setting import Done, Setter

CHUNK = 150
"""Jobs handed to a process at a time: few enough to share the work, many enough to read rows together."""

_setter: Setter | None = None


class SettingPool:
    """A pool of setters, for the length of a `with` block. A pool of one works in this process."""

    def __init__(self, start_worker: Callable[[], Setter], processes: int) -> None:
        """`start_worker` is called in each new process and opens everything anew."""
        self._start_worker = start_worker
        self._processes = processes
        self._pool: Pool | None = None

    def __enter__(self) -> "SettingPool":
        if self._processes == 1:
            return self
        connections.close_all()  # A forked process must not share a connection.
        context = multiprocessing.get_context("fork")
        self._pool = context.Pool(self._processes, initializer=_start, initargs=(self._start_worker,))
        return self

    def __exit__(
        self, error: type[BaseException] | None, _value: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        if self._pool is None:
            return
        if error:
            self._pool.terminate()
        else:
            self._pool.close()
        self._pool.join()

    def run_all(self, names: Sequence[str], *, chunk: int = CHUNK) -> Iterator[Done]:
        """Run jobs; what they did comes in the order of the names."""
        chunks = (names[i : i + chunk] for i in range(0, len(names), chunk))
        if self._pool is None:
            setter = self._start_worker()
            for some in chunks:
                yield from setter.run_all(some)
            return
        for done in self._pool.imap(_run_chunk, chunks):
            yield from done


def _start(start_worker: Callable[[], Setter]) -> None:
    global _setter
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The parent hears Ctrl-C and ends the pool.
    _setter = start_worker()


def _run_chunk(names: Sequence[str]) -> list[Done]:
    assert _setter is not None
    return list(_setter.run_all(names))
