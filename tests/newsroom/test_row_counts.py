"""How many rows the lists of a form may say they have."""

import pytest
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, rich_text

from stet.newsroom.models import ArticlePage
from stet.newsroom.row_counts import MOST_ROWS, counted_rows
from tests.newsroom.test_bad_input import STREAMS, inputs
from tests.newsroom.test_desk import form
from tests.press.builders import SmallPaper, an_article


@pytest.fixture
def article(paper: SmallPaper) -> ArticlePage:
    """A story that is being written."""
    return an_article(paper.sections["en"][0], "flood")


COUNTS: dict[str, tuple[dict[str, str], int]] = {
    "one list": ({"bylines-TOTAL_FORMS": "3", "bylines-INITIAL_FORMS": "2", "bylines-MAX_NUM_FORMS": "1000"}, 3),
    "two lists": ({"bylines-TOTAL_FORMS": "3", "comments-TOTAL_FORMS": "4"}, 7),
    "lists in a row of a list": ({"comments-TOTAL_FORMS": "1", "comments-0-replies-TOTAL_FORMS": "5"}, 6),
    "a number as no browser sends it": ({"bylines-TOTAL_FORMS": " 9999.0 "}, 9999),
    "no numbers": ({"bylines-TOTAL_FORMS": "many", "picks-TOTAL_FORMS": "", "updates-TOTAL_FORMS": "9" * 5000}, 0),
    "a number below zero beside one above": ({"bylines-TOTAL_FORMS": "-9", "picks-TOTAL_FORMS": "9"}, 9),
    "no list": ({"title": "9", "body-count": "9"}, 0),
}


@pytest.mark.parametrize("what", COUNTS)
def test_the_rows_of_all_lists_are_added_up(what: str) -> None:
    fields, rows = COUNTS[what]
    assert counted_rows(fields) == rows


@pytest.mark.parametrize(
    "fields",
    [{"bylines-TOTAL_FORMS": "9999"}, {"bylines-TOTAL_FORMS": str(MOST_ROWS), "comments-0-replies-TOTAL_FORMS": "1"}],
    ids=["one list", "lists together"],
)
def test_a_form_that_says_it_has_more_rows_than_any_page_is_refused_before_one_is_built(
    desk: Client, article: ArticlePage, fields: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.forms.formsets.BaseFormSet._construct_form", None)
    answer = desk.post(f"/pages/{article.pk}/edit/", form(article) | fields)
    assert answer.status_code == 400
    assert "more than 500 rows together. Nothing was saved." in answer.content.decode()
    assert not article.revisions.exists()


def test_the_desks_script_is_told_the_same(desk: Client, article: ArticlePage) -> None:
    sent = form(article) | {"bylines-TOTAL_FORMS": "9999"}
    told = desk.post(f"/pages/{article.pk}/edit/", sent, headers={"accept": "application/json"}).json()
    assert (told["success"], told["error_code"]) == (False, "too_many_rows")


def test_a_story_with_a_hundred_and_fifty_corrections_is_saved(keys: None, desk: Client, article: ArticlePage) -> None:
    corrections = [{"date": "2026-03-02", "text": rich_text(f"<p>Number {n}.</p>")} for n in range(150)]
    article.save_revision()
    sent = form(article, corrections=inline_formset(corrections))
    assert counted_rows(sent) == 150
    answer = desk.post(f"/pages/{article.pk}/edit/", sent)
    assert answer.status_code == 302
    assert len(ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object().corrections.all()) == 150


@pytest.mark.parametrize(
    "where",
    [
        "/snippets/sourcing/source/add/", "/snippets/sourcing/claim/add/", "/snippets/sourcing/question/add/",
        "/snippets/appeals/appeal/add/",
    ],
)  # fmt: skip
def test_rows_that_no_form_was_opened_with_are_refused_and_not_failed_on(
    desk: Client, paper: SmallPaper, where: str
) -> None:
    filled = inputs(desk.get(where).content) | {f"{stream}-count": "0" for stream in STREAMS}
    lists = [name for name in filled if name.endswith("-INITIAL_FORMS")]
    assert lists
    for name in lists:
        rows = {name: "1", name.replace("INITIAL", "TOTAL"): "1"}
        assert desk.post(where, filled | rows).status_code in (200, 400), name
