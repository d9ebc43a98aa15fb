"""Embargoes: whoever presses which button, nothing is published, scheduled, printed or carried before the hour."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import GroupApprovalTask, PageLogEntry, Workflow, WorkflowPage, WorkflowTask

from stet.newsroom.embargo.rules import said
from stet.newsroom.errors import EmbargoedError
from stet.newsroom.models import ArticlePage, SharedDraft
from stet.newsroom.sharing.links import embargo_on
from stet.press.packs.week import read_week
from stet.project import scheduler
from tests.letters.builders import a_letter, a_list, story
from tests.newsroom.test_desk import form
from tests.press.builders import House, SmallPaper, an_article

HOUR = timedelta(hours=1)
SECRET = "Kestrel"
"""A word that stands in the embargoed story alone."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A press in a folder of its own."""
    return House(tmp_path / "house")


def soon() -> datetime:
    return (timezone.now() + HOUR).replace(second=0, microsecond=0)


def a_draft(paper: SmallPaper, *, until: datetime | None, **fields: Any) -> ArticlePage:
    article = an_article(
        paper.sections["en"][0], "kestrel", published=None, title=f"{SECRET} papers", embargoed_until=until, **fields
    )
    article.save_revision()
    return ArticlePage.objects.get(pk=article.pk)


def as_typed(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def is_live(article: ArticlePage) -> bool:
    article = ArticlePage.objects.get(pk=article.pk)
    return article.live or article.approved_schedule


def printed(house: House) -> str:
    """Every sheet of the edition that is text, in one piece."""
    files = sorted(path for path in house.site.rglob("*") if path.suffix in {".html", ".json", ".xml", ".txt", ".bin"})
    return "\n".join(path.read_text(errors="replace") for path in files)


# --- At the desk ---


def test_the_form_publishes_nothing_before_the_hour_and_keeps_the_draft(desk: Client, paper: SmallPaper) -> None:
    article, until = a_draft(paper, until=None), soon()
    fields = form(article, title="Kestrel again", embargoed_until=as_typed(until))
    answer = desk.post(f"/pages/{article.pk}/edit/", {**fields, "action-publish": "1"}, follow=True)
    shown = answer.content.decode()
    assert f"“Kestrel again” is embargoed until {said(until)}. It was not published; the draft is saved." in shown
    assert not is_live(article)
    assert ArticlePage.objects.get(pk=article.pk).latest_revision.content["title"] == "Kestrel again"


def test_a_new_story_is_not_published_by_the_form_that_makes_it(desk: Client, paper: SmallPaper) -> None:
    section = paper.sections["en"][0]
    fields = {**form(embargoed_until=as_typed(soon())), "action-publish": "1"}
    answer = desk.post(f"/pages/add/newsroom/articlepage/{section.pk}/", fields, follow=True)
    article = ArticlePage.objects.get(slug="a-flood")
    assert answer.redirect_chain == [(f"/pages/{article.pk}/edit/", 302)]
    assert not article.live


def test_it_is_scheduled_for_the_hour_and_not_for_a_minute_before(desk: Client, paper: SmallPaper) -> None:
    article, until = a_draft(paper, until=None), soon()
    early = form(article, embargoed_until=as_typed(until), go_live_at=as_typed(until - timedelta(minutes=1)))
    answer = desk.post(f"/pages/{article.pk}/edit/", {**early, "action-publish": "1"}, follow=True)
    assert "Schedule it for that hour or a later one." in answer.content.decode()
    assert not is_live(article)
    right = form(article, embargoed_until=as_typed(until), go_live_at=as_typed(until))
    desk.post(f"/pages/{article.pk}/edit/", {**right, "action-publish": "1"})
    assert ArticlePage.objects.get(pk=article.pk).approved_schedule


def test_neither_bulk_publishing_nor_a_workflow_lets_it_pass(desk: Client, paper: SmallPaper) -> None:
    article = a_draft(paper, until=soon())
    answer = desk.post(f"/bulk/wagtailcore/page/publish/?id={article.pk}", {"include_descendants": ""}, follow=True)
    assert "is embargoed until" in answer.content.decode()
    workflow = Workflow.objects.create(name="A pair of eyes")
    task = GroupApprovalTask.objects.create(name="Eyes")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=paper.sections["en"][0])
    workflow.start(article, get_user_model().objects.create_superuser(username="writer", password="a long password"))
    state = ArticlePage.objects.get(pk=article.pk).current_workflow_task_state
    action = f"/pages/workflow/action/{article.pk}/approve/{state.pk}/"
    told = desk.post(action, {"comment": ""}, headers={"x-requested-with": "XMLHttpRequest"})
    assert told.json() == {"step": "success", "redirect": f"/pages/{article.pk}/edit/"}
    assert not is_live(article)


