"""`stet sourcing` and `stet evidence`, run as a person runs them."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from tests.folders import copied

SOURCE = Path(__file__).parents[2] / "src"
BODY = b"%PDF-1.7 an order"
FILL = """
from pathlib import Path
import sys
from stet.project.settings import open_newsroom
from stet.project.setup import set_up_django
set_up_django(open_newsroom(Path(sys.argv[1])))
from datetime import date
from stet.sourcing import keeping
from stet.sourcing.copies import current_folder
from stet.sourcing.history import NewLink
from stet.sourcing.models import Evidence
from stet.sourcing.recording import new_claim, new_source
links = [NewLink(source=new_source(name="Anna Lind", language="en"))]
new_claim(sentence="It is so.", language="en", links=links, day=date(2026, 11, 20))
for visibility in ("staff", "sealed"):
    piece = Evidence(title="Item", visibility=visibility)
    keeping.take_in(piece, b"%PDF-1.7 an order", name="order.pdf", folder=current_folder())
    piece.save()
print(piece.uid)
"""


def stet(*words: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("DJANGO_", "STET_", "PYTEST_", "COV"))}
    command = [sys.executable, "-c", "from stet.project.command import main; main()", *map(str, words)]
    env = {**kept, "PYTHONPATH": str(SOURCE), **env}
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=300, env=env, cwd="/")


@pytest.fixture(scope="module")
def room(newsroom_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A newsroom with a claim and two pieces of evidence, the key that opens one of them, and its uid."""
    folder = tmp_path_factory.mktemp("room")
    paper, key = copied(newsroom_folder, folder / "paper"), folder / "evidence.pem"
    made = stet("keys", "evidence", "-n", paper, "--out", key)
    assert made.returncode == 0, made.stderr
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    env = {n: v for n, v in env.items() if not n.startswith(("DJANGO_", "STET_", "PYTEST_", "COV"))}
    filled = subprocess.run(
        [sys.executable, "-c", FILL, str(paper)], check=False, capture_output=True, text=True, timeout=300, env=env
    )
    assert filled.returncode == 0, filled.stderr
    return paper, key, filled.stdout.strip()


def test_a_newsroom_that_nobody_altered_is_proved(room: tuple[Path, Path, str]) -> None:
    done = stet("sourcing", "verify", "-n", room[0], "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["ok"], said["claims"], said["evidence"], said["copies"], said["strays"]) == (True, 1, 2, 2, 0)
    assert len(said["heads"]) == 64
    assert "Nobody altered them." in stet("sourcing", "verify", "-n", room[0]).stdout
    assert "Exit code 1" in stet("sourcing", "verify", "--help").stdout


def test_an_altered_copy_ends_in_exit_code_1_and_names_nobody(room: tuple[Path, Path, str]) -> None:
    file = next(room[0].glob("evidence/original/*/*"))
    file.chmod(0o600)
    file.write_bytes(b"altered")
    done = stet("sourcing", "verify", "-n", room[0])
    file.write_bytes(BODY)
    assert done.returncode == 1
    assert "somebody or something altered it" in done.stdout
    assert "Item" not in done.stdout
    assert "Lind" not in done.stdout


def test_sealed_evidence_is_opened_where_the_key_is_without_a_newsroom(
    room: tuple[Path, Path, str], tmp_path: Path
) -> None:
    paper, key, uid = room
    carried = tmp_path / "carried.sealed"
    carried.write_bytes((paper / "evidence" / "sealed" / f"{uid}.sealed").read_bytes())
    done = stet("evidence", "open", carried, "--key", key, "--out", tmp_path / "order.pdf", "--json")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "order.pdf").read_bytes() == BODY
    assert (tmp_path / "order.pdf").stat().st_mode & 0o777 == 0o600
    assert json.loads(done.stdout)["sha256"] == hashlib.sha256(BODY).hexdigest()
    again = stet("evidence", "open", carried, "--key", key, "--out", tmp_path / "order.pdf")
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
    by_uid = stet("evidence", "open", uid, "-n", paper, "--key", key, "--out", tmp_path / "other.pdf")
    assert by_uid.returncode == 0, by_uid.stderr
    missing = stet("evidence", "open", str(uuid4()), "-n", paper, "--key", key, "--out", tmp_path / "x")
    assert (missing.returncode, "no sealed evidence of that uid" in missing.stderr) == (2, True)
    neither = stet("evidence", "open", "nothing", "-n", paper, "--key", key, "--out", tmp_path / "x")
    assert (neither.returncode, "no uid" in neither.stderr) == (2, True)
    carried.write_bytes(carried.read_bytes()[:-1])
    changed = stet("evidence", "open", carried, "--key", key, "--out", tmp_path / "x")
    assert (changed.returncode, "does not open" in changed.stderr) == (3, True)
    assert not (tmp_path / "x").exists()


def test_the_private_half_has_no_place_in_the_newsroom_and_may_have_a_passphrase(
    room: tuple[Path, Path, str], tmp_path: Path
) -> None:
    paper = tmp_path / "paper"
    paper.mkdir()
    (paper / "keys").mkdir()
    (paper / "stet.toml").write_text("")
    inside = stet("keys", "evidence", "-n", paper, "--out", paper / "keys" / "evidence.pem")
    assert (inside.returncode, "no place in the newsroom" in inside.stderr) == (2, True)
    words = tmp_path / "words"
    words.write_text("a long passphrase\n")
    made = stet(
        "keys", "evidence", "-n", paper, "--out", tmp_path / "k.pem", "--passphrase", STET_PASSPHRASE_FILE=str(words)
    )
    assert made.returncode == 0, made.stderr
    assert "ENCRYPTED" in (tmp_path / "k.pem").read_text()
    twice = stet("keys", "evidence", "-n", paper, "--out", tmp_path / "k2.pem")
    assert (twice.returncode, "is there already" in twice.stderr) == (2, True)
    sealed = room[0] / "evidence" / "sealed" / f"{room[2]}.sealed"
    other = stet(
        "evidence",
        "open",
        sealed,
        "--key",
        tmp_path / "k.pem",
        "--out",
        tmp_path / "x",
        STET_PASSPHRASE_FILE=str(words),
    )
    assert (other.returncode, "another key" in other.stderr) == (3, True)
