import unicodedata

import pytest

from stet.edition.errors import SheetRefusedError
from stet.edition.sheet import body_digest, checked_media_type, file_path, is_html

GOOD = {
    "/": "/index.html",
    "/a/b/": "/a/b/index.html",
    "/style.css": "/style.css",
    "/новости/дамба/": "/новости/дамба/index.html",
    "/گزارش‌ها/": "/گزارش‌ها/index.html",
    "/.well-known/security.txt": "/.well-known/security.txt",
    "/a..b/c.": "/a..b/c.",
}


@pytest.mark.parametrize(("path", "file"), GOOD.items())
def test_a_path_names_one_file(path, file):
    assert file_path(path) == file
    assert file_path(file) == file


BAD = {
    "no slash in front": "a/b",
    "nothing": "",
    "a part that is empty": "/a//b",
    "a part that goes up": "/a/../b",
    "a part that stays": "/./a",
    "a line feed": "/a\nb",
    "a tab": "/a\tb",
    "a NUL": "/a\0b",
    "a percent sign": "/a%2e",
    "a backslash": "/a\\b",
    "a question": "/a?b",
    "a mark that turns the text around": "/a\u202eb",
    "half a surrogate pair": "/\ud800",
    "another normal form": "/" + unicodedata.normalize("NFD", "й"),
    "the edition's own folder": "/.well-known/stet/edition.json",
    "the edition's own folder itself": "/.well-known/stet",
    "a compressed copy": "/a.css.br",
    "another compressed copy": "/a.css.gz",
    "a very long part": "/" + "я" * 121,
    "a very long path": "/a" * 600,
    "a very long plain path": "/" + "a" * 241,
}


@pytest.mark.parametrize("path", BAD.values(), ids=BAD.keys())
def test_a_path_is_refused_with(path):
    with pytest.raises(SheetRefusedError):
        file_path(path)


@pytest.mark.parametrize("media_type", ["", "html", "text/html\n", "Text/HTML", "text/html\tx", "text/html;"])
def test_a_media_type_in_another_spelling_is_refused(media_type):
    with pytest.raises(SheetRefusedError):
        checked_media_type(media_type)


@pytest.mark.parametrize(
    "media_type", ["text/html", "text/html; charset=utf-8", "image/svg+xml", "application/rss+xml"]
)
def test_a_media_type_is_taken_as_it_is(media_type):
    assert checked_media_type(media_type) == media_type


def test_a_page_is_html_with_or_without_its_charset():
    assert is_html("text/html; charset=utf-8")
    assert not is_html("text/css")


def test_a_sheets_digest_is_plain_sha256():
    assert body_digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
