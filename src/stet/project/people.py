"""Who may sign in at the desk and at the office, as the command line manages it.

The desk's accounts stand in the newsroom's database, and Django is set up for it. The office's stand in the readers':
what is done there is done by a process of that wing, and needs no Django here.
"""

from typing import Any

from stet.project.errors import PersonError
from stet.project.founding import make_password
from stet.project.private_wing import create_account, set_password
from stet.project.settings import Newsroom


def create(name: str, *, roles: tuple[str, ...]) -> str:
    """Make an account with roles and answer the password that was made up."""
    from django.contrib.auth import get_user_model
    from django.core.exceptions import ValidationError

    from stet.project.desk_roles import give_roles, refuse_unknown

    refuse_unknown(roles)
    users: Any = get_user_model()
    account = users(username=name)
    password = make_password()
    account.set_password(password)
    try:
        account.full_clean()
    except ValidationError as error:
        raise PersonError(f"That name cannot be used to sign in: {' '.join(error.messages)}") from None
    account.save()
    give_roles(account, roles)
    return password


def renew_password(name: str) -> str:
    """Make up a new password for an account and answer it."""
    from django.contrib.auth import get_user_model

    users: Any = get_user_model()
    account = users.objects.filter(username=name).first()
    if account is None:
        raise PersonError("Nobody signs in with that name. Make an account with `stet user create`.")
    password = make_password()
    account.set_password(password)
    account.save(update_fields=["password"])
    return password


def create_at_office(newsroom: Newsroom, name: str, *, role: str) -> str:
    """Make an account at the office and answer the password that was made up."""
    password = make_password()
    create_account(newsroom, name, role=role, password=password)
    return password


def renew_password_at_office(newsroom: Newsroom, name: str) -> str:
    """Make up a new password for an account at the office and answer it."""
    password = make_password()
    set_password(newsroom, name, password=password)
    return password
