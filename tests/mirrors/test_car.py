"""A mirror in one CAR file: it is one edition or the next, under the name that other programs give it too."""

import io
from pathlib import Path

import pytest

from stet.edition.verify import verify_folder
from stet.mirrors.errors import MirrorRefusedError, MirrorUnreachableError
from stet.mirrors.places import open_place
from stet.mirrors.places.unixfs import read_root, text_of, write_car
from stet.mirrors.sync import Outcome, Sync
from tests.edition.builders import Paper, a_paper, a_put
from tests.mirrors.car_reader import unpacked
from tests.mirrors.gathering_cuts import cut

FOLDERS: dict[str, tuple[dict[str, bytes], str]] = {
    "pages, an empty file and a hidden folder": (
        {
            "index.html": b"<p>Front</p>", "one/index.html": b"one", "two/index.html": b"two",
            ".well-known/stet/edition.json": b"{}", "empty.txt": b"",
        },
        "bafybeihip5gl4muxnevw2uq3fpgasc2ap6voxjx5ypi3wrycdjwaoofnqu",
    ),
    "names that are not plain": (
        {
            "новости/история.html": "текст".encode(), "a b.txt": b"x", "Z.txt": b"z", "a.txt": b"a",
            "a/b/c/d.txt": b"d",
        },
        "bafybeie6jrqlcfqg4v6jtnd7mzreww3fyhurl4n4p6s7bslywz4urq4k5e",
    ),
    "files of several blocks": (
        {
            "film.bin": bytes(range(256)) * 8_192 + b"tail", "mib.bin": bytes(1 << 20), "two.bin": bytes(2 << 20),
        },
        "bafybeiezwjxxidmusdulkpj3ullsuwutjz6rrj46xtzr2sucxandtm2szi",
    ),
    "a folder of a thousand entries": (
        {f"story-{n}.html": b"%d" % n for n in range(1_000)},
        "bafybeihkss6hw4l42avesvsl5ebdesalvbdmsav6zcdjz6rxupzwyzc26e",
    ),
    "a month of 3,000 articles": (
        {**{f"2026/11/story-{n}/index.html": b"%d" % n for n in range(3_000)}, "index.html": b"Front"},
        "bafybeifwru7qb3alcroxtp7tnb5xgbhlnsq3u2rrgetrfjyzpl33vn3jke",
    ),
}  # fmt: skip
"""Files, and the root that `ipfs-car pack --hidden` (npm, 3.1.0) gave for them."""


@pytest.mark.parametrize("case", FOLDERS)
def test_the_root_is_the_one_that_ipfs_car_gives_for(case: str, tmp_path: Path) -> None:
    files, root = FOLDERS[case]
    for name, body in files.items():
        file = tmp_path / "tree" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    car = io.BytesIO()
    assert text_of(write_car(tmp_path / "tree", car)) == root
    assert text_of(read_root(io.BytesIO(car.getvalue()))) == root
    (tmp_path / "site.car").write_bytes(car.getvalue())
    unpacked(tmp_path / "site.car", tmp_path / "again")
    assert {name: (tmp_path / "again" / name).read_bytes() for name in files} == files


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return a_paper(tmp_path / "paper")


def sync(paper: Paper, folder: Path) -> Outcome:
    place = open_place(f"car:{folder}/out/site.car", {}, folder=folder / "state")
    try:
        return Sync(site=paper.site, place=place, folder=folder / "state").run()
    finally:
        place.close()


def test_the_file_holds_the_edition_and_its_root_is_told(paper: Paper, tmp_path: Path) -> None:
    outcome = sync(paper, tmp_path)
    stands = unpacked(tmp_path / "out/site.car", tmp_path / "shown")
    assert verify_folder(stands, root=paper.key, now=paper.now).problems == []
    root = (tmp_path / "out/site.car.cid").read_text()
    assert outcome.told == f"The edition's address on IPFS is ipfs://{root}"
    with (tmp_path / "out/site.car").open("rb") as file:
        assert root == text_of(read_root(file))


def test_the_same_edition_has_the_same_root_whatever_was_carried_before(paper: Paper, tmp_path: Path) -> None:
    sync(paper, tmp_path / "a")
    paper.commit(a_put("/news/", "first"), removes=("/two/",))
    sync(paper, tmp_path / "a")
    sync(paper, tmp_path / "b")
    assert (tmp_path / "a/out/site.car.cid").read_text() == (tmp_path / "b/out/site.car.cid").read_text()


def test_a_file_that_was_carried_away_is_written_again_and_one_that_stands_is_left(
    paper: Paper, tmp_path: Path
) -> None:
    sync(paper, tmp_path)
    file = tmp_path / "out/site.car"
    stood = file.stat().st_ino
    sync(paper, tmp_path)
    assert file.stat().st_ino == stood
    file.rename(tmp_path / "carried.car")
    sync(paper, tmp_path)
    assert file.read_bytes() == (tmp_path / "carried.car").read_bytes()


def test_compressed_copies_are_left_out(paper: Paper, tmp_path: Path) -> None:
    entry = paper.folder.entry("/style.css")
    assert entry is not None
    paper.folder.put_compressed("/style.css", entry.digest, ".gz", b"gz")
    sync(paper, tmp_path)
    assert not list(unpacked(tmp_path / "out/site.car", tmp_path / "shown").rglob("*.gz"))


def test_a_file_in_a_place_that_takes_none_is_said_without_its_path(paper: Paper, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("no folder")
    with pytest.raises(MirrorUnreachableError, match="could not be written") as caught:
        sync(paper, tmp_path)
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("target", ["car:site.car", "car:/srv/site", "car:"])
def test_a_target_that_is_no_file_from_the_root_on_is_refused(target: str) -> None:
    with pytest.raises(MirrorRefusedError, match="from the root on"):
        open_place(target, {})


def test_ended_anywhere_the_file_is_one_edition_or_the_next(tmp_path: Path) -> None:
    counts = cut("car", tmp_path, 3)
    assert counts["cuts"] == 3
