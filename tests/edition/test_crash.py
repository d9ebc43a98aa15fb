"""A writer that ends anywhere, by a crash, a kill or a full disk, leaves one edition or the next."""

import errno
import os
import random
import signal
import tempfile
from pathlib import Path

import pytest

from stet.edition.disk import Disk
from stet.edition.errors import FolderRefusedError, FolderUnreachableError
from stet.edition.folder import EditionFolder, Recovery
from stet.edition.sheet import file_path
from stet.edition.superseded import KEPT_EDITIONS
from tests.edition.builders import HOUR, a_paper, a_put

KILLS = 220
SHEETS = 40


@pytest.fixture
def quick_path():
    """A folder in memory, where there is one: a kill ends the process, not the machine; the disk plays no part."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


class DiedError(BaseException):
    """The end of the process, at a step; no handler of ordinary errors sees it."""


def a_larger_paper(path):
    """Enough sheets for a manifest with nodes."""
    paper = a_paper(path)
    paper.commit(*(a_put(f"/old/{number}/", f"old {number}") for number in range(150)))
    paper.folder.close()
    return paper


def an_edition(number):
    """What edition `number` puts and removes: sheets come, change, go, and a file becomes a folder and back."""
    even = number % 2 == 0
    puts = [a_put(f"/story/{sheet}/", f"{sheet} of {number}") for sheet in range(number % 5, SHEETS, 3)]
    puts.append(a_put("/shape" if even else "/shape/inside/", f"shape of {number}"))
    removes = [f"/story/{sheet}/" for sheet in range((number + 1) % 5, SHEETS, 7)]
    removes.append("/shape/inside/" if even else "/shape")
    names = {put.path for put in puts}
    return puts, [path for path in removes if path not in names]


def commit(folder, paper, number, *, durable=False):
    puts, removes = an_edition(number)
    return folder.commit(puts, removes, now=paper.now + number * HOUR, signer=paper.signer, durable=durable)


def stop_at(count, error, *, among=None):
    """Ends the writer at its `count`th step from now, of those called `among` where that is given."""
    left = [count]

    def on_step(step):
        left[0] -= among in (None, step)
        if left[0] == 0:
            raise error

    return on_step, left


def steps_of_a_commit(quick_path):
    paper = a_larger_paper(quick_path / "count")
    with EditionFolder(paper.folder.path) as folder:
        commit(folder, paper, 1)
    on_step, left = stop_at(10**6, DiedError())
    with EditionFolder(paper.folder.path, on_step=on_step) as folder:
        commit(folder, paper, 2)
    return 10**6 - left[0]


def check_and_mend(paper, before, number):
    """The edition is `before` or the one after, whole; the next writer goes on from there."""
    report = paper.verify(now=paper.now + number * HOUR)
    assert report.problems == []
    assert report.seq in (before, before + 1)
    with EditionFolder(paper.folder.path) as folder:
        assert folder.recovery in (Recovery.NOTHING, Recovery.FINISHED)
        assert folder.next_pointer() is None
        report = paper.verify(now=paper.now + number * HOUR)
        assert report.problems == []
        pointer = commit(folder, paper, number)
        assert pointer.seq > report.seq
        assert list(folder.walk_strays()) == []
    report = paper.verify(now=paper.now + number * HOUR)
    assert (report.problems, report.is_printing) == ([], False)
    return pointer.seq


def test_a_writer_that_dies_at_any_step_leaves_one_edition_or_the_next(quick_path):
    steps = steps_of_a_commit(quick_path)
    assert steps > 40
    paper = a_larger_paper(quick_path / "paper")
    with EditionFolder(paper.folder.path) as folder:
        seq = commit(folder, paper, 1).seq
    for count in range(1, steps + 1):
        on_step, _left = stop_at(count, DiedError())
        dying = EditionFolder(paper.folder.path, on_step=on_step)
        dying.become_writer()
        with pytest.raises(DiedError):
            commit(dying, paper, 2 * count)
        dying.close()
        seq = check_and_mend(paper, seq, 2 * count + 1)


def test_a_writer_that_dies_while_it_recovers_is_recovered_by_the_next(quick_path):
    paper = a_larger_paper(quick_path / "paper")
    with EditionFolder(paper.folder.path) as folder:
        seq = commit(folder, paper, 1).seq
    on_step, _left = stop_at(5, DiedError(), among="put")
    dying = EditionFolder(paper.folder.path, on_step=on_step)
    with pytest.raises(DiedError):
        commit(dying, paper, 2)
    dying.close()
    assert dying.next_pointer() is not None
    for _ in range(8):
        on_step, _left = stop_at(2, DiedError(), among="put")
        dying = EditionFolder(paper.folder.path, on_step=on_step)
        with pytest.raises(DiedError):
            dying.become_writer()
        dying.close()
        assert paper.verify(now=paper.now + 2 * HOUR).problems == []
    check_and_mend(paper, seq, 3)


def test_what_a_dead_writer_left_half_written_never_becomes_a_sheet(quick_path):
    """A recovery that dies while it writes the pointer leaves a file in the staging folder, and the next finds it."""
    paper = a_larger_paper(quick_path / "paper")
    on_step, _left = stop_at(1, DiedError(), among="edition.json.sig")
    dying = EditionFolder(paper.folder.path, on_step=on_step)
    with pytest.raises(DiedError):
        commit(dying, paper, 1)
    dying.close()
    half_written = Disk(paper.folder.path / "staging")
    for _ in range(SHEETS):
        half_written.write_aside(b"half a pointer", "part")
    check_and_mend(paper, 2, 2)


def test_a_part_that_came_back_into_use_outlives_a_death_before_it_is_remembered(quick_path):
    paper = a_larger_paper(quick_path / "paper")
    before = paper.folder.pointer().root
    with EditionFolder(paper.folder.path) as folder:
        folder.commit([a_put("/new/", "new")], (), now=paper.now, signer=paper.signer, durable=False)
    on_step, _left = stop_at(1, DiedError(), among="superseded")
    dying = EditionFolder(paper.folder.path, on_step=on_step)
    with pytest.raises(DiedError):
        dying.commit((), ["/new/"], now=paper.now, signer=paper.signer, durable=False)
    dying.close()
    with EditionFolder(paper.folder.path) as folder:
        assert folder.pointer().root == before
        for _ in range(2 * KEPT_EDITIONS):
            folder.resign(now=paper.now, signer=paper.signer, durable=False)
    assert paper.verify().problems == []


def test_two_hundred_kills_at_any_moment_leave_one_edition_or_the_next(quick_path):
    moments = random.Random(7)
    paper = a_larger_paper(quick_path / "paper")
    number, interrupted = 1, 0
    for _ in range(KILLS):
        before = paper.folder.pointer().seq
        told, number = kill_a_writer(paper, number, steps=moments.randrange(1, 110))
        report = paper.verify(now=paper.now + number * HOUR)
        assert report.problems == []
        assert report.seq in (told or before, (told or before) + 1)
        interrupted += report.is_printing
    assert interrupted > KILLS // 4
    check_and_mend(paper, paper.folder.pointer().seq, number + 1)


def kill_a_writer(paper, number, *, steps):
    """Let a process commit in a loop, kill it some steps later; the last seq it told (or None), and the next number."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        write_until_killed(paper, number, writing)
    os.close(writing)
    seq, line = None, b""
    with open(reading, "rb") as told:
        for line_number, line in enumerate(told):
            if line_number == steps:
                os.kill(child, signal.SIGKILL)
            if line.startswith(b"edition ") and line.endswith(b"\n"):
                seq, number = map(int, line.split()[1:])
    _child, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), line
    return seq, number + 1


