"""A frontdesk in a process of its own, on a newsroom of its own, for tests that look at it from outside."""

import os
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from stet.project.founding import make_folders, make_keys, reader_key_files
from stet.project.private_wing import migrate_readers
from stet.project.settings import Newsroom, open_newsroom
from stet.readers.keys import load_reader_keys
from stet.readers.links import Purpose
from tests.ports import free_ports
from tests.readers.builders import put_lists

SOURCE = Path(__file__).parents[2] / "src"
SERVE = """
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server
from stet.project.setup import newsroom_of_environment, set_up_private_django
newsroom = newsroom_of_environment()
set_up_private_django(newsroom, process="frontdesk")
from stet.frontdesk.wsgi import make_application
class Quiet(WSGIRequestHandler):
    def log_message(self, *_): ...
make_server("127.0.0.1", newsroom.settings.frontdesk.port, make_application(), handler_class=Quiet).serve_forever()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A frontdesk that answers."""

    newsroom: Newsroom
    url: str
    said: Path
    """What the process wrote to its terminal."""

    def link(self, purpose: Purpose) -> str:
        """The link in the newest mail of its kind, as the mailroom would write it."""
        table = {"manage": "reader", "unsubscribe": "subscription"}.get(purpose, "notice")
        uid = self.newest(table)
        return f"{self.url}/{purpose}/{load_reader_keys(reader_key_files(self.newsroom)).links.token(purpose, uid)}"

    def newest(self, table: str) -> UUID:
        """The uid of the row that came last."""
        return UUID(self.ask(f"SELECT uid FROM readers_{table} ORDER BY id DESC LIMIT 1")[0][0])

    def ask(self, statement: str) -> list[tuple]:
        """Rows of the database, read from outside."""
        with sqlite3.connect(self.newsroom.readers_database) as connection:
            rows = connection.execute(statement).fetchall()
        connection.close()
        return rows


@contextmanager
def a_frontdesk(folder: Path, *, serve: str = SERVE, **more: str) -> Iterator[Served]:
    """Make a newsroom without the public wing's database, and serve its frontdesk; `more` goes into its environment."""
    (port,) = free_ports(1)
    folder.mkdir()
    (folder / "stet.toml").write_text(
        '[site]\nbase_url = "https://example.org"\nlanguages = ["en", "ru", "fa"]\n'
        f'contact_email = "letters@example.org"\n[frontdesk]\nport = {port}\n'
    )
    newsroom = open_newsroom(folder)
    make_folders(newsroom)
    make_keys(newsroom, now=datetime(2026, 11, 25, tzinfo=UTC))
    migrate_readers(newsroom)
    put_lists(newsroom.site)
    said = folder / "said"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "STET_", "PYTEST_"))}
    paths = f"{SOURCE}:{SOURCE.parent}"
    environment = {**kept, "PYTHONPATH": paths, "STET_NEWSROOM": str(folder), **more}
    with said.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-c", serve], env=environment, stdout=output, stderr=output)
        try:
            until_answers(f"http://127.0.0.1:{port}/en/join", process, said)
            yield Served(newsroom=newsroom, url=newsroom.frontdesk_url, said=said)
        finally:
            process.terminate()
            process.wait(30)


def until_answers(url: str, process: "subprocess.Popen[bytes]", said: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, said.read_text()
        try:
            with urllib.request.urlopen(url, timeout=30):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"The frontdesk does not answer. {said.read_text()}")
