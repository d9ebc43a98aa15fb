"""Every list that the benchmark of the desk asks for: how often each asks the database, whoever looks."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tools.bench_desk import MOST_QUERIES
from tools.benchmarks.desk_day import PEOPLE, addresses
from wagtail.models import Page, PageLogEntry, PagePermissionTester, Revision, WorkflowState
from wagtail.permission_policies.pages import PagePermissionPolicy

from stet.newsroom.home.indexes import INDEXES, lay_indexes
from stet.newsroom.models import ArticlePage, Person, SectionPage, TopicPage
from stet.newsroom.roles.remembered import remembering
from stet.newsroom.roles.seeing import policy
from stet.newsroom.workflow.laying import lay_workflow
from tests.press.builders import NOON, SmallPaper, an_article, by

ROWS = 12


@pytest.fixture
def busy(paper: SmallPaper, people: dict[str, Any]) -> SmallPaper:
    """A paper with as many rows in each list as show a question for each of them."""
    lay_workflow()
    section, front = paper.sections["en"][0], paper.fronts["en"]
    for number in range(ROWS):
        below = front.add_child(instance=SectionPage(title=f"Part {number}", slug=f"p-{number}", locale=front.locale))
        an_article(below, f"harbour-{number}", owner=people["editor"])
        front.add_child(instance=TopicPage(title=f"Story {number}", slug=f"t-{number}", locale=front.locale))
        author = Person.objects.create(name=f"A {number}", slug=f"a-{number}", locale=front.locale)
        owner = people["reporter" if number % 2 else "editor"]
        article = by(an_article(section, f"harbour-s-{number}", owner=owner), author)
        article.topics.add(paper.topics["en"])
        article.save()
        draft = an_article(section, f"draft-{number}", published=None, owner=people["reporter"])
        draft.save_revision(user=people["reporter"], clean=False)
        if number % 2:
            draft.get_workflow().start(draft, people["reporter"])
        else:
            Revision.objects.filter(pk=draft.latest_revision_id).update(approved_go_live_at=NOON)
    return paper


def test_no_list_of_the_desk_asks_the_database_more_often_than_a_list_may(
    busy: SmallPaper, people: dict[str, Any]
) -> None:
    lists = {
        **addresses(),
        "chooser": "/choose-page/",
        "chooser of a section": f"/choose-page/{busy.fronts['en'].pk}/?page_type=newsroom.sectionpage",
        "menu's tree of a front": f"/api/main/pages/?child_of={busy.fronts['en'].pk}&for_explorer=1",
        "list of a front by hand": f"/pages/{busy.fronts['en'].pk}/?ordering=ord",
    }
    over = {}
    for role in PEOPLE:
        client = Client()
        client.force_login(people[role])
        client.get("/")
        for what, address in lists.items():
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            if role != PEOPLE[-1] and answer.status_code in (302, 403):
                continue  # not theirs to see
            assert answer.status_code == 200, (role, what)
            if len(asked) > MOST_QUERIES:
                over[role, what] = len(asked)
    assert not over


def test_the_tree_shows_nobody_what_they_may_not_see(
    busy: SmallPaper, people: dict[str, Any], settings: LazySettings
) -> None:
    settings.WAGTAILAPI_LIMIT_MAX = 100
    section = busy.sections["en"][0]
    others = an_article(section, "not-yours", title="Not yours", published=None, owner=people["editor"])
    for address in (
        f"/pages/{section.pk}/",
        f"/pages/{section.pk}/?q=yours",
        f"/pages/{section.pk}/?q=yours&search_all=1",
        f"/choose-page/{section.pk}/",
        "/choose-page/search/?q=yours",
        f"/api/main/pages/?child_of={section.pk}&for_explorer=1&limit=100",
    ):
        for role, sees in (("reporter", False), ("editor", True)):
            client = Client()
            client.force_login(people[role])
            assert (f"/{others.pk}/" in client.get(address).content.decode()) is sees, (address, role)


def test_the_menu_shows_an_arrow_where_there_is_something_to_see(
    busy: SmallPaper, people: dict[str, Any], settings: LazySettings
) -> None:
    settings.WAGTAILAPI_LIMIT_MAX = 100
    front = busy.fronts["en"]
    hidden = front.add_child(instance=SectionPage(title="Empty", slug="empty", locale=front.locale))
    an_article(hidden, "secret", published=None, owner=people["editor"])
    for role, arrow in (("reporter", 0), ("editor", 1)):
        client = Client()
        client.force_login(people[role])
        rows = client.get(f"/api/main/pages/?child_of={front.pk}&for_explorer=1&limit=100").json()["items"]
        counts = {row["id"]: row["meta"]["children"]["count"] for row in rows}
        assert counts[hidden.pk] == arrow
        assert counts[busy.sections["en"][0].pk] == 1
        assert {row["meta"]["parent"]["id"] for row in rows} == {front.pk}


def test_whatever_stands_in_the_tree_may_be_deleted_by_whom_wagtail_says(
    paper: SmallPaper, people: dict[str, Any]
) -> None:
    section, front = paper.sections["en"][0], paper.fronts["en"]
    for owner in ("reporter", "editor"):
        for published in (None, NOON):
            an_article(section, f"{owner}-{published is None}", published=published, owner=people[owner])
    drafts = front.add_child(instance=SectionPage(title="Drafts", slug="drafts", locale=front.locale, live=False))
    an_article(drafts, "only", published=None, owner=people["reporter"])
    front.add_child(instance=SectionPage(title="New", slug="new", locale=front.locale, owner=people["reporter"]))
    pages = [front, *ArticlePage.objects.child_of(section), *SectionPage.objects.all()]
    for account in people.values():
        for page in pages:
            for ignore_bulk in (True, False):
                wagtails = PagePermissionTester(account, page).can_delete(ignore_bulk)
                assert page.permissions_for_user(account).can_delete(ignore_bulk) == wagtails
                with remembering():
                    assert page.permissions_for_user(account).can_delete(ignore_bulk) == wagtails


def test_what_stands_above_a_page_is_looked_up_anew_where_something_is_done(paper: SmallPaper) -> None:
    an_article(paper.sections["en"][0], "one")
    with remembering():
        assert ArticlePage.objects.get().get_parent().pk == paper.sections["en"][0].pk
        again = ArticlePage.objects.get()
        with CaptureQueriesContext(connection) as asked:
            assert again.get_parent().pk == paper.sections["en"][0].pk
    assert len(asked) == 0
    assert ArticlePage.objects.get().get_parent() is not ArticlePage.objects.get().get_parent()


def test_indexes_are_laid_and_laying_them_again_changes_nothing(db: None) -> None:
    with connection.cursor() as cursor:
        for _ in range(2):
            lay_indexes()
            laid = {
                name
                for table in ("wagtailcore_page", "newsroom_articlepage", "wagtailcore_revision")
                for name in connection.introspection.get_constraints(cursor, table)
            }
            others = ("page_tree", "page_children", "page_children_like", "page_title", "page_own_drafts")
            assert {*INDEXES, *(f"stet_{name}" for name in others)} <= laid
            assert {"stet_article_kind", "stet_article_embargoed", "stet_revision_scheduled"} <= laid


@pytest.mark.parametrize("what", ["get_children", "get_descendants"])
def test_what_stands_below_a_page_is_found_by_an_index(paper: SmallPaper, what: str) -> None:
    an_article(paper.sections["en"][0], "one")
    for page in Page.objects.filter(pk__in=(paper.fronts["en"].pk, paper.sections["en"][0].pk)):
        plan = getattr(page, what)().explain()
        assert "SCAN wagtailcore_page" not in plan
        assert "path>? AND path<?" in plan


@pytest.mark.parametrize("actions", [{"change"}, {"publish"}, {"add"}, {"change", "publish"}, {"lock", "unlock"}])
def test_who_may_do_something_everywhere_may_do_it_with_the_pages_that_wagtail_names(
    busy: SmallPaper, people: dict[str, Any], actions: set[str]
) -> None:
    for role, account in people.items():
        told = policy.instances_user_has_any_permission_for(account, actions)
        named = PagePermissionPolicy().instances_user_has_any_permission_for(account, actions)
        assert set(told.values_list("pk")) == set(named.values_list("pk")), role


def test_lines_of_pages_that_are_gone_stay_in_the_log_of_whoever_sees_all(
    busy: SmallPaper, people: dict[str, Any]
) -> None:
    gone = an_article(busy.sections["en"][0], "gone")
    number = gone.pk
    for action in ("wagtail.edit", "wagtail.delete"):
        PageLogEntry.objects.log_action(gone, action, deleted=action == "wagtail.delete")
    gone.delete()
    seen = {role: PageLogEntry.objects.viewable_by_user(account) for role, account in people.items()}
    told = set(seen["publisher"].filter(page_id=number).values_list("action", flat=True))
    assert told >= {"wagtail.edit", "wagtail.delete"}
    assert not seen["reporter"].filter(page_id=number).exists()


def test_the_report_of_workflows_says_how_each_step_stands(busy: SmallPaper, people: dict[str, Any]) -> None:
    state = WorkflowState.objects.order_by("pk").first()
    assert state is not None
    state.current_task_state.approve(user=people["publisher"])
    client = Client()
    client.force_login(people["publisher"])
    rows = {row.pk: row for row in client.get("/reports/workflow/").context["object_list"]}
    assert set(rows) == set(WorkflowState.objects.values_list("pk", flat=True))
    for number, row in rows.items():
        wagtails = WorkflowState.objects.get(pk=number).all_tasks_with_status()
        told = [(task["name"], task["status"], task["status_display"]) for task in row.all_tasks_with_status]
        assert told == [(task.name, task.status, task.status_display) for task in wagtails]
    assert {task["status"] for task in rows[state.pk].all_tasks_with_status} >= {"approved", "in_progress"}
