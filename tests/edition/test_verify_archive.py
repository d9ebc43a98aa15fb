"""What a ZIP can hold, and what the check says of it."""

import struct
import zipfile
from datetime import timedelta

import pytest

from stet.edition.page_signature import sign_page
from stet.edition.verify import Kind, Verdict, archive, verify_archive
from tests.edition.builders import HOUR, NOW, a_key, a_paper
from tests.edition.copies import PROOF, bundle_of, edition_folder, files_of, zipped


@pytest.fixture
def paper(tmp_path):
    return a_paper(tmp_path / "paper")


def checked(paper, file, **known):
    return verify_archive(file, **{"root": paper.key, "now": paper.now, **known})


def test_a_zip_of_a_whole_edition_is_checked_like_a_folder(paper, tmp_path):
    report = checked(paper, zipped(tmp_path / "all.zip", files_of(paper)))
    assert (report.kind, report.verdict, report.problems) == (Kind.ARCHIVE, Verdict.GOOD, [])
    assert (report.sheets_checked, report.pages_signed, report.seq) == (4, 3, 1)


def test_a_zip_may_hold_the_site_in_a_folder(paper, tmp_path):
    assert checked(paper, zipped(tmp_path / "all.zip", files_of(paper), folder="a paper/")).verdict is Verdict.GOOD


def test_a_zip_may_be_the_editions_folder_with_what_its_writer_left(paper, tmp_path):
    assert checked(paper, zipped(tmp_path / "all.zip", edition_folder(paper))).verdict is Verdict.GOOD
    files = edition_folder(paper) | {"edition/start.html": b"<p>give"}
    assert checked(paper, zipped(tmp_path / "all.zip", files)).verdict is Verdict.WRONG


def test_a_bundle_is_good_by_its_pages_and_says_what_it_cannot_tell(paper, tmp_path):
    report = checked(paper, zipped(tmp_path / "week.zip", bundle_of(paper), folder="week/"))
    assert (report.kind, report.verdict, report.problems) == (Kind.BUNDLE, Verdict.GOOD, [])
    assert (report.pages_signed, report.files_unproven) == (1, 0)
    assert "part of edition 1" in report.notes[0]


def test_a_bundle_with_a_picture_that_nothing_vouches_for_is_not_called_good(paper, tmp_path):
    report = checked(paper, zipped(tmp_path / "week.zip", bundle_of(paper) | {"media/dam.jpg": b"a picture"}))
    assert (report.verdict, report.problems, report.files_unproven) == (Verdict.UNSURE, [], 1)
    assert "were not checked" in report.doubts[0]


def test_the_paper_to_take_along_has_its_pages_in_a_folder_beside_the_proof(paper, tmp_path):
    page = sign_page(
        b"<html>the week</html>", path="/offline-en-2026-03-01/index.html", revision="1", time=NOW,
        site=paper.key.site, signer=paper.signer,
    )  # fmt: skip
    files = {name: body for name, body in bundle_of(paper).items() if name.startswith(PROOF)}
    report = checked(paper, zipped(tmp_path / "week.zip", files | {"offline-en-2026-03-01/index.html": page}))
    assert (report.verdict, report.pages_signed) == (Verdict.GOOD, 1)


def test_a_bundle_may_be_old(paper, tmp_path):
    later = {"now": NOW + timedelta(days=40), "highest_seq_seen": 900}
    assert checked(paper, zipped(tmp_path / "week.zip", bundle_of(paper)), **later).verdict is Verdict.GOOD


def test_a_bundle_that_brings_its_part_of_the_manifest_proves_its_pictures_too(paper, tmp_path):
    files = bundle_of(paper) | {"style.css": (paper.site / "style.css").read_bytes()}
    assert "nobody vouches" in checked(paper, zipped(tmp_path / "a.zip", files)).problems[0]
    files |= {name: body for name, body in files_of(paper).items() if name.startswith(f"{PROOF}/shards")}
    report = checked(paper, zipped(tmp_path / "b.zip", files))
    assert not [problem for problem in report.problems if "style.css" in problem]


def a_page_for_elsewhere(paper, files):
    files["two/index.html"] = files["one/index.html"]


def a_strangers_page(paper, files):
    files["one/index.html"] = sign_page(
        b"<html>lies</html>", path="/one/", revision="1", time=NOW, site=paper.key.site, signer=a_key(99)
    )


def without(*names):
    return lambda _paper, files: [files.pop(f"{PROOF}/{name}") for name in names]


def with_file(name, body=b"x"):
    return lambda _paper, files: files.update({name: body})


