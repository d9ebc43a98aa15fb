"""A mirror on this machine, honest and otherwise, and what a check of its address says."""

import gzip
import shutil
import threading

import brotli
import pytest

from stet.edition.errors import AddressRefusedError
from stet.edition.root import next_root
from stet.edition.verify import Kind, Verdict, verify_address
from stet.edition.verify.seen import Seen
from tests.edition.builders import HOUR, NOW, a_key, a_paper
from tests.edition.copies import PROOF, hosted, send


@pytest.fixture(scope="module")
def first_paper(tmp_path_factory):
    return a_paper(tmp_path_factory.mktemp("web") / "paper")


@pytest.fixture
def paper(first_paper, tmp_path):
    """A copy of the paper that a test may change."""
    shutil.copytree(first_paper.site, tmp_path / "site")
    return first_paper


@pytest.fixture
def host(paper, tmp_path):
    with hosted(tmp_path / "site") as host:
        yield host


def checked(paper, host, path="/", **known):
    return verify_address(host.address + path, **{"root": paper.key, "now": paper.now, "seconds": 2.0, **known})


def test_a_mirror_is_good_by_a_sample(paper, host):
    report = checked(paper, host, sample=2)
    assert (report.kind, report.verdict, report.problems) == (Kind.SITE, Verdict.GOOD, [])
    assert report.sheets_named == 4
    assert 2 <= report.sheets_checked <= 3
    assert "drawn by lot" in report.notes[0]
    assert "/" in host.asked
    assert not any(path.endswith("/index.html") for path in host.asked)


def test_a_mirror_is_good_by_all_its_sheets(paper, host):
    report = checked(paper, host, sample=None)
    assert (report.verdict, report.sheets_checked, report.pages_signed) == (Verdict.GOOD, 4, 3)


def test_one_page_is_checked_at_its_address(paper, host):
    report = checked(paper, host, "/one/")
    assert (report.kind, report.verdict) == (Kind.ADDRESS, Verdict.GOOD), report.problems
    assert (report.page_code, report.page_path) == ("good", "/one/index.html")
    assert "as it stands there now" in report.notes[-1]


def test_a_site_may_stand_below_a_path(paper, host, tmp_path):
    host.folder = tmp_path
    assert checked(paper, host, "/site/").verdict is Verdict.GOOD
    assert checked(paper, host, "/site/two/").page_path == "/two/index.html"


def test_a_host_may_pack_its_answers_and_forget_the_names_of_files(paper, host, tmp_path):
    one, root = (tmp_path / "site/one/index.html").read_bytes(), (tmp_path / f"site/{PROOF}/root/1.json").read_bytes()
    host.ways["/one/"] = lambda r: send(r, brotli.compress(one), content_encoding="br")
    host.ways[f"/{PROOF}/root/1.json"] = lambda r: send(r, gzip.compress(root), content_encoding="gzip")
    host.ways[f"/{PROOF}/root/2.json"] = lambda r: send(r, b"<!doctype html>not found")
    host.ways[f"/{PROOF}/next.json"] = lambda r: send(r, b"<Error/>", status=403)
    assert checked(paper, host, "/one/").problems == []


def endless(request):
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"0" * 65536)


def dripping(request):
    """A byte now and then, for ever."""
    request.send_response(200)
    request.send_header("Content-Length", "100000")
    request.end_headers()
    while True:
        request.wfile.write(b"0")
        threading.Event().wait(0.05)


def dripping_headers(request):
    while True:
        request.wfile.write(b"H")
        threading.Event().wait(0.05)


def cut_off(request):
    request.send_response(200)
    request.send_header("Content-Length", "100000")
    request.end_headers()
    request.wfile.write(b"0")
    request.close_connection = True


def moved(location):
    return lambda request: send(request, b"", status=302, location=location)


def packed(body, packing):
    return lambda request: send(request, body, content_encoding=packing)


PAGE, POINTER = "/one/", f"/{PROOF}/edition.json"
WAYS = {
    "another page": (PAGE, lambda r: send(r, b"<p>lies"), Verdict.WRONG, "carries no signature"),
    "a page without end": (PAGE, endless, Verdict.WRONG, "carries no signature"),
    "a pointer without end": (POINTER, endless, Verdict.WRONG, "far too long"),
    "a page that drips": (PAGE, dripping, Verdict.UNSURE, "longer than 0.5 seconds"),
    "headers that drip": (PAGE, dripping_headers, Verdict.UNSURE, "longer than 0.5 seconds"),
    "a page that is cut off": (PAGE, cut_off, Verdict.UNSURE, "ended the connection"),
    "a gzip bomb": (PAGE, packed(gzip.compress(b"0" * 9_000_000), "gzip"), Verdict.WRONG, "more than it may"),
    "a brotli bomb": (PAGE, packed(brotli.compress(b"0" * 9_000_000), "br"), Verdict.WRONG, "more than it may"),
    "a packing nobody knows": (PAGE, packed(b"x", "rot13"), Verdict.UNSURE, "packed as rot13"),
    "an error": (PAGE, lambda r: send(r, b"", status=500), Verdict.UNSURE, "answers 500"),
    "a wall": (PAGE, lambda r: send(r, b"blocked", status=451), Verdict.UNSURE, "answers 451"),
    "nothing": (PAGE, lambda r: send(r, b"", status=404), Verdict.WRONG, "/one/index.html is missing"),
    "another host": (PAGE, moved("http://other.example.org/one/"), Verdict.UNSURE, "sends readers on to other.example"),
    "another kind of address": (PAGE, moved("file:///etc/passwd"), Verdict.UNSURE, "was not followed"),
    "itself for ever": (PAGE, moved("/one/"), Verdict.UNSURE, "without end"),
}  # fmt: skip


