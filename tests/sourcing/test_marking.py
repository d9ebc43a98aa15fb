"""Rows that say where claims stand follow a story through drafts, print, reverts, copies and translations."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.models import ReferenceIndex

from stet.newsroom.blocks import TEXT_FEATURES
from stet.newsroom.models import ArticlePage
from stet.sourcing.anchoring import Quote, State
from stet.sourcing.marking import follow, follow_all, marks_in, take_off
from stet.sourcing.models import Claim, Mention
from stet.sourcing.rich_text import opening_tag
from tests.press.builders import SmallPaper, an_article, stored, text
from tests.sourcing.builders import a_claim

pytestmark = pytest.mark.django_db


def marked(claim: Claim, words: str = "600", *, name: str = "k3f9x2", exact: str | None = None) -> str:
    """A paragraph with a mark."""
    quote = Quote(exact=words if exact is None else exact, prefix="Around ", suffix=" were killed.")
    return f"<p>Around {opening_tag(claim.pk, name, quote)}{words}</a> were killed.</p>"


def draft(story: ArticlePage, *paragraphs: str) -> Any:
    """Save a draft, as the desk does."""
    article = story.get_latest_revision_as_object()
    article.body = stored(*(text(paragraph) for paragraph in paragraphs))
    return article.save_revision()


def rows(story: ArticlePage) -> list[tuple[str, str, bool, bool]]:
    """What is said of a story's marks."""
    columns = ("mark", "state", "is_in_draft", "is_in_print")
    return list(Mention.objects.filter(page_id=story.pk).order_by("mark").values_list(*columns))


def test_a_mark_is_followed_from_draft_to_print_and_out_of_it(story: ArticlePage) -> None:
    revision = draft(story, marked(a_claim()))
    assert rows(story) == [("k3f9x2", State.KEPT, True, False)]
    revision.publish()
    assert rows(story) == [("k3f9x2", State.KEPT, True, True)]
    story.refresh_from_db()
    story.unpublish()
    assert rows(story) == [("k3f9x2", State.KEPT, True, False)]
    story.delete()
    assert not Mention.objects.exists()


def test_words_changed_in_a_draft_are_reported_and_so_are_words_that_went(story: ArticlePage) -> None:
    claim = a_claim()
    draft(story, marked(claim)).publish()
    draft(story, marked(claim, "700", exact="600"))
    assert rows(story) == [("k3f9x2", State.CHANGED, True, True)]
    draft(story, "<p>Around 600 were killed.</p>").publish()
    assert rows(story) == [("k3f9x2", State.GONE, False, False)]
    draft(story, "<p>Something else altogether.</p>")
    assert rows(story) == [("k3f9x2", State.GONE, False, False)]


def test_an_old_version_brings_its_marks_back(story: ArticlePage) -> None:
    old = draft(story, marked(a_claim()))
    draft(story, "<p>Nothing.</p>")
    assert rows(story) == [("k3f9x2", State.GONE, False, False)]
    old.as_object().save_revision(previous_revision=old)
    assert rows(story) == [("k3f9x2", State.KEPT, True, False)]


def test_a_mark_taken_off_on_purpose_is_no_loss_and_stands_in_print_until_that_changes(story: ArticlePage) -> None:
    draft(story, marked(a_claim())).publish()
    revision = draft(story, "<p>Around 600 were killed.</p>")
    take_off(story, ["k3f9x2"])
    assert rows(story) == [("k3f9x2", State.KEPT, False, True)]
    revision.publish()
    assert rows(story) == []


def test_a_mark_of_the_draft_is_not_taken_off_by_its_name(story: ArticlePage) -> None:
    draft(story, marked(a_claim(), "700", exact="600"))
    take_off(story, ["k3f9x2"])
    assert rows(story) == [("k3f9x2", State.CHANGED, True, False)]


def test_a_copy_in_the_same_story_is_stored_under_a_name_of_its_own(story: ArticlePage) -> None:
    revision = draft(story, marked(a_claim()), marked(a_claim("Another.")))
    names = [mark.mark for mark in marks_in(revision.content["body"])]
    assert len(set(names)) == 2
    assert sorted(row[0] for row in rows(story)) == sorted(names)
    revision.publish()
    story.refresh_from_db()
    assert [mark.mark for mark in marks_in(story.body)] == names


