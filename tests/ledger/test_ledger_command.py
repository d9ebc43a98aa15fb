"""`stet ledger`, run as a person runs it, on a newsroom of its own."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stet.project.founding import make_folders, make_keys
from stet.project.private_wing import migrate_readers, open_in_ledger
from stet.project.settings import Newsroom, open_newsroom

SOURCE = Path(__file__).parents[2] / "src"
STET = [sys.executable, "-c", "from stet.project.command import main; main()"]
UID = "6f1c2d3e-0000-4000-8000-000000000001"
FILL = f"""
from datetime import date
from stet.project.setup import newsroom_of_environment, set_up_private_django
set_up_private_django(newsroom_of_environment(), process="ledger")
from stet.ledger.models import *
values = {{"provider": "stripe", "minor": 250, "currency": "EUR", "month": date(2026, 11, 1)}}
row = Contribution.objects.create(uid="{UID}", interval="once", language="en", **values)
Fact.objects.create(kind="settled", provider_id="ch_1", contribution=row, **values)
"""


def run(newsroom: Newsroom, *command: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "STET_", "PYTEST_"))}
    environment = {
        **kept, "PYTHONPATH": str(SOURCE), "COLUMNS": "120", "TERM": "dumb", "STET_NEWSROOM": str(newsroom.folder),
    }  # fmt: skip
    return subprocess.run(command, check=False, env=environment, input=typed, capture_output=True, text=True)


def ledger(newsroom: Newsroom, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return run(newsroom, *STET, "ledger", *arguments, typed=typed)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A newsroom with keys and a readers' database in which one contribution stands."""
    folder = tmp_path_factory.mktemp("ledger") / "paper"
    folder.mkdir()
    (folder / "stet.toml").write_text('[site]\nlanguages = ["en", "ru", "fa"]\n')
    newsroom = open_newsroom(folder)
    make_folders(newsroom)
    make_keys(newsroom, now=datetime(2026, 11, 25, tzinfo=UTC))
    migrate_readers(newsroom)
    done = run(newsroom, sys.executable, "-c", FILL)
    assert done.returncode == 0, done.stderr
    return newsroom


def test_the_ledger_says_where_it_stands(newsroom: Newsroom) -> None:
    done = ledger(newsroom, "status")
    assert done.returncode == 0, done.stderr
    assert "none is set up" in done.stdout
    assert open_in_ledger(newsroom)["long_open"] == 0
    one = json.loads(ledger(newsroom, "status", UID, "--json").stdout)
    assert (one["what"], one["status"]) == ("contribution", "settled")
    assert one["facts"][0]["amount"] == "2.50"


def test_the_books_leave_as_csv(newsroom: Newsroom) -> None:
    lines = ledger(newsroom, "export").stdout.splitlines()
    assert lines[0].startswith("month,kind,amount,currency")
    assert lines[1].startswith("2026-11,settled,2.50,EUR,stripe,ch_1")
    assert ledger(newsroom, "export", "plans", "--contacts").returncode == 0


def test_the_switch_is_tried_and_thrown(newsroom: Newsroom, tmp_path: Path) -> None:
    notice = tmp_path / "ru.txt"
    notice.write_text("Не переводите нам деньги.\n")
    words = ("designate", "--country", "RU", "-l", "ru", "--notice", f"ru={notice}")
    tried = ledger(newsroom, *words, "--dry-run")
    assert tried.returncode == 0, tried.stderr
    assert "Nothing was changed." in tried.stdout
    assert not (newsroom.folder / "data" / "designation.json").exists()
    assert ledger(newsroom, *words, typed="n\n").returncode != 0
    thrown = ledger(newsroom, *words, "--yes", "--json")
    assert json.loads(thrown.stdout)["whole"], thrown.stderr
    assert (newsroom.folder / "data" / "designation.json").exists()


REFUSED = {
    "a provider that is not set up": ("reconcile", "-p", "stripe"),
    "a refund by a provider that is not set up": ("refund", UID, "-r", "asked", "--yes"),
    "no uid": ("status", "ada@example.org"),
    "an unknown uid": ("status", "6f1c2d3e-0000-4000-8000-0000000000ff"),
    "an end of what has no plan": ("cancel", UID, "-r", "asked", "--yes"),
    "a country by its name": ("designate", "--country", "Russia", "--dry-run"),
    "a language that the paper has not": ("designate", "--country", "RU", "-l", "de", "--dry-run"),
    "contacts of facts": ("export", "facts", "--contacts"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_done_is_refused_with_the_next_step(newsroom: Newsroom, case: str) -> None:
    done = ledger(newsroom, *REFUSED[case])
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert "ada@" not in done.stderr


def test_without_providers_there_is_nothing_to_compare(newsroom: Newsroom) -> None:
    assert "No provider is set up." in ledger(newsroom, "reconcile").stdout
    assert json.loads(ledger(newsroom, "replay", "--json").stdout) == {"worked": 0, "failed": 0}
