"""An export is read as far as it can be, and what cannot be read is named."""

from pathlib import Path

import pytest

from stet.intake.errors import ArchiveError
from stet.intake.wxr import Element, Unreadable, Wxr, open_wxr
from tests.intake.builders import an_export, an_item, written


def opened(path: Path) -> tuple[Wxr, list[Element | Unreadable]]:
    wxr = open_wxr(path)
    return wxr, list(wxr.items)


def titles(items: list[Element | Unreadable]) -> list[str]:
    return [item.title if isinstance(item, Unreadable) else item.get("title") for item in items]


def test_items_are_read_with_their_fields(tmp_path: Path) -> None:
    wxr, items = opened(written(tmp_path, an_export(an_item(5, title="A & B", comments=2, meta=(("k", "v"),)))))
    item = items[0]
    assert isinstance(item, Element)
    assert item.get("title") == "A & B"
    assert item.get("wp:post_id") == "5"
    assert item.categories == (("category", "harbour", "Harbour"),)
    assert (item.comments, item.meta, item.damage) == (2, (("k", "v"),), "")
    assert [author.get("wp:author_display_name") for author in wxr.channel.authors] == ["Anna Quay"]
    assert wxr.channel.fields["title"] == "The Old Paper"


def test_an_item_inside_cdata_is_text(tmp_path: Path) -> None:
    _wxr, items = opened(
        written(tmp_path, an_export(an_item(1, content="<item>no</item>"), an_item(2, title="Second")))
    )
    assert titles(items) == ["The ferry is late", "Second"]


BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
REFUSED = {
    "an entity bomb": (an_export(an_item(content="&b;"), prolog=BOMB), "DOCTYPE"),
    "an entity that reads a file": (
        an_export(an_item(), prolog='<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "DOCTYPE",
    ),
    "a DOCTYPE in small letters behind a comment": (an_export(an_item(), prolog="<!-- x --><!doctype rss>"), "DOCTYPE"),
    "a web page": ("<html><body>Not found</body></html>", "not a WordPress export"),
    "an empty file": ("", "not a WordPress export"),
    "something else entirely": ("\x00\x01\x02PNG", "not a WordPress export"),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_what_is_no_safe_export_is_refused_in_a_sentence(sentence: str, tmp_path: Path) -> None:
    text, words = REFUSED[sentence]
    with pytest.raises(ArchiveError, match=words) as refused:
        open_wxr(written(tmp_path, text))
    assert str(refused.value).endswith(".")


def test_a_missing_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="No such file"):
        open_wxr(tmp_path / "none.xml")


def test_a_doctype_inside_a_text_is_text(tmp_path: Path) -> None:
    _wxr, items = opened(written(tmp_path, an_export(an_item(content="<!DOCTYPE html><p>x</p>"))))
    assert titles(items) == ["The ferry is late"]


def test_a_truncated_file_gives_what_stands_before_the_cut(tmp_path: Path) -> None:
    text = an_export(an_item(1, title="Whole"), an_item(2, title="Cut", content="x" * 500))
    _wxr, items = opened(written(tmp_path, text[: text.index("x" * 300)]))
    assert titles(items) == ["Whole", "Cut"]
    assert "the file ends in the middle of it, near line" in items[1].damage  # type: ignore[union-attr]


def test_one_damaged_item_costs_no_other(tmp_path: Path) -> None:
    damaged = an_item(2, title="Damaged").replace("<wp:status>publish</wp:status>", "<wp:status>publish</wp:stat>")
    _wxr, items = opened(written(tmp_path, an_export(an_item(1), damaged, an_item(3, title="Third"))))
    assert titles(items) == ["The ferry is late", "Damaged", "Third"]
    assert [bool(item.damage) for item in items if isinstance(item, Element)] == [False, True, False]


def test_a_text_that_is_never_closed_ends_with_its_item(tmp_path: Path) -> None:
    open_text = an_item(1, title="Open").replace("It was late.]]>", "It was late.")
    _wxr, items = opened(written(tmp_path, an_export(open_text, an_item(2, title="Second"), an_item(3, title="Third"))))
    assert titles(items) == ["Open", "Second", "Third"]


def test_an_item_that_is_never_closed_ends_where_the_next_begins(tmp_path: Path) -> None:
    open_item = an_item(1, title="Open").replace("</item>", "")
    _wxr, items = opened(written(tmp_path, an_export(open_item, an_item(2, title="Second"))))
    assert titles(items) == ["Open", "Second"]
    assert "not closed" in items[0].damage  # type: ignore[union-attr]


def test_html_entities_are_read_as_their_letters(tmp_path: Path) -> None:
    _wxr, items = opened(
        written(tmp_path, an_export(an_item(title="X").replace("<title>X", "<title>A&nbsp;&mdash;&amp; B")))
    )
    assert items[0].get("title") == "A\xa0—& B"  # type: ignore[union-attr]
    assert items[0].damage == ""  # type: ignore[union-attr]


def test_an_item_of_ten_million_characters_is_named_and_not_read(tmp_path: Path) -> None:
    huge = an_item(1, title="Huge", content="x" * 10_100_000)
    _wxr, items = opened(written(tmp_path, an_export(huge, an_item(2, title="Second"))))
    assert items[0] == Unreadable(title="Huge", line=8, reason="longer than ten million characters")
    assert titles(items) == ["Huge", "Second"]


def test_control_characters_are_dropped_and_counted(tmp_path: Path) -> None:
    wxr, items = opened(written(tmp_path, an_export(an_item(title="A\x00B\x0bC"))))
    assert titles(items) == ["ABC"]
    assert wxr.notes == ["2 control characters, which XML does not allow, were dropped."]


def test_an_item_of_noise_is_named_by_its_line(tmp_path: Path) -> None:
    _wxr, items = opened(written(tmp_path, an_export("<item>\n<<<>>>\n</item>\n", an_item(2))))
    assert isinstance(items[0], Unreadable)
    assert items[0].line == 8
    assert titles(items) == ["without a title", "The ferry is late"]


TITLE = "Паром опоздал, и никто не удивился"
ENCODINGS = {
    "Windows-1251 that says UTF-8": ("utf-8", "cp1251", "it was read as Windows-1251"),
    "KOI8-R that says UTF-8": ("utf-8", "koi8-r", "it was read as KOI8-R"),
    "Windows-1251 that says so": ("windows-1251", "cp1251", ""),
    "UTF-8 that says Windows-1251": ("windows-1251", "utf-8", "it was read as UTF-8"),
    "UTF-8 that says Latin-1": ("iso-8859-1", "utf-8", "it was read as UTF-8"),
    "UTF-16 with a mark that says UTF-8": ("utf-8", "utf-16", ""),
    "UTF-16 without a mark": ("utf-16", "utf-16-le", ""),
    "UTF-8 with a mark": ("utf-8", "utf-8-sig", ""),
    "an encoding that nobody knows": ("x-none", "utf-8", ""),
}


@pytest.mark.parametrize("sentence", ENCODINGS)
def test_the_encoding_is_found_and_said_where_it_is_another(sentence: str, tmp_path: Path) -> None:
    declared, actual, words = ENCODINGS[sentence]
    text = an_export(an_item(title=TITLE), declaration=f'<?xml version="1.0" encoding="{declared}"?>')
    wxr, items = opened(written(tmp_path, text, encoding=actual))
    assert titles(items) == [TITLE]
    assert words in " ".join(wxr.notes)
    assert bool(wxr.notes) is bool(words)


def test_latin_letters_that_say_utf_8_are_read_as_windows_1252(tmp_path: Path) -> None:
    wxr, items = opened(written(tmp_path, an_export(an_item(title="Café à la gare")), encoding="latin-1"))
    assert titles(items) == ["Café à la gare"]
    assert "Windows-1252" in wxr.notes[0]


def test_one_broken_letter_does_not_change_the_encoding(tmp_path: Path) -> None:
    raw = an_export(an_item(title=TITLE)).encode().replace("удивился".encode(), "удив".encode() + b"\xff", 1)
    wxr, items = opened(written(tmp_path, raw))
    assert titles(items) == ["Паром опоздал, и никто не удив\N{REPLACEMENT CHARACTER}"]
    assert "1 place" in wxr.notes[0]
