"""What a mailroom handed over and what it heard, on disk before anybody else knows.

    data/mailroom/place              who this folder is, in 32 hexadecimal digits
    data/mailroom/journals/<uid>/    one mailroom's journal, while it runs or until it was replayed
        lock                         held by that mailroom; the kernel lets it go with the process
        1, 2, …                      lines, in the order in which they were written

The crash law:
 1. Before the first byte of a copy's body may leave, a line says so. It is written with one append, so that the end of
    the process, however sudden, cannot take it back.
 2. What became of a copy is a line too, written before the next copy is handed over on that connection.
 3. After the end of a mailroom its journal is replayed once. What was handed over without an answer is uncertain. What
    was claimed and never handed over goes back. Nothing else is touched.
 4. Lines are taken off only when the database has what they tell.

So a kill loses nothing, repeats nothing, and leaves at most one uncertain copy for each open connection. Lines reach
the disk itself with each fold, several times a second: that is what the loss of power, not of the process, can cost.
"""

import fcntl
import os
import re
import secrets
import shutil
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple, Self
from uuid import UUID

import msgspec

from stet.mailroom.errors import JournalUnreachableError
from stet.mailroom.states import Event

ROTATE_BYTES = 4_000_000
"""A file of the journal is followed by the next one when it is longer than this."""

Kind = Literal["r", "n"]
"""A recipient's copy or a notice."""


class Key(msgspec.Struct, frozen=True, gc=False):
    """One attempt at one copy."""

    kind: Kind
    id: int
    attempt: int


class Told(msgspec.Struct, frozen=True, gc=False):
    """An event of a copy, as the journal tells it."""

    key: Key
    event: Event
    moment: int
    """Seconds since 1970, UTC."""
    code: str = ""
    queue_id: str = ""


# --- Lines ---

_HANDED = re.compile(rb"> ([rn])(\d+) (\d+)\n")
_TOLD = re.compile(rb"= ([rn])(\d+) (\d+) (\d+) (\d+) ([^ \n]*) ([^ \n]*)\n")


def handing_over_line(key: Key) -> bytes:
    """The line that says: this copy's body goes out now."""
    return b"> %b%d %d\n" % (key.kind.encode("ascii"), key.id, key.attempt)


def told_line(told: Told) -> bytes:
    """The line that tells an event."""
    key = told.key
    rest = (told.event, told.moment, _word(told.code), _word(told.queue_id))
    return b"= %b%d %d %d %d %b %b\n" % (key.kind.encode("ascii"), key.id, key.attempt, *rest)


def _word(text: str) -> bytes:
    return text.replace(" ", "/").encode("ascii", "replace").replace(b"\n", b"?") if text else b""


class Replay(NamedTuple):
    """What a journal says about the end of its mailroom."""

    told: tuple[Told, ...]
    """Every event, in the order in which it was written."""
    unanswered: tuple[Key, ...]
    """Handed over, and nothing was heard."""


def replayed(lines: Iterable[bytes]) -> Replay:
    """What the lines say. A last line without its end was never finished and says nothing; nor does a damaged one."""
    told: list[Told] = []
    open_keys: dict[Key, None] = {}
    for line in lines:
        if handed := _HANDED.fullmatch(line):
            open_keys[_key(handed)] = None
        elif found := _TOLD.fullmatch(line):
            key = _key(found)
            open_keys.pop(key, None)
            code, queue_id = found[6].decode("ascii").replace("/", " "), found[7].decode("ascii")
            told.append(Told(key, Event(min(int(found[4]), Event.ACCEPTED)), int(found[5]), code, queue_id))
    return Replay(tuple(told), tuple(open_keys))


def _key(found: re.Match[bytes]) -> Key:
    kind: Kind = "r" if found[1] == b"r" else "n"
    return Key(kind, int(found[2]), int(found[3]))


# --- The folder ---


class Place:
    """The mailroom's folder on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.journals = folder / "journals"

    def name(self) -> str:
        """Who this folder is; made at the first call. Raises JournalUnreachableError."""
        file = self.folder / "place"
        try:
            self.journals.mkdir(parents=True, exist_ok=True, mode=0o700)
            with suppress(FileExistsError):
                _write_new(file, secrets.token_hex(16).encode("ascii"))
            return file.read_text("ascii").strip()
        except OSError as error:
            raise _unwritable(self.folder, error) from None

    def orphans(self) -> Iterator["Orphan"]:
        """Journals whose mailroom is gone, each held while it is looked at."""
        with suppress(FileNotFoundError):
            for folder in sorted(self.journals.iterdir()):
                orphan = Orphan.of(folder)
                if orphan is not None:
                    with orphan:
                        yield orphan

    def has_journal(self, uid: UUID) -> bool:
        """Whether this mailroom's journal is here."""
        return (self.journals / uid.hex).is_dir()


