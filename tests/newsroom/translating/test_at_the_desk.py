"""Translations at the desk: what stands beside the original, which are behind, what "up to date" means."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Revision

from stet.newsroom.models import ArticlePage
from tests.newsroom.test_sharing import a_colleague, words
from tests.press.builders import SmallPaper, an_article, stored, text

ELEVEN = '<p data-block-key="a">Eleven people came.</p><p data-block-key="b">They left.</p>'
NINE = ELEVEN.replace("Eleven", "Nine") + '<p data-block-key="c">It rained.</p>'
PERSIAN = '<p data-block-key="a">یازده نفر آمدند.</p><p data-block-key="b">رفتند.</p>'


def a_pair(paper: SmallPaper, slug: str = "square") -> tuple[ArticlePage, ArticlePage]:
    """A published original, and a translation that follows it."""
    original = an_article(paper.sections["en"][0], slug, title="On the square", body=stored(text(ELEVEN)))
    original.save_revision().publish()
    translation = an_article(
        paper.sections["ru"][0], slug, title="На площади", body=stored(text(PERSIAN)),
        translation_key=original.translation_key,
    )  # fmt: skip
    translation.save_revision().publish()
    translation.follow_original(ArticlePage.objects.get(pk=original.pk))
    return original, translation


def changed(original: ArticlePage, html: str = NINE) -> None:
    page = ArticlePage.objects.get(pk=original.pk)
    page.body = stored(text(html))
    page.save_revision().publish()


def test_what_changed_since_is_marked_and_confirmed_with_one_button(desk: Client, paper: SmallPaper) -> None:
    original, translation = a_pair(paper)
    beside = f"/translations/{translation.pk}/"
    assert "This translation follows its original as published now." in words(desk.get(beside))
    changed(original)
    answer = desk.get(beside)
    assert "2 pieces changed since." in words(answer)
    html = answer.content.decode()
    assert "<del>Eleven</del><ins>Nine</ins> people came." in html
    assert "<ins>It rained.</ins>" in html
    assert '<p lang="ru" dir="ltr">یازده نفر آمدند.</p>' in html
    assert "not in the translation" in words(answer)
    assert "They left." not in words(desk.get(f"{beside}?changed"))
    assert "На площади" in words(desk.get("/translations/"))
    shown = ArticlePage.objects.get(pk=original.pk).live_revision_id
    desk.post(f"{beside}up-to-date/", {"revision": shown})
    assert ArticlePage.objects.get(pk=translation.pk).original_revision == shown
    assert "No translation is behind" in words(desk.get("/translations/"))


def test_what_was_published_after_the_page_was_opened_is_not_confirmed_with_it(desk: Client, paper: SmallPaper) -> None:
    original, translation = a_pair(paper)
    changed(original)
    shown = ArticlePage.objects.get(pk=original.pk).live_revision_id
    changed(original, ELEVEN)
    answer = desk.post(f"/translations/{translation.pk}/up-to-date/", {"revision": shown}, follow=True)
    assert "The original was published anew meanwhile. Look again." in words(answer)
    assert ArticlePage.objects.get(pk=translation.pk).is_behind_original


def test_a_draft_from_before_does_not_take_it_back(desk: Client, paper: SmallPaper) -> None:
    original, translation = a_pair(paper)
    draft = ArticlePage.objects.get(pk=translation.pk).save_revision()
    changed(original)
    now = ArticlePage.objects.get(pk=original.pk).live_revision_id
    desk.post(f"/translations/{translation.pk}/up-to-date/", {"revision": now})
    Revision.objects.get(pk=draft.pk).publish()
    assert ArticlePage.objects.get(pk=translation.pk).original_revision == now


def test_a_revision_of_another_story_confirms_nothing(desk: Client, paper: SmallPaper) -> None:
    original, translation = a_pair(paper)
    other, _its = a_pair(paper, "another")
    changed(original)
    before = ArticlePage.objects.get(pk=translation.pk).original_revision
    other.refresh_from_db()
    for revision in (other.live_revision_id, "x", ""):
        desk.post(f"/translations/{translation.pk}/up-to-date/", {"revision": revision})
    assert ArticlePage.objects.get(pk=translation.pk).original_revision == before


def test_where_the_earlier_version_is_not_kept_the_page_says_so(desk: Client, paper: SmallPaper) -> None:
    original, translation = a_pair(paper)
    followed = ArticlePage.objects.get(pk=translation.pk).original_revision
    changed(original)
    Revision.objects.filter(pk=followed).delete()
    answer = words(desk.get(f"/translations/{translation.pk}/"))
    assert "The version that this translation followed is not kept any more" in answer
    assert "It rained." in answer


def test_what_is_no_translation_leads_to_its_form(desk: Client, paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "alone")
    answer = desk.get(f"/translations/{article.pk}/")
    assert answer.headers["location"] == f"/pages/{article.pk}/edit/"


def test_who_may_not_change_a_translation_sees_it_nowhere(paper: SmallPaper) -> None:
    original, translation = a_pair(paper)
    changed(original)
    reporter = a_colleague("reporter", "add", page=paper.fronts["en"])
    assert reporter.get(f"/translations/{translation.pk}/").status_code in (302, 403)
    assert "На площади" not in words(reporter.get("/translations/"))


@pytest.mark.parametrize("pairs", [1, 9])
def test_the_list_takes_as_many_queries_for_one_translation_as_for_many(
    desk: Client, paper: SmallPaper, pairs: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(pairs):
        original, _translation = a_pair(paper, f"story-{number}")
        changed(original)
    with django_assert_max_num_queries(30):
        assert words(desk.get("/translations/")).count("На площади") == pairs
