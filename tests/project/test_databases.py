"""The two databases: what lives where, and several editors at once."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from stet.project.django_values import SQLITE_OPTIONS, database
from stet.project.errors import SettingError
from stet.project.routers import PRIVATE_ROOMS, TwoDatabases
from tests.project.conftest import environment


def wing(model: type[models.Model]) -> str:
    return "private" if model._meta.app_label in PRIVATE_ROOMS else "public"


def test_no_foreign_key_crosses_the_wall_between_the_wings() -> None:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if field.is_relation and isinstance(field.related_model, type):
                assert wing(model) == wing(field.related_model), f"{model.__name__}.{field.name}"


def test_a_room_of_the_private_wing_has_its_tables_among_the_readers_only() -> None:
    router = TwoDatabases()
    assert router.allow_migrate("readers", "ledger")
    assert not router.allow_migrate("default", "ledger")
    assert router.allow_migrate("default", "newsroom")
    assert not router.allow_migrate("readers", "newsroom")


def test_postgresql_is_described_by_a_file(tmp_path: Path) -> None:
    (tmp_path / "newsroom.dsn").write_text("postgresql://desk:p%40ss@db.example.org:5433/paper\n")
    values = database(tmp_path / "newsroom.dsn", key="database.newsroom")
    assert (values["HOST"], values["PORT"], values["NAME"], values["PASSWORD"]) == (
        "db.example.org",
        "5433",
        "paper",
        "p@ss",
    )


SOCKETS = {
    "words": "host=/var/run/postgresql dbname=paper user=desk",
    "an address with the folder as a parameter": "postgresql://desk@/paper?host=/var/run/postgresql",
    "an address with the folder as its host": "postgresql://desk@%2Fvar%2Frun%2Fpostgresql/paper",
}


@pytest.mark.parametrize("text", SOCKETS.values(), ids=SOCKETS.keys())
def test_the_folder_of_postgresqls_socket_is_said_in(tmp_path: Path, text: str) -> None:
    (tmp_path / "newsroom.dsn").write_text(f"{text}\n")
    values = database(tmp_path / "newsroom.dsn", key="database.newsroom")
    assert (values["HOST"], values["NAME"], values["USER"]) == ("/var/run/postgresql", "paper", "desk")
    assert (values["PASSWORD"], values["PORT"], values["OPTIONS"]) == ("", "", {})


def test_what_else_a_description_says_reaches_postgresql(tmp_path: Path) -> None:
    (tmp_path / "newsroom.dsn").write_text("postgresql://desk@db.example.org/paper?sslmode=verify-full")
    assert database(tmp_path / "newsroom.dsn", key="database.newsroom")["OPTIONS"] == {"sslmode": "verify-full"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hunter2",
        "host=/run dbname=",
        "password=hunter2",
        "dbname=a colour=hunter2",
        "mysql://a:hunter2@b/c",
        "postgresql://a:hunter2@b/",
    ],
)
def test_a_bad_description_is_refused_without_showing_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "newsroom.dsn").write_text(text)
    with pytest.raises(SettingError, match=r"must hold a connection string") as refused:
        database(tmp_path / "newsroom.dsn", key="database.newsroom")
    assert "hunter2" not in str(refused.value)


WRITER = """
import sys
from django.conf import settings
from stet.project.django_values import SQLITE_OPTIONS
database = {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1], "OPTIONS": SQLITE_OPTIONS}
settings.configure(DATABASES={"default": database})
import django; django.setup()
from django.db import connection, transaction
for _ in range(50):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count FROM stories")
        count = cursor.fetchone()[0]
        cursor.execute("UPDATE stories SET count = %s", [count + 1])
"""


def test_four_editors_who_read_and_write_at_once_never_meet_a_locked_database(tmp_path: Path) -> None:
    file = tmp_path / "newsroom.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE stories (count INTEGER)")
        connection.execute("INSERT INTO stories VALUES (0)")
    command = [sys.executable, "-c", WRITER, str(file)]
    editors = [subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE) for _ in range(4)]
    said = [editor.communicate(timeout=120)[1].decode() for editor in editors]
    assert [editor.returncode for editor in editors] == [0, 0, 0, 0], said
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count FROM stories").fetchone() == (200,)


def test_writers_take_their_turn_at_the_beginning() -> None:
    assert SQLITE_OPTIONS["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in SQLITE_OPTIONS["init_command"]