def test_a_mark_pasted_into_another_story_is_a_mention_there_too(paper: SmallPaper, story: ArticlePage) -> None:
    claim, other = a_claim(), an_article(paper.sections["en"][1], "other")
    draft(story, marked(claim)).publish()
    draft(other, marked(claim))
    standing = Mention.objects.filter(claim=claim, is_in_print=True)
    assert [row.page_id for row in standing] == [story.pk]
    draft(other, marked(claim)).publish()
    assert sorted(row.page_id for row in standing.all()) == sorted([story.pk, other.pk])


def test_a_translation_begins_with_marks_that_agree_with_nothing(paper: SmallPaper, story: ArticlePage) -> None:
    draft(story, marked(a_claim())).publish()
    story.refresh_from_db()
    translation: Any = story.copy_for_translation(paper.sections["ru"][0].locale, copy_parents=True)
    assert rows(translation) == [("k3f9x2", State.CHANGED, True, False)]
    assert rows(story) == [("k3f9x2", State.KEPT, True, True)]
    latest = translation.get_latest_revision_as_object()
    assert [(mark.words, mark.quote.exact) for mark in marks_in(latest.body)] == [("600", "")]


def test_a_story_saved_by_a_script_is_followed(story: ArticlePage) -> None:
    story.body = stored(text(marked(a_claim())))
    story.save()
    assert rows(story) == [("k3f9x2", State.KEPT, True, True)]


def test_what_no_signal_told_is_mended_by_following_all(story: ArticlePage) -> None:
    ArticlePage.objects.filter(pk=story.pk).update(body=stored(text(marked(a_claim()))))
    assert rows(story) == []
    assert follow_all() == 1
    assert rows(story) == [("k3f9x2", State.KEPT, True, True)]
    assert follow_all() == 0


def test_a_scheduled_version_is_in_print_when_it_appears(story: ArticlePage) -> None:
    article = story.get_latest_revision_as_object()
    article.body = stored(text(marked(a_claim())))
    article.go_live_at = timezone.now() + timedelta(days=1)
    article.save_revision().publish()
    assert rows(story) == [("k3f9x2", State.KEPT, True, False)]


def test_a_mark_of_a_claim_that_is_not_there_has_no_row_and_stays_in_the_text(story: ArticlePage) -> None:
    claim = a_claim()
    text_of_it = marked(claim).replace(f'id="{claim.pk}"', f'id="{claim.pk + 999}"')
    revision = draft(story, text_of_it)
    assert rows(story) == []
    assert len(marks_in(revision.content["body"])) == 1


def test_a_story_without_marks_is_followed_by_few_queries(
    story: ArticlePage, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6):
        follow(story)


def test_the_index_of_references_knows_which_stories_use_a_claim(story: ArticlePage) -> None:
    claim = a_claim()
    story.body = stored(text(marked(claim)))
    story.save()
    assert [found.object_id for found in ReferenceIndex.get_references_to(claim)] == [str(story.pk)]


def test_a_mark_comes_through_the_editor_as_it_was(story: ArticlePage) -> None:
    quote = Quote(exact='6 < "7" & 8', prefix="'a' <b> ", suffix=" ۶۰۰ 😀")
    kept = f"<p>A {opening_tag(12, 'k3f9x2', quote)}6 &lt; <b>&quot;7&quot;</b> &amp; 8</a> b</p>"
    converter = ContentstateConverter(features=TEXT_FEATURES)
    again = converter.to_database_format(converter.from_database_format(kept))
    before, after = marks_in([{"type": "text", "value": kept}]), marks_in([{"type": "text", "value": again}])
    assert before == after
    assert after[0].state is State.KEPT
    assert after[0].quote == quote


@pytest.mark.parametrize("data", [{"id": "1 or 1"}, {"mark": "x"}, {"mark": 'k3f9x2"><script>'}, {"id": "9" * 30}])
def test_a_mark_that_is_none_leaves_its_words(data: dict[str, str]) -> None:
    entity = {"type": "CLAIM", "mutability": "MUTABLE", "data": {"id": "1", "mark": "k3f9x2", "exact": "600", **data}}
    block = {
        "key": "aaaaa", "text": "600 died", "type": "unstyled", "depth": 0, "inlineStyleRanges": [],
        "entityRanges": [{"offset": 0, "length": 3, "key": 0}],
    }  # fmt: skip
    state = json.dumps({"blocks": [block], "entityMap": {"0": entity}})
    assert (
        ContentstateConverter(features=TEXT_FEATURES).to_database_format(state)
        == '<p data-block-key="aaaaa">600 died</p>'
    )
