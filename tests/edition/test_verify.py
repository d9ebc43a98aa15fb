"""What an attacker, a bad disk or a careless mirror can do to a copy, and what the check says of it."""

import gzip
import os
import shutil
from datetime import timedelta

import brotli
import pytest

from stet.edition.pointer import Pointer, signature_line
from stet.edition.root import SiteKey, fingerprint, next_root
from tests.edition.builders import NOW, a_key, a_paper, a_put


@pytest.fixture
def paper(tmp_path):
    return a_paper(tmp_path / "paper")


def test_an_edition_as_it_was_printed_is_good(paper):
    report = paper.verify()
    assert report.problems == []
    assert report.ok
    assert (report.seq, report.sheets_checked, report.pages_signed, report.pages_unsigned) == (1, 4, 3, 0)
    assert report.site == paper.key.site
    assert not report.is_printing


def test_a_site_is_checked_by_its_id_or_its_fingerprint_too(paper):
    assert paper.verify(root=paper.key.site).ok
    assert paper.verify(root=fingerprint(paper.key.site)).ok


def test_compressed_copies_of_the_same_words_are_good(paper):
    css = (paper.site / "style.css").read_bytes()
    (paper.site / "style.css.gz").write_bytes(gzip.compress(css))
    (paper.site / "style.css.br").write_bytes(brotli.compress(css))
    assert paper.verify().problems == []


def test_the_progress_ends_at_the_number_of_sheets(paper):
    calls = []
    paper.verify(progress=lambda done, files: calls.append((done, files)))
    assert calls[-1] == (4, 4)


def test_the_highest_seq_that_was_seen_may_be_this_one(paper):
    assert paper.verify(highest_seq_seen=1).ok


def swap(one, other):
    words = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(words)


def a_shard(paper):
    return next((paper.proof / "shards").rglob("*/*"))


def resigned(paper, signer, **fields):
    """Another pointer in place of this one, signed by `signer`."""
    old = paper.folder.pointer()
    pointer = Pointer(**{name: getattr(old, name) for name in Pointer.__struct_fields__} | fields)
    (paper.proof / "edition.json").write_bytes(pointer.to_bytes())
    (paper.proof / "edition.json.sig").write_bytes(signature_line(pointer, signer))


def another_sites_sheet(paper):
    other = a_paper(paper.folder.path.parent / "other", number=2)
    shutil.copy(other.site / "one/index.html", paper.site / "one/index.html")


def another_sites_proof(paper):
    other = a_paper(paper.folder.path.parent / "other", number=2)
    shutil.rmtree(paper.proof)
    shutil.copytree(other.proof, paper.proof)


def another_sites_pointer(paper):
    other = a_paper(paper.folder.path.parent / "other", number=2)
    for name in ("edition.json", "edition.json.sig"):
        shutil.copy(other.proof / name, paper.proof / name)


def a_page_of_the_last_edition(paper):
    old = (paper.site / "one/index.html").read_bytes()
    paper.commit(paper.a_page("/one/", "The dam, again", revision="2"))
    (paper.site / "one/index.html").write_bytes(old)


def a_link_in_place_of_a_sheet(paper):
    shutil.move(paper.site / "style.css", paper.folder.path / "style.css")
    os.symlink(paper.folder.path / "style.css", paper.site / "style.css")


def a_page_that_was_taken_back(paper):
    page = (paper.site / "one/index.html").read_bytes()
    paper.commit(removes=("/one/",))
    (paper.site / "one").mkdir(exist_ok=True)
    (paper.site / "one/index.html").write_bytes(page)


def the_last_pointer_under_the_sheets_of_now(paper):
    old = {name: (paper.proof / name).read_bytes() for name in ("edition.json", "edition.json.sig")}
    paper.commit(paper.a_page("/one/", "The dam, again", revision="2"))
    for name, body in old.items():
        (paper.proof / name).write_bytes(body)


def a_shard_in_the_place_of_another(paper):
    paper.commit(*(a_put(f"/old/{number}/", f"old {number}") for number in range(150)))
    swap(*sorted((paper.proof / "shards").rglob("*/*"))[:2])


