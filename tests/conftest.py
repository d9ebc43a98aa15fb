"""What all tests share: a folder for the test databases that goes away afterwards, and who runs beside whom.

With `-n`, several processes run tests. What takes long to make is made once, so its tests stay in one of them.
"""

import shutil
from collections.abc import Generator, Iterator
from types import CodeType
from typing import Any

import pytest
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from stet.theme import setting

LONG_TO_MAKE = ("sample", "newsroom_folder", "socket_folder")
"""Fixtures that take long: a filled newsroom, an empty one, a database server."""


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    """Keep tests that share something together, and begin with them, so that no process is left alone with them."""
    groups = {item: name for item in items for name in LONG_TO_MAKE if name in getattr(item, "fixturenames", ())}
    for item, name in groups.items():
        item.add_marker(pytest.mark.xdist_group(name))
    yield
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item not in groups)


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


class _Compiled(BytecodeCache):
    """The code of templates that were compiled already: hundreds of tests load the same theme."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Put in what this very source was compiled to."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled just now."""
        self._codes[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Compile each template once in a process, whatever number of themes and languages it is loaded for."""
    compiled, make_environment = _Compiled(), setting._make_environment

    def make(*options: Any) -> Environment:
        environment = make_environment(*options)
        environment.bytecode_cache = compiled
        return environment

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(setting, "_make_environment", make)
        yield
