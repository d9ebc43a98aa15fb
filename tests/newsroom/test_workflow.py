"""A story's way: steps with a checklist, which hold it while something is open and keep what was ticked."""

import json
from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import PageLogEntry, WorkflowPage, WorkflowState

from stet.newsroom.models import ArticlePage, CheckedTask, CheckedTaskState, Photo
from stet.newsroom.roles.laying import lay_roles
from stet.newsroom.workflow.laying import lay_workflow
from tests.newsroom.roles.world import accounts, signed_in
from tests.press.builders import SmallPaper, a_paper, a_photo, an_article, clear_newsroom, stored, text
from tests.sourcing.builders import a_claim, a_source

TICKED = {"tick_0": "on", "tick_1": "on"}


@pytest.fixture
def paper(db: None) -> SmallPaper:
    """A newsroom with roles, the way that a story goes at first, and one paper."""
    clear_newsroom()
    lay_roles()
    lay_workflow()
    return a_paper(["en", "ru"])


@pytest.fixture
def people(paper: SmallPaper) -> dict[str, Any]:
    return accounts()


def a_story(paper: SmallPaper, people: dict[str, Any], **fields: Any) -> ArticlePage:
    """A reporter's draft, handed in."""
    story = an_article(paper.sections["en"][0], "dam", published=None, owner=people["reporter"], **fields)
    story.save_revision(user=people["reporter"], clean=False)
    story.get_workflow().start(story, people["reporter"])
    return story


def approve(story: ArticlePage, who: Any, **ticks: str) -> Any:
    state = fresh(story).current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[story.pk, "approve", state.pk])
    return signed_in(who).post(address, {"comment": "", **ticks}, follow=False)


def dialogue(story: ArticlePage, who: Any) -> str:
    state = fresh(story).current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[story.pk, "approve", state.pk])
    return json.loads(signed_in(who).get(address).content)["html"]


def stand_at(story: ArticlePage, name: str) -> CheckedTask:
    """Have a story stand at a step, whatever it would be held for before."""
    task, state = CheckedTask.objects.get(name=name), fresh(story).current_workflow_state
    state.current_task_state = task.start(state)
    state.save()
    return task


def fresh(story: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=story.pk)


def step(story: ArticlePage) -> str | None:
    task = fresh(story).current_workflow_task
    return task.name if task else None


def test_a_story_goes_from_its_reporter_over_three_steps_to_readers(paper: SmallPaper, people: dict[str, Any]) -> None:
    story = a_story(paper, people)
    assert step(story) == "Desk"
    approve(story, people["editor"], **TICKED)
    assert step(story) == "Copy desk"
    approve(story, people["editor"], **TICKED)
    assert (step(story), fresh(story).live) == ("Publishing", False)
    assert approve(story, people["editor"]).status_code == 403
    approve(story, people["publisher"])
    assert (step(story), fresh(story).live) == (None, True)


def test_what_was_ticked_is_kept_with_the_step_and_in_the_history(paper: SmallPaper, people: dict[str, Any]) -> None:
    story = a_story(paper, people)
    approve(story, people["editor"], **TICKED)
    state = CheckedTaskState.objects.get(task__name="Desk")
    assert state.finished_by == people["editor"]
    assert state.ticked == {
        "checked": ["headline", "sourcing"],
        "ticked": ["The story says what the headline promises"],
        "legal_read": False,
    }
    entry = PageLogEntry.objects.get(page=story.pk, action="newsroom.checked")
    assert (entry.user, entry.message) == (people["editor"], "Went through the checklist “Desk”")
    assert entry.comment == "The story says what the headline promises"


def without_credit() -> Photo:
    photo = a_photo()
    Photo.objects.filter(pk=photo.pk).update(credit="")
    return photo


def without_description() -> Photo:
    photo = a_photo()
    Photo.objects.filter(pk=photo.pk).update(description="")
    return photo


OPEN: dict[str, tuple[dict[str, Any], str]] = {
    "a headline that is too long": (lambda: {"title": "Dam " * 40}, "characters longer than 90"),
    "a lead photo without credit": (lambda: {"lead_photo_id": without_credit().pk}, "has no credit"),
    "a photo in the text without alternative text": (
        lambda: {"body": stored(("photo", {"photo": without_description().pk}))}, "has no alternative text",
    ),
    "a photo of a gallery without credit": (
        lambda: {"body": stored(("gallery", {"photos": [{"photo": without_credit().pk}]}))}, "has no credit",
    ),
    "a kind that a lawyer reads": (lambda: {"kind": "analysis"}, "A lawyer has to read"),
}  # type: ignore[dict-item]  # fmt: skip


