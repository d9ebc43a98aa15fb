"""What the embedded server answers: files of the edition, their headers, and nothing else."""

import gzip
import os
from pathlib import Path

import brotli
import pytest

from stet.appeals.script import SCRIPT_HASHES
from stet.edition.verify.reader_page import script_hashes
from stet.project.reader_site import LARGEST_KEPT_BYTES, WORKER_POLICY, Answer, ReaderSite, media_type_of
from stet.theme.claim_script import SCRIPT_HASH as CLAIM_SCRIPT_HASH
from stet.theme.worker import REGISTER_HASH

FRONT = b"<!doctype html><title>front</title>" + b"x" * 2_000


@pytest.fixture
def site(tmp_path: Path) -> ReaderSite:
    root = tmp_path / "site"
    put(root, "index.html", FRONT)
    put(root, "404.html", b"nothing here")
    put(root, "ru/404.html", "здесь ничего нет".encode())
    put(root, "news/dam/index.html", b"dam")
    put(root, "rss.xml", b"<rss/>")
    put(root, "feed.json", b"{}")
    put(root, "media/ab/photo.avif", b"photo")
    put(root, "media/long.mp3", bytes(range(256)) * 2_000)
    put(root, ".well-known/stet/edition.json", b"{}")
    put(root, ".well-known/stet/shards/ab/cd", b"shard")
    put(root, ".git/config", b"hidden")
    put(tmp_path, "keys/root.pem", b"secret")
    (root / "index.html.br").write_bytes(brotli.compress(FRONT))
    (root / "index.html.gz").write_bytes(gzip.compress(FRONT))
    return ReaderSite(root, page_seconds=120)


def put(root: Path, name: str, body: bytes) -> None:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)


def get(site: ReaderSite, path: str, method: str = "GET", **headers: str) -> Answer:
    return site.answer(method, path, {name.replace("_", "-"): value for name, value in headers.items()})


def header(answer: Answer, name: str) -> str | None:
    return dict(answer.headers).get(name)


def test_a_folder_is_answered_with_its_index(site: ReaderSite) -> None:
    assert get(site, "/").body == FRONT
    assert get(site, "/news/dam/").body == b"dam"


def test_a_folder_without_its_slash_leads_to_the_folder(site: ReaderSite) -> None:
    answer = get(site, "/news/dam")
    assert (answer.status, header(answer, "location")) == (308, "/news/dam/")


ENCODINGS = {
    "brotli before gzip": ("gzip, br", "br"),
    "gzip where brotli is not taken": ("gzip, deflate", "gzip"),
    "brotli that is refused": ("br;q=0, gzip", "gzip"),
    "nothing that stands here": ("zstd", None),
    "no wish at all": ("", None),
    "a wish that is none": ("\x00;;;,,q=", None),
}


@pytest.mark.parametrize(("wish", "encoding"), ENCODINGS.values(), ids=ENCODINGS.keys())
def test_the_stored_encoding_that_is_taken_is_sent(site: ReaderSite, wish: str, encoding: str | None) -> None:
    answer = get(site, "/", accept_encoding=wish)
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert answer.body is not None
    assert unpack(answer.body) == FRONT
    assert header(answer, "content-encoding") == encoding
    assert header(answer, "vary") == "accept-encoding"
    assert header(answer, "content-length") == str(len(answer.body))


OUTSIDE = {
    "a path that climbs": "/../keys/root.pem",
    "a path that climbs later": "/news/../../keys/root.pem",
    "a backslash": "/..\\keys\\root.pem",
    "an empty part": "//etc/passwd",
    "a hidden folder": "/.git/config",
    "a zero byte": "/index.html\x00.txt",
    "a control character": "/news\x1b/",
    "a lone surrogate": "/\ud800/",
    "a path without a slash": "index.html",
    "nothing": "",
    "a very long path": "/" + "a" * 100_000,
    "a very long name": "/" + "a" * 300 + "/",
    "a compressed file by its own name": "/index.html.br",
    "a folder as a file": "/news/dam/index.html/",
}


@pytest.mark.parametrize("path", OUTSIDE.values(), ids=OUTSIDE.keys())
def test_a_hostile_path_finds_nothing(site: ReaderSite, path: str) -> None:
    answer = get(site, path)
    assert answer.status == 404
    assert answer.body == b"nothing here"


def test_a_missing_page_is_told_in_its_language(site: ReaderSite) -> None:
    assert get(site, "/ru/net/").body == "здесь ничего нет".encode()
    assert get(site, "/fa/nist/").body == b"nothing here"
    assert header(get(site, "/ru/net/"), "content-type") == "text/html; charset=utf-8"


def test_a_tree_without_any_sheet_still_answers(tmp_path: Path) -> None:
    assert get(ReaderSite(tmp_path / "none"), "/").status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "X"])
def test_only_reading_is_possible(site: ReaderSite, method: str) -> None:
    answer = get(site, "/", method)
    assert (answer.status, header(answer, "allow")) == (405, "GET, HEAD")


def test_an_unchanged_sheet_is_not_sent_again(site: ReaderSite) -> None:
    etag = header(get(site, "/"), "etag")
    assert etag is not None
    assert get(site, "/", if_none_match=f'"other", W/{etag}').status == 304
    assert get(site, "/", if_none_match='"other"').status == 200


def test_each_encoding_has_a_tag_of_its_own(site: ReaderSite) -> None:
    tags = {header(get(site, "/", accept_encoding=wish), "etag") for wish in ("br", "gzip", "")}
    assert len(tags) == 3


