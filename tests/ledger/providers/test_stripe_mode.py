"""The suite against Stripe's test mode: said where it does not run, never with a live key, and no key is shown."""

import os
import subprocess
import sys
from pathlib import Path

from tests.ledger.providers.stripe_mode import SAYS, VARIABLE

ROOT = Path(__file__).parents[3]
SUITE = "tests/ledger/providers/test_stripe_accounts.py"
FAILS = """
import os

def ask(api_key, headers):
    print(api_key)
    raise ValueError("no")

def test_something():
    key = os.environ["STRIPE_TEST_KEY"]
    ask(key, {"Authorization": f"Bearer {key}"})
"""


def suite(key: str, *arguments: str) -> str:
    """What the tests say with this key in the environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", VARIABLE))}
    environment = {**kept, **({VARIABLE: key} if key else {})}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)
    return done.stdout + done.stderr


def test_without_a_key_one_line_says_that_it_was_not_run() -> None:
    said = suite("", SUITE, "-k", "the_same_order")
    assert "1 passed" in said
    assert said.count(SAYS) == 1


def test_with_a_live_key_nothing_is_asked_and_the_key_is_not_shown() -> None:
    said = suite("sk_live_CANARY0123456789", SUITE, "-k", "the_same_order")
    assert "1 passed" in said
    assert "is no key of the test mode. Nothing was asked of anybody." in said
    assert "CANARY" not in said


def test_what_fails_shows_no_key(tmp_path: Path) -> None:
    file = tmp_path / "test_fails.py"
    file.write_text(FAILS)
    options = ("-p", "tests.conftest", "--showlocals", "--tb=long", "-c", str(ROOT / "pyproject.toml"))
    said = suite("sk_test_CANARY0123456789", str(file), *options)
    assert "ValueError" in said
    assert "CANARY" not in said
