"""The newsroom on PostgreSQL: the same triggers and the same law of the press, the same log that is only added to.

A server is started for this module, as an unprivileged user, on a socket of its own. A newsroom that names it in a
.dsn file is made and edited in processes of their own, because Django knows one database at a time.
"""

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
INSTALL = "PostgreSQL is not here. Run: sudo apt-get install -y postgresql"
DAY = """
import json, random, sys
from datetime import UTC, datetime
from pathlib import Path

from stet.kit.clock import SystemClock
from stet.project.founding import found, lay_fronts

folder = Path(sys.argv[1])
made = found(folder, values={}, now=SystemClock().now())
lay_fronts(made.newsroom, name="Paper")

from django.db import connection, transaction
from stet.newsroom.models import ArticlePage, FrontPage, OutboxEntry, Person, SectionPage
from stet.press import run

place = run.Workplace(made.newsroom)
def silently(*_): pass
def print_it(): run.print_at(place, silently, is_anew=False, packs=False, now=datetime.now(UTC))
def check_it(): return run.check_at(place, silently, now=datetime.now(UTC)).ok
said = {"vendor": connection.vendor}
front = FrontPage.objects.get(locale__language_code="en")
sections = [
    front.add_child(instance=SectionPage(title=name, slug=name.lower(), locale=front.locale))
    for name in ("Politics", "Culture")
]
person = Person.objects.create(name="Ann", slug="ann", locale=front.locale)

# Triggers, below the ORM's signals
OutboxEntry.objects.all().delete()
Person.objects.filter(pk=person.pk).update(name="Anna")
said["updated"] = sorted(OutboxEntry.objects.values_list("key", flat=True))
OutboxEntry.objects.all().delete()
try:
    with transaction.atomic():
        Person.objects.update(name="Nobody")
        raise RuntimeError
except RuntimeError:
    said["taken_back"] = OutboxEntry.objects.count()
said["person"] = f"person:{person.pk}"

# Published, printed, and the law after a handful of edits
print_it()
def write(number):
    page = ArticlePage(title=f"Story {number}", slug=f"story-{number}", locale=front.locale, live=False)
    sections[number % 2].add_child(instance=page)
    page.save_revision().publish()
    return page
pages = [write(number) for number in range(6)]
pages[0].refresh_from_db()
print_it()
said["address"] = pages[0].printed_path()
said["printed"] = "Story 0" in (made.newsroom.site / said["address"].strip("/") / "index.html").read_text()
said["checks"] = [check_it()]
dice = random.Random(3)
for number in range(20):
    page = ArticlePage.objects.get(pk=dice.choice(pages).pk)
    match number % 7:
        case 0: page.unpublish()
        case 1: page.tags.add("courts", "floods"); page.save_revision().publish()
        case 2: page.slug = f"renamed-{number}"; page.save_revision().publish()
        case 3: ArticlePage.objects.filter(pk=page.pk).update(standfirst="New")
        case 4: sections[0].title = f"Power {number}"; sections[0].save()
        case 5: page.move(sections[dice.randrange(2)], pos="last-child")
        case 6: Person.objects.filter(pk=person.pk).update(name=f"Ann {number}")
    print_it()
    if number % 5 == 4:
        said["checks"].append(check_it())

# The log is only added to, but for a name that is taken out; tries and sessions are counted
from django.contrib.auth import get_user_model
from django.db import DatabaseError
from django.test import RequestFactory
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageLogEntry
from stet.newsroom.audit.forgetting import forget
from stet.newsroom.signing_in import log, sessions, slowing

account = get_user_model().objects.create(username="ines")
account.is_active = False
account.save()
log.note(log.SIGNED_IN, account, by=account)
def refuses(statement, *values):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as error:
        return "only added" in str(error)
entry = ModelLogEntry.objects.get(action=log.SIGNED_IN)
tables = {PageLogEntry._meta.db_table: PageLogEntry.objects.first().pk, ModelLogEntry._meta.db_table: entry.pk}
def kept():
    return [
        refuses(f"{what} WHERE id = %s", number)
        for table, number in tables.items()
        for what in (f"UPDATE {table} SET label = 'x'", f"UPDATE {table} SET user_id = NULL", f"DELETE FROM {table}",
                     f"UPDATE {table} SET content_type_id = 1")
    ]
said["kept"] = kept()
said["forgotten"] = forget("ines", now=timezone.now())
own = ModelLogEntry.objects.for_instance(account)
said["labels"] = sorted(set(own.values_list("label", flat=True)))
said["kept_after"] = kept()
said["account"] = account.pk
lanes = slowing.lanes_of_password(RequestFactory().post("/login/", REMOTE_ADDR="203.0.113.7"), "ines")
for _ in range(6):
    slowing.count_wrong(lanes, now=timezone.now())
said["waits"] = slowing.seconds_to_wait(lanes, now=timezone.now())

# The desk's lists: indexes that no migration made are laid and taken
from django.db.models import F
from stet.newsroom.home.indexes import INDEXES
from stet.newsroom.roles.remembered import has_live_below, remembering
from wagtail.models import Page
with connection.cursor() as cursor:
    laid = connection.introspection.get_constraints(cursor, "wagtailcore_page")
    said["missing"] = sorted({*INDEXES, "stet_page_children", "stet_page_title", "stet_page_own_drafts"} - set(laid))
    cursor.execute("SET enable_seqscan = off; SET enable_sort = off")
def index_of(pages):
    return next((word for word in pages.explain().split() if word.startswith("stet_")), "")
newest = [F(name).desc(nulls_last=True) for name in ("latest_revision_created_at", "last_published_at")]
said["taken"] = [index_of(Page.objects.order_by(order, "-pk")[:6]) for order in newest]
from stet.newsroom.models import ArticlePage
from stet.sourcing.indexes import IsMarked
said["marked"] = index_of(ArticlePage.objects.filter(IsMarked("body")).order_by().values("pk"))
with remembering():
    said["live_below"] = has_live_below(front)
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
    return ["runuser", "-u", user(), "--", *words] if os.geteuid() == 0 else words


def user() -> str:
    """Who runs the server."""
    return "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


@pytest.fixture(scope="module")
def socket_folder() -> Iterator[Path]:
    """Where the server's socket stands."""
    with postgresql() as folder:
        yield folder


