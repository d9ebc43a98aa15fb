"""The desk's menu “Sourcing”.

Another part adds its own line with the hook `register_sourcing_menu_item`:

@hooks.register(SOURCING_MENU)
def _menu() -> MenuItem:
return SourcingMenuItem(_("Report"), reverse("sourcing_report"), right="sourcing.change_claim", order=50)
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

SOURCING_MENU = "register_sourcing_menu_item"
RECORDS = (
    ("claim", _("Claims"), "openquote", 10),
    ("question", _("Questions"), "help", 20),
    ("source", _("Sources"), "group", 30),
    ("evidence", _("Evidence"), "doc-full-inverse", 40),
)


class SourcingMenuItem(MenuItem):
    """A line of the menu, for whoever has a right."""

    def __init__(self, label: Any, url: str, *, right: str, **kwargs: Any) -> None:
        super().__init__(label, url, **kwargs)
        self._right = right

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this editor has the right."""
        return bool(request.user.has_perm(self._right))


def records_menu_items() -> list[MenuItem]:
    """Claims, questions, sources and evidence."""
    return [
        SourcingMenuItem(
            label, reverse(f"wagtailsnippets_sourcing_{model}:list"), right=f"sourcing.change_{model}",
            name=f"sourcing-{model}", icon_name=icon, order=order,
        )
        for model, label, icon, order in RECORDS
    ]  # fmt: skip


def sourcing_menu() -> MenuItem:
    """The whole menu; shown to whoever sees a line of it."""
    menu = SourcingMenu(register_hook_name=SOURCING_MENU, construct_hook_name="construct_sourcing_menu")
    return SubmenuMenuItem(_("Sourcing"), menu, name="sourcing", icon_name="openquote", order=298)


class SourcingMenu(Menu):
    """The lines of records, and what others registered."""

    @property
    def registered_menu_items(self) -> list[MenuItem]:
        """Every line, whoever it is for."""
        return [*records_menu_items(), *(make() for make in hooks.get_hooks(self.register_hook_name))]
