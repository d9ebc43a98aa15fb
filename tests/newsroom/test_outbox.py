"""The outbox: every change of a watched row leaves its key, whoever made the change."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.models import Locale, Page, PageViewRestriction

from stet.appeals.models import Appeal, Campaign, Silence
from stet.newsroom import outbox
from stet.newsroom.models import (
    ArticleByline,
    ArticleCorrection,
    ArticlePage,
    ArticleTag,
    ArticleUpdate,
    FrontPlacement,
    FrontTopic,
    LiveCoverage,
    LiveEntry,
    OutboxEntry,
    Person,
    ReadMorePick,
    Withdrawal,
)
from stet.sourcing.models import Claim, ClaimLink, Evidence, Record
from tests.letters.builders import a_letter, a_list
from tests.press.appeal_builders import an_appeal
from tests.press.builders import NOON, SmallPaper, a_photo, an_article
from tests.press.support_builders import a_support_page
from tests.sourcing.builders import a_claim, a_question, a_source

KEPT_FOR_EVER = "sourcing_record"
"""A table whose rows the database lets nobody delete."""
Rows = dict[str, tuple[Model, str, dict[str, Any]]]
"""Table: a row of it, the key that it leaves, and a change to it."""


def keys_left_by(act: Callable[[], object]) -> set[str]:
    """The keys that a change leaves."""
    OutboxEntry.objects.all().delete()
    act()
    return set(OutboxEntry.objects.values_list("key", flat=True))


@pytest.fixture
def rows(paper: SmallPaper) -> Rows:
    """A row of every watched table."""
    article = an_article(paper.sections["en"][0], "flood")
    front, topic, person, locale = paper.fronts["en"], paper.topics["en"], paper.people["en"], article.locale
    article.topics.add(topic)
    article.tags.add("courts")
    article.save()
    of_article, of_front = f"page:{article.pk}", f"page:{front.pk}"
    byline = ArticleByline.objects.create(page=article, person=person)
    correction = ArticleCorrection.objects.create(page=article, date=NOON.date(), text="x")
    update = ArticleUpdate.objects.create(page=article, date=NOON.date(), text="x")
    placed_topic = ArticlePage.topics.through.objects.get()
    pick = ReadMorePick.objects.create(page=article, article=article)
    placement = FrontPlacement.objects.create(page=front, article=article)
    front_topic = FrontTopic.objects.create(page=front, topic=topic)
    photo = a_photo()
    gone = Withdrawal.objects.create(path="/a/", locale=locale, reason="x")
    tag = Tag.objects.get()
    document = Document.objects.create(title="A", file="a.pdf")
    old = Redirect.objects.create(old_path="/old", redirect_link="/")
    restriction = PageViewRestriction.objects.create(page=article, restriction_type="login")
    section = paper.sections["en"][0]
    list_page = a_list(paper, "The Week")
    letter = a_letter(list_page)
    support = a_support_page(front)
    appeal, of_appeal, silence, other = _an_appeal(paper, tag)
    return {
        "wagtailcore_page": (Page.objects.get(pk=article.pk), of_article, {"title": "New"}),
        "newsroom_articlepage": (article, of_article, {"standfirst": "New"}),
        "newsroom_frontpage": (front, of_front, {"tagline": "New"}),
        "newsroom_sectionpage": (section, f"page:{section.pk}", {"intro": "New"}),
        "newsroom_topicpage": (topic, f"page:{topic.pk}", {"summary": "New"}),
        "newsroom_staticpage": (paper.about, f"page:{paper.about.pk}", {"version": "2"}),
        "newsroom_articlebyline": (byline, of_article, {"role": "photos"}),
        "newsroom_articlecorrection": (correction, of_article, {"text": "New"}),
        "newsroom_articleupdate": (update, of_article, {"text": "New"}),
        "newsroom_articletag": (ArticleTag.objects.get(), of_article, {"tag": tag}),
        "newsroom_articlepage_topics": (placed_topic, of_article, {"topicpage": topic}),
        "newsroom_readmorepick": (pick, of_article, {"sort_order": 3}),
        "newsroom_frontplacement": (placement, of_front, {"sort_order": 3}),
        "newsroom_fronttopic": (front_topic, of_front, {"sort_order": 3}),
        "letters_listpage": (list_page, f"page:{list_page.pk}", {"promise": "New"}),
        "letters_letterpage": (letter, f"page:{letter.pk}", {"preheader": "New"}),
        "appeals_supportpage": (support, f"page:{support.pk}", {"pays_for": "<p>New</p>"}),
        "appeals_appeal": (appeal, of_appeal, {"priority": 9}),
        "appeals_appealvariant": (appeal.variants.get(), of_appeal, {"title": "New"}),
        "appeals_appeal_sections_in": (Appeal.sections_in.through.objects.get(), of_appeal, {"sectionpage": other}),
        "appeals_appeal_sections_out": (Appeal.sections_out.through.objects.get(), of_appeal, {"sectionpage": other}),
        "appeals_appeal_tags_in": (Appeal.tags_in.through.objects.get(), of_appeal, {"tag": tag}),
        "appeals_appeal_tags_out": (Appeal.tags_out.through.objects.get(), of_appeal, {"tag": tag}),
        "appeals_campaign": (Campaign.objects.get(), "asking", {"last_day": date(2020, 1, 1)}),
        "appeals_silence": (silence, "asking", {"is_silent": True}),
        "appeals_silence_locales": (Silence.locales.through.objects.get(), "asking", {"locale": locale}),
        "appeals_silence_tags": (Silence.tags.through.objects.get(), "asking", {"tag": tag}),
        **_live(article),
        **_sourcing(),
        "newsroom_person": (person, f"person:{person.pk}", {"name": "New"}),
        "newsroom_photo": (photo, f"photo:{photo.pk}", {"credit": "New"}),
        "newsroom_withdrawal": (gone, f"withdrawal:{gone.pk}", {"reason": "New"}),
        "taggit_tag": (tag, f"tag:{tag.pk}", {"name": "New"}),
        "wagtaildocs_document": (document, f"document:{document.pk}", {"title": "New"}),
        "wagtailredirects_redirect": (old, f"redirect:{old.pk}", {"redirect_link": "/new/"}),
        "wagtailcore_locale": (Locale.objects.get(language_code="ru"), "site", {"language_code": "fa"}),
        "wagtailcore_pageviewrestriction": (restriction, "site", {"restriction_type": "password"}),
    }


def _live(article: ArticlePage) -> Rows:
    """Live coverage of a story, and an entry."""
    coverage = LiveCoverage.objects.create(article=article, started_at=NOON, changed_at=NOON)
    entry = LiveEntry.objects.create(coverage=coverage, headline="Polls open")
    key = f"page:{article.pk}"
    return {
        "newsroom_livecoverage": (coverage, key, {"last_number": 3}),
        "newsroom_liveentry": (entry, key, {"headline": "New"}),
    }


def _sourcing() -> Rows:
    """A claim with a chain, a rival and a question, and a piece of evidence."""
    source, question = a_source(), a_question()
    claim, rival = a_claim(chain=(source,), question=question), a_claim("Nobody was killed.")
    relation = ClaimLink.objects.create(claim=claim, other=rival)
    evidence = Evidence.objects.create(title="A list")
    of_claim, of_source, of_question = f"claim:{claim.pk}", f"source:{source.pk}", f"question:{question.pk}"
    record = Record.objects.filter(claim=claim).earliest("number")
    return {
        "sourcing_claim": (Claim.objects.get(pk=claim.pk), of_claim, {"best": 600}),
        "sourcing_claimtext": (claim.texts.get(), of_claim, {"sentence": "New"}),
        "sourcing_record": (record, of_claim, {"editor": None}),
        "sourcing_attribution": (claim.links.get(), of_source, {"cue": "New"}),
        "sourcing_claimlink": (relation, f"claim:{rival.pk}", {"relation": "repeats"}),
        "sourcing_source": (source, of_source, {"kind": "body"}),
        "sourcing_sourcename": (source.names.get(), of_source, {"name": "New"}),
        "sourcing_question": (question, of_question, {"is_printed": False}),
        "sourcing_questiontext": (question.texts.get(), of_question, {"text": "New"}),
        "sourcing_evidence": (evidence, f"evidence:{evidence.pk}", {"title": "New"}),
    }


def _an_appeal(paper: SmallPaper, tag: Tag) -> tuple[Appeal, str, Silence, Model]:
    """(an appeal in and out of a section and a tag, its key, the silence around it, another section)."""
    section, other = paper.sections["en"]
    appeal = an_appeal(paper, sections=(section,), tags=(tag,))
    appeal.sections_out.set([section])
    appeal.tags_out.set([tag])
    appeal.save()
    silence = Silence.objects.create(pk=1)
    silence.locales.add(section.locale)
    silence.tags.add(tag)
    return Appeal.objects.get(pk=appeal.pk), f"appeal:{appeal.pk}", silence, other


def test_every_watched_table_is_tried_here(rows: Rows) -> None:
    assert rows.keys() == outbox.WATCHED.keys()


def test_a_change_without_any_signal_leaves_its_key_in_every_watched_table(rows: Rows) -> None:
    for table, (row, key, change) in rows.items():
        same = type(row)._base_manager.filter(pk=row.pk)
        assert key in keys_left_by(partial(same.update, **change)), table


def test_a_deletion_below_the_orm_leaves_its_key_in_every_watched_table(rows: Rows) -> None:
    rows.pop(KEPT_FOR_EVER)
    for table, (row, key, _change) in rows.items():
        delete = f"DELETE FROM {table} WHERE {row._meta.pk.column} = %s"
        with transaction.atomic(), connection.cursor() as cursor:
            found = keys_left_by(partial(cursor.execute, delete, [row.pk]))
            transaction.set_rollback(True)
        assert key in found, table


def test_a_new_row_leaves_its_key(paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "flood")
    correction = ArticleCorrection(page=article, date=NOON.date(), text="x")
    assert keys_left_by(lambda: ArticleCorrection.objects.bulk_create([correction])) == {f"page:{article.pk}"}


def test_a_row_that_changes_hands_leaves_both_keys(paper: SmallPaper) -> None:
    first, second = (an_article(paper.sections["en"][0], slug) for slug in ("flood", "harvest"))
    ArticleByline.objects.create(page=first, person=paper.people["en"])
    found = keys_left_by(lambda: ArticleByline.objects.update(page=second))
    assert found == {f"page:{first.pk}", f"page:{second.pk}"}


def test_what_is_taken_back_leaves_nothing(paper: SmallPaper) -> None:
    def change_and_take_back() -> None:
        with transaction.atomic():
            Person.objects.update(name="Nobody")
            transaction.set_rollback(True)

    assert keys_left_by(change_and_take_back) == set()


def test_laying_the_triggers_twice_leaves_one_of_each(paper: SmallPaper) -> None:
    outbox.install_triggers()
    OutboxEntry.objects.all().delete()
    Person.objects.filter(pk=paper.people["en"].pk).update(name="New")
    assert OutboxEntry.objects.count() == 1


def test_trimming_keeps_the_newest(paper: SmallPaper) -> None:
    for number in range(20):
        OutboxEntry.objects.create(key=f"page:{number}")
    newest = OutboxEntry.objects.order_by("-id").values_list("id", flat=True)[:5]
    kept = set(newest)
    outbox.trim(keep=5)
    assert set(OutboxEntry.objects.values_list("id", flat=True)) == kept
    assert outbox.trim(keep=5) == 0
