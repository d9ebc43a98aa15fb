"""A newsroom for each test with an article, and an editor who is signed in."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from stet.kit.clock import SystemClock
from stet.newsroom.models import ArticlePage
from stet.project.founding import make_folders, make_keys
from tests.press.builders import SmallPaper, an_article


@pytest.fixture
def paper(small_paper: Callable[[], SmallPaper], db: None) -> SmallPaper:
    """A small paper in an otherwise empty newsroom."""
    return small_paper()


@pytest.fixture
def story(paper: SmallPaper) -> ArticlePage:
    """A story in the first section."""
    return an_article(paper.sections["en"][0], "story")


@pytest.fixture
def desk(admin_client: Client) -> Client:
    """The desk, with everything allowed."""
    return admin_client


@pytest.fixture(scope="session")
def keys(_newsroom_folder: None) -> None:
    """The newsroom's keys: a preview is set with the site's fingerprint."""
    make_folders(settings.STET)
    make_keys(settings.STET, now=SystemClock().now())