def test_a_program_is_held_too(paper: SmallPaper) -> None:
    article = a_draft(paper, until=soon())
    with pytest.raises(EmbargoedError):
        article.latest_revision.publish()
    assert not is_live(article)


def test_a_translation_waits_for_an_original_that_is_not_out(desk: Client, keys: None, paper: SmallPaper) -> None:
    article, until = a_draft(paper, until=None), soon()
    russian = an_article(paper.sections["ru"][0], "pustelga", published=None, original=article)
    russian.save_revision()
    desk.post(f"/articles/{russian.pk}/share/", {"recipient": "Counsel K.", "days": "1"})
    ArticlePage.objects.get(pk=article.pk).save_revision()
    desk.post(f"/pages/{article.pk}/edit/", form(article, embargoed_until=as_typed(until)))
    with pytest.raises(EmbargoedError, match=re.escape(said(until))):
        ArticlePage.objects.get(pk=russian.pk).latest_revision.publish()
    assert embargo_on(SharedDraft.objects.get(), now=timezone.now()) == until
    desk.post(f"/pages/{article.pk}/edit/", form(article))
    ArticlePage.objects.get(pk=russian.pk).latest_revision.publish()
    assert is_live(russian)


def test_the_listing_and_the_audit_log_say_it(desk: Client, paper: SmallPaper) -> None:
    until = soon()
    article = a_draft(paper, until=None)
    desk.post(f"/pages/{article.pk}/edit/", form(article, embargoed_until=as_typed(until)))
    assert (
        f"draft · embargoed until {said(until)}" in desk.get(f"/pages/{paper.sections['en'][0].pk}/").content.decode()
    )
    assert f"Embargoed until {said(until)}" in desk.get(f"/pages/{article.pk}/history/").content.decode()
    desk.post(f"/pages/{article.pk}/edit/", form(article))
    assert PageLogEntry.objects.filter(action="stet.embargo").count() == 2
    assert "Embargo taken off" in desk.get(f"/pages/{article.pk}/history/").content.decode()


def test_the_preview_says_it_above_the_page(keys: None, desk: Client, paper: SmallPaper) -> None:
    until = soon()
    article = a_draft(paper, until=until)
    preview = f"/pages/{article.pk}/edit/preview/"
    assert desk.post(preview, form(article, embargoed_until=as_typed(until))).json()["is_valid"]
    assert f"Embargoed until {said(until)}" in desk.get(preview + "?mode=").content.decode()


def test_the_hour_passes_and_the_schedule_does_the_rest(
    desk: Client, paper: SmallPaper, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    article = a_draft(paper, until=now + HOUR, go_live_at=now + HOUR)
    article.latest_revision.publish()
    assert not ArticlePage.objects.get(pk=article.pk).live
    monkeypatch.setattr(timezone, "now", lambda: now + 2 * HOUR)
    monkeypatch.setattr("stet.kit.clock.SystemClock.now", lambda self: now + 2 * HOUR)
    call_command("publish_scheduled", verbosity=0)
    house.print()
    assert SECRET in printed(house)
    assert ArticlePage.objects.get(pk=article.pk).embargoed_until is None


# --- In print ---


def test_the_press_prints_no_row_under_embargo_wherever_it_is_carried(paper: SmallPaper, house: House) -> None:
    """A script made it live: the second line holds everywhere, and the hour lifts it."""
    an_article(paper.sections["en"][0], "other")
    held = an_article(
        paper.sections["en"][0], "kestrel", title=f"{SECRET} papers", standfirst=f"{SECRET} rose.",
        embargoed_until=timezone.now() + HOUR,
    )  # fmt: skip
    week = a_list(paper, "The Week")
    a_letter(week, body=[story(held, headline=f"{SECRET} first"), story(held)])
    front = paper.fronts["en"]
    front.placements.create(article=held)
    front.save()
    house.print()
    assert SECRET not in printed(house)
    kept = read_week(
        house.place.edition, language="en", first=datetime(2026, 2, 1, tzinfo=UTC).date(),
        last=datetime(2026, 3, 31, tzinfo=UTC).date(), time_zone="UTC", progress=lambda *_: None,
    )  # fmt: skip
    assert SECRET not in repr(kept)
    assert house.check().ok

    scheduler.lift_embargoes()
    house.print()
    assert SECRET not in printed(house), "The hour has not come."
    ArticlePage.objects.filter(pk=held.pk).update(embargoed_until=timezone.now() - HOUR)
    scheduler.lift_embargoes()
    house.print()
    assert f"{SECRET} papers" in house.page("/")
    assert f"{SECRET} first" in printed(house)
    assert house.check().ok
