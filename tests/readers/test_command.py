"""`stet readers`, run as a person runs it, on a newsroom of its own."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from stet.project.founding import make_folders, make_keys
from stet.project.private_wing import migrate_readers
from stet.project.settings import Newsroom, open_newsroom
from tests.readers.builders import put_lists

SOURCE = Path(__file__).parents[2] / "src"
STET = [sys.executable, "-c", "from stet.project.command import main; main()"]


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A newsroom with keys and a readers' database; its articles' database is not needed and not made."""
    folder = tmp_path_factory.mktemp("readers") / "paper"
    folder.mkdir()
    (folder / "stet.toml").write_text('[site]\nlanguages = ["en", "ru", "fa"]\n')
    newsroom = open_newsroom(folder)
    make_folders(newsroom)
    make_keys(newsroom, now=datetime(2026, 11, 25, tzinfo=UTC))
    migrate_readers(newsroom)
    put_lists(newsroom.site)
    return newsroom


def readers(
    newsroom: Newsroom, *arguments: str, typed: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "STET_", "PYTEST_"))}
    return subprocess.run(
        [*STET, "readers", *arguments, "-n", str(newsroom.folder)],
        check=False,
        env={**kept, "PYTHONPATH": str(SOURCE), "COLUMNS": "120", "TERM": "dumb", **environment},
        input=typed,
        capture_output=True,
        text=True,
    )


def a_file(folder: Path, *addresses: str) -> str:
    file = folder / "old.csv"
    file.write_text("email,list\n" + "".join(f"{text},\n" for text in addresses))
    return str(file)


def test_readers_are_taken_in_counted_exported_and_erased(newsroom: Newsroom, tmp_path: Path) -> None:
    addresses = [f"reader-{number}@gmail.com" for number in range(11)]
    file = a_file(tmp_path, *addresses, "no address")
    options = ("import", file, "--consent", "Paper forms, 2025", "--list", "en.the-week")

    tried = readers(newsroom, *options, "--dry-run")
    assert tried.returncode == 1
    assert "12 rows: 11 would be taken, 1 not." in tried.stdout
    assert "the address is not written like one (line 13)" in tried.stdout
    assert "@" not in tried.stdout + tried.stderr
    taken = readers(newsroom, *options, "--json")
    assert json.loads(taken.stdout) == {
        "dry_run": False, "rows": 12, "taken": 11, "left_out": [{"row": 13, "reason": "bad_address"}],
        "by_reason": {"bad_address": 1},
    }  # fmt: skip

    counted = json.loads(readers(newsroom, "stats", "--json").stdout)
    assert counted["readers"] == 11
    assert counted["lanes"] == [{"name": "gmail", "readers": 11}]
    assert "11 readers get letters." in readers(newsroom, "stats").stdout

    kept = json.loads(readers(newsroom, "export", "-", typed=f"{addresses[0]}\n").stdout)
    assert kept["address"] == addresses[0]
    assert kept["consents"][0]["source"] == "Paper forms, 2025"

    erased = readers(newsroom, "erase", "-", typed=f"{addresses[0]}\n")
    assert erased.returncode == 0
    assert "The reader is erased. The database file and its log hold nothing of it any more." in erased.stdout
    assert json.loads(readers(newsroom, "export", addresses[0]).stdout)["suppressed_because"] == "erased"
    again = json.loads(readers(newsroom, *options, "--json").stdout)
    assert again["by_reason"] == {"already": 10, "suppressed": 1, "bad_address": 1}
    assert "fewer than 10" not in readers(newsroom, "stats").stdout
    readers(newsroom, "erase", addresses[1])
    assert "fewer than 10 readers get letters." in readers(newsroom, "stats").stdout
    assert json.loads(readers(newsroom, "lift", "--json", addresses[1]).stdout) == {"lifted": True}


def test_nobody_known_is_said_with_exit_code_one(newsroom: Newsroom) -> None:
    done = readers(newsroom, "export", "nobody@example.org")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Nothing is kept about this address." in done.stderr


def test_what_is_no_address_is_refused_and_not_repeated(newsroom: Newsroom) -> None:
    for order in ("erase", "export", "lift"):
        done = readers(newsroom, order, "ada.secret@nowhere")
        assert done.returncode == 2
        assert "ada" not in done.stdout + done.stderr


def test_an_import_needs_a_consent(newsroom: Newsroom, tmp_path: Path) -> None:
    file = a_file(tmp_path, "ada@example.org")
    assert "--consent" in readers(newsroom, "import", file).stderr
    done = readers(newsroom, "import", file, "--consent", "  ")
    assert (done.returncode, "where these readers gave their consent" in done.stderr) == (2, True)


def test_a_file_that_is_not_there_is_said(newsroom: Newsroom, tmp_path: Path) -> None:
    done = readers(newsroom, "import", str(tmp_path / "none.csv"), "--consent", "x")
    assert done.returncode == 4
    assert "Traceback" not in done.stderr


def test_a_passphrase_comes_from_a_file(newsroom: Newsroom, tmp_path: Path) -> None:
    pem = newsroom.opening_key.read_bytes()
    locked = load_pem_private_key(pem, None).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"tar quay"),
    )
    file = tmp_path / "passphrase"
    newsroom.opening_key.write_bytes(locked)
    try:
        file.write_text("tar quay\n")
        assert readers(newsroom, "export", "x@example.org", STET_PASSPHRASE_FILE=str(file)).returncode == 1
        file.write_text("tar key\n")
        wrong = readers(newsroom, "export", "x@example.org", STET_PASSPHRASE_FILE=str(file))
        assert (wrong.returncode, "passphrase is not the right one" in wrong.stderr) == (2, True)
        none = readers(newsroom, "export", "x@example.org")
        assert (none.returncode, "needs a passphrase" in none.stderr) == (2, True)
        assert "tar key" not in wrong.stderr
    finally:
        newsroom.opening_key.write_bytes(pem)