@contextmanager
def postgresql() -> Iterator[Path]:
    """A server that listens on a socket in this folder and nowhere else."""
    initdb, control = program("initdb"), program("pg_ctl")
    with tempfile.TemporaryDirectory(prefix="stet-pg-", dir="/tmp") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, user(), user())
        run(as_nobody(initdb, "-D", folder / "db", "-U", "stet", "-A", "trust", "-E", "UTF8", "--no-sync"))
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        run(as_nobody(control, "-D", folder / "db", "-w", "-l", folder / "log", "-o", options, "start"))
        try:
            yield folder
        finally:
            run(as_nobody(control, "-D", folder / "db", "-w", "-m", "immediate", "stop"))


def run(command: list[str], **more: object) -> str:
    """What a command says; it has to succeed."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300, cwd="/", **more)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


def test_a_day_of_edits_on_postgresql_is_printed_as_on_sqlite(socket_folder: Path, tmp_path: Path) -> None:
    run(as_nobody(program("createdb"), "-h", socket_folder, "-U", "stet", "paper"))
    paper = tmp_path / "paper"
    paper.mkdir()
    (paper / "newsroom.dsn").write_text(f"host={socket_folder} user=stet dbname=paper\n")
    (paper / "stet.toml").write_text('[site]\nlanguages = ["en", "ru"]\n[database]\nnewsroom = "newsroom.dsn"\n')
    ours = ("DJANGO_", "STET_", "PYTEST_", "COV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    env = {**kept, "PYTHONPATH": str(SOURCE)}
    said = json.loads(run([sys.executable, "-c", DAY, str(paper)], env=env).splitlines()[-1])
    assert said["vendor"] == "postgresql"
    assert said["updated"] == [said["person"]]
    assert said["taken_back"] == 0
    assert said["printed"]
    assert said["checks"] == [True] * 5
    assert said["kept"] == said["kept_after"] == [True] * 8
    assert said["forgotten"] >= 2
    assert said["labels"] == [f"account {said['account']}"]
    assert said["waits"] == 2
    assert said["missing"] == []
    assert said["taken"] == ["stet_page_written", "stet_page_published"]
    assert said["marked"] == "stet_article_marked"
    assert said["live_below"] is True

    # Backed up while its server runs, and restored into another database of it
    (tmp_path / "passphrase").write_text("a drawer in the kitchen")
    env["STET_PASSPHRASE_FILE"] = str(tmp_path / "passphrase")
    stet = [sys.executable, "-c", "from stet.project.command import main; main()"]
    made = json.loads(run([*stet, "backup", str(tmp_path / "out"), "-n", str(paper), "--json"], env=env))
    again = tmp_path / "again"
    full = subprocess.run(
        [*stet, "restore", made["file"], str(again)], env=env, capture_output=True, text=True, timeout=60
    )
    assert (full.returncode, "holds tables already" in full.stderr) == (2, True), full.stderr
    run(as_nobody(program("createdb"), "-h", socket_folder, "-U", "stet", "again"))
    (tmp_path / "again.dsn").write_text(f"host={socket_folder} user=stet dbname=again\n")
    run([*stet, "restore", made["file"], str(again), "--newsroom-dsn", str(tmp_path / "again.dsn")], env=env)
    assert "dbname=again" in (again / "newsroom.dsn").read_text()
    run([*stet, "print", "-n", str(again), "--check"], env=env)