def the_word_of_a_key_that_was_stolen_and_left_out(paper):
    keys = [a_key(77).public_key]
    paper.folder.put_root(next_root(paper.root.root, [a_key(11), a_key(12)], now=NOW, edition_keys=keys))
    resigned(paper, paper.signer, seq=9)


ATTACKS = {
    "a sheet was changed": (
        lambda p: (p.site / "style.css").write_text("p { margin: 1 }"),
        "/style.css is not the sheet that was signed",
    ),
    "a sheet was cut off": (lambda p: os.truncate(p.site / "style.css", 3), "/style.css is not the sheet"),
    "a sheet was made longer": (
        lambda p: (p.site / "style.css").write_text("p { margin: 0 } b {}"),
        "/style.css is not the sheet",
    ),
    "two pages were swapped": (
        lambda p: swap(p.site / "one/index.html", p.site / "two/index.html"),
        "/two/index.html is not the sheet",
    ),
    "a page is of the last edition": (a_page_of_the_last_edition, "/one/index.html is not the sheet"),
    "a page that was taken back stands again": (a_page_that_was_taken_back, "'/one/index.html' stands in the copy"),
    "the last pointer stands under the sheets of now": (
        the_last_pointer_under_the_sheets_of_now,
        "/one/index.html is not the sheet",
    ),
    "two shards were swapped": (a_shard_in_the_place_of_another, "is not what its name says"),
    "a stolen key signs after it was left out": (
        the_word_of_a_key_that_was_stolen_and_left_out,
        "not signed by an edition key",
    ),
    "a sheet is gone": (lambda p: (p.site / "style.css").unlink(), "/style.css is missing"),
    "a folder stands for a sheet": (
        lambda p: ((p.site / "style.css").unlink(), (p.site / "style.css").mkdir()),
        "/style.css",
    ),
    "a link stands for a sheet": (a_link_in_place_of_a_sheet, "/style.css cannot be read"),
    "a file was added": (lambda p: (p.site / "donate.html").write_text("give"), "'/donate.html' stands in the copy"),
    "a file was added to the proof": (lambda p: (p.proof / "x").write_text(""), "no part of the edition's proof"),
    "a link to a folder was added": (lambda p: os.symlink("/", p.site / "all"), "'/all' stands in the copy"),
    "a compressed copy says something else": (
        lambda p: (p.site / "style.css.gz").write_bytes(gzip.compress(b"lies")),
        "style.css.gz does not unpack to the sheet",
    ),
    "a compressed copy is a bomb": (
        lambda p: (p.site / "style.css.gz").write_bytes(gzip.compress(b"0" * 9_000_000)),
        "style.css.gz does not unpack",
    ),
    "a brotli copy is a bomb": (
        lambda p: (p.site / "style.css.br").write_bytes(brotli.compress(b"0" * 9_000_000)),
        "style.css.br does not unpack",
    ),
    "a compressed copy is damaged": (
        lambda p: (p.site / "style.css.br").write_bytes(b"not brotli"),
        "style.css.br does not unpack",
    ),
    "a sheet of another site was mixed in": (another_sites_sheet, "/one/index.html is not the sheet"),
    "another site's proof stands here": (another_sites_proof, "another site"),
    "another site's pointer stands here": (another_sites_pointer, "edition.json belongs to another site"),
    "the pointer is gone": (lambda p: (p.proof / "edition.json").unlink(), "holds no edition.json"),
    "the pointer is cut off": (lambda p: os.truncate(p.proof / "edition.json", 40), "pointer is cut off"),
    "the pointer is empty": (lambda p: os.truncate(p.proof / "edition.json", 0), "pointer is cut off"),
    "the pointer was changed": (
        lambda p: (p.proof / "edition.json").write_bytes(
            (p.proof / "edition.json").read_bytes().replace(b'"seq":1', b'"seq":9')
        ),
        "edition.json is not signed by an edition key",
    ),
    "the signature is gone": (lambda p: (p.proof / "edition.json.sig").unlink(), "not signed by an edition key"),
    "the signature is a stranger's": (lambda p: resigned(p, a_key(99), seq=9), "not signed by an edition key"),
    "the signature is an offline key's": (lambda p: resigned(p, a_key(11), seq=9), "not signed by an edition key"),
    "the minisig is another's": (
        lambda p: (p.proof / "edition.json.minisig").write_text("x"),
        "minisig does not vouch",
    ),
    "a shard was changed": (lambda p: a_shard(p).write_bytes(b"x"), "is not what its name says"),
    "a shard is gone": (lambda p: a_shard(p).unlink(), "is missing; take this part from another copy"),
    "the number of sheets is not the manifest's": (
        lambda p: resigned(p, p.signer, files=3),
        "does not hold as many sheets as it should",
    ),
    "root 1 is gone": (lambda p: (p.proof / "root/1.json").unlink(), "holds no root/1.json"),
    "root 1 is cut off": (lambda p: os.truncate(p.proof / "root/1.json", 9), "not written as a root"),
    "a second root is nobody's": (
        lambda p: shutil.copy(p.proof / "root/1.json", p.proof / "root/2.json"),
        "root/2.json is not vouched for",
    ),
    "an announced edition is nobody's": (
        lambda p: (p.proof / "next.json").write_bytes((p.proof / "edition.json").read_bytes()),
        "next.json is not signed",
    ),
}


