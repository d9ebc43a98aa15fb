"""Words are found in SQLite as Wagtail finds them, in fewer questions."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.backends.database import SearchBackend as WagtailsBackend

from stet.newsroom.finding import sqlite
from stet.newsroom.models import ArticlePage, Person
from tests.press.builders import SmallPaper, an_article, stored, text

HEADLINES = (
    "Ёлки у моря", "Елки в городе", "Суд отложен до утра", "Отложенный суд", "Harbour",
    "A harbour, long and slow, at night", "دادگاه تهران", "می‌خواهم بروم", "Don't stop", "Café “Noir”",
)  # fmt: skip
LOOKED_FOR = (
    "ёлк", "елк", "суд", "отлож", "суд отлож", "harb", "HARBOUR", "دادگ", "می", "خواهم", "تهران", "don't", "don",
    "cafe", "noir", "-", "у", "50%", "a b' c", "harbour long",
)  # fmt: skip


@pytest.fixture
def headlines(paper: SmallPaper) -> list[ArticlePage]:
    """An article for each headline, and a person called like one of them."""
    Person.objects.create(name="Harbour", slug="harbour", locale=paper.people["en"].locale)
    return [
        an_article(paper.sections["en"][0], f"s-{place}", title=title, body=stored(text(f"<p>Мороз {title}</p>")))
        for place, title in enumerate(HEADLINES)
    ]


@pytest.mark.parametrize("word", LOOKED_FOR)
@pytest.mark.parametrize("way", ["autocomplete", "search"])
def test_the_same_is_found_as_wagtail_finds(headlines: list[ArticlePage], word: str, way: str) -> None:
    for rows in (ArticlePage.objects.all(), Page.objects.filter(live=True), Person.objects.all()):
        wagtails = getattr(WagtailsBackend({}), way)(word, rows)
        ours = getattr(get_search_backend(), way)(word, rows)
        assert {row.pk for row in ours} == {row.pk for row in wagtails}
        assert ours.count() == len(ours)


def test_the_best_come_first_and_then_the_newest(headlines: list[ArticlePage], monkeypatch: pytest.MonkeyPatch) -> None:
    found = [page.title for page in Page.objects.autocomplete("harbour")]
    assert found == ["Harbour", "A harbour, long and slow, at night"]
    assert [page.title for page in Page.objects.autocomplete("harbour")[1:2]] == found[1:]
    for name in ("_HITS", "_BEST"):
        monkeypatch.setattr(
            sqlite, name, getattr(sqlite, name).replace("LIMIT 5000", "LIMIT 1").replace("LIMIT 2000", "LIMIT 1")
        )
    assert [page.title for page in Page.objects.autocomplete("harbour")] == found[1:]


def test_a_stray_quote_breaks_no_search(headlines: list[ArticlePage]) -> None:
    assert next(iter(Page.objects.autocomplete('"Harbour'))).title == "Harbour"
    assert not Page.objects.autocomplete('"')


def test_what_is_saved_is_found_without_a_look_at_all_titles(
    headlines: list[ArticlePage], django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with CaptureQueriesContext(connection) as asked, django_capture_on_commit_callbacks(execute=True):
        headlines[0].title = "Renamed"
        headlines[0].save()
    assert [page.title for page in Page.objects.autocomplete("renam")] == ["Renamed"]
    assert not any("AVG(" in line["sql"] for line in asked)
