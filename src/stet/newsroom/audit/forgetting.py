"""Takes the name of somebody who left out of the log, which is otherwise only added to.

What an entry says besides, and when, stays. What stands in exports and backups can't be reached from here.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from stet.kit.errors import RefusedError
from stet.newsroom.audit.actions import FORGOTTEN
from stet.newsroom.audit.keeping import lifted


def forget(name: str, *, now: Any) -> int:
    """Put a number in place of a sign-in name in entries about that account; answer how many entries.

    Raises RefusedError where the account may still sign in, or where no entry names it.
    """
    accounts: Any = get_user_model()
    if accounts.objects.filter(username=name, is_active=True).exists():
        raise RefusedError(_("%(name)s may still sign in. Delete or close the account first.") % {"name": name})
    kind = ContentType.objects.get_for_model(accounts)
    entries = ModelLogEntry.objects.filter(content_type=kind, label=name)
    numbers = sorted(set(entries.values_list("object_id", flat=True)))
    if not numbers:
        raise RefusedError(_("The log has no entry about an account of that name."))
    with lifted():
        changed: int = sum(entries.filter(object_id=number).update(label=f"account {number}") for number in numbers)
        for number in numbers:
            ModelLogEntry.objects.create(
                content_type=kind, object_id=number, label=f"account {number}", action=FORGOTTEN, timestamp=now
            )
    return changed
