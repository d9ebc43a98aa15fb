"""Puts the roles in place in every process of the desk: the policy of pages, names kept, rights on new pages."""

from typing import Any

from django.db.models.signals import post_save
from wagtail.models import AbstractPage, PageLogEntry
from wagtail.models.pages import PageLogEntryManager
from wagtail.permissions import register_permission_policy

from stet.newsroom.roles import seeing
from stet.newsroom.roles.laying import give_on_new_page
from stet.newsroom.roles.table import PLACES


def connect() -> None:
    """Once, when Django is ready."""
    register_permission_policy(AbstractPage, seeing.policy)
    seeing.keep_names()
    _look_for_no_page_of_an_entry()
    for model in PLACES.values():
        if model is not None:
            post_save.connect(_on_new_page, sender=model, dispatch_uid=f"roles on {model}")


def _on_new_page(sender: Any, instance: Any, created: bool, **_signal: object) -> None:  # noqa: ARG001, FBT001 - Django's signature
    if created:
        give_on_new_page(instance)


def _look_for_no_page_of_an_entry() -> None:
    """Have Wagtail's log not look for the page of each of its lines, for somebody who may look at all pages."""
    if getattr(PageLogEntryManager.viewable_by_user, "is_stets", False):
        return
    looked_for = PageLogEntryManager.viewable_by_user

    def viewable_by_user(entries: Any, user: Any) -> Any:
        """The lines that somebody may see."""
        return PageLogEntry.objects.all() if seeing.sees_all_pages(user) else looked_for(entries, user)

    viewable_by_user.is_stets = True  # type: ignore[attr-defined]
    PageLogEntryManager.viewable_by_user = viewable_by_user
