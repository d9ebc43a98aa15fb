"""Groups of the roles: made once, given once, and then the newsroom's own."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission

from stet.newsroom.models import Role, SectionPage
from stet.newsroom.roles.laying import group_of, lay_roles
from stet.newsroom.roles.table import ROLES
from stet.project.desk_roles import change_roles, give_roles
from stet.project.errors import PersonError
from stet.project.people import create
from tests.press.builders import SmallPaper


def on_pages(key: str) -> set[tuple[str, int]]:
    rights = GroupPagePermission.objects.filter(group=group_of(key))
    return set(rights.values_list("permission__codename", "page_id"))


def test_each_role_has_a_group_and_laying_them_again_changes_nothing(paper: SmallPaper) -> None:
    lay_roles()
    before = {(group.name, group.permissions.count()) for group in Group.objects.all()}
    lay_roles()
    assert before == {(group.name, group.permissions.count()) for group in Group.objects.all()}
    assert {role.name for role in ROLES} <= {name for name, _rights in before}


def test_groups_of_before_become_editors_and_publishers_with_whoever_is_in_them(paper: SmallPaper) -> None:
    account = get_user_model().objects.create(username="old hand")
    account.groups.add(Group.objects.get(name="Moderators"))
    lay_roles()
    assert group_of("publisher") in account.groups.all()
    assert not Group.objects.filter(name="Moderators").exists()


def test_what_an_administrator_takes_away_is_not_given_again(paper: SmallPaper) -> None:
    lay_roles()
    editors = group_of("editor")
    assert editors is not None
    right = Permission.objects.get(codename="add_person")
    editors.permissions.remove(right)
    editors.name = "Redaktion"
    editors.save()
    Role.objects.get(key="photo").group.delete()  # type: ignore[union-attr]
    lay_roles()
    assert right not in editors.permissions.all()
    assert group_of("editor") == editors
    assert group_of("photo") is None


def test_a_right_that_is_new_reaches_a_group_that_stands(paper: SmallPaper) -> None:
    lay_roles()
    role = Role.objects.get(key="reporter")
    assert role.group is not None
    role.group.permissions.clear()
    role.given = [right for right in role.given if right != "sourcing.add_claim"]
    role.save()
    lay_roles()
    assert [right.codename for right in role.group.permissions.all()] == ["add_claim"]


def test_a_new_section_is_open_to_reporters(paper: SmallPaper) -> None:
    lay_roles()
    front = paper.fronts["en"]
    section = front.add_child(instance=SectionPage(title="Sport", slug="sport", locale=front.locale))
    assert ("add_page", section.pk) in on_pages("reporter")
    assert {codename for codename, _page in on_pages("reporter")} == {"add_page"}


def test_an_account_is_made_with_roles_and_an_editor_without(paper: SmallPaper) -> None:
    lay_roles()
    create("ines", roles=("reporter", "photo"))
    create("mira", roles=("admin",))
    ines, mira = (get_user_model().objects.get(username=name) for name in ("ines", "mira"))
    assert set(ines.groups.all()) == {group_of("reporter"), group_of("photo")}
    assert (ines.is_superuser, mira.is_superuser) == (False, True)


def test_roles_take_the_place_of_those_before(paper: SmallPaper) -> None:
    create("ines", roles=("reporter",))
    change_roles("ines", ("editor",))
    ines = get_user_model().objects.get(username="ines")
    assert list(ines.groups.all()) == [group_of("editor")]


REFUSED: dict[str, tuple[str, tuple[str, ...], str]] = {
    "an unknown role": ("ines", ("boss",), "no role boss"),
    "an unknown name": ("nobody", ("editor",), "Nobody signs in"),
    "the last administrator": ("mira", ("editor",), "last administrator"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_roles_are_refused(paper: SmallPaper, what: str) -> None:
    create("mira", roles=("admin",))
    create("ines", roles=("reporter",))
    name, roles, said = REFUSED[what]
    with pytest.raises(PersonError, match=said):
        change_roles(name, roles)


def test_a_role_whose_group_was_deleted_is_refused(paper: SmallPaper) -> None:
    lay_roles()
    group: Any = group_of("photo")
    group.delete()
    with pytest.raises(PersonError, match="was deleted"):
        give_roles(get_user_model().objects.create(username="ines"), ("photo",))
