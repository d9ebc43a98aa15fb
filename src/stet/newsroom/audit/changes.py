"""Writes into the log what accounts and groups are given and lose, at the desk or on the server."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from wagtail.log_actions import log
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from stet.newsroom.audit.actions import GIVEN, TAKEN

ADMINISTRATOR, SIGN_IN = "administrator", "sign in"
_FLAGS = {"is_superuser": ADMINISTRATOR, "is_active": SIGN_IN}


def connect() -> None:
    """Listen to every table that says who may do what."""
    accounts: Any = get_user_model()
    for relation in (accounts.groups, Group.permissions, accounts.user_permissions):
        m2m_changed.connect(_on_members, sender=relation.through, dispatch_uid=f"log of {relation.through.__name__}")
    for model in (GroupPagePermission, GroupCollectionPermission):
        post_save.connect(_on_place_given, sender=model, dispatch_uid=f"log of given {model.__name__}")
        post_delete.connect(_on_place_taken, sender=model, dispatch_uid=f"log of taken {model.__name__}")
    pre_save.connect(_remember_flags, sender=accounts, dispatch_uid="log of flags before")
    post_save.connect(_on_flags, sender=accounts, dispatch_uid="log of flags")


def _tell(about: Any, action: str, rights: Iterable[str]) -> None:
    rights = sorted(rights)
    if rights:
        log(about, action, data={"rights": rights})


# --- Groups of an account, rights of a group ---


def _on_members(instance: Any, action: str, reverse: bool, model: Any, pk_set: Any, **_signal: Any) -> None:  # noqa: FBT001 - Django's signature
    word = {"post_add": GIVEN, "post_remove": TAKEN, "pre_clear": TAKEN}.get(action)
    if word is None:
        return
    sender = _signal["sender"]
    others = _others(instance, model, sender) if action == "pre_clear" else model.objects.filter(pk__in=pk_set)
    if reverse:
        for about in others:
            _tell(about, word, [_said(instance)])
    else:
        _tell(instance, word, [_said(other) for other in others])


def _others(instance: Any, model: Any, sender: Any) -> Any:
    """What an account or group has, right before all of it is taken away."""
    names = {field.related_model: field.name for field in sender._meta.fields if field.is_relation}
    return model.objects.filter(pk__in=sender.objects.filter(**{names[type(instance)]: instance}).values(names[model]))


def _said(right: Any) -> str:
    if isinstance(right, Group):
        return right.name
    return f"{right.content_type.app_label}.{right.codename}" if hasattr(right, "codename") else str(right)


# --- Rights on pages and collections ---


def _on_place_given(instance: Any, created: bool, raw: bool, **_signal: Any) -> None:  # noqa: FBT001 - Django's signature
    if created and not raw:
        _tell(instance.group, GIVEN, [_said_of(instance)])


def _on_place_taken(instance: Any, origin: Any = None, **_signal: Any) -> None:
    group = Group.objects.filter(pk=instance.group_id).first()
    if group is not None and origin is not group:
        _tell(group, TAKEN, [_said_of(instance)])


def _said_of(right: Any) -> str:
    place = f"page {right.page_id}" if isinstance(right, GroupPagePermission) else f"collection {right.collection_id}"
    return f"{right.permission.codename} ({place})"


# --- What stands in an account itself ---


def _remember_flags(instance: Any, **_signal: Any) -> None:
    before = type(instance).objects.filter(pk=instance.pk).values(*_FLAGS).first() if instance.pk else None
    instance.flags_before = before or {"is_superuser": False, "is_active": True}


def _on_flags(instance: Any, raw: bool = False, **_signal: Any) -> None:  # noqa: FBT001, FBT002 - Django's signature
    before = getattr(instance, "flags_before", None)
    if raw or before is None:
        return
    for action, value in ((GIVEN, True), (TAKEN, False)):
        changed = [word for flag, word in _FLAGS.items() if before[flag] != getattr(instance, flag) == value]
        _tell(instance, action, changed)