def write_until_killed(paper, number, writing):
    try:
        folder = EditionFolder(paper.folder.path, on_step=lambda step: os.write(writing, b"step\n"))
        folder.become_writer()
        os.write(writing, b"edition %d %d\n" % (folder.pointer().seq, number))
        for later in range(number, number + 1000):
            pointer = commit(folder, paper, later)
            os.write(writing, b"edition %d %d\n" % (pointer.seq, later))
    except BaseException as error:  # the parent tells what went wrong
        os.write(writing, repr(error).encode())
    finally:
        os._exit(1)


@pytest.mark.parametrize(
    ("code", "family", "sentence"),
    [
        (errno.ENOSPC, FolderUnreachableError, "is full; what stands there still stands. Make room and print again."),
        (errno.EIO, FolderUnreachableError, "did not do its part"),
        (errno.EROFS, FolderRefusedError, "may not be written"),
    ],
)
def test_a_disk_that_fails_at_any_step_is_said_in_a_sentence_and_costs_nothing(quick_path, code, family, sentence):
    paper = a_larger_paper(quick_path / "paper")
    with EditionFolder(paper.folder.path) as folder:
        seq = commit(folder, paper, 1).seq
    steps = steps_of_a_commit(quick_path)
    for number, count in enumerate(range(1, steps + 1, 4), start=1):
        on_step, _left = stop_at(count, OSError(code, os.strerror(code)))
        with EditionFolder(paper.folder.path, on_step=on_step) as folder:
            with pytest.raises(family, match=sentence):
                commit(folder, paper, 2 * number)
            assert paper.verify(now=paper.now + 2 * number * HOUR).problems == []
            seq = commit(folder, paper, 2 * number + 1).seq
        report = paper.verify(now=paper.now + (2 * number + 1) * HOUR)
        assert (report.problems, report.seq) == ([], seq)


def test_a_failure_before_the_announcement_leaves_no_trace(quick_path):
    paper = a_larger_paper(quick_path / "paper")
    before = {file: file.stat().st_mtime_ns for file in paper.site.rglob("*") if file.is_file()}
    on_step, _left = stop_at(20, OSError(errno.ENOSPC, "full"))
    with EditionFolder(paper.folder.path, on_step=on_step) as folder:
        with pytest.raises(FolderUnreachableError):
            commit(folder, paper, 1)
        assert list(folder.staging.iterdir()) == []
    assert {file: file.stat().st_mtime_ns for file in paper.site.rglob("*") if file.is_file()} == before


def test_without_its_journal_an_interrupted_commit_is_given_up_and_all_put_again_mends_it(quick_path):
    paper = a_larger_paper(quick_path / "paper")
    on_step, _left = stop_at(5, DiedError(), among="put")
    dying = EditionFolder(paper.folder.path, on_step=on_step)
    with pytest.raises(DiedError):
        commit(dying, paper, 1)
    dying.close()
    assert dying.next_pointer() is not None
    announced = dying.next_pointer().seq
    (paper.folder.path / "journal").unlink()
    with EditionFolder(paper.folder.path) as folder:
        assert folder.recovery is Recovery.LOST
        everything = [
            *(a_put(f"/old/{number}/", f"old {number}") for number in range(150)),
            *(paper.a_page(path) for path in ("/one/", "/two/", "/")),
            a_put("/style.css", "p { margin: 0 }", "text/css"),
            *an_edition(1)[0],
        ]
        named = {file_path(put.path) for put in everything}
        strays = [path for path in folder.walk_strays() if path not in named]
        pointer = folder.commit(everything, strays, now=paper.now, signer=paper.signer, durable=False)
    assert pointer.seq > announced
    assert paper.verify().problems == []
