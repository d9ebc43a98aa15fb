"""Where log records go: one line to the terminal, the details to a file.

A record holds no address of a person: what is logged is named by paths of the desk and by numbers of rows.
"""

import logging
import logging.config
import logging.handlers
import traceback
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any


class OneLine(logging.Formatter):
    """A record in one line; the details are in the log file."""

    def format(self, record: logging.LogRecord) -> str:
        """The record without its stack and without line breaks."""
        bare = logging.makeLogRecord(record.__dict__ | {"exc_info": None, "exc_text": None, "stack_info": None})
        return super().format(bare).replace("\n", " ")


class WithoutPaths(logging.Filter):
    """Takes the path out of what Django says of a request; what was asked for may be a reader's own link."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, without what names a reader."""
        if record.name.startswith(("django.request", "django.security")) and hasattr(record, "request"):
            # Django's own messages are "Not Found: %s", "Internal Server Error: %s", "Forbidden (%s): %s".
            record.msg, record.args = record.getMessage().partition(":")[0].partition(" (")[0], None
            del record.request
        return True


class WithoutMessagesOfErrors(logging.Filter):
    """Tells an exception by its kind and by where it was raised, without its message.

    In the private wing a message may hold what a reader typed, or what a mail server said of an address.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass; what is known of the exception is its traceback's lines of code."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record.exc_text = "".join(_told(error))
            record.exc_info = None
        return True


def _told(error: BaseException) -> Iterator[str]:
    """The exception and what it came from, the first one first."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
        yield "\n\nThen:\n"
    yield from traceback.format_tb(error.__traceback__)
    yield type(error).__name__


class DetailsFile(logging.handlers.RotatingFileHandler):
    """The log file with all details; its folder is made when the first record comes."""

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()


def logging_values(folder: Path) -> dict[str, Any]:
    """Warnings to the terminal in one line each; errors with their details to a file."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"format": "%(levelname)s %(name)s: %(message)s", "()": "stet.project.logs.OneLine"},
            "details": {"format": "%(asctime)s %(levelname)s %(name)s [%(process)d] %(message)s"},
        },
        "handlers": {
            "terminal": {"class": "logging.StreamHandler", "formatter": "line", "level": "WARNING"},
            "details": {
                "class": "stet.project.logs.DetailsFile",
                "filename": str(folder / "stet.log"),
                "maxBytes": 5_000_000,
                "backupCount": 2,
                "delay": True,
                "formatter": "details",
                "level": "WARNING",
            },
        },
        "root": {"handlers": ["terminal", "details"], "level": "WARNING"},
        "loggers": {"stet": {"level": "INFO"}, "django_tasks": {"level": "WARNING"}},
    }


def start_logging(folder: Path) -> None:
    """Log as `logging_values` says, in a process without Django, and only what Stet says itself.

    Libraries that reach out write hosts into their records.
    """
    values = logging_values(folder)
    logging.config.dictConfig(values | {"root": values["root"] | {"level": "CRITICAL"}})