@pytest.mark.parametrize(("path", "way", "verdict", "sentence"), WAYS.values(), ids=WAYS.keys())
def test_a_host_that_answers_with_this_is_told_of(paper, host, path, way, verdict, sentence):
    host.ways[path] = way
    report = checked(paper, host, "/one/", seconds=0.5)
    assert report.verdict is verdict
    assert any(sentence in text for text in [*report.problems, *report.doubts]), [report.problems, report.doubts]


def test_a_host_may_lead_to_another_of_its_own_addresses(paper, host):
    host.ways["/one/"] = moved("/one/index.html")
    assert checked(paper, host, "/one/").verdict is Verdict.GOOD


def test_a_page_that_the_edition_replaced_is_old_not_forged(paper, host, tmp_path):
    other = a_paper(tmp_path / "other")
    before = (other.site / "one/index.html").read_bytes()
    other.commit(other.a_page("/one/", "The dam, corrected"))
    shutil.copytree(other.site, tmp_path / "site", dirs_exist_ok=True)
    host.ways["/one/"] = lambda r: send(r, before)
    report = checked(other, host, "/one/")
    assert "it was replaced, corrected or withdrawn" in report.problems[0]


def test_a_page_that_was_withdrawn_is_not_there(paper, host):
    assert checked(paper, host, "/three/").problems == ["/three/index.html is not there."]


def test_a_mirror_that_goes_on_while_it_is_read_is_read_again(paper, host, tmp_path):
    other = a_paper(tmp_path / "other")
    host.folder = other.site

    def goes_on(request):
        del host.ways["/one/"]
        other.commit(other.a_page("/one/", "The dam, corrected"))
        host.answer(request)

    host.ways["/one/"] = goes_on
    report = checked(other, host, sample=None, now=other.now + HOUR)
    assert (report.problems, report.seq) == ([], 2)


def test_a_mirror_that_was_rolled_back_is_refused(paper, host):
    assert "rolled back" in checked(paper, host, highest_seq_seen=2).problems[0]


def test_a_mirror_that_hides_a_root_that_was_seen_is_refused(paper, host):
    second = next_root(paper.root.root, [a_key(11), a_key(12)], now=NOW)
    report = checked(paper, host, remembered=Seen(roots=(paper.root.to_bytes(), second.to_bytes())))
    assert "root 2 was seen before" in report.problems[0]


def test_no_site_stands_there(paper, host, tmp_path):
    shutil.rmtree(tmp_path / "site/.well-known")
    assert "No signed site stands at this address" in checked(paper, host).problems[0]


def test_nobody_answers(paper):
    report = verify_address("http://127.0.0.1:9/", root=paper.key, now=paper.now)
    assert report.verdict is Verdict.UNSURE
    assert "cannot be reached" in report.doubts[0]


def test_a_proxy_is_asked_for_the_whole_address(paper, host):
    host.ways[f"http://mirror.example.org/{PROOF}/root/1.json"] = lambda r: send(r, paper.root.to_bytes())
    verify_address("http://mirror.example.org/", root=paper.key, now=paper.now, proxy=host.address)
    assert host.asked[0] == f"http://mirror.example.org/{PROOF}/root/1.json"


def test_an_onion_address_is_asked_for_through_a_tunnel_and_never_without_one(paper, host):
    onion = f"http://{'a' * 56}.onion"
    report = verify_address(f"{onion}/one/", root=paper.key, now=paper.now, proxy=host.address)
    assert report.verdict is Verdict.GOOD
    assert host.asked[0] == f"CONNECT {'a' * 56}.onion:80"
    with pytest.raises(AddressRefusedError, match="over Tor alone"):
        verify_address(f"{onion}/one/", root=paper.key, now=paper.now)


@pytest.mark.parametrize(
    ("address", "proxy"),
    [("http://", None), ("http://[x/", None), ("http://a:b@example.org/", None), ("http://example.org:99999/", None),
     ("http://example.org/", "socks5://127.0.0.1:9050")],
)  # fmt: skip
def test_what_is_no_address_is_refused(paper, address, proxy):
    with pytest.raises(AddressRefusedError):
        verify_address(address, root=paper.key, now=paper.now, proxy=proxy)
