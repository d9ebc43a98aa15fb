"""The reference pages say what the code says."""

from pathlib import Path

import pytest

from stet.appeals.script import SCRIPT_HASHES
from stet.project.reference import PAGES
from stet.project.settings import Reader

FOLDER = Path(__file__).parents[2] / "docs/reference"


@pytest.mark.parametrize("name", PAGES)
def test_the_reference_page_is_not_stale(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), (
        "Run: .venv/bin/python -m stet.project.reference"
    )


def test_the_page_of_headers_names_what_a_form_and_the_scripts_need() -> None:
    page = PAGES["headers.md"]()
    policy = page.partition("```\n")[2].partition("\n```")[0]
    for needed in (*SCRIPT_HASHES, "https://join.example.org", *Reader().payment_pages):
        assert needed in policy
        assert page.count(needed) > 1 or needed.startswith("https"), needed
