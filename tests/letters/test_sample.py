"""The sample newsroom's lists and letters."""

import tomllib
from datetime import UTC, datetime

import pytest

from stet.letters.drafts import a_draft
from stet.letters.models import LetterPage, ListPage
from stet.letters.preflight import LEFT_IN, MAYBE_LEFT_IN, preflight
from stet.letters.sample import lay_sample, rich, sample_files
from stet.newsroom.models import ArticlePage
from stet.project.demonstration import sample_folder
from tests.press.builders import SmallPaper, a_paper, an_article, clear_newsroom


def slugs(language: str) -> set[str]:
    """The articles of the sample archive, by address."""
    return {file.stem for file in (sample_folder() / "articles" / language).glob("*.md")}


@pytest.mark.parametrize("file", sample_files(), ids=lambda file: file.stem)
def test_every_story_of_a_sample_letter_is_an_article_of_the_sample(file) -> None:  # type: ignore[no-untyped-def]
    values = tomllib.loads(file.read_text(encoding="utf-8"))
    stories = [block["article"] for block in values["letter"]["blocks"] if block["kind"] == "story"]
    assert len(stories) >= 3
    assert set(stories) | set(values["picks"]) <= slugs(file.name[:2])
    words = file.read_text(encoding="utf-8")
    for link in words.split("(article:")[1:]:
        assert link.split(")")[0] in slugs(file.name[:2]) or link.startswith("slug)")
    assert not LEFT_IN.search(words)
    assert not MAYBE_LEFT_IN.search(words)


@pytest.fixture
def sample(db: None) -> SmallPaper:
    """A small paper with the sample's stories in it."""
    clear_newsroom()
    paper = a_paper(("en", "ru", "fa"))
    for language in ("en", "ru", "fa"):
        for slug in slugs(language):
            an_article(paper.sections[language][0], slug)
    return paper


def test_the_sample_is_laid_once(sample: SmallPaper) -> None:
    assert lay_sample() == 4
    assert lay_sample() == 0
    assert sorted(ListPage.objects.values_list("key", flat=True)) == [
        "en.daily-brief", "en.the-week", "fa.hafteh", "ru.nedelya",
    ]  # fmt: skip
    assert LetterPage.objects.filter(live=True, is_sent=False).count() == 4
    assert ArticlePage.objects.filter(is_pick=True).count() == 7


def test_preflight_finds_nothing_in_the_sample(sample: SmallPaper) -> None:
    lay_sample()
    for letter in LetterPage.objects.all():
        draft = a_draft(letter, letter.list_page)
        assert preflight(draft, now=datetime(2026, 11, 25, tzinfo=UTC)) == ()


def test_the_sample_leaves_what_an_editor_made_of_it(sample: SmallPaper) -> None:
    lay_sample()
    LetterPage.objects.filter(slug="2026-11-20").update(title="Mine")
    lay_sample()
    assert LetterPage.objects.get(slug="2026-11-20").title == "Mine"


def test_a_paper_in_one_language_gets_the_lists_of_that_language(db: None) -> None:
    clear_newsroom()
    a_paper(("en",))
    assert lay_sample() == 2
    assert set(ListPage.objects.values_list("key", flat=True)) == {"en.daily-brief", "en.the-week"}
    assert len(LetterPage.objects.get(slug="2026-11-20").body) == 4, "What is no story stays."


def test_signs_of_the_files_become_rich_text_and_nothing_else_does() -> None:
    assert rich("<b> & **x**\n\ny", {}) == "<p>&lt;b&gt; &amp; <b>x</b></p><p>y</p>"
