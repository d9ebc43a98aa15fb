"""A newsroom and a press for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stet.newsroom.models import Photo
from tests.database import Base
from tests.press.builders import House, SmallPaper


@pytest.fixture
def paper(small_paper: Callable[[], SmallPaper], transactional_db: None) -> Iterator[SmallPaper]:
    """A small paper in an otherwise empty newsroom."""
    yield small_paper()
    delete_photos()


def delete_photos() -> None:
    """Delete each photo, and with it its file."""
    for photo in Photo.objects.all():
        photo.delete()


@pytest.fixture
def paper_anew(
    small_paper: Callable[[], SmallPaper], transactional_db: None, django_db_setup: Base
) -> Iterator[Callable[[], SmallPaper]]:
    """Put the small paper back, whatever was done to it, as often as it is asked for; answers its pages."""

    def begin() -> SmallPaper:
        delete_photos()
        django_db_setup.put_back("default")
        return small_paper()

    yield begin
    delete_photos()


@pytest.fixture
def house(tmp_path: Path, paper: SmallPaper) -> House:
    """A press that has printed nothing yet."""
    return House(tmp_path / "paper")
