"""The private wing's processes: what they load, what they need, and what they say."""

import io
import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from stet.project.logs import WithoutMessagesOfErrors, WithoutPaths
from stet.project.private_values import OFFICE_SECRET_FILE, private_logging, secret_of
from stet.project.settings import Newsroom, Settings, open_newsroom
from tests.folders import copied
from tests.ports import free_ports
from tests.project.conftest import Run, environment
from tests.project.test_running import LONGEST_WAIT_SECONDS, living, status_of, until

NEVER_LOADED = ("wagtail", "modelcluster", "taggit", "PIL", "jinja2")
OTHER_WING = ("stet.newsroom", "stet.letters", "stet.intake", "stet.theme", "stet.press")

LOADED = """
import sys, json
from stet.project import processes
from stet.project.setup import newsroom_of_environment, set_up_private_django
set_up_private_django(newsroom_of_environment(), process=sys.argv[1])
from django.urls import get_resolver
if sys.argv[1] == "mailroom":
    import stet.mailroom.running
elif sys.argv[1] == "ledger":
    import stet.ledger.working
else:
    get_resolver().url_patterns
    import stet.project.private_server
print(json.dumps(sorted(sys.modules)))
"""

STARTED_BY_ANOTHER = """
import os, time
from functools import partial
from multiprocessing import get_context
from stet.project.processes import become
from stet.project.setup import newsroom_of_environment
from stet.project.supervisor import Child, _live
child = Child(name="o", short_name="o", run=partial(become, "office", newsroom_of_environment()))
process = get_context("fork").Process(target=_live, args=(child, os.getpid()))
process.start()
print(process.pid, flush=True)
time.sleep(100)
"""


@pytest.mark.parametrize("process", ["frontdesk", "mailroom", "ledger", "office"])
def test_a_private_process_loads_nothing_of_the_desk(newsroom_folder: Path, process: str) -> None:
    shell = {**environment(), "STET_NEWSROOM": str(newsroom_folder)}
    said = subprocess.run(
        [sys.executable, "-c", LOADED, process], env=shell, capture_output=True, text=True, check=True
    )
    loaded = json.loads(said.stdout)
    assert [name for name in loaded if name.split(".")[0] in NEVER_LOADED] == []
    assert [name for name in loaded if name.startswith(OTHER_WING)] == []


PACE = """
import sys
from stet.project.setup import newsroom_of_environment, set_up_private_django
set_up_private_django(newsroom_of_environment(), process=sys.argv[1])
from stet.mailroom.pace import NIGHT, RULES
print(RULES["gmail"].per_second, RULES["yahoo"].per_second, NIGHT["from"])
"""


