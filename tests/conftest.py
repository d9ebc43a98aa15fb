"""What all tests share: a folder for the test databases that goes away afterwards, and who runs beside whom.

With `-n`, several processes run tests. What takes long to make is made once, so its tests stay in one of them.
"""

import gc
import os
import pickle
import shutil
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any, cast

import pytest
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from pytest_django import DjangoDbBlocker

from stet.theme import setting
from tests.database import Base, taken_out
from tests.ledger.providers.stripe_mode import SAYS, VARIABLE, hide_key

if TYPE_CHECKING:
    from tests.press.builders import SmallPaper

TOGETHER = {
    "tests/whole/": "the sample newsroom",
    "tests/project/test_backup.py": "an empty newsroom",
    "tests/project/test_bundle.py": "an empty newsroom",
    "tests/project/test_ceremony.py": "an empty newsroom",
    "tests/project/test_command.py": "an empty newsroom",
    "tests/project/test_identity.py": "an empty newsroom",
    "tests/project/test_onion_up.py": "an empty newsroom",
    "tests/project/test_running.py": "an empty newsroom",
    "tests/project/test_private_wing.py": "an empty newsroom",
    "tests/project/test_letters_command.py": "an empty newsroom",
    "tests/project/test_mail_check.py": "an empty newsroom",
    "tests/project/test_returns.py": "an empty newsroom",
    "tests/ledger/test_ledger_command.py": "a ledger",
    "tests/project/test_sourcing_command.py": "an empty newsroom",
}
"""Where tests stand that share a newsroom in a folder of its own, and which; none of them uses the test database."""
LONGEST = (
    "tests/whole/",
    "tests/project/",
    "tests/press/test_the_law",
    "tests/appeals/test_script.py",
    "tests/newsroom/test_bad_input.py::test_no_other_form",
    "tests/frontdesk/test_pressure.py",
    "tests/press/test_postgresql.py",
    "tests/newsroom/test_bad_input.py::test_no_address",
    "tests/mailroom/test_postgresql.py",
    "tests/sourcing/",
    "tests/newsroom/roles/test_matrix.py",
    "tests/newsroom/",
    "tests/readers/",
)
"""What takes long, in the order in which it is begun, so that no process is left alone with it at the end.

The first two do without a test database: one process is through with its own by then, and nobody migrates twice.
"""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand tests out one by one, and those that share something in one piece, in the order in which they stand."""
    from xdist.scheduler.loadscope import LoadScopeScheduling

    class SideBySide(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return _piece(nodeid, config.rootpath)

    config.option.loadscopereorder = False
    return SideBySide(config, log)


def _piece(nodeid: str, root: Path) -> str:
    """What a test is handed out with."""
    shared = next((shared for place, shared in TOGETHER.items() if nodeid.startswith(place)), None)
    file = nodeid.partition("::")[0]
    return shared or (file if _makes_something_once(root / file) else nodeid)


@cache
def _makes_something_once(file: Path) -> bool:
    """Whether a module's tests share a browser, a database or a theme, which each process would make for itself."""
    return 'scope="module"' in file.read_text()


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
    """Where tests run side by side, begin with the longest, then with the largest pieces."""
    if not hasattr(config, "workerinput"):
        return
    pieces = {item.nodeid: _piece(item.nodeid, config.rootpath) for item in items}
    sizes = Counter(pieces.values())

    def turn(item: pytest.Item) -> tuple[int, int]:
        found = (number for number, place in enumerate(LONGEST) if item.nodeid.startswith(place))
        return next(found, len(LONGEST)), -sizes[pieces[item.nodeid]]

    items.sort(key=turn)


def pytest_collection_finish() -> None:
    """Look through what all tests stand on for garbage once, not with every collection: it stays to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _newsroom_folder() -> Iterator[None]:
    """Make the newsroom's folder of `stet.project.test_settings`, and remove it at the end."""
    from stet.project.test_settings import TEST_FOLDER

    TEST_FOLDER.mkdir(exist_ok=True)
    yield
    shutil.rmtree(TEST_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _no_power_is_lost() -> Iterator[None]:
    """Wait for no disk in this process: what a test wrote is read by processes of this machine, while it runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        patch.setattr(os, "sync", lambda: None)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(_newsroom_folder: None) -> None:
    """The folder stands before the test databases are made in it."""


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first process of a run leaves its empty test databases, so that the others need not migrate theirs."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "migrated"


@pytest.fixture(scope="session")
def django_db_keepdb(_newsroom_folder: None, migrated: Path) -> bool:
    """Take the databases that another process has migrated, where there are some already: nobody waits for it."""
    from stet.project.test_settings import TEST_FOLDER

    if not migrated.is_dir():
        return False
    shutil.copytree(migrated, TEST_FOLDER, dirs_exist_ok=True)
    return True


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_keepdb: bool,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Base]:
    """The test databases, and what they are put back to. Made here, they are left for the others, empty."""
    from django.db import connections
    from django.test import TransactionTestCase

    if not django_db_keepdb:
        left = tmp_path_factory.mktemp("migrated")
        with django_db_blocker.unblock():
            for connection in connections.all():
                if Path(connection.settings_dict["NAME"]).exists():  # no test of this run asks for the others
                    taken_out(connection.alias, left / f"test-{connection.alias}.sqlite3")
        with suppress(OSError):  # another was as quick
            left.rename(migrated)

    base = Base()
    for file in migrated.iterdir():
        base.is_laid(file.stem.removeprefix("test-"), file)

    def put_back(test: Any) -> None:
        for alias in test._databases_names(include_mirrors=False):
            base.put_back(alias)

    with pytest.MonkeyPatch.context() as patch:
        # What Django does instead, emptying each table and making all permissions anew, takes twenty times as long.
        patch.setattr(TransactionTestCase, "_fixture_teardown", put_back)
        yield base


@pytest.fixture(scope="session")
def _small_paper(
    django_db_setup: Base, django_db_blocker: DjangoDbBlocker, migrated: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, bytes]:
    """A small paper in an otherwise empty newsroom: its database, and its pages as they are in memory."""
    from tests.press.builders import a_paper, clear_newsroom

    file = tmp_path_factory.mktemp("small") / "newsroom.sqlite3"
    with django_db_blocker.unblock():
        clear_newsroom()
        pages = pickle.dumps(a_paper())
        taken_out("default", file)
        django_db_setup.put_back("default")
    return file, pages


@pytest.fixture(scope="module")
def small_paper(
    django_db_setup: Base, _small_paper: tuple[Path, bytes], django_db_blocker: DjangoDbBlocker
) -> "Iterator[Callable[[], SmallPaper]]":
    """Let each test of a module begin with a small paper in the database; answers it as it would have been made."""
    file, pages = _small_paper
    with django_db_blocker.unblock():
        before = django_db_setup.lay("default", file)
    yield lambda: cast("SmallPaper", pickle.loads(pages))
    assert before
    with django_db_blocker.unblock():
        django_db_setup.lay("default", before)


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
