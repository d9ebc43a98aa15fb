"""Backups: what a newsroom is, in files that nobody reads without its backup key.

A backup is two files in age's format (https://age-encryption.org/v1), each an age-encrypted tar:

    NAME-20261126T090500Z.age        databases, media, evidence, theme, settings, the edition
    NAME-20261126T090500Z-keys.age   the folder keys/, and files with connection strings; to be kept elsewhere
    NAME-backup-key.age              the key that opens both, locked with a passphrase

The promises:
 * The machine that makes backups can't open them: it holds the public half of the backup key alone, so that they can be
   made at night by a timer, and so that who takes the machine can read no older state in them.
 * A database is copied as it is at one moment (SQLite's backup; pg_dump), while the newsroom goes on.
 * The edition is copied as it is between two prints.
 * A file that is written is there whole, or not at all.
"""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import pyrage

from stet.kit.errors import RefusedError, UnreachableError
from stet.project.settings import Newsroom
from stet.project.terminal import Steps

SUFFIX, KEYS_SUFFIX, KEY_FILE_SUFFIX = ".age", "-keys.age", "-backup-key.age"
RECIPIENT_FILE = "backup-recipient"
LOCKED_KEY_FILE = "backup-key.age"
ABOUT = "about.json"
DATABASES = "databases"
FORMAT = 1

LEFT_OUT = ("keys", "logs", "data/static", "data/onion", "data/press.sqlite3", "edition/staging", "edition/lock")
"""What is made anew: logs, static files, tor's state, the press's memory. Keys go into a file of their own."""
BESIDE_SQLITE = ("-wal", "-shm", "-journal")
SQLITE_HEADER = b"SQLite format 3\x00"
SCRATCH = ".backup-"
MOST_TRIES = 20
CHUNK = 1 << 20


class BackupRefusedError(RefusedError):
    """A backup can't be made, or not be opened, as asked; the text says what to mend."""


class ToolMissingError(UnreachableError):
    """A program that a backup needs is missing, or did not do its part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What stands in front of every backup."""

    v: int
    stet: str
    name: str
    made: str
    databases: dict[str, str]
    """For each database, "sqlite" or "postgresql"."""
    seq: int
    """The number of the edition that was current."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that stands."""

    file: Path
    keys_file: Path
    key_file: Path
    files: int
    size_bytes: int
    vanished: int
    """Files that were deleted while the backup ran."""


# --- The key ---


def has_key(newsroom: Newsroom) -> bool:
    """Whether the newsroom has a backup key."""
    return (newsroom.keys / RECIPIENT_FILE).exists()


def make_key(newsroom: Newsroom, *, passphrase: bytes) -> None:
    """Make the backup key: its public half to seal with, its private half locked with the passphrase.

    Raises BackupRefusedError for an empty passphrase. age derives the lock from it with scrypt.
    """
    if len(passphrase) < 12:
        raise BackupRefusedError("The passphrase is too short. Take at least four words, or 12 letters.")
    identity = pyrage.x25519.Identity.generate()
    locked = pyrage.passphrase.encrypt(str(identity).encode(), passphrase.decode("utf-8"))
    _write(newsroom.keys / LOCKED_KEY_FILE, locked)
    _write(newsroom.keys / RECIPIENT_FILE, f"{identity.to_public()}\n".encode())


def recipient_of(newsroom: Newsroom) -> pyrage.x25519.Recipient:
    """The public half. Raises BackupRefusedError."""
    file = newsroom.keys / RECIPIENT_FILE
    try:
        return pyrage.x25519.Recipient.from_str(file.read_text("ascii").strip())
    except (OSError, ValueError, pyrage.RecipientError):
        raise BackupRefusedError(
            f"{file} cannot be read, or holds no age recipient. Take it from an older backup, or delete it: the next "
            "backup makes a new key."
        ) from None


