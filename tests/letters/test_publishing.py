"""Every way at the desk that leads to a published letter, with a letter in which something is broken."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import GroupApprovalTask, TaskState, Workflow, WorkflowPage, WorkflowTask
from wagtail.test.utils.form_data import rich_text

from stet.kit import clock
from stet.letters.models import LetterPage, ListPage
from tests.letters.builders import FRIDAY, a_letter, a_list
from tests.letters.simulated_press import UNSET
from tests.letters.test_desk import a_colleague, edit, form, read
from tests.press.builders import SmallPaper

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LEFT_IN = "Something was left to be filled in: “It rose TKTK metres. here”."
DEAD_LINK = "The link “here” has an address that no mail program can follow."
BROKEN = '<p>It rose TKTK metres.</p><p><a href="javascript:alert(1)">here</a></p>'
BY_SCRIPT = {"x-requested-with": "XMLHttpRequest"}


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a Wednesday."""
    monkeypatch.setattr(clock.SystemClock, "now", lambda self: NOW)


@pytest.fixture
def workflow(week: ListPage) -> Workflow:
    """Two pairs of eyes, one after the other, for the letters of the list."""
    made = Workflow.objects.create(name="Two pairs of eyes")
    for order, name in enumerate(("Second pair", "Third pair")):
        task = GroupApprovalTask.objects.create(name=name)
        WorkflowTask.objects.create(workflow=made, task=task, sort_order=order)
    WorkflowPage.objects.create(workflow=made, page=week)
    return made


def a_broken_letter(week: ListPage, **fields: Any) -> LetterPage:
    letter = a_letter(week, live=False, intro=BROKEN, **fields)
    letter.save_revision()
    return letter


def in_workflow(letter: LetterPage, workflow: Workflow) -> LetterPage:
    workflow.start(letter, get_user_model().objects.create_superuser(username="writer", password="a long password"))
    return letter


def action(letter: LetterPage, name: str = "approve") -> str:
    """Where the dashboard's buttons send their form."""
    page = LetterPage.objects.get(pk=letter.pk)
    return f"/pages/workflow/action/{letter.pk}/{name}/{page.current_workflow_task_state.pk}/"


def is_live(letter: LetterPage) -> bool:
    return LetterPage.objects.get(pk=letter.pk).live


def assert_held(answer: Any, letter: LetterPage) -> None:
    """The editor stands before everything that is to be mended, each with its place in the form."""
    shown = read(answer)
    assert "“A flood” was not published" in shown
    assert f"To mend: {LEFT_IN} Go there" in shown
    assert f"To mend: {DEAD_LINK} Go there" in shown
    assert f'href="{edit(letter)}#panel-child-content-intro-section"' in answer.content.decode()
    assert not is_live(letter)
    assert not LetterPage.objects.get(pk=letter.pk).approved_schedule


# --- A workflow's buttons at the dashboard ---


def test_a_letter_is_not_approved_from_the_dashboard_with_something_broken(
    desk: Client, week: ListPage, workflow: Workflow
) -> None:
    letter = in_workflow(a_broken_letter(week), workflow)
    desk.post(action(letter))  # Another pair of eyes comes after this one.
    assert f"/pages/{letter.pk}/" in desk.get("/").content.decode()
    assert_held(desk.post(action(letter), {"next": "/"}, follow=True), letter)
    state = LetterPage.objects.get(pk=letter.pk).current_workflow_task_state
    assert (state.status, state.task.name) == (TaskState.STATUS_IN_PROGRESS, "Third pair")


def test_a_letter_is_not_approved_with_a_comment_either(desk: Client, week: ListPage, workflow: Workflow) -> None:
    """The dashboard's dialogue is a script: it is told where to go."""
    letter = in_workflow(a_broken_letter(week), workflow)
    desk.post(action(letter))
    answer = desk.post(action(letter), {"comment": "Fine."}, headers=BY_SCRIPT)
    assert answer.json() == {"step": "success", "redirect": f"/letters/{letter.pk}/check/"}
    assert_held(desk.get(answer.json()["redirect"]), letter)


