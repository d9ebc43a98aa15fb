"""A mirror in a folder of this machine: a web server's, a mounted disk, a stick that is carried away."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from stet.mirrors.base import INCOMING, Capabilities, Headers
from stet.mirrors.errors import MirrorRefusedError, MirrorUnreachableError, PointerMovedError

SECRETS: Mapping[str, str] = {}


def open_place(target: str, secrets: Mapping[str, str]) -> "FolderPlace":  # noqa: ARG001 - a folder asks for nothing
    """The place at "folder:/srv/mirror"."""
    path = Path(target.partition(":")[2])
    if not path.is_absolute():
        raise MirrorRefusedError("Name a mirror's folder from the root on: folder:/srv/mirror.")
    return FolderPlace(path)


class FolderPlace:
    """Files below `folder`; a file is written aside and renamed."""

    capabilities = Capabilities(is_conditional=False, is_atomic=True, has_headers=False, connections=2)

    def __init__(self, folder: Path) -> None:
        self._folder = Path(folder)

    def read(self, path: str, *, most_bytes: int) -> bytes | None:
        """The file's bytes, `most_bytes` of them at most; None where there is none."""
        with _translated():
            try:
                with self._file(path).open("rb") as file:
                    return file.read(most_bytes)
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                return None

    def put(self, path: str, body: bytes, headers: Headers) -> None:  # noqa: ARG002 - a web server tells headers
        """Put a file, whatever stood there."""
        target = self._file(path)
        with _translated(passes=()):
            self._make_folder(target.parent)
            self._make_folder(self._file(INCOMING))
            descriptor, name = tempfile.mkstemp(dir=self._file(INCOMING))
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(body)
                    file.flush()
                    os.fsync(file.fileno())
                    os.fchmod(file.fileno(), 0o644)
                if target.is_dir() and not target.is_symlink():
                    self._clear(target)
                os.replace(name, target)
            except OSError:
                with suppress(OSError):
                    os.unlink(name)
                raise
            _sync_folder(target.parent)

    def put_new(self, path: str, body: bytes, headers: Headers) -> None:
        """Put a file that never changes; one of the same size stands already where it was put before."""
        with _translated(), suppress(FileNotFoundError, NotADirectoryError):
            if self._file(path).stat().st_size == len(body):
                return
        self.put(path, body, headers)

    def swap(self, path: str, body: bytes, headers: Headers, *, before: bytes | None) -> None:
        """Replace a file that is still `before`."""
        if self.read(path, most_bytes=len(before or b"") + 1) != before:
            raise PointerMovedError("Somebody else changed this mirror meanwhile. Start again.")
        self.put(path, body, headers)

    def delete(self, path: str) -> None:
        """Remove a file, and folders that are empty then."""
        file = self._file(path)
        with _translated():
            with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
                file.unlink()
            parent = file.parent
            while parent != self._folder:
                try:
                    parent.rmdir()
                except OSError:
                    return
                parent = parent.parent

    def finish(self) -> None:
        """Remove what a writer that was killed left aside."""
        with _translated(), suppress(FileNotFoundError):
            self._clear(self._file(INCOMING))

    def close(self) -> None:
        """Nothing is held open here."""

    def _file(self, path: str) -> Path:
        if not path.startswith("/") or ".." in path.split("/") or "\0" in path:
            raise ValueError("Not a path of the manifest.")
        return self._folder / path[1:]

    def _make_folder(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            for parent in (folder, *folder.parents):  # A file stands where a folder is needed now.
                if parent.is_file() or parent.is_symlink():
                    parent.unlink()
                if parent == self._folder:
                    break
            folder.mkdir(parents=True, exist_ok=True)

    def _clear(self, folder: Path) -> None:
        """Remove a folder that a file takes the place of, with what an older edition left in it."""
        for child in folder.iterdir():
            if child.is_dir() and not child.is_symlink():
                self._clear(child)
            else:
                child.unlink()
        folder.rmdir()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _translated(
    *, passes: tuple[type[OSError], ...] = (FileNotFoundError, NotADirectoryError, IsADirectoryError, FileExistsError)
) -> Iterator[None]:
    try:
        yield
    except passes:
        raise
    except OSError as error:
        raise MirrorUnreachableError(f"The mirror's folder did not take or give a file: {error.strerror}.") from error
