"""The process that carries: every edition at once, each mirror on its own, whatever another one does."""

import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event, Thread

import brotli
import pytest

from stet.edition.verify import verify_folder
from stet.mirrors import carrying
from stet.mirrors.asking import Wish, ask, asked_since
from stet.mirrors.base import Place
from stet.mirrors.carrying import Home
from stet.mirrors.checks import State, read_check
from stet.mirrors.errors import MirrorRefusedError
from stet.mirrors.following import Pace, Pause, follow
from stet.mirrors.places import open_place
from stet.mirrors.places.folder import FolderPlace
from stet.mirrors.register import Mirror, Register, read_register, write_register
from stet.mirrors.registering import retire
from stet.mirrors.sync import awaits_copies
from tests.edition.builders import Paper, a_paper, a_put
from tests.mirrors.serving import serving, silent

SOURCE = Path(__file__).parents[2] / "src"
LONGEST_WAIT_SECONDS = 60.0
QUICK = Pace(look=0.02, retry=0.05, printing=0.05, cache=0.05, check=0.2, end=20.0)
PATIENT = Pace(look=0.02, retry=3600.0, longest_retry=3600.0, check=3600.0, end=20.0)


@dataclass
class Newsroom:
    """A paper, and a register beside it."""

    folder: Path
    paper: Paper
    stop: Event = field(default_factory=Event)
    ended_in_time: list[bool] = field(default_factory=list)

    @property
    def home(self) -> Home:
        return Home(folder=self.folder, site=self.paper.site)

    def add(self, name: str, target: str = "", **fields: object) -> Path:
        """Add a mirror; its folder."""
        mirror = Mirror(
            name=name, target=target or f"folder:{self.place(name)}", added=datetime.now(UTC),
            **{"public": "", **fields},
        )  # fmt: skip
        write_register(self.folder, Register(mirrors=(*read_register(self.folder).mirrors, mirror)))
        return self.place(name)

    def place(self, name: str) -> Path:
        return self.folder / "places" / name

    def holds(self, name: str, path: str) -> bool:
        """Whether a mirror has a sheet, and the edition that it belongs to whole."""
        return (self.place(name) / path).exists() and self.seq(name) == self.paper.folder.pointer().seq

    def seq(self, name: str) -> int | None:
        with suppress(FileNotFoundError):
            import msgspec

            stored = (self.place(name) / ".well-known/stet/edition.json").read_bytes()
            return msgspec.json.decode(stored)["seq"]
        return None

    @contextmanager
    def following(self, pace: Pace = QUICK) -> Iterator[None]:
        thread = Thread(target=lambda: self.ended_in_time.append(follow(self.home, self.stop, pace=pace)), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.stop.set()
            thread.join()


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    folder = tmp_path / "paper"
    paper = a_paper(folder / "edition")
    paper.now = datetime.now(UTC).replace(microsecond=0)
    paper.commit(a_put("/first", "first"))
    paper.key.save(folder / "site.pub")
    (folder / "stet.toml").write_text("")
    return Newsroom(folder, paper)


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.02)


class Hanging(FolderPlace):
    """A place that takes a connection and does no more."""

    released = Event()

    def put(self, *_: object) -> None:
        self.released.wait(LONGEST_WAIT_SECONDS)
        raise MirrorRefusedError("It hung.")


class Closed(FolderPlace):
    """A place that lets nobody in, until it does."""

    is_open = False

    def read(self, path: str, *, most_bytes: int) -> bytes | None:
        if not Closed.is_open:
            raise MirrorRefusedError("The password was refused.")
        return super().read(path, most_bytes=most_bytes)


