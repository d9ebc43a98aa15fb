"""`stet backup` and `stet restore`: what comes back is the newsroom, and what lies in a drawer is nobody's to read."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from stet.project import backing_up
from stet.project.command import main
from tests.folders import copied
from tests.project.conftest import STET, Run, environment

PASSPHRASE = "a drawer in the kitchen"
CANARIES = ("Kitchen canary", "canary-of-a-source@example.org")
"""What is written into the newsroom and must be legible in no backup."""


@pytest.fixture(scope="module")
def paper(stet: Run, newsroom_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A printed newsroom with something to hide."""
    folder = copied(newsroom_folder, tmp_path_factory.mktemp("backed") / "paper")
    with closing(sqlite3.connect(folder / "data/newsroom.sqlite3")) as database:
        database.execute("UPDATE auth_user SET first_name = ?, email = ?", CANARIES)
        database.commit()
    (folder / "media" / "notes.txt").write_text(CANARIES[0])
    assert stet("print", "-n", folder).returncode == 0
    return folder


@pytest.fixture
def passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The passphrase in a file, as a timer is told it."""
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE + "\n")
    return file


@pytest.fixture
def run(passphrase: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process, which knows the passphrase: neither backup nor restore asks Django anything."""
    monkeypatch.setenv("STET_PASSPHRASE_FILE", str(passphrase))

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        words, code = list(map(str, arguments)), 0
        try:
            main(words)
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return subprocess.CompletedProcess(words, code, said.out, said.err)

    return run


