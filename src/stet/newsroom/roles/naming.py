"""Says the roles' groups in the language of whoever looks; a group that was renamed is called by its new name."""

from typing import Any

from django.contrib.auth.models import Group
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import TitleColumn
from wagtail.users.views.groups import IndexView

from stet.newsroom.roles.table import NAMES


def said(group: Group) -> str:
    """What a group is called, to whoever looks."""
    return gettext(group.name) if group.name in NAMES else group.name


def say_groups() -> None:
    """Have Django and Wagtail say it, which show a group's name as it is stored."""
    groups: Any = Group
    groups.__str__ = said
    IndexView.columns = [
        TitleColumn("name", label=_("Name"), accessor=said, sort_key="name", url_name="wagtailusers_groups:edit")
    ]
