"""`stet mirrors`, in a process of its own, on a newsroom's folder and loopback."""

import json
import os
import pty
import select
import subprocess
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from stet.edition.verify import verify_folder
from stet.mirrors.carrying import locked
from stet.mirrors.checks import Check, State, write_check
from stet.mirrors.places import folder as folder_place
from stet.mirrors.register import Mirror, Register, files_of, read_register, secrets_file, write_register
from stet.mirrors.secrets import read_secrets, write_secrets
from stet.project import mirrors_command
from stet.project.command import main
from stet.project.doctor import check_mirrors
from stet.project.settings import open_newsroom
from tests.edition.builders import Paper, a_paper, a_put
from tests.mirrors.serving import Served, serving
from tests.project.conftest import STET, Run, environment


@dataclass
class Room:
    """A newsroom with an edition and a web server that serves a mirror of it."""

    folder: Path
    paper: Paper
    served: Served
    stet: Run

    def in_process(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """The command in a process of its own."""
        return self.stet("mirrors", *words, "-n", self.folder)

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """The same in this process, which is a good deal quicker."""
        arguments = ["mirrors", *map(str, words), "-n", str(self.folder)]
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
            try:
                main(arguments)
                code = 0
            except SystemExit as end:
                code = int(end.code or 0)
        return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())

    def add(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return self.run("add", *self.there, *words)

    @property
    def there(self) -> tuple[str, ...]:
        return f"folder:{self.served.folder}", "--public", self.served.address


@pytest.fixture
def room(tmp_path: Path, stet: Run) -> Iterator[Room]:
    folder = tmp_path / "paper"
    paper = a_paper(folder / "edition")
    paper.now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    paper.commit(a_put("/first", "first"))
    paper.key.save(folder / "site.pub")
    (folder / "stet.toml").write_text("")
    with serving(tmp_path / "mirror") as served:
        yield Room(folder, paper, served, stet)


def test_a_mirror_is_tried_added_carried_to_and_looked_at(room: Room) -> None:
    added = room.in_process(
        "add", *room.there, "--name", "north", "--kilobytes-per-second", "5000", "--unlisted", "--json"
    )
    assert added.returncode == 0, added.stderr
    told = json.loads(added.stdout)
    assert (told["name"], told["state"], told["put"], told["editions_behind"]) == ("north", "current", 5, 0)
    assert "never shows half a file" in told["can"]
    mirror = read_register(room.folder).mirrors[0]
    assert (mirror.name, mirror.kilobytes_per_second, mirror.is_listed) == ("north", 5000, False)
    assert verify_folder(room.served.folder, root=room.paper.key, now=room.paper.now).problems == []
    assert [file.name for file in room.served.folder.iterdir() if "probe" in file.name] == []


def test_a_mirror_follows_is_behind_and_is_named_with_its_lag(room: Room) -> None:
    room.add("--name", "north")
    room.paper.commit(a_put("/second"))
    checked = room.run("check")
    assert checked.returncode == 1
    assert "north          behind       1 behind, " in checked.stdout
    assert "An older edition stands at the public address." in checked.stdout
    synced = room.in_process("sync", "north")
    assert (synced.returncode, "Edition 3 stands there: 1 sheets put" in synced.stdout) == (0, True)
    assert room.run("check", "--json").returncode == 0
    listed = json.loads(room.run("list", "--json").stdout)["mirrors"]
    assert [(one["name"], one["state"], one["editions_behind"]) for one in listed] == [("north", "current", 0)]


REFUSED = {
    "a kind that there is not": (["add", "ftp://example.org/www"], "There is no such kind of mirror."),
    "a password in a target": (["add", "sftp://me:secret@example.org/www"], "The target holds a password."),
    "an address that nobody can type": (["add", "folder:/srv/m", "--public", "example.org"], "one that readers type"),
    "a proxy with a password": (
        ["add", "folder:/srv/m", "--proxy", "socks5h://a:secret@127.0.0.1:9"],
        "without a name",
    ),
    "a name that is no file's": (["add", "folder:/srv/m", "--name", "../north"], "lower-case letters"),
    "an onion without an address": (["add", "onion"], "needs the address"),
    "a mirror that there is not": (["retire", "south"], "There is no mirror yet."),
    "carrying to nobody": (["sync"], "There is no mirror yet."),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_sentence_is(case: str, room: Room) -> None:
    words, sentence = REFUSED[case]
    refused = room.run(*words)
    assert refused.returncode == 2
    assert sentence in refused.stderr.replace("\n", " ")
    assert "secret" not in refused.stderr.replace("--secret-file", "")
    assert read_register(room.folder).mirrors == ()


def test_a_place_that_does_not_take_files_is_not_added(room: Room) -> None:
    refused = room.run("add", "folder:/proc/nothing", "--public", "https://mirror.example.org")
    assert (refused.returncode, "did not take or give" in refused.stderr) == (4, True)
    assert read_register(room.folder).mirrors == ()


def test_one_mirror_that_fails_keeps_no_other_back(room: Room) -> None:
    gone = Mirror(name="gone", target="folder:/proc/nothing", public="", added=datetime.now(UTC))
    write_register(room.folder, Register(mirrors=(gone,)))
    room.add("--name", "north")
    room.paper.commit(a_put("/second"))
    synced = room.run("sync")
    assert synced.returncode == 4
    assert "north: Edition 3" in synced.stdout
    assert "gone: The mirror's folder" in synced.stdout
    assert (room.served.folder / "second").exists()


def test_a_mirror_that_somebody_else_carries_to_is_left_alone(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirrors_command, "BUSY_SECONDS", 0.0)
    room.add("--name", "north")
    with locked(files_of(room.folder, "north"), seconds=0):
        removed = room.run("remove", "north", "--yes")
    assert (removed.returncode, "Another process carries" in removed.stderr) == (4, True)


def test_an_address_is_changed_for_another_in_one_command(room: Room, tmp_path: Path) -> None:
    room.add("--name", "one", "--unlisted")
    with serving(tmp_path / "two") as other:
        turned = room.run("rotate", "one", f"folder:{tmp_path / 'two'}", "--public", other.address, "--name", "two")
    assert turned.returncode == 0, turned.stderr
    one, two = read_register(room.folder).mirrors
    assert (one.retired is None, two.retired is None, two.is_listed) == (False, True, False)
    assert (tmp_path / "two/first").exists()
    assert room.run("sync", "one").returncode == 2
    listed = room.run("list").stdout
    assert "one            retired" in listed


def test_only_the_address_of_a_place_changes(room: Room, tmp_path: Path) -> None:
    room.add("--name", "one")
    with serving(room.served.folder) as other:
        turned = room.run("rotate", "one", f"folder:{room.served.folder}", "--public", other.address, "--json")
    assert json.loads(turned.stdout)["replaces"] == "one"
    assert [mirror.name for mirror in read_register(room.folder).live()] == ["folder-1"]


def test_a_mirror_is_forgotten_with_what_lets_us_in(room: Room) -> None:
    room.add("--name", "north")
    write_secrets(room.folder, "north", {"password": "hush"})
    assert secrets_file(room.folder, "north").stat().st_mode & 0o777 == 0o600
    assert secrets_file(room.folder, "north").parent.stat().st_mode & 0o777 == 0o700
    assert room.run("remove", "north", "--yes").returncode == 0
    assert not secrets_file(room.folder, "north").exists()
    assert not files_of(room.folder, "north").exists()
    assert (room.served.folder / "first").exists()


def test_a_file_with_secrets_that_no_place_asks_for_is_refused(room: Room, tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text('{"password": "hush"}')
    refused = room.add("--secret-file", tmp_path / "secrets.json")
    assert (refused.returncode, "It asks for nothing." in refused.stderr) == (2, True)
    assert "hush" not in refused.stderr


ASKING = """
import sys
from stet.mirrors.places import folder
folder.SECRETS = {"password": "Of the account there.", "key": "A private key."}
from stet.project import mirrors_command
from stet.project.command import main
main()
"""


def test_what_lets_us_in_is_typed_without_being_shown(room: Room) -> None:
    assert folder_place.SECRETS == {}
    here, there = pty.openpty()
    command = [STET[0], "-c", ASKING, "mirrors", "add", f"folder:{room.served.folder}", "--name", "north", "--later"]
    process = subprocess.Popen(
        [*command, "-n", room.folder],
        env=environment(),
        stdin=there,
        stdout=there,
        stderr=there,
        start_new_session=True,
    )
    os.close(there)
    said = b""
    answers = [b"hush-hush\n", b"\n"]
    with suppress(OSError):  # a terminal whose other side is gone
        while select.select([here], [], [], 60)[0] and (part := os.read(here, 4096)):
            said += part
            if answers and said.endswith(b": "):  # The space comes once nothing is shown any more.
                os.write(here, answers.pop(0))
                said += b"\n"
    assert process.wait(60) == 0, said
    os.close(here)
    assert b"hush" not in said
    assert b"Of the account there." in said
    assert read_secrets(room.folder, "north") == {"password": "hush-hush"}


# --- What the doctor says ---


def doctor_says(room: Room) -> list[tuple[str, str]]:
    found = check_mirrors(open_newsroom(room.folder), datetime.now(UTC))
    return [(finding.level, finding.what) for finding in found]


def test_the_doctor_looks_at_mirrors(room: Room) -> None:
    assert doctor_says(room)[0][0] == "note"
    room.add("--name", "north")
    assert doctor_says(room) == [("ok", "Mirrors that were looked at and found good: 1.")]
    write_secrets(room.folder, "north", {"password": "hush"})
    secrets_file(room.folder, "north").chmod(0o644)
    now = datetime.now(UTC)
    behind = Check(state=State.BEHIND, checked=now, last_success=now - timedelta(minutes=50), problem="An older one.")
    write_check(room.folder, "north", behind)
    others = ("problem", "Others on this machine may read what lets us in at a mirror: north.json.")
    assert doctor_says(room)[0] == others
    secrets_file(room.folder, "north").chmod(0o600)
    assert doctor_says(room)[0][0] == "ok", "It is behind for less than an hour."
    late = Check(state=State.BEHIND, checked=now, last_success=now - timedelta(minutes=70), problem="An older one.")
    write_check(room.folder, "north", late)
    assert doctor_says(room) == [("problem", "The mirror north is behind for more than an hour. An older one.")]
    write_check(room.folder, "north", Check(state=State.BROKEN, checked=now, last_success=now))
    assert doctor_says(room)[0][0] == "problem"
    write_check(room.folder, "north", Check(state=State.CURRENT, checked=now - timedelta(hours=3), last_success=now))
    assert doctor_says(room) == [("note", "Nobody has looked at the mirror north for hours.")]
