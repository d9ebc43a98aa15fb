import os
import threading
from datetime import timedelta

import pytest

from stet.edition import superseded
from stet.edition.errors import (
    EditionBrokenError,
    FolderBusyError,
    FolderRefusedError,
    KeyRefusedError,
    SheetRefusedError,
)
from stet.edition.folder import EditionFolder, Put, Recovery
from stet.edition.root import next_root
from stet.edition.sheet import body_digest
from stet.edition.verify import proof
from tests.edition.builders import NOW, a_key, a_paper, a_put, a_root


@pytest.fixture
def paper(tmp_path):
    return a_paper(tmp_path / "paper")


def test_a_commit_puts_sheets_and_signs_them(paper):
    pointer = paper.commit(a_put("/three/", "3"), a_put("/style.css", "p {}", "text/css"), removes=("/one/",))
    assert (pointer.seq, pointer.files) == (2, 4)
    assert paper.folder.pointer() == pointer
    assert paper.texts().keys() == {"/index.html", "/two/index.html", "/three/index.html", "/style.css"}
    assert paper.verify().problems == []


def test_a_commit_says_when_it_expires_and_what_it_follows(paper):
    first = paper.folder.pointer()
    second = paper.commit()
    assert second.prev == first.digest
    assert first.prev is None
    assert second.expires - second.published == timedelta(hours=72)


def test_a_renewal_changes_the_pointer_alone(paper):
    first = paper.folder.pointer()
    second = paper.folder.resign(now=NOW + timedelta(hours=5), signer=paper.signer)
    assert (second.seq, second.root, second.files) == (first.seq + 1, first.root, first.files)
    assert second.published == NOW + timedelta(hours=5)
    assert paper.verify(now=second.published).ok


def test_durable_or_not_the_edition_is_the_same(tmp_path):
    editions = []
    for durable in (True, False):
        paper = a_paper(tmp_path / str(durable))
        puts = [a_put(f"/{number}/", str(number)) for number in range(40)]
        editions.append(paper.folder.commit(puts, now=NOW, signer=paper.signer, durable=durable))
        assert paper.verify().ok
    assert editions[0] == editions[1]


def test_a_staged_file_is_moved_not_copied(paper):
    staged = paper.folder.staging / "deep" / "photo.avif"
    staged.parent.mkdir()
    staged.write_bytes(b"pixels")
    inode = staged.stat().st_ino
    paper.commit(Put("/photo.avif", body_digest(b"pixels"), 6, "image/avif", staged))
    assert not staged.exists()
    assert paper.folder.file("/photo.avif").stat().st_ino == inode
    assert paper.verify().ok


def test_sheets_are_put_in_the_order_given(tmp_path):
    paper = a_paper(tmp_path / "paper")
    paper.folder.close()
    seen = []

    def look(step):
        if step in ("put", "remove", "edition.json"):
            seen.append((step, *sorted(set(paper.texts()) & {"/a/index.html", "/z.txt", "/one/index.html"})))

    with EditionFolder(paper.folder.path, on_step=look) as folder:
        folder.commit([a_put("/z.txt"), a_put("/a/")], ["/one/"], now=NOW, signer=paper.signer)
    assert seen == [
        ("put", "/one/index.html"),
        ("put", "/one/index.html", "/z.txt"),
        ("remove", "/a/index.html", "/one/index.html", "/z.txt"),
        ("edition.json", "/a/index.html", "/z.txt"),
    ]


def test_a_compressed_copy_goes_with_its_sheet(paper):
    digest = paper.folder.entry("/style.css").digest
    assert paper.folder.put_compressed("/style.css", digest, ".gz", b"old")
    paper.commit(a_put("/style.css", "new", "text/css"))
    assert "/style.css.gz" not in paper.texts()
    digest = paper.folder.entry("/style.css").digest
    assert paper.folder.put_compressed("/style.css", digest, ".br", b"old")
    paper.commit(removes=("/style.css",))
    assert "/style.css.br" not in paper.texts()


def test_a_compressed_copy_of_a_sheet_that_changed_is_not_put(paper):
    digest = paper.folder.entry("/style.css").digest
    paper.commit(a_put("/style.css", "new", "text/css"))
    assert not paper.folder.put_compressed("/style.css", digest, ".gz", b"old")
    assert not paper.folder.put_compressed("/nothing", digest, ".gz", b"old")
    assert "/style.css.gz" not in paper.texts()