@pytest.mark.parametrize(("attack", "sentence"), ATTACKS.values(), ids=ATTACKS.keys())
def test_the_check_says_that(paper, attack, sentence):
    attack(paper)
    report = paper.verify()
    assert not report.ok
    assert any(sentence in problem for problem in report.problems), report.problems


KNOWN = {
    "a lower seq than was seen": ({"highest_seq_seen": 2}, "rolled back"),
    "an edition that expired": ({"now": NOW + timedelta(hours=74)}, "expired; look for a newer one"),
    "an edition from the future": ({"now": NOW - timedelta(days=1)}, "check this machine's clock"),
    "a root that expired": ({"now": NOW + timedelta(days=366)}, "root 1 expired"),
    "another site's key": ({"root": "0" * 64}, "another site"),
    "too short a fingerprint": ({"root": ""}, "another site"),
}


@pytest.mark.parametrize(("known", "sentence"), KNOWN.values(), ids=KNOWN.keys())
def test_who_knows_more_is_told_of(paper, known, sentence):
    report = paper.verify(**known)
    assert any(sentence in problem for problem in report.problems), report.problems


def test_a_copy_that_withholds_a_new_root_is_refused(paper):
    second = next_root(paper.root.root, [a_key(11), a_key(12)], now=NOW)
    assert "old copy" in paper.verify(root=SiteKey.of(second.root)).problems[0]
    paper.folder.put_root(second)
    assert paper.verify(root=SiteKey.of(second.root)).ok


def test_an_edition_key_that_the_newest_root_leaves_out_has_no_word(paper):
    new = a_key(77)
    paper.folder.put_root(next_root(paper.root.root, [a_key(11), a_key(12)], now=NOW, edition_keys=[new.public_key]))
    assert "not signed by an edition key" in paper.verify().problems[0]


def test_an_empty_folder_is_a_problem_not_a_crash(tmp_path, paper):
    shutil.rmtree(paper.site)
    report = paper.verify()
    assert report.problems == ["The edition holds no root/1.json, so nothing says whose it is."]


def test_a_page_without_its_own_signature_is_counted(paper):
    paper.commit(a_put("/plain/", "<p>plain", "text/html"))
    report = paper.verify()
    assert report.ok
    assert report.pages_unsigned == 1


def test_a_page_that_was_signed_for_another_address_is_a_problem(paper):
    page = paper.a_page("/one/", "The dam")
    paper.commit(type(page)("/three/", page.digest, page.size_bytes, page.media_type, page.source))
    assert "signed for another address" in paper.verify().problems[0]


def test_sentences_end_after_the_first_two_hundred_but_the_count_goes_on(paper):
    for number in range(300):
        (paper.site / f"{number}.txt").touch()
    report = paper.verify()
    assert (len(report.problems), report.problem_count) == (200, 300)
