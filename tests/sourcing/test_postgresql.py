"""Records on PostgreSQL: nobody alters a history there either, and two editors at once write one.

A server is started for this module, as an unprivileged user, on a socket of its own; the newsroom is made and worked at
in a process of its own, because Django knows one database at a time.
"""

import json
import os
import sys
from pathlib import Path

from tests.press.test_postgresql import SOURCE, as_nobody, program, run, socket_folder

__all__ = ["socket_folder"]

DAY = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from stet.kit.clock import SystemClock
from stet.project.founding import found, lay_fronts

made = found(Path(sys.argv[1]), values={}, now=SystemClock().now())
lay_fronts(made.newsroom, name="Paper")

from django.db import DatabaseError, connection, connections, transaction
from stet.sourcing.errors import HistoryBrokenError
from stet.sourcing.history import NewLink, set_chain, set_status, verify
from stet.sourcing.models import Attribution, Claim, QuestionText, Record
from stet.sourcing.recording import find_claims, new_claim, new_question, new_source
from stet.sourcing.terms import SourceKind, Status

day, said = date(2026, 11, 20), {"vendor": connection.vendor}
lawmaker, agency = (new_source(name=name, language="en") for name in ("Anna Lind", "the Border Agency"))
links = [NewLink(source=lawmaker), NewLink(source=agency)]
claim = new_claim(sentence="Around 600 were killed.", language="en", links=links, day=day)
said["found"] = [one.id for one in find_claims("KILL", language="en")] == [claim.pk]

def refused(statement):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "only added" in str(error)
    return False

table = Record._meta.db_table
said["refused"] = [refused(statement) for statement in (
    f"UPDATE {table} SET body = '[]'", f"UPDATE {table} SET day = '2020-01-01'",
    f"UPDATE {table} SET number = number + 9",
    f"DELETE FROM {table}",
)]
Record.objects.update(editor=None)
verify()

def add(number):
    try:
        if number % 3:
            set_status(claim, Status.DISPUTED, day=day, reason=str(number))
        else:
            set_chain(claim, links if number % 2 else links[::-1], day=day)
    finally:
        connections.close_all()

with ThreadPoolExecutor(6) as editors:
    list(editors.map(add, range(30)))
said["numbers"] = list(Record.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 33))
verify()

def ask(_):
    try:
        return new_question(text="How many were killed?", language="en").texts.get().slug
    finally:
        connections.close_all()

with ThreadPoolExecutor(3) as editors:
    said["slugs"] = sorted(editors.map(ask, range(3)))

Attribution.objects.filter(claim=claim, position=1).update(source=new_source(name="Olof Hale", language="en"))
try:
    verify()
except HistoryBrokenError as error:
    said["altered_chain"] = "not the one in its history" in str(error)
print(json.dumps(said))
"""


def test_histories_are_only_added_to_on_postgresql(socket_folder: Path, tmp_path: Path) -> None:
    run(as_nobody(program("createdb"), "-h", socket_folder, "-U", "stet", "records"))
    paper = tmp_path / "paper"
    paper.mkdir()
    (paper / "newsroom.dsn").write_text(f"host={socket_folder} user=stet dbname=records\n")
    (paper / "stet.toml").write_text('[site]\nlanguages = ["en", "ru"]\n[database]\nnewsroom = "newsroom.dsn"\n')
    ours = ("DJANGO_", "STET_", "PYTEST_", "COV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    said = json.loads(
        run([sys.executable, "-c", DAY, str(paper)], env={**kept, "PYTHONPATH": str(SOURCE)}).splitlines()[-1]
    )
    assert said["vendor"] == "postgresql"
    assert said["found"]
    assert said["refused"] == [True] * 4
    assert said["numbers"]
    assert said["slugs"] == ["how-many-were-killed", "how-many-were-killed-2", "how-many-were-killed-3"]
    assert said["altered_chain"]
