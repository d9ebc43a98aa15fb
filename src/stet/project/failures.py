"""How a failure ends a command: one sentence for the person, one exit code for the machine, details in the log.

| exit code | meaning |
| --- | --- |
| 0 | done, nothing found |
| 1 | done, with findings: a check or a verification found something |
| 2 | refused: the command, a setting or a file must be mended by a person |
| 3 | broken: data or an edition is wrong, or Stet itself failed |
| 4 | unreachable: a disk, a database or a host did not answer; try again later |
"""

import errno
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from traceback import format_exc

from stet.kit.errors import RefusedError, StetError, UnreachableError

DONE, FINDINGS, REFUSED, BROKEN, UNREACHABLE = range(5)
INTERRUPTED = 130
"""128 + SIGINT, as shells count."""

DISK_SENTENCES = {
    errno.ENOSPC: "The disk is full. Free some room, then run the same command again; what was printed stands.",
    errno.EDQUOT: "The disk quota is used up. Free some room, then run the same command again.",
    errno.EROFS: "The disk is mounted read-only. Make it writable, then run the same command again.",
}


def exit_code(error: BaseException) -> int:
    """The exit code that `error` stands for."""
    if isinstance(error, RefusedError | PermissionError):
        return REFUSED
    if isinstance(error, UnreachableError | OSError) or is_database_away(error):
        return UNREACHABLE
    return BROKEN


def sentence(error: BaseException) -> str | None:
    """What to tell a person about `error`; None where nobody foresaw it."""
    if isinstance(error, StetError):
        return str(error)
    if isinstance(error, OSError) and error.errno in DISK_SENTENCES:
        return DISK_SENTENCES[error.errno]
    if isinstance(error, PermissionError):
        return f"{error.filename or 'A file'} may not be read or written by this user. Mend its permissions."
    if is_database_away(error):
        if "disk is full" in str(error):
            return DISK_SENTENCES[errno.ENOSPC]
        if "readonly" in str(error):
            return (
                "A database file may not be written by this user. Mend the permissions of the newsroom's data folder."
            )
        return "A database does not answer. Run `stet doctor` to see which one and why."
    return None


def is_database_away(error: BaseException) -> bool:
    """Whether a database did not answer. Django is not imported for it: where it was not, it cannot have failed."""
    database_errors = getattr(sys.modules.get("django.db.utils"), "OperationalError", None)
    return database_errors is not None and isinstance(error, database_errors)


@contextmanager
def explained(*, log_folder: Path | None = None) -> Iterator[None]:
    """Turn whatever goes wrong inside into one sentence on the terminal and an exit code."""
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read the output has left; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(DONE)
    except Exception as error:
        logging.getLogger("stet").debug("A command failed.", exc_info=True)
        said = sentence(error)
        print(said or f"Stet failed in a way nobody foresaw. {_details(log_folder)}", file=sys.stderr)  # noqa: T201
        sys.exit(exit_code(error))


def _details(log_folder: Path | None) -> str:
    """Write the stack of the current exception to a file; answer the sentence that says where."""
    folder = log_folder or Path(os.environ.get("STET_NEWSROOM") or ".") / "logs"
    try:
        folder.mkdir(exist_ok=True)
        file = folder / "failures.log"
        with file.open("a", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {' '.join(sys.argv[1:2])}\n{format_exc()}\n")
    except OSError:
        return "The details could not be written down either: check the disk, and run `stet doctor`."
    return f"The details are in {file}; send them to whoever looks after Stet."
