"""What all tests share: a folder for the test databases that goes away afterwards."""

import shutil
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _newsroom_folder() -> Iterator[None]:
    """Make the newsroom's folder of `stet.project.test_settings`, and remove it at the end."""
    from stet.project.test_settings import TEST_FOLDER

    TEST_FOLDER.mkdir(exist_ok=True)
    yield
    shutil.rmtree(TEST_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(_newsroom_folder: None) -> None:
    """The folder stands before the test databases are made in it."""