def test_a_letter_that_is_mended_is_approved_from_the_dashboard(
    desk: Client, week: ListPage, workflow: Workflow
) -> None:
    letter = in_workflow(a_broken_letter(week), workflow)
    desk.post(action(letter))
    desk.post(action(letter))
    desk.post(edit(letter), form())
    desk.post(action(letter))
    assert is_live(letter)


def test_a_letter_is_sent_back_however_broken_it_is(desk: Client, week: ListPage, workflow: Workflow) -> None:
    letter = in_workflow(a_broken_letter(week), workflow)
    desk.post(action(letter, "reject"), {"comment": "Mend it."})
    page = LetterPage.objects.get(pk=letter.pk)
    assert page.current_workflow_state.status == "needs_changes"


def test_what_broke_after_it_was_submitted_holds_the_approval_back(
    desk: Client, week: ListPage, workflow: Workflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = a_letter(week, live=False)
    desk.post(edit(letter), {**form(), "action-submit": "1"})
    desk.post(action(letter))
    monkeypatch.setattr(clock.SystemClock, "now", lambda self: NOW + timedelta(days=7))
    assert "The moment to send this letter has passed: Nov. 27, 2026, 08:00 in UTC, where it is" in read(
        desk.post(action(letter), follow=True)
    )
    assert not is_live(letter)


# --- Among others ---


def test_a_letter_is_not_published_among_others_with_something_broken(desk: Client, week: ListPage) -> None:
    letter, other = a_broken_letter(week), a_letter(week, "Fine", live=False, intro="<p>Hello.</p>")
    answer = desk.post(f"/bulk/wagtailcore/page/publish/?id={other.pk}&id={letter.pk}", follow=True)
    assert "and nothing else either" in read(answer)
    assert_held(answer, letter)
    assert not is_live(other)


def test_a_letter_is_not_published_below_its_list_with_something_broken(desk: Client, week: ListPage) -> None:
    letter = a_broken_letter(week)
    page = f"/bulk/wagtailcore/page/publish/?id={week.pk}"
    assert_held(desk.post(page, {"include_descendants": "on"}, follow=True), letter)


def test_who_may_not_mend_a_letter_is_told_what_is_broken_all_the_same(week: ListPage) -> None:
    letter = a_broken_letter(week)
    publisher = a_colleague("publisher", "publish", page=week)
    answer = publisher.post(f"/bulk/wagtailcore/page/publish/?id={letter.pk}", follow=True)
    assert f"“A flood” was not published: {LEFT_IN} {DEAD_LINK}" in read(answer)
    assert not is_live(letter)


def test_letters_without_a_mistake_are_published_among_others(desk: Client, week: ListPage) -> None:
    letters = [a_letter(week, name, live=False, intro="<p>Hello.</p>") for name in ("One", "Two")]
    desk.post("/bulk/wagtailcore/page/publish/?" + "&".join(f"id={letter.pk}" for letter in letters))
    assert [is_live(letter) for letter in letters] == [True, True]


# --- From its history, and for later ---


def test_an_older_version_is_not_published_with_something_broken(desk: Client, week: ListPage) -> None:
    letter = a_broken_letter(week)
    older = letter.latest_revision
    desk.post(edit(letter), {**form(), "action-publish": "1"})
    assert is_live(letter)
    page = desk.get(f"/pages/{letter.pk}/revisions/{older.pk}/revert/")
    assert "It rose TKTK metres." in page.content.decode()
    back = {"revision": str(older.pk), "action-publish": "1"}
    broken = form(title="A flood", intro=rich_text("<p>It rose TKTK metres. here</p>"))
    assert LEFT_IN in read(desk.post(edit(letter), {**broken, **back}))
    assert "TKTK" not in LetterPage.objects.get(pk=letter.pk).intro


@pytest.mark.parametrize("button", ["action-publish", "action-submit"])
def test_a_letter_is_not_scheduled_with_something_broken(desk: Client, week: ListPage, button: str) -> None:
    letter = a_letter(week, live=False)
    later = datetime.now(UTC) + timedelta(days=3)
    broken = form(
        intro=rich_text("<p>It rose TKTK metres. here</p>"),
        due_date=f"{later + timedelta(days=2):%Y-%m-%d}",
        go_live_at=f"{later:%Y-%m-%d %H:%M}",
    )
    assert LEFT_IN in read(desk.post(edit(letter), {**broken, button: "1"}))
    page = LetterPage.objects.get(pk=letter.pk)
    assert (page.live, page.approved_schedule, page.current_workflow_state) == (False, False, None)


def test_what_was_scheduled_goes_live_at_its_hour_whatever_happened_since(
    desk: Client, week: ListPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was looked over when an editor let it; nobody sits at the desk who could be told."""
    letter = a_letter(week, live=False)
    later = datetime.now(UTC) + timedelta(days=3)
    filled = form(due_date=f"{later + timedelta(days=2):%Y-%m-%d}", go_live_at=f"{later:%Y-%m-%d %H:%M}")
    desk.post(edit(letter), {**filled, "action-publish": "1"})
    ListPage.objects.filter(pk=week.pk).update(live=False)
    monkeypatch.setattr(timezone, "now", lambda: later + timedelta(minutes=1))
    call_command("publish_scheduled_pages")
    assert is_live(letter)


def test_a_new_letter_that_the_press_can_not_set_is_kept_as_a_draft(desk: Client, week: ListPage) -> None:
    """Its mail can be set only once it has its place below the list."""
    page = f"/pages/add/letters/letterpage/{week.pk}/"
    answer = desk.post(page, {**form(title=UNSET), "action-publish": "1"}, follow=True)
    assert "This letter can't be set as a mail: A photo is damaged." in read(answer)
    letter = LetterPage.objects.get()
    assert (letter.live, letter.title) == (False, UNSET)


# --- Copied and moved ---


def copy_form(page: Any, parent: Any, **fields: str) -> dict[str, str]:
    return {"new_title": "Copy", "new_slug": "copy", "new_parent_page": str(parent.pk), **fields}


@pytest.mark.parametrize("how", ["publish_copies", "alias"])
def test_a_letter_is_not_published_by_copying_it_or_its_list(desk: Client, week: ListPage, how: str) -> None:
    letter = a_letter(week)
    for page, parent in ((letter, week), (week, week.get_parent())):
        fields = copy_form(page, parent, copy_subpages="on", **{how: "on"})
        shown = read(desk.post(f"/pages/{page.pk}/copy/", fields, follow=True))
        assert "A copied letter is a draft: published, it would go out once more." in shown
    assert LetterPage.objects.count() == 1
    desk.post(f"/pages/{letter.pk}/copy/", copy_form(letter, week))
    assert list(LetterPage.objects.order_by("pk").values_list("live", flat=True)) == [True, False]


def test_a_letter_that_waits_is_not_moved_into_a_list_that_is_a_draft(
    desk: Client, paper: SmallPaper, week: ListPage
) -> None:
    coming, daily = a_list(paper, "Coming", live=False), a_list(paper, "Daily")
    letter, draft = (
        a_letter(week, intro="<p>Hello.</p>"),
        a_letter(week, "Draft", live=False, due_date=date(2026, 12, 4)),
    )
    single = f"/pages/{letter.pk}/move/{coming.pk}/confirm/"
    several = f"/bulk/wagtailcore/page/move/?id={letter.pk}"
    for shown in (desk.post(single, follow=True), desk.post(several, {"chooser": str(coming.pk)}, follow=True)):
        assert "“A flood” was not moved, and nothing else either: The list of this letter is not" in read(shown)
    assert LetterPage.objects.get(pk=letter.pk).list_page == week
    desk.post(f"/pages/{letter.pk}/move/{daily.pk}/confirm/")
    desk.post(f"/pages/{draft.pk}/move/{coming.pk}/confirm/")
    assert LetterPage.objects.get(pk=letter.pk).list_page == daily
    assert LetterPage.objects.get(pk=draft.pk).list_page == coming
    assert LetterPage.objects.get(pk=letter.pk).due_date == FRIDAY


def test_a_program_publishes_without_being_asked(week: ListPage) -> None:
    letter = a_broken_letter(week)
    letter.latest_revision.publish()
    assert is_live(letter)
