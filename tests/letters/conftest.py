"""A newsroom with a list for each test, and an editor who is signed in."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from stet.kit.clock import SystemClock
from stet.letters import proofs
from stet.letters.models import ListPage, letters
from stet.project.founding import make_folders, make_keys
from tests.letters.builders import a_list
from tests.press.builders import SmallPaper


@pytest.fixture
def paper(small_paper: Callable[[], SmallPaper], db: None) -> SmallPaper:
    """A small paper in an otherwise empty newsroom."""
    return small_paper()


@pytest.fixture
def week(paper: SmallPaper) -> ListPage:
    """A weekly list in English."""
    return a_list(paper, "The Week")


@pytest.fixture
def desk(admin_client: Client) -> Client:
    """The desk, with everything allowed."""
    return admin_client


@pytest.fixture(scope="session")
def keys(_newsroom_folder: None) -> None:
    """The newsroom's keys: a preview is set with the site's fingerprint."""
    make_folders(settings.STET)
    make_keys(settings.STET, now=SystemClock().now())


@pytest.fixture(autouse=True)
def _simulated_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """The press stands above this room."""
    monkeypatch.setattr(proofs, "MAIL", "tests.letters.simulated_press.preview_mail")
    monkeypatch.setattr(letters, "PREVIEW", "tests.letters.simulated_press.preview_page")
    monkeypatch.setattr(proofs, "throttle", proofs.Throttle(proofs.MOST_AN_HOUR))