class Orphan:
    """The journal of a mailroom that is gone."""

    def __init__(self, folder: Path, uid: UUID, lock: int) -> None:
        self.folder = folder
        self.uid = uid
        self._lock = lock

    @classmethod
    def of(cls, folder: Path) -> "Orphan | None":
        """The journal in `folder`; None where its mailroom lives, or where it is none."""
        try:
            uid = UUID(hex=folder.name)
            lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except (ValueError, OSError):
            return None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        if not (folder / "lock").exists():  # Somebody replayed it in the meantime.
            os.close(lock)
            return None
        return cls(folder, uid, lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        os.close(self._lock)

    def replay(self) -> Replay:
        """What it says."""
        return replayed(_lines(self.folder))

    def remove(self) -> None:
        """Take it off: the database has it all."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _lines(folder: Path) -> Iterator[bytes]:
    for file in _files(folder):
        with file.open("rb") as opened:
            yield from opened


def _files(folder: Path) -> list[Path]:
    return sorted((file for file in folder.iterdir() if file.name.isdecimal()), key=lambda file: int(file.name))


# --- Writing ---


class Pen:
    """Writes to the journal for one thread: for its connections, or for the clerk.

    What became of a copy is written together with the next line that says something is handed over: one append for each
    copy. So of what a connection heard, at most the last outcome is not on disk, and then nothing else of it is open.
    """

    __slots__ = ("_journal", "_lines")

    def __init__(self, journal: "Journal") -> None:
        self._journal = journal
        self._lines: list[bytes] = []

    def hand_over(self, key: Key) -> None:
        """Say that this copy's body goes out now. Raises JournalUnreachableError: then it must not."""
        self._lines.append(handing_over_line(key))
        lines, self._lines = self._lines, []
        self._journal.begin(key, b"".join(lines))

    def tell(self, told: Told) -> None:
        """Say what became of a copy."""
        self._lines.append(told_line(told))
        self._journal.note(told)

    def flush(self) -> None:
        """Write what is not written yet. Raises JournalUnreachableError."""
        if self._lines:
            lines, self._lines = self._lines, []
            self._journal.append(b"".join(lines))


class Journal:
    """One mailroom's journal. Several threads write; one folds."""

    def __init__(self, place: Place, uid: UUID, *, rotate_bytes: int = ROTATE_BYTES) -> None:
        self._folder = place.journals / uid.hex
        self._rotate_bytes = rotate_bytes
        self._open: dict[Key, int] = {}
        """Handed over and unanswered: in which file."""
        self._told: deque[Told] = deque()
        self._number = 1
        self._is_torn = False
        """Whether the last line was not written whole."""
        try:
            # Locked before it has its name, so that nobody takes it for the journal of one that is gone.
            fresh = place.journals / f"{uid.hex}.new"
            fresh.mkdir(parents=True, mode=0o700)
            self._lock = os.open(fresh / "lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            fresh.rename(self._folder)
            self._file = self._opened(1)
            _sync_folder(self._folder)
            _sync_folder(place.journals)
        except OSError as error:
            raise _unwritable(self._folder, error) from None

    def pen(self) -> "Pen":
        """What one thread writes with."""
        return Pen(self)

    def begin(self, key: Key, lines: bytes) -> None:
        """Append lines of which the last one says that this copy is handed over. Raises JournalUnreachableError."""
        self._open[key] = self._number
        try:
            self.append(lines)
        except JournalUnreachableError:
            del self._open[key]
            raise

    def note(self, told: Told) -> None:
        """Take an event in, to be folded."""
        self._told.append(told)
        self._open.pop(told.key, None)

    def is_open(self, key: Key) -> bool:
        """Whether this copy was handed over without an answer."""
        return key in self._open

    @property
    def waiting(self) -> int:
        """How many events wait to be folded."""
        return len(self._told)

    def take(self, most: int = 5_000) -> "Batch":
        """The events that wait to be folded; on disk by now."""
        # In this order: what is unanswered now keeps its file, whatever is told from here on.
        floor = min([self._number, *list(self._open.values())])
        waiting = len(self._told)
        told = tuple(self._told.popleft() for _ in range(min(most, waiting)))
        if waiting > most:
            floor = 0
        if told:
            self._sync()
        return Batch(told, floor)

    def folded(self, batch: "Batch") -> None:
        """Take off what the database has, and begin the next file where this one is long.

        The last file that is done stays for a while: SQLite has what was committed on disk only after its next
        checkpoint, and a journal that tells it again harms nothing.
        """
        for number in range(batch.floor - 2, 0, -1):
            try:
                os.unlink(self._folder / str(number))
            except FileNotFoundError:
                break
        if not self._told and os.fstat(self._file).st_size > self._rotate_bytes:
            self._rotate()

    def put_back(self, batch: "Batch") -> None:
        """The database could not take these: they come first the next time."""
        self._told.extendleft(reversed(batch.told))

    def close(self) -> None:
        """End it; where everything was folded and answered, take it off. Otherwise it is replayed."""
        is_done = not self._told and not self._open
        os.close(self._file)
        if is_done:
            shutil.rmtree(self._folder, ignore_errors=True)
        os.close(self._lock)

    def _rotate(self) -> None:
        following = self._opened(self._number + 1)
        # The descriptor's number stays, so no thread can write to a file that was closed under it.
        os.dup2(following, self._file)
        os.close(following)
        self._number += 1

    def append(self, line: bytes) -> None:
        """Append whole lines. Raises JournalUnreachableError."""
        if self._is_torn:
            line = b"\n" + line
        try:
            written = os.write(self._file, line)
        except OSError as error:
            raise _unwritable(self._folder, error) from None
        self._is_torn = written != len(line)
        if self._is_torn:
            raise JournalUnreachableError(f"The disk under {self._folder} is full. Make room, then start again.")

    def _opened(self, number: int) -> int:
        return os.open(self._folder / str(number), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def _sync(self) -> None:
        try:
            os.fdatasync(self._file)
        except OSError as error:
            raise _unwritable(self._folder, error) from None


class Batch(NamedTuple):
    """Events taken to be folded, and the first file that is still needed after that."""

    told: tuple[Told, ...]
    floor: int


def _write_new(file: Path, body: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(body)
        opened.flush()
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unwritable(folder: Path, error: OSError) -> JournalUnreachableError:
    return JournalUnreachableError(
        f"The mailroom's journal in {folder} cannot be written ({error.strerror}). Nothing is sent without it; make "
        "room or mend the permissions."
    )
