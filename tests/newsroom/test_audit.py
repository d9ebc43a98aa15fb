"""The log: who did what, added to and never altered, with what may be taken out of it."""

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail.log_actions import registry as log_registry
from wagtail.models import ModelLogEntry, PageLogEntry

from stet.kit.errors import RefusedError
from stet.newsroom.audit.actions import EXPORTED, FORGOTTEN, GIVEN, TAKEN
from stet.newsroom.audit.forgetting import forget
from stet.newsroom.audit.views import SUBJECTS
from stet.newsroom.roles.laying import group_of, lay_roles
from stet.newsroom.signing_in.log import EVENTS
from tests.newsroom.roles.world import accounts, signed_in
from tests.press.builders import SmallPaper, an_article

REPORT = "/reports/site-history/"


def someone(name: str = "ines", **fields: Any) -> Any:
    return get_user_model().objects.create(username=name, **fields)


def an_entry(paper: SmallPaper) -> PageLogEntry:
    article = an_article(paper.sections["en"][0], "dam", published=None)
    article.save_revision(log_action=True)
    return PageLogEntry.objects.filter(page=article).latest("pk")


STATEMENTS = {
    "a changed name": "UPDATE {table} SET label = 'x' WHERE id = %s",
    "a changed actor": "UPDATE {table} SET user_id = NULL WHERE id = %s",
    "a changed time": "UPDATE {table} SET timestamp = '2020-01-01' WHERE id = %s",
    "a dropped entry": "DELETE FROM {table} WHERE id = %s",
    "all dropped": "DELETE FROM {table} WHERE id > 0 OR id = %s",
    "another kind": "UPDATE {table} SET content_type_id = 1 WHERE id = %s",
}


@pytest.mark.parametrize("what", STATEMENTS)
@pytest.mark.parametrize("table", ["wagtailcore_pagelogentry", "wagtailcore_modellogentry"])
def test_the_database_refuses_to_alter_the_log(paper: SmallPaper, what: str, table: str) -> None:
    number = an_entry(paper).pk
    if table.endswith("modellogentry"):
        account = someone()
        account.groups.add(Group.objects.create(name="night desk"))
        number = ModelLogEntry.objects.latest("pk").pk
    with pytest.raises(DatabaseError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STATEMENTS[what].format(table=table), [number])


def test_a_page_and_an_account_can_be_deleted_and_the_log_still_tells_of_them(paper: SmallPaper) -> None:
    account = someone(is_superuser=True)
    article = an_article(paper.sections["en"][0], "dam", published=None, owner=account)
    article.save_revision(user=account, log_action=True)
    page, number = article.pk, account.pk
    article.delete(user=account)
    account.delete()
    entries = PageLogEntry.objects.filter(page_id=page)
    assert {entry.action for entry in entries} >= {"wagtail.edit", "wagtail.delete"}
    assert entries.get(action="wagtail.delete").user_id == number


def test_a_kind_of_thing_that_goes_leaves_its_entries(db: None) -> None:
    kind = ContentType.objects.create(app_label="gone", model="thing")
    entry = ModelLogEntry.objects.create(
        content_type=kind, object_id="1", label="a thing", action="wagtail.edit", timestamp=timezone.now()
    )
    kind.delete()
    entry.refresh_from_db()
    assert (entry.content_type, entry.label) == (None, "a thing")


# --- Rights ---


def told_of(row: Any) -> list[tuple[str, list[str]]]:
    entries = ModelLogEntry.objects.for_instance(row).filter(action__in=(GIVEN, TAKEN)).order_by("pk")
    return [(entry.action, entry.data["rights"]) for entry in entries]


def test_what_an_account_is_given_and_loses_is_logged(db: None) -> None:
    account, night, day = someone(), Group.objects.create(name="night"), Group.objects.create(name="day")
    account.groups.set([night])
    account.groups.set([day])
    day.user_set.clear()
    account.is_superuser = True
    account.save()
    account.is_active = account.is_superuser = False
    account.save()
    assert told_of(account) == [
        (GIVEN, ["night"]), (TAKEN, ["night"]), (GIVEN, ["day"]), (TAKEN, ["day"]),
        (GIVEN, ["administrator"]), (TAKEN, ["administrator", "sign in"]),
    ]  # fmt: skip


def test_what_a_group_is_given_on_pages_is_logged_with_who_gave_it(paper: SmallPaper) -> None:
    lay_roles()
    group = group_of("reporter")
    assert group is not None
    section = paper.sections["en"][0]
    given = [rights for action, rights in told_of(group) if action == GIVEN]
    assert [f"add_page (page {section.pk})"] in given
    group.page_permissions.filter(page=section).delete()
    assert told_of(group)[-1] == (TAKEN, [f"add_page (page {section.pk})"])


