"""Who may sign in at the office, and what they may see and do there.

The roles:
 * "viewer" sees readers in numbers and the state of letters;
 * "letters" also pauses, resumes and cancels them, and settles what is uncertain;
 * "finance" sees money, gives it back and ends plans, and sees nothing of readers and letters;
 * "admin" may do everything there is.

So whoever writes the paper sees no money, and whoever keeps the books sees no reader. An account of the desk is none of
the office: they live in different databases.
"""

from typing import Any, Literal, get_args

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from stet.office.errors import PersonError

Role = Literal["viewer", "letters", "finance", "admin"]
ROLES: tuple[str, ...] = get_args(Role)
LETTERS_GROUP = "letters"
FINANCE_GROUP = "finance"
GROUPS = {"letters": LETTERS_GROUP, "finance": FINANCE_GROUP}


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
    if role in GROUPS:
        account.groups.add(Group.objects.get_or_create(name=GROUPS[role])[0])


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
    """Whether somebody sees anything of the office."""
    return bool(user.is_active and user.is_staff)


def may_see_readers(user: Any) -> bool:
    """Whether somebody sees letters and readers' counts: everybody but who keeps the books."""
    return may_see(user) and (user.is_superuser or FINANCE_GROUP not in groups_of(user))


def may_steer(user: Any) -> bool:
    """Whether somebody decides what becomes of letters and readers."""
    return may_see_readers(user) and (user.is_superuser or LETTERS_GROUP in groups_of(user))


def may_see_money(user: Any) -> bool:
    """Whether somebody sees contributions, and decides about them."""
    return may_see(user) and (user.is_superuser or FINANCE_GROUP in groups_of(user))


def groups_of(user: Any) -> frozenset[str]:
    """The names of somebody's groups, asked once for each request."""
    if not hasattr(user, "_stet_groups"):
        user._stet_groups = frozenset(user.groups.values_list("name", flat=True))
    found: frozenset[str] = user._stet_groups
    return found
