"""The reference pages say what the code says."""

from pathlib import Path

import pytest

from stet.project.reference import PAGES

FOLDER = Path(__file__).parents[2] / "docs/reference"


@pytest.mark.parametrize("name", PAGES)
def test_the_reference_page_is_not_stale(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), (
        "Run: .venv/bin/python -m stet.project.reference"
    )
