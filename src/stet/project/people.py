"""Who may sign in at the desk, as the command line manages it."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from stet.project.errors import PersonError
from stet.project.founding import make_password


def create(name: str, *, is_admin: bool) -> str:
    """Make an account and answer the password that was made up. Who is no admin becomes an editor."""
    users: Any = get_user_model()
    account = users(username=name, is_superuser=is_admin, is_staff=is_admin)
    password = make_password()
    account.set_password(password)
    try:
        account.full_clean()
    except ValidationError as error:
        raise PersonError(f"That name cannot be used to sign in: {' '.join(error.messages)}") from None
    account.save()
    if not is_admin:
        account.groups.add(*Group.objects.filter(name="Editors"))
    return password


def renew_password(name: str) -> str:
    """Make up a new password for an account and answer it."""
    users: Any = get_user_model()
    account = users.objects.filter(username=name).first()
    if account is None:
        raise PersonError("Nobody signs in with that name. Make an account with `stet user create`.")
    password = make_password()
    account.set_password(password)
    account.save(update_fields=["password"])
    return password
