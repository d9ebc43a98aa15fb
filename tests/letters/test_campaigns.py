"""wagtail-newsletter sends through Stet; Stet runs without it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def python(*arguments: str | Path) -> str:
    """What Python says in a process of its own."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def said(django_db_setup: None, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of a campaign, from its first save to its end."""
    file = shutil.copy(migrated / "test-default.sqlite3", tmp_path_factory.mktemp("campaigns") / "site.sqlite3")
    values: dict[str, Any] = json.loads(python("tests/letters/campaign_site.py", file))
    return values


def test_the_packages_setting_leads_to_stet(said: dict[str, Any]) -> None:
    assert said["backend"] == "StetCampaignBackend"


def test_lists_are_audiences_and_have_no_segments(said: dict[str, Any]) -> None:
    assert said["audiences"] == [["en.the-week", "The Week (English)"], ["en.daily", "Daily (English)"]]
    assert said["segments"] == []


def test_a_campaign_is_one_letter_however_often_it_is_saved(said: dict[str, Any]) -> None:
    assert said["saved twice"] == [True, 1, "A flood again", "A draft"]


def test_words_links_and_lists_of_the_page_are_taken_and_nothing_that_is_fetched_or_run(said: dict[str, Any]) -> None:
    assert said["blocks"] == [
        ["divider", "The dam"],
        ["text", '<p>It <b>rose</b>. <a href="https://example.org/">Read</a></p><p>A box</p><ul><li>One</li></ul>'],
    ]


def test_a_campaign_is_scheduled_to_the_minute_and_taken_back(said: dict[str, Any]) -> None:
    assert said["scheduled"] == [True, False, "2026-11-25 17:00:00", False]
    assert said["changed while scheduled"] == "This letter is published already. Unschedule it first."
    assert said["unscheduled"] is False


def test_a_campaign_for_another_list_is_a_letter_of_that_list(said: dict[str, Any]) -> None:
    assert said["moved to"] == ["en.daily"]


def test_what_was_sent_is_not_taken_back_and_not_counted(said: dict[str, Any]) -> None:
    assert said["sent"] == [True, False, {}]
    assert said["too late"].startswith("Its moment has come")


REFUSALS = {
    "without recipients": "Choose recipients first: they say which list the letter belongs to.",
    "a header": "There is a character here that no line of a mail may have. Type the line anew.",
    "bad test": "This is no e-mail address. Check what you typed.",
    "a past moment": "The moment to send this letter has passed: Nov. 25, 2026, 11:00 in UTC, "
    "where it is Nov. 25, 2026, 12:00 now.",
    "seconds": "A letter is sent at a full minute. Leave the seconds out.",
    "deleted": "This letter was deleted at the desk. Save the campaign anew.",
}


@pytest.mark.parametrize("what", REFUSALS)
def test_what_can_not_be_done_is_said(said: dict[str, Any], what: str) -> None:
    assert said[what] == REFUSALS[what]


def test_a_refusal_leaves_no_letter_behind(said: dict[str, Any]) -> None:
    assert said["letters after refusals"] == 0


def test_a_test_goes_to_one_address(said: dict[str, Any]) -> None:
    assert said["test"] == [["lida@example.com"]]


def test_a_number_that_is_nobodys_is_no_campaign(said: dict[str, Any]) -> None:
    assert said["nobody's"] == [None, None, None]


def test_stet_runs_without_the_package() -> None:
    code = (
        "import sys; sys.modules['wagtail_newsletter'] = None\n"
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'stet.project.test_settings'; django.setup()\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "import stet.letters.wagtail_hooks; print('runs')"
    )
    assert python("-c", code).strip() == "runs"
