"""The `stet` command as a person meets it: what it says, and how it ends."""

import json
import socket
import sqlite3
import stat
from pathlib import Path

import pytest

from stet.edition.keys import PrivateKey
from stet.edition.root import SiteKey
from tests.folders import copied
from tests.project.conftest import Run, ports


def test_help_names_every_command_and_what_exit_codes_mean(stet: Run) -> None:
    said = stet("--help").stdout
    for word in ("init", "demo", "up", "print", "verify", "import", "doctor", "user", "Exit codes", "4 unreachable"):
        assert word in said


def test_secrets_of_a_new_newsroom_are_for_their_owner_alone(newsroom_folder: Path) -> None:
    keys = newsroom_folder / "keys"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    for name in ("desk-password", "desk-secret", "office-secret", "edition.pem", "root.pem", "readers-lookup"):
        assert stat.S_IMODE((keys / name).stat().st_mode) == 0o600, name


def test_the_public_key_of_a_new_newsroom_belongs_to_its_root_key(newsroom_folder: Path) -> None:
    root_key = PrivateKey.load(newsroom_folder / "keys/root.pem")
    assert SiteKey.load(newsroom_folder / "site.pub").keys == (root_key.public_key,)


def test_a_new_newsroom_has_an_empty_front_in_each_language(newsroom_folder: Path) -> None:
    with sqlite3.connect(newsroom_folder / "data/newsroom.sqlite3") as database:
        pages = "wagtailcore_page JOIN wagtailcore_locale l ON l.id = locale_id"
        fronts = dict(database.execute(f"SELECT language_code, title FROM {pages} WHERE depth = 2").fetchall())
    assert fronts == {"en": "The Far Shore", "ru": "The Far Shore"}


