"""A mirror whose pages stand as .gz alone, over a place that knows nothing of it."""

import gzip
from pathlib import Path

import pytest

from stet.edition.sheet import is_compressible
from stet.mirrors.base import Headers, Keeping
from stet.mirrors.checking import PlaceReader
from stet.mirrors.errors import MirrorBrokenError
from stet.mirrors.places import open_place
from stet.mirrors.sync import Sync
from tests.edition.builders import Paper, a_paper, a_put

PACKED = Headers(media_type="text/html", keeping=Keeping.PAGE, encoding="gzip")


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return a_paper(tmp_path / "paper")


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    return tmp_path / "mirror"


def carry(paper: Paper, mirror: Path, kind: str = "gzip+folder") -> int:
    place = open_place(f"{kind}:{mirror}", {})
    return Sync(site=paper.site, place=place, folder=mirror.with_name("held")).run().sent_bytes


def standing(mirror: Path) -> set[str]:
    files = (file for file in mirror.rglob("*") if file.is_file())
    return {name for file in files if not (name := f"/{file.relative_to(mirror)}").startswith("/.well-known/")}


def expected(paper: Paper) -> set[str]:
    entries = paper.folder.entries()
    return {entry.path + (".gz" if is_compressible(entry.media_type) else "") for entry in entries}


def test_each_sheet_stands_in_one_form_and_reads_as_it_was_printed(paper: Paper, mirror: Path) -> None:
    carry(paper, mirror)
    assert standing(mirror) == expected(paper)
    place = open_place(f"gzip+folder:{mirror}", {})
    for entry in paper.folder.entries():
        body = paper.folder.file(entry.path).read_bytes()
        assert place.read(entry.path, most_bytes=1_000_000) == body
        assert place.read(entry.path, most_bytes=3) == body[:3]
        assert PlaceReader(place).read(entry.path, most_bytes=1_000_000) == body


def test_the_copy_that_the_press_made_is_the_one_that_travels(paper: Paper, mirror: Path) -> None:
    entry = paper.folder.entry("/one/")
    assert entry is not None
    made = gzip.compress(paper.folder.file("/one/").read_bytes(), 1, mtime=7)
    paper.folder.put_compressed("/one/", entry.digest, ".gz", made)
    carry(paper, mirror)
    assert (mirror / "one/index.html.gz").read_bytes() == made


def test_what_changed_and_what_is_gone_is_so_at_the_mirror(paper: Paper, mirror: Path) -> None:
    carry(paper, mirror)
    paper.commit(paper.a_page("/one/", "The dam broke"), removes=("/two/",))
    carry(paper, mirror)
    assert standing(mirror) == expected(paper)
    unpacked = gzip.decompress((mirror / "one/index.html.gz").read_bytes())
    assert unpacked == paper.folder.file("/one/").read_bytes()


def test_other_forms_of_a_sheet_that_stood_there_before_go(paper: Paper, mirror: Path) -> None:
    carry(paper, mirror, kind="folder")
    (mirror / "one/index.html.br").write_bytes(b"of the old page")
    paper.commit(paper.a_page("/one/", "The dam broke"))
    carry(paper, mirror)
    assert {name for name in standing(mirror) if name.startswith("/one/")} == {"/one/index.html.gz"}


def test_a_sheet_is_half_of_what_three_forms_of_it_are(paper: Paper, tmp_path: Path) -> None:
    words = " ".join(f"word{number % 97}" for number in range(3_000))
    paper.commit(a_put("/long.txt", words))
    assert carry(paper, tmp_path / "one" / "form") * 2 < carry(paper, tmp_path / "all" / "forms", kind="folder")


def test_a_file_that_is_no_gzip_is_said_to_be_damaged(mirror: Path) -> None:
    place = open_place(f"gzip+folder:{mirror}", {})
    place.put("/one/index.html", b"not packed", PACKED)
    with pytest.raises(MirrorBrokenError, match="can't be unpacked"):
        place.read("/one/index.html", most_bytes=100)
