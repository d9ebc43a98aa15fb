"""A newsroom and a press for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.press.builders import House, SmallPaper, a_paper, clear_newsroom


@pytest.fixture
def paper(transactional_db: None) -> Iterator[SmallPaper]:
    """A small paper in an otherwise empty newsroom."""
    clear_newsroom()
    yield a_paper()
    clear_newsroom()


@pytest.fixture
def house(tmp_path: Path, paper: SmallPaper) -> House:
    """A press that has printed nothing yet."""
    return House(tmp_path / "paper")
