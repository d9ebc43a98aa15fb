"""A press that ends anywhere leaves one edition or the next, and the next run mends it.

Each press under test is a fork of the test's process that opens everything anew. Half of them are killed at a write
of the edition, half at a random moment while the newsroom goes on changing.
"""

import errno
import os
import random
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connections

from stet.edition.disk import OnStep
from stet.edition.errors import FolderRefusedError, FolderUnreachableError
from stet.edition.folder import EditionFolder
from stet.newsroom.models import ArticlePage, Person
from stet.press.errors import MemoryUnreachableError
from tests.press.builders import NOON, House, SmallPaper, a_paper, a_photo, an_article, by, clear_newsroom, stored, text

KILLS = int(os.environ.get("STET_KILLS", "60"))
"""`make crash-press` kills 210 times."""
LONGEST_DELAY_SECONDS = 0.08
LONGEST_PRINT_SECONDS = 60.0


@pytest.fixture
def quick_folder() -> Iterator[Path]:
    """A folder in memory, where there is one: a kill ends a process, not the machine, so the disk plays no part."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture
def stories(transactional_db: None) -> Iterator[list[ArticlePage]]:
    """A dozen signed stories in one language."""
    clear_newsroom()
    paper = a_paper(["en"])
    yield [
        by(an_article(paper.sections["en"][number % 2], f"story-{number}"), paper.people["en"]) for number in range(12)
    ]
    clear_newsroom()


# --- Kills ---


def test_kills_at_any_moment_leave_one_edition_or_the_next_and_the_next_run_mends(
    quick_folder: Path, stories: list[ArticlePage]
) -> None:
    dice = random.Random(11)
    house = House(quick_folder / "paper")
    house.print()
    killed = 0
    rounds = 0
    while killed < KILLS:
        rounds += 1
        assert rounds < 3 * KILLS, "Most presses were done before they were killed."
        if rounds % 20 == 0:
            house.forget()
        change(dice, stories, has_photo=rounds % 15 == 0)
        before = seq(house)
        was_killed, announced = kill_a_press(
            house, dice, at_a_write=rounds % 2 == 0, change=lambda: change(dice, stories)
        )
        killed += was_killed
        report = verified(house)
        assert report.problems == []
        assert before <= report.seq <= before + 1 + announced
        if rounds % 50 == 0:
            house.print()
            assert house.check().ok
    house.print()
    assert house.check().ok, house.check().sentence
    assert house.verify() == []
    assert list(EditionFolder(house.newsroom.edition).walk_strays()) == []


def test_a_full_print_in_one_process_keeps_the_files_of_photos_and_sheets_apart(
    house: House, paper: SmallPaper
) -> None:
    an_article(paper.sections["en"][0], "flood", lead_photo=a_photo())
    house.print()
    assert house.verify() == []
    assert house.check().ok


def test_journal_and_memory_may_go_after_a_kill_and_come_back(quick_folder: Path, stories: list[ArticlePage]) -> None:
    house = House(quick_folder / "paper")
    house.print()
    for step in ("next.json", "put", "edition.json", "done"):
        ArticlePage.objects.all().update(title=f"Killed at {step}")
        die_at(house, step)
        (house.newsroom.edition / "journal").unlink(missing_ok=True)
        house.forget()
        house.print()
        assert f"Killed at {step}" in house.page("/")
        assert house.verify() == [], step
        assert house.check().ok, step


def test_a_kill_between_the_edition_and_the_memory_leaves_no_sheet_behind(
    quick_folder: Path, stories: list[ArticlePage]
) -> None:
    house = House(quick_folder / "paper")
    house.print()
    address = stories[0].printed_path()
    stories[0].slug = "another-address"
    stories[0].save()
    die_at(house, "done")
    stories[0].slug = "a-third-address"
    stories[0].save()
    house.print()
    assert house.has("/2026/03/01/a-third-address/")
    assert not house.has("/2026/03/01/another-address/")
    assert not house.has(address)
    assert house.check().ok


def change(dice: random.Random, stories: list[ArticlePage], *, has_photo: bool = False) -> None:
    """One of the things that editors do, straight in the database, so that it takes no time."""
    article = ArticlePage.objects.get(pk=dice.choice(stories).pk)
    words = f"{dice.getrandbits(40):x}"
    match dice.randrange(6):
        case 0:
            article.live = not article.live
        case 1:
            article.slug = f"story-{words}"
        case 2:
            Person.objects.update(name=f"Ann {words}")
        case 3:
            article.tags.set([dice.choice(["courts", "floods", "trade"])])
        case 4:
            article.body = stored(text(f"<p>Words {words}.</p>"))
        case _:
            article.title = f"Title {words}"
    if has_photo:
        article.lead_photo = a_photo(f"#{dice.getrandbits(24):06x}")
    article.save()


def kill_a_press(
    house: House, dice: random.Random, *, at_a_write: bool, change: Callable[[], None]
) -> tuple[bool, int]:
    """Kill a press in a process of its own; whether it was still at work, and how many editions it announced."""
    child, told = a_press(house)
    if at_a_write:
        steps = read_steps(told, dice.randrange(1, 60))
    else:
        steps = read_steps(told, 1)
        change()
        time.sleep(dice.uniform(0, LONGEST_DELAY_SECONDS))  # the random moment itself: nothing is waited for
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    _child, status = os.waitpid(child, 0)
    steps += read_steps(told, None)
    os.close(told)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, b"\n".join(steps)
    return os.WIFSIGNALED(status), steps.count(b"next.json")


def die_at(house: House, step: str) -> None:
    """Let a press print in a process of its own that kills itself when it comes to this step."""

    def end(name: str) -> None:
        if name == step:
            os.kill(os.getpid(), signal.SIGKILL)

    child, told = a_press(house, end)
    _child, status = os.waitpid(child, 0)
    os.close(told)
    assert os.WIFSIGNALED(status), f"The press never came to {step}."


def a_press(house: House, at_each_step: OnStep = lambda _step: None) -> tuple[int, int]:
    """Fork a press that prints once; its id, and where it tells each step of the edition, a word in a line."""
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading

    def tell(step: str) -> None:
        os.write(writing, step.encode() + b"\n")
        at_each_step(step)

    try:
        tell("begun")
        fresh = House(house.folder)
        fresh.place.edition = EditionFolder(house.newsroom.edition, on_step=tell)
        fresh.print()
        os._exit(0)
    except BaseException as error:  # the parent reads what went wrong
        os.write(writing, f"{type(error).__name__} {error}\n".encode())
    finally:
        os._exit(1)


def read_steps(told: int, count: int | None) -> list[bytes]:
    """The next steps, up to `count` or to the end of the press."""
    steps: list[bytes] = []
    deadline = time.monotonic() + LONGEST_PRINT_SECONDS
    while count is None or len(steps) < count:
        ready, _, _ = select.select([told], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, "The press neither printed nor ended."
        said = os.read(told, 4096)
        if not said:
            break
        steps += said.split()
    return steps


def seq(house: House) -> int:
    """The edition's number."""
    pointer = house.place.edition.pointer()
    assert pointer
    return pointer.seq