def test_an_empty_folder_goes_with_its_last_sheet(paper):
    paper.commit(a_put("/a/b/c/", "deep"))
    paper.commit(removes=("/a/b/c/",))
    assert not (paper.site / "a").exists()


def test_a_file_may_become_a_folder_and_back(paper):
    paper.commit(a_put("/a", "file"))
    paper.commit(a_put("/a/b/", "folder"), removes=("/a",))
    assert paper.texts()["/a/b/index.html"] == "folder"
    paper.commit(a_put("/a", "file"), removes=("/a/b/",))
    assert paper.texts()["/a"] == "file"
    assert paper.verify().problems == []


def test_strays_are_found_and_can_be_removed(paper):
    (paper.site / "old").mkdir()
    (paper.site / "old" / "odd%name.br").write_text("x")
    (paper.site / "style.css.gz").write_text("x")
    assert list(paper.folder.walk_strays()) == ["/old/odd%name.br"]
    paper.commit(removes=tuple(paper.folder.walk_strays()))
    assert list(paper.folder.walk_strays()) == []
    assert not (paper.site / "old").exists()


def test_the_manifest_can_be_read_line_by_line(paper):
    assert {entry.path for entry in paper.folder.entries()} == paper.texts().keys()
    assert paper.folder.entry("/one/").media_type == "text/html"
    assert paper.folder.entry("/nothing/") is None


BAD_COMMITS = {
    "a path twice": (lambda p: [a_put("/a/"), a_put("/a/index.html")], ()),
    "a sheet both put and removed": (lambda p: [a_put("/a/")], ("/a/",)),
    "a path that no sheet may have": (lambda p: [a_put("/../a")], ()),
    "a media type with a tab": (lambda p: [a_put("/a", media_type="text/html\tx")], ()),
    "another size than the file's": (lambda p: [Put("/a", "0" * 64, 3, "text/css", b"four")], ()),
    "a digest that is none": (lambda p: [Put("/a", "0", 4, "text/css", b"four")], ()),
    "a staged file that is not there": (lambda p: [Put("/a", "0" * 64, 4, "text/css", p.folder.staging / "x")], ()),
    "a file from elsewhere": (lambda p: [Put("/a", "0" * 64, 4, "text/css", an_outsider(p))], ()),
    "a file from elsewhere by a detour": (
        lambda p: [Put("/a", "0" * 64, 4, "text/css", p.folder.staging / ".." / an_outsider(p).name)],
        (),
    ),
    "a sheet below a sheet that stays": (lambda p: [a_put("/style.css/a/")], ()),
    "a sheet below another of this commit": (lambda p: [a_put("/a"), a_put("/a/b")], ()),
    "a sheet above another of this commit": (lambda p: [a_put("/a/b"), a_put("/a")], ()),
    "a sheet where a folder stays": (lambda p: [a_put("/one")], ()),
    "a removal outside the site": (lambda p: [], ("/../lock",)),
    "a removal of the proof": (lambda p: [], ("/.well-known/stet/root/1.json",)),
}


def an_outsider(paper):
    file = paper.folder.path / "outside"
    file.write_text("four")
    return file


@pytest.mark.parametrize(("puts", "removes"), BAD_COMMITS.values(), ids=BAD_COMMITS.keys())
def test_a_commit_is_refused_and_changes_nothing_with(paper, puts, removes):
    before = paper.texts()
    with pytest.raises(SheetRefusedError):
        paper.commit(*puts(paper), removes=removes)
    assert paper.texts() == before
    assert paper.folder.pointer().seq == 1
    assert paper.verify().problems == []


def test_a_key_that_the_root_does_not_name_cannot_sign(paper):
    with pytest.raises(KeyRefusedError, match="does not name key"):
        paper.folder.commit([], now=NOW, signer=a_key(99))


def test_an_edition_needs_a_root(tmp_path):
    with pytest.raises(FolderRefusedError, match="make the site's keys first"):
        EditionFolder(tmp_path / "new").commit([], now=NOW, signer=a_key(1))


