"""How an edition reaches the disk: each file whole or not at all, and on the disk before anything relies on it.

The rules:
 * A file is written beside the tree, in `temporary`, and renamed into its place.
 * `settle` returns when what was written before it would outlive a loss of power.
 * A file that a reader may meet at once is settled before it is renamed.
 * Every change calls `on_step` first, with a word for what is about to happen; tests end the process there.

A few files are settled one by one. More than a few are settled by one `sync` of the machine: on ext4 that took 4 ms for
130 files, where `fsync` of each took 50 ms. It waits for whatever else the machine is writing at that moment. Folders
are settled one by one far longer: where there is a journal, the first settles all.
"""

import errno
import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from stet.edition.errors import FolderRefusedError, FolderUnreachableError

MOST_FILES_ONE_BY_ONE = 8
MOST_FOLDERS_ONE_BY_ONE = 1000

OnStep = Callable[[str], None]


class Disk:
    """The one door through which an edition changes files."""

    def __init__(self, temporary: Path, on_step: OnStep | None = None) -> None:
        self._temporary = os.fspath(temporary)
        self.on_step = on_step or _go_on
        self._numbers = itertools.count()
        self._files: dict[str, None] = {}
        self._folders: dict[str, None] = {}
        self.durable = True

    def write(self, target: str, body: bytes | bytearray, step: str, *, is_settled: bool = False) -> None:
        """Put a file of these bytes at `target`, whole or not at all. Its folder is made where it is missing.

        With `is_settled`, the bytes are on the disk before the file has its name; the name is not, before `settle`.
        """
        self.on_step(step)
        temporary = self.write_aside(body, "part", is_settled=is_settled)
        try:
            rename(temporary, target)
        except BaseException:
            unlink(temporary)
            raise
        if is_settled:
            self._touched_folder(target)
        else:
            self.touched(target)

    def write_aside(self, body: bytes | bytearray, kind: str, *, is_settled: bool = False) -> str:
        """Write a new file in the temporary folder; its path. Files of one kind never get a name of another kind."""
        path, descriptor = self._new_file(kind)
        try:
            _write_all(descriptor, body)
            if is_settled and self.durable:
                os.fsync(descriptor)
        except BaseException:
            unlink(path)
            raise
        finally:
            os.close(descriptor)
        return path

    def move(self, source: str, target: str, step: str) -> None:
        """Rename a file into its place."""
        self.on_step(step)
        rename(source, target)
        self._touched_folder(target)

    def remove(self, path: str, step: str) -> None:
        """Remove a file, if it is there."""
        self.on_step(step)
        unlink(path)

    def touched(self, path: str) -> None:
        """Count a file that somebody else wrote among those to settle."""
        if len(self._files) <= MOST_FILES_ONE_BY_ONE:
            self._files[path] = None
        self._touched_folder(path)

    def settle(self) -> None:
        """Wait until everything since the last `settle` is on the disk, names of files included."""
        files, folders = self._files, self._folders
        self._files, self._folders = {}, {}
        if not self.durable:
            return
        if len(files) > MOST_FILES_ONE_BY_ONE or len(folders) > MOST_FOLDERS_ONE_BY_ONE:
            os.sync()
            return
        for path in (*files, *folders):
            _fsync(path)

    def _new_file(self, kind: str) -> tuple[str, int]:
        """A file that was not there, and its descriptor. What an interrupted writer left is never overwritten."""
        while True:
            path = f"{self._temporary}/.{kind}-{next(self._numbers)}"
            with suppress(FileExistsError):
                return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)

    def _touched_folder(self, target: str) -> None:
        if len(self._folders) <= MOST_FOLDERS_ONE_BY_ONE:
            self._folders[os.path.dirname(target)] = None


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Say in our words what the operating system says of a folder."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise FolderUnreachableError(
                f"The disk of {folder} is full; what stands there still stands. Make room and print again."
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise FolderRefusedError(
                f"{folder} may not be written; give this user the right to, then print again."
            ) from error
        raise FolderUnreachableError(
            f"The disk of {folder} did not do its part ({error.strerror}); check it, then print again."
        ) from error


def rename(source: str, target: str) -> None:
    """Rename, making the target's folder where it is missing."""
    try:
        os.rename(source, target)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.rename(source, target)


def make_folder(path: str) -> bool:
    """Make a folder and those above it; whether it was missing. Raises NotADirectoryError if a file is in the way."""
    try:
        os.mkdir(path)
    except FileExistsError:
        return False
    except FileNotFoundError:
        os.makedirs(path, exist_ok=True)
    return True


def unlink(path: str) -> bool:
    """Remove a file; whether there was one. A folder is left alone."""
    try:
        os.unlink(path)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False
    return True


def read_if_there(path: str | Path) -> bytes | None:
    """A file's bytes; None where there is no file."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def files_under(folder: str) -> Iterator[str]:
    """The path of everything under `folder` that is no folder, links included, in order of names."""
    for parent, folders, names in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        folders.sort()
        yield from (os.path.join(parent, name) for name in sorted(names + links))


def size_of(path: str | Path) -> int | None:
    """A file's size in bytes; None where there is no file."""
    try:
        return os.stat(path).st_size
    except (FileNotFoundError, NotADirectoryError):
        return None


def drop_all(paths: Iterable[str]) -> None:
    """Remove these files, where they are."""
    for path in paths:
        unlink(path)


def _go_on(step: str) -> None:
    """Nothing stands in the way of a step."""


def write_new(path: str, body: bytes | bytearray) -> None:
    """Write a file that nobody reads yet. Much faster than by pathlib, which counts where thousands are written."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        _write_all(descriptor, body)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, body: bytes | bytearray) -> None:
    rest = memoryview(body)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _fsync(path: str) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