ATTACKS = {
    "a page was changed": (lambda p, f: f.update({"one/index.html": f["one/index.html"] + b"lies"}), "was changed"),
    "a page stands for another": (a_page_for_elsewhere, "for another address: /one/index.html"),
    "a page is a stranger's": (a_strangers_page, "key that this site does not name"),
    "a page is not signed": (with_file("x.html", b"<p>give"), "carries no signature"),
    "a page in capitals is not signed": (with_file("X.HTM", b"<p>give"), "X.HTM"),
    "a script was added": (with_file("s.js"), "could be run by a browser"),
    "a drawing that can run scripts was added": (with_file("s.svg"), "could be run by a browser"),
    "something stands in the proof": (with_file(f"{PROOF}/x"), "no part of the edition's proof"),
    "the pointer is gone": (without("edition.json"), "holds no edition.json"),
    "the pointer's signature is gone": (without("edition.json.sig"), "not signed by an edition key"),
    "the roots are gone": (without("root/1.json"), "holds no root/1.json"),
    "a name leaves the folder": (with_file("../x.html"), "do not open it"),
    "a name starts at a drive": (with_file("C:/x.html"), "do not open it"),
    "a name turns the other way": (with_file("one\\x.html"), "one"),
}  # fmt: skip


@pytest.mark.parametrize(("attack", "sentence"), ATTACKS.values(), ids=ATTACKS.keys())
def test_the_check_of_a_bundle_says_that(paper, tmp_path, attack, sentence):
    files = bundle_of(paper)
    attack(paper, files)
    report = checked(paper, zipped(tmp_path / "week.zip", files))
    assert report.verdict is Verdict.WRONG
    assert any(sentence in problem for problem in report.problems), report.problems


def test_what_stands_beside_the_site_in_a_zip_is_a_problem(paper, tmp_path):
    files = {f"week/{name}": body for name, body in bundle_of(paper).items()} | {"start.html": b"<p>give"}
    report = checked(paper, zipped(tmp_path / "week.zip", files))
    assert "stands beside the site" in report.problems[0]


def test_a_name_that_stands_twice_is_refused(paper, tmp_path):
    file = zipped(tmp_path / "week.zip", bundle_of(paper))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as opened:
        opened.writestr("one/index.html", b"<p>give")
    assert "twice" in checked(paper, file).problems[0]


def test_a_page_that_unpacks_without_end_is_read_to_a_limit(paper, tmp_path):
    files = bundle_of(paper) | {"bomb.html": b"0" * 60_000_000}
    report = checked(paper, zipped(tmp_path / "week.zip", files))
    assert "/bomb.html: The page carries no signature" in report.problems[0]


def test_a_bundle_that_unpacks_to_more_than_any_bundle_is_refused(paper, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_BUNDLE_BYTES", 1000)
    files = bundle_of(paper) | {f"{number}.txt": b"0" * 400 for number in range(4)}
    report = checked(paper, zipped(tmp_path / "week.zip", files))
    assert "far more than a bundle holds" in report.problems[-1]


@pytest.mark.parametrize("cut", [0, 3, 30, 300, 900])
def test_a_zip_that_is_cut_off_is_damaged_not_a_crash(paper, tmp_path, cut):
    file = zipped(tmp_path / "week.zip", bundle_of(paper))
    file.write_bytes(file.read_bytes()[:cut])
    assert "damaged" in checked(paper, file).problems[0]


def test_a_zip_with_any_byte_changed_is_good_or_wrong_and_never_a_crash(paper, tmp_path):
    file = zipped(tmp_path / "week.zip", bundle_of(paper))
    body = bytearray(file.read_bytes())
    for at in range(0, len(body), 61):
        changed = bytearray(body)
        changed[at] ^= 0xFF
        file.write_bytes(changed)
        assert checked(paper, file).verdict in Verdict


def test_a_zip_that_needs_a_password_is_damaged_not_a_question(paper, tmp_path):
    file = zipped(tmp_path / "week.zip", bundle_of(paper))
    body = bytearray(file.read_bytes())
    at = body.index(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<H", body, at + 8, 1)
        at = body.find(b"PK\x01\x02", at + 4)
    file.write_bytes(body)
    assert not checked(paper, file).ok


def test_a_whole_edition_of_yesterday_is_refused_where_a_newer_one_was_seen(paper, tmp_path):
    file = zipped(tmp_path / "all.zip", files_of(paper))
    assert "rolled back" in checked(paper, file, highest_seq_seen=2, now=paper.now + HOUR).problems[0]


def test_without_a_key_nothing_is_called_good(paper, tmp_path):
    report = checked(paper, zipped(tmp_path / "all.zip", files_of(paper)), root=None)
    assert report.verdict is Verdict.UNSURE
    assert "Compare the fingerprint" in report.doubts[0]
