"""Stet's own archive is read whole, and a mistake in it is named by file and line."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from stet.intake import records
from stet.intake.errors import ArchiveError
from stet.intake.stet_archive import read_archive
from tests.intake.builders import ARTICLE, FILES, SECOND, a_stet_archive, written


def test_everything_in_the_archive_is_read(tmp_path: Path) -> None:
    archive = read_archive(a_stet_archive(tmp_path))
    assert [front.name for front in archive.fronts] == ["The Lock", "Шлюз"]
    assert [section.source_id for section in archive.sections] == ["section:en:politics", "section:ru:politika"]
    assert [person.name for person in archive.people] == ["Vera Lind", "Вера Линд"]
    assert [article.source_id for article in archive.articles] == [
        "article:en:a-gate-was-stuck", "article:en:the-gate-is-open", "article:ru:zatvor",
    ]  # fmt: skip
    assert [page.title for page in archive.pages] == ["How to reach us"]
    assert archive.media[0].words == (
        records.Words(language="en", alt="A gate in a dam.", caption="The gate in May."),
        records.Words(language="ru", alt="Затвор плотины."),
    )


def test_an_article_is_read_with_its_blocks(tmp_path: Path) -> None:
    first, second, _third = read_archive(a_stet_archive(tmp_path)).articles
    assert first.body == (
        records.Text(
            html='<p>The gate was <b>stuck</b> in May, <a href="https://example.org/letter">the letter</a> says.</p>'
        ),
        records.Subhead(text="What followed", level=2),
        records.Text(html="<ul><li>nothing</li><li>nothing <i>at all</i></li></ul>"),
        records.PullQuote(text="Nobody asked.", attribution="An engineer"),
    )
    assert first.published == datetime(2025, 2, 3, 6, 30, tzinfo=UTC)
    assert second.corrections[0].date == date(2025, 2, 5)
    assert second.body == (
        records.Text(html='<p>As <a href="record:article:en:a-gate-was-stuck">we wrote</a>, it was stuck.</p>'),
    )


def test_translations_share_a_key_and_know_their_original(tmp_path: Path) -> None:
    first, _second, third = read_archive(a_stet_archive(tmp_path)).articles
    assert first.key == third.key
    assert (first.original, third.original) == (None, "article:en:a-gate-was-stuck")


def test_sections_of_several_languages_are_joined_by_their_place(tmp_path: Path) -> None:
    english, russian = read_archive(a_stet_archive(tmp_path)).sections
    assert english.key == russian.key


BLOCKS = {
    'photo\nphoto = "gate.jpg"\ncaption = "A *gate*"\nsize = "wide"': records.Photo(
        media="media:gate.jpg", caption="A <i>gate</i>", size="wide"
    ),
    'gallery\ntitle = "Gates"\nphotos = ["gate.jpg"]': records.Gallery(
        title="Gates", photos=(records.GalleryPhoto(media="media:gate.jpg"),)
    ),
    'quotation\ntext = "One.\\n\\nTwo."\nattribution = "X"': records.Quotation(
        html="<p>One.</p><p>Two.</p>", attribution="X"
    ),
    'table\ncaption = "C"\nhead = ["a", "b"]\nrows = [["1", "2"]]\nfirst_column_is_head = true': records.Table(
        caption="C", head=("a", "b"), rows=(("1", "2"),), first_column_is_head=True
    ),
    'known\nknown = ["One."]\nunknown = ["Two."]': records.Known(known=("<p>One.</p>",), unknown=("<p>Two.</p>",)),
    'fact_box\ntitle = "T"\ntext = "- one"': records.FactBox(title="T", html="<ul><li>one</li></ul>"),
    'timeline\n[[entries]]\nwhen = "May"\ndate = 2025-05-01\ntitle = "X"\ntext = "**y**"': records.Timeline(
        entries=(records.TimelineEntry(when="May", date=date(2025, 5, 1), title="X", html="<b>y</b>"),)
    ),
    'embed\nurl = "https://example.org/v"\nsite = "S"\ntitle = "T"\nauthor = "A"\ntext = "X"': records.Embed(
        url="https://example.org/v", site="S", title="T", author="A", text="X"
    ),
    'note\ntext = "For *you*."': records.Note(html="<p>For <i>you</i>.</p>"),
    'document\nfile = "gate.jpg"\ntitle = "T"': records.File(media="media:gate.jpg", title="T", use="document"),
    'audio\nfile = "gate.jpg"\ntitle = "T"': records.File(media="media:gate.jpg", title="T", use="audio"),
}


@pytest.mark.parametrize("text", BLOCKS)
def test_every_block_can_be_written(text: str, tmp_path: Path) -> None:
    article = SECOND + f"\n::: {text}\n:::\n\nAfter it.\n"
    found = read_archive(a_stet_archive(tmp_path, articles_en_the_gate_is_open_md=article)).articles[1]
    assert found.body[1:] == (BLOCKS[text], records.Text(html="<p>After it.</p>"))


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


MISTAKES = {
    "no front matter": (
        ("articles/en/x.md", "Text."),
        "articles/en/x.md, line 1: the file must begin with a line of +++",
    ),
    "front matter that is not closed": (
        ("articles/en/x.md", '+++\nheadline = "x"\n'),
        "x.md, line 1: the fields are not closed",
    ),
    "TOML that is none": (
        ("articles/en/a-gate-was-stuck.md", changed(ARTICLE, 'dateline = "Tarn"', "dateline = Tarn")),
        "a-gate-was-stuck.md, line 6: this is not TOML",
    ),
    "TOML in a block that is none": (
        ("articles/en/a-gate-was-stuck.md", changed(ARTICLE, 'attribution = "An engineer"', "attribution = ")),
        "a-gate-was-stuck.md, line 22: this is not TOML",
    ),
    "a field that nobody knows": (
        ("articles/en/a-gate-was-stuck.md", changed(ARTICLE, "dateline =", "datelin =")),
        "a-gate-was-stuck.md, line 6: the field “datelin” is not known here. Is it “dateline”?",
    ),
    "a field that is missing": (
        ("articles/en/a-gate-was-stuck.md", changed(ARTICLE, 'headline = "A gate was stuck"\n', "")),
        "“headline” is missing",
    ),
    "a kind that there is not": (
        ("articles/en/a-gate-was-stuck.md", changed(ARTICLE, 'dateline = "Tarn"', 'kind = "story"')),
        "line 6: “kind” must be one of news, feature",
    ),
    "a moment without a zone": (
        ("articles/en/a-gate-was-stuck.md", changed(ARTICLE, "2025-02-03T06:30:00Z", "2025-02-03T06:30:00")),
        "line 7: “published” must be a moment with its zone",
    ),
    "a live article without a date": (
        ("articles/en/a-gate-was-stuck.md", changed(ARTICLE, "published = 2025-02-03T06:30:00Z\n", "")),
        "a live article says when it was published",
    ),
    "a scheduled article without its hour": (
        ("articles/en/a-gate-was-stuck.md", changed(ARTICLE, 'key = "gate"', 'status = "scheduled"')),
        "a scheduled article says when",
    ),
    "a block that there is not": (
        ("articles/en/a-gate-was-stuck.md", changed(ARTICLE, "::: pull_quote", "::: pullquote")),
        "line 20: there is no block “pullquote”",
    ),
    "a block that is not closed": (
        ("articles/en/a-gate-was-stuck.md", changed(ARTICLE, "\n:::\n", "\n")),
        "line 20: the block “pull_quote” is not closed",
    ),
    "a byline that is not there": (
        ("articles/en/a-gate-was-stuck.md", changed(ARTICLE, '["vera-lind"]', '["vera-lynd"]')),
        "line 5: the person “vera-lynd” is not in the archive in the language en.",
    ),
    "a photo that is not there": (
        ("articles/en/a-gate-was-stuck.md", changed(ARTICLE, 'photo = "gate.jpg"', 'photo = "lock.jpg"')),
        "line 8: the file “lock.jpg” is not in the archive.",
    ),
    "a link that leads nowhere": (
        ("articles/en/the-gate-is-open.md", changed(SECOND, "article:a-gate-was-stuck", "article:a-gate")),
        "the article “a-gate” is not in the archive in the language en.",
    ),
    "a link of no kind": (
        ("articles/en/the-gate-is-open.md", changed(SECOND, "article:a-gate-was-stuck", "javascript:alert")),
        "the link to “javascript:alert” leads nowhere",
    ),
    "a photo without a credit": (
        ("photos/photos.toml", changed(FILES["photos/photos.toml"], 'credit = "Vera Lind"\n', "")),
        "“credit” is missing",
    ),
    "a photo without an alternative text": (
        ("photos/photos.toml", '["gate.jpg"]\ncredit = "x"\n'),
        "has no alternative text",
    ),
    "a photo without a file": (
        ("photos/photos.toml", '["lock.jpg"]\ncredit = "x"\n'),
        "photos.toml, line 1: the file photos/lock.jpg is not there",
    ),
    "a table whose rows differ": (
        ("articles/en/x.md", SECOND + '\n::: table\nhead = ["a", "b"]\nrows = [["1"]]\n:::\n'),
        "line 15: every row of the table must have 2 cells",
    ),
    "a card that is no web address": (
        ("articles/en/x.md", SECOND + '\n::: embed\nurl = "javascript:alert(1)"\n:::\n'),
        "line 14: the address of a card begins with https://",
    ),
}


@pytest.mark.parametrize("sentence", MISTAKES)
def test_a_mistake_is_named_by_file_and_line(sentence: str, tmp_path: Path) -> None:
    (name, text), words = MISTAKES[sentence]
    folder = a_stet_archive(tmp_path)
    written(folder, text, name)
    with pytest.raises(ArchiveError) as refused:
        read_archive(folder)
    assert words in str(refused.value)


def test_a_file_that_is_not_utf_8_is_named_by_its_line(tmp_path: Path) -> None:
    folder = a_stet_archive(tmp_path)
    written(folder, ARTICLE.replace("Nobody asked", "Nóbody asked").encode("latin-1"), "articles/en/x.md")
    with pytest.raises(ArchiveError, match=r"articles/en/x\.md, line 21: this is not UTF-8"):
        read_archive(folder)


def test_a_folder_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"there is no paper\.toml in it"):
        read_archive(tmp_path)


def test_words_in_a_language_that_the_paper_is_not_in_are_left(tmp_path: Path) -> None:
    folder = a_stet_archive(tmp_path, paper_ru_toml=None, articles_ru_zatvor_md=None)
    archive = read_archive(folder)
    assert [person.language for person in archive.people] == ["en"]
    assert [words.language for words in archive.media[0].words] == ["en"]
