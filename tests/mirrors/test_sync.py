"""A mirror follows an edition, a difference at a time, and is one edition or the next at every moment."""

import gzip
import random
from pathlib import Path
from threading import Lock

import brotli
import pytest

from stet.edition.errors import EditionBrokenError
from stet.edition.folder import Put
from stet.edition.superseded import KEPT_EDITIONS
from stet.mirrors.base import OnStep
from stet.mirrors.errors import MirrorBrokenError, OtherSiteError, PointerMovedError, ShrinkingError
from tests.edition.builders import Paper, a_paper, a_put
from tests.mirrors.builders import Mirror


class DiedError(BaseException):
    """The end of the process, at a step."""


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    return Mirror(a_paper(tmp_path / "paper"), tmp_path / "mirror")


def test_a_mirror_holds_what_the_edition_holds_and_verifies(mirror: Mirror) -> None:
    outcome = mirror.sync()
    assert mirror.texts() == mirror.paper.texts()
    assert mirror.verify().problems == []
    assert (outcome.put, outcome.removed) == (4, 0)


def test_a_second_sync_puts_nothing(mirror: Mirror) -> None:
    mirror.sync()
    outcome = mirror.sync()
    assert (outcome.put, outcome.removed, outcome.sent_bytes) == (0, 0, 0)


def test_only_what_changed_is_put_and_what_is_gone_goes(mirror: Mirror) -> None:
    mirror.sync()
    mirror.paper.commit(mirror.paper.a_page("/one/", "The dam broke"), removes=("/two/",))
    outcome = mirror.sync()
    assert (outcome.put, outcome.removed) == (1, 1)
    assert mirror.texts() == mirror.paper.texts()
    assert mirror.verify().problems == []


def test_a_mirror_that_missed_editions_goes_to_the_newest(mirror: Mirror) -> None:
    mirror.sync()
    for number in range(5):
        mirror.paper.commit(a_put(f"/n{number}", "new"), mirror.paper.a_page("/one/", f"{number}"))
    mirror.sync()
    assert mirror.texts() == mirror.paper.texts()
    assert mirror.verify().problems == []


def test_compressed_copies_follow_when_the_press_has_made_them(mirror: Mirror) -> None:
    mirror.sync()
    entry = mirror.paper.folder.entry("/one/")
    assert entry is not None
    body = mirror.paper.folder.file("/one/").read_bytes()
    mirror.paper.folder.put_compressed("/one/", entry.digest, ".br", brotli.compress(body))
    mirror.paper.folder.put_compressed("/one/", entry.digest, ".gz", gzip.compress(body))
    mirror.sync()
    assert (mirror.site / "one/index.html.br").exists()
    assert mirror.verify().problems == []
    mirror.paper.commit(mirror.paper.a_page("/one/", "New words"))
    mirror.sync()
    assert not (mirror.site / "one/index.html.br").exists(), (
        "A copy of the old sheet must not stand beside the new one."
    )
    assert mirror.verify().problems == []


def stop_at(count: int) -> OnStep:
    """Ends the sync at its `count`th step."""
    left = [count]

    def on_step(_step: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise DiedError

    return on_step


def test_a_sync_that_ends_anywhere_leaves_a_mirror_that_verifies_and_the_next_one_mends_it(mirror: Mirror) -> None:
    rng = random.Random(7)
    mirror.sync()
    ended = 0
    for number in range(60):
        paper = mirror.paper
        puts, removes = an_edition(paper, number)
        paper.commit(*puts, removes=removes)
        on_step = stop_at(rng.randrange(1, 40))
        try:
            mirror.sync(on_step=on_step)
        except DiedError:
            ended += 1
        assert mirror.verify().problems == [], number
        if rng.random() < 0.3:
            mirror.sync()
            assert mirror.texts() == paper.texts()
    mirror.sync()
    assert mirror.texts() == mirror.paper.texts()
    assert mirror.verify().problems == []
    assert ended > 20


def test_a_part_that_came_back_into_use_outlives_a_death_before_it_is_remembered(mirror: Mirror) -> None:
    def die(step: str) -> None:
        if step == "edition.json.minisig":
            raise DiedError

    mirror.sync()
    mirror.paper.commit(a_put("/new/", "new"))
    mirror.sync()
    mirror.paper.commit(removes=("/new/",))
    with pytest.raises(DiedError):
        mirror.sync(on_step=die)
    for _ in range(2 * KEPT_EDITIONS):
        mirror.paper.commit()
        mirror.sync()
    assert mirror.verify().problems == []


def an_edition(paper: Paper, number: int) -> tuple[list[Put], tuple[str, ...]]:
    """What edition `number` puts and removes."""
    puts = [a_put(f"/story/{n}", f"{n} of {number}") for n in range(number % 3, 12, 2)]
    puts.append(paper.a_page("/one/", f"one {number}"))
    names = {put.path for put in puts}
    standing = [path for path in paper.texts() if path.startswith("/story/") and path not in names]
    return puts, tuple(standing[number % 2 :: 2])


def test_an_edition_printed_in_the_middle_does_not_disturb_what_is_carried(mirror: Mirror) -> None:
    mirror.sync()
    mirror.paper.commit(*(a_put(f"/s{n}", "first") for n in range(20)))
    once = Lock()

    def print_meanwhile(step: str) -> None:
        if step == "sheet" and once.acquire(blocking=False):
            mirror.paper.commit(*(a_put(f"/s{n}", "second") for n in range(20)))

    mirror.sync(on_step=print_meanwhile)
    assert mirror.verify().problems == []
    assert {mirror.texts()[f"/s{n}"] for n in range(20)} == {"first"}
    mirror.sync()
    assert mirror.texts() == mirror.paper.texts()


REFUSED = {
    "another site's edition stands there": ("other", OtherSiteError, "Another site's edition"),
    "what stands there was never signed": ("forged", MirrorBrokenError, "this site never signed"),
    "a newer edition stands there": ("newer", PointerMovedError, "newer edition stands"),
    "most of it would be removed": ("shrinking", ShrinkingError, "would be removed"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_sync_is_refused_with_a_sentence_where(case: str, mirror: Mirror, tmp_path: Path) -> None:
    kind, error, words = REFUSED[case]
    mirror.paper.commit(*(a_put(f"/s{n}") for n in range(60)))
    mirror.sync()
    before = mirror.texts()
    if kind == "other":
        other = Mirror(a_paper(tmp_path / "other", number=2), tmp_path / "mirror")
        with pytest.raises(error, match=words):
            other.sync()
    elif kind == "forged":
        (mirror.site / ".well-known/stet/edition.json.sig").write_text("x y\n")
        with pytest.raises(error, match=words):
            mirror.sync()
    elif kind == "newer":
        older = Mirror(a_paper(tmp_path / "older"), tmp_path / "mirror")
        with pytest.raises(error, match=words):
            older.sync()
    else:
        mirror.paper.commit(removes=tuple(f"/s{n}" for n in range(60)))
        with pytest.raises(error, match=words):
            mirror.sync()
    assert mirror.texts() == before


def test_an_empty_or_unsigned_edition_is_never_carried(mirror: Mirror) -> None:
    mirror.sync()
    (mirror.paper.proof / "edition.json.sig").write_text("nobody AAAA\n")
    with pytest.raises(EditionBrokenError, match="nothing is carried"):
        mirror.sync()
    assert mirror.verify().problems == []
