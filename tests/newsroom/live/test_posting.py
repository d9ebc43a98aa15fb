"""Live coverage at the desk: who posts, what is kept, what readers' pages are told."""

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.models import PageLogEntry

from stet.newsroom.live import posting
from stet.newsroom.models import ArticlePage, LiveCoverage, LiveEntry
from tests.newsroom.test_sharing import a_colleague, words
from tests.press.builders import NOON, SmallPaper, an_article
from tests.press.live_builders import a_coverage, an_entry

BLOCK = {"key": "a", "text": "At eight.", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
TEXT = json.dumps({"blocks": [BLOCK], "entityMap": {}})


def a_story(paper: SmallPaper, slug: str = "the-vote", **fields: Any) -> ArticlePage:
    return an_article(paper.sections["en"][0], slug, title="The vote", **fields)


def an_editor(paper: SmallPaper) -> Client:
    """Somebody who may write, and not publish."""
    return a_colleague("editor", "add", "change", page=paper.fronts["en"])


def send(desk: Client, article: ArticlePage, headline: str = "Polls open", **fields: Any) -> Any:
    return desk.post(f"/live/{article.pk}/", {"headline": headline, "text": TEXT, **fields}, follow=True)


def test_an_entry_is_posted_with_one_form_and_publishes_no_draft(desk: Client, paper: SmallPaper) -> None:
    article = a_story(paper)
    article.title = "A headline nobody decided on"
    article.save_revision()
    desk.post(f"/live/{article.pk}/begin/")
    answer = send(desk, article, is_pinned="on")
    assert "Posted: “Polls open”." in words(answer)
    entry = LiveEntry.objects.get()
    assert (entry.number, entry.part, entry.text, entry.is_pinned) == (
        1,
        1,
        '<p data-block-key="a">At eight.</p>',
        True,
    )
    now = ArticlePage.objects.get(pk=article.pk)
    assert (now.title, now.latest_revision.content["title"]) == ("The vote", "A headline nobody decided on")
    logged = PageLogEntry.objects.filter(page=article.pk).order_by("pk").values_list("action", flat=True)
    assert list(logged)[-2:] == [posting.BEGUN, posting.POSTED]
    assert entry.revisions.get().user == get_user_model().objects.get(username="admin")


def test_who_may_not_publish_hands_entries_in_and_an_editor_posts_them(desk: Client, paper: SmallPaper) -> None:
    article = a_story(paper)
    a_coverage(article)
    editor = an_editor(paper)
    answer = send(editor, article)
    assert "It waits below until somebody who may publish posts it." in words(answer)
    entry = LiveEntry.objects.get()
    assert (entry.number, entry.posted_at) == (None, None)
    assert editor.post(f"/live/{article.pk}/{entry.pk}/post/").status_code == 302
    assert editor.post(f"/live/{article.pk}/end/").status_code == 302
    assert LiveCoverage.objects.get().is_on
    assert LiveEntry.objects.get().number is None
    desk.post(f"/live/{article.pk}/{entry.pk}/post/")
    assert LiveEntry.objects.get().number == 1
    for address in ("", "post/", "take-away/"):
        assert editor.post(f"/live/{article.pk}/{entry.pk}/{address}", {"headline": "Mine"}).headers["location"] == "/"
    assert LiveEntry.objects.get().headline == "Polls open"


def test_a_correction_carries_its_day_and_earlier_words_are_kept(desk: Client, paper: SmallPaper) -> None:
    article = a_story(paper)
    entry = an_entry(a_coverage(article), "Eleven stations closed")
    page = f"/live/{article.pk}/{entry.pk}/"
    desk.post(page, {"headline": "Nine stations closed", "text": TEXT, "correction": "There were nine, not eleven."})
    entry.refresh_from_db()
    assert (entry.headline, entry.correction) == ("Nine stations closed", "There were nine, not eleven.")
    assert entry.corrected_on is not None
    assert entry.changed_at > entry.posted_at
    answer = words(desk.get(page))
    assert "Earlier versions" in answer
    assert "Eleven stations closed" in answer
    desk.post(page, {"headline": "Nine stations closed", "text": TEXT, "correction": ""})
    entry.refresh_from_db()
    assert entry.corrected_on is None


def test_a_number_that_was_taken_away_is_given_to_nobody_else(desk: Client, paper: SmallPaper) -> None:
    article = a_story(paper)
    entry = an_entry(a_coverage(article), "A rumour")
    desk.post(f"/live/{article.pk}/{entry.pk}/take-away/")
    send(desk, article)
    assert list(LiveEntry.objects.values_list("number", "headline")) == [(2, "Polls open")]


def test_coverage_that_ended_takes_no_entry_until_it_is_taken_up_again(desk: Client, paper: SmallPaper) -> None:
    article = a_story(paper)
    coverage = a_coverage(article)
    posting.keep_waiting(LiveEntry(coverage=coverage, headline="Late"), user=None)
    desk.post(f"/live/{article.pk}/end/")
    assert "Post the entry" not in words(desk.get(f"/live/{article.pk}/"))
    send(desk, article)
    desk.post(f"/live/{article.pk}/{LiveEntry.objects.get().pk}/post/")
    assert LiveEntry.objects.get().number is None
    desk.post(f"/live/{article.pk}/begin/")
    assert LiveCoverage.objects.get().is_on
    send(desk, article)
    assert LiveEntry.objects.filter(number=1).exists()


def test_an_entry_that_is_a_story_is_refused(desk: Client, paper: SmallPaper) -> None:
    article = a_story(paper)
    a_coverage(article)
    answer = send(desk, article, text=TEXT.replace("At eight.", "word " * 700))
    assert "An entry has at most 3000 characters. Write a story and link to it." in words(answer)
    assert not LiveEntry.objects.exists()


def test_a_story_that_is_not_published_says_that_nobody_sees_its_entries(desk: Client, paper: SmallPaper) -> None:
    article = a_story(paper, published=None)
    assert "readers see neither it nor its entries" in words(desk.get(f"/live/{article.pk}/"))
    assert "Cover it live" in words(desk.get(f"/live/{article.pk}/"))
    assert LiveCoverage.objects.count() == 0


@pytest.mark.parametrize("stories", [1, 12])
def test_the_list_takes_as_many_queries_for_one_story_as_for_many(
    desk: Client, paper: SmallPaper, stories: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(stories):
        coverage = a_coverage(a_story(paper, f"story-{number}"))
        an_entry(coverage, "Polls open")
        if number % 2:
            posting.end(coverage, user=None, now=NOON)
    with django_assert_max_num_queries(30):
        assert "The vote" in words(desk.get("/live/"))
    article = LiveCoverage.objects.first()
    assert article is not None
    for number in range(stories * 3):
        an_entry(article, f"Entry {number}")
    with django_assert_max_num_queries(30):
        desk.get(f"/live/{article.pk}/")


def test_what_others_write_is_not_in_a_reporters_list(paper: SmallPaper) -> None:
    a_coverage(a_story(paper, published=None))
    reporter = a_colleague("reporter", "add", page=paper.fronts["en"])
    assert "The vote" not in words(reporter.get("/live/"))