@pytest.fixture(scope="module")
def backup(paper: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it, with everything in one folder; answers the data's file."""
    folder = tmp_path_factory.mktemp("drawer")
    file = folder / "passphrase"
    file.write_text(PASSPHRASE + "\n")
    env = environment() | {"STET_PASSPHRASE_FILE": str(file)}
    done = subprocess.run(
        [*STET, "backup", str(folder / "out"), "-n", str(paper), "--json"],
        env=env,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    return Path(json.loads(done.stdout)["file"])


def sheets(newsroom: Path) -> dict[str, bytes]:
    """Every file of the printed site."""
    site = newsroom / "edition/site"
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def rows(database: Path) -> list[str]:
    """Everything a database holds, as SQL."""
    with closing(sqlite3.connect(database)) as opened:
        return list(opened.iterdump())


def test_a_restored_newsroom_is_the_same_and_prints_the_same_edition(
    run: Run, stet: Run, paper: Path, backup: Path, tmp_path: Path
) -> None:
    restored = tmp_path / "again"
    done = run("restore", backup, restored)
    assert done.returncode == 0, done.stderr
    for name in ("newsroom", "readers"):
        assert rows(restored / f"data/{name}.sqlite3") == rows(paper / f"data/{name}.sqlite3")
    before = sheets(paper)
    assert sheets(restored) == before
    for folder in ("keys", "media", "theme"):
        kept = {path.relative_to(paper): path.read_bytes() for path in (paper / folder).rglob("*") if path.is_file()}
        found = {
            path.relative_to(restored): path.read_bytes() for path in (restored / folder).rglob("*") if path.is_file()
        }
        assert found == kept
    assert all(path.stat().st_mode & 0o077 == 0 for path in (restored / "keys").rglob("*.pem"))

    printed = stet("print", "-n", restored, "--all")
    assert printed.returncode == 0, printed.stderr
    proof = (
        ".well-known/stet/edition.json",
        ".well-known/stet/edition.json.sig",
        ".well-known/stet/edition.json.minisig",
    )
    after = sheets(restored)
    assert {name: body for name, body in after.items() if name not in proof} == {
        name: body for name, body in before.items() if name not in proof
    }
    seqs = [json.loads(found[proof[0]])["seq"] for found in (before, after)]
    assert seqs[1] >= seqs[0], "Readers keep the highest number they saw."
    assert stet("print", "-n", restored, "--check").returncode == 0


def test_nothing_in_the_drawer_can_be_read(backup: Path, paper: Path) -> None:
    secrets = [
        path.read_bytes().strip() for path in (paper / "keys").iterdir() if path.is_file() and path.suffix != ".age"
    ]
    for file in backup.parent.iterdir():
        body = file.read_bytes()
        assert body.startswith(b"age-encryption.org/v1\n")
        assert file.stat().st_mode & 0o077 == 0
        for canary in (*(word.encode() for word in CANARIES), b"SQLite format", b"PRIVATE KEY", *secrets):
            assert canary not in body
    assert len(list(backup.parent.iterdir())) == 3


def test_the_machine_that_makes_backups_cannot_open_them(
    run: Run, backup: Path, paper: Path, passphrase: Path, tmp_path: Path
) -> None:
    passphrase.write_text("not the passphrase at all\n")
    done = run("restore", backup, tmp_path / "again", "--key", paper / "keys/backup-key.age")
    assert (done.returncode, "passphrase does not open" in done.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["passphrase"]
    recipient = (paper / "keys/backup-recipient").read_text().strip()
    assert recipient.startswith("age1"), "What seals: no private half."


def test_later_backups_ask_nobody_and_old_ones_go(
    run: Run, paper: Path, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, keys = tmp_path / "out", tmp_path / "elsewhere"
    for day in ("20250101T000000Z", "20250102T000000Z"):
        for folder, suffix in ((out, ".age"), (keys, "-keys.age")):
            folder.mkdir(exist_ok=True)
            (folder / f"paper-{day}{suffix}").write_bytes(b"old")
    (out / "paper-notes.age").write_bytes(b"somebody's own")
    monkeypatch.delenv("STET_PASSPHRASE_FILE")
    done = run("backup", out, "--keys", keys, "--keep", "2", "-n", paper)
    assert done.returncode == 0, done.stderr
    names = {path.name for path in out.iterdir()}
    assert {"paper-20250102T000000Z.age", "paper-notes.age", "paper-backup-key.age"} < names
    assert len(names) == 4
    assert sorted(path.name for path in keys.iterdir())[0] == "paper-20250102T000000Z-keys.age"
    assert len(list(keys.iterdir())) == 2


def test_a_backup_is_read_to_its_end_without_writing(run: Run, backup: Path, tmp_path: Path) -> None:
    done = run("restore", backup, "--check")
    assert (done.returncode, "Whole and readable" in done.stdout) == (0, True), done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"passphrase"}


@pytest.mark.parametrize("damage", ["a bit", "the end", "everything", "swapped"])
def test_a_damaged_backup_opens_not_at_all(run: Run, backup: Path, tmp_path: Path, damage: str) -> None:
    body = bytearray(backup.read_bytes())
    match damage:
        case "a bit":
            body[len(body) // 2] ^= 1
        case "the end":
            del body[-70_000:]
        case "everything":
            body = bytearray(b"no backup")
        case "swapped":
            body = bytearray(backup.with_name(backup.name.replace(".age", "-keys.age")).read_bytes())
    bad = tmp_path / "bad.age"
    bad.write_bytes(body)
    key, keys = backup.parent / "paper-backup-key.age", backup.with_name(backup.name.replace(".age", "-keys.age"))
    done = run("restore", bad, tmp_path / "again", "--key", key, "--keys", keys)
    assert (done.returncode, "bad.age is damaged" in done.stderr) == (2, True), done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"passphrase", "bad.age"}


def test_what_cannot_be_is_refused_with_what_to_do(run: Run, paper: Path, backup: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/letter.txt").write_text("mine")
    moved = tmp_path / "moved" / backup.name
    moved.parent.mkdir()
    moved.write_bytes(backup.read_bytes())
    refused = {
        "is not empty": ("restore", backup, tmp_path / "full"),
        "Name an empty folder": ("restore", backup),
        "The keys are not there": (
            "restore",
            moved,
            tmp_path / "again",
            "--key",
            backup.parent / "paper-backup-key.age",
        ),
        "backup key cannot be read": ("restore", backup, tmp_path / "again", "--key", tmp_path / "none.age"),
        "is lost with it": ("backup", paper / "backups", "-n", paper),
        "is a file": ("backup", tmp_path / "full/letter.txt", "-n", paper),
    }
    for says, command in refused.items():
        done = run(*command)
        assert (done.returncode, says in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "again").exists()
    assert (tmp_path / "full/letter.txt").read_text() == "mine"


def test_a_passphrase_that_can_be_guessed_is_refused(
    run: Run, newsroom_folder: Path, passphrase: Path, tmp_path: Path
) -> None:
    passphrase.write_text("editor\n")
    done = run("backup", tmp_path / "out", "-n", newsroom_folder)
    assert (done.returncode, "passphrase is too short" in done.stderr) == (2, True)
    assert not (newsroom_folder / "keys/backup-recipient").exists()


def test_without_keys_a_newsroom_is_restored_and_gets_new_ones(run: Run, backup: Path, tmp_path: Path) -> None:
    done = run("restore", backup, tmp_path / "again", "--no-keys")
    assert (done.returncode, "Make new keys" in done.stdout) == (0, True), done.stderr
    assert not (tmp_path / "again/keys/edition.pem").exists()


def test_killed_in_the_middle_neither_leaves_anything_that_looks_whole(
    run: Run, paper: Path, backup: Path, passphrase: Path, tmp_path: Path
) -> None:
    folder = copied(paper, tmp_path / "paper")
    with (folder / "media/film.bin").open("wb") as film:
        film.truncate(3 << 30)
    out = tmp_path / "out"
    env = environment() | {"STET_PASSPHRASE_FILE": str(passphrase)}
    process = subprocess.Popen(
        [*STET, "backup", str(out), "-n", str(folder)], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while not (parts := list(out.glob(".*.part"))) or parts[0].stat().st_size < 3_000_000:
        assert process.poll() is None
        os.sched_yield()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not list(out.glob("[!.]*.age"))
    assert list((folder / "data").glob(".backup-*"))

    (folder / "media/film.bin").unlink()
    assert run("backup", out, "-n", folder).returncode == 0
    left = [*(folder / "data").glob(".backup-*"), *out.glob(".*")]
    assert not left, "What the killed one left is gone."


def test_a_database_that_is_written_to_is_copied_as_it_is_at_one_moment(tmp_path: Path) -> None:
    source, is_over = tmp_path / "live.sqlite3", threading.Event()
    with closing(sqlite3.connect(source, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE sums (one INTEGER, other INTEGER)")
        database.execute("INSERT INTO sums VALUES (0, 0)")

    def write() -> None:
        with closing(sqlite3.connect(source, isolation_level=None, timeout=30)) as writer:
            while not is_over.is_set():
                writer.execute("BEGIN IMMEDIATE")
                writer.execute("UPDATE sums SET one = one + 1")
                writer.execute("UPDATE sums SET other = other + 1")
                writer.execute("COMMIT")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(20):
            backing_up.copy_sqlite(source, tmp_path / f"{number}.sqlite3")
    finally:
        is_over.set()
        thread.join()
    for number in range(20):
        with closing(sqlite3.connect(tmp_path / f"{number}.sqlite3")) as copy:
            one, other = copy.execute("SELECT one, other FROM sums").fetchone()
            assert one == other
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_the_help_teaches(run: Run) -> None:
    for command in ("backup", "restore"):
        help_ = run(command, "--help")
        assert help_.returncode == 0
        assert f"Example: stet {command}" in help_.stdout


def test_no_process_list_shows_a_databases_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    program = tmp_path / "pg_dump"
    program.write_text(f'#!{sys.executable}\nimport os, sys\nopen({str(tmp_path / "said")!r}, "w").write('
                       'repr((sys.argv, os.environ.get("PGPASSWORD"))))\n')  # fmt: skip
    program.chmod(0o755)
    (tmp_path / "one.dsn").write_text("postgresql://desk:hush-hush@db.example.org/paper?sslmode=require")
    backing_up.run_postgresql("pg_dump", tmp_path / "one.dsn", "--format=custom")
    words, password = eval((tmp_path / "said").read_text())
    assert password == "hush-hush"
    assert "hush-hush" not in " ".join(words)
    assert "sslmode=require" in words[-1]
    assert "host=db.example.org" in words[-1]
