"""A workflow's step that a story passes only with its sourcing whole, by the desk's own buttons."""

import html
import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import PageLogEntry, Task, TaskState, Workflow, WorkflowPage, WorkflowTask

from stet.letters import proofs
from stet.letters.models import LetterPage
from stet.newsroom.models import ArticlePage
from stet.sourcing.models import Claim, SourcingTask
from stet.sourcing.terms import Modality, ValueKind
from tests.letters.builders import a_letter, a_list
from tests.letters.builders import story as told
from tests.letters.test_desk import read
from tests.newsroom.test_desk import form
from tests.press.builders import SmallPaper, an_article, stored, text
from tests.sourcing.builders import a_claim, a_source
from tests.sourcing.marked import a_marked_story, mark

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_assistant")]
BY_SCRIPT = {"x-requested-with": "XMLHttpRequest"}
DANGLING = "“600 died” is marked with a claim that is not there any more. Take the mark off."
UNMARKED = "Somebody is said to say this, and no claim is marked on it: “The bridge was mined, said Anna Lind”."
REFUSED = {"refused": SourcingTask.Refused.ANY}


def a_workflow(page: Any, **fields: Any) -> SourcingTask:
    """One step for all pages below a page."""
    workflow = Workflow.objects.create(name="Sourcing first")
    task: SourcingTask = SourcingTask.objects.create(name="Sourcing", **fields)
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=page)
    return task


def in_workflow(page: Any) -> Any:
    """The page as a draft that a colleague has submitted."""
    writer = get_user_model().objects.create_superuser(username="writer", password="a long password")
    page.save_revision()
    page.get_workflow().start(page, writer)
    return page


def a_broken_draft(paper: SmallPaper) -> ArticlePage:
    return a_marked_story(paper.sections["en"][0], "broken", f"{mark('600 died', 9_999)} here.", published=None)


def action(page: Any, name: str = "approve") -> str:
    """Where the dashboard's buttons send their form."""
    state = type(page).objects.get(pk=page.pk).current_workflow_task_state
    return f"/pages/workflow/action/{page.pk}/{name}/{state.pk}/"


def is_live(page: Any) -> bool:
    return bool(type(page).objects.get(pk=page.pk).live)


def gaps(page: Any) -> str:
    return f"/sourcing/stories/{page.pk}/gaps/"


def assert_held(answer: Any, page: Any, *sentences: str) -> None:
    """The editor stands before everything that is open, each with its place."""
    shown = read(answer)
    assert f"“{page.title}” was not approved. See below what is open in its sourcing." in shown
    assert "The step “Sourcing” of the workflow is passed when these are mended:" in shown
    for sentence in sentences:
        assert sentence in shown
    assert f'href="/pages/{page.pk}/edit/#block-' in answer.content.decode()
    assert not is_live(page)
    state = type(page).objects.get(pk=page.pk).current_workflow_task_state
    assert state.status == TaskState.STATUS_IN_PROGRESS


def test_a_story_with_something_broken_is_not_approved_from_the_dashboard(desk: Client, paper: SmallPaper) -> None:
    a_workflow(paper.sections["en"][0])
    article = in_workflow(a_broken_draft(paper))
    assert f"/pages/{article.pk}/" in desk.get("/").content.decode()
    assert_held(desk.post(action(article), {"next": "/"}, follow=True), article, DANGLING)


def test_nor_by_the_dialogue_that_takes_a_comment(desk: Client, paper: SmallPaper) -> None:
    """The dialogue is a script: it is told where to go."""
    a_workflow(paper.sections["en"][0])
    article = in_workflow(a_broken_draft(paper))
    answer = desk.post(action(article), {"comment": "Fine."}, headers=BY_SCRIPT)
    assert answer.json() == {"step": "success", "redirect": gaps(article)}
    assert_held(desk.get(answer.json()["redirect"]), article, DANGLING)


def approve_in_form(desk: Client, article: ArticlePage, words: str, name: str = "approve", **extra: Any) -> Any:
    values = form(article, body=_stream(words), short_headline="Anew")
    own = {"action-workflow-action": "1", "workflow-action-name": name}
    return desk.post(
        f"/pages/{article.pk}/edit/", {**values, **own, "workflow-action-extra-data": json.dumps(extra)}, follow=True
    )


def _stream(words: str) -> Any:
    from wagtail.test.utils.form_data import rich_text, streamfield

    return streamfield([("text", rich_text(f"<p>{words}</p>"))])