def test_an_administrator_who_changes_roles_at_the_desk_is_named_in_the_log(desk: Client, admin_user: Any) -> None:
    account = someone()
    night = Group.objects.create(name="night")
    form = {
        "username": "ines",
        "email": "ines@example.org",
        "first_name": "I",
        "last_name": "N",
        "is_active": "on",
        "groups": [night.pk],
    }
    desk.post(f"/users/edit/{account.pk}/", form)
    entry = ModelLogEntry.objects.for_instance(account).get(action=GIVEN)
    assert (entry.user, entry.data) == (admin_user, {"rights": ["night"]})


# --- The report ---


def test_the_report_joins_pages_and_accounts_and_narrows_them(desk: Client, paper: SmallPaper) -> None:
    an_entry(paper)
    someone().groups.add(Group.objects.create(name="night"))
    everything = desk.get(REPORT).content.decode()
    assert "Was given: night" in everything
    assert "Dam" in everything
    rights = desk.get(REPORT, {"subject": "rights"}).content.decode()
    assert "Was given: night" in rights
    assert "Dam" not in rights.partition("<main")[2]


def test_every_action_is_found_under_what_it_is_about(db: None) -> None:
    kind = ContentType.objects.get_for_model(get_user_model())
    actions = {action for action, _label in log_registry.get_choices()}
    for action in actions:
        ModelLogEntry.objects.create(
            content_type=kind if action.startswith("stet.") else None, object_id="1", label="x", action=action,
            timestamp=timezone.now(),
        )  # fmt: skip
    found = {
        subject: set(ModelLogEntry.objects.filter(where).values_list("action", flat=True))
        for subject, (_words, where) in SUBJECTS.items()
    }
    assert set().union(*found.values()) == actions
    assert found["signed_in"] == set(EVENTS), "Whatever is about signing in, and nothing else."
    assert not found["rights"] & set(EVENTS)
    assert {"stet.kill", "wagtail.delete"} <= found["killed"]
    assert {"wagtail.publish", "wagtail.unpublish", "wagtail.publish.schedule"} <= found["published"]


def test_an_export_is_whole_and_leaves_an_entry(desk: Client, paper: SmallPaper, admin_user: Any) -> None:
    an_entry(paper)
    answer = desk.get(REPORT, {"export": "json", "subject": "changed"})
    told = json.loads(answer.content)["entries"]
    assert answer.headers["Content-Disposition"].endswith('.json"')
    assert {entry["action"] for entry in told} == {"wagtail.create", "wagtail.edit"}
    assert told[0]["about"]["name"] == "Dam"
    assert b"Dam" in b"".join(desk.get(REPORT, {"export": "csv"}).streaming_content)  # type: ignore[attr-defined]
    entries = ModelLogEntry.objects.filter(action=EXPORTED).order_by("pk")
    assert [(entry.user, entry.data) for entry in entries] == [
        (admin_user, {"what": REPORT, "format": "json"}),
        (admin_user, {"what": REPORT, "format": "csv"}),
    ]


def test_a_list_that_is_only_looked_at_leaves_no_entry(desk: Client, paper: SmallPaper) -> None:
    desk.get(REPORT)
    desk.get(REPORT, {"export": "nothing"})
    assert not ModelLogEntry.objects.filter(action=EXPORTED).exists()


@pytest.mark.parametrize("entries", [3, 40])
def test_the_report_asks_the_database_as_often_whatever_its_size(
    desk: Client, paper: SmallPaper, entries: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(entries):
        someone(f"colleague-{number}", is_superuser=True)
    with django_assert_max_num_queries(30):
        desk.get(REPORT)


# --- Somebody leaves ---


def test_the_name_of_somebody_who_left_is_taken_out_and_nothing_else(db: None) -> None:
    account = someone()
    account.groups.add(Group.objects.create(name="night"))
    number = account.pk
    with pytest.raises(RefusedError, match="may still sign in"):
        forget("ines", now=timezone.now())
    account.delete()
    assert forget("ines", now=timezone.now()) == 1
    entries = ModelLogEntry.objects.filter(object_id=str(number)).order_by("pk")
    assert [(entry.label, entry.action) for entry in entries] == [
        (f"account {number}", GIVEN), (f"account {number}", FORGOTTEN)
    ]  # fmt: skip
    with pytest.raises(RefusedError, match="no entry"):
        forget("ines", now=timezone.now())
    with pytest.raises(DatabaseError, match="only added"), transaction.atomic():
        entries.delete()


def test_only_publishers_and_administrators_read_it(paper: SmallPaper) -> None:
    lay_roles()
    let_in = {role for role, account in accounts().items() if signed_in(account).get(REPORT).status_code == 200}
    assert let_in == {"publisher", "admin"}