def test_a_root_that_does_not_follow_is_not_taken(paper):
    second = next_root(paper.root.root, [a_key(11), a_key(12)], now=NOW)
    third = next_root(second.root, [a_key(11), a_key(12)], now=NOW)
    with pytest.raises(EditionBrokenError, match="root 3 cannot follow"):
        paper.folder.put_root(third)
    with pytest.raises(EditionBrokenError):
        paper.folder.put_root(a_root(2))
    paper.folder.put_root(paper.root)
    assert len(paper.folder.roots()) == 1


def test_a_new_edition_key_takes_over_without_a_gap(paper):
    new = a_key(77)
    offline = [a_key(11), a_key(12)]
    both = next_root(paper.root.root, offline, now=NOW, edition_keys=[new.public_key, paper.signer.public_key])
    paper.folder.put_root(both)
    assert paper.verify().ok
    paper.signer = new
    paper.commit(paper.a_page("/one/"), paper.a_page("/two/"), paper.a_page("/"))
    assert paper.verify().ok
    paper.folder.put_root(next_root(both.root, offline, now=NOW, edition_keys=[new.public_key]))
    assert paper.verify().problems == []


def test_a_second_writer_is_refused(paper):
    with pytest.raises(FolderBusyError, match="Another process is writing"):
        EditionFolder(paper.folder.path).become_writer()
    paper.folder.close()
    with EditionFolder(paper.folder.path) as second:
        assert second.recovery is Recovery.NOTHING


def test_reading_needs_no_lock(paper):
    assert EditionFolder(paper.folder.path).pointer() == paper.folder.pointer()


def test_a_forked_child_does_not_keep_the_lock(paper):
    told, telling = os.pipe()
    asked, asking = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(asking)
        os.write(telling, b"here")
        os.read(asked, 1)
        os._exit(0)
    assert os.read(told, 4) == b"here"
    paper.folder.close()
    try:
        EditionFolder(paper.folder.path).become_writer()
    finally:
        for descriptor in (told, telling, asked, asking):
            os.close(descriptor)
        os.waitpid(child, 0)


def test_parts_of_old_manifests_stay_for_sixteen_editions(paper):
    first = set(paper.folder.tree().names())
    paper.commit(a_put("/three/"))
    for _ in range(superseded.KEPT_EDITIONS - 1):
        paper.commit()
        assert all((paper.proof / name).exists() for name in first)
    paper.commit()
    assert not any((paper.proof / name).exists() for name in first)
    assert paper.verify().ok


def test_a_part_that_is_needed_again_stays(paper):
    first = set(paper.folder.tree().names())
    paper.commit(a_put("/three/"))
    paper.commit(removes=("/three/",))
    for _ in range(superseded.KEPT_EDITIONS + 2):
        paper.commit()
    assert set(paper.folder.tree().names()) == first
    assert paper.verify().problems == []


def test_the_staging_folder_is_emptied_when_a_writer_begins(paper):
    (paper.folder.staging / "left").mkdir()
    (paper.folder.staging / "left" / "over").touch()
    paper.folder.close()
    with EditionFolder(paper.folder.path) as folder:
        assert list(folder.staging.iterdir()) == []


def test_a_reader_of_the_pointer_sees_one_edition_or_the_other(paper):
    """Whatever moment a reader picks, edition.json and its signature fit each other."""
    problems, done = [], threading.Event()

    def read():
        while not done.is_set():
            report = paper.verify(now=NOW + timedelta(days=1))
            problems.extend(line for line in report.problems if "signed" in line and "edition.json" in line)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(30):
        paper.commit()
    done.set()
    reader.join()
    assert problems == []


def test_editions_that_come_between_pointer_and_signature_are_no_forgery(paper, monkeypatch):
    paper.commit()
    pointer = paper.folder.path / "site/.well-known/stet/edition.json"
    old, read = pointer.read_bytes(), proof.read_proof
    paper.commit()
    paper.commit()
    seen = iter([old])

    def late(copy, name):
        return next(seen, None) or read(copy, name) if name == "edition.json" else read(copy, name)

    monkeypatch.setattr(proof, "read_proof", late)
    assert not [line for line in paper.verify().problems if "signed" in line]
    seen = iter([old] * 100)
    assert [line for line in paper.verify().problems if "not signed by an edition key" in line]