def unlock(key_file: Path, *, passphrase: bytes) -> pyrage.x25519.Identity:
    """The private half, out of its locked file. Raises BackupRefusedError."""
    try:
        locked = key_file.read_bytes()
    except OSError as error:
        raise BackupRefusedError(
            f"The backup key cannot be read ({error.strerror}): {key_file}. It lies beside the backups; name it with "
            "--key."
        ) from None
    try:
        text = pyrage.passphrase.decrypt(locked, passphrase.decode("utf-8")).decode("ascii")
        return pyrage.x25519.Identity.from_str(text.strip())
    except (pyrage.DecryptError, pyrage.IdentityError, ValueError):
        raise BackupRefusedError(
            f"The passphrase does not open {key_file.name}. Try again; nothing was changed."
        ) from None


# --- Making one ---


def back_up(newsroom: Newsroom, to: Path, *, keys_to: Path, now: datetime, steps: Steps) -> Made:
    """Make a backup in the folder `to`, with the keys' file in `keys_to`. The backup key must be there.

    Raises BackupRefusedError, ToolMissingError; leaves nothing half done.
    """
    recipient = recipient_of(newsroom)
    for folder in (to, keys_to):
        _refuse_inside(folder, newsroom)
        folder.mkdir(parents=True, exist_ok=True)
    for left in (newsroom.folder / "data").glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)  # Of a backup that was killed.
    name = newsroom.folder.name
    for left in {*to.glob(f".{name}-*.part"), *keys_to.glob(f".{name}-*.part")}:
        left.unlink()
    stem = f"{name}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    file, keys_file, key_file = to / (stem + SUFFIX), keys_to / (stem + KEYS_SUFFIX), to / (name + KEY_FILE_SUFFIX)
    try:
        with TemporaryDirectory(prefix=SCRATCH, dir=newsroom.folder / "data") as scratch:
            files, vanished = _write_data(newsroom, file, recipient, now=now, scratch=Path(scratch), steps=steps)
        with sealed_tar(keys_file, recipient) as tar:
            _add_keys(newsroom, tar)
        _write(key_file, (newsroom.keys / LOCKED_KEY_FILE).read_bytes())
    except OSError as error:
        raise UnreachableError(
            f"The backup could not be written ({error.strerror or type(error).__name__}). Make room, or name another "
            "folder."
        ) from error
    return Made(
        file=file,
        keys_file=keys_file,
        key_file=key_file,
        files=files,
        size_bytes=file.stat().st_size,
        vanished=vanished,
    )


def forget_old(to: Path, keys_to: Path, *, name: str, keep: int) -> int:
    """Remove all but the newest `keep` backups of that name; answer how many went."""
    stamp = "[0-9]" * 8 + "T" + "[0-9]" * 6 + "Z"
    old = sorted(to.glob(f"{name}-{stamp}{SUFFIX}"))[:-keep]
    for file in old:
        file.unlink()
        (keys_to / file.name.replace(SUFFIX, KEYS_SUFFIX)).unlink(missing_ok=True)
    return len(old)


def _write_data(
    newsroom: Newsroom, file: Path, recipient: pyrage.x25519.Recipient, *, now: datetime, scratch: Path, steps: Steps
) -> tuple[int, int]:
    kinds: dict[str, str] = {}
    for database, path in databases(newsroom).items():
        steps("Copying databases", len(kinds), 2)
        kinds[database] = copy_database(path, scratch / database)
    edition = scratch / "edition"
    seq = _copy_edition(newsroom.edition, edition)
    about = About(
        v=FORMAT,
        stet=version("stet"),
        name=newsroom.folder.name,
        made=f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        databases=kinds,
        seq=seq,
    )
    found = [(path.relative_to(newsroom.folder).as_posix(), path) for path in _files_of(newsroom)]
    found += [(f"edition/{path.relative_to(edition).as_posix()}", path) for path in sorted(_walk(edition))]
    found += [(f"{DATABASES}/{database}", scratch / database) for database in kinds]
    vanished = 0
    with sealed_tar(file, recipient) as tar:
        body = json.dumps(asdict(about)).encode()
        _add_bytes(tar, ABOUT, body)
        for number, (name, path) in enumerate(found):
            if number % 100 == 0:
                steps("Writing files", number, len(found))
            vanished += not _add_file(tar, name, path, scratch)
    return len(found) - vanished, vanished