def verified(house: House):  # type: ignore[no-untyped-def]
    """What `stet verify` finds."""
    from stet.edition.verify import verify_folder

    return verify_folder(house.site, root=house.site_key, now=house.now)


# --- Disks that fail ---


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    made = subprocess.run(mount, check=False, capture_output=True, text=True)
    assert made.returncode == 0, f"This test mounts a small disk and may not. Run it as root. {made.stderr}"
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_said_in_a_sentence_and_costs_no_sheet(small_disk: Path, stories: list[ArticlePage]) -> None:
    house = House(small_disk / "paper")
    house.print()
    before = seq(house)
    rest = small_disk / "rest"
    fill(rest)
    for story in stories:
        story.title, story.body = "A headline that comes in time", stored(text(f"<p>{'More. ' * 900}</p>"))
        story.save()
    with pytest.raises((FolderUnreachableError, MemoryUnreachableError), match="Make room"):
        house.print()
    assert verified(house).problems == []
    assert seq(house) in (before, before + 1)
    rest.unlink()
    house.print()
    assert "A headline that comes in time" in house.page("/")
    assert house.verify() == []
    assert house.check().ok


def fill(file: Path) -> None:
    """Take all the room there is left."""
    with suppress(OSError), file.open("wb", buffering=0) as opened:
        while True:
            opened.write(b"\0" * 4096)


def test_an_edition_that_may_not_be_written_is_said_in_a_sentence(
    quick_folder: Path, stories: list[ArticlePage]
) -> None:
    house = House(quick_folder / "paper")
    house.print()
    before = seq(house)
    ArticlePage.objects.all().update(title="A headline that comes in time")
    for step in ("stage", "journal", "next.json", "put", "edition.json"):
        house.place.edition = EditionFolder(house.newsroom.edition, on_step=refuse_at(step))
        with pytest.raises(FolderRefusedError, match="may not be written; give this user the right"):
            house.print()
        assert verified(house).problems == [], step
    house.place.edition = EditionFolder(house.newsroom.edition)
    house.print()
    assert seq(house) > before
    assert "A headline that comes in time" in house.page("/")
    assert house.check().ok


def refuse_at(step: str) -> OnStep:
    """A folder that turns read-only when it comes to this step."""

    def refuse(name: str) -> None:
        if name == step:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    return refuse


def test_a_memory_that_is_no_database_is_made_anew(quick_folder: Path, stories: list[ArticlePage]) -> None:
    house = House(quick_folder / "paper")
    house.print()
    shutil.rmtree(house.folder / "data")
    (house.folder / "data").mkdir()
    (house.folder / "data" / "press.sqlite3").write_bytes(b"no database at all" * 100)
    ArticlePage.objects.all().update(title="After the damage")
    house.print()
    assert "After the damage" in house.page("/")
    assert house.check().ok


def test_a_story_published_while_a_press_prints_is_in_the_next_edition(house: House, paper: SmallPaper) -> None:
    house.print()
    child, told = a_press(house)
    read_steps(told, 1)
    an_article(paper.sections["en"][0], "meanwhile", published=NOON)
    os.waitpid(child, 0)
    os.close(told)
    house.print()
    assert house.has("/2026/03/01/meanwhile/")
    assert house.check().ok
