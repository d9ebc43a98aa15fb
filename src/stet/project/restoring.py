"""A newsroom out of its backup (`stet.project.backing_up`), in a folder that was empty.

The promises:
 * Nothing stands under the newsroom's name before all of it is there: a restore that is cut off leaves no newsroom.
 * A database on PostgreSQL is filled in one transaction, and only if it is empty.
 * A file that was changed on its way opens not at all: age checks every part of it.
"""

import json
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

import pyrage

from stet.kit.errors import UnreachableError
from stet.project.backing_up import (
    ABOUT,
    CHUNK,
    DATABASES,
    FORMAT,
    KEY_FILE_SUFFIX,
    KEYS_SUFFIX,
    SUFFIX,
    About,
    BackupRefusedError,
    databases,
    piped,
    run_postgresql,
)
from stet.project.founding import make_folders
from stet.project.settings import open_newsroom
from stet.project.terminal import Steps

BROKEN = "{} is damaged, or not a backup that this key opens. Take another copy of it; nothing was changed."


def keys_file_of(file: Path) -> Path:
    """Where the keys of a backup lie, if nobody carried them elsewhere."""
    return file.with_name(file.name.removesuffix(SUFFIX) + KEYS_SUFFIX)


def key_file_of(file: Path) -> Path:
    """Where the locked backup key lies beside a backup."""
    return file.with_name(file.name.rpartition("-")[0] + KEY_FILE_SUFFIX)


def check(file: Path, identity: pyrage.x25519.Identity, *, steps: Steps) -> tuple[About, int]:
    """Read a backup from end to end, and write nothing. Raises BackupRefusedError."""
    files = 0
    with opened_tar(file, identity) as members:
        about = _read_about(file, members)
        for _info, body in members:
            while body.read(CHUNK):
                pass
            files += 1
            steps("Reading files", files, 0)
    return about, files


def restore(
    file: Path,
    folder: Path,
    identity: pyrage.x25519.Identity,
    *,
    keys_file: Path | None,
    dsn: Mapping[str, Path],
    steps: Steps,
) -> tuple[About, int]:
    """Make the newsroom of a backup anew in `folder`, which is empty or does not exist; answer how many files it has.

    `dsn` names a file with another connection string for "newsroom" or "readers". Raises BackupRefusedError,
    ToolMissingError, UnreachableError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupRefusedError(f"{folder} is not empty. Name an empty folder, or one that does not exist yet.")
    part = folder.with_name(f".{folder.name}.restoring")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True, mode=0o700)
        files = 0
        with opened_tar(file, identity) as members:
            about = _read_about(file, members)
            files += _write_all(members, part, steps)
        if keys_file is not None:
            with opened_tar(keys_file, identity) as members:
                files += _write_all(members, part, steps)
        _place_databases(part, about, dsn)
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    except OSError as error:
        raise UnreachableError(
            f"The newsroom could not be written ({error.strerror or type(error).__name__}). Make room, or name another "
            "folder."
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return about, files


Members = Iterator[tuple[tarfile.TarInfo, IO[bytes]]]


@contextmanager
def opened_tar(file: Path, identity: pyrage.x25519.Identity) -> Iterator[Members]:
    """The files in a sealed tar, one after the other, each with its bytes. Raises BackupRefusedError."""
    try:
        source = file.open("rb")
    except OSError as error:
        raise BackupRefusedError(f"{file} cannot be read ({error.strerror}).") from None
    read_end, write_end = os.pipe()

    def work(target: IO[bytes]) -> None:
        pyrage.decrypt_io(source, target, [identity])

    try:
        with source, piped(write_end, "wb", work), os.fdopen(read_end, "rb", buffering=CHUNK) as pipe:
            with tarfile.open(fileobj=pipe, mode="r|", bufsize=CHUNK) as tar:
                yield _members(file, tar)
            while pipe.read(CHUNK):
                pass
    except (pyrage.DecryptError, tarfile.TarError, EOFError):
        raise BackupRefusedError(BROKEN.format(file.name)) from None
    except OSError as error:
        if error.errno is not None:  # A disk's error has a number; what age finds in a damaged file has none.
            raise
        raise BackupRefusedError(BROKEN.format(file.name)) from None


def _members(file: Path, tar: tarfile.TarFile) -> Members:
    for info in tar:
        name = PurePosixPath(info.name)
        body = tar.extractfile(info) if info.isreg() else None
        if body is None or name.is_absolute() or ".." in name.parts:
            raise BackupRefusedError(BROKEN.format(file.name))
        yield info, body


def _read_about(file: Path, members: Members) -> About:
    info, body = next(members, (None, None))
    if info is None or body is None or info.name != ABOUT or info.size > CHUNK:
        raise BackupRefusedError(BROKEN.format(file.name))
    try:
        about = About(**json.loads(body.read()))
    except (ValueError, TypeError):
        raise BackupRefusedError(BROKEN.format(file.name)) from None
    if about.v > FORMAT:
        raise BackupRefusedError(f"{file.name} was made by a newer Stet ({about.stet}). Install that one first.")
    return about


def _write_all(members: Members, folder: Path, steps: Steps) -> int:
    files = 0
    for info, body in members:
        target = folder / info.name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with target.open("xb") as opened:
            os.fchmod(opened.fileno(), info.mode & 0o755)
            shutil.copyfileobj(body, opened, CHUNK)
        files += 1
        if files % 100 == 0:
            steps("Writing files", files, 0)
    return files


def _place_databases(part: Path, about: About, dsn: Mapping[str, Path]) -> None:
    """Put each database where the settings say it is."""
    newsroom = open_newsroom(part)
    for name, path in databases(newsroom).items():
        copy = part / DATABASES / name
        if about.databases.get(name) == "sqlite":
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            copy.rename(path)
            continue
        if given := dsn.get(name):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copyfile(given, path)
            path.chmod(0o600)
        if not path.exists():
            raise BackupRefusedError(
                f"The {name} database is on PostgreSQL, and its connection string is not in this backup. Make an empty "
                f"database, write its connection string into a file, and name it with --{name}-dsn."
            )
        if not _is_empty(path):
            raise BackupRefusedError(
                f"The {name} database holds tables already. Make an empty one, write its connection string into a "
                f"file, and name it with --{name}-dsn."
            )
        run_postgresql(
            "pg_restore", path, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(copy)
        )
    shutil.rmtree(part / DATABASES, ignore_errors=True)
    make_folders(newsroom)


def _is_empty(dsn: Path) -> bool:
    import psycopg

    try:
        with psycopg.connect(dsn.read_text().strip()) as connection:
            found = connection.execute(
                "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
            ).fetchone()
    except psycopg.Error as error:
        raise UnreachableError(f"The database did not answer ({type(error).__name__}). Nothing was changed.") from None
    return found == (0,)