def test_a_sheet_that_is_replaced_is_answered_anew_at_once(site: ReaderSite, tmp_path: Path) -> None:
    assert get(site, "/news/dam/").body == b"dam"
    put(tmp_path, "new", b"DAM")
    os.replace(tmp_path / "new", tmp_path / "site/news/dam/index.html")
    assert get(site, "/news/dam/").body == b"DAM"
    (tmp_path / "site/news/dam/index.html").unlink()
    assert get(site, "/news/dam/").status == 404


def test_a_compressed_copy_that_comes_later_is_used_once_it_is_there(site: ReaderSite, tmp_path: Path) -> None:
    assert header(get(site, "/news/dam/", accept_encoding="br"), "content-encoding") is None
    (tmp_path / "site/news/dam/index.html.br").write_bytes(brotli.compress(b"dam"))
    assert header(get(site, "/news/dam/", accept_encoding="br"), "content-encoding") == "br"


CACHING = {
    "a page": ("/", "public, max-age=120"),
    "a photo": ("/media/ab/photo.avif", "public, max-age=31536000, immutable"),
    "a part of the manifest": ("/.well-known/stet/shards/ab/cd", "public, max-age=31536000, immutable"),
    "the pointer": ("/.well-known/stet/edition.json", "no-cache"),
}


@pytest.mark.parametrize(("path", "expected"), CACHING.values(), ids=CACHING.keys())
def test_files_may_be_kept_as_long_as_they_stay_the_same(site: ReaderSite, path: str, expected: str) -> None:
    assert header(get(site, path), "cache-control") == expected


def test_every_answer_tells_nobody_where_the_reader_came_from(site: ReaderSite) -> None:
    for path in ("/", "/none/", "/media/ab/photo.avif", "/news/dam"):
        answer = get(site, path)
        assert header(answer, "referrer-policy") == "no-referrer"
        assert header(answer, "x-content-type-options") == "nosniff"
        assert header(answer, "set-cookie") is None


def test_a_page_may_load_from_its_own_place_only(site: ReaderSite) -> None:
    policy = header(get(site, "/"), "content-security-policy") or ""
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy
    scripts = " ".join(f"'{one}'" for one in (*SCRIPT_HASHES, CLAIM_SCRIPT_HASH, REGISTER_HASH))
    assert [part for part in policy.split("; ") if "script" in part] == [f"script-src {scripts}"]


def test_only_pages_that_check_copies_run_what_checks(site: ReaderSite) -> None:
    for path in ("/verify.html", "/check.html", "/ru/check.html", "/index.html", "/news/dam/index.html"):
        put(Path(site.root), path[1:], FRONT)
        policy = header(get(site, path), "content-security-policy") or ""
        assert {one in policy for one in script_hashes()} == {path.endswith(("verify.html", "check.html"))}


def test_the_worker_has_a_policy_of_its_own_and_pages_may_ask_nobody(site: ReaderSite) -> None:
    put(Path(site.root), "worker.js", b"1")
    assert header(get(site, "/worker.js"), "content-security-policy") == WORKER_POLICY
    assert (header(get(site, "/worker.js"), "content-type") or "").startswith("text/javascript")
    assert "connect-src" not in (header(get(site, "/"), "content-security-policy") or "")


def test_a_worker_of_the_papers_own_address_may_read_every_file_of_a_mirror(site: ReaderSite) -> None:
    for path in ("/", "/news/dam/", "/media/ab/photo.avif", "/.well-known/stet/edition.json", "/nowhere/"):
        assert header(get(site, path), "access-control-allow-origin") == "*"


def test_a_form_may_go_to_the_frontdesk_and_the_pages_it_leads_to_and_to_nobody_else(tmp_path: Path) -> None:
    put(tmp_path, "index.html", FRONT)
    site = ReaderSite(tmp_path, form_urls=("https://join.example.org:8443/desk", "https://pay.example.com"))
    policy = header(get(site, "/"), "content-security-policy") or ""
    assert "form-action 'self' https://join.example.org:8443 https://pay.example.com;" in policy
    assert policy.count("http") == 2


RANGES = {
    "a part": ("bytes=0-9", 206, (0, 10)),
    "from somewhere on": ("bytes=511990-", 206, (511_990, 512_000)),
    "the end": ("bytes=-10", 206, (511_990, 512_000)),
    "more than there is": ("bytes=511000-999999999", 206, (511_000, 512_000)),
    "beyond the end": ("bytes=512000-", 416, (0, 0)),
    "backwards": ("bytes=9-3", 416, (0, 0)),
    "several parts": ("bytes=0-1,5-6", 200, (0, 512_000)),
    "another unit": ("lines=1-2", 200, (0, 512_000)),
    "nothing": ("bytes=-", 200, (0, 512_000)),
}


@pytest.mark.parametrize(("wish", "status", "part"), RANGES.values(), ids=RANGES.keys())
def test_a_recording_can_be_asked_for_in_parts(site: ReaderSite, wish: str, status: int, part: tuple[int, int]) -> None:
    answer = get(site, "/media/long.mp3", range=wish)
    assert (answer.status, (answer.start, answer.end)) == (status, part)
    assert answer.body in (None, b"")


def test_a_large_file_is_not_held_in_memory(site: ReaderSite) -> None:
    answer = get(site, "/media/long.mp3")
    assert answer.end > LARGEST_KEPT_BYTES
    assert answer.body is None


def test_feeds_have_their_own_media_types() -> None:
    assert media_type_of("/ru/rss.xml").startswith("application/rss+xml")
    assert media_type_of("/feed.json") == "application/feed+json"
    assert media_type_of("/strange.thing") == "application/octet-stream"
