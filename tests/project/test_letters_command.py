"""`stet letters`: what it says of dispatches, what it does with them, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from stet.project.settings_file import change_setting
from tests.folders import copied
from tests.project.conftest import Run, environment

ROOT = Path(__file__).parents[2]
MAKE = """
import sys; sys.path.insert(0, sys.argv[1])
from stet.project.setup import newsroom_of_environment, set_up_private_django
newsroom = newsroom_of_environment()
set_up_private_django(newsroom, process="mailroom")
from stet.mailroom.models import Dispatch, Recipient
from stet.mailroom.states import State
from stet.office.settling import addressing
from tests.office.builders import a_dispatch
a_dispatch(copies={State.WAITING: 3, State.ACCEPTED: 1}, planned_at="2026-11-20T06:00Z")
broken = a_dispatch(copies={State.UNCERTAIN: 2})
first = Recipient.objects.filter(dispatch=broken).order_by("pk").first()
print(addressing().message_id(broken.letter, first.pk))
"""


@pytest.fixture
def made(newsroom_folder: Path, tmp_path: Path) -> tuple[Path, str]:
    """A copy of the newsroom with two dispatches, and the Message-ID of an uncertain copy of the second."""
    folder = tmp_path / "paper"
    copied(newsroom_folder, folder)
    change_setting(folder / "stet.toml", "mailroom", "sender", "letters@far-shore.example.org")
    shell = {**environment(), "STET_NEWSROOM": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", MAKE, str(ROOT)], env=shell, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder, done.stdout.strip()


def test_dispatches_are_listed_steered_and_settled(stet: Run, made: tuple[Path, str]) -> None:
    folder, message_id = made
    listed = stet("letters", "list", "-n", folder, "--json")
    assert listed.returncode == 1, "Two copies are uncertain."
    newest, oldest = json.loads(listed.stdout)["dispatches"]
    assert (newest["uncertain"], oldest["waiting"], oldest["balances"]) == (2, 3, True)
    number = str(oldest["number"])
    assert f"Dispatch {number} is paused" in stet("letters", "pause", number, "-n", folder).stdout
    assert "paused" in stet("letters", "list", "-n", folder).stdout
    assert f"Dispatch {number} is sending" in stet("letters", "resume", number, "-n", folder).stdout
    cancelled = json.loads(stet("letters", "cancel", number, "--yes", "-n", folder, "--json").stdout)
    assert (cancelled["state"], cancelled["skipped"], cancelled["balances"]) == ("cancelled", {"cancelled": 3}, True)
    refused = stet("letters", "pause", number, "-n", folder)
    assert (refused.returncode, "can be paused" in refused.stderr) == (2, True)
    log = folder / "relay.log"
    log.write_text(f"2026-11-27T06:00:01Z sink: 18EB64A1: took message-id={message_id}\n")
    settled = json.loads(stet("letters", "resolve", str(newest["number"]), log, "-n", folder, "--json").stdout)
    assert settled == {"arrived": 1, "again": 0, "left": 1, "is_whole": True}


def test_a_dispatch_that_is_none_is_refused(stet: Run, newsroom_folder: Path) -> None:
    refused = stet("letters", "cancel", "999", "--yes", "-n", newsroom_folder)
    assert refused.returncode == 2
    assert "There is no dispatch 999." in refused.stderr
    assert stet("letters", "list", "-n", newsroom_folder).stdout.strip() == "No letter was planned yet."
