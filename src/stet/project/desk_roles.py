"""Roles of accounts at the desk, as the command line gives them."""

from collections.abc import Iterable
from typing import Any

from stet.project.errors import PersonError

ADMIN = "admin"


def refuse_unknown(roles: Iterable[str]) -> None:
    """Raise PersonError for a role that there is not."""
    from stet.newsroom.roles.table import KEYS

    unknown = [role for role in roles if role not in KEYS]
    if unknown:
        raise PersonError(f"There is no role {unknown[0]}. Roles of the desk are: {', '.join(KEYS)}.")


def give_roles(account: Any, roles: Iterable[str]) -> None:
    """Have an account be in the groups of these roles, and in no other; `admin` may do everything."""
    from stet.newsroom.roles.laying import group_of, lay_roles

    roles = tuple(roles)
    lay_roles()
    groups = {role: group_of(role) for role in roles if role != ADMIN}
    for role, group in groups.items():
        if group is None:
            raise PersonError(f"The group of the role {role} was deleted. Make one at the desk under Settings, Groups.")
    account.is_superuser = account.is_staff = ADMIN in roles
    account.save(update_fields=["is_superuser", "is_staff"])
    account.groups.set(groups.values())


def change_roles(name: str, roles: tuple[str, ...]) -> None:
    """Give an account other roles in place of those that it has. Raises PersonError."""
    from django.contrib.auth import get_user_model

    refuse_unknown(roles)
    users: Any = get_user_model()
    account = users.objects.filter(username=name).first()
    if account is None:
        raise PersonError("Nobody signs in with that name. Make an account with `stet user create`.")
    is_last = account.is_superuser and not users.objects.filter(is_superuser=True, is_active=True).exclude(
        pk=account.pk
    )
    if is_last and ADMIN not in roles:
        raise PersonError("This is the last administrator of the desk. Make another one first.")
    give_roles(account, roles)