def test_nor_in_its_form_and_what_was_typed_stands_as_a_draft(desk: Client, paper: SmallPaper) -> None:
    a_workflow(paper.sections["en"][0], **REFUSED)
    article = in_workflow(an_article(paper.sections["en"][0], "draft", published=None))
    answer = approve_in_form(desk, article, "The bridge was mined, said Anna Lind.")
    assert_held(answer, article, UNMARKED)
    assert ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object().short_headline == "Anew"


def test_a_story_that_is_mended_is_approved_and_published(desk: Client, paper: SmallPaper) -> None:
    a_workflow(paper.sections["en"][0])
    article = in_workflow(a_broken_draft(paper))
    desk.post(action(article))
    approve_in_form(desk, article, "Nobody knows.")
    assert is_live(article)


def test_what_broke_after_it_was_submitted_holds_it_back(desk: Client, paper: SmallPaper) -> None:
    """The latest revision is looked at: it is the one that is published."""
    claim = a_claim(chain=(a_source(),))
    a_workflow(paper.sections["en"][0])
    article = in_workflow(
        a_marked_story(paper.sections["en"][0], "draft", f"{mark('600 died', claim)} here.", published=None)
    )
    Claim.objects.filter(pk=claim.pk).update(uid="00000000-0000-4000-8000-000000000000")
    article.body = stored(text(f"<p>{mark('600 died', 9_999)} here.</p>"))
    article.save_revision()
    assert_held(desk.post(action(article), follow=True), article, DANGLING)


def test_what_is_only_to_be_looked_at_holds_back_where_the_step_says_so(desk: Client, paper: SmallPaper) -> None:
    task = a_workflow(paper.sections["en"][0], **REFUSED)
    words = stored(text("<p>The bridge was mined, said Anna Lind.</p>"))
    article = in_workflow(an_article(paper.sections["en"][0], "draft", published=None, body=words))
    assert_held(desk.post(action(article), follow=True), article, UNMARKED)
    SourcingTask.objects.filter(pk=task.pk).update(refused=SourcingTask.Refused.BROKEN)
    desk.post(action(article))
    assert is_live(article)


def test_what_is_mended_in_another_page_holds_none_back(desk: Client, paper: SmallPaper) -> None:
    """A letter that says flat what this story hedges is told, and is another editor's."""
    claim = a_claim(
        "Around 600 soldiers were killed.", chain=(a_source(),), value_kind=ValueKind.NUMBER, best=600,
        modality=Modality.REPORTEDLY,
    )  # fmt: skip
    a_workflow(paper.sections["en"][0], **REFUSED)
    article = a_marked_story(paper.sections["en"][0], "draft", f"{mark('600 died', claim)} here.", published=None)
    a_letter(a_list(paper, "The Week"), body=json.dumps([told(article, headline="600 soldiers dead")]))
    in_workflow(article)
    shown = read(desk.get(gaps(article)))
    assert "the letter “A flood” says it flat: “600 soldiers dead”." in shown
    assert "is passed when" not in shown
    desk.post(action(article))
    assert is_live(article)


def test_a_story_is_sent_back_however_broken_it_is(desk: Client, paper: SmallPaper) -> None:
    a_workflow(paper.sections["en"][0])
    article = in_workflow(a_broken_draft(paper))
    desk.post(action(article, "reject"), {"comment": "Mend it."})
    assert ArticlePage.objects.get(pk=article.pk).current_workflow_state.status == "needs_changes"


# --- All the same ---


def test_a_step_may_allow_to_approve_all_the_same_with_a_reason_that_is_kept(desk: Client, paper: SmallPaper) -> None:
    a_workflow(paper.sections["en"][0], may_override=True)
    article = in_workflow(a_broken_draft(paper))
    assert "Approve all the same…" in html.unescape(desk.get(f"/pages/{article.pk}/edit/").content.decode())
    dialogue = desk.get(action(article, "override"), headers=BY_SCRIPT).json()["html"]
    assert "It is kept in the story&#x27;s history, with your name." in dialogue
    desk.post(action(article, "override"), {"comment": "The claim is being made anew."}, headers=BY_SCRIPT)
    assert is_live(article)
    entry = PageLogEntry.objects.get(action="sourcing.override")
    assert (entry.user.username, entry.data["reason"]) == ("admin", "The claim is being made anew.")
    assert entry.data["open"] == [DANGLING]
    shown = read(desk.get(f"/pages/{article.pk}/history/"))
    assert "Approved, with gaps in its sourcing open: 1. Reason: “The claim is being made anew.”" in shown


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_story_is_approved_all_the_same_without_a_reason(desk: Client, paper: SmallPaper, reason: str) -> None:
    a_workflow(paper.sections["en"][0], may_override=True)
    article = in_workflow(a_broken_draft(paper))
    answer = desk.post(action(article, "override"), {"comment": reason}, headers=BY_SCRIPT)
    assert answer.json()["step"] == "action"
    assert "This field is required." in answer.json()["html"]
    shown = read(approve_in_form(desk, article, "Nobody knows.", "override", comment=reason))
    assert "Nothing was approved. Say why this story may pass with gaps, if this step allows it." in shown
    assert not is_live(article)