@pytest.mark.parametrize("what", OPEN)
def test_a_story_is_held_while_something_is_open(paper: SmallPaper, people: dict[str, Any], what: str) -> None:
    fields, said = OPEN[what]
    story = a_story(paper, people, **fields())  # type: ignore[operator]
    task = stand_at(story, "Publishing")
    approve(story, people["publisher"])
    assert not fresh(story).live
    assert not CheckedTaskState.objects.filter(task=task).exclude(ticked={}).exists()
    held = approve(story, people["publisher"])
    assert json.loads(held.content)["redirect"] == f"/pages/{story.pk}/edit/"
    assert said in dialogue(story, people["publisher"]) or what == "a kind that a lawyer reads"


def test_a_lawyers_read_lets_a_story_of_a_named_kind_pass(paper: SmallPaper, people: dict[str, Any]) -> None:
    story = a_story(paper, people, kind="opinion")
    stand_at(story, "Publishing")
    assert "A lawyer has read this version" in dialogue(story, people["publisher"])
    approve(story, people["publisher"], legal_read="on")
    assert CheckedTaskState.objects.exclude(ticked={}).get().ticked["legal_read"] is True


def test_the_lawyer_is_not_asked_about_other_kinds(paper: SmallPaper, people: dict[str, Any]) -> None:
    story = a_story(paper, people)
    stand_at(story, "Publishing")
    assert "A lawyer has read this version" not in dialogue(story, people["publisher"])


def test_a_step_is_not_passed_with_a_line_unticked(paper: SmallPaper, people: dict[str, Any]) -> None:
    story = a_story(paper, people)
    approve(story, people["editor"])
    assert step(story) == "Desk"


def test_ticks_are_asked_behind_the_form_of_a_story_too(paper: SmallPaper, people: dict[str, Any]) -> None:
    story = a_story(paper, people)
    task = fresh(story).current_workflow_task
    state = fresh(story).current_workflow_task_state
    for answers in ({}, {"tick_0": "on"}, {"tick_0": 1}):
        with pytest.raises(Exception, match="Not ticked"):
            task.on_action(state, people["editor"], "approve", **answers)
    assert step(story) == "Desk"


def test_a_broken_source_holds_a_story(paper: SmallPaper, people: dict[str, Any]) -> None:
    from stet.sourcing.history import set_status
    from stet.sourcing.terms import Status
    from tests.sourcing.builders import DAY

    claim = a_claim(chain=(a_source(),))
    mark = f'<a linktype="claim" id="{claim.pk}" mark="m1" exact="600 were killed">600 were killed</a>'
    set_status(claim, Status.WITHDRAWN, day=DAY)
    story = a_story(paper, people, body=stored(text(f"<p>Around {mark}.</p>")))
    looked = dialogue(story, people["editor"])
    assert "Its sourcing is whole" in looked


def test_a_publisher_publishes_past_all_steps_and_the_log_says_so(paper: SmallPaper, people: dict[str, Any]) -> None:
    story = a_story(paper, people)
    fresh(story).latest_revision.publish(user=people["publisher"])
    assert fresh(story).live
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_CANCELLED
    assert PageLogEntry.objects.get(page=story.pk, action="wagtail.publish").user == people["publisher"]


def test_a_story_is_sent_back_without_any_tick(paper: SmallPaper, people: dict[str, Any]) -> None:
    story = a_story(paper, people)
    state = fresh(story).current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[story.pk, "reject", state.pk])
    signed_in(people["editor"]).post(address, {"comment": "Who says so?"})
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_NEEDS_CHANGES


def test_every_front_gets_the_way_and_none_twice(paper: SmallPaper, people: dict[str, Any]) -> None:
    lay_workflow()
    assert CheckedTask.objects.count() == 3
    assert {row.page_id for row in WorkflowPage.objects.exclude(page__depth=1)} == {
        front.pk for front in paper.fronts.values()
    }


def test_the_way_is_laid_over_no_workflow_that_the_newsroom_chose(db: None) -> None:
    clear_newsroom()
    WorkflowPage.objects.filter(page__depth=1).update(workflow=an_own_workflow())
    lay_roles()
    lay_workflow()
    paper = a_paper(["en"])
    assert not WorkflowPage.objects.filter(page=paper.fronts["en"]).exists()


def an_own_workflow() -> Any:
    from wagtail.models import Workflow

    return Workflow.objects.create(name="Our own")