@pytest.fixture
def _places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds that fail."""
    Hanging.released, Closed.is_open = Event(), False
    kinds = {"hanging": Hanging, "closed": Closed}

    def open_(target: str, secrets: Mapping[str, str], *, folder: Path | None = None) -> Place:
        kind, _colon, path = target.partition(":")
        return kinds[kind](Path(path)) if kind in kinds else open_place(target, secrets, folder=folder)

    monkeypatch.setattr(carrying, "open_place", open_)


def test_every_edition_is_carried_as_soon_as_it_stands(newsroom: Newsroom) -> None:
    newsroom.add("north")
    with newsroom.following():
        until(lambda: newsroom.holds("north", "first"))
        newsroom.paper.commit(a_put("/second", "second"))
        until(lambda: newsroom.holds("north", "second"))
        until(lambda: read_check(newsroom.folder, "north").state is State.CURRENT)
    assert newsroom.ended_in_time == [True]
    report = verify_folder(newsroom.place("north"), root=newsroom.paper.key, now=newsroom.paper.now)
    assert report.problems == []


def test_compressed_copies_follow_and_then_nothing_is_waited_for_but_the_next_edition(newsroom: Newsroom) -> None:
    place = newsroom.add("north")
    paths = [path for path in newsroom.paper.texts() if path.endswith((".html", ".css", "/first"))]
    with newsroom.following(Pace(look=0.02, copies=0.1, cache=0.05)):
        until(lambda: newsroom.holds("north", "first"))
        for path in paths:
            body, entry = newsroom.paper.folder.file(path).read_bytes(), newsroom.paper.folder.entry(path)
            for suffix, pack in ((".br", brotli.compress), (".gz", gzip.compress)):
                newsroom.paper.folder.put_compressed(path, entry.digest, suffix, pack(body))
        until(lambda: all((place / f"{path[1:]}.br").exists() for path in paths))
        until(lambda: not awaits_copies(newsroom.folder / "data/mirrors/north"))
        newsroom.paper.commit(a_put("/second"))
        until(lambda: newsroom.holds("north", "second"))


@pytest.mark.usefixtures("_places")
def test_a_mirror_that_hangs_keeps_none_of_the_others_back(newsroom: Newsroom) -> None:
    newsroom.add("dead", f"hanging:{newsroom.place('dead')}")
    newsroom.add("north")
    with newsroom.following(Pace(look=0.02, end=0.1)):
        until(lambda: newsroom.holds("north", "first"))
        for number in range(3):
            newsroom.paper.commit(a_put(f"/next-{number}"))
            until(partial(newsroom.holds, "north", f"next-{number}"))
    Hanging.released.set()
    assert newsroom.ended_in_time == [False], "Who started the process is told that a thread still hangs."


@pytest.mark.usefixtures("_places")
def test_a_mirror_that_failed_is_tried_again_until_it_lets_us_in(newsroom: Newsroom) -> None:
    newsroom.add("north", f"closed:{newsroom.place('north')}")
    with newsroom.following():
        until(lambda: read_check(newsroom.folder, "north").refusal == "The password was refused.")
        Closed.is_open = True
        until(lambda: newsroom.holds("north", "first"))
        until(lambda: read_check(newsroom.folder, "north").refusal == "")


@pytest.mark.usefixtures("_places")
@pytest.mark.parametrize("ends", ["asking", "other secrets"])
def test_a_long_pause_is_ended_by(ends: str, newsroom: Newsroom) -> None:
    newsroom.add("north", f"closed:{newsroom.place('north')}")
    with newsroom.following(PATIENT):
        until(lambda: read_check(newsroom.folder, "north").refusal)
        Closed.is_open = True
        newsroom.paper.commit(a_put("/second"))
        if ends == "asking":
            ask(newsroom.folder, "north", Wish.CARRY)
        else:
            (newsroom.folder / "keys/mirrors").mkdir(parents=True)
            (newsroom.folder / "keys/mirrors/north.json").write_text("{}")
        until(lambda: newsroom.holds("north", "second"))
        assert asked_since(newsroom.folder, "north") is None


def test_somebody_who_asks_for_a_look_gets_one(newsroom: Newsroom) -> None:
    newsroom.add("north")
    with newsroom.following(Pace(look=0.02, cache=3600.0, check=3600.0)):
        until(lambda: newsroom.holds("north", "first"))
        ask(newsroom.folder, "north", Wish.CHECK)
        until(lambda: read_check(newsroom.folder, "north").state is State.CURRENT)


def test_the_register_is_followed_while_the_process_runs(newsroom: Newsroom) -> None:
    newsroom.add("north")
    with newsroom.following():
        until(lambda: newsroom.holds("north", "first"))
        newsroom.add("south")
        until(lambda: newsroom.holds("south", "first"))
        retire(newsroom.folder, "north", now=datetime.now(UTC))
        newsroom.paper.commit(a_put("/second"))
        until(lambda: newsroom.holds("south", "second"))
        (newsroom.folder / "mirrors.json").write_text("{damaged")
        newsroom.paper.commit(a_put("/third"))
        until(lambda: newsroom.holds("south", "third"))
        carried = (newsroom.place("south") / ".well-known/stet/edition.json").stat().st_mtime
        until(lambda: read_check(newsroom.folder, "south").last_success.timestamp() >= carried)
        assert read_check(newsroom.folder, "south").refusal == ""
    assert not (newsroom.place("north") / "third").exists()


def test_an_edition_that_is_just_being_printed_is_no_failure(newsroom: Newsroom) -> None:
    class CutError(Exception):
        pass

    def cut(step: str) -> None:
        if step == "edition.json":
            raise CutError

    newsroom.paper.folder._disk.on_step = cut
    with suppress(CutError):
        newsroom.paper.commit(a_put("/second"))
    assert (newsroom.paper.proof / "next.json").exists()
    newsroom.add("north")
    with newsroom.following():
        until(lambda: read_check(newsroom.folder, "north").checked)
        assert newsroom.seq("north") is None
        newsroom.paper.folder._disk.on_step = lambda _step: None
        newsroom.paper.commit(a_put("/second"))
        until(lambda: newsroom.holds("north", "second"))
    assert read_check(newsroom.folder, "north").refusal == ""


def test_told_to_stop_a_sync_ends_before_its_next_file(newsroom: Newsroom) -> None:
    newsroom.paper.commit(*(a_put(f"/s/{n}", "0" * 1_000) for n in range(100)))
    newsroom.add("north", kilobytes_per_second=20)
    with newsroom.following():
        until(lambda: (newsroom.place("north") / "s").exists())
    assert newsroom.ended_in_time == [True]
    assert not newsroom.holds("north", "s/99")


def test_pauses_double_up_to_the_longest_and_begin_anew_after_a_success() -> None:
    pause = Pause(5.0, 900.0)
    pauses = [pause.next() for _ in range(12)]
    for number, one in enumerate(pauses):
        middle = min(5.0 * 2**number, 900.0)
        assert 0.8 * middle <= one <= 1.2 * middle
    pause.reset()
    assert pause.next() <= 6.0


# --- The process itself ---


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "STET_", "COV"))}
    return {**kept, "PYTHONPATH": str(SOURCE), **more}


def test_the_process_carries_beside_a_dead_mirror_and_a_silent_one_and_logs_no_host(newsroom: Newsroom) -> None:
    (newsroom.folder / "places").mkdir()
    with serving(newsroom.place("good")) as good, serving(newsroom.place("silent")) as mute:
        mute.answers["*"] = silent(mute)
        newsroom.add("dead", "folder:/proc/nothing-is-here")
        newsroom.add("silent", public=mute.address)
        newsroom.add("good", public=good.address)
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "stet.project.processes", "mirrors"],
            env=environment(STET_NEWSROOM=str(newsroom.folder)), stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            until(lambda: newsroom.holds("good", "first") and newsroom.holds("silent", "first"))
            newsroom.paper.commit(a_put("/second"))
            until(lambda: newsroom.holds("good", "second") and newsroom.holds("silent", "second"))
            until(lambda: read_check(newsroom.folder, "dead").refusal)
            ask(newsroom.folder, "good", Wish.CHECK)
            until(lambda: read_check(newsroom.folder, "good").state is State.CURRENT)
            loaded = Path(f"/proc/{process.pid}/maps").read_text()
        finally:
            process.send_signal(signal.SIGTERM)
            _out, said = process.communicate(timeout=LONGEST_WAIT_SECONDS)
    assert process.returncode == 0
    assert "Mirror dead:" in said
    logged = said + (newsroom.folder / "logs/stet.log").read_text()
    assert "127.0.0.1" not in logged
    assert "/proc" not in logged
    assert "_sqlite3" not in loaded, "It needs no database."


@pytest.mark.parametrize("action", ["sync", "check"])
def test_another_machine_carries_with_a_copy_of_the_edition(action: str, newsroom: Newsroom) -> None:
    newsroom.add("north")
    command = [sys.executable, "-P", "-m", "stet.mirrors", action, "--site", newsroom.paper.site]
    done = subprocess.run(
        [*command, "--register", newsroom.folder], env=environment(), capture_output=True, text=True,
        timeout=LONGEST_WAIT_SECONDS,
    )  # fmt: skip
    if action == "sync":
        assert (done.returncode, done.stdout) == (0, "north: edition 2; 5 sheets put, 0 removed.\n")
        assert newsroom.holds("north", "first")
    else:
        assert (done.returncode, done.stdout) == (1, "north: broken. No edition stands at the public address. Does it "
                                                     "lead to where the files are put?\n")  # fmt: skip


def test_another_machine_is_refused_in_a_sentence(newsroom: Newsroom) -> None:
    command = [sys.executable, "-P", "-m", "stet.mirrors", "sync", "north", "--site", newsroom.paper.site]
    done = subprocess.run([*command, "--register", newsroom.folder], env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "There is no mirror yet. Add one first.\n")
