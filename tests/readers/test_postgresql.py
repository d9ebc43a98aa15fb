"""Readers on PostgreSQL: the same rules, also where forms come in side by side.

A server is started for this module, as an unprivileged user, on a socket of its own; the day is lived in a process of
its own, because Django knows one database at a time.
"""

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stet.project.founding import make_folders, make_keys
from stet.project.private_wing import migrate_readers
from stet.project.settings import open_newsroom
from tests.readers.builders import put_lists

ROOT = Path(__file__).parents[2]
INSTALL = "PostgreSQL is not here. Run: sudo apt-get install -y postgresql"
DAY = """
import io, json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from stet.project.founding import reader_key_files
from stet.project.setup import newsroom_of_environment, set_up_private_django
newsroom = newsroom_of_environment()
set_up_private_django(newsroom, process="mailroom")

from django.db import connections
from stet.readers import counting, erasing, importing, joining, managing
from stet.readers.addresses import checked_address
from stet.readers.importing import Source
from stet.readers.joining import Wish
from stet.readers.keys import load_opener, load_reader_keys
from stet.readers.lists import read_lists
from stet.readers.models import Consent, FormDay, Notice, Reader, Subscription, Suppression

keys, now = load_reader_keys(reader_key_files(newsroom)), datetime(2026, 11, 25, 20, 17, tzinfo=UTC)
wish = Wish(list_key="en.the-week", language="en", wording="0123456789abcdef", privacy_version="2")
said = {"vendor": connections["readers"].vendor}

def sign_up(text):
    try:
        joining.sign_up(checked_address(text), wish, keys=keys, now=now)
    finally:
        connections.close_all()

with ThreadPoolExecutor(8) as crowd:
    list(crowd.map(sign_up, [f"reader-{n % 10}@example.org" for n in range(80)]))
said["crowd"] = [model.objects.count() for model in (Reader, Subscription, Consent, Notice)]
said["forms"] = FormDay.objects.get().forms

for notice in Notice.objects.all():
    joining.confirm(notice.uid, now=now)
reader = Reader.objects.get(lookup=keys.lookup.of(checked_address("reader-3@example.org")))
opener = load_opener(newsroom.opening_key)
said["opened"] = opener.open(reader.sealed, uid=reader.uid).text
managing.ask_change(reader.uid, checked_address("moved@example.org"), keys=keys, now=now)
uid = managing.change_confirmed(Notice.objects.get(kind="change").uid, now=now)
said["moved"] = managing.download(uid, opener=opener)["address"]
managing.leave_list(uid, "en.the-week", now=now)

rows = "email\\n" + "".join(f"reader-{n}@example.org\\n" for n in range(40)) + "moved@example.org\\n"
source, lists = Source(consent="Paper", list_key="en.the-week"), read_lists(newsroom.site)
report = importing.import_readers(io.StringIO(rows), source, lists=lists, keys=keys, now=now)
said["import"] = [report.rows, report.taken, report.by_reason()]
said["active"] = counting.counts().readers
said["erased"] = erasing.erase(keys.lookup.of(checked_address("moved@example.org")), now=now)
said["traces"] = erasing.wipe_traces(is_thorough=True).sentence
sign_up("moved@example.org")
said["asked_again"] = Reader.objects.filter(lookup=keys.lookup.of(checked_address("moved@example.org"))).exists()
sign_up("never@example.org")
said["dropped"] = joining.drop_never_confirmed(now=now + timedelta(days=31))
print(json.dumps(said))
"""


def program(name: str) -> str:
    """A program of PostgreSQL's, wherever Debian keeps this version's."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = next((str(folder / name) for folder in folders if (folder / name).exists()), shutil.which(name))
    assert found, INSTALL
    return found


def as_nobody(*command: str | Path) -> list[str]:
    """A command as a user who is not root: PostgreSQL refuses root."""
    words = [str(word) for word in command]
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    return ["runuser", "-u", user, "--", *words] if os.geteuid() == 0 else words


def run(command: list[str], **more: object) -> str:
    """What a command says; it has to succeed."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300, cwd="/", **more)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


@pytest.fixture(scope="module")
def socket_folder() -> Iterator[Path]:
    """A server that listens on a socket in this folder and nowhere else."""
    with tempfile.TemporaryDirectory(prefix="stet-pg-", dir="/tmp") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        run(as_nobody(program("initdb"), "-D", folder / "db", "-U", "stet", "-A", "trust", "-E", "UTF8", "--no-sync"))
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        control = [program("pg_ctl"), "-D", folder / "db", "-w"]
        run(as_nobody(*control, "-l", folder / "log", "-o", options, "start"))
        try:
            yield folder
        finally:
            run(as_nobody(*control, "-m", "immediate", "stop"))


def test_a_day_of_readers_on_postgresql_ends_as_on_sqlite(socket_folder: Path, tmp_path: Path) -> None:
    run(as_nobody(program("createdb"), "-h", socket_folder, "-U", "stet", "readers"))
    paper = tmp_path / "paper"
    paper.mkdir()
    (paper / "readers.dsn").write_text(f"host={socket_folder} user=stet dbname=readers\n")
    (paper / "stet.toml").write_text('[site]\nlanguages = ["en", "ru", "fa"]\n[database]\nreaders = "readers.dsn"\n')
    newsroom = open_newsroom(paper)
    make_folders(newsroom)
    make_keys(newsroom, now=datetime(2026, 11, 25, tzinfo=UTC))
    migrate_readers(newsroom)
    put_lists(newsroom.site)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "STET_", "PYTEST_"))}
    env = {**kept, "PYTHONPATH": str(ROOT / "src"), "STET_NEWSROOM": str(paper)}
    said = json.loads(run([sys.executable, "-c", DAY], env=env).splitlines()[-1])
    assert said == {
        "vendor": "postgresql",
        "crowd": [10, 10, 10, 10],
        "forms": 80,
        "opened": "reader-3@example.org",
        "moved": "moved@example.org",
        "import": [41, 31, {"already": 9, "left": 1}],
        "active": 40,
        "erased": True,
        "traces": (
            "The row is gone and the tables were vacuumed. PostgreSQL's own log (pg_wal) may hold it until it is "
            "recycled, and so do its archive, replicas' logs and backups, for as long as you keep them."
        ),
        "asked_again": True,
        "dropped": 2,
    }