@pytest.mark.parametrize("process", ["mailroom", "office"])
def test_a_process_goes_by_the_lanes_that_are_set(newsroom_folder: Path, tmp_path: Path, process: str) -> None:
    settings = (newsroom_folder / "stet.toml").read_text()
    text = settings.replace("[lanes]\n", "[lanes]\ngmail = { per_hour = 900 }\n")
    host = a_host_with(newsroom_folder, tmp_path / "host", OFFICE_SECRET_FILE)
    (host / "stet.toml").write_text(text.replace("[mailroom]\n", '[mailroom]\nquiet_hours = "22:00-07:00"\n'))
    shell = {**environment(), "STET_NEWSROOM": str(host)}
    said = subprocess.run([sys.executable, "-c", PACE, process], env=shell, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["0.25", "20.0", str(22 * 60)]


@contextmanager
def started(folder: Path, process: str) -> Iterator[subprocess.Popen[str]]:
    """One process of a newsroom, started by itself."""
    shell = {**environment(), "STET_NEWSROOM": str(folder)}
    alone = subprocess.Popen(
        [sys.executable, "-m", "stet.project.processes", process],
        env=shell, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        yield alone
    finally:
        alone.terminate()
        try:
            alone.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(alone.pid, signal.SIGKILL)
            alone.communicate(timeout=20)


def a_host_with(newsroom_folder: Path, place: Path, *keys: str) -> Path:
    """A host that has the settings, these keys and the readers' database, and nothing else of the newsroom."""
    (place / "keys").mkdir(parents=True, mode=0o700)
    (place / "data").mkdir(mode=0o700)
    settings = (newsroom_folder / "stet.toml").read_text()
    for line in settings.splitlines():
        if line.startswith("port = "):
            settings = settings.replace(line, f"port = {free_ports(1)[0]}")
    (place / "stet.toml").write_text(settings)
    for key in keys:
        shutil.copy2(newsroom_folder / "keys" / key, place / "keys" / key)
    for file in (newsroom_folder / "data").glob("readers.sqlite3*"):
        shutil.copy2(file, place / "data" / file.name)
    return place


def test_the_frontdesk_runs_on_a_host_without_newsroom_and_secrets(newsroom_folder: Path, tmp_path: Path) -> None:
    keys = ("readers-links", "readers-lookup", "readers-seal.pub")
    host = a_host_with(newsroom_folder, tmp_path / "host", *keys)
    newsroom = open_newsroom(host)
    with started(host, "frontdesk") as alone:
        until(lambda: status_of(f"{newsroom.frontdesk_url}/nothing-is-here") == 404 or alone.poll() is not None)
        assert alone.poll() is None
    assert tuple(sorted(file.name for file in (host / "keys").iterdir())) == keys


SLOW_FORM = (
    b"POST /en/join HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 9000\r\n\r\nemail=a"
)


def test_forms_that_never_end_keep_nobody_from_the_frontdesk(newsroom_folder: Path, tmp_path: Path) -> None:
    keys = ("readers-links", "readers-lookup", "readers-seal.pub")
    host = a_host_with(newsroom_folder, tmp_path / "host", *keys)
    newsroom = open_newsroom(host)
    with started(host, "frontdesk") as alone, ExitStack() as slow:
        until(lambda: status_of(f"{newsroom.frontdesk_url}/nothing-is-here") == 404 or alone.poll() is not None)
        for _ in range(20):
            place = ("127.0.0.1", newsroom.settings.frontdesk.port)
            slow.enter_context(socket.create_connection(place, timeout=10)).sendall(SLOW_FORM)
        assert status_of(f"{newsroom.frontdesk_url}/nothing-is-here") == 404


def test_the_office_runs_on_a_host_with_its_own_secret(newsroom_folder: Path, tmp_path: Path) -> None:
    host = a_host_with(newsroom_folder, tmp_path / "host", OFFICE_SECRET_FILE, "readers-lookup")
    newsroom = open_newsroom(host)
    with started(host, "office") as alone:
        until(lambda: status_of(f"{newsroom.office_url}/sign-in/") == 200 or alone.poll() is not None)
        assert alone.poll() is None


def test_the_office_without_its_secret_says_what_is_missing(newsroom_folder: Path, tmp_path: Path) -> None:
    host = a_host_with(newsroom_folder, tmp_path / "host", "readers-lookup")
    with started(host, "office") as alone:
        _, said = alone.communicate(timeout=LONGEST_WAIT_SECONDS)
        assert alone.returncode == 2
    assert "office-secret cannot be read" in said
    assert "Traceback" not in said


def test_a_process_that_became_a_new_program_ends_when_its_parent_is_killed(
    newsroom_folder: Path, tmp_path: Path
) -> None:
    host = a_host_with(newsroom_folder, tmp_path / "host", OFFICE_SECRET_FILE, "readers-lookup")
    shell = {**environment(), "STET_NEWSROOM": str(host)}
    with subprocess.Popen(
        [sys.executable, "-c", STARTED_BY_ANOTHER], env=shell, stdout=subprocess.PIPE, text=True
    ) as above:
        assert above.stdout
        pid = int(above.stdout.readline())
        until(lambda: status_of(f"{open_newsroom(host).office_url}/sign-in/") == 200)
        assert Path(f"/proc/{pid}/comm").read_text().strip() == "stet-office"
        above.kill()
    until(lambda: not living([pid]))


def test_only_the_office_reads_a_secret(tmp_path: Path, newsroom_folder: Path) -> None:
    newsroom = open_newsroom(newsroom_folder)
    assert secret_of(newsroom, "office") == (newsroom.keys / OFFICE_SECRET_FILE).read_text().strip()
    nowhere = Newsroom(folder=tmp_path, settings=newsroom.settings)
    assert secret_of(nowhere, "frontdesk") != secret_of(nowhere, "frontdesk")


def test_what_an_error_of_the_private_wing_says_reaches_no_log(tmp_path: Path) -> None:
    """A mail server's answer or a reader's form may stand in it; where it was raised is told."""
    address = "ada@example.org"
    values = private_logging(Newsroom(folder=tmp_path, settings=Settings()))
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    for filter_class in (WithoutPaths, WithoutMessagesOfErrors):
        handler.addFilter(filter_class())
    logger = logging.getLogger("stet.mailroom.trial")
    logger.addHandler(handler)
    try:
        try:
            raise KeyError(address)
        except KeyError as error:
            raise ValueError(f"550 no such user: <{address}>") from error
    except ValueError:
        logger.exception("The mailroom stumbled.")
    told = said.getvalue()
    assert "The mailroom stumbled." in told
    assert "test_private_wing.py" in told
    assert "KeyError\n\nThen:\n" in told
    assert told.endswith("ValueError\n")
    assert address not in told
    for one in values["handlers"].values():
        named = {values["filters"][name]["()"].rpartition(".")[2] for name in one["filters"]}
        assert named == {"WithoutPaths", "WithoutMessagesOfErrors"}


def test_no_path_of_a_request_is_logged() -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", ("/leave/a-token",), None)
    record.request = object()
    assert WithoutPaths().filter(record)
    assert record.getMessage() == "Not Found"
    assert not hasattr(record, "request")


def test_somebody_is_let_into_the_office_and_given_a_new_password(stet: Run, newsroom_folder: Path) -> None:
    made = stet("user", "create", "timur", "--office", "--letters", "-n", newsroom_folder)
    assert made.returncode == 0, made.stderr
    assert "timur can sign in with the password" in made.stdout
    twice = stet("user", "create", "timur", "--office", "-n", newsroom_folder)
    assert twice.returncode == 2
    assert "already exists" in twice.stderr
    assert stet("user", "password", "timur", "--office", "-n", newsroom_folder).returncode == 0
    refused = stet("user", "password", "timur", "-n", newsroom_folder)
    assert refused.returncode == 2, "An account of the office is none of the desk."
    assert "Nobody signs in at the office" in stet("user", "password", "mina", "--office", "-n", newsroom_folder).stderr


def test_two_servers_on_one_port_are_refused(stet: Run, newsroom_folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "paper"
    copied(newsroom_folder, copy)
    text = (copy / "stet.toml").read_text()
    settings = open_newsroom(copy).settings
    desk, office = settings.desk.port, settings.office.port
    (copy / "stet.toml").write_text(text.replace(f"port = {office}", f"port = {desk}"))
    refused = stet("up", "-n", copy)
    assert refused.returncode == 2
    assert f"The desk and the office are both set to port {desk}" in refused.stderr
