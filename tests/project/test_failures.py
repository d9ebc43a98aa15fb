"""How a command ends when something goes wrong: one sentence, one exit code, no stack."""

import errno
from pathlib import Path

import pytest
from django.db.utils import OperationalError

from stet.kit.errors import BrokenError, RefusedError, UnreachableError
from stet.project.failures import explained, sentence

ENDINGS = {
    "a person can mend it": (RefusedError("Mend it."), 2, "Mend it."),
    "the data is wrong": (BrokenError("It is torn."), 3, "It is torn."),
    "the world does not answer": (UnreachableError("Try later."), 4, "Try later."),
    "the disk is full": (OSError(errno.ENOSPC, "No space left on device"), 4, "The disk is full."),
    "the disk is read-only": (OSError(errno.EROFS, "Read-only file system"), 4, "mounted read-only"),
    "a file is somebody else's": (
        PermissionError(errno.EACCES, "Permission denied", "/a/b"),
        2,
        "/a/b may not be",
    ),
    "a database is away": (
        OperationalError("could not connect to server at 10.0.0.1"),
        4,
        "A database does not answer.",
    ),
    "a database has no room": (OperationalError("database or disk is full"), 4, "The disk is full."),
    "a database may not be written": (
        OperationalError("attempt to write a readonly database"),
        4,
        "may not be written",
    ),
    "nobody foresaw it": (ValueError("hunter2"), 3, "Stet failed in a way nobody foresaw. The details are in"),
}


@pytest.mark.parametrize(("error", "code", "said"), ENDINGS.values(), ids=ENDINGS.keys())
def test_a_failure_ends_in_one_sentence_and_its_exit_code(
    error: Exception, code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended, explained(log_folder=tmp_path):
        raise error
    shown = capsys.readouterr().err
    assert ended.value.code == code
    assert said in shown
    assert shown.count("\n") == 1
    assert "Traceback" not in shown
    assert "hunter2" not in shown
    assert "10.0.0.1" not in shown


def test_the_details_of_what_nobody_foresaw_are_written_down(tmp_path: Path) -> None:
    with pytest.raises(SystemExit), explained(log_folder=tmp_path):
        raise ValueError("hunter2")
    assert "ValueError: hunter2" in (tmp_path / "failures.log").read_text()


def test_where_no_details_can_be_written_it_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), explained(log_folder=tmp_path / "not/there"):
        raise ValueError("x")
    assert "could not be written down either" in capsys.readouterr().err


def test_what_nobody_foresaw_has_no_sentence_of_its_own() -> None:
    assert sentence(ValueError("x")) is None
