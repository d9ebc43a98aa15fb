"""Who may sign in at the office, and what they may do there.

The roles:
 * "viewer" sees counts and the state of letters;
 * "letters" also pauses, resumes and cancels them, and settles what is uncertain;
 * "admin" may do everything there is.

An account of the desk is none of the office: they live in different databases.
"""

from typing import Any, Literal, get_args

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from stet.office.errors import PersonError

Role = Literal["viewer", "letters", "admin"]
ROLES: tuple[str, ...] = get_args(Role)
LETTERS_GROUP = "letters"


def create(name: str, *, role: str, password: str) -> None:
    """Make an account."""
    if role not in ROLES:
        raise PersonError(f"A person at the office is one of: {', '.join(ROLES)}.")
    users: Any = get_user_model()
    account = users(username=name, is_staff=True, is_superuser=role == "admin")
    account.set_password(password)
    try:
        account.full_clean()
    except ValidationError as error:
        raise PersonError(f"That name cannot be used to sign in: {' '.join(error.messages)}") from None
    account.save()
    if role == "letters":
        account.groups.add(Group.objects.get_or_create(name=LETTERS_GROUP)[0])


def set_password(name: str, password: str) -> None:
    """Give an account another password; its sessions end."""
    users: Any = get_user_model()
    account = users.objects.filter(username=name).first()
    if account is None:
        raise PersonError(
            "Nobody signs in at the office with that name. Make an account with `stet user create --office`."
        )
    account.set_password(password)
    account.save(update_fields=["password"])


def may_see(user: Any) -> bool:
    """Whether somebody sees the office at all."""
    return bool(user.is_active and user.is_staff)


def may_steer(user: Any) -> bool:
    """Whether somebody decides what becomes of letters and readers."""
    return may_see(user) and (user.is_superuser or user.groups.filter(name=LETTERS_GROUP).exists())