def databases(newsroom: Newsroom) -> dict[str, Path]:
    """The two databases: an SQLite file, or the file with a connection string."""
    return {"newsroom": newsroom.newsroom_database, "readers": newsroom.readers_database}


def copy_database(path: Path, target: Path) -> str:
    """Copy a database as it is at one moment; answer its kind."""
    if path.suffix != ".dsn":
        copy_sqlite(path, target)
        return "sqlite"
    run_postgresql("pg_dump", path, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    return "postgresql"


def copy_sqlite(path: Path, target: Path) -> None:
    """Copy an SQLite file while others write to it. Raises BackupRefusedError."""
    try:
        with (
            closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            # The copy is one file: it says nothing of a log beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupRefusedError(f"{path} cannot be copied ({type(error).__name__}). Is it an SQLite file?") from None


def run_postgresql(program: str, dsn: Path, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the database of a connection string, which no list of processes shows.

    Raises ToolMissingError.
    """
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    said = {word: str(value) for word, value in conninfo_to_dict(dsn.read_text().strip()).items() if value is not None}
    password = {"PGPASSWORD": said.pop("password")} if "password" in said else {}
    try:
        subprocess.run(  # noqa: S603 - a program of PostgreSQL's, with words of our own
            [program, *arguments, f"--dbname={make_conninfo(**said)}"],
            env=os.environ | password,
            check=True,
            capture_output=True,
        )
    except FileNotFoundError:
        raise ToolMissingError(f"{program} is missing. Install Debian's package postgresql-client.") from None
    except subprocess.CalledProcessError:
        raise ToolMissingError(
            f"{program} could not do its part. Check that the database answers, and that its version is not newer than "
            f"that of {program}."
        ) from None


def _copy_edition(edition: Path, target: Path) -> int:
    """Link the edition's files into `target` as they are between two prints; answer the edition's number."""
    pointer = edition / "site" / ".well-known" / "stet" / "edition.json"
    for _ in range(MOST_TRIES):
        before = _state_of(pointer)
        shutil.rmtree(target, ignore_errors=True)
        for path in _walk(edition):
            name = path.relative_to(edition)
            if f"edition/{name.as_posix()}".startswith(LEFT_OUT):
                continue
            copy = target / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                # Files of an edition are never written in place: a second name keeps what stands now.
                os.link(path, copy)
            except FileNotFoundError:
                break
            except OSError:
                shutil.copy2(path, copy)
        else:
            if before[1] is None and _state_of(pointer) == before:
                target.mkdir(exist_ok=True)
                return int(json.loads(before[0])["seq"]) if before[0] else 0
    raise UnreachableError("The edition did not stand still: the press prints without a pause. Try again in a minute.")


def _state_of(pointer: Path) -> tuple[bytes | None, bytes | None]:
    """The pointer, and the one that is coming; None for what is not there."""
    read: list[bytes | None] = []
    for file in (pointer, pointer.with_name("next.json")):
        try:
            read.append(file.read_bytes())
        except FileNotFoundError:
            read.append(None)
    return read[0], read[1]


def _files_of(newsroom: Newsroom) -> Iterator[Path]:
    """Every file of the newsroom's folder that goes into a backup as it is, sorted."""
    apart = {path.resolve() for path in databases(newsroom).values()}
    for path in sorted(_walk(newsroom.folder)):
        name = path.relative_to(newsroom.folder).as_posix()
        is_left_out = any(name == left or name.startswith(f"{left}/") for left in (*LEFT_OUT, "edition"))
        is_scratch = any(part.startswith(SCRATCH) for part in path.parts)
        is_beside = name.endswith(BESIDE_SQLITE) and path.with_name(path.name.rpartition("-")[0]).exists()
        if not (is_left_out or is_scratch or is_beside or path.resolve() in apart):
            yield path


def _walk(folder: Path) -> Iterator[Path]:
    """Regular files below a folder; no links, no sockets."""
    for parent, _folders, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _add_keys(newsroom: Newsroom, tar: tarfile.TarFile) -> None:
    """The folder of keys, and the files with connection strings."""
    for path in sorted(_walk(newsroom.keys)):
        tar.add(path, path.relative_to(newsroom.folder).as_posix(), recursive=False, filter=_of_nobody)
    for path in databases(newsroom).values():
        if path.suffix == ".dsn" and path.is_relative_to(newsroom.folder) and not path.is_relative_to(newsroom.keys):
            tar.add(path, path.relative_to(newsroom.folder).as_posix(), recursive=False, filter=_of_nobody)


def _add_file(tar: tarfile.TarFile, name: str, path: Path, scratch: Path) -> bool:
    """Add one file; answer False where it vanished meanwhile."""
    try:
        with path.open("rb") as opened:
            is_sqlite = opened.read(len(SQLITE_HEADER)) == SQLITE_HEADER and not path.is_relative_to(scratch)
        if is_sqlite:
            copy_sqlite(path, scratch / "one.sqlite3")
            tar.add(scratch / "one.sqlite3", name, recursive=False, filter=_of_nobody)
            (scratch / "one.sqlite3").unlink()
        else:
            tar.add(path, name, recursive=False, filter=_of_nobody)
    except FileNotFoundError:
        return False
    return True


def _add_bytes(tar: tarfile.TarFile, name: str, body: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(body), 0o600
    tar.addfile(info, io.BytesIO(body))


def _of_nobody(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """A file without the account that owned it: restored, it is that of who restores it."""
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    return info


# --- age around a tar ---


@contextmanager
def sealed_tar(file: Path, recipient: pyrage.x25519.Recipient) -> Iterator[tarfile.TarFile]:
    """A tar to write into; what is written goes sealed into `file`, which is there once it is whole."""
    part = file.with_name(f".{file.name}.part")
    try:
        with part.open("xb") as target:
            os.fchmod(target.fileno(), 0o600)
            read_end, write_end = os.pipe()

            def work(source: IO[bytes]) -> None:
                pyrage.encrypt_io(source, target, [recipient])

            with (
                piped(read_end, "rb", work),
                os.fdopen(write_end, "wb", buffering=CHUNK) as pipe,
                tarfile.open(fileobj=pipe, mode="w|", format=tarfile.PAX_FORMAT, bufsize=CHUNK) as tar,
            ):
                yield tar
            target.flush()
            os.fsync(target.fileno())
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def piped(end: int, mode: str, work: Callable[[IO[bytes]], None]) -> Iterator[None]:
    """Have another thread work on one end of a pipe; its errors come out here, before those that follow from them."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(end, mode, buffering=CHUNK) as opened:
                work(opened)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    except Exception as error:
        thread.join()
        raise next((one for one in errors if not isinstance(one, BrokenPipeError)), error) from None
    thread.join()
    if errors:
        raise errors[0]


def _write(file: Path, body: bytes) -> None:
    """Write a file for its owner alone, whole or not at all."""
    part = file.with_name(f".{file.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(body)
        opened.flush()
        os.fsync(descriptor)
    part.rename(file)


def _refuse_inside(folder: Path, newsroom: Newsroom) -> None:
    if folder.resolve().is_relative_to(newsroom.folder):
        raise BackupRefusedError("A backup inside the newsroom's own folder is lost with it. Name a folder elsewhere.")
    if folder.exists() and not folder.is_dir():
        raise BackupRefusedError(f"{folder} is a file; name a folder for the backups.")
