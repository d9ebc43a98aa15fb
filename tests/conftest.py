"""What all tests share: a folder for the test databases that goes away afterwards, and who runs beside whom.

With `-n`, several processes run tests. What takes long to make is made once, so its tests stay in one of them.
"""

import os
import shutil
from collections.abc import Generator, Iterator
from types import CodeType
from typing import Any

import pytest
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from stet.theme import setting
from tests.ledger.providers.stripe_mode import SAYS, VARIABLE, hide_key

TOGETHER = {
    "tests/whole/": "the sample newsroom",
    "tests/project/test_backup.py": "an empty newsroom",
    "tests/project/test_command.py": "an empty newsroom",
    "tests/project/test_identity.py": "an empty newsroom",
    "tests/project/test_running.py": "an empty newsroom",
    "tests/project/test_private_wing.py": "an empty newsroom",
    "tests/project/test_letters_command.py": "an empty newsroom",
    "tests/project/test_mail_check.py": "an empty newsroom",
    "tests/project/test_returns.py": "an empty newsroom",
    "tests/ledger/test_ledger_command.py": "a ledger",
    "tests/project/test_sourcing_command.py": "a newsroom with evidence",
}
"""Where tests stand that share a newsroom in a folder of its own, and which; none of them uses the test database."""
LONG = "tests/press/test_postgresql.py"
"""What starts a server and takes long: begun early, so that no process is left alone with it."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand tests out one by one, and those that share a newsroom in one piece, the largest piece first."""
    from xdist.scheduler.loadscope import LoadScopeScheduling

    class SideBySide(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return next((shared for place, shared in TOGETHER.items() if nodeid.startswith(place)), nodeid)

    return SideBySide(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what cannot be proved without somebody's account."""
    places = terminalreporter.config.args
    is_run = places == ["tests"] or any("ledger" in place for place in places)
    if is_run and not os.environ.get(VARIABLE):
        terminalreporter.write_line(SAYS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Show a key of somebody's account to nobody, whatever fails."""
    report = yield
    hide_key(report)
    return report


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where tests run side by side, begin with the longest."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not item.nodeid.startswith(LONG))


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


@pytest.fixture(autouse=True)
def _records_may_go(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let go of the triggers that keep records and the log before a test that commits is swept; it lays them anew."""
    marker = request.node.get_closest_marker("django_db")
    told = marker.kwargs if marker else {}
    commits = told.get("transaction") or {"live_server", "transactional_db"} & set(request.fixturenames)
    databases = told.get("databases") or ("default",)
    if not commits or not (databases == "__all__" or "default" in databases):
        yield
        return
    request.getfixturevalue("transactional_db")  # asked for first, it is swept last
    yield
    from django.db import connection

    with connection.cursor() as cursor:
        for table in ("sourcing_record", "wagtailcore_pagelogentry", "wagtailcore_modellogentry"):
            cursor.execute(f"DROP TRIGGER IF EXISTS stet_{table}_kept_delete")