def tables_of(database: Path) -> set[str]:
    with sqlite3.connect(database) as opened:
        return {name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_each_wing_has_its_own_tables_in_its_own_database(newsroom_folder: Path) -> None:
    private = tables_of(newsroom_folder / "data/readers.sqlite3")
    public = tables_of(newsroom_folder / "data/newsroom.sqlite3")
    assert {"readers_reader", "readers_consent"} <= private
    assert {"newsroom_articlepage", "newsroom_outbox"} <= public
    assert not {name for name in private if name.startswith(("newsroom_", "wagtail", "taggit_"))}
    assert not {name for name in public if name.startswith("readers_")}


def test_a_newsroom_made_again_keeps_its_keys_and_its_editors(stet: Run, newsroom_folder: Path) -> None:
    before = {file.name: file.read_bytes() for file in (newsroom_folder / "keys").iterdir()}
    again = stet("init", newsroom_folder, "--name", "Another")
    assert again.returncode == 0, again.stderr
    assert "as they were" in again.stdout
    assert {file.name: file.read_bytes() for file in (newsroom_folder / "keys").iterdir()} == before


def test_a_folder_that_holds_other_things_is_left_alone(stet: Run, tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("dear diary")
    refused = stet("init", tmp_path)
    assert refused.returncode == 2
    assert "holds other things" in refused.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["diary.txt"]


def test_a_command_outside_of_a_newsroom_says_how_to_make_one(stet: Run, tmp_path: Path) -> None:
    refused = stet("doctor", cwd=tmp_path)
    assert refused.returncode == 2
    assert "There is no newsroom" in refused.stderr
    assert "stet init" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_port_in_use_is_said_with_the_setting_that_changes_it(stet: Run, newsroom_folder: Path) -> None:
    port, _desk = ports(newsroom_folder)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # who had it before may be in TIME_WAIT
        other.bind(("127.0.0.1", port))
        other.listen(1)
        refused = stet("up", "-n", newsroom_folder)
    assert refused.returncode == 2
    assert f"Port {port} on 127.0.0.1 is in use." in refused.stderr
    assert "[reader]" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_the_doctor_finds_a_new_newsroom_well(stet: Run, newsroom_folder: Path) -> None:
    looked = stet("doctor", "-n", newsroom_folder, "--json")
    assert looked.returncode == 0, looked.stdout + looked.stderr
    findings = json.loads(looked.stdout)
    assert findings["ok"] is True
    assert not [finding for finding in findings["findings"] if finding["level"] == "problem"]


def test_the_doctor_sees_a_key_that_others_may_read(stet: Run, newsroom_folder: Path) -> None:
    key = newsroom_folder / "keys/edition.pem"
    key.chmod(0o644)
    try:
        looked = stet("doctor", "-n", newsroom_folder)
    finally:
        key.chmod(0o600)
    assert looked.returncode == 1
    assert "Others on this machine may read: edition.pem." in looked.stdout
    assert "chmod" in looked.stdout


def test_a_new_paper_prints_and_its_copy_verifies(stet: Run, newsroom_folder: Path) -> None:
    printed = stet("print", "-n", newsroom_folder, "--json")
    assert printed.returncode == 0, printed.stderr
    assert json.loads(printed.stdout)["sheets"] > 0
    checked = stet("print", "--check", "-n", newsroom_folder)
    assert checked.returncode == 0, checked.stdout
    verified = stet("verify", newsroom_folder / "edition/site", "--key", newsroom_folder / "site.pub")
    assert verified.returncode == 0, verified.stdout
    assert "is what the newsroom signed" in verified.stdout


def test_a_copy_without_an_edition_is_a_finding(stet: Run, newsroom_folder: Path, tmp_path: Path) -> None:
    verified = stet("verify", tmp_path, "--key", newsroom_folder / "site.pub", "--json")
    assert verified.returncode == 1
    assert json.loads(verified.stdout)["ok"] is False


def test_a_copy_that_is_older_than_what_was_seen_is_refused(stet: Run, newsroom_folder: Path) -> None:
    stet("print", "-n", newsroom_folder)
    copy = ("verify", newsroom_folder / "edition/site", "--key", newsroom_folder / "site.pub")
    seq = json.loads(stet(*copy, "--json").stdout)["seq"]
    assert stet(*copy, "--at-least", seq).returncode == 0
    older = stet(*copy, "--at-least", seq + 1)
    assert older.returncode == 1
    assert f"This copy is edition {seq}, but {seq + 1} was seen before: it was rolled back." in older.stdout
    told = json.loads(stet(*copy, "--at-least", seq + 1, "--json").stdout)
    assert (told["ok"], told["at_least"], told["problem_count"]) == (False, seq + 1, 1)
    assert stet(*copy, "--at-least", "soon").returncode == 2
    assert stet(*copy, "--at-least", "0").returncode == 2


def test_a_key_file_that_is_none_is_refused(stet: Run, tmp_path: Path) -> None:
    (tmp_path / "site.pub").write_text("hello")
    refused = stet("verify", tmp_path, "--key", tmp_path / "site.pub")
    assert refused.returncode == 2
    assert "is not a public site key" in refused.stderr


def test_somebody_is_let_in_and_given_a_new_password(stet: Run, newsroom_folder: Path) -> None:
    made = stet("user", "create", "mira", "-n", newsroom_folder)
    assert made.returncode == 0, made.stderr
    assert "mira can sign in with the password" in made.stdout
    twice = stet("user", "create", "mira", "-n", newsroom_folder)
    assert twice.returncode == 2
    assert "already exists" in twice.stderr
    renewed = stet("user", "password", "mira", "-n", newsroom_folder)
    assert renewed.stdout.split()[-1] not in made.stdout
    given = stet("user", "role", "mira", "--role", "photo", "--role", "letters", "-n", newsroom_folder)
    assert "mira has the roles: photo, letters." in given.stdout, given.stderr
    kept = stet("user", "forget", "mira", "-n", newsroom_folder)
    assert kept.returncode == 2
    assert "mira may still sign in. Delete or close the account first." in kept.stderr


def test_a_person_nobody_knows_gets_no_password(stet: Run, newsroom_folder: Path) -> None:
    refused = stet("user", "password", "nobody", "-n", newsroom_folder)
    assert refused.returncode == 2
    assert "Nobody signs in with that name" in refused.stderr


def test_a_damaged_database_ends_in_a_sentence(stet: Run, tmp_path: Path, newsroom_folder: Path) -> None:

    copy = tmp_path / "paper"
    copied(newsroom_folder, copy)
    (copy / "data/newsroom.sqlite3").write_bytes(b"this is no database" * 100)
    for name in ("newsroom.sqlite3-wal", "newsroom.sqlite3-shm"):
        (copy / "data" / name).unlink(missing_ok=True)
    failed = stet("user", "password", "editor", "-n", copy)
    assert failed.returncode in (3, 4)
    assert "Traceback" not in failed.stderr
    assert failed.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [("print", "--nonsense"), ("import", "wordpress"), ("verify", "x")])
def test_a_command_that_is_typed_wrong_is_refused(stet: Run, arguments: tuple[str, ...]) -> None:
    assert stet(*arguments).returncode == 2


def test_the_server_lists_accounts_takes_factors_away_and_ends_sessions(stet: Run, newsroom_folder: Path) -> None:
    listed = stet("user", "list", "-n", newsroom_folder, "--json")
    names = [account["name"] for account in json.loads(listed.stdout)["accounts"]]
    assert "editor" in names
    assert "editor · admin · no second factor" in stet("user", "list", "-n", newsroom_folder).stdout
    taken = stet("user", "reset-factor", "editor", "-n", newsroom_folder)
    assert "editor has no second factor any more (0 taken away), and is signed in nowhere." in taken.stdout
    assert "0 sessions of editor ended." in stet("user", "end-sessions", "editor", "-n", newsroom_folder).stdout
    refused = stet("user", "reset-factor", "nobody", "-n", newsroom_folder)
    assert refused.returncode == 2
    assert "Nobody signs in at the desk with that name" in refused.stderr
