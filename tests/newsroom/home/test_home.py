"""The desk's home: what waits, what is due, what is written, what goes live today, what just did."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from wagtail.models import Revision, Task

from stet.kit.clock import write_moment
from stet.newsroom.home import due, now
from stet.newsroom.home import editions as editions_module
from stet.newsroom.models import ArticleCorrection, ArticlePage, Bundle
from stet.newsroom.workflow.laying import lay_workflow
from stet.sourcing.history import set_status
from stet.sourcing.models import Mention
from stet.sourcing.terms import Status
from tests.letters.builders import a_letter, a_list
from tests.press.builders import SmallPaper, an_article
from tests.sourcing.builders import a_claim, a_source

At = Callable[..., str]
EN = {1: "en"}


def a_draft(paper: SmallPaper, slug: str, owner: Any, **fields: Any) -> ArticlePage:
    article = an_article(paper.sections["en"][0], slug, published=None, owner=owner, **fields)
    article.save_revision(user=owner, clean=False)
    return article


def titles(rows: list[Any]) -> list[str]:
    return [row.title for row in rows]


# --- Waiting ---


def test_what_a_group_is_asked_to_approve_waits_for_it_and_for_nobody_else(
    paper: SmallPaper, people: dict[str, Any], at: At
) -> None:
    lay_workflow()
    sent = a_draft(paper, "sent", people["reporter"])
    sent.get_workflow().start(sent, people["reporter"])
    assert titles(now.waiting(people["editor"], EN)) == ["Sent"]
    assert now.waiting(people["reporter"], EN) == []
    assert now.waiting(people["letters"], EN) == []
    assert "Waiting for you Sent" in at("editor", "/")
    assert "Nothing waits for you." in at("reporter", "/")


def test_what_waits_is_what_wagtail_says_waits(paper: SmallPaper, people: dict[str, Any]) -> None:
    lay_workflow()
    for slug in ("one", "two"):
        sent = a_draft(paper, slug, people["reporter"])
        sent.get_workflow().start(sent, people["reporter"])
    from wagtail.models import TaskState

    for account in people.values():
        expected = set(TaskState.objects.reviewable_by(account).values_list("pk", flat=True))
        assert set(now.reviewable_by(account).values_list("pk", flat=True)) == expected


def test_every_kind_of_step_is_one_that_groups_approve() -> None:
    from wagtail.models import AbstractGroupApprovalTask

    kinds = {kind for kind in Task.__subclasses__() if not kind._meta.abstract}
    assert kinds == {kind for kind in kinds if issubclass(kind, AbstractGroupApprovalTask)}
    assert kinds <= set(AbstractGroupApprovalTask.__subclasses__())


def test_what_was_sent_back_waits_for_who_sent_it(paper: SmallPaper, people: dict[str, Any]) -> None:
    lay_workflow()
    sent = a_draft(paper, "sent", people["reporter"])
    state = sent.get_workflow().start(sent, people["reporter"])
    state.current_task_state.reject(user=people["editor"], comment="Who says so?")
    (row,) = now.waiting(people["reporter"], EN)
    assert row.title == "Sent"
    assert row.note.startswith("sent back by")
    assert row.is_pressing
    assert now.waiting(people["editor"], EN) == []


def test_a_bundle_that_was_held_back_waits_for_publishers(paper: SmallPaper, people: dict[str, Any]) -> None:
    Bundle.objects.create(name="The ledger", problems={"0": "It is embargoed."})
    Bundle.objects.create(name="Being put together")
    assert titles(now.waiting(people["publisher"], EN)) == ["The ledger"]
    assert now.waiting(people["editor"], EN) == []


# --- In progress ---


def test_own_drafts_and_those_of_others_stand_apart(paper: SmallPaper, people: dict[str, Any], at: At) -> None:
    a_draft(paper, "mine", people["editor"])
    theirs = a_draft(paper, "theirs", people["reporter"])
    an_article(paper.sections["en"][0], "live")
    assert titles(now.in_progress(people["editor"], EN)) == ["Mine"]
    assert titles(now.in_progress_elsewhere(people["editor"], EN)) == ["Theirs"]
    theirs.save_revision(user=people["editor"], clean=False)
    assert titles(now.in_progress(people["editor"], EN)) == ["Theirs", "Mine"]
    shown = at("reporter", "/")
    assert "Theirs" in shown
    assert "Mine" not in shown
    assert "Others are writing" not in shown


def test_a_colleagues_name_is_told_to_editors_alone(paper: SmallPaper, people: dict[str, Any], at: At) -> None:
    mine = a_draft(paper, "mine", people["reporter"])
    mine.save_revision(user=people["editor"], clean=False)
    shown = at("reporter", "/")
    assert "editor-1" in shown
    assert "Realeditor" not in shown
    assert "Realeditor" in at("publisher", "/")


# --- Today ---


def test_what_goes_live_and_comes_down_today_is_told_with_its_hour(paper: SmallPaper, people: dict[str, Any]) -> None:
    soon = timezone.now() + timedelta(seconds=1)
    article = a_draft(paper, "at-noon", people["reporter"])
    Revision.objects.filter(pk=article.latest_revision_id).update(approved_go_live_at=soon)
    later = a_draft(paper, "next-week", people["reporter"])
    Revision.objects.filter(pk=later.latest_revision_id).update(approved_go_live_at=soon + timedelta(days=7))
    an_article(paper.sections["en"][0], "ends", expire_at=soon)
    Bundle.objects.create(name="The ledger", goes_live=soon - timedelta(minutes=1))
    rows = now.scheduled(people["publisher"], EN)
    said = {(row.title, row.note) for row in rows}
    if timezone.localtime(soon).date() != timezone.localdate():
        pytest.fail("a second before midnight")
    assert said == {("At noon", "goes live"), ("Ends", "comes down"), ("The ledger", "bundle, goes live")}
    assert titles(now.scheduled(people["reporter"], EN)) == ["At noon"]


# --- Just published ---


def test_what_was_published_is_told_with_its_address_and_its_edition(
    paper: SmallPaper, people: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    article = an_article(paper.sections["en"][0], "the-dam")
    path = article.printed_path()
    assert path is not None
    monkeypatch.setattr(now, "edition_number", lambda: 12)
    monkeypatch.setattr(editions_module, "settings", type("Here", (), {"STET": type("S", (), {"site": tmp_path})}))
    (row,) = now.just_published(people["reporter"], EN)
    assert row.note == "waits to be printed"
    assert row.live_url == settings.STET_PAPER.base_url + path
    twin = tmp_path / path.lstrip("/") / "article.json"
    twin.parent.mkdir(parents=True)
    assert article.last_published_at is not None
    twin.write_text(f'{{"modified": "{write_moment(article.last_published_at)}"}}')
    assert now.just_published(people["reporter"], EN)[0].note == "in edition 12"
    ArticlePage.objects.filter(pk=article.pk).update(last_published_at=article.last_published_at + timedelta(hours=1))
    assert now.just_published(people["reporter"], EN)[0].note == "waits to be printed"


# --- Corrections due ---


def test_a_correction_that_is_written_and_not_published_is_due(paper: SmallPaper, people: dict[str, Any]) -> None:
    article = an_article(paper.sections["en"][0], "the-dam", owner=people["reporter"])
    article.save_revision(clean=False).publish()
    assert due.corrections_due(people["editor"], EN) == []
    article = ArticlePage.objects.get(pk=article.pk)
    article.corrections.add(ArticleCorrection(text="<p>It was Tuesday.</p>"))
    revision = article.save_revision(clean=False)
    (row,) = due.corrections_due(people["editor"], EN)
    assert (row.title, row.note) == ("The dam", "a correction is written and not published")
    assert due.corrections_due(people["letters"], EN) == []
    revision.publish()
    assert due.corrections_due(people["editor"], EN) == []


def test_a_translation_is_due_until_it_follows_its_corrected_original(
    paper: SmallPaper, people: dict[str, Any]
) -> None:
    original = an_article(paper.sections["en"][0], "the-dam")
    original.save_revision(clean=False).publish()
    original.refresh_from_db()
    translation = an_article(paper.sections["ru"][0], "plotina", title="Плотина")
    translation.follow_original(original)
    original.corrections.add(ArticleCorrection(text="<p>It was Tuesday.</p>"))
    original.save_revision(clean=False).publish()
    (row,) = due.corrections_due(people["editor"], EN)
    assert (row.title, row.note) == ("Плотина", "its original was corrected, and this translation was not")
    translation.follow_original(ArticlePage.objects.get(pk=original.pk))
    assert due.corrections_due(people["editor"], EN) == []


def test_a_story_with_a_claim_that_fell_is_due_until_it_says_so(paper: SmallPaper, people: dict[str, Any]) -> None:
    article = an_article(paper.sections["en"][0], "the-dam")
    claim = a_claim(chain=(a_source(),))
    Mention.objects.create(page=article, mark="a", claim=claim, exact="x", is_in_print=True)
    today = timezone.localdate()
    assert due.corrections_due(people["editor"], EN) == []
    set_status(claim, Status.WITHDRAWN, day=today)
    (row,) = due.corrections_due(people["editor"], EN)
    assert (row.title, row.note) == ("The dam", "a claim in it does not hold any more")
    ArticleCorrection.objects.create(page=article, date=today, text="<p>It was withdrawn.</p>")
    assert due.corrections_due(people["editor"], EN) == []


# --- All of it ---


def test_letters_are_at_a_glance_for_who_works_on_them(paper: SmallPaper, people: dict[str, Any], at: At) -> None:
    shelf = a_list(paper, "The week")
    a_letter(shelf, "A flood", live=False)
    for role in ("letters", "editor"):
        shown = at(role, "/")
        assert "A flood" in shown
    assert "A flood" not in at("reporter", "/")


def test_mirrors_are_told_to_publishers(people: dict[str, Any], at: At) -> None:
    assert "No mirrors yet" in at("publisher", "/")
    assert "mirrors" not in at("reporter", "/").lower()


def test_who_has_nothing_to_write_finds_a_home_without_lists(people: dict[str, Any], at: At) -> None:
    shown = at("finance", "/")
    assert "Write an article" not in shown
    assert "Waiting" not in shown


@pytest.mark.parametrize("role", ["reporter", "editor", "publisher"])
def test_the_home_asks_the_database_no_more_often_the_more_there_is(
    paper: SmallPaper, people: dict[str, Any], role: str, django_assert_max_num_queries: Any
) -> None:
    lay_workflow()
    client = Client()
    client.force_login(people[role])
    for size in (1, 3):
        for number in range(size):
            sent = a_draft(paper, f"sent-{size}-{number}", people["reporter"])
            sent.get_workflow().start(sent, people["reporter"])
            draft = a_draft(paper, f"draft-{size}-{number}", people["editor"])
            Revision.objects.filter(pk=draft.latest_revision_id).update(approved_go_live_at=timezone.now())
            article = an_article(paper.sections["en"][0], f"live-{size}-{number}", owner=people["reporter"])
            article.save_revision(clean=False)
        client.get("/")
        with django_assert_max_num_queries(30):
            assert client.get("/").status_code == 200
