"""Makes the roles' groups and gives them what the table says; once, so that an administrator has the last word."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from stet.newsroom.models import Role
from stet.newsroom.roles.table import ADOPTED, PLACES, ROLES, RoleRow, rights_at

FILES = {"photos": ("wagtailimages", "image", "image"), "documents": ("wagtaildocs", "document", "document")}
"""Words of the table: the model, and what Wagtail calls it in its own permissions."""


@transaction.atomic
def lay_roles() -> None:
    """Make the groups that are missing, and give each the rights that it was never given. Safe to repeat."""
    if Page.get_first_root_node() is None or Collection.get_first_root_node() is None:
        return
    for row in ROLES:
        role = Role.objects.filter(key=row.key).select_related("group").first() or _made(row)
        new = [right for right in row.rights if right not in role.given]
        if role.group is not None and new:
            _give(role.group, new)
            role.given = [*role.given, *new]
            role.save(update_fields=["given"])


def _made(row: RoleRow) -> Role:
    adopted = ADOPTED.get(row.key)
    group = Group.objects.filter(name__in=[name for name in (adopted, row.name) if name]).first()
    if group is None:
        group = Group.objects.create(name=row.name)
    elif group.name != row.name:
        group.name = row.name
        group.save()
    return Role.objects.create(key=row.key, group=group)


def _give(group: Group, rights: Iterable[str]) -> None:
    rights = tuple(rights)
    plain = [right.split(".") for right in rights if ":" not in right]
    group.permissions.add(*(_permission(room, codename) for room, codename in plain))
    root = Collection.get_first_root_node()
    for word, (room, model, name) in FILES.items():
        for action in rights_at(word, rights):
            right = _permission(room, f"{action}_{name}", model=model)
            GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=right)
    for place in PLACES:
        for page in pages_of(place) if rights_at(place, rights) else ():
            give_on_page(group, page, rights_at(place, rights))


def pages_of(place: str) -> Iterable[Any]:
    """The pages that rights at a place stand on."""
    model = PLACES[place]
    return [Page.get_first_root_node()] if model is None else apps.get_model(model).objects.all()


def give_on_page(group: Group, page: Any, actions: Iterable[str]) -> None:
    """Give a group rights on a page and what stands below it."""
    for action in actions:
        right = _permission("wagtailcore", f"{action}_page", model="page")
        GroupPagePermission.objects.get_or_create(group=group, page_id=page.pk, permission=right)


def give_on_new_page(page: Any) -> None:
    """Give each role on a page that was just made what the table says of its kind."""
    kind = page._meta.label
    for place, model in PLACES.items():
        if model != kind:
            continue
        for role in Role.objects.exclude(group=None).select_related("group"):
            given = [right for right in role.given if right.startswith(f"{place}:")]
            if role.group is not None:
                give_on_page(role.group, page, rights_at(place, given))


def group_of(key: str) -> Group | None:
    """The group that has a role; None where an administrator deleted it."""
    role = Role.objects.filter(key=key).select_related("group").first()
    return role.group if role else None


def _permission(room: str, codename: str, *, model: str | None = None) -> Permission:
    """A right; made where the model that it is about has not been given its rights yet, as right after a migration."""
    about = model or codename.partition("_")[2]
    found = Permission.objects.filter(content_type__app_label=room, codename=codename)
    right = found.filter(content_type__model=model).first() if model else found.first()
    if right is None:
        content_type, _is_new = ContentType.objects.get_or_create(app_label=room, model=about)
        right, _is_new = Permission.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": f"Can {codename.replace('_', ' ')}"}
        )
    return right
