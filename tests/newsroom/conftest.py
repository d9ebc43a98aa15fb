"""A newsroom for each test, an editor who is signed in, and a browser for a module."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from stet.kit.clock import SystemClock
from stet.project.founding import make_folders, make_keys
from tests.press.builders import SmallPaper

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture
def paper(small_paper: Callable[[], SmallPaper], db: None) -> SmallPaper:
    """A small paper in an otherwise empty newsroom."""
    return small_paper()


@pytest.fixture
def desk(admin_client: Client) -> Client:
    """The desk, with everything allowed."""
    return admin_client


@pytest.fixture(scope="session")
def keys(_newsroom_folder: None) -> None:
    """The newsroom's keys: a preview is set with the site's fingerprint."""
    make_folders(settings.STET)
    make_keys(settings.STET, now=SystemClock().now())


@pytest.fixture(scope="module")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """Debian's Chromium, once for a module."""
    assert CHROMIUM, "These tests need Chromium. Run: sudo apt-get install -y chromium"
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright runs a loop of its own, beside which Django would not let the test look into the database.
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


def sign_in(context: BrowserContext, url: str, username: str = "lida") -> None:
    """Sign somebody in, without the pages for it: who signs in already has an account, or gets one."""
    who = get_user_model().objects.filter(username=username).first()
    client = Client()
    client.force_login(who or get_user_model().objects.create_superuser(username=username, password="a long password"))
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
