"""A newsroom for each test with an article, and an editor who is signed in."""

import pytest
from django.test import Client

from stet.newsroom.models import ArticlePage
from tests.press.builders import SmallPaper, a_paper, an_article, clear_newsroom


@pytest.fixture
def paper(db: None) -> SmallPaper:
    """A small paper in an otherwise empty newsroom."""
    clear_newsroom()
    return a_paper()


@pytest.fixture
def story(paper: SmallPaper) -> ArticlePage:
    """A story in the first section."""
    return an_article(paper.sections["en"][0], "story")


@pytest.fixture
def desk(admin_client: Client) -> Client:
    """The desk, with everything allowed."""
    return admin_client