def test_no_story_is_approved_all_the_same_where_the_step_does_not_allow_it(desk: Client, paper: SmallPaper) -> None:
    task = a_workflow(paper.sections["en"][0])
    article = in_workflow(a_broken_draft(paper))
    assert "Approve all the same" not in html.unescape(desk.get(f"/pages/{article.pk}/edit/").content.decode())
    desk.post(action(article, "override"), {"comment": "I want it."})
    approve_in_form(desk, article, "Nobody knows.", "override", comment="I want it.")
    assert not is_live(article)
    SourcingTask.objects.filter(pk=task.pk).update(may_override=True)
    approve_in_form(desk, article, "Nobody knows.", "override", comment=["a", "list"])
    assert not is_live(article)


# --- Beside other steps and other pages ---


def test_a_letter_is_held_for_what_it_says_of_its_stories_and_then_by_preflight(
    desk: Client, paper: SmallPaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proofs, "MAIL", "tests.letters.simulated_press.preview_mail")
    claim = a_claim(
        "Around 600 soldiers were killed.", chain=(a_source(),), value_kind=ValueKind.NUMBER, best=600,
        modality=Modality.REPORTEDLY,
    )  # fmt: skip
    article = a_marked_story(paper.sections["en"][0], "story", f"{mark('600 died', claim)} here.")
    week = a_list(paper, "The Week")
    a_workflow(week, **REFUSED)
    letter = a_letter(week, live=False, is_sent=False, body=json.dumps([told(article, headline="600 soldiers dead")]))
    in_workflow(letter)
    shown = "The text hedges “Around 600 soldiers were killed.”; the letter “A flood” says it flat"
    assert_held(desk.post(action(letter), follow=True), letter, shown)
    letter = LetterPage.objects.get(pk=letter.pk)
    letter.body = json.dumps([told(article, headline="It rose TKTK metres")])
    letter.save_revision()
    held = read(desk.post(action(letter), follow=True))
    assert "“A flood” was not published. See below what is to be mended first." in held
    assert not is_live(letter)
    letter.body = json.dumps([told(article, headline="What is known of Zelen")])
    letter.save_revision()
    desk.post(action(letter))
    assert is_live(letter)


def test_a_step_for_pages_without_a_text_of_claims_is_passed(desk: Client, paper: SmallPaper) -> None:
    a_workflow(paper.about)
    in_workflow(paper.about)
    desk.post(action(paper.about))
    assert type(paper.about).objects.get(pk=paper.about.pk).current_workflow_state is None


def test_who_may_approve_and_not_mend_is_told_what_is_open(paper: SmallPaper) -> None:
    task = a_workflow(paper.sections["en"][0])
    group = Group.objects.create(name="Sourcing desk")
    group.permissions.add(*Group.objects.get(name="Moderators").permissions.filter(codename="access_admin"))
    task.groups.add(group)
    user = get_user_model().objects.create_user(username="checker", password="a long password")
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    article = in_workflow(a_broken_draft(paper))
    assert DANGLING in read(client.post(action(article), follow=True))
    assert not is_live(article)


def test_an_administrator_makes_the_step_at_the_desk(desk: Client, paper: SmallPaper) -> None:
    assert "Sourcing is whole" in read(desk.get("/workflows/tasks/select_type/"))
    group = Group.objects.get(name="Moderators")
    made = {"name": "Whole", "groups": [str(group.pk)], "refused": "any", "may_override": "on"}
    shown = read(desk.get("/workflows/tasks/add/sourcing/sourcingtask/"))
    assert "what holds a story back" in shown.lower()
    desk.post("/workflows/tasks/add/sourcing/sourcingtask/", made)
    task = Task.objects.get(name="Whole").specific
    assert (task.refused, task.may_override, list(task.groups.all())) == ("any", True, [group])
