"""Several processes that work on one print. They are forked, so that each begins with everything loaded."""

import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.pool import Pool
from types import TracebackType
from typing import Any, TypeVar

import msgspec
from django.db import connections

from stet.press.setting import Done, Setter

CHUNK = 150
"""Jobs handed to a process at a time: few enough to share the work, many enough to read rows together."""

Task = TypeVar("Task")
Answer = TypeVar("Answer")

_setter: Setter | None = None
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Done])


class Forked:
    """Forked processes, for the length of a `with` block."""

    def __init__(self, processes: int, *, begin: Callable[..., None] | None = None, **given: Any) -> None:
        """`begin` is called with `given` in each new process."""
        connections.close_all()  # A forked process must not share a connection.
        context = multiprocessing.get_context("fork")
        self._pool: Pool = context.Pool(processes, initializer=_begin, initargs=(begin, given))

    def __enter__(self) -> "Forked":
        return self

    def __exit__(
        self, error: type[BaseException] | None, _value: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        if error:
            self._pool.terminate()
        else:
            self._pool.close()
        self._pool.join()

    def map(self, function: Callable[[Task], Answer], tasks: Iterable[Task]) -> Iterator[Answer]:
        """What `function` answers to each task, in the order of the tasks."""
        return self._pool.imap(function, tasks)


def _begin(begin: Callable[..., None] | None, given: dict[str, Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The parent hears Ctrl-C and ends the pool.
    if begin:
        begin(**given)


class SettingPool:
    """A pool of setters, for the length of a `with` block. A pool of one works in this process."""

    def __init__(self, start_worker: Callable[[], Setter], processes: int) -> None:
        """`start_worker` is called in each new process and opens everything anew."""
        self._start_worker = start_worker
        self._forked = Forked(processes, begin=_open_setter, start_worker=start_worker) if processes > 1 else None

    def __enter__(self) -> "SettingPool":
        return self

    def __exit__(
        self, error: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._forked:
            self._forked.__exit__(error, value, traceback)

    def run_all(self, names: Sequence[str], *, chunk: int = CHUNK) -> Iterator[Done]:
        """Run jobs; what they did comes in the order of the names."""
        chunks = (names[i : i + chunk] for i in range(0, len(names), chunk))
        if self._forked is None:
            setter = self._start_worker()
            for some in chunks:
                yield from setter.run_all(some)
            return
        for done in self._forked.map(_run_chunk, chunks):
            yield from _decoder.decode(done)


def _open_setter(start_worker: Callable[[], Setter]) -> None:
    global _setter
    _setter = start_worker()


def _run_chunk(names: Sequence[str]) -> bytes:
    assert _setter is not None
    return _encoder.encode(list(_setter.run_all(names)))
