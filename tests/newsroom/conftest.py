"""A newsroom for each test, and an editor who is signed in."""

import pytest
from django.test import Client

from tests.press.builders import SmallPaper, a_paper, clear_newsroom


@pytest.fixture
def paper(db: None) -> SmallPaper:
    """A small paper in an otherwise empty newsroom."""
    clear_newsroom()
    return a_paper()


@pytest.fixture
def desk(admin_client: Client) -> Client:
    """The desk, with everything allowed."""
    return admin_client
