"""Who an account is and what it may do, as Django has it, in half as many questions: they come before every page."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission


class DeskBackend(ModelBackend):
    """Django's accounts and permissions."""

    def get_user(self, user_id: Any) -> Any:
        """The account, if it may sign in, with its settings at the desk."""
        user = get_user_model()._default_manager.select_related("wagtail_userprofile").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Its own permissions and those of its groups."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = _permissions(user_obj)
        return set(user_obj._perm_cache)


def _permissions(user: Any) -> frozenset[str]:
    everything = Permission.objects.order_by().values_list("content_type__app_label", "codename")
    if user.is_superuser:
        found = everything
    else:
        found = everything.filter(user=user).union(everything.filter(group__user=user))
    return frozenset(f"{room}.{codename}" for room, codename in found)
